"""Pages of activity rooms: a week from below, a booking that becomes an opening."""

import pytest
from django.urls import reverse

from organizations.forms import rooms
from organizations.models import (
    Building,
    Organization,
    Room,
    RoomBooking,
    RoomOpening,
)
from tests.organizations.room_steps import ago, booked, equipped, opened, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(community_a, community_secretary):
    return registered(
        community_a, community_secretary, capacity=10, keeper_phone="13800000001"
    )


@pytest.fixture
def page(client_for, community_secretary):
    return client_for(community_secretary)


def url(name, *args):
    return reverse(f"organizations:room{name}", args=args)


def test_a_room_is_registered_and_amended(page, community_a):
    asked = {
        "organization": community_a.pk,
        "name": "沿江活动室",
        "opened_on": ago(30).isoformat(),
        "hours": "周一至周五 8:30-17:00\n周末 不开",
        "in_post_service": "报到",
    }
    response = page.post(url("-create"), asked)
    assert response.status_code == 422
    text = response.content.decode()
    assert "第2行“周末 不开”看不懂" in text
    assert "请勾选设这个站" in text
    asked |= {"hours": "周一至周五 8:30-17:00", "in_post_housed": "on"}
    room = Room.objects.get(pk=page.post(url("-create"), asked).url.split("/")[-2])
    text = page.get(room.get_absolute_url()).content.decode()
    assert "周一至周五 08:30-17:00" in text
    assert "在职党员联络站" in text
    form = page.get(url("-edit", room.pk)).context["form"]
    assert form["in_post_service"].value() == "报到"
    asked |= {"version": 9, "name": "改名"}
    assert page.post(url("-edit", room.pk), asked).status_code == 409
    page.post(url("-edit", room.pk), asked | {"version": 1})
    assert [row.name for row in page.get(url("-list")).context["page"].rows] == ["改名"]


def test_a_room_keeps_a_building_beyond_those_offered(
    page, community_a, community_secretary, monkeypatch
):
    home = community_a.community
    for name in ("1幢", "2幢"):
        building = Building.objects.create(community=home, name=name)
    room = registered(community_a, community_secretary, building_id=building.pk)
    monkeypatch.setattr(rooms, "MOST_BUILDINGS", 1)
    form = page.get(url("-edit", room.pk)).context["form"]
    offered = [key for key, _ in form.fields["building"].choices]
    assert building.pk in offered
    asked = {name: form[name].value() or "" for name in form.fields}
    assert page.post(url("-edit", room.pk), asked).status_code == 302
    room.refresh_from_db()
    assert (room.building, room.version) == (building, 2)


def test_a_room_of_a_closed_organization_stays_closed(
    branch_b1, committee_staff, client_for
):
    room = registered(branch_b1, committee_staff)
    Room.objects.update(closed_on=ago(1))
    staff = client_for(committee_staff)
    assert "恢复使用" in staff.get(room.get_absolute_url()).content.decode()
    Organization.objects.filter(pk=branch_b1.pk).update(closed_on=ago(0))
    assert "恢复使用" not in staff.get(room.get_absolute_url()).content.decode()
    response = staff.post(url("-reopen", room.pk), follow=True)
    assert "已撤销，活动室不能恢复使用" in response.content.decode()
    room.refresh_from_db()
    assert room.closed_on == ago(1)


def test_a_branch_books_and_sees_no_more_than_hours_of_others(
    room, client_for, branch_secretary, community_secretary, branch_a2
):
    booked(room, branch_a2, community_secretary, ago(-1), 9, 11, "发展对象讨论")
    client = client_for(branch_secretary)
    text = client.get(url("-week", room.pk), {"day": ago(-1)}).content.decode()
    assert "09:00—11:00" in text
    assert "其他党组织" in text
    assert "发展对象讨论" not in text
    assert branch_a2.short_name not in text
    form = client.get(url("-book", room.pk), {"day": ago(-1)}).context["form"]
    asked = {
        "organization": form["organization"].value(),
        "held_on": ago(-1).isoformat(),
        "starts_at": "10:00",
        "ends_at": "12:00",
        "purpose": "党课",
        "people": "12",
    }
    response = client.post(url("-book", room.pk), asked)
    assert response.status_code == 422
    assert "09:00—11:00已被其他党组织预订" in response.content.decode()
    asked["starts_at"] = "11:00"
    text = client.post(url("-book", room.pk), asked, follow=True).content.decode()
    assert "不全在每周开放时间里" in text
    assert "超过可容纳的10人" in text
    assert RoomBooking.objects.count() == 2
    assert "13800000001" not in client.get(room.get_absolute_url()).content.decode()


def test_a_booking_becomes_an_opening_and_a_wrong_one_is_mended(
    room, page, community_secretary, branch_a1
):
    booking = booked(room, branch_a1, community_secretary, ago(0), 0, 1, "支部大会")
    RoomBooking.objects.update(held_on=ago(1))
    text = page.get(room.get_absolute_url()).content.decode()
    link = url("-booking-open", booking.pk)
    assert "等着登记" in text
    assert link in text
    form = page.get(link).context["form"]
    asked = {name: form[name].value() or "" for name in form.fields}
    assert asked["purpose"] == "支部大会"
    page.post(link, asked | {"in_post": "3", "is_checked": "on"})
    opening = RoomOpening.objects.get()
    assert (opening.booking, opening.in_post, opening.is_checked) == (booking, 3, True)
    answer = page.post(url("-opening-withdraw", opening.pk), {"reason": "少写两人"})
    form = page.get(answer.url).context["form"]
    assert (form["in_post"].value(), form["purpose"].value()) == (3, "支部大会")
    asked = {name: form[name].value() or "" for name in form.fields}
    page.post(answer.url, asked | {"in_post": "5"})
    again = RoomOpening.objects.standing().get()
    assert (again.booking, again.in_post) == (booking, 5)
    text = page.get(url("-openings", room.pk)).content.decode()
    assert "少写两人" in text


def test_equipment_is_listed_checked_and_broken(room, page, community_secretary):
    asset = equipped(room, community_secretary, 300)
    lists = url("-asset-list")
    assert asset.name in page.get(lists, {"group": "overdue"}).content.decode()
    asked = {"on_date": ago(0).isoformat(), "assets": [asset.pk]}
    page.post(url("-check", room.pk), asked)
    assert asset.name not in page.get(lists, {"group": "overdue"}).content.decode()
    asked = {"state": "broken", "number": 1, "on_date": ago(0).isoformat()}
    page.post(url("-asset-state", asset.pk), asked | {"version": 1})
    assert asset.name in page.get(lists, {"group": "broken"}).content.decode()
    opened(room, community_secretary, ago(0), 0, 1)
    text = page.get(room.get_absolute_url()).content.decode()
    assert "损坏" in text

"""Activity rooms: booked once, opened once, checked, closed, handed over."""

from datetime import time
from time import sleep
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib import registry
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from organizations.audit_text import details_text
from organizations.models import (
    AuditEvent,
    Organization,
    Room,
    RoomBooking,
    RoomOpening,
    User,
)
from organizations.services import room_use
from organizations.services.room_assets import (
    AssetFacts,
    amend_asset,
    change_state,
    check_assets,
)
from organizations.services.room_use import (
    UseFacts,
    book_room,
    cancel_booking,
    withdraw_opening,
)
from organizations.services.rooms import (
    RoomFacts,
    StationFacts,
    amend_room,
    close_room,
    reopen_room,
)
from organizations.services.structure import close_organization, merge_organizations
from tests.organizations.room_steps import ago, booked, equipped, opened, registered
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(community_a, community_secretary):
    return registered(community_a, community_secretary, keeper_phone="138 0000 0001")


def warned(key, user):
    found = registry.alert(f"organizations.room_{key}")
    return [row.label for row in found.rows(user, timezone.localdate())]


def test_a_room_is_seen_from_above_and_below(
    room, committee_staff, branch_secretary, secretary_b, other_street
):
    for user, seen in ((committee_staff, 1), (branch_secretary, 1), (secretary_b, 0)):
        assert Room.objects.visible_to(user).count() == seen
    assert room.keeper_phone == "13800000001"
    event = AuditEvent.objects.latest("pk")
    assert details_text(event) == "活动室事项：登记"


def test_who_keeps_a_room(community_a, community_b, branch_secretary, secretary_b):
    with pytest.raises(Organization.DoesNotExist):
        registered(community_a, branch_secretary)
    with pytest.raises(Organization.DoesNotExist):
        registered(community_b, secretary_b)


def test_a_room_is_amended_with_its_stations(room, community_secretary, community_a):
    facts = RoomFacts(
        name="新名称",
        opened_on=ago(300),
        stations=[StationFacts("mobile"), StationFacts("in_post", "党员报到")],
    )
    asked = {"room_id": room.pk, "facts": facts, "actor": community_secretary}
    amend_room(**asked, version=1)
    found = {each.kind: each.service for each in room.stations.all()}
    assert found == {"mobile": "", "in_post": "党员报到"}
    with pytest.raises(StaleError):
        amend_room(**asked, version=1)
    with pytest.raises(RuleError, match="已有一个“新名称”"):
        registered(community_a, community_secretary, name="新名称")


def test_a_booking_meets_another(room, community_secretary, branch_a1, branch_a2):
    staff = community_secretary
    first = booked(room, branch_a1, staff, ago(-3), 9, 11)
    booked(room, branch_a2, staff, ago(-3), 11, 12)
    with pytest.raises(RuleError, match="09:00—11:00已被沿江社区第一党支部预订"):
        booked(room, branch_a2, staff, ago(-3), 10, 12)
    cancel_booking(booking_id=first.pk, reason="改期", actor=staff)
    booked(room, branch_a2, staff, ago(-3), 10, 11)
    assert RoomBooking.objects.standing().count() == 2


def test_whose_booking_it_is_stays_with_those_who_may_know(
    room, community_secretary, branch_secretary, branch_a1, branch_a2
):
    theirs = booked(room, branch_a2, community_secretary, ago(-2))
    with pytest.raises(RuleError, match="已被其他党组织预订"):
        booked(room, branch_a1, branch_secretary, ago(-2))
    with pytest.raises(PermissionDenied):
        cancel_booking(booking_id=theirs.pk, reason="要用", actor=branch_secretary)
    with pytest.raises(Organization.DoesNotExist):
        booked(room, branch_a2, branch_secretary, ago(-4))


@pytest.mark.parametrize(
    ("day", "begin", "end", "words"),
    [(1, 9, 11, "已经过去"), (-400, 9, 11, "最多提前"), (-1, 11, 11, "晚于开始")],
)
def test_what_no_booking_may_be(
    room, branch_a1, branch_secretary, day, begin, end, words
):
    with pytest.raises(RuleError, match=words):
        booked(room, branch_a1, branch_secretary, ago(day), begin, end)
    assert not RoomBooking.objects.exists()


def test_a_booking_sent_twice_is_one(room, branch_a1, branch_secretary):
    key = uuid4()
    one, other = (
        booked(room, branch_a1, branch_secretary, ago(-1), request_id=key)
        for _ in range(2)
    )
    assert one == other


@needs_server
@pytest.mark.django_db(transaction=True)
def test_of_many_who_book_the_same_hour_one_does(
    room, branch_a1, branch_secretary, monkeypatch
):
    look = room_use._check_free

    def look_and_wait(*asked):
        look(*asked)
        # Without the lock all would look before the first has written.
        sleep(0.3)

    monkeypatch.setattr(room_use, "_check_free", look_and_wait)

    def work(number):
        return book_room(
            room_id=room.pk,
            organization_id=branch_a1.pk,
            facts=UseFacts(ago(-1), time(9, number), time(10, number), "党课"),
            actor=User.objects.get(pk=branch_secretary.pk),
        ).held_on

    results = race(work, 12)
    assert sorted(map(str, results)) == [str(ago(-1)), *["starts_at"] * 11]


def test_a_booking_becomes_an_opening_once(room, community_secretary, branch_a1):
    booking = booked(room, branch_a1, community_secretary, ago(0), 0, 1)
    key = uuid4()
    for _ in range(2):
        opening = opened(
            room,
            community_secretary,
            booking.held_on,
            *(0, 1),
            booking=booking,
            in_post=3,
            others=4,
            request_id=key,
        )
    assert (RoomOpening.objects.get(), opening.people) == (opening, 7)
    with pytest.raises(RuleError, match="已经登记过开放"):
        opened(room, community_secretary, ago(0), 0, 1, booking=booking)
    with pytest.raises(RuleError, match="先撤回开放记录"):
        cancel_booking(booking_id=booking.pk, reason="不用", actor=community_secretary)
    asked = {"opening_id": opening.pk, "actor": community_secretary}
    with pytest.raises(RuleError, match="原因"):
        withdraw_opening(**asked, reason=" ")
    withdraw_opening(**asked, reason="人数写错")
    opened(room, community_secretary, ago(0), 0, 1, booking=booking, in_post=5)
    assert RoomOpening.objects.standing().get().in_post == 5


def test_the_log_is_the_keepers_and_takes_no_hours_twice(
    room, community_secretary, branch_secretary
):
    with pytest.raises(PermissionDenied):
        opened(room, branch_secretary, ago(1))
    opened(room, community_secretary, ago(1))
    with pytest.raises(RuleError, match="已经登记过开放"):
        opened(room, community_secretary, ago(1))
    with pytest.raises(RuleError, match="还没有到"):
        opened(room, community_secretary, ago(-1))
    with pytest.raises(RuleError, match="人数应在"):
        opened(room, community_secretary, ago(2), mobile=-1)
    assert RoomOpening.objects.count() == 1


def test_a_room_not_opened_is_warned_of(
    room, community_secretary, branch_secretary, committee_staff
):
    for user in (community_secretary, committee_staff):
        assert warned("idle", user) == [room.name]
    assert warned("idle", branch_secretary) == []
    opening = opened(room, community_secretary, ago(7))
    assert warned("idle", community_secretary) == []
    withdraw_opening(opening_id=opening.pk, reason="误记", actor=community_secretary)
    opened(room, community_secretary, ago(8))
    assert warned("idle", community_secretary) == [room.name]


def test_a_booking_nobody_told_of_is_warned_of(room, community_secretary, branch_a1):
    booking = booked(room, branch_a1, community_secretary, ago(0), 0, 1)
    RoomBooking.objects.update(held_on=ago(3))
    assert warned("unsettled", community_secretary) == []
    RoomBooking.objects.update(held_on=ago(4))
    assert len(warned("unsettled", community_secretary)) == 1
    opened(room, community_secretary, ago(4), 0, 1, booking=booking)
    assert warned("unsettled", community_secretary) == []


def test_an_opening_may_check_the_equipment(room, community_secretary):
    asset = equipped(room, community_secretary, 200)
    equipped(
        room,
        community_secretary,
        200,
        name="《党建》",
        kind="periodical",
        subscribed_year=2026,
    )
    assert warned("check_overdue", community_secretary) == [asset.name]
    opening = opened(room, community_secretary, ago(10), is_checked=True)
    assert warned("check_overdue", community_secretary) == []
    withdraw_opening(opening_id=opening.pk, reason="误记", actor=community_secretary)
    assert warned("check_overdue", community_secretary) == [asset.name]
    check_assets(
        room_id=room.pk,
        asset_ids=[asset.pk],
        on_date=ago(2),
        actor=community_secretary,
    )
    assert warned("check_overdue", community_secretary) == []


def test_some_pieces_break(room, community_secretary):
    asset = equipped(room, community_secretary, 200, name="座椅", quantity=10)
    asked = {"asset_id": asset.pk, "actor": community_secretary}
    for number, day, words in ((11, 40, "1到10"), (0, 40, "1到10"), (1, 201, "日期")):
        with pytest.raises(RuleError, match=words):
            change_state(**asked, state="broken", number=number, on_date=ago(day))
    broken = change_state(
        **asked, state="broken", number=2, on_date=ago(40), words="椅腿", version=1
    )
    asset.refresh_from_db()
    assert (asset.quantity, asset.state) == (8, "good")
    assert (broken.quantity, broken.state_words) == (2, "椅腿")
    assert warned("asset_broken", community_secretary) == ["座椅"]
    with pytest.raises(StaleError):
        change_state(**asked, state="lost", number=1, on_date=ago(1), version=1)
    change_state(
        asset_id=broken.pk,
        state="returned",
        number=2,
        on_date=ago(1),
        actor=community_secretary,
    )
    assert warned("asset_broken", community_secretary) == []


def test_what_no_line_may_be(room, community_secretary):
    asset = equipped(room, community_secretary)
    for facts, words in (
        (AssetFacts("periodical", "《求是》", ago(1)), "订阅年份"),
        (AssetFacts("equipment", "电视", ago(1), subscribed_year=2026), "只有党建刊物"),
        (AssetFacts("equipment", "电视", ago(-1)), "今天之间"),
        (AssetFacts("equipment", " ", ago(1)), "名称"),
    ):
        with pytest.raises(RuleError, match=words):
            amend_asset(asset_id=asset.pk, facts=facts, actor=community_secretary)


def test_an_organization_with_a_room_is_not_closed(branch_a1, committee_staff):
    registered(branch_a1, committee_staff)
    with pytest.raises(RuleError, match="1 个党员活动室在用"):
        close_organization(
            organization_id=branch_a1.pk,
            on_date=ago(0),
            reason="撤并",
            actor=committee_staff,
        )


def test_a_closed_room_stands_and_may_come_back(room, community_secretary, branch_a1):
    ends = {"room_id": room.pk, "reason": "装修", "actor": community_secretary}
    booking = booked(room, branch_a1, community_secretary, ago(-5))
    with pytest.raises(RuleError, match="还有 1 个预订"):
        close_room(**ends, on_date=ago(0))
    cancel_booking(booking_id=booking.pk, reason="装修", actor=community_secretary)
    close_room(**ends, on_date=ago(0), version=1)
    assert warned("idle", community_secretary) == []
    with pytest.raises(RuleError, match="停用"):
        booked(room, branch_a1, community_secretary, ago(-5))
    reopen_room(room_id=room.pk, actor=community_secretary)
    booked(room, branch_a1, community_secretary, ago(-5))


def test_a_merger_takes_the_rooms_along(
    room, branch_a1, branch_a2, community_secretary, committee_staff
):
    own = registered(branch_a1, committee_staff, name="支部活动室")
    booking = booked(room, branch_a1, community_secretary, ago(-5))
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=ago(0),
        actor=committee_staff,
    )
    own.refresh_from_db()
    booking.refresh_from_db()
    assert (own.organization, booking.organization) == (branch_a2, branch_a2)

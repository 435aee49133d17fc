"""The calendar, its clashes, and the feed that phones subscribe."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.clashes import met_by, slot_of
from activities.forms.arranging import ArrangeForm
from activities.models import CalendarFeed
from activities.rules.clashes import Slot, clashes, reasons, same_text
from activities.services.feeds import end_feed, issue_feed
from config.lib.dates import SHANGHAI
from config.lib.periods import Month
from organizations.models import AuditEvent
from tests.factories.activities import ActivityFactory
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.organizations.room_steps import booked, registered

DAY = date(2027, 3, 8)


def at(hour: int, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def slot(pk=1, organization=1, hour=9, hours=2, place="", leader="") -> Slot:
    begin = at(hour)
    return Slot(pk, organization, begin, begin + timedelta(hours=hours), place, leader)


def plan(branch, hour=9, day=DAY, **changes):
    values = {
        "kind": "theme_day",
        "state": "planned",
        "held_on": day,
        "starts_at": at(hour, day),
        "hours": Decimal(2),
        "place": "社区活动室",
    } | changes
    return ActivityFactory(organization=branch, **values)


# Clashes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (slot(2, 2, 10, place="活动 室（一楼）"), ("同一地点",)),
        (slot(2, 2, 11, place="活动室一楼"), ()),
        (slot(2, 1, 8), ("同一支部的党员",)),
        (slot(2, 2, 9, leader="林 老师"), ("同一主持（主讲）人",)),
        (slot(2, 2, 9), ()),
    ],
)
def test_the_same_room_people_or_leader_at_once(other, why):
    mine = slot(place="活动室一楼", leader="林老师")
    assert reasons(mine, other) == why
    assert reasons(other, mine) == why


def test_places_are_compared_without_spaces_marks_and_width():
    assert same_text("\uff11\uff10\uff11 室") == same_text("101室")


SEATS = st.tuples(
    st.integers(1, 3),
    st.integers(0, 23),
    st.integers(1, 20),
    st.sampled_from(["", "甲", "乙"]),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SEATS, max_size=6))
def test_every_pair_that_clashes_is_found_once(seats):
    slots = [slot(pk, *seat) for pk, seat in enumerate(seats, start=1)]
    found = [frozenset({c.one.pk, c.other.pk}) for c in clashes(slots)]
    wanted = {
        frozenset({one.pk, other.pk})
        for one in slots
        for other in slots
        if one.pk != other.pk and reasons(one, other)
    }
    assert len(found) == len(set(found))
    assert set(found) == wanted


def met(activity, user):
    names = ("pk", "organization_id", "starts_at", "hours", "place", "leader")
    mine = slot_of({name: getattr(activity, name) for name in names})
    return met_by(mine, activity.organization, user)


def test_of_a_room_taken_by_another_branch_only_the_hours_are_told(
    branch_a1, branch_a2, branch_secretary, community_secretary
):
    mine = plan(branch_a1)
    theirs = plan(branch_a2, hour=10, title="不能说的主题", leader="某人")
    [seen] = met(mine, branch_secretary)
    assert (seen.reason, seen.title, seen.url) == ("同一地点", "其他党组织的活动", "")
    assert seen.when == "3月8日 10:00—12:00"
    [seen] = met(mine, community_secretary)
    assert (seen.title, seen.url) == (theirs.title, theirs.get_absolute_url())


def test_a_room_booked_by_another_branch_is_told_of(
    branch_a1, branch_a2, community_a, branch_secretary, community_secretary
):
    room = registered(community_a, community_secretary, name="沿江活动室")
    day = timezone.localdate() + timedelta(days=5)
    mine = plan(branch_a1, day=day, place="沿江 活动室")
    begin = timezone.localtime(mine.starts_at).hour
    for branch, hour in ((branch_a1, begin + 1), (branch_a2, begin)):
        booked(room, branch, community_secretary, day, hour, hour + 1)
    [seen] = met(mine, branch_secretary)
    assert (seen.reason, seen.title) == ("活动室已被预订", "沿江活动室")
    form = ArrangeForm(user=branch_secretary)
    assert '<option value="沿江活动室">' in str(form["place"])


def test_another_community_is_not_asked(branch_a1, branch_b1, branch_secretary):
    plan(branch_b1)
    assert met(plan(branch_a1), branch_secretary) == []


def test_members_of_two_branches_cannot_be_at_both(
    branch_a1, branch_a2, community_secretary
):
    member = MemberFactory(branch=branch_a1)
    AffiliationFactory(member=member, organization=branch_a2, kind="co_managed")
    plan(branch_a2, place="别处")
    [seen] = met(plan(branch_a1), community_secretary)
    assert seen.reason == "1名党员两边都要参加"


def test_a_clash_is_shown_before_saving_and_may_be_accepted(
    client_for, branch_secretary, branch_a1
):
    day = timezone.localdate() + timedelta(days=5)
    plan(branch_a1, day=day)
    client = client_for(branch_secretary)
    data = {
        "branch": branch_a1.pk,
        "kind": "lecture",
        "starts_at": f"{day}T10:00",
        "hours": "2",
        "place": "社区活动室",
    }

    answer = client.post(reverse("activities:arrange"), data)
    assert answer.status_code == 422
    assert "还没有保存" in answer.content.decode()
    assert branch_a1.activities.count() == 1

    client.post(reverse("activities:arrange"), data | {"accepts": "on"})
    assert branch_a1.activities.count() == 2


# The calendar ---------------------------------------------------------------------


def page_of(client, **query):
    return client.get(reverse("activities:calendar"), {"month": "2027-03"} | query)


@pytest.mark.parametrize("view", ["", "list"])
def test_the_calendar_shows_what_is_planned_and_held_in_scope(
    client_for, branch_secretary, branch_a1, branch_b1, view
):
    plan(branch_a1, title="要开的会")
    plan(branch_a1, title="取消的会", state="cancelled")
    plan(branch_b1, title="别人的会")
    text = page_of(client_for(branch_secretary), view=view).content.decode()
    assert "要开的会" in text
    assert "取消的会" not in text
    assert "别人的会" not in text


def test_of_a_full_day_three_are_shown_and_the_rest_counted(
    client_for, branch_secretary, branch_a1
):
    for hour in range(8, 13):
        plan(branch_a1, hour, title=f"会{hour}", state="held")
    text = page_of(client_for(branch_secretary)).content.decode()
    assert "会10" in text
    assert "会11" not in text
    assert "另有 2 项" in text


def test_the_calendar_names_clashes(
    client_for, community_secretary, branch_a1, branch_a2
):
    plan(branch_a1)
    plan(branch_a2, hour=10)
    text = page_of(client_for(community_secretary)).content.decode()
    assert "有 1 处冲突" in text
    assert "同一地点" in text


def test_weeks_are_whole_in_a_leap_february(client_for, branch_secretary):
    page = page_of(client_for(branch_secretary), month="2028-02")
    days = [day for week in page.context["weeks"] for day in week]
    assert {len(week) for week in page.context["weeks"]} == {7}
    assert [day.on for day in days if day.is_inside][-1] == date(2028, 2, 29)
    assert days[0].on.weekday() == 0


def test_kind_and_month_narrow_it(client_for, branch_secretary, branch_a1):
    plan(branch_a1, title="主题日")
    client = client_for(branch_secretary)
    assert "主题日" not in page_of(client, kind="lecture").content.decode()
    assert "主题日" not in page_of(client, month="2027-04").content.decode()
    assert page_of(client).context["month"] == Month(2027, 3)


# The feed -------------------------------------------------------------------------


def feed(token: str):
    return Client().get(reverse("activities:feed-ics", args=[token]))


def lines_of(answer) -> list[str]:
    return answer.content.replace(b"\r\n ", b"").decode().split("\r\n")


@pytest.fixture
def soon(branch_a1):
    day = timezone.localdate() + timedelta(days=2)
    return plan(
        branch_a1, day=day, title="看望张三", leader="李四", place="二楼,会议室"
    )


def test_the_feed_tells_when_and_where_and_names_nobody(soon, branch_secretary):
    answer = feed(issue_feed(actor=branch_secretary))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = lines_of(answer)
    assert "SUMMARY:主题党日 · 沿江社区第一党支部（计划）" in lines
    assert "LOCATION:二楼\\,会议室" in lines
    assert "张三" not in answer.content.decode()
    assert "李四" not in answer.content.decode()


def test_of_a_visit_not_even_the_place_is_told(soon, branch_secretary):
    type(soon).objects.update(kind="visit", place="张三家")
    assert "张三" not in feed(issue_feed(actor=branch_secretary)).content.decode()


def test_the_feed_follows_the_posts_of_the_moment(soon, branch_secretary):
    token = issue_feed(actor=branch_secretary)
    yesterday = timezone.localdate() - timedelta(days=1)
    branch_secretary.posts.update(
        starts_on=yesterday - timedelta(days=9), ends_on=yesterday
    )
    assert "BEGIN:VEVENT" not in lines_of(feed(token))


def test_other_branches_are_not_in_it(soon, secretary_b):
    assert "BEGIN:VEVENT" not in lines_of(feed(issue_feed(actor=secretary_b)))


def test_unknown_renewed_ended_and_disabled_addresses_are_404(soon, branch_secretary):
    first = issue_feed(actor=branch_secretary)
    second = issue_feed(actor=branch_secretary)
    assert feed("x" * 43).status_code == 404
    assert feed(first).status_code == 404
    assert feed(second).status_code == 200
    end_feed(actor=branch_secretary)
    assert feed(second).status_code == 404
    third = issue_feed(actor=branch_secretary)
    branch_secretary.is_active = False
    branch_secretary.save()
    assert feed(third).status_code == 404


def test_only_a_digest_is_kept_and_every_change_is_told(branch_secretary):
    token = issue_feed(actor=branch_secretary)
    issue_feed(actor=branch_secretary)
    end_feed(actor=branch_secretary)
    end_feed(actor=branch_secretary)
    assert token not in str(CalendarFeed.objects.values().get())
    changes = AuditEvent.objects.filter(action="feed_changed").order_by("pk")
    assert [event.details["feed"] for event in changes] == [
        "issued",
        "renewed",
        "ended",
    ]


def test_the_address_is_shown_once(client_for, branch_secretary):
    client = client_for(branch_secretary)
    url = reverse("activities:feed")
    made = client.post(url, {"do": "issue"})
    assert ".ics" in made.content.decode()
    assert made["Cache-Control"] == "no-store"
    assert ".ics" not in client.get(url).content.decode()
    client.post(url, {"do": "end"})
    assert "还没有订阅地址" in client.get(url).content.decode()

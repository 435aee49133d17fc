"""Activities to come: arranged, moved, recorded, cancelled; counted once held."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from activities.choices import Presence
from activities.models import Activity
from activities.services.activities import (
    ActivityFacts,
    Attendance,
    cancel_activity,
    correct_hours,
    update_activity,
)
from activities.services.arranging import (
    Arrangement,
    arrange_activity,
    move_activity,
)
from config.lib import registry
from config.lib.dates import SHANGHAI
from config.lib.errors import RuleError
from config.lib.periods import Month
from config.lib.versions import StaleError
from organizations.models import AuditEvent, Organization
from tests.factories.activities import ActivityFactory
from tests.factories.members import MemberFactory
from tests.races import race


def arrangement(day: date | None = None, **changes) -> Arrangement:
    day = day or timezone.localdate() + timedelta(days=3)
    values = {
        "kind": "theme_day",
        "title": "主题党日",
        "starts_at": datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI),
        "hours": Decimal(3),
        "place": "社区活动室",
    } | changes
    return Arrangement(**values)


@pytest.fixture
def arrange(branch_a1, branch_secretary):
    """Return a function that arranges an activity of branch_a1 by its secretary."""

    def call(day=None, **changes) -> Activity:
        extra = {
            name: changes.pop(name)
            for name in ("request_id", "actor", "organization_id")
            if name in changes
        }
        values = {
            "organization_id": branch_a1.pk,
            "actor": branch_secretary,
            "today": timezone.localdate(),
            "facts": arrangement(day, **changes),
        } | extra
        return arrange_activity(**values)

    return call


def hold(activity, members, actor, starts_at=None) -> Activity:
    facts = ActivityFacts(
        kind=activity.kind,
        title=activity.title,
        starts_at=starts_at or timezone.now(),
        hours=activity.hours,
        place=activity.place,
    )
    return update_activity(
        activity_id=activity.pk,
        version=activity.version,
        facts=facts,
        attendance={m.pk: Attendance(Presence.PRESENT) for m in members},
        actor=actor,
        today=timezone.localdate(),
    )


# Services -------------------------------------------------------------------------


def test_arranging_writes_a_planned_activity_and_says_so(arrange, branch_secretary):
    activity = arrange()

    assert activity.state == "planned"
    assert activity.held_on == timezone.localdate() + timedelta(days=3)
    [event] = AuditEvent.objects.filter(action="activity_planned")
    assert event.actor == branch_secretary


def test_a_day_that_has_passed_cannot_be_arranged(arrange):
    with pytest.raises(RuleError, match="已经过去"):
        arrange(timezone.localdate() - timedelta(days=1))


def test_a_day_more_than_a_year_ahead_is_a_slip(arrange):
    with pytest.raises(RuleError, match="核对年份"):
        arrange(timezone.localdate() + timedelta(days=500))


def test_another_branch_cannot_be_arranged_for(arrange, branch_b1):
    with pytest.raises(Organization.DoesNotExist):
        arrange(organization_id=branch_b1.pk)


def test_who_only_looks_arranges_nothing(arrange, hardship_officer):
    with pytest.raises(PermissionDenied):
        arrange(actor=hardship_officer)


def test_the_same_form_twice_arranges_once(arrange):
    request_id = uuid4()

    assert arrange(request_id=request_id) == arrange(request_id=request_id)
    assert Activity.objects.count() == 1


def test_moving_keeps_the_row_and_counts_its_version_up(arrange, branch_secretary):
    activity = arrange()
    day = timezone.localdate() + timedelta(days=9)

    moved = move_activity(
        activity_id=activity.pk,
        version=1,
        facts=arrangement(day, place="党群服务中心"),
        actor=branch_secretary,
        today=timezone.localdate(),
    )

    assert (moved.pk, moved.version, moved.held_on) == (activity.pk, 2, day)
    assert moved.place == "党群服务中心"


def test_who_comes_second_moves_nothing(arrange, branch_secretary):
    activity = arrange()
    values = {
        "activity_id": activity.pk,
        "version": 1,
        "facts": arrangement(),
        "actor": branch_secretary,
        "today": timezone.localdate(),
    }
    move_activity(**values)

    with pytest.raises(StaleError):
        move_activity(**values)


def test_what_was_held_is_not_moved(branch_a1, branch_secretary):
    activity = ActivityFactory(organization=branch_a1)

    with pytest.raises(RuleError, match="不能再改安排"):
        move_activity(
            activity_id=activity.pk,
            version=1,
            facts=arrangement(),
            actor=branch_secretary,
            today=timezone.localdate(),
        )


def test_recording_turns_the_same_row_into_a_held_one(
    arrange, branch_a1, branch_secretary, committee_staff
):
    member = MemberFactory(branch=branch_a1)
    activity = arrange(timezone.localdate(), leader="林老师")

    held = hold(activity, [member], committee_staff)

    assert (held.pk, held.state, held.leader) == (activity.pk, "held", "林老师")
    assert held.recorded_by == committee_staff
    assert held.participations.get().member == member
    assert AuditEvent.objects.filter(action="activity_recorded").count() == 1
    assert not AuditEvent.objects.filter(action="activity_updated").exists()


def test_before_its_day_it_cannot_be_recorded(arrange, branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1)
    activity = arrange()

    with pytest.raises(RuleError, match="还没有到"):
        hold(activity, [member], branch_secretary, starts_at=activity.starts_at)
    activity.refresh_from_db()
    assert activity.state == "planned"


def test_nobody_has_hours_of_what_is_yet_to_come(arrange, branch_secretary):
    with pytest.raises(RuleError, match="还没有开展"):
        correct_hours(
            activity_id=arrange().pk, version=1, parts={}, actor=branch_secretary
        )


def test_it_may_be_cancelled_with_a_reason(arrange, branch_secretary):
    activity = cancel_activity(
        activity_id=arrange().pk, reason="停电", actor=branch_secretary
    )

    assert (activity.state, activity.cancel_reason) == ("cancelled", "停电")


def test_what_is_planned_counts_nowhere_until_it_is_held(
    arrange, branch_a1, branch_secretary
):
    member = MemberFactory(branch=branch_a1)
    month = Month.containing(timezone.localdate())
    here = Organization.objects.filter(pk=branch_a1.pk)

    def counted() -> dict[str, int]:
        groups = [g for g in registry.groups() if g.key.startswith("activities.")]
        found: dict[str, int] = {}
        for group in groups:
            found |= group.compute(here, month).get(branch_a1.pk, {})
        return {key: number for key, number in found.items() if number}

    before = counted()
    activity = arrange(timezone.localdate())
    assert counted() == before
    hold(activity, [member], branch_secretary)
    assert counted()["activities.held"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_arrange_one_activity(branch_a1, branch_secretary):
    request_id = uuid4()

    def click(number: int) -> int:
        return arrange_activity(
            organization_id=branch_a1.pk,
            facts=arrangement(),
            actor=branch_secretary,
            today=timezone.localdate(),
            request_id=request_id,
        ).pk

    found = race(click, count=2)
    assert found == [Activity.objects.get().pk] * 2


# Pages ----------------------------------------------------------------------------


def form_data(branch, **changes) -> dict:
    day = timezone.localdate() + timedelta(days=3)
    return {
        "branch": branch.pk,
        "kind": "theme_day",
        "title": "学习党章",
        "starts_at": f"{day}T09:00",
        "hours": "2",
        "place": "社区活动室",
        "request_id": uuid4(),
    } | changes


def test_the_page_arranges_and_leads_to_the_activity(
    client_for, branch_secretary, branch_a1
):
    client = client_for(branch_secretary)

    answer = client.post(
        reverse("activities:arrange"), form_data(branch_a1), follow=True
    )

    page = answer.content.decode()
    assert "还没有开展，不计入任何数字" in page
    assert "改期" in page
    assert Activity.objects.get().title == "学习党章"


def test_what_was_typed_stays_on_a_refused_form(
    client_for, branch_secretary, branch_a1
):
    data = form_data(branch_a1, starts_at="2020-01-01T09:00", title="去年的事")

    answer = client_for(branch_secretary).post(reverse("activities:arrange"), data)

    assert answer.status_code == 422
    assert "已经过去" in answer.content.decode()
    assert "去年的事" in answer.content.decode()
    assert not Activity.objects.exists()


def test_the_boards_link_fills_in_kind_subject_and_month(
    client_for, branch_secretary, branch_a1
):
    month = Month.containing(timezone.localdate()).next()
    query = {
        "branch": branch_a1.pk,
        "kind": "lecture",
        "title": "反诈宣传",
        "month": month.label,
    }

    page = client_for(branch_secretary).get(reverse("activities:arrange"), query)

    form = page.context["form"]
    assert form["kind"].value() == "lecture"
    assert form["title"].value() == "反诈宣传"
    assert form["starts_at"].value().date() == month.start


def test_recording_a_planned_activity_opens_the_form_filled_in(
    arrange, client_for, branch_secretary, branch_a1
):
    member = MemberFactory(branch=branch_a1)
    activity = arrange(timezone.localdate(), title="党章学习会")
    client = client_for(branch_secretary)
    url = reverse("activities:edit", args=[activity.pk])

    page = client.get(url)
    assert "记录活动" in page.content.decode()
    assert page.context["form"]["title"].value() == "党章学习会"

    answer = client.post(
        url,
        {
            "branch": branch_a1.pk,
            "kind": "theme_day",
            "title": "党章学习会",
            "starts_at": f"{timezone.localdate()}T00:00",
            "hours": "3",
            "place": "社区活动室",
            "present": [member.pk],
            "version": 1,
        },
    )
    assert answer.status_code == 302
    activity.refresh_from_db()
    assert activity.state == "held"


def test_somebody_quicker_is_shown_beside_what_was_typed(
    arrange, client_for, branch_secretary, branch_a1
):
    activity = arrange()
    data = form_data(branch_a1, version=7, title="另一个主题")

    answer = client_for(branch_secretary).post(
        reverse("activities:move", args=[activity.pk]), data
    )

    assert answer.status_code == 409
    assert "另一个主题" in answer.content.decode()


def test_a_held_activity_is_led_back_from_moving(
    client_for, branch_secretary, branch_a1
):
    activity = ActivityFactory(organization=branch_a1)

    answer = client_for(branch_secretary).get(
        reverse("activities:move", args=[activity.pk]), follow=True
    )

    assert "不能再改安排" in answer.content.decode()


def test_cancelling_one_to_come_says_what_that_means(
    arrange, client_for, branch_secretary
):
    page = client_for(branch_secretary).get(
        reverse("activities:cancel", args=[arrange().pk])
    )

    assert "日历上不再显示" in page.content.decode()

"""Own hours of one who took part: corrected, kept, counted."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from activities.choices import Presence
from activities.models import Activity, Participation
from activities.services.activities import (
    Attendance,
    OwnPart,
    cancel_activity,
    correct_hours,
    update_activity,
)
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import Member
from organizations.models import AuditEvent
from tests.factories.members import MemberFactory


@pytest.fixture
def activity(record, mobile, in_post):
    """Three hours with two people."""
    return record(present=[mobile, in_post])


@pytest.fixture
def correct(branch_secretary):
    """Return a function that sets own parts: correct(activity, member=hours)."""

    def call(activity, parts, **changes):
        values = {
            "activity_id": activity.pk,
            "version": activity.version,
            "parts": {member.pk: part for member, part in parts.items()},
            "actor": branch_secretary,
        }
        changed = correct_hours(**(values | changes))
        activity.refresh_from_db()
        return changed

    return call


def hours_of(activity) -> dict[str, Decimal]:
    return dict(activity.participations.values_list("member__name", "hours"))


HALF = OwnPart(Decimal("1.5"), "提前离开")


def test_one_persons_hours_are_corrected(activity, correct, mobile):
    assert correct(activity, {mobile: HALF}) == 1
    assert hours_of(activity) == {"流水平": Decimal("1.5"), "岗在勤": Decimal(3)}
    assert activity.version == 2


def test_no_hours_mean_the_activitys_own(activity, correct, mobile):
    correct(activity, {mobile: HALF})
    correct(activity, {mobile: OwnPart()})
    assert hours_of(activity)["流水平"] == Decimal(3)


def test_the_correction_is_audited_without_a_name(activity, correct, mobile):
    correct(activity, {mobile: HALF})
    event = AuditEvent.objects.filter(action="activity_updated").latest("pk")
    assert event.details["hours"] == {str(mobile.pk): ["3.0", "1.5"]}
    assert mobile.name not in str(event.details)
    assert activity.history.first().history_change_reason == "更正 1 人的时长或说明"


def test_figures_hear_of_it(activity, correct, mobile, marked, branch_a1):
    marked.clear()
    correct(activity, {mobile: HALF})
    assert marked == [({branch_a1.pk}, activity.held_on)]


def test_nothing_new_writes_nothing(activity, correct, mobile, marked):
    marked.clear()
    assert correct(activity, {mobile: OwnPart(Decimal(3))}) == 0
    assert (activity.version, marked) == (1, [])


def test_an_old_list_is_refused(activity, correct, mobile):
    with pytest.raises(StaleError):
        correct(activity, {mobile: HALF}, version=0)
    assert hours_of(activity)["流水平"] == Decimal(3)


def test_hours_above_the_activitys_are_refused(activity, correct, mobile):
    with pytest.raises(RuleError, match="不能超过"):
        correct(activity, {mobile: OwnPart(Decimal("3.5"))})


def test_one_who_was_not_present_has_no_hours(record, correct, mobile, in_post):
    activity = record(present=[mobile], leave=[in_post])
    with pytest.raises(Member.DoesNotExist):
        correct(activity, {in_post: HALF})


def test_a_guest_out_of_scope_does_not_exist(
    record, correct, mobile, branch_b1, committee_staff
):
    guest = MemberFactory(branch=branch_b1)
    activity = record(present=[mobile, guest], actor=committee_staff)
    with pytest.raises(Member.DoesNotExist):
        correct(activity, {guest: HALF})


def test_an_activity_out_of_scope_does_not_exist(
    activity, correct, mobile, secretary_b
):
    with pytest.raises(Activity.DoesNotExist):
        correct(activity, {mobile: HALF}, actor=secretary_b)


def test_whoever_only_looks_changes_no_hours(activity, correct, mobile, auditor):
    with pytest.raises((PermissionDenied, Activity.DoesNotExist)):
        correct(activity, {mobile: HALF}, actor=auditor)


def test_a_cancelled_activity_keeps_its_hours(
    activity, correct, mobile, branch_secretary
):
    cancel_activity(activity_id=activity.pk, reason="重复", actor=branch_secretary)
    with pytest.raises(RuleError, match="已经取消"):
        correct(activity, {mobile: HALF}, version=2)


@pytest.mark.parametrize(
    ("new_hours", "own", "others"),
    [("3", "1.5", "3"), ("4", "1.5", "4"), ("1", "1", "1")],
)
def test_mending_the_activity_keeps_own_hours(
    activity, correct, facts, mobile, in_post, branch_secretary, new_hours, own, others
):
    correct(activity, {mobile: HALF})

    update_activity(
        activity_id=activity.pk,
        version=2,
        facts=facts(hours=Decimal(new_hours)),
        attendance={m.pk: Attendance(Presence.PRESENT) for m in (mobile, in_post)},
        actor=branch_secretary,
        today=timezone.localdate(),
    )

    assert hours_of(activity) == {"流水平": Decimal(own), "岗在勤": Decimal(others)}
    assert activity.participations.get(member=mobile).note == "提前离开"


def test_totals_follow(activity, correct, mobile, in_post):
    correct(activity, {mobile: HALF})
    counted = Participation.objects.counted()
    assert counted.aggregate(total=Sum("hours"))["total"] == Decimal("4.5")


# The page ---------------------------------------------------------------------------


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


@pytest.fixture
def url(activity):
    return reverse("activities:hours", args=[activity.pk])


def typed(activity, mobile, in_post, **changes):
    return {
        "version": activity.version,
        f"hours-{mobile.pk}": "1.5",
        f"note-{mobile.pk}": "提前离开",
        f"hours-{in_post.pk}": "",
    } | changes


def test_the_page_offers_the_activitys_hours(secretary, url, mobile):
    form = secretary.get(url).context["form"]
    assert form[f"hours-{mobile.pk}"].value() == "3"


def test_the_page_saves_and_the_activity_shows_it(
    secretary, url, activity, mobile, in_post
):
    answer = secretary.post(url, typed(activity, mobile, in_post))
    assert answer.url == activity.get_absolute_url()
    page = secretary.get(answer.url).content.decode()
    assert "1.5 小时" in page
    assert "更正 1 人的时长" in page
    assert hours_of(activity) == {"流水平": Decimal("1.5"), "岗在勤": Decimal(3)}


def test_too_many_hours_come_back_beside_the_name(
    secretary, url, activity, mobile, in_post
):
    data = typed(activity, mobile, in_post, **{f"hours-{mobile.pk}": "9"})
    page = secretary.post(url, data)
    assert page.status_code == 422
    assert "不能超过活动时长 3 小时" in page.content.decode()


def test_an_old_page_answers_409_with_both(secretary, url, activity, mobile, in_post):
    data = typed(activity, mobile, in_post)
    secretary.post(url, data | {f"hours-{mobile.pk}": "2", f"note-{mobile.pk}": ""})

    page = secretary.post(url, data)

    assert page.status_code == 409
    assert page.context["conflicts"] == [["流水平", "1.5 小时（提前离开）", "2 小时"]]
    assert hours_of(activity)["流水平"] == Decimal(2)
    assert secretary.post(url, data | {"version": 2}).status_code == 302


def test_the_participation_list_adds_up_the_corrected_hours(
    secretary, url, activity, mobile, in_post
):
    secretary.post(url, typed(activity, mobile, in_post))
    page = secretary.get(reverse("activities:participations"), {"people": "on"})
    hours = {row.member.name: row.hours for row in page.context["rows"]}
    assert hours["流水平"] == Decimal("1.5")

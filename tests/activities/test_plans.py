"""Plans of the street and of communities, and what they make branches owe."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from activities.duties import planned_touching
from activities.duty_board import plan_progress
from activities.models import Plan
from activities.services.plans import (
    LineFacts,
    PlanFacts,
    amend_plan,
    make_plan,
    withdraw_plan,
)
from config.lib import registry
from config.lib.errors import RuleError
from config.lib.periods import Month
from config.lib.versions import StaleError
from organizations.models import AuditEvent, Organization
from tests.factories.activities import ActivityFactory
from tests.factories.members import MemberFactory

MARCH = (date(2028, 3, 1), date(2028, 3, 31))


def line(**changes) -> LineFacts:
    values = {"kind": "study", "starts_on": MARCH[0], "due_on": MARCH[1]} | changes
    return LineFacts(**values)


def facts(*lines, **changes) -> PlanFacts:
    values = {"title": "年度计划", "year": 2028, "lines": lines or (line(),)} | changes
    return PlanFacts(**values)


@pytest.fixture
def make(street, committee_staff):
    """Return a function that makes a plan of the street by its staff."""

    def call(*lines, **changes) -> Plan:
        extra = {
            name: changes.pop(name)
            for name in ("organization_id", "actor", "request_id")
            if name in changes
        }
        values = {
            "organization_id": street.pk,
            "actor": committee_staff,
            "facts": facts(*lines, **changes),
        } | extra
        return make_plan(**values)

    return call


def test_a_plan_is_written_whole_and_told_to_the_trail(make, committee_staff):
    plan = make(line(subject="学雷锋"), line(kind="lecture"))

    assert [str(each) for each in plan.lines.all()] == ["学雷锋", "党课"]
    [event] = AuditEvent.objects.filter(action="plan_saved")
    assert event.actor == committee_staff


def test_the_same_form_twice_makes_one_plan(make):
    request_id = uuid4()
    assert make(request_id=request_id) == make(request_id=request_id)
    assert Plan.objects.count() == 1


def test_a_community_makes_its_own_but_not_the_streets(
    make, community_a, community_secretary, street
):
    plan = make(organization_id=community_a.pk, actor=community_secretary)
    assert plan.organization == community_a
    with pytest.raises(Organization.DoesNotExist):
        make(organization_id=street.pk, actor=community_secretary)


def test_a_branch_makes_no_plan(make, branch_a1, branch_secretary):
    with pytest.raises(PermissionDenied):
        make(organization_id=branch_a1.pk, actor=branch_secretary)


def test_the_streets_plan_is_read_by_a_branch_and_changed_by_none(
    make, branch_secretary, community_secretary, client_for
):
    plan = make()
    for user in (branch_secretary, community_secretary):
        client = client_for(user)
        assert client.get(plan.get_absolute_url()).status_code == 200
        edit = reverse("activities:plan-edit", args=[plan.pk])
        assert client.get(edit).status_code == 403
        with pytest.raises(PermissionDenied):
            withdraw_plan(plan_id=plan.pk, reason="不", actor=user)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((line(due_on=date(2028, 2, 1)),), "早于最早开展日期"),
        ((line(due_on=date(2029, 1, 1)),), "不在2028年以内"),
        ((line(), line(starts_on=date(2028, 3, 31))), "时间重叠"),
        (
            (
                line(due_on=date(2028, 3, 10), repeat="monthly"),
                line(starts_on=date(2028, 5, 1), due_on=date(2028, 5, 9)),
            ),
            "第1项和第2项",
        ),
    ],
)
def test_lines_that_do_not_fit_are_refused_whole(make, lines, message):
    with pytest.raises(RuleError, match=message):
        make(*lines)
    assert not Plan.objects.exists()


def test_lines_of_different_branches_may_overlap(make):
    assert make(line(field="community"), line(field="non_public")).lines.count() == 2


def test_a_month_repeats_nothing(make):
    with pytest.raises(RuleError, match="只能是“一次”"):
        make(line(repeat="monthly"), month=3)


def test_a_leap_day_is_a_month_end_like_any_other(make):
    make(line(starts_on=date(2028, 1, 1), due_on=date(2028, 1, 31), repeat="monthly"))
    leap = date(2028, 2, 29)
    [duty] = planned_touching(leap, leap)
    assert (duty.start, duty.due_on) == (date(2028, 2, 1), leap)


def test_amending_replaces_the_lines_and_asks_for_the_version(make, committee_staff):
    plan = make()
    values = {
        "plan_id": plan.pk,
        "version": 1,
        "facts": facts(line(kind="lecture"), title="新计划"),
        "actor": committee_staff,
    }
    assert amend_plan(**values).version == 2
    assert [each.kind for each in plan.lines.all()] == ["lecture"]
    with pytest.raises(StaleError):
        amend_plan(**values)


def test_a_withdrawn_plan_asks_for_nothing(make, committee_staff):
    plan = make()
    assert planned_touching(*MARCH)
    withdraw_plan(plan_id=plan.pk, reason="重复", actor=committee_staff)
    assert planned_touching(*MARCH) == []
    with pytest.raises(RuleError, match="已经撤回"):
        amend_plan(plan_id=plan.pk, version=2, facts=facts(), actor=committee_staff)


def test_progress_counts_the_branches_that_the_reader_sees(
    make, branch_a1, branch_b1, committee_staff, branch_secretary
):
    for branch in (branch_a1, branch_b1):
        MemberFactory(branch=branch)
    plan = make()
    ActivityFactory(organization=branch_a1, kind="study", held_on=date(2028, 3, 31))
    april = date(2028, 4, 1)

    [row] = plan_progress(committee_staff, plan, april)
    assert (row["tally"].held, row["tally"].owed, row["tally"].overdue) == (1, 2, 1)
    assert row["missing"] == str(branch_b1)
    [row] = plan_progress(branch_secretary, plan, april)
    assert (row["tally"].owed, row["missing"]) == (1, "")


def test_an_overdue_line_goes_to_the_secretary(
    make, branch_a1, branch_secretary, secretary_b
):
    MemberFactory(branch=branch_a1)
    for kind in ("theme_day", "members_meeting"):
        ActivityFactory(organization=branch_a1, kind=kind, held_on=date(2028, 3, 5))
    make(line(subject="学雷锋"))
    alert = registry.alert("activities.duties_overdue")
    [item] = alert.rows(branch_secretary, date(2028, 4, 1))
    assert "学雷锋（3月31日前）" in item.detail
    assert alert.count(secretary_b, date(2028, 4, 1)) == 0


def test_the_figures_count_what_was_due_in_the_month(make, branch_a1):
    MemberFactory(branch=branch_a1)
    make(line(times=2))
    for day in (4, 5, 6):
        ActivityFactory(
            organization=branch_a1, kind="theme_day", held_on=date(2028, 3, day)
        )
    ActivityFactory(organization=branch_a1, kind="study", held_on=date(2028, 3, 4))
    [group] = [g for g in registry.groups() if g.key == "activities.duties"]
    here = Organization.objects.filter(pk=branch_a1.pk)
    february, march = group.compute_months(here, [Month(2028, 2), Month(2028, 3)])

    own = march[branch_a1.pk]
    assert (own["activities.plan_owed"], own["activities.plan_held"]) == (2, 1)
    name = "activities.duty_theme_day"
    assert (own[f"{name}_owed"], own[f"{name}_held"]) == (1, 1)
    name = "activities.duty_members_meeting"
    assert (own[f"{name}_owed"], own[f"{name}_held"]) == (1, 0)
    assert f"{name}_owed" not in february[branch_a1.pk]


# Pages ----------------------------------------------------------------------------


def posted(street, **changes) -> dict:
    day = timezone.localdate()
    rows = {
        "form-TOTAL_FORMS": 2,
        "form-INITIAL_FORMS": 0,
        "form-0-kind": "study",
        "form-0-subject": "政策学习",
        "form-0-due_on": day.isoformat(),
        "form-0-times": 1,
        "form-0-repeat": "once",
        "form-1-times": 1,
        "form-1-repeat": "once",
    }
    plan = {
        "organization": street.pk,
        "title": "本年计划",
        "year": day.year,
        "request_id": uuid4(),
    }
    return rows | plan | changes


def test_the_page_makes_a_plan_and_shows_it(client_for, committee_staff, street):
    answer = client_for(committee_staff).post(
        reverse("activities:plan-add"), posted(street), follow=True
    )

    assert "政策学习" in answer.content.decode()
    line = Plan.objects.get().lines.get()
    assert line.starts_on == timezone.localdate().replace(day=1)


def test_a_refused_plan_keeps_what_was_typed(client_for, committee_staff, street):
    data = posted(street, **{"form-0-kind": "", "title": "没有类型的"})

    answer = client_for(committee_staff).post(reverse("activities:plan-add"), data)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择类型" in page
    assert "没有类型的" in page
    assert "政策学习" in page


def test_a_stale_plan_is_answered_409(make, client_for, committee_staff, street):
    today = timezone.localdate()
    plan = make(line(starts_on=today, due_on=today), year=today.year)
    url = reverse("activities:plan-edit", args=[plan.pk])

    answer = client_for(committee_staff).post(url, posted(street, version=7))

    assert answer.status_code == 409
    assert "别人已经修改" in answer.content.decode()


def test_the_board_rolls_up_and_opens_down(
    client_for, committee_staff, branch_a1, branch_b1, community_a
):
    for branch in (branch_a1, branch_b1):
        MemberFactory(branch=branch)
    month = Month.containing(timezone.localdate())
    ActivityFactory(organization=branch_a1, kind="theme_day", held_on=month.start)
    client = client_for(committee_staff)

    def board(**query):
        return client.get(reverse("activities:duties"), query).context["board"]

    street_board = board()
    assert [str(row.organization) for row in street_board.rows] == [
        "沿江社区党委",
        "临湖社区党委",
    ]
    kinds = [str(duty.kind) for duty in street_board.duties]
    place = kinds.index("theme_day")
    tallies = [row.cells[place] for row in street_board.rows]
    assert [(t.held, t.owed) for t in tallies] == [(1, 1), (0, 1)]
    inner = board(organization=community_a.pk)
    assert inner.rows[0].cells[place].label == "已开展"


def test_a_planned_activity_shows_on_the_board(client_for, branch_secretary, branch_a1):
    MemberFactory(branch=branch_a1)
    day = timezone.localdate() + timedelta(days=40)
    month = Month.containing(day)
    ActivityFactory(
        organization=branch_a1, kind="theme_day", held_on=day, state="planned"
    )
    page = client_for(branch_secretary).get(
        reverse("activities:duties"), {"month": month.label}
    )
    text = page.content.decode()
    assert f"已安排{day.month}月{day.day}日" in text
    assert "安排</a>" in text

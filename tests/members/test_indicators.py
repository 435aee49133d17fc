"""Figures and warnings about members."""

from collections import Counter
from datetime import date

import pytest

from config.lib import registry
from config.lib.periods import Month
from members.checks import _year_before
from members.filters import born_latest
from members.indicators import roll as indicators
from members.rules import age_on, probation_ends_on
from organizations import parameters
from organizations.models import Organization
from tests.factories.members import (
    AffiliationFactory,
    DuplicateClaimFactory,
    MemberFactory,
)

MARCH = Month(2026, 3)
TODAY = date(2026, 3, 20)


def figures(*organizations, month=MARCH):
    chosen = Organization.objects.filter(pk__in=[o.pk for o in organizations])
    total = Counter()
    for values in indicators.compute(chosen, month).values():
        total.update(values)
    return total


def person(branch, since=date(2020, 1, 1), until=None, **fields):
    kind = fields.pop("kind", "on_roll")
    start = fields.pop("start", "registered")
    end = fields.pop("end", "")
    member = MemberFactory(**fields)
    AffiliationFactory(
        member=member,
        organization=branch,
        kind=kind,
        starts_on=since,
        ends_on=until,
        start_reason=start,
        end_reason=end,
    )
    return member


def test_only_the_roll_counts_as_members(branch_a1):
    person(branch_a1)
    person(branch_a1, kind="co_managed")
    person(branch_a1, kind="mobile_in")
    found = figures(branch_a1)
    assert found["members.on_roll"] == 1
    assert (found["members.co_managed"], found["members.mobile_in"]) == (1, 1)


@pytest.mark.parametrize(
    ("since", "until", "counted"),
    [
        (date(2026, 3, 31), None, 1),
        (date(2026, 4, 1), None, 0),
        (date(2020, 1, 1), date(2026, 4, 1), 1),
        (date(2020, 1, 1), date(2026, 3, 31), 0),
        (date(2026, 3, 5), date(2026, 3, 5), 0),
    ],
)
def test_the_state_is_that_of_the_last_day(branch_a1, since, until, counted):
    person(branch_a1, since, until)
    assert figures(branch_a1)["members.on_roll"] == counted


def test_every_partition_adds_up_to_the_roll(branch_a1, branch_a2):
    for number in range(23):
        person(
            [branch_a1, branch_a2][number % 2],
            category=["in_post", "mobile", "laid_off", "retired", "other"][number % 5],
            education=["bachelor", "primary", "", "high_school"][number % 4],
            member_type=["full", "probationary"][number % 2],
        )
    found = figures(branch_a1, branch_a2)
    for prefix in ("category_", "sex_", "type_", "education_", "age_"):
        parts = [n for k, n in found.items() if k.startswith(f"members.{prefix}")]
        assert sum(parts) == found["members.on_roll"] == 23


def test_minorities_are_those_who_are_not_han(branch_a1):
    person(branch_a1, ethnicity="Hui")
    person(branch_a1)
    assert figures(branch_a1)["members.minority"] == 1


def test_ages_are_those_of_the_last_day_of_the_month(branch_a1):
    person(branch_a1, born_on=date(1995, 3, 31))
    person(branch_a1, born_on=date(1995, 4, 1))
    found = figures(branch_a1)
    names = dict(indicators.age_bands())
    by_name = {names[key]: n for key, n in found.items() if key in names and n}
    assert by_name == {"31至35岁": 1, "30岁及以下": 1}


def test_the_bands_are_the_committees(branch_a1, committee_staff):
    person(branch_a1, born_on=date(1995, 4, 1))
    bands = [["35以下", None, 36], ["其他", 36, None]]
    parameters.change(key="members.age_bands", value=bands, actor=committee_staff)
    assert figures(branch_a1)["members.age_1"] == 1
    assert [name for _, name in indicators.age_bands()] == ["35以下", "其他"]


def test_the_changes_lead_from_one_month_to_the_next(branch_a1):
    person(branch_a1)
    person(branch_a1, date(2026, 3, 2), start="new_member")
    person(branch_a1, date(2026, 3, 9), start="transferred_in")
    person(branch_a1, until=date(2026, 3, 1), end="deceased")
    person(branch_a1, until=date(2026, 3, 15), end="removed")
    person(branch_a1, date(2026, 3, 3), date(2026, 3, 8), end="mistake")
    before, now = figures(branch_a1, month=MARCH.previous()), figures(branch_a1)
    came = sum(now[i.key] for i in indicators.CAME)
    left = sum(now[i.key] for i in indicators.LEFT)
    assert before["members.on_roll"] + came - left == now["members.on_roll"] == 3
    assert now["members.came_new_member"] == 1
    assert now["members.left_deceased"] == 1


def test_the_figures_take_few_queries(branch_a1, django_assert_max_num_queries):
    person(branch_a1)
    with django_assert_max_num_queries(6):
        figures(branch_a1)


@pytest.mark.parametrize(
    "indicator",
    [i for i in registry.indicators() if i.key.startswith("members.") and i.list_url],
    ids=lambda i: i.key,
)
def test_a_figure_opens_the_list_behind_it(
    indicator, client_for, committee_staff, branch_a1, street
):
    today = Month.containing(date.today())  # noqa: DTZ011
    person(branch_a1, sex="female", ethnicity="Hui", is_lost=True, category="retired")
    person(branch_a1, education="primary", member_type="probationary")
    person(branch_a1, kind="co_managed", category="in_post")
    response = client_for(committee_staff).get(indicator.list_url(street.pk, today))
    context = response.context
    assert not context["form"].errors
    total = context["total"] if "total" in context else context["page"].total
    assert int(total) == figures(branch_a1, month=today)[indicator.key]


def count(key, user, today=TODAY):
    return registry.alert(f"members.{key}").count(user, today)


def test_probation_is_announced_before_its_end(branch_secretary, branch_a1):
    person(branch_a1, member_type="probationary", joined_on=date(2025, 4, 10))
    person(branch_a1, member_type="probationary", joined_on=date(2025, 6, 10))
    assert count("probation_due", branch_secretary) == 1
    assert count("probation_past", branch_secretary) == 0


def test_probation_past_its_end_is_a_danger(branch_secretary, branch_a1):
    member = person(branch_a1, member_type="probationary", joined_on=date(2025, 3, 20))
    assert count("probation_past", branch_secretary) == 1
    (item,) = registry.alert("members.probation_past").rows(branch_secretary, TODAY)
    assert (item.label, item.due_on) == (member.name, TODAY)
    assert item.url == f"/members/{member.pk}/standing/"


@pytest.mark.parametrize(
    "day", [date(2024, 2, 28), date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1)]
)
def test_the_past_list_agrees_with_the_rule(day):
    latest = _year_before(day)
    assert probation_ends_on(latest) <= day
    following = date.fromordinal(latest.toordinal() + 1)
    assert probation_ends_on(following) > day


@pytest.mark.parametrize(
    "day", [date(2024, 2, 29), date(2025, 2, 28), date(2026, 3, 31)]
)
@pytest.mark.parametrize("age", [18, 31, 61])
def test_the_latest_birth_agrees_with_the_age(day, age):
    latest = born_latest(age, day)
    assert age_on(latest, day) == age
    assert age_on(date.fromordinal(latest.toordinal() + 1), day) == age - 1


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("lost", {"is_lost": True, "lost_since": date(2025, 1, 1)}),
        (
            "early_confirmation",
            {"joined_on": date(2010, 7, 1), "confirmed_on": date(2011, 6, 30)},
        ),
        ("underage", {"born_on": date(1990, 1, 2), "joined_on": date(2008, 1, 1)}),
        ("no_phone", {"phone": ""}),
        ("full_unconfirmed", {"confirmed_on": None}),
    ],
)
def test_a_warning_finds_its_people_in_scope_only(
    branch_secretary, secretary_b, branch_a1, key, fields
):
    person(branch_a1, **fields)
    person(branch_a1, born_on=date(1980, 1, 1))
    assert count(key, branch_secretary) == 1
    assert count(key, secretary_b) == 0


def test_a_year_of_probation_to_the_day_is_no_warning(branch_secretary, branch_a1):
    person(
        branch_a1,
        joined_on=date(2010, 7, 1),
        confirmed_on=date(2011, 7, 1),
        born_on=date(1985, 1, 1),
    )
    assert count("early_confirmation", branch_secretary) == 0


def test_open_claims_are_for_street_staff(
    committee_staff, secretary_b, branch_a1, branch_b1
):
    claim = DuplicateClaimFactory(
        member=person(branch_a1), organization=branch_b1, claimed_by=secretary_b
    )
    alert = registry.alert("members.claims")
    assert alert.right == "settle_claims"
    assert alert.count(committee_staff, TODAY) == 1
    (item,) = alert.rows(committee_staff, TODAY)[:5]
    assert item.url == f"/members/claims/{claim.pk}/"


def test_a_branch_beyond_the_usual_size_is_named(
    branch_a1, branch_secretary, secretary_b, monkeypatch
):
    alert = registry.alert("members.branch_too_large")
    monkeypatch.setattr(parameters, "get", lambda key: 3)
    MemberFactory.create_batch(3, branch=branch_a1)
    AffiliationFactory(
        member__category="in_post", organization=branch_a1, kind="co_managed"
    )
    assert alert.count(branch_secretary, TODAY) == 0
    MemberFactory(branch=branch_a1)
    (item,) = alert.rows(branch_secretary, TODAY)
    assert (item.organization_id, "在册党员4名" in item.detail) == (branch_a1.pk, True)
    assert alert.count(secretary_b, TODAY) == 0

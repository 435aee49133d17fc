"""What employment adds to the month's figures and to the list of things to do."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.urls import reverse

from config.lib import registry
from config.lib.periods import Month
from members.alerts.employment import is_late
from members.models import HelpStep, Lead
from members.services.affiliations import move_affiliation
from members.services.employment import withdraw_record
from members.services.employment_help import settle_help
from organizations.models import Organization, Parameter
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.employment_steps import helped, led, spell

pytestmark = pytest.mark.django_db
MONTHS = [Month(2026, number) for number in range(5, 9)]


def laid_off(branch, **more):
    return MemberFactory(branch=branch, category="laid_off", **more)


def figures(key) -> list[dict[str, int]]:
    """The figure in each of MONTHS, by the branch's code."""
    [group] = [g for g in registry.groups() if g.key == "employment"]
    found = group.compute_months(Organization.objects.all(), MONTHS)
    names = dict(Organization.objects.values_list("pk", "short_name"))
    return [
        {names[pk]: own[key] for pk, own in month.items() if own.get(key)}
        for month in found
    ]


def test_who_is_out_of_work_counts_where_he_lives_at_each_months_end(
    branch_a1, branch_b1, branch_secretary
):
    one, other, third = laid_off(branch_a1), laid_off(branch_a1), laid_off(branch_a1)
    in_post = MemberFactory(branch=branch_b1)
    AffiliationFactory(
        member=other,
        organization=branch_b1,
        kind="co_managed",
        starts_on=date(2026, 7, 1),
    )
    spell(one, branch_secretary, "laid_off", date(2026, 6, 2))
    spell(one, branch_secretary, "flexible", date(2026, 7, 31))
    a1, b1 = branch_a1.short_name, branch_b1.short_name
    assert in_post.category == "in_post"
    assert third.category == "laid_off"
    assert figures("members.out_of_work") == [
        {a1: 3},
        {a1: 3},
        {a1: 1, b1: 1},
        {a1: 1, b1: 1},
    ]


def test_who_found_work_counts_once_and_where_he_was_then(
    branch_a1, branch_b1, committee_staff
):
    found, moved, never, changed = (laid_off(branch_a1) for _ in range(4))
    for person in (found, moved, changed):
        spell(person, committee_staff, "laid_off", date(2026, 1, 5))
        spell(person, committee_staff, "by_unit", date(2026, 6, 30))
    spell(changed, committee_staff, "self_employed", date(2026, 7, 9))
    spell(never, committee_staff, "by_unit", date(2026, 6, 30))
    move_affiliation(
        affiliation_id=moved.affiliations.get().pk,
        organization_id=branch_b1.pk,
        moved_on=date(2026, 7, 1),
        actor=committee_staff,
    )
    a1 = branch_a1.short_name
    assert figures("members.reemployed_by_unit") == [{}, {a1: 3}, {}, {}]
    assert figures("members.reemployed_self_employed") == [{}, {}, {}, {}]


def test_help_and_deeds_equal_a_count_in_python(
    branch_a1, branch_b1, branch_secretary, secretary_b
):
    people = [laid_off(branch_a1), laid_off(branch_b1)]
    actors = [branch_secretary, secretary_b]
    for number in range(24):
        person, actor = people[number % 2], actors[number % 2]
        day = date(2026, 5, 1) + timedelta(days=number * 5)
        kind = ("training", "job_offer", "policy")[number % 3]
        step = helped(person, actor, kind=kind, given_on=day)
        is_service = number % 4 == 0
        deed = led(
            person,
            actor,
            kind="service" if is_service else "people",
            starts_on=day,
            people_count=0 if is_service else number,
            posts_count=number + 1 if is_service else 0,
        )
        if number % 5 == 0:
            for row in (step, deed):
                withdraw_record(model=type(row), record_id=row.pk, actor=actor)

    def counted(rows, day, weight):
        totals = [Counter() for _ in MONTHS]
        for row in rows:
            for month, own in zip(MONTHS, totals, strict=True):
                if row.withdrawn_at is None and getattr(row, day) in month:
                    own[row.organization.short_name] += weight(row)
        return [{k: n for k, n in own.items() if n} for own in totals]

    steps, deeds = HelpStep.objects.all(), Lead.objects.all()
    for key, rows, day, weight in (
        ("help_steps", steps, "given_on", lambda row: 1),
        ("help_training", steps, "given_on", lambda row: row.kind == "training"),
        ("help_job_offers", steps, "given_on", lambda row: row.kind == "job_offer"),
        ("people_led", deeds, "starts_on", lambda row: row.people_count),
        ("services_opened", deeds, "starts_on", lambda row: row.kind == "service"),
        ("posts_opened", deeds, "starts_on", lambda row: row.posts_count),
    ):
        assert figures(f"members.{key}") == counted(rows, day, weight), key


def test_a_figure_leads_to_its_list(client_for, branch_a1, branch_secretary):
    led(laid_off(branch_a1, name="雷芳"), branch_secretary)
    client = client_for(branch_secretary)
    month = Month.containing(Lead.objects.get().starts_on)
    for key in ("people_led", "out_of_work"):
        url = registry.indicator(f"members.{key}").list_url(branch_a1.pk, month)
        page = client.get(url)
        assert page.status_code == 200
        assert "雷芳" in page.content.decode()


def told(key, user, today) -> list[str]:
    [alert] = [a for a in registry.alerts() if a.key == f"members.{key}"]
    rows = list(alert.rows(user, today))
    assert alert.count(user, today) == len(rows)
    return [row.label for row in rows]


def test_who_was_not_seen_this_quarter_is_a_matter_and_late_a_warning(
    branch_a1, branch_b1, branch_secretary, secretary_b, committee_staff
):
    laid_off(branch_a1, name="雷一")
    seen = laid_off(branch_a1, name="雷二")
    shared = laid_off(branch_a1, name="雷三")
    at_work = laid_off(branch_a1, name="雷四")
    AffiliationFactory(member=shared, organization=branch_b1, kind="co_managed")
    helped(seen, branch_secretary, given_on=date(2026, 7, 1))
    spell(at_work, branch_secretary, "flexible", date(2026, 5, 1))
    early, late = date(2026, 8, 31), date(2026, 9, 1)
    assert [is_late(early), is_late(late)] == [False, True]
    for day, key, other in (
        (early, "laid_off_silent", "laid_off_silent_late"),
        (late, "laid_off_silent_late", "laid_off_silent"),
    ):
        assert told(key, branch_secretary, day) == ["雷一"]
        assert told(key, secretary_b, day) == ["雷三"]
        assert sorted(told(key, committee_staff, day)) == ["雷一", "雷三"]
        assert told(other, committee_staff, day) == []
    Parameter.objects.create(key="members.quarter_notice_days", value=29)
    assert not is_late(late)


def test_an_offer_nobody_answered_is_asked_after_where_the_person_is_now(
    client_for, branch_a1, branch_b1, branch_secretary, secretary_b, committee_staff
):
    member = laid_off(branch_a1, name="雷芳")
    given_on = date(2026, 8, 1)
    step = helped(member, branch_secretary, given_on=given_on)
    helped(member, branch_secretary, given_on=given_on, kind="training")
    day = given_on + timedelta(days=30)
    key = "job_offer_pending"
    assert told(key, branch_secretary, day) == []
    day += timedelta(days=1)
    assert told(key, branch_secretary, day) == ["雷芳"]
    move_affiliation(
        affiliation_id=member.affiliations.get().pk,
        organization_id=branch_b1.pk,
        moved_on=date(2026, 8, 20),
        actor=committee_staff,
    )
    assert told(key, branch_secretary, day) == []
    assert told(key, secretary_b, day) == ["雷芳"]
    page = client_for(secretary_b).get(reverse("members:help-result", args=[step.pk]))
    assert page.status_code == 200
    settle_help(
        step_id=step.pk, result="succeeded", result_on=given_on, actor=secretary_b
    )
    assert told(key, secretary_b, day) == []

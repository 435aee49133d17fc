"""What the to-do list and the month's figures say of the way into the Party."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.lib import registry
from config.lib.periods import Month
from members.indicators import development
from members.services.development import Deed, record_step
from organizations.models import Organization
from tests.members.development_steps import (
    ago,
    led_to,
    on_probation,
    probation,
    registered,
)

pytestmark = pytest.mark.django_db


def names(key, user):
    today = timezone.localdate()
    alert = next(a for a in registry.alerts() if a.key == f"members.{key}")
    return [item.label for item in alert.rows(user, today)]


def test_a_talk_is_missed_after_a_month(branch_a1, branch_secretary, secretary_b):
    late = registered(branch_a1, branch_secretary, applied_on=ago(40), name="贺晚来")
    registered(branch_a1, branch_secretary, serial=2, applied_on=ago(20))
    assert names("development_talk", branch_secretary) == ["贺晚来"]
    assert names("development_talk", secretary_b) == []
    record_step(applicant_id=late.pk, deed=Deed("talk", ago(2)), actor=branch_secretary)
    assert names("development_talk", branch_secretary) == []


def test_an_activist_is_looked_at_every_half_year(branch_a1, branch_secretary):
    applicant = led_to("contacts", branch_a1, branch_secretary, applied_on=ago(260))
    assert names("development_inspection", branch_secretary) == ["申志远"]
    deed = Deed("inspection", ago(1), outcome="yes")
    record_step(applicant_id=applicant.pk, deed=deed, actor=branch_secretary)
    assert names("development_inspection", branch_secretary) == []


def test_what_waits_above_is_the_committees_work(
    branch_a1, branch_secretary, committee_staff
):
    led_to("meeting", branch_a1, committee_staff)
    member = on_probation(branch_a1, name="古转正")
    probation(member, "request", branch_secretary)
    probation(member, "confirm", branch_secretary)
    assert names("development_approval", committee_staff) == ["申志远"]
    assert names("probation_decision", committee_staff) == ["古转正"]
    probation(member, "decision", committee_staff)
    assert names("probation_decision", committee_staff) == []


def test_the_probation_warnings_lead_to_the_membership(branch_a1, branch_secretary):
    member = on_probation(branch_a1, ago(380))
    alert = next(a for a in registry.alerts() if a.key == "members.probation_past")
    item = next(iter(alert.rows(branch_secretary, timezone.localdate())))
    assert item.url == f"/members/{member.pk}/standing/"


def test_the_months_figures(branch_a1, committee_staff):
    def figures(month):
        everywhere = Organization.objects.all()
        found = development.compute_months(everywhere, [month])[0].get(branch_a1.pk, {})
        return {k.removeprefix("members."): n for k, n in found.items() if n}

    registered(branch_a1, committee_staff, serial=2)
    applicant = led_to("approval", branch_a1, committee_staff, applied_on=ago(560))
    activist, candidate = applicant.activist_on, applicant.candidate_on
    assert figures(Month.containing(activist)) == {"applicants": 1, "activists": 1}
    assert figures(Month.containing(candidate)) == {"applicants": 1, "candidates": 1}
    approved = applicant.passed_on + timedelta(days=30)
    assert figures(Month.containing(approved)) == {"applicants": 1, "admitted": 1}
    for kind, values in (("confirm", {}), ("extend", {"months": 6}), ("cancel", {})):
        member = on_probation(branch_a1)
        probation(member, "request", committee_staff)
        probation(member, kind, committee_staff, **values)
        probation(member, "decision", committee_staff)
    now = figures(Month.containing(timezone.localdate()))
    assert {k: n for k, n in now.items() if k not in {"applicants", "admitted"}} == {
        "confirmed": 1,
        "probation_extended": 1,
        "probation_cancelled": 1,
    }

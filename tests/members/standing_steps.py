"""Losing, suspending and removing people in tests."""

from datetime import timedelta

from django.utils import timezone

from config.lib.dates import months_after
from members.rules.standing import Proposal
from members.services.decisions import approve_decision, propose_decision
from members.services.lost import open_case, record_step

WAYS = ("phone", "family", "home_village", "police", "unit", "notice")


def months_ago(months):
    return months_after(timezone.localdate(), -months)


def lost(member, actor, months=7, **more):
    values = {"since": months_ago(months), "reason": "work_away"} | more
    return open_case(member_id=member.pk, actor=actor, **values)


def searched(case, actor, ways=3):
    for way in WAYS[:ways]:
        record_step(
            case_id=case.pk,
            taken_on=timezone.localdate(),
            way=way,
            result="没有找到",
            actor=actor,
        )
    return case


def proposed(member, actor, kind="suspended", ground="", organization=None, **more):
    values = {"meeting_on": timezone.localdate() - timedelta(days=1)} | more
    return propose_decision(
        member_id=member.pk,
        proposal=Proposal(kind=kind, ground=ground, **values),
        facts="支部大会讨论同意",
        organization_id=organization and organization.pk,
        actor=actor,
    )


def approved(decision, actor, decided_on=None, document_number="江滨委2026年1号"):
    return approve_decision(
        decision_id=decision.pk,
        decided_on=decided_on or timezone.localdate(),
        document_number=document_number,
        actor=actor,
    )


def suspended(member, secretary, staff, months=7):
    """Lose, search and suspend; the decision."""
    searched(lost(member, secretary, months), secretary)
    decision = proposed(member, secretary, ground="lost")
    return approved(decision, staff)


def age(decision, years):
    """As if it had been decided that many years ago."""
    day = months_after(decision.decided_on, -12 * years)
    decision.meeting_on = decision.decided_on = day
    decision.save(update_fields=["meeting_on", "decided_on"])

"""The way into the Party on the page of a membership: how it came, and probation."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from members.choices import AffiliationKind, MembershipStatus
from members.choices.development import StepKind
from members.development import TimelineEntry, entry_of
from members.models import Applicant, DevelopmentStep, Member
from members.rules import development
from members.rules import probation as rules
from members.standing import Action, Event, Section, register_section
from organizations.access import Right
from organizations.models import Organization, User


def _section(member: Member, user: User, today: date) -> Section | None:
    steps = list(
        member.development_steps.select_related("organization", "recorded_by").order_by(
            "pk"
        )
    )
    is_probationary = (
        member.member_type == Member.Type.PROBATIONARY
        and member.status == MembershipStatus.NORMAL
    )
    applicant = Applicant.objects.visible_to(user).filter(member=member).first()
    if not (steps or is_probationary or applicant):
        return None
    events = [
        (step.taken_on, step.pk, _event(entry_of(step, {}, user))) for step in steps
    ]
    if applicant is not None:
        joined = Event(
            member.joined_on,
            "支部大会通过接收为预备党员",
            url=applicant.get_absolute_url(),
        )
        events.append((member.joined_on, 0, joined))
    counted = [step for step in steps if step.withdrawn_at is None]
    facts = [step.fact for step in counted]
    return Section(
        "预备期和转正",
        [event for *_, event in sorted(events, key=lambda one: one[:2], reverse=True)],
        _actions(member, counted, user, today) if is_probationary else [],
        _note(member, facts, today) if is_probationary else "",
    )


def _event(entry: TimelineEntry) -> Event:
    return Event(
        entry.on,
        entry.title,
        "；".join(entry.words),
        state=entry.state,
        tone=entry.tone,
    )


def _note(member: Member, facts: list[development.Fact], today: date) -> str:
    over_on = member.probation_ends_on
    words = f"预备期至{over_on}"
    if member.probation_extended_to:
        words += "（已延长一次，不能再延长）"
    if waiting := rules.pending(facts):
        label = StepKind(waiting.kind).label
        return f"{words}。{waiting.on}{label}已通过，等待上级党委审批。"
    if today < over_on:
        return f"{words}，期满后由本人递交转正申请，支部大会讨论。"
    if development.latest(facts, StepKind.REQUEST) is None:
        return f"{words}，已经期满：请先登记本人的书面转正申请。"
    return f"{words}，已经期满：请支部大会及时讨论能否转为正式党员。"


def _actions(
    member: Member, steps: list[DevelopmentStep], user: User, today: date
) -> list[Action]:
    branch = roll_branch(member)
    if branch is None:
        return []
    kinds = rules.choices(
        [step.fact for step in steps],
        is_over=today >= member.probation_ends_on,
        is_extended=member.probation_extended_to is not None,
    )
    actions = [
        Action(
            StepKind(kind).label,
            reverse("members:probation-step", args=[member.pk, kind]),
            is_main=place == 0,
        )
        for place, kind in enumerate(kinds)
        if user.has_right_at(right_of(kind), branch)
    ]
    last = steps[-1] if steps else None
    if (
        last is not None
        and last.kind != StepKind.DECISION
        and user.has_right_at(Right.EDIT_MEMBERS, last.organization)
    ):
        url = reverse("members:development-withdraw", args=[last.pk])
        actions.append(Action(f"撤回“{last.get_kind_display()}”", url))
    return actions


def right_of(kind: str) -> Right:
    is_above = kind in development.COMMITTEE_STEPS
    return Right.APPROVE_STANDING if is_above else Right.EDIT_MEMBERS


def roll_branch(member: Member) -> Organization | None:
    """The branch of the open roll of a member."""
    roll = (
        member.affiliations.open()
        .filter(kind=AffiliationKind.ON_ROLL)
        .select_related("organization")
        .first()
    )
    return roll.organization if roll else None


register_section("development", _section, order=10)

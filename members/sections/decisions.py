"""Lost contact and decisions on the page of a membership."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from members.choices.standing import DecisionState
from members.models import LostCase, Member, MembershipDecision
from members.rules import REMOVAL_STATUSES
from members.standing import Action, Event, Section, register_section
from organizations.models import User

_TONES = {
    DecisionState.PROPOSED: "info",
    DecisionState.APPROVED: "ok",
    DecisionState.REFUSED: "bad",
}


def _section(member: Member, user: User, today: date) -> Section:
    """Everything decided so far; pages of other branches' scope are not linked."""
    decisions = list(member.decisions.select_related("organization"))
    cases = list(member.lost_cases.select_related("organization"))
    events = [_decision(each, user) for each in decisions]
    events += [_case(each, user) for each in cases]
    events.sort(key=lambda event: event.on, reverse=True)
    return Section(
        title="失联与党籍处理",
        events=events,
        actions=_actions(member, user, decisions, cases),
        note="" if events else "没有失联和党籍处理的记录。",
    )


def _decision(decision: MembershipDecision, user: User) -> Event:
    is_seen = user.has_right_at("view_members", decision.organization)
    day = decision.decided_on or decision.meeting_on
    return Event(
        on=day or decision.proposed_at.date(),
        title=decision.get_kind_display(),
        words=decision.document_number,
        url=decision.get_absolute_url() if is_seen else "",
        state=decision.state_label,
        tone=_TONES.get(DecisionState(decision.state), "mute"),
    )


def _case(case: LostCase, user: User) -> Event:
    is_seen = user.has_right_at("view_members", case.organization)
    return Event(
        on=case.opened_on,
        title=f"登记失联（{case.since}起）",
        words=case.get_reason_display(),
        url=case.get_absolute_url() if is_seen else "",
        state=case.get_state_display(),
        tone="warn" if case.is_open else "mute",
    )


def _actions(
    member: Member,
    user: User,
    decisions: list[MembershipDecision],
    cases: list[LostCase],
) -> list[Action]:
    def url(name: str) -> str:
        return reverse(f"members:{name}", args=[member.pk])

    if member.status in REMOVAL_STATUSES:
        if user.has_right("settle_claims"):
            return [Action("提出恢复党籍", url("decision-add"))]
        return []
    if not Member.objects.editable_by(user).filter(pk=member.pk).exists():
        return []
    actions = []
    is_normal = member.status == Member.Status.NORMAL
    if is_normal and not any(case.is_open for case in cases):
        actions.append(Action("登记失联", url("lost-add")))
    if not any(each.state == DecisionState.PROPOSED for each in decisions):
        actions.append(Action("提出党籍处理", url("decision-add")))
    return [*actions, Action("登记去世", url("death-add"))]


register_section("decisions", _section, order=20)

"""What the page of one agreement shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from config.lib.periods import Quarter
from liaison.agreement_text import promise_of
from liaison.choices.agreements import OBLIGATION_TONES, ListKind, ObligationState
from liaison.models import Agreement, Obligation, ResourceUse
from liaison.rules.agreements import quarters_owed
from liaison.services.obligations import last_day_of


def detail_context(request: HttpRequest, agreement: Agreement) -> dict[str, Any]:
    """Parties, clauses with what they owe, the three lists, reports."""
    parties = list(agreement.parties.select_related("unit"))
    clauses = list(agreement.clauses.select_related("party__unit"))
    for clause in clauses:
        clause.promise = promise_of(clause)
    obligations = obligations_of(request, agreement)
    uses = list(
        ResourceUse.objects.visible_to(request.user)
        .filter(item__agreement=agreement)
        .select_related("item")
    )
    return {
        "agreement": agreement,
        "parties": parties,
        "fields": _fields(clauses),
        "clauses": clauses,
        "obligations": obligations,
        "late": [each for each in obligations if each.state == ObligationState.OVERDUE],
        "done": sum(each.state == ObligationState.DONE for each in obligations),
        "lists": _lists(agreement),
        "uses": uses,
        "quarters": _quarters(agreement),
        "renewal": Agreement.objects.filter(renews=agreement).standing().first(),
        "may_add": agreement.is_draft or agreement.is_kept,
    }


def obligations_of(request: HttpRequest, agreement: Agreement) -> list[Any]:
    """With `given`, `state`, `state_label` and `state_tone`, by their days.

    Those that an early end made void are left out.
    """
    rows = (
        Obligation.objects.visible_to(request.user)
        .filter(agreement=agreement)
        .with_progress()
        .select_related("clause__party__unit", "item__party__unit")
    )
    if agreement.ended_on is not None:
        rows = rows.filter(due_on__lt=agreement.ended_on)
    found = list(rows)
    for obligation in found:
        show_state(obligation)
    return found


def show_state(obligation: Obligation) -> None:
    state = ObligationState(obligation.state_on(timezone.localdate()))
    obligation.state, obligation.state_label = state, state.label
    obligation.state_tone = OBLIGATION_TONES[state]
    whose = (obligation.clause or obligation.item).party
    obligation.owner = str(whose.unit) if whose else "社区"


def _fields(clauses: list[Any]) -> str:
    return "、".join(dict.fromkeys(each.get_field_display() for each in clauses))


def _lists(agreement: Agreement) -> list[dict[str, Any]]:
    items = list(
        agreement.items.filter(removed_at__isnull=True).select_related(
            "party__unit", "met_by"
        )
    )
    for item in items:
        item.owner = str(item.party.unit) if item.party else "社区"
    return [
        {
            "kind": kind.value,
            "title": f"{kind.label}清单",
            "rows": [item for item in items if item.kind == kind],
        }
        for kind in ListKind
    ]


def _quarters(agreement: Agreement) -> list[dict[str, Any]]:
    """Quarters to be reported, newest first, with what was reported."""
    if agreement.signed_on is None:
        return []
    filed = {report.quarter_start: report for report in agreement.reports.all()}
    owed: list[Quarter] = list(
        quarters_owed(
            starts_on=agreement.starts_on,
            last_day=last_day_of(agreement),
            today=timezone.localdate(),
        )
    )
    return [
        {"quarter": quarter, "report": filed.get(quarter.start)}
        for quarter in reversed(owed)
    ]

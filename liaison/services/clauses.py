"""Clauses of a draft: what each side promises, how often, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from config.lib.errors import RuleError
from liaison.models import Agreement, AgreementParty, Clause
from liaison.rules import agreements as rules
from liaison.services.agreements import locked_draft, tell
from organizations.models import User


@dataclass(frozen=True)
class ClauseFacts:
    """One promise; `party_id` is None where the Party organization makes it."""

    field: str
    words: str
    rhythm: str
    times: int = 1
    due_on: date | None = None
    party_id: int | None = None


@transaction.atomic
def put_clause(
    *, agreement_id: int, facts: ClauseFacts, clause_id: int | None = None, actor: User
) -> Clause:
    """Add a clause to a draft at the end, or change one.

    Raises Agreement.DoesNotExist, Clause.DoesNotExist, AgreementParty.DoesNotExist,
    PermissionDenied, RuleError.
    """
    agreement = locked_draft(agreement_id, actor)
    rules.check_clause(
        rhythm=facts.rhythm,
        due_on=facts.due_on,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
    )
    if clause_id is not None:
        clause = agreement.clauses.get(pk=clause_id)
    else:
        numbers = [each.number for each in agreement.clauses.all()]
        if len(numbers) >= rules.MOST_CLAUSES:
            raise RuleError(
                f"一份协议最多{rules.MOST_CLAUSES}条，请合并相近的条款。",
                code="clauses",
            )
        clause = Clause(agreement=agreement, number=max(numbers, default=0) + 1)
    clause.party = _party(agreement, facts.party_id)
    clause.field, clause.words = facts.field, facts.words.strip()
    clause.rhythm, clause.times, clause.due_on = facts.rhythm, facts.times, facts.due_on
    clause.full_clean(exclude=["agreement", "party"])
    clause.save()
    tell(agreement, "clause_saved", actor)
    return clause


@transaction.atomic
def remove_clause(*, clause_id: int, actor: User) -> Agreement:
    """Take a clause out of a draft; those behind move up."""
    seen = Clause.objects.visible_to(actor)
    agreement = locked_draft(seen.get(pk=clause_id).agreement_id, actor)
    agreement.clauses.get(pk=clause_id).delete()
    for number, clause in enumerate(agreement.clauses.order_by("number"), start=1):
        if clause.number != number:
            clause.number = number
            clause.save(update_fields=["number"])
    tell(agreement, "clause_removed", actor)
    return agreement


def _party(agreement: Agreement, party_id: int | None) -> AgreementParty | None:
    return agreement.parties.get(pk=party_id) if party_id is not None else None

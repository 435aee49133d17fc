"""The agreement that follows one that ends: begun as a draft of the same content."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from config.lib.dates import months_after
from config.lib.errors import RuleError
from liaison.choices.agreements import ListKind
from liaison.models import Agreement, AgreementParty, ListItem
from liaison.rules import agreements as rules
from liaison.services.agreements import locked_agreement, tell
from organizations.models import User


@transaction.atomic
def renew_agreement(*, agreement_id: int, actor: User) -> Agreement:
    """Begin the draft that follows: same units, clauses and open lists, as long.

    A second call returns the draft of the first. Raises as `end_agreement`.
    """
    old = locked_agreement(agreement_id, actor)
    if old.signed_on is None:
        raise RuleError("草稿不用续签，请直接修改。", code="state")
    if (found := Agreement.objects.filter(renews=old).first()) is not None:
        return found
    begin = old.ended_on or old.ends_on + timedelta(days=1)
    new = Agreement(
        organization=old.organization,
        witness=old.witness,
        title=old.title,
        purpose=old.purpose,
        liaison_name=old.liaison_name,
        starts_on=begin,
        ends_on=_as_long(old.starts_on, old.ends_on, begin),
        renews=old,
        drawn_by=actor,
    )
    new.save()
    parties = {
        party.pk: AgreementParty.objects.create(
            agreement=new, unit=party.unit, liaison_name=party.liaison_name
        )
        for party in old.parties.all()
    }
    for clause in old.clauses.all():
        clause.pk, clause.agreement = None, new
        clause.party = parties[clause.party_id] if clause.party_id else None
        if clause.due_on is not None:
            clause.due_on = new.ends_on
        clause.save(force_insert=True)
    for item in old.items.filter(removed_at__isnull=True).exclude(
        kind=ListKind.PROJECT
    ):
        ListItem.objects.create(
            agreement=new,
            kind=item.kind,
            category=item.category,
            words=item.words,
            amount=item.amount,
            available=item.available,
            party=parties[item.party_id] if item.party_id else None,
        )
    tell(new, "renewed", actor)
    return new


def _as_long(starts_on: date, ends_on: date, begin: date) -> date:
    """The last day of a term from `begin` that is as long: whole months stay whole."""
    one = timedelta(days=1)
    for months in range(1, 12 * rules.MOST_YEARS + 1):
        if months_after(starts_on, months) - one == ends_on:
            return months_after(begin, months) - one
    return begin + (ends_on - starts_on)

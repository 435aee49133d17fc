"""Agreements of the synthetic street: some of each community, half their dues met."""

from __future__ import annotations

from datetime import date, timedelta

from activities.models import Activity
from liaison.models import (
    Agreement,
    AgreementParty,
    Clause,
    Evidence,
    ListItem,
    Obligation,
    ResourceUse,
)
from liaison.rules.agreements import due_dates
from organizations.models import Organization, User, WorkUnit
from tests.bench.people import Size

EACH, CLAUSES = 8, 6


def agreements(
    size: Size, today: date, communities: list[Organization], writer: User
) -> None:
    """Each community with eight units, six clauses each, a year old next month."""
    begin = today - timedelta(days=330)
    last = begin + timedelta(days=364)
    units = list(WorkUnit.objects.order_by("pk")[: EACH * len(communities)])
    held = list(Activity.objects.filter(held_on__gte=begin).order_by("pk")[:EACH])
    found = Agreement.objects.bulk_create(
        Agreement(
            organization=community,
            title=f"共建协议{number + 1}",
            starts_on=begin,
            ends_on=last,
            signed_on=None if number == 0 else begin,
            drawn_by=writer,
        )
        for community in communities
        for number in range(EACH)
    )
    parties = AgreementParty.objects.bulk_create(
        AgreementParty(agreement=one, unit=units[place % len(units)])
        for place, one in enumerate(found)
    )
    clauses = Clause.objects.bulk_create(
        Clause(
            agreement=one,
            number=number + 1,
            field="culture",
            words="开放场地供居民活动",
            rhythm="quarter",
            party=party if number % 2 else None,
        )
        for one, party in zip(found, parties, strict=True)
        for number in range(CLAUSES)
    )
    dues = Obligation.objects.bulk_create(
        Obligation(
            agreement=clause.agreement, clause=clause, starts_on=start, due_on=end
        )
        for clause in clauses
        if clause.agreement.signed_on
        for start, end in due_dates("quarter", None, begin, last)
    )
    Evidence.objects.bulk_create(
        Evidence(obligation=due, activity=held[place % EACH], given_by=writer)
        for place, due in enumerate(dues)
        if place % 2
    )
    items = ListItem.objects.bulk_create(
        ListItem(agreement=one, kind=kind, category="place", words="阶梯教室")
        for one in found
        for kind in ("resource", "need")
        for _ in range(3)
    )
    ResourceUse.objects.bulk_create(
        ResourceUse(
            item=item,
            used_on=today - timedelta(days=30),
            words="夜校上课",
            recorded_by=writer,
        )
        for item in items
        if item.kind == "resource" and item.agreement.signed_on
    )

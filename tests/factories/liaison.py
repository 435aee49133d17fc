"""Synthetic liaison cards, entries, rounds and remarks, deterministic.

    card = LiaisonCardFactory(organization=branch_a1)
    CardEntryFactory(card=card, occurred_on=date(2026, 8, 3))
    period = FeedbackPeriodFactory(organization=street, label="2026Q3")

A card without a member gets one, in post and co-managed by the card's branch.
Nothing here passes through a service: no audit, no marks.
"""

from datetime import date
from decimal import Decimal

import factory

from config.lib.periods import parse_period
from liaison.choices import EntryKind
from liaison.models import CardEntry, FeedbackPeriod, FeedbackRemark, LiaisonCard
from members.choices import AffiliationKind
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.factories.organizations import UserFactory, WorkUnitFactory


def reported_member(branch, **fields):
    """Return a member in post who reported to `branch`, with a home unit."""
    if "home_unit" not in fields:
        fields["home_unit"] = WorkUnitFactory()
    member = MemberFactory(**fields)
    AffiliationFactory(
        member=member, organization=branch, kind=AffiliationKind.CO_MANAGED
    )
    return member


class LiaisonCardFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LiaisonCard

    number = factory.Sequence(lambda n: f"T-2026-{n + 1:06d}")
    home_unit = factory.SubFactory(WorkUnitFactory)
    member = factory.LazyAttribute(
        lambda o: reported_member(o.organization, home_unit=o.home_unit)
    )
    starts_on = date(2026, 1, 1)
    opened_by = factory.SubFactory(UserFactory)


class CardEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CardEntry

    kind = EntryKind.SERVICE
    occurred_on = date(2026, 8, 3)
    hours = Decimal("2.0")
    content = "参加楼道清扫"
    written_by = factory.SubFactory(UserFactory)


class FeedbackPeriodFactory(factory.django.DjangoModelFactory):
    """An open round; `label` alone sets its dates."""

    class Meta:
        model = FeedbackPeriod

    label = "2026Q3"
    kind = factory.LazyAttribute(lambda o: parse_period(o.label).kind)
    starts_on = factory.LazyAttribute(lambda o: parse_period(o.label).start)
    ends_on = factory.LazyAttribute(lambda o: parse_period(o.label).end)
    due_on = factory.LazyAttribute(lambda o: o.ends_on.replace(day=10))


class FeedbackRemarkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FeedbackRemark

    grade = "优秀"
    words = "热心参加社区服务，表现突出。"
    written_by = factory.SubFactory(UserFactory)

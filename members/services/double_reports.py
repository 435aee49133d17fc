"""Somebody reported to two communities: the street says where he stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.masks import mask_id_number
from members.choices import AffiliationKind, EndReason
from members.choices.reporting import SlipState
from members.models import Affiliation, Member, ReportSlip
from members.querysets import MemberQuerySet
from members.rules import reporting as rules
from members.services.affiliations import end_affiliation
from members.services.slip_rows import settle
from organizations.access import Right, require
from organizations.models import Organization, User

MOST_SHOWN = 200


@dataclass
class DoubleReport:
    """One person with every slip that waits and every place that co-manages him."""

    name: str
    masked_id_number: str
    slips: list[ReportSlip] = field(default_factory=list)
    relations: list[Affiliation] = field(default_factory=list)


def reported_relations(user: User) -> QuerySet[Affiliation]:
    """Open co-managed relations where `user` settles."""
    mine = Organization.objects.with_right(user, Right.SETTLE_CLAIMS)
    return (
        Affiliation.objects.visible_to(user)
        .open()
        .filter(kind=AffiliationKind.CO_MANAGED, organization__in=mine)
    )


def doubled_members(user: User) -> MemberQuerySet:
    """Members whom two branches co-manage at once."""
    doubled = (
        Affiliation.objects.open()
        .filter(kind=AffiliationKind.CO_MANAGED)
        .order_by()
        .values("member")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
    )
    return Member.objects.visible_to(user).filter(pk__in=doubled.values("member"))


def doubled_slips(user: User) -> QuerySet[ReportSlip]:
    """Waiting slips of people who reported elsewhere too, where `user` settles."""
    mine = Organization.objects.with_right(user, Right.SETTLE_CLAIMS)
    slips = ReportSlip.objects.visible_to(user).doubled()
    return slips.filter(organization__in=mine).order_by("reported_on", "pk")


def double_reports(user: User) -> list[DoubleReport]:
    """Everybody who reported twice, by name; at most MOST_SHOWN."""
    slips = list(
        doubled_slips(user).select_related("organization", "work_unit")[:MOST_SHOWN]
    )
    indexes = {slip.id_index for slip in slips}
    people = doubled_members(user).values_list("id_index", flat=True)
    indexes |= set(people.order_by()[:MOST_SHOWN])
    relations = (
        reported_relations(user)
        .filter(member__id_index__in=indexes)
        .select_related("member", "organization")
        .order_by("starts_on", "pk")
    )
    found: dict[str, DoubleReport] = {}
    for slip in slips:
        _of(found, slip, slip.id_index).slips.append(slip)
    for relation in relations:
        member = relation.member
        _of(found, member, member.id_index).relations.append(relation)
    return sorted(found.values(), key=lambda each: each.name)


def _of(found: dict[str, DoubleReport], person: Any, index: str) -> DoubleReport:
    if index not in found:
        found[index] = DoubleReport(person.name, mask_id_number(person.id_number))
    return found[index]


def others_of(
    user: User, kept: ReportSlip | Affiliation
) -> tuple[list[ReportSlip], list[Affiliation]]:
    """The other reports of the person of `kept`."""
    person = kept if isinstance(kept, ReportSlip) else kept.member
    index = person.id_index
    slips = ReportSlip.objects.visible_to(user).received().filter(id_index=index)
    relations = reported_relations(user).filter(member__id_index=index)
    if isinstance(kept, ReportSlip):
        slips = slips.exclude(pk=kept.pk)
    else:
        relations = relations.exclude(pk=kept.pk)
    return (
        list(slips.select_related("organization").order_by("pk")),
        list(relations.select_related("organization", "member").order_by("pk")),
    )


@transaction.atomic
def keep_report(
    *,
    kept: ReportSlip | Affiliation,
    words: str,
    end_reason: str = EndReason.MISTAKE,
    actor: User,
) -> int:
    """Let one report stand: refuse the other slips and end the other relations.

    Returns how many were settled. Raises RuleError where nothing is doubled any more,
    or the one to be kept was answered or ended meanwhile.
    """
    words = rules.check_reason(words)
    _hold(kept, actor)
    slips, relations = others_of(actor, kept)
    if not slips and not relations:
        raise RuleError(
            "该同志现在只有这一处报到，没有重复，不必处理。", code="not_doubled"
        )
    for slip in _locked(slips):
        require(actor, Right.SETTLE_CLAIMS, slip.organization)
        settle(slip, SlipState.REFUSED, actor, reason=words)
    for relation in relations:
        end_affiliation(
            affiliation_id=relation.pk,
            ends_on=timezone.localdate(),
            end_reason=end_reason,
            note=words,
            actor=actor,
        )
    return len(slips) + len(relations)


def _hold(kept: ReportSlip | Affiliation, actor: User) -> None:
    """Lock what shall stand. Raises RuleError when it stands no more."""
    require(actor, Right.SETTLE_CLAIMS, kept.organization)
    rows: QuerySet[Any] = (
        ReportSlip.objects.received()
        if isinstance(kept, ReportSlip)
        else Affiliation.objects.open()
    )
    if not rows.select_for_update(of=("self",), no_key=True).filter(pk=kept.pk):
        raise RuleError("这一处报到刚刚有人办理过，请刷新后再看。", code="settled")


def _locked(slips: Iterable[ReportSlip]) -> Iterable[ReportSlip]:
    return (
        ReportSlip.objects.received()
        .filter(pk__in=[slip.pk for slip in slips])
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )

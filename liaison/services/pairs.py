"""Pairs of Party organizations with units: begun, amended, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.paths import is_within
from config.lib.versions import check_version
from liaison.choices.agreements import JointField
from liaison.models import Agreement, Pair, PairPartner, PairTask
from liaison.rules import pairs as rules
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User, WorkUnit
from organizations.signals import facts_changed


@dataclass(frozen=True)
class PairFacts:
    """What a pair is, apart from who belongs to it; without a title it gets one."""

    field: str
    starts_on: date
    title: str = ""
    purpose: str = ""
    liaison_name: str = ""
    agreement_id: int | None = None


@transaction.atomic
def begin_pair(
    *,
    organization_id: int,
    facts: PairFacts,
    unit_ids: Sequence[int],
    partner_ids: Sequence[int] = (),
    actor: User,
    request_id: UUID | None = None,
) -> Pair:
    """Begin a pair with work units and other organizations (`partner_ids`).

    A repeated `request_id` returns the pair of the first time. Raises DoesNotExist of
    Organization, WorkUnit and Agreement out of scope, RuleError.
    """
    organization = _locked_place(organization_id, actor)
    if request_id is not None:
        earlier = Pair.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    pair = Pair(organization=organization, begun_by=actor, request_id=request_id)
    units, others = _members(pair, unit_ids, partner_ids, actor)
    _apply(pair, facts, units, others, actor)
    pair.save(force_insert=True)
    _write_partners(pair, units, others)
    tell(pair, "begun", actor, since=pair.starts_on)
    return pair


@transaction.atomic
def amend_pair(
    *,
    pair_id: int,
    facts: PairFacts,
    unit_ids: Sequence[int],
    partner_ids: Sequence[int] = (),
    liaisons: Mapping[int, str] | None = None,
    version: int | None = None,
    actor: User,
) -> Pair:
    """Change a pair that stands; `liaisons` maps a partner's id to its liaison.

    Raises as `begin_pair`, Pair.DoesNotExist, StaleError.
    """
    seen = Pair.objects.visible_to(actor).get(pk=pair_id)
    _locked_place(seen.organization_id, actor)
    pair = locked_pair(pair_id, actor)
    check_version(pair, version)
    check_stands(pair)
    first = min(pair.starts_on, facts.starts_on)
    units, others = _members(pair, unit_ids, partner_ids, actor)
    _apply(pair, facts, units, others, actor)
    _check_begin_of_parts(pair)
    _save(pair)
    _write_partners(pair, units, others)
    for partner in pair.partners.filter(pk__in=liaisons or {}):
        partner.liaison_name = (liaisons or {})[partner.pk].strip()
        partner.save(update_fields=["liaison_name"])
    tell(pair, "amended", actor, since=first)
    return pair


@transaction.atomic
def end_pair(
    *,
    pair_id: int,
    ended_on: date,
    reason: str,
    version: int | None = None,
    actor: User,
) -> Pair:
    """End a pair: what is planned for that day or later is owed no more."""
    pair = locked_pair(pair_id, actor)
    check_version(pair, version)
    check_stands(pair)
    rules.check_end(ended_on, starts_on=pair.starts_on, today=timezone.localdate())
    if not reason.strip():
        raise RuleError("请写明结束的原因。", code="reason")
    later = pair.pair_activities.filter(activity__held_on__gte=ended_on)
    if (row := later.select_related("activity").first()) is not None:
        raise RuleError(
            f"{row.activity.held_on}的活动“{row.activity}”在结束日期以后，"
            "请核对结束日期，或者先把它移出这个对子。",
            code="ended_on",
        )
    pair.ended_on, pair.ended_reason = ended_on, reason.strip()
    _save(pair)
    tell(pair, "ended", actor, since=ended_on)
    return pair


def locked_pair(pair_id: int, actor: User) -> Pair:
    rows = Pair.objects.visible_to(actor).select_related("organization")
    pair = rows.select_for_update(of=("self",), no_key=True).get(pk=pair_id)
    require(actor, Right.KEEP_AGREEMENTS, pair.organization)
    return pair


def check_stands(pair: Pair) -> None:
    if pair.ended_on is not None:
        raise RuleError(
            f"这个对子已于{pair.ended_on}结束，不能再改；又结对的请另行登记。",
            code="ended",
        )


def tell(
    pair: Pair, step: str, actor: User, *, since: date | None = None, at: int = 0
) -> None:
    """Write the audit trail; `since` lets figures follow, `at` another organization."""
    audit.record(
        actor=actor,
        action=AuditAction.JOINT_PAIR_SAVED,
        target=pair,
        organization=pair.organization,
        details={"pair_step": step},
    )
    if since is not None:
        facts_changed.send(
            sender=Pair, organization_ids={at or pair.organization_id}, since=since
        )


def hand_over_pairs(*, source: Organization, target: Organization) -> None:
    """Let the one an organization merges into keep its pairs and be in others'.

    In the caller's transaction. A pair of the two themselves ends with the merger.
    """
    today = timezone.localdate()
    for row in PairPartner.objects.filter(organization=source).select_related("pair"):
        taken = PairPartner.objects.filter(pair=row.pair, organization=target).first()
        if taken is None:
            row.organization = target
            row.save(update_fields=["organization"])
        else:
            PairTask.objects.filter(partner=row).update(partner=taken)
            row.delete()
    rows = Pair.objects.filter(organization=source)
    first = rows.order_by("starts_on").values_list("starts_on", flat=True).first()
    rows.update(organization=target)
    with_itself = Pair.objects.filter(
        organization=target, partners__organization=target, ended_on__isnull=True
    )
    for pair in with_itself.filter(starts_on__lt=today).distinct():
        if pair.partners.count() == 1:
            pair.ended_on, pair.ended_reason = today, "双方党组织合并"
            _save(pair)
            first = min(first or today, today)
    if first is not None:
        facts_changed.send(
            sender=Pair, organization_ids={source.pk, target.pk}, since=first
        )


def _locked_place(organization_id: int, actor: User) -> Organization:
    """The organization, locked: two pairs with one unit in a field come in turn."""
    places = Organization.objects.with_right(actor, Right.KEEP_AGREEMENTS).open()
    return places.select_for_update(of=("self",), no_key=True).get(pk=organization_id)


def _apply(
    pair: Pair,
    facts: PairFacts,
    units: Sequence[WorkUnit],
    others: Sequence[Organization],
    actor: User,
) -> None:
    rules.check_field(facts.field)
    rules.check_begin(facts.starts_on, timezone.localdate())
    _check_alone(pair, facts.field, units)
    names = "、".join(str(each) for each in (*units, *others))
    label = JointField(facts.field).label
    title = f"{pair.organization.short_name}与{names}"
    pair.title = facts.title.strip() or f"{title[: 80 - len(label)]}{label}"
    pair.field, pair.starts_on = facts.field, facts.starts_on
    pair.purpose = facts.purpose.strip()
    pair.liaison_name = facts.liaison_name.strip()
    pair.agreement = _agreement(pair, facts.agreement_id, actor)
    pair.clean_fields(exclude=["organization", "agreement", "begun_by", "ended_reason"])


def _check_alone(pair: Pair, field: str, units: Sequence[WorkUnit]) -> None:
    """Raise RuleError where a unit is paired here in the field already."""
    rows = PairPartner.objects.filter(
        pair__organization=pair.organization,
        pair__field=field,
        pair__ended_on__isnull=True,
        unit__in=units,
    ).exclude(pair=pair.pk)
    if (row := rows.select_related("pair", "unit").first()) is not None:
        raise RuleError(
            f"{row.unit}已在对子“{row.pair}”里，同一领域不用再结一对；"
            "请打开那个对子，或者换一个领域。",
            code="units",
        )


def _agreement(pair: Pair, agreement_id: int | None, actor: User) -> Agreement | None:
    if agreement_id is None:
        return None
    rows = Agreement.objects.visible_to(actor).filter(signed_on__isnull=False)
    agreement = rows.select_related("organization").get(pk=agreement_id)
    mine, its = pair.organization.path, agreement.organization.path
    if not (is_within(mine, its) or is_within(its, mine)):
        raise RuleError(
            f"协议“{agreement}”是{agreement.organization}签的，不是这个党组织或它的"
            "上下级签的，不能作为依据。",
            code="agreement",
        )
    return agreement


def _members(
    pair: Pair, unit_ids: Sequence[int], partner_ids: Sequence[int], actor: User
) -> tuple[list[WorkUnit], list[Organization]]:
    rules.check_partners(len(set(unit_ids)) + len(set(partner_ids)))
    if pair.organization_id in partner_ids:
        raise RuleError("党组织不能和自己结对，请选别的党组织。", code="organizations")
    units = list(WorkUnit.objects.visible_to(actor).filter(pk__in=unit_ids))
    if len(units) != len(set(unit_ids)):
        raise WorkUnit.DoesNotExist
    seen = Organization.objects.visible_to(actor).open()
    others = list(seen.filter(pk__in=partner_ids))
    if len(others) != len(set(partner_ids)):
        raise Organization.DoesNotExist
    return units, others


def _write_partners(
    pair: Pair, units: Sequence[WorkUnit], others: Sequence[Organization]
) -> None:
    kept = {unit.pk for unit in units}, {other.pk for other in others}
    for partner in pair.partners.all():
        if partner.unit_id in kept[0] or partner.organization_id in kept[1]:
            continue
        if partner.tasks.exists():
            raise RuleError(
                f"{partner}还有牵头的计划事项，不能移出对子；请先改由别的一方牵头。",
                code="units",
            )
        partner.delete()
    for unit in units:
        PairPartner.objects.get_or_create(
            pair=pair, unit=unit, defaults={"liaison_name": unit.contact_name}
        )
    for other in others:
        PairPartner.objects.get_or_create(
            pair=pair,
            organization=other,
            defaults={"liaison_name": other.contact_name},
        )


def _check_begin_of_parts(pair: Pair) -> None:
    early = pair.pair_activities.filter(activity__held_on__lt=pair.starts_on)
    if (row := early.select_related("activity").first()) is not None:
        raise RuleError(
            f"{row.activity.held_on}的活动“{row.activity}”已列入这个对子，"
            "结对日期不能晚于它；请核对，或者先把它移出。",
            code="starts_on",
        )


def _save(pair: Pair) -> None:
    pair.version += 1
    pair.save()

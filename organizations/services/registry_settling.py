"""Settling the differences that a registration authority's list brought up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import save_versioned
from organizations import audit
from organizations.access import Right, require_right
from organizations.choices import AuditAction, WorkUnitKind
from organizations.coverage_choices import (
    OUTCOMES,
    SCOPE_KINDS,
    TWO_NEW_KINDS,
    DifferenceKind,
    DifferenceOutcome,
    UnitState,
)
from organizations.models import (
    CensusSheet,
    Community,
    Organization,
    RegistryDifference,
    RegistryList,
    User,
    WorkUnit,
)
from organizations.services.census import follow_unit, place_of, tell
from organizations.services.registry import lock_street

_UNIT_FIELDS = ("name", "credit_code", "kind", "address")
# Written into a known unit that is taken in, where it has none.
_FILLED_IN = ("credit_code", "address", "registration_authority")
MOST_AT_ONCE = 1000


@transaction.atomic
def settle_differences(
    *,
    registry_id: int,
    difference_ids: Sequence[int],
    outcome: str,
    reason: str = "",
    community_id: int | None = None,
    actor: User,
) -> int:
    """Decide about differences of one kind, all or none; return how many.

    `community_id` is where new units are put whose community is not known. Raises
    RuleError for one that is settled already or whose outcome does not fit its kind,
    RegistryDifference.DoesNotExist and Community.DoesNotExist out of scope.
    """
    require_right(actor, Right.KEEP_COVERAGE)
    rows = _locked(registry_id, difference_ids, actor)
    _check(rows, outcome, reason)
    community = None
    if community_id is not None:
        places = Community.objects.filter(
            organization__in=Organization.objects.subtree(rows[0].registry.organization)
        )
        community = places.visible_to(actor).get(pk=community_id)
    for row in rows:
        try:
            _settle(row, outcome, community, actor)
        except ValidationError as error:
            words = "".join(error.messages)
            raise RuleError(f"“{row.name}”：{words}这次一项都没有处理。") from error
        row.outcome, row.reason = outcome, reason.strip()
        row.settled_by, row.settled_at = actor, timezone.now()
        row.save(
            update_fields=[
                *("outcome", "reason", "settled_by", "settled_at"),
                *("unit", "community"),
            ]
        )
    audit.record(
        actor=actor,
        action=AuditAction.REGISTRY_COMPARED,
        target=rows[0].registry,
        organization=rows[0].registry.organization,
        details={
            "registry_step": "settled",
            "registry_outcome": outcome,
            "count": len(rows),
        },
    )
    return len(rows)


def _locked(
    registry_id: int, ids: Sequence[int], actor: User
) -> list[RegistryDifference]:
    wanted = set(ids)
    if not wanted:
        raise RuleError("请先勾选要处理的单位。", code="nothing")
    if len(wanted) > MOST_AT_ONCE:
        raise RuleError(f"一次最多处理{MOST_AT_ONCE}项，请分几次。", code="too_many")
    lists = RegistryList.objects.visible_to(actor).filter(pk=registry_id)
    street_id = lists.values_list("organization_id", flat=True).first()
    if street_id is None:
        raise RegistryDifference.DoesNotExist
    # Before the list is read: somebody may be withdrawing it.
    lock_street(street_id)
    seen = RegistryDifference.objects.visible_to(actor).filter(
        registry_id=registry_id, pk__in=wanted
    )
    rows = list(
        seen.select_related("registry__organization", "community")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if len(rows) != len(wanted):
        raise RegistryDifference.DoesNotExist
    if rows[0].registry.withdrawn_at is not None:
        raise RuleError("这份名单已经撤回，不用再处理。", code="withdrawn")
    for row in rows:
        if row.settled_at is not None:
            raise RuleError(
                f"“{row.name}”刚刚已经处理过（{row.get_outcome_display()}），"
                "请重新打开这一页再选。",
                code="settled",
            )
    return rows


def _check(rows: list[RegistryDifference], outcome: str, reason: str) -> None:
    for row in rows:
        if outcome not in OUTCOMES[row.kind]:
            label = DifferenceKind(row.kind).label
            offered = "、".join(each.label for each in OUTCOMES[row.kind])
            raise RuleError(f"“{label}”的差异只能选：{offered}。", code="outcome")
    if outcome == DifferenceOutcome.LEFT and not reason.strip():
        raise RuleError("不改的，请写明原因。", code="reason")


def _settle(
    row: RegistryDifference, outcome: str, community: Community | None, actor: User
) -> None:
    if outcome == DifferenceOutcome.LEFT:
        return
    if outcome == DifferenceOutcome.TAKEN:
        _take_in(row, community, actor)
        return
    assert row.unit_id is not None
    unit = _unit(row.unit_id)
    if outcome in {DifferenceOutcome.RENAMED, DifferenceOutcome.CHANGED}:
        _check_as_compared(row, unit)
        _change(unit, row.after, actor)
    elif outcome == DifferenceOutcome.STRUCK:
        _save(unit, {"is_active": False}, actor)
    else:
        state = UnitState.SHELL if outcome == DifferenceOutcome.SHELL else "moved"
        _set_state(unit, state, actor)


def _unit(pk: int) -> WorkUnit:
    rows = WorkUnit.objects.select_related("community__organization")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _check_as_compared(row: RegistryDifference, unit: WorkUnit) -> None:
    """Somebody may have changed the unit since the list was compared."""
    for key, before in row.before.items():
        if key in _UNIT_FIELDS and getattr(unit, key) not in {before, row.after[key]}:
            raise RuleError(
                "这家单位在核对名单以后又被修改过，请打开单位核对；名单仍然对的，"
                "请选“不改”并手工修改。",
                code="stale",
            )


def _take_in(row: RegistryDifference, community: Community | None, actor: User) -> None:
    """Add the unit, or bring one that was known already into the register."""
    row.community = row.community or community
    if row.community is None:
        raise RuleError("看不出在哪个社区，请在“所在社区”里选择。", code="community")
    known = _known(row)
    listed = {key: row.after[key] for key in _UNIT_FIELDS if row.after.get(key)}
    values: dict[str, Any] = {
        "community": row.community,
        "is_resident": True,
        "is_active": True,
        "kind": _kind_of(row, known),
    }
    if known is None:
        unit = WorkUnit(**listed | values)
        unit.registration_authority = row.registry.authority
        unit.full_clean()
        unit.save(force_insert=True)
        _record(unit, actor, {"created": True, "by": "registry"})
    else:
        unit = known
        listed["registration_authority"] = row.registry.authority
        blank = {key for key in _FILLED_IN if key in listed and not getattr(unit, key)}
        _save(unit, values | {key: listed[key] for key in blank}, actor)
    row.unit = unit
    _begin_sheet(unit, row, actor)


def _known(row: RegistryDifference) -> WorkUnit | None:
    """The unit that was compared, or one a roster has brought by name since."""
    if row.unit_id is not None:
        return _unit(row.unit_id)
    same = WorkUnit.objects.filter(name=row.after["name"]).first()
    if same is None:
        return None
    if same.credit_code:
        raise RuleError(
            "已有同名的工作单位，信用代码不同，请先打开那家单位核对代码。", code="name"
        )
    return _unit(same.pk)


def _kind_of(row: RegistryDifference, known: WorkUnit | None) -> str:
    """What the list says; where it is silent a known unit keeps its kind."""
    kinds = SCOPE_KINDS[row.registry.scope]
    kind: str = row.after.get("kind", "")
    if not kind and known is not None:
        is_told = known.kind == WorkUnitKind.OTHER and len(kinds) == 1
        kind = "" if is_told else known.kind
    kind = kind or kinds[0]
    if kind not in TWO_NEW_KINDS:
        raise RuleError(
            f"单位类别是“{WorkUnitKind(kind).label}”，不属于两新，请选“不改”；类别登记"
            "错了的，请先在工作单位里更正。",
            code="kind",
        )
    return kind


def _begin_sheet(unit: WorkUnit, row: RegistryDifference, actor: User) -> None:
    if unit.census_sheets.open().exists():
        return
    today = timezone.localdate()
    CensusSheet.objects.create(
        unit=unit,
        starts_on=today,
        state=UnitState.OPERATING,
        is_surveyed=False,
        owner_name=row.after.get("legal_person", ""),
        recorded_by=actor,
    )
    tell(unit, "taken_in", actor, since=today)


def _change(unit: WorkUnit, after: dict[str, str], actor: User) -> None:
    values = {key: after[key] for key in _UNIT_FIELDS if key in after}
    if values:
        _save(unit, values, actor)
    sheet = unit.census_sheets.open().first()
    if "legal_person" in after and sheet is not None:
        sheet.owner_name = after["legal_person"]
        sheet.version += 1
        sheet.save(update_fields=["owner_name", "version"])
        tell(unit, "owner", actor, since=timezone.localdate())


def _set_state(unit: WorkUnit, state: str, actor: User) -> None:
    """The sheet goes on with another state from today."""
    today = timezone.localdate()
    sheet = unit.census_sheets.open().first()
    if sheet is None:
        sheet = CensusSheet(unit=unit, starts_on=today, is_surveyed=False)
    elif sheet.starts_on < today:
        sheet.ends_on = today
        sheet.version += 1
        sheet.save(update_fields=["ends_on", "version"])
        # The same findings again, as another row.
        sheet.pk, sheet.ends_on, sheet.version = None, None, 1
        sheet.starts_on = today
        sheet._state.adding = True
    sheet.state, sheet.recorded_by = state, actor
    sheet.save()
    tell(unit, "state", actor, since=today)


def _save(unit: WorkUnit, values: dict[str, Any], actor: User) -> None:
    before = {
        key: getattr(unit, key)
        for key, value in values.items()
        if getattr(unit, key) != value
    }
    if not before:
        return
    for key in before:
        setattr(unit, key, values[key])
    unit.full_clean()
    save_versioned(unit, version=None, update_fields=list(before))
    follow_unit(unit, before)
    shown = {
        key: [str(old or ""), str(values[key] or "")] for key, old in before.items()
    }
    _record(unit, actor, {"changed": shown, "by": "registry"})


def _record(unit: WorkUnit, actor: User, details: dict[str, Any]) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.WORK_UNIT_SAVED,
        target=unit,
        organization=place_of(unit),
        details=details,
    )

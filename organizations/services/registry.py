"""Lists of registration authorities: taken in and compared; nothing else is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.xlsx.errors import WorkbookError
from config.lib.xlsx.reader import read_workbook
from organizations import audit
from organizations.access import Right, require, require_right
from organizations.choices import AuditAction, FilePurpose
from organizations.coverage_choices import (
    SCOPE_KINDS,
    DifferenceKind,
    DifferenceOutcome,
    RegistryScope,
    UnitState,
)
from organizations.coverage_querysets import two_new
from organizations.imports.registry import RegistryRows, read_registry
from organizations.models import (
    CensusSheet,
    Community,
    Organization,
    RegistryDifference,
    RegistryList,
    StoredFile,
    User,
    WorkUnit,
)
from organizations.registry_rules import Difference, Known, community_in, compare
from organizations.services.files import SHEETS, store_upload

MAX_BYTES = 20 * 1024 * 1024
_BATCH = 2000


@dataclass(frozen=True)
class ListFacts:
    authority: str
    scope: str
    quarter_starts_on: date


@transaction.atomic
def take_registry(
    *,
    organization_id: int,
    facts: ListFacts,
    upload: Any,
    actor: User,
    request_id: UUID | None = None,
) -> RegistryList:
    """Compare an uploaded list with the register and keep the differences.

    The register stays as it is. What the authority's lists of the same scope and no
    later quarter left unsettled is superseded: the new comparison finds it again. A
    repeated `request_id` returns the list of the first time. Raises PermissionDenied
    for anything but a street, RuleError for a file that cannot be used.
    """
    street = _street(organization_id, actor)
    if not facts.authority.strip():
        raise RuleError("请填写登记机关。", code="authority")
    stored = store_upload(
        upload=upload,
        purpose=FilePurpose.REGISTRY,
        organization=street,
        actor=actor,
        allowed_types=SHEETS,
        max_bytes=MAX_BYTES,
    )
    # Read before the street is locked: a long list takes seconds.
    rows = _rows_of(stored, facts.scope)
    locked_street(organization_id, actor)
    if request_id is not None:
        earlier = RegistryList.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    registry = RegistryList(
        organization=street,
        authority=facts.authority.strip(),
        scope=facts.scope,
        quarter_starts_on=facts.quarter_starts_on,
        file=stored,
        imported_by=actor,
        request_id=request_id,
    )
    compare_rows(registry, rows)
    audit.record(
        actor=actor,
        action=AuditAction.REGISTRY_COMPARED,
        target=registry,
        organization=street,
        details={
            "registry_step": "taken",
            "rows": registry.row_count,
            "count": registry.differences.count(),
        },
    )
    return registry


def compare_rows(registry: RegistryList, rows: RegistryRows) -> None:
    """Save a list with its differences. In the caller's transaction."""
    known = list(known_units(registry))
    found = compare(rows.rows, known, frozenset(rows.spared))
    registry.row_count = len(rows.rows)
    registry.unchanged = found.unchanged
    registry.problems = [list(each) for each in rows.problems]
    registry.problem_count = rows.problem_count
    registry.save(force_insert=True)
    _supersede(registry)
    _write(registry, _not_left_before(registry, found.differences), known)


@transaction.atomic
def withdraw_registry(*, registry_id: int, actor: User) -> RegistryList:
    """Take back a list of which nothing has been settled yet.

    What it superseded is open again, unless a later list supersedes that as well.
    """
    seen = RegistryList.objects.visible_to(actor).get(pk=registry_id)
    locked_street(seen.organization_id, actor)
    registry = RegistryList.objects.select_for_update(of=("self",)).get(pk=registry_id)
    if registry.withdrawn_at is not None:
        raise RuleError("这份名单已经撤回。", code="withdrawn")
    settled = registry.differences.filter(settled_by__isnull=False).count()
    if settled:
        raise RuleError(
            f"这份名单已经处理了{settled}项差异，不能撤回。", code="settled"
        )
    registry.withdrawn_at = timezone.now()
    registry.save(update_fields=["withdrawn_at"])
    _reopen(registry)
    audit.record(
        actor=actor,
        action=AuditAction.REGISTRY_COMPARED,
        target=registry,
        organization=registry.organization,
        details={"registry_step": "withdrawn"},
    )
    return registry


def locked_street(organization_id: int, actor: User) -> Organization:
    """The street, locked: lists of one street are compared and settled in turn."""
    return lock_street(_street(organization_id, actor).pk)


def lock_street(organization_id: int) -> Organization:
    """The same for whoever settles what is a community's; the caller asks the right."""
    rows = Organization.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=organization_id)


def _street(organization_id: int, actor: User) -> Organization:
    require_right(actor, Right.KEEP_COVERAGE)
    streets = Organization.objects.visible_to(actor).filter(parent__isnull=True)
    street = streets.filter(pk=organization_id).first()
    if street is None:
        raise PermissionDenied("登记名单由街道导入和撤回，请联系街道工作人员。")
    require(actor, Right.KEEP_COVERAGE, street)
    return street


def _rows_of(stored: StoredFile, scope: str) -> RegistryRows:
    try:
        with read_workbook(
            Path(stored.file.path), original_name=stored.original_name
        ) as workbook:
            return read_registry(workbook, scope)
    except WorkbookError as error:
        raise RuleError(error.message, code=error.code) from error


def known_units(registry: RegistryList) -> Iterable[Known]:
    """Every unit known here, for comparing; rosters bring some by name alone.

    A list is expected to name units of its own authority, and those of which nobody
    has said where they are registered.
    """
    places = _places(registry.organization)
    here = two_new() & (Q(community__isnull=True) | Q(community__in=places))
    owners = dict(
        CensusSheet.objects.open().order_by().values_list("unit_id", "owner_name")
    )
    away = set(
        CensusSheet.objects.open()
        .filter(state=UnitState.MOVED)
        .order_by()
        .values_list("unit_id", flat=True)
    )
    expected = set(
        WorkUnit.objects.filter(
            here,
            kind__in=SCOPE_KINDS[registry.scope],
            registration_authority__in=["", registry.authority],
        )
        .order_by()
        .values_list("pk", flat=True)
    )
    kept = set(WorkUnit.objects.filter(here).order_by().values_list("pk", flat=True))
    rows = WorkUnit.objects.order_by("name", "pk")
    columns = ("pk", "credit_code", "name", "kind", "address")
    for pk, code, name, kind, address in rows.values_list(*columns):
        yield Known(
            pk=pk,
            credit_code=code,
            name=name,
            kind=kind,
            address=address,
            legal_person=owners.get(pk, ""),
            is_kept=pk in kept,
            is_expected=pk in expected and pk not in away,
        )


def _places(street: Organization) -> Any:
    return Community.objects.filter(
        organization__in=Organization.objects.subtree(street)
    )


def _supersede(registry: RegistryList) -> None:
    """Close what earlier lists left open and this one was compared for again."""
    is_both = registry.scope == RegistryScope.BOTH
    RegistryDifference.objects.filter(
        registry__lt=registry.pk,
        registry__organization=registry.organization,
        registry__authority=registry.authority,
        registry__scope__in=RegistryScope.values if is_both else [registry.scope],
        registry__quarter_starts_on__lte=registry.quarter_starts_on,
        settled_at__isnull=True,
    ).update(
        settled_at=timezone.now(),
        outcome=DifferenceOutcome.SUPERSEDED,
        superseded_by=registry,
    )


def _reopen(registry: RegistryList) -> None:
    registry.superseded.update(settled_at=None, outcome="", superseded_by=None)
    later = RegistryList.objects.filter(
        pk__gt=registry.pk,
        organization=registry.organization,
        authority=registry.authority,
        withdrawn_at__isnull=True,
    )
    for each in later.order_by("pk"):
        _supersede(each)


def _not_left_before(
    registry: RegistryList, found: list[Difference]
) -> list[Difference]:
    """Leave out what somebody decided to leave as it is, and is still the same."""
    left = {
        _mark(kind, unit_id, code, after)
        for kind, unit_id, code, after in RegistryDifference.objects.filter(
            registry__organization=registry.organization,
            outcome=DifferenceOutcome.LEFT,
        )
        .exclude(kind=DifferenceKind.GONE)
        .values_list("kind", "unit_id", "credit_code", "after")
    }
    if not left:
        return found
    return [
        each
        for each in found
        if _mark(each.kind, each.unit_id, _code(each, {}), each.after) not in left
    ]


def _mark(kind: str, unit_id: int | None, code: str, after: dict[str, str]) -> Any:
    return kind, unit_id or code, tuple(sorted(after.items()))


def _code(each: Difference, known: dict[int, Any]) -> str:
    if each.listed is not None:
        return each.listed.credit_code
    unit = known.get(each.unit_id or 0)
    return unit.credit_code if unit else ""


def _write(registry: RegistryList, found: list[Difference], known: list[Known]) -> None:
    by_pk = {unit.pk: unit for unit in known}
    places = dict(
        WorkUnit.objects.filter(community__in=_places(registry.organization))
        .order_by()
        .values_list("pk", "community_id")
    )
    names = list(_places(registry.organization).values_list("pk", "name"))
    RegistryDifference.objects.bulk_create(
        (
            RegistryDifference(
                registry=registry,
                kind=each.kind,
                unit_id=each.unit_id,
                community_id=places.get(each.unit_id or 0)
                or community_in(each.after.get("address", ""), names),
                credit_code=_code(each, by_pk),
                name=by_pk[each.unit_id].name
                if each.unit_id is not None
                else each.after["name"],
                before=each.before,
                after=each.after,
            )
            for each in found
        ),
        batch_size=_BATCH,
    )

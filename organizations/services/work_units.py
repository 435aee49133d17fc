"""Employers, resident in the street or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction

from config.lib.dates import clean_text
from config.lib.errors import RuleError
from config.lib.identity import normalize_credit_code, normalize_phone
from config.lib.versions import check_version, save_versioned
from organizations import audit, rules
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Community, Organization, WorkUnit
from organizations.services.census import follow_unit

if TYPE_CHECKING:
    from organizations.services.structure import Actor


class WorkUnitValues(TypedDict, total=False):
    """Fields a service may set; a key that is absent stays."""

    name: str
    credit_code: str
    kind: str
    industry: str
    is_resident: bool
    community: Community | None
    address: str
    party_organization_name: str
    organization: Organization | None
    competent_authority: str
    registration_authority: str
    contact_name: str
    contact_phone: str
    contact_email: str
    feedback_channel: str
    is_active: bool


CHANGEABLE = tuple(WorkUnitValues.__annotations__)
# Never in the audit trail in clear.
_PRIVATE = frozenset({"contact_phone", "contact_email", "contact_name"})


@transaction.atomic
def create_work_unit(*, actor: Actor, **values: Unpack[WorkUnitValues]) -> WorkUnit:
    """Add an employer. Raises PermissionDenied, ValidationError by field."""
    _require_keeper(actor)
    unit = WorkUnit(**_clean(values))
    _check_links(unit, values, actor)
    unit.full_clean()
    unit.save(force_insert=True)
    _record(unit, actor, {"created": True})
    return unit


@transaction.atomic
def update_work_unit(
    *,
    work_unit_id: int,
    version: int | None,
    actor: Actor,
    **values: Unpack[WorkUnitValues],
) -> WorkUnit:
    """Change an employer.

    Raises StaleError, WorkUnit.DoesNotExist out of scope, PermissionDenied,
    ValidationError by field.
    """
    unit = (
        WorkUnit.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .get(pk=work_unit_id)
    )
    _require_keeper(actor)
    check_version(unit, version)
    before = {key: getattr(unit, key) for key in values}
    for key, value in _clean(values).items():
        setattr(unit, key, value)
    changed = [key for key in values if getattr(unit, key) != before[key]]
    if not changed:
        return unit
    _check_links(unit, changed, actor)
    unit.full_clean()
    save_versioned(unit, version=None, update_fields=changed)
    follow_unit(unit, {key: before[key] for key in changed})
    shown = {
        key: ["***", "***"]
        if key in _PRIVATE
        else [str(before[key] or ""), str(getattr(unit, key) or "")]
        for key in changed
    }
    _record(unit, actor, {"changed": shown})
    return unit


@transaction.atomic
def find_or_add_work_unit(*, name: str, actor: Actor) -> WorkUnit:
    """Return the employer of this name, adding it with a guessed kind if need be.

    For rosters, which name units nobody has entered: whoever imports members may
    add one by name, and only by name.
    """
    name = clean_text(name)
    known = WorkUnit.objects.filter(name=name).first()
    if known is not None:
        return known
    if not (actor.has_right(Right.IMPORT_MEMBERS) or _is_keeper(actor)):
        raise PermissionDenied("您的岗位没有新增工作单位的权限，请联系街道工作人员。")
    unit = WorkUnit(name=name, kind=rules.guess_unit_kind(name))
    unit.full_clean()
    unit.save(force_insert=True)
    _record(unit, actor, {"created": True, "by": "import"})
    return unit


def _is_keeper(actor: Actor) -> bool:
    return actor.has_right(Right.MANAGE_ORGANIZATIONS)


def _require_keeper(actor: Actor) -> None:
    """Units belong to no branch: whoever manages the tree anywhere keeps them all."""
    if not _is_keeper(actor):
        raise PermissionDenied("您的岗位没有维护工作单位的权限，请联系街道工作人员。")


def _clean(values: Any) -> dict[str, Any]:
    if unknown := set(values) - set(CHANGEABLE):
        raise TypeError(f"a work unit has no {sorted(unknown)}")
    cleaned = {
        key: clean_text(value) if isinstance(value, str) else value
        for key, value in values.items()
    }
    if cleaned.get("credit_code"):
        cleaned["credit_code"] = normalize_credit_code(cleaned["credit_code"])
    if cleaned.get("contact_phone"):
        cleaned["contact_phone"] = normalize_phone(cleaned["contact_phone"])
    return cleaned


def _check_links(unit: WorkUnit, changed: Any, actor: Actor) -> None:
    """Refuse a community or organization that the actor may not choose."""
    links = {
        "community": ("所在社区", Community.objects.offered_to),
        "organization": ("单位党组织", Organization.objects.visible_to),
    }
    for key, (label, offered_to) in links.items():
        link = getattr(unit, key)
        if key not in changed or link is None:
            continue
        if not offered_to(actor).filter(pk=link.pk).exists():
            raise RuleError(f"“{label}”请从列表中选择。", code="choice")


def _record(unit: WorkUnit, actor: Actor, details: dict[str, Any]) -> None:
    audit.record(
        actor=actor, action=AuditAction.WORK_UNIT_SAVED, target=unit, details=details
    )

"""Making, changing, moving, merging and closing organizations."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction

from config.lib.dates import clean_text
from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from config.lib.names import normalize_name
from config.lib.paths import ancestors
from config.lib.versions import check_version, save_versioned
from organizations import access, audit, rules
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.services import checks, ending, tree
from organizations.services.census import end_hosting
from organizations.services.communities import ensure_community
from organizations.signals import (
    facts_changed,
    organization_closing,
    organization_merging,
    organization_moved,
)
from organizations.system import SystemActor

Actor = User | SystemActor


class OrganizationDetails(TypedDict, total=False):
    """What an organization may have beside name, kind and place."""

    unit_situation: str
    founded_on: date | None
    term_ends_on: date | None
    contact_name: str
    contact_phone: str
    fax: str
    address: str
    postcode: str


class OrganizationChanges(OrganizationDetails, total=False):
    """What `update_organization` may change; a key that is absent stays."""

    name: str
    short_name: str
    kind: str
    field: str


CHANGEABLE = (
    "name",
    "short_name",
    "kind",
    "field",
    *OrganizationDetails.__annotations__,
)


@transaction.atomic
def create_organization(
    *,
    parent_id: int | None,
    name: str,
    kind: str,
    short_name: str = "",
    field: str = "",
    actor: Actor,
    **details: Unpack[OrganizationDetails],
) -> Organization:
    """Add an organization under `parent_id`, with a path and a short code of its own.

    A blank short name or field is inferred. A community's committee also gets its
    Community. Raises Organization.DoesNotExist for a parent out of scope,
    PermissionDenied, RuleError, ValidationError by field.
    """
    tree.lock_tree()
    parent = _scoped(parent_id, actor) if parent_id is not None else None
    _require_place(actor, parent)
    rules.check_kind(kind, parent.kind if parent else "")
    name = clean_text(name)
    organization = Organization(
        name=name,
        short_name=clean_text(short_name) or rules.infer_short_name(name),
        kind=kind,
        field=field or rules.infer_field(name, parent.field if parent else None),
        parent=parent,
        path=tree.free_path(parent),
        **_clean_details(details),
    )
    organization.code = tree.free_code(organization.short_name)
    checks.check_fields(organization)
    organization.save(force_insert=True)
    audit.record(
        actor=actor,
        action=AuditAction.ORGANIZATION_CREATED,
        target=organization,
        organization=organization,
        details={"code": organization.code, "parent": str(parent or "")},
    )
    ensure_community(organization)
    _send_facts_changed({organization.pk})
    return organization


@transaction.atomic
def update_organization(
    *,
    organization_id: int,
    version: int | None,
    actor: Actor,
    **changes: Unpack[OrganizationChanges],
) -> Organization:
    """Change fields; its place is `move_organization`'s business.

    `version` None means no form was open (imports). Raises StaleError,
    Organization.DoesNotExist, PermissionDenied, RuleError, ValidationError.
    """
    tree.lock_tree()
    organization = _managed(organization_id, actor)
    check_version(organization, version)
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"update_organization cannot change {sorted(unknown)}")
    before = {key: getattr(organization, key) for key in changes}
    for key, value in _clean_details(changes).items():
        setattr(organization, key, value)
    changed = [key for key in changes if getattr(organization, key) != before[key]]
    if not changed:
        return organization
    if "kind" in changed:
        checks.check_kind_in_place(organization)
    if "term_ends_on" in changed:
        checks.check_term_free(organization)
    checks.check_fields(organization)
    save_versioned(organization, version=None, update_fields=changed)
    audit.record(
        actor=actor,
        action=AuditAction.ORGANIZATION_UPDATED,
        target=organization,
        organization=organization,
        details={"changed": _changes_in_clear(organization, before, changed)},
    )
    if {"kind", "field", "founded_on"} & set(changed):
        _send_facts_changed({organization.pk})
    return organization


@transaction.atomic
def move_organization(
    *,
    organization_id: int,
    new_parent_id: int,
    actor: Actor,
    version: int | None = None,
) -> Organization:
    """Put an organization with everything below it under another parent.

    Needs the right at both places. The short code stays. Raises as the others do.
    """
    tree.lock_tree()
    organization = _managed(organization_id, actor)
    check_version(organization, version)
    new_parent = _scoped(new_parent_id, actor)
    access.require(actor, Right.MANAGE_ORGANIZATIONS, new_parent)
    checks.check_move(organization, new_parent)
    return _move(organization, new_parent, actor)


@transaction.atomic
def merge_organizations(
    *,
    source_id: int,
    target_id: int,
    on_date: date,
    actor: Actor,
    version: int | None = None,
) -> Organization:
    """Let `source` become part of `target`: children and people move, posts end.

    `on_date` is the day of the decision, the last on which the source exists. The
    apps above move what is theirs when they hear `organization_merging`. Returns the
    closed source.
    """
    tree.lock_tree()
    source = _managed(source_id, actor)
    check_version(source, version)
    target = _managed(target_id, actor)
    checks.check_merge(source, target, on_date)
    for child in source.children.open().select_for_update(no_key=True):
        _move(child, target, actor)
    organization_merging.send(
        sender=Organization, source=source, target=target, on_date=on_date, actor=actor
    )
    ending.hand_over(source, target)
    ending.mark_closed(source, on_date, reason=f"并入{target.name}", merged_into=target)
    ending.end_posts(source, on_date, actor)
    for end, other in ((source, target), (target, source)):
        audit.record(
            actor=actor,
            action=AuditAction.ORGANIZATION_MERGED,
            target=end,
            organization=end,
            details={"other": other.name, "on": on_date.isoformat()},
        )
    _send_facts_changed({source.pk, target.pk}, since=on_date)
    return source


@transaction.atomic
def close_organization(
    *,
    organization_id: int,
    on_date: date,
    reason: str,
    actor: Actor,
    version: int | None = None,
) -> Organization:
    """Close an organization that nothing hangs on any more; its posts end.

    Raises RuleError while it has open children; receivers of `organization_closing`
    refuse for what is theirs.
    """
    tree.lock_tree()
    organization = _managed(organization_id, actor)
    check_version(organization, version)
    checks.check_close(organization, on_date)
    organization_closing.send(
        sender=Organization, organization=organization, on_date=on_date, actor=actor
    )
    ending.mark_closed(organization, on_date, reason=clean_text(reason))
    ending.end_posts(organization, on_date, actor)
    end_hosting(organization, on_date, actor)
    audit.record(
        actor=actor,
        action=AuditAction.ORGANIZATION_CLOSED,
        target=organization,
        organization=organization,
        details={"on": on_date.isoformat(), "reason": organization.closed_reason},
    )
    _send_facts_changed({organization.pk}, since=on_date)
    return organization


# What the services share -----------------------------------------------------


def _scoped(organization_id: int, actor: Actor) -> Organization:
    return (
        Organization.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=organization_id)
    )


def _managed(organization_id: int, actor: Actor) -> Organization:
    organization = _scoped(organization_id, actor)
    access.require(actor, Right.MANAGE_ORGANIZATIONS, organization)
    return organization


def _require_place(actor: Actor, parent: Organization | None) -> None:
    if parent is None:
        # A root stands outside every post's scope, so no post can allow one.
        if not isinstance(actor, SystemActor):
            raise PermissionDenied("最高一级的党组织只能由系统管理员在服务器上建立。")
        return
    access.require(actor, Right.MANAGE_ORGANIZATIONS, parent)
    if not parent.is_open:
        raise RuleError(f"“{parent}”已撤销，不能再设下级，请另选上级。", code="closed")


def _clean_details(values: Any) -> dict[str, Any]:
    cleaned = dict(values)
    for key in ("name", "short_name"):
        if key in cleaned:
            cleaned[key] = clean_text(cleaned[key])
    if "contact_name" in cleaned:
        cleaned["contact_name"] = normalize_name(cleaned["contact_name"])
    for key in ("contact_phone", "fax"):
        if cleaned.get(key):
            cleaned[key] = normalize_phone(cleaned[key])
    for key in ("address", "postcode"):
        if key in cleaned:
            cleaned[key] = clean_text(cleaned[key])
    return cleaned


def _changes_in_clear(
    organization: Organization, before: dict[str, Any], changed: list[str]
) -> dict[str, list[str]]:
    """Old and new value of each changed field; a phone's values stay out."""
    return {
        key: ["***", "***"]
        if key == "contact_phone"
        else [str(before[key] or ""), str(getattr(organization, key) or "")]
        for key in changed
    }


def _move(
    organization: Organization, new_parent: Organization, actor: Actor
) -> Organization:
    old_path, old_parent = organization.path, organization.parent
    assert old_parent is not None  # the checks refuse to move a root
    new_path = tree.free_path(new_parent)
    deepest = tree.deepest_path(organization)
    rules.check_depth(new_path + deepest[len(old_path) :])
    moved = tree.rewrite_paths(old_path, new_path)
    organization.parent, organization.path = new_parent, new_path
    save_versioned(organization, version=None, update_fields=["parent", "path"])
    audit.record(
        actor=actor,
        action=AuditAction.ORGANIZATION_MOVED,
        target=organization,
        organization=organization,
        details={
            "from": str(old_parent),
            "to": str(new_parent),
            "organizations": moved,
        },
    )
    organization_moved.send(
        sender=Organization,
        organization=organization,
        old_path=old_path,
        new_path=new_path,
    )
    # What lies below keeps its own figures; the sums above it change.
    _send_facts_changed({organization.pk, old_parent.pk, new_parent.pk})
    return organization


def _send_facts_changed(ids: set[int], since: date | None = None) -> None:
    """Tell the apps above; figures also change for everything above `ids`.

    Without `since` every month is meant: a founding date may lie years back.
    """
    paths = Organization.objects.filter(pk__in=ids).values_list("path", flat=True)
    above = {path for each in paths for path in ancestors(each)}
    everyone = Organization.objects.filter(path__in=above).values_list("pk", flat=True)
    facts_changed.send(
        sender=Organization,
        organization_ids=ids | set(everyone),
        since=since or date.min,
    )

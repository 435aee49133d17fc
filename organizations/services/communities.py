"""Communities as places, with their buildings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import ProtectedError

from config.lib.dates import clean_text
from config.lib.errors import RuleError
from organizations import access, audit, rules
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Building, Community, Organization
from organizations.services.census import follow_places

if TYPE_CHECKING:
    from organizations.services.structure import Actor


class BuildingLine(NamedTuple):
    name: str
    grid: str = ""


def ensure_community(organization: Organization) -> Community | None:
    """Give a community's own committee its place, unless there is one already.

    Part of the service that makes the organization: no audit row of its own.
    """
    name = rules.community_name(organization.name, organization.kind)
    if not name or Community.objects.filter(name=name).exists():
        return None
    return Community.objects.create(name=name, organization=organization)


@transaction.atomic
def save_community(
    *,
    community_id: int | None,
    organization_id: int,
    name: str,
    address: str = "",
    grid_count: int = 0,
    buildings: Sequence[BuildingLine] | None = None,
    actor: Actor,
) -> Community:
    """Make or change a community; `buildings`, where given, replaces the list.

    Raises Community.DoesNotExist or Organization.DoesNotExist out of scope,
    PermissionDenied, RuleError, ValidationError by field.
    """
    organization = Organization.objects.visible_to(actor).get(pk=organization_id)
    access.require(actor, Right.MANAGE_ORGANIZATIONS, organization)
    community = _own(community_id, actor)
    if not organization.is_open and community.organization_id != organization.pk:
        raise RuleError(f"“{organization}”已撤销，请另选党组织。", code="closed")
    was_at = community.organization_id
    community.name, community.organization = clean_text(name), organization
    community.address, community.grid_count = clean_text(address), grid_count
    community.full_clean()
    community.save()
    if was_at and was_at != organization.pk:
        follow_places({was_at, organization.pk})
    if buildings is not None:
        _replace_buildings(community, buildings)
    audit.record(
        actor=actor,
        action=AuditAction.COMMUNITY_SAVED,
        target=community,
        organization=organization,
        details={"buildings": community.buildings.count(), "grids": grid_count},
    )
    return community


def _own(community_id: int | None, actor: Actor) -> Community:
    if community_id is None:
        return Community()
    community = (
        Community.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .get(pk=community_id)
    )
    access.require(actor, Right.MANAGE_ORGANIZATIONS, community.organization)
    return community


def _replace_buildings(community: Community, lines: Sequence[BuildingLine]) -> None:
    """Bring the buildings to `lines`; one that stays by name keeps its row."""
    wanted: dict[str, str] = {}
    for line in lines:
        name, grid = clean_text(line.name), clean_text(line.grid)
        if name in wanted:
            raise RuleError(f"楼栋“{name}”写了两次，请只保留一行。", code="duplicate")
        wanted[name] = grid
    existing = {building.name: building for building in community.buildings.all()}
    for name, building in existing.items():
        if name not in wanted:
            _remove(building)
    for name, grid in wanted.items():
        building = existing.get(name) or Building(community=community, name=name)
        if building.pk is None or building.grid != grid:
            building.grid = grid
            building.full_clean()
            building.save()


def _remove(building: Building) -> None:
    try:
        building.delete()
    except ProtectedError:
        raise RuleError(
            f"楼栋“{building.name}”还有党员或记录在用，不能删除。", code="in_use"
        ) from None

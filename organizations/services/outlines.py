"""Outlines of communities: uploaded, matched by hand, drawn, replaced, removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from organizations import access, audit
from organizations.access import Right
from organizations.choices import AuditAction, FilePurpose
from organizations.geo_rules import GeoFile, Polygon, read_geojson
from organizations.map_rules import Work, fineness_of, lightened
from organizations.models import Community, CommunityOutline, Organization, StoredFile
from organizations.services.files import GEOJSON, require_kept, store_upload

if TYPE_CHECKING:
    from organizations.models import User

MAX_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Drawn:
    """How many communities got an outline, another one, and the same again."""

    new: int
    replaced: int
    unchanged: int


@transaction.atomic
def upload_map(*, upload: Any, actor: User) -> StoredFile:
    """Keep a file of outlines under the actor's topmost organization; draw nothing.

    Raises PermissionDenied, RuleError for a file that is no GeoJSON of areas.
    """
    access.require_right(actor, Right.MANAGE_ORGANIZATIONS)
    place = Organization.objects.with_right(actor, Right.MANAGE_ORGANIZATIONS).first()
    if place is None:
        raise PermissionDenied("您的岗位没有维护社区的权限。")
    stored = store_upload(
        upload=upload,
        purpose=FilePurpose.MAP,
        organization=place,
        actor=actor,
        allowed_types={GEOJSON},
        max_bytes=MAX_BYTES,
    )
    light_shapes(read_map(stored))
    return stored


def own_map(file_id: UUID, actor: User) -> StoredFile:
    """Return a file of outlines this user uploaded. Raises StoredFile.DoesNotExist."""
    return StoredFile.objects.get(
        pk=file_id, uploaded_by=actor, purpose=FilePurpose.MAP
    )


def read_map(stored: StoredFile) -> GeoFile:
    """The areas of a kept file. Raises RuleError."""
    require_kept(stored)
    with stored.file.open("rb") as file:
        return read_geojson(file.read())


def light_shapes(found: GeoFile) -> dict[int, list[Polygon]]:
    """Each area as it would be drawn, by its number. Raises RuleError."""
    tolerance, narrow = fineness_of(shape.polygons for shape in found.shapes)
    work = Work()
    return {
        shape.number: lightened(shape.polygons, tolerance, narrow, work)
        for shape in found.shapes
    }


@transaction.atomic
def draw_outlines(*, file_id: UUID, chosen: Mapping[int, int], actor: User) -> Drawn:
    """Give communities the areas chosen for them: number in the file to community.

    Several areas for one community are its parts. An outline that was there is
    replaced; sent twice, the second time changes nothing. Raises
    Community.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    found = read_map(own_map(file_id, actor))
    by_number = {shape.number: shape.polygons for shape in found.shapes}
    if not chosen or not set(chosen) <= set(by_number):
        raise RuleError("请至少为图上的一块面选一个社区。", code="none_chosen")
    tolerance, narrow = fineness_of(by_number.values())
    work, wanted = Work(), {}
    for pk in sorted(set(chosen.values())):
        parts = [p for n in sorted(chosen) if chosen[n] == pk for p in by_number[n]]
        light = lightened(parts, tolerance, narrow, work)
        # As they are read again: lists, which JSON has in place of pairs.
        wanted[pk] = [[[list(p) for p in ring] for ring in part] for part in light]
    places = _locked(wanted, actor)
    earlier = {
        row.community_id: row
        for row in CommunityOutline.objects.select_for_update().filter(
            community__in=places
        )
    }
    steps = {pk: _step(earlier.get(pk), polygons) for pk, polygons in wanted.items()}
    for pk, step in steps.items():
        if step:
            row = earlier.get(pk) or CommunityOutline(community_id=pk, version=0)
            row.polygons, row.file_id = wanted[pk], file_id
            row.drawn_by, row.drawn_at = actor, timezone.now()
            row.version += 1
            row.save()
    audit.record_many(
        actor=actor,
        action=AuditAction.COMMUNITY_SAVED,
        rows=[
            (places[pk], places[pk].organization, {"map_step": step})
            for pk, step in steps.items()
            if step
        ],
    )
    taken = list(steps.values())
    return Drawn(taken.count("drawn"), taken.count("replaced"), taken.count(""))


@transaction.atomic
def remove_outlines(*, chosen: Sequence[tuple[int, int]], actor: User) -> int:
    """Take outlines off the map: pairs of an outline and the version that was seen.

    Raises RuleError when somebody drew one of them anew meanwhile.
    """
    versions = dict(chosen)
    rows = list(
        CommunityOutline.objects.kept_by(actor)
        .filter(pk__in=versions)
        .select_for_update(of=("self",))
        .select_related("community__organization")
        .order_by("pk")
    )
    if not rows or any(versions[row.pk] != row.version for row in rows):
        raise RuleError(
            "所选的边界刚刚被别人替换或删除，请重新打开本页再选。", code="changed"
        )
    for row in rows:
        access.require(actor, Right.MANAGE_ORGANIZATIONS, row.community.organization)
    audit.record_many(
        actor=actor,
        action=AuditAction.COMMUNITY_SAVED,
        rows=[
            (row.community, row.community.organization, {"map_step": "removed"})
            for row in rows
        ],
    )
    CommunityOutline.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def hand_over_outline(source: Community, target: Community) -> None:
    """Let the area of a community that became part of another become part of its own.

    In the caller's transaction, which has audited the merger.
    """
    rows = CommunityOutline.objects.select_for_update()
    mine = rows.filter(community=source).first()
    if mine is None:
        return
    theirs = rows.filter(community=target).first()
    if theirs is None:
        mine.community, mine.version = target, mine.version + 1
        mine.save(update_fields=["community", "version"])
        return
    theirs.polygons = [*theirs.polygons, *mine.polygons]
    theirs.version += 1
    theirs.save(update_fields=["polygons", "version"])
    mine.delete()


def _locked(ids: Iterable[int], actor: User) -> dict[int, Community]:
    """The communities, locked: two files for one of them are drawn in turn."""
    rows = (
        Community.objects.visible_to(actor)
        .filter(pk__in=ids)
        .select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .order_by("pk")
    )
    places = {row.pk: row for row in rows}
    if len(places) < len(set(ids)):
        raise Community.DoesNotExist
    for place in places.values():
        access.require(actor, Right.MANAGE_ORGANIZATIONS, place.organization)
    return places


def _step(earlier: CommunityOutline | None, polygons: list[Any]) -> str:
    if earlier is None:
        return "drawn"
    return "" if earlier.polygons == polygons else "replaced"

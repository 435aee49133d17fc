"""What the map shows: places of the street, with numbers in the user's scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from config.lib.paths import ancestors, depth, is_within
from organizations.geo_rules import Polygon
from organizations.map_rules import Sheet, path_of, sheet_of, spot_of
from organizations.models import Community, Organization, Room, User, WorkUnit

# Units of the drawing a letter is wide, as static/css/map.css sets them.
PHONE_LETTER = 38.0
DESK_LETTER = 22.0
FINE_LETTER = 16.0
# Below the name, the line of numbers and the room between.
_LINE = 24.0


@dataclass(frozen=True)
class Area:
    """One outline as it is drawn; `fit` says on which screens its name has room."""

    number: int
    d: str
    x: float
    y: float
    fit: str
    has_line: bool

    @property
    def line_y(self) -> float:
        return self.y + _LINE


@dataclass(frozen=True)
class Drawing:
    sheet: Sheet
    areas: list[Area]


@dataclass
class Tile:
    """A community. Of one out of scope, which is a public place, the name alone."""

    community: Community
    number: int
    is_whole: bool
    is_home: bool
    organizations: int = 0
    rooms: list[Room] = field(default_factory=list)
    unit_count: int = 0
    units: list[dict[str, Any]] = field(default_factory=list)
    area: Area | None = None

    @property
    def line(self) -> str:
        return f"组织{self.organizations} 室{len(self.rooms)} 单位{self.unit_count}"

    @property
    def spoken(self) -> str:
        """The same in words, for whoever cannot see the drawing."""
        if not self.is_whole:
            return f"{self.community}，不在您的工作范围"
        return (
            f"{self.community}：党组织{self.organizations}个，"
            f"党员活动室{len(self.rooms)}间，驻区单位{self.unit_count}家"
        )


@dataclass
class Elsewhere:
    """What lies in no community: the street's own."""

    organizations: int = 0
    rooms: int = 0
    units: int = 0

    def __bool__(self) -> bool:
        return bool(self.organizations or self.rooms or self.units)


@dataclass(frozen=True)
class StreetMap:
    tiles: list[Tile]
    elsewhere: Elsewhere
    drawing: Drawing | None

    @property
    def undrawn(self) -> int:
        return sum(tile.area is None for tile in self.tiles)


def street_map(user: User, today: date, named: int) -> StreetMap:
    """Communities of the user's street with what lies there; `named` units each.

    Four questions, however many communities, organizations and units there are.
    """
    tiles = _tiles(user)
    by_path = {tile.community.organization.path: tile for tile in tiles}
    elsewhere = Elsewhere()
    for path, count in _organization_counts(user):
        (_tile_at(by_path, path) or elsewhere).organizations += count
    rooms = Room.objects.visible_to(user).in_use(today).select_related("organization")
    for room in rooms.order_by("organization__path", "pk"):
        tile = _tile_at(by_path, room.organization.path)
        if tile is None:
            elsewhere.rooms += 1
        else:
            tile.rooms.append(room)
    by_pk = {tile.community.pk: tile for tile in tiles if tile.is_whole}
    for row in _units(user, named):
        if row["community"] is None:
            # Of no street: told to those who see a whole one.
            is_street = any(depth(path) == 1 for path in user.structure_paths)
            elsewhere.units = row["together"] if is_street else 0
        elif (tile := by_pk.get(row["community"])) is not None:
            tile.unit_count = row["together"]
            tile.units.append(row)
    return StreetMap(tiles, elsewhere, _drawing_of(tiles))


def drawing_of(outlines: Sequence[tuple[int, str, list[Polygon]]]) -> Drawing | None:
    """Outlines on one sheet, each with its number and name; None without any."""
    if not outlines:
        return None
    sheet = sheet_of([polygons for _, _, polygons in outlines])
    areas = []
    for number, name, polygons in outlines:
        drawn = sheet.drawn(polygons)
        spot, letters = spot_of(drawn), max(len(name), 1)
        fit = "none"
        if spot.width >= letters * PHONE_LETTER:
            fit = "phone"
        elif spot.width >= letters * DESK_LETTER:
            fit = "desk"
        # Half of the line of numbers are digits, which are narrow.
        has_line = bool(name) and fit != "none" and spot.width >= 9 * FINE_LETTER
        areas.append(
            Area(
                number,
                path_of(drawn),
                round(spot.x, 1),
                # A line of numbers hangs below the name; else it stands in the middle.
                round(spot.y - (_LINE / 2 if has_line else 0), 1),
                fit if name else "none",
                has_line,
            )
        )
    return Drawing(sheet, areas)


# Drawings by the versions of their outlines: a name's place takes some looking for.
_MOST_KEPT = 32
_kept: dict[tuple[Any, ...], Drawing] = {}


def _drawing_of(tiles: list[Tile]) -> Drawing | None:
    outlined = [tile for tile in tiles if hasattr(tile.community, "outline")]
    places = [(tile.number, tile.community) for tile in outlined]
    key = tuple(
        (number, place.name, row.pk, row.version, row.drawn_at)
        for number, place in places
        for row in [place.outline]
    )
    drawing = _kept.get(key)
    if drawing is None:
        drawing = drawing_of([(n, p.name, p.outline.polygons) for n, p in places])
        if drawing is None:
            return None
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = drawing
    for tile, area in zip(outlined, drawing.areas, strict=True):
        tile.area = area
    return drawing


def _tiles(user: User) -> list[Tile]:
    scope = user.structure_paths
    homes = {above for path in scope for above in ancestors(path)}
    rows = (
        Community.objects.offered_to(user)
        .filter(organization__closed_on__isnull=True)
        .select_related("organization", "outline__drawn_by")
        .order_by("organization__path")
    )
    tiles = []
    for number, row in enumerate(rows, start=1):
        path = row.organization.path
        is_whole = any(is_within(path, root) for root in scope)
        # Its own committee is the first of its organizations.
        tiles.append(Tile(row, number, is_whole, path in homes, int(is_whole)))
    return tiles


def _organization_counts(user: User) -> Iterable[tuple[str | None, int]]:
    """Open organizations in scope, counted by the path of what stands above them.

    A few hundred rows for thousands of branches. Committees of the communities
    themselves are left out: they stand for their own place, not for the street.
    """
    return (
        Organization.objects.visible_to(user)
        .open()
        .filter(community__isnull=True)
        .order_by()
        .values("parent__path")
        .annotate(number=Count("pk"))
        .values_list("parent__path", "number")
    )


def _tile_at(by_path: dict[str, Tile], path: str | None) -> Tile | None:
    """The innermost community that a path lies in; a street lies in none."""
    for above in reversed(ancestors(path) if path else []):
        if above in by_path:
            return by_path[above]
    return None


def _units(user: User, named: int) -> Any:
    """The first `named` resident units of every community, with how many there are."""
    together: dict[str, Any] = {"partition_by": [F("community")]}
    return (
        WorkUnit.objects.visible_to(user)
        .filter(is_active=True, is_resident=True)
        .annotate(
            place=Window(RowNumber(), order_by=["name", "pk"], **together),
            together=Window(Count("pk"), **together),
        )
        .filter(place__lte=named)
        .order_by("community", "place")
        .values("pk", "name", "community", "together")
    )

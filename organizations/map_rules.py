"""Drawing outlines small: fewer points, flat on a sheet, and where a name stands.

Pure: degrees in, numbers of a drawing out. A schematic map, so that an error of half
a unit of the drawing is nothing that anybody sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from math import cos, hypot, radians

from config.lib.errors import RuleError
from organizations.geo_rules import Point, Polygon, Ring, area_of, signed_area_of

WIDTH = 1000.0
MAX_HEIGHT = 1300.0
MARGIN = 10.0
# Of one community; a street of sixty then still draws in about 150 KB.
MAX_KEPT = 240
# Half a unit of a drawing that is as wide as the file.
_FINENESS = 2000
# A line that winds without end costs more than its points: then the file is refused.
_MOST_STEPS = 4_000_000
_SCANS = 31
# Of one level; the others are narrower, and a line may have hundreds.
_ROOMS = 3
LABEL_HEIGHT = 60.0
# Room for any name on a phone: wider is no better, nearer to the middle is.
ENOUGH = 240.0


@dataclass
class Work:
    """What simplifying may still cost, in points looked at."""

    left: int = _MOST_STEPS

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise RuleError(
                "边界线太曲折，一时简化不了，请在制图软件里先简化线条再导出。",
                code="too_complex",
            )


# Fewer points --------------------------------------------------------------------


def fineness_of(outlines: Iterable[list[Polygon]]) -> tuple[float, float]:
    """Tolerance in degrees of latitude, and how much shorter a degree of longitude is.

    Both of all outlines together, so that neighbours are simplified alike.
    """
    box = _box(outlines)
    narrow = cos(radians((box[1] + box[3]) / 2))
    return max((box[2] - box[0]) * narrow, box[3] - box[1]) / _FINENESS, narrow


def lightened(
    polygons: list[Polygon], tolerance: float, narrow: float, work: Work
) -> list[Polygon]:
    """The same area by at most `MAX_KEPT` points, rounded to a tenth of a metre."""
    # A part that the file holds twice is one.
    once = {tuple(map(tuple, polygon)): polygon for polygon in polygons}.values()
    flat = [[_scaled(ring, narrow) for ring in polygon] for polygon in once]
    while True:
        flat = _thinned(flat, tolerance, work)
        if sum(len(ring) for polygon in flat for ring in polygon) <= MAX_KEPT:
            break
        tolerance *= 2
    return [
        [[(round(x / narrow, 6), round(y, 6)) for x, y in ring] for ring in polygon]
        for polygon in flat
    ]


def _thinned(polygons: list[Polygon], tolerance: float, work: Work) -> list[Polygon]:
    """Simplified rings; what is smaller than the tolerance goes, the largest stays."""
    largest = max(polygons, key=lambda polygon: area_of(polygon[0]))
    kept = []
    for polygon in polygons:
        if polygon is not largest and _is_speck(polygon[0], tolerance):
            continue
        rings = [polygon[0], *(r for r in polygon[1:] if not _is_speck(r, tolerance))]
        kept.append([simplified(ring, tolerance, work) for ring in rings])
    return kept


def _is_speck(ring: Ring, tolerance: float) -> bool:
    left, bottom, right, top = _box([[[ring]]])
    return max(right - left, top - bottom) <= tolerance


def simplified(ring: Ring, tolerance: float, work: Work) -> Ring:
    """Douglas and Peucker's line of fewer points, no point further off than that.

    A ring stays a ring of at least three corners.
    """
    last = len(ring) - 1
    middle = _farthest(ring, 0, last, work)[0]
    kept = {0, middle, last}
    _split(ring, 0, middle, tolerance, kept, work)
    _split(ring, middle, last, tolerance, kept, work)
    if len(kept) < 4:
        sides = (
            _farthest(ring, begin, end, work)
            for begin, end in ((0, middle), (middle, last))
        )
        kept.add(max(sides, key=lambda found: found[1])[0])
    return [ring[place] for place in sorted(kept)]


def _split(
    ring: Ring, begin: int, end: int, tolerance: float, kept: set[int], work: Work
) -> None:
    """Keep the points that lie off the line between two; without recursion."""
    waiting = [(begin, end)]
    while waiting:
        begin, end = waiting.pop()
        place, distance = _farthest(ring, begin, end, work)
        if distance > tolerance:
            kept.add(place)
            waiting += [(begin, place), (place, end)]


def _farthest(ring: Ring, begin: int, end: int, work: Work) -> tuple[int, float]:
    """The point between two that lies farthest from their line, and how far."""
    work.spend(end - begin)
    best, most = begin, -1.0
    for place in range(begin + 1, end):
        distance = distance_to(ring[place], ring[begin], ring[end])
        if distance > most:
            best, most = place, distance
    return best, most


def distance_to(point: Point, one: Point, other: Point) -> float:
    """From a point to the nearest of a piece of line."""
    (x, y), (x1, y1), (x2, y2) = point, one, other
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = ((x - x1) * dx + (y - y1) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return hypot(x - x1 - along * dx, y - y1 - along * dy)


def _scaled(ring: Ring, narrow: float) -> Ring:
    return [(x * narrow, y) for x, y in ring]


def _box(outlines: Iterable[list[Polygon]]) -> tuple[float, float, float, float]:
    points = [p for polygons in outlines for polygon in polygons for p in polygon[0]]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


# Flat on a sheet -----------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """Where degrees lie on the drawing: equirectangular at the middle latitude."""

    left: float
    top: float
    narrow: float
    scale: float
    width: int
    height: int

    def place(self, point: Point) -> Point:
        return (
            MARGIN + (point[0] - self.left) * self.narrow * self.scale,
            MARGIN + (self.top - point[1]) * self.scale,
        )

    def drawn(self, polygons: list[Polygon]) -> list[Polygon]:
        """Outer rings all one way round and holes the other.

        Then parts that overlap add up when they are filled, and do not cancel out.
        """
        return [
            [
                _wound([self.place(point) for point in ring], is_hole=place > 0)
                for place, ring in enumerate(polygon)
            ]
            for polygon in polygons
        ]


def _wound(ring: Ring, *, is_hole: bool) -> Ring:
    return ring[::-1] if (signed_area_of(ring) > 0) is is_hole else ring


def sheet_of(outlines: Iterable[list[Polygon]]) -> Sheet:
    """The sheet on which all outlines fit."""
    left, bottom, right, top = _box(outlines)
    narrow = cos(radians((bottom + top) / 2))
    wide, high = (right - left) * narrow, top - bottom
    inner = WIDTH - 2 * MARGIN
    scale = min(
        inner / wide if wide else inner,
        (MAX_HEIGHT - 2 * MARGIN) / high if high else inner,
    )
    return Sheet(
        left,
        top,
        narrow,
        scale,
        round(wide * scale + 2 * MARGIN),
        round(high * scale + 2 * MARGIN),
    )


def path_of(drawn: list[Polygon]) -> str:
    """The `d` of an SVG path."""
    parts = []
    for polygon in drawn:
        for ring in polygon:
            points = [f"{x:.1f} {y:.1f}" for x, y in ring[:-1]]
            parts.append(f"M{'L'.join(points)}Z")
    return "".join(parts)


@dataclass(frozen=True)
class Spot:
    """Where a label stands in an area, and how wide it may be."""

    x: float
    y: float
    width: float


def spot_of(drawn: list[Polygon]) -> Spot:
    """The middle of the widest room for a line of text, or of one wide enough.

    Looked for on a few levels: a line has to fit at its upper and its lower edge too.
    """
    _, low, _, high = _box([drawn])
    centre, half = (low + high) / 2, min(LABEL_HEIGHT, (high - low) / 2) / 2
    best, most = None, float("-inf")
    for step in range(_SCANS):
        y = low + (high - low) * (step + 0.5) / _SCANS
        for begin, end in nlargest(_ROOMS, _rooms(drawn, y), key=_width):
            x = (begin + end) / 2
            width = 2 * min(
                x - begin, *(_room_around(drawn, x, y + off) for off in (-half, half))
            )
            worth = min(width, ENOUGH) + (end - begin) / 100 - abs(y - centre) / 3
            if worth > most:
                best, most = Spot(x, y, width), worth
    return best or Spot(*drawn[0][0][0], 0.0)


def _rooms(drawn: list[Polygon], y: float) -> list[tuple[float, float]]:
    """The pieces of a level line that lie inside; where parts overlap, in one piece."""
    crossings = sorted(
        (x1 + (x2 - x1) * (y - y1) / (y2 - y1), 1 if y2 > y1 else -1)
        for polygon in drawn
        for ring in polygon
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > y) != (y2 > y)
    )
    found, turns, begin = [], 0, 0.0
    for x, turn in crossings:
        if turns == 0:
            begin = x
        turns += turn
        if turns == 0 and x > begin:
            found.append((begin, x))
    return found


def _width(room: tuple[float, float]) -> float:
    return room[1] - room[0]


def _room_around(drawn: list[Polygon], x: float, y: float) -> float:
    """How far one may go to either side of a point; nothing from outside."""
    for begin, end in _rooms(drawn, y):
        if begin <= x <= end:
            return min(x - begin, end - x)
    return 0.0

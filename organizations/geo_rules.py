"""Outlines of places out of a GeoJSON file: strict, pure, and refused in Chinese.

Only areas are read (`Polygon`, `MultiPolygon`), in degrees as RFC 7946 (GeoJSON) has
it: WGS84, or CGCS2000, which is the same to a few centimetres. Whatever else the file
holds is counted and left alone; an area that is wrong refuses the whole file, with its
number, its name and how to mend it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any, NoReturn

from config.lib.dates import clean_text
from config.lib.errors import RuleError

Point = tuple[float, float]
Ring = list[Point]  # closed: the last point is the first
Polygon = list[Ring]  # the outer ring, then holes

MAX_SHAPES = 200
MAX_POINTS = 50_000
# A street is a few kilometres wide; 2 degrees are some 200.
MAX_SPAN = 2.0
# Some ten metres: less is drawn in other units.
MIN_SPAN = 1e-4
# The country's longitudes and latitudes, with room to spare.
_LONGITUDES, _LATITUDES = (73.0, 136.0), (3.0, 54.0)
NAME_KEYS = ("name", "名称", "社区", "社区名称", "社区名", "NAME", "Name")
_NAME_LENGTH = 60
_AREAS = {"Polygon", "MultiPolygon"}
_GEOMETRIES = _AREAS | {
    *("Point", "MultiPoint", "LineString", "MultiLineString", "GeometryCollection")
}
_EXPORT = (
    "请在制图软件里重新导出（.geojson 格式，坐标系选 WGS84 或国家 2000 的经纬度）。"
)
# Names of WGS84 and CGCS2000 in degrees, however they are written.
_DEGREES = re.compile(r"CRS84$|(?:^|\D)(?:4326|4490)$", re.IGNORECASE)


@dataclass(frozen=True)
class Shape:
    """One area of the file; `number` is its place among all features, from 1."""

    number: int
    name: str
    polygons: list[Polygon]

    @property
    def points(self) -> int:
        return sum(len(ring) for polygon in self.polygons for ring in polygon)


@dataclass(frozen=True)
class GeoFile:
    shapes: list[Shape]
    skipped: int


def read_geojson(content: bytes) -> GeoFile:
    """Return the areas of a file. Raises RuleError with one Chinese sentence."""
    data = _parsed(content)
    _check_system(data)
    features = _features(data)
    shapes, skipped, points = [], 0, 0
    for number, feature in enumerate(features, start=1):
        shape = _shape(number, feature)
        if shape is None:
            skipped += 1
            continue
        shapes.append(shape)
        points += shape.points
        _check_size(len(shapes), points)
    if not shapes:
        raise _bad(
            f"文件里没有面（共{len(features)}个要素，都是点、线或空的），"
            "请把社区边界画成面以后再导出。",
            "no_areas",
        )
    _check_span(shapes)
    return GeoFile(shapes, skipped)


def name_key(name: str) -> str:
    """The form in which the spellings of one community's name are equal."""
    key = clean_text(name).replace(" ", "").removesuffix("居委会")
    return key.removesuffix("居民委员会").removesuffix("社区")


def is_inside(point: Point, polygons: list[Polygon]) -> bool:
    """Whether a point lies within the areas, by counting edges to its right."""
    x, y = point
    inside = False
    for polygon in polygons:
        for ring in polygon:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                    inside = not inside
    return inside


def area_of(ring: Ring) -> float:
    """The area of a closed ring, whichever way round it goes."""
    return abs(signed_area_of(ring))


def signed_area_of(ring: Ring) -> float:
    """The area, below zero for a ring that goes the other way round."""
    # Counted from the ring's own corner: far from zero the products would cancel.
    x0, y0 = ring[0]
    doubled = sum(
        (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        for (x1, y1), (x2, y2) in pairwise(ring)
    )
    return doubled / 2


# Reading -------------------------------------------------------------------------


def _parsed(content: bytes) -> dict[str, Any]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _bad("文件的编码看不懂，请另存为 UTF-8 编码。", "encoding")
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise _bad(f"文件的括号套得太深，不像边界图。{_EXPORT}", "depth") from error
    except json.JSONDecodeError as error:
        raise _bad(
            f"文件不是地图轮廓文件：第{error.lineno}行第{error.colno}个字符处读不下去。"
            f"{_EXPORT}",
            "json",
        ) from error
    except ValueError as error:
        raise _bad(
            f"文件里有不能用的数（无穷大、空的或太长的数）。{_EXPORT}", "number"
        ) from error
    if not isinstance(data, dict):
        raise _bad(
            f"文件不是地图轮廓文件：最外层不是一个对象（花括号）。{_EXPORT}", "json"
        )
    return data


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _check_system(data: dict[str, Any]) -> None:
    """Refuse another coordinate system, where an older file names it."""
    crs = data.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    text = name if isinstance(name, str) else ""
    if not _DEGREES.search(text.strip()):
        shown = _shown(text) or "没有写明"
        raise _bad(f"坐标系写的是“{shown}”，不是经纬度。{_EXPORT}", "crs")


def _features(data: dict[str, Any]) -> list[Any]:
    kind = data.get("type")
    if kind == "FeatureCollection":
        features = data.get("features")
        if not isinstance(features, list):
            raise _bad(f"文件里没有要素列表。{_EXPORT}", "features")
        return features
    if kind == "Feature":
        return [data]
    if isinstance(kind, str) and kind in _GEOMETRIES:
        return [{"type": "Feature", "properties": {}, "geometry": data}]
    shown = _shown(kind) if isinstance(kind, str) else "空"
    raise _bad(
        f"文件不是地图轮廓文件：最外层写的种类是“{shown}”，不是要素集合。{_EXPORT}",
        "type",
    )


def _shape(number: int, feature: Any) -> Shape | None:
    """The area of a feature; None for one of another kind."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _bad(f"第{number}个要素的写法不对。{_EXPORT}", "feature")
    geometry = feature.get("geometry")
    if geometry is None:
        return None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in _GEOMETRIES:
        raise _bad(f"第{number}个要素的图形看不懂。{_EXPORT}", "geometry")
    if kind == "GeometryCollection" and _holds_areas(geometry.get("geometries")):
        raise _bad(
            f"第{number}个要素把几种图形合在一起，请拆开，每个社区单独一块面。",
            "collection",
        )
    if kind not in _AREAS:
        return None
    name = _name(feature.get("properties"))
    where = f"第{number}个要素" + (f"（{name}）" if name else "")
    coordinates = geometry.get("coordinates")
    parts = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(parts, list) or not parts:
        raise _bad(f"{where}没有坐标。{_EXPORT}", "coordinates")
    return Shape(number, name, [_polygon(part, where) for part in parts])


def _holds_areas(parts: Any) -> bool:
    if not isinstance(parts, list):
        return False
    kinds = [part.get("type") for part in parts if isinstance(part, dict)]
    return any(kind in kinds for kind in _AREAS)


def _name(properties: Any) -> str:
    if not isinstance(properties, dict):
        return ""
    for key in NAME_KEYS:
        value = properties.get(key)
        if isinstance(value, str) and (text := _shown(value)):
            return text
    return ""


def _shown(text: str) -> str:
    """A file's own words, short; half a character that JSON lets through is none."""
    return clean_text(text.encode(errors="replace").decode())[:_NAME_LENGTH]


def _polygon(rings: Any, where: str) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise _bad(f"{where}有一块面没有边线。{_EXPORT}", "coordinates")
    return [_ring(ring, f"{where}第{n}圈线") for n, ring in enumerate(rings, start=1)]


def _ring(positions: Any, where: str) -> Ring:
    if not isinstance(positions, list) or len(positions) < 4:
        raise _bad(f"{where}不足4个点，围不成面，请补画或删去。", "short")
    # Before each is looked at: a file may be one line of a million points.
    _check_size(0, len(positions))
    ring = [_point(position, where) for position in positions]
    if ring[0] != ring[-1]:
        raise _bad(f"{where}没有闭合：最后一个点应与第一个点相同，请补上。", "open")
    if area_of(ring) == 0:
        raise _bad(
            f"{where}围不出面积（几个点在一条线上，或者线自己交叉），请补画或删去。",
            "flat",
        )
    return ring


def _point(position: Any, where: str) -> Point:
    if not isinstance(position, list) or not 2 <= len(position) <= 4:
        raise _bad(f"{where}有一个点不是“经度、纬度”两个数。{_EXPORT}", "position")
    found = [_number(value) for value in position[:2]]
    lon, lat = found
    if lon is None or lat is None:
        raise _bad(f"{where}有一个点的坐标不是数。{_EXPORT}", "position")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise _bad(
            f"{where}的坐标（{lon:g}，{lat:g}）不是经纬度：经度在前、纬度在后，"
            f"单位是度，不是米。{_EXPORT}",
            "range",
        )
    return lon, lat


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def _check_size(shapes: int, points: int) -> None:
    if shapes > MAX_SHAPES:
        raise _bad(
            f"文件里的面超过{MAX_SHAPES}块，一个街道没有这么多社区，请只导出社区边界。",
            "many_shapes",
        )
    if points > MAX_POINTS:
        raise _bad(
            f"文件里的点超过{MAX_POINTS}个，示意图用不着这么细，"
            "请在制图软件里简化线条后再导出。",
            "many_points",
        )


def _check_span(shapes: list[Shape]) -> None:
    points = [p for s in shapes for polygon in s.polygons for p in polygon[0]]
    for column, (least, most) in enumerate((_LONGITUDES, _LATITUDES)):
        values = [point[column] for point in points]
        if min(values) < least or max(values) > most:
            lon, lat = next(p for p in points if not least <= p[column] <= most)
            raise _bad(
                f"图上的坐标（{lon:g}，{lat:g}）不在中国：经度在前、纬度在后，"
                f"单位是度。{_EXPORT}",
                "abroad",
            )
        if max(values) - min(values) > MAX_SPAN:
            raise _bad(
                f"图上的面相距超过{MAX_SPAN:g}度（约{MAX_SPAN * 100:g}公里），"
                "不像一个街道，请核对坐标，只导出本街道的社区。",
                "span",
            )
        if max(values) - min(values) < MIN_SPAN:
            raise _bad(
                f"图上的面加起来不到10米宽，不像社区，单位应是度。{_EXPORT}", "tiny"
            )


def _bad(message: str, code: str) -> RuleError:
    return RuleError(message, code=code)

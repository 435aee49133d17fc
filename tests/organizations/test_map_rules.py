"""Outlines: what a file may be, and that a small drawing stays true to it."""

import json
from contextlib import suppress
from itertools import pairwise
from math import cos, pi, radians, sin
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.lib.errors import RuleError
from organizations import geo_rules
from organizations.geo_rules import is_inside, name_key, read_geojson, signed_area_of
from organizations.map_rules import (
    MAX_HEIGHT,
    MAX_KEPT,
    WIDTH,
    Work,
    _rooms,
    distance_to,
    fineness_of,
    lightened,
    path_of,
    sheet_of,
    simplified,
    spot_of,
)
from tests.organizations.map_steps import collection, feature, square

EMPTY = {"type": "FeatureCollection", "features": []}


def read(data):
    return read_geojson(json.dumps(data).encode())


def refused(content):
    with pytest.raises(RuleError) as error:
        read_geojson(
            content if isinstance(content, bytes) else json.dumps(content).encode()
        )
    return error.value


# Reading --------------------------------------------------------------------------


def test_areas_are_read_with_their_names_and_the_rest_is_counted():
    point = {"type": "Point", "coordinates": [120, 30]}
    hole = square(120.002, 30.002, 0.002)
    found = read(
        collection(
            feature("沿江社区", [square(120, 30, 0.01), hole]),
            {"type": "Feature", "properties": {"name": "站"}, "geometry": point},
            {"type": "Feature", "properties": None, "geometry": None},
            feature("", [square(120.01, 30, 0.01)], 名称=" 临湖 "),
            {
                "type": "Feature",
                "properties": {},
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [
                        [square(120, 30.1, 0.01)],
                        [square(120, 30.2, 0.01)],
                    ],
                },
            },
        )
    )
    assert [(s.number, s.name, len(s.polygons)) for s in found.shapes] == [
        (1, "沿江社区", 1),
        (4, "临湖", 1),
        (5, "", 2),
    ]
    assert found.skipped == 2
    assert len(found.shapes[0].polygons[0]) == 2
    alone = {"type": "Polygon", "coordinates": [square(120, 30, 0.01)]}
    assert len(read(alone).shapes) == 1
    assert len(read(feature("沿江", [square(120, 30, 0.01)])).shapes) == 1


def test_spellings_of_a_name_are_one():
    assert {name_key(n) for n in ("沿江社区", "沿江", " 沿 江社区居委会")} == {"沿江"}
    assert name_key("临湖社区") != name_key("沿江社区")


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"not json", "json", "第1行第1个字符"),
        (b"\xff\xfe\x00{", "encoding", "UTF-8"),
        (b"[" * 100_000, "depth", "套得太深"),
        (b"[1]", "json", "最外层"),
        (b'{"type":"Polygon","coordinates":[[[NaN,1]]]}', "number", "无穷大"),
        (b'{"type":1' + b"0" * 5000 + b"}", "number", "太长的数"),
        ({"type": "Topology"}, "type", "Topology"),
        ({"type": "FeatureCollection"}, "features", "要素列表"),
        (EMPTY, "no_areas", "没有面"),
        ({"type": "FeatureCollection", "features": [1]}, "feature", "第1个要素"),
        (EMPTY | {"crs": {"properties": {"name": "EPSG:4547"}}}, "crs", "EPSG:4547"),
        (collection(feature("甲", [])), "coordinates", "第1个要素（甲）"),
        (collection(feature("甲", [[[1, 1]] * 3])), "short", "不足4个点"),
        (
            collection(feature("甲", [[*square(1, 1, 1)[:-1], [1, 1.5]]])),
            "open",
            "闭合",
        ),
        (collection(feature("甲", [[[1, 1], [2, 2], [3, 3], [1, 1]]])), "flat", "面积"),
        (collection(feature("甲", [[[1], [2, 2], [3, 3], [1]]])), "position", "两个数"),
        (
            collection(feature("甲", [[[True, 1], [2, 2], [3, 3], [True, 1]]])),
            "position",
            "不是数",
        ),
        (
            collection(feature("甲", [square(400000, 3300000, 5)])),
            "range",
            "不是米",
        ),
        (collection(feature("甲", [square(30, 120, 0.1)])), "range", "经度在前"),
        (
            collection(
                feature("甲", [square(120, 30, 1)]), feature("乙", [square(125, 30, 1)])
            ),
            "span",
            "不像一个街道",
        ),
        (collection(feature("甲", [square(31.2, 80.5, 0.01)])), "abroad", "经度在前"),
        (collection(feature("甲", [square(120, 30, 1e-5)])), "tiny", "不到10米"),
        (
            collection(
                {
                    "type": "Feature",
                    "geometry": {
                        "type": "GeometryCollection",
                        "geometries": [5, feature("", [])["geometry"]],
                    },
                }
            ),
            "collection",
            "请拆开",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_where_and_how(content, code, words):
    error = refused(content)
    assert error.code == code
    assert words in error.text
    assert error.text.endswith("。")


@pytest.mark.parametrize(
    "name",
    [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "EPSG:4326",
        "urn:ogc:def:crs:EPSG::4490",
        "http://www.opengis.net/def/crs/EPSG/0/4490",
    ],
)
def test_the_countrys_own_degrees_are_read_like_those_of_the_world(name):
    areas = collection(feature("甲", [square(120, 30, 0.01)]))
    assert read(areas | {"crs": {"type": "name", "properties": {"name": name}}})
    other = {"crs": {"properties": {"name": name + "0"}}}
    assert refused(areas | other).code == "crs"


def test_a_name_of_half_characters_or_in_another_encoding_can_be_shown():
    text = json.dumps(collection(feature("NAME", [square(120, 30, 0.01)])))
    halved = text.replace("NAME", "\\ud800沿\\u0000江").encode()
    assert read_geojson(halved).shapes[0].name == "?沿江"
    for encoding in ("gb18030", "utf-8-sig"):
        content = text.replace("NAME", "沿江社区").encode(encoding)
        assert read_geojson(content).shapes[0].name == "沿江社区"
    # A file that says what is wrong with it in half characters, too.
    for wrong in ('{"type": "\\ud800"}', '{"crs": {"properties": {"name": "\\ud9"}}}'):
        assert refused(wrong.encode()).text.encode()


def test_infinite_and_too_many_numbers_are_refused(monkeypatch):
    text = json.dumps(collection(feature("甲", [square(1, 1, 1)])))
    assert refused(text.replace("2", "1e999").encode()).code == "position"
    monkeypatch.setattr(geo_rules, "MAX_POINTS", 4)
    assert refused(text.encode()).code == "many_points"
    monkeypatch.setattr(geo_rules, "MAX_POINTS", 5)
    monkeypatch.setattr(geo_rules, "MAX_SHAPES", 0)
    assert refused(text.encode()).code == "many_shapes"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "features", "geometry", "coordinates", "crs"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(_VALUES, st.sampled_from(["FeatureCollection", "Feature", "Polygon"]))
@settings(max_examples=150, deadline=None)
def test_whatever_the_file_holds_is_read_or_refused(value, kind):
    for data in (value, {"type": kind, "features": [value], "coordinates": value}):
        with suppress(RuleError):
            read_geojson(json.dumps(data).encode())


# Drawing --------------------------------------------------------------------------

# Rings around a centre, as coastlines are: any number of corners, near and far.
_RINGS = st.lists(st.floats(0.2, 1.0), min_size=3, max_size=120)


def star(radii, lon=120.0, lat=30.0, size=0.01):
    points = [
        (
            lon + size * r * cos(2 * pi * n / len(radii)),
            lat + size * r * sin(2 * pi * n / len(radii)),
        )
        for n, r in enumerate(radii)
    ]
    return [*points, points[0]]


@given(_RINGS, st.floats(1e-6, 5e-3))
@settings(max_examples=80, deadline=None)
def test_no_point_lies_further_off_than_the_tolerance(radii, tolerance):
    ring = star(radii)
    less = simplified(ring, tolerance, Work())
    assert less[0] == less[-1] == ring[0]
    assert len(less) >= 4
    assert set(less) <= set(ring)
    for point in ring:
        assert min(distance_to(point, *side) for side in pairwise(less)) <= tolerance


@given(st.lists(_RINGS, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_drawing_fits_its_sheet_and_a_name_stands_inside(rings):
    areas = [[[star(r, 120 + n * 0.03)]] for n, r in enumerate(rings)]
    tolerance, narrow = fineness_of(areas)
    light = [lightened(area, tolerance, narrow, Work()) for area in areas]
    sheet = sheet_of(light)
    assert sheet.width <= WIDTH + 1
    assert sheet.height <= MAX_HEIGHT + 1
    for area in light:
        assert sum(len(r) for polygon in area for r in polygon) <= MAX_KEPT
        drawn = sheet.drawn(area)
        for x, y in drawn[0][0]:
            assert -0.1 <= x <= sheet.width + 0.1
            assert -0.1 <= y <= sheet.height + 0.1
        spot = spot_of(drawn)
        assert is_inside((spot.x, spot.y), drawn)
        assert path_of(drawn).startswith("M")


def test_a_degree_of_longitude_is_drawn_as_short_as_it_is():
    sheet = sheet_of([[[star([1] * 40, lat=60.0)]]])
    wide = sheet.place((120.01, 60.0))[0] - sheet.place((119.99, 60.0))[0]
    high = sheet.place((120.0, 59.99))[1] - sheet.place((120.0, 60.01))[1]
    assert wide / high == pytest.approx(cos(radians(60)), rel=1e-3)


def test_many_islands_become_few_and_the_largest_stays():
    islands = [[star([1] * 12, 120 + n * 0.001, size=0.0003)] for n in range(100)]
    areas = [*islands, [star([1] * 300, 120.05, 30.01)]]
    tolerance, narrow = fineness_of([areas])
    light = lightened(areas, tolerance, narrow, Work())
    assert sum(len(r) for polygon in light for r in polygon) <= MAX_KEPT
    assert is_inside((120.05, 30.01), light)


def test_parts_that_overlap_or_stand_twice_are_one_area():
    part, hole = square(120, 30, 0.01), square(120.002, 30.002, 0.002)
    other = square(120.005, 30, 0.01)
    points = [[tuple(p) for p in ring] for ring in (part, hole, other[::-1])]
    outline, hole, other = points
    areas = [[outline, hole], [other], [outline, hole]]
    light = lightened(areas, 1e-6, 1.0, Work())
    assert len(light) == 2
    drawn = sheet_of([light]).drawn(light)
    middle = sum(y for _, y in drawn[0][0][:-1]) / 4
    [room] = _rooms(drawn, middle)
    assert room[1] - room[0] == pytest.approx(WIDTH - 20, abs=1)
    sides = [signed_area_of(ring) > 0 for polygon in drawn for ring in polygon]
    assert sides == [True, False, True]


def test_the_place_of_a_name_is_found_soon_in_the_most_winding_outline():
    teeth = [(120 + n * 1e-4, 30.01 if n % 2 else 30.0002) for n in range(236)]
    ring = [*teeth, (120.0236, 30.0), (120.0, 30.0), teeth[0]]
    began = process_time()
    spot_of(sheet_of([[[ring]]]).drawn([[ring]]))
    assert process_time() - began < 0.3


def test_a_line_without_end_is_refused_instead_of_simplified():
    with pytest.raises(RuleError, match="太曲折"):
        simplified(star([1, 0.5] * 500), 1e-9, Work(left=2000))

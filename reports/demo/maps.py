"""The demo's outlines: communities along an invented river, drawn by arithmetic."""

from __future__ import annotations

import json
from math import ceil, pi, sin, sqrt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from organizations.models import User
from organizations.services.outlines import draw_outlines, upload_map
from reports.demo.street import Street

# Nowhere: in the sea, so that nobody takes it for a real street.
_WEST, _SOUTH = 123.5, 29.0
_WIDE, _HIGH = 0.012, 0.009
_STEPS = 12

Corner = tuple[float, float]


def make_map(street: Street) -> None:
    """All but the last community, which stays without an outline."""
    staff = User.objects.get(username="street")
    places = street.communities[:-1]
    content = json.dumps(outlines_of([p.name for p in places]), ensure_ascii=False)
    stored = upload_map(
        upload=SimpleUploadedFile("江滨街道社区边界.geojson", content.encode()),
        actor=staff,
    )
    draw_outlines(
        file_id=stored.pk,
        chosen={number: place.pk for number, place in enumerate(places, start=1)},
        actor=staff,
    )


def outlines_of(names: list[str]) -> dict[str, Any]:
    """GeoJSON of areas side by side in rows; neighbours share their winding border."""
    columns = max(1, ceil(sqrt(len(names) * 1.4)))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": name},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [_ring(*divmod(number, columns))],
                },
            }
            for number, name in enumerate(names)
        ],
    }


def _ring(row: int, column: int) -> list[Corner]:
    """Along the south, up the east, back along the north, down the west."""
    south = [_level(row, column + n / _STEPS) for n in range(_STEPS)]
    east = [_upright(row + n / _STEPS, column + 1) for n in range(_STEPS)]
    north = [_level(row + 1, column + 1 - n / _STEPS) for n in range(_STEPS)]
    west = [_upright(row + 1 - n / _STEPS, column) for n in range(_STEPS)]
    ring = [*south, *east, *north, *west]
    return [*ring, ring[0]]


def _level(row: int, along: float) -> Corner:
    """A border from west to east; the southernmost is the bank of the river."""
    swing = (0.28 if row == 0 else 0.12) * sin(pi * along * (1 if row == 0 else 1.7))
    return _at(along, row + swing)


def _upright(up: float, column: int) -> Corner:
    """A border from south to north, straight at the corners it shares."""
    row, rest = int(up), up % 1
    low, high = _level_at(row, column), _level_at(row + 1, column)
    sway = 0.1 * sin(2 * pi * rest) * (1 if column % 2 else -1)
    return _at(column + sway, low + (high - low) * rest)


def _level_at(row: int, column: int) -> float:
    return (_level(row, column)[1] - _SOUTH) / _HIGH


def _at(along: float, up: float) -> Corner:
    return round(_WEST + along * _WIDE, 6), round(_SOUTH + up * _HIGH, 6)

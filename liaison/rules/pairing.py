"""Which unit may be paired with which community: 地域相邻、单位相近.

Pure. Near is the same community, the same grid or the same road; like is a kind of
unit that pairs already, a trade that goes with a field, a need nobody meets yet. Each
suggestion says why; nothing is counted up to a score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from liaison.choices.agreements import JointField

# What stands before the road in an address: 省市区县, 街道, 镇, 社区.
_ABOVE = re.compile(r"^.*(?:省|市|区|县|街道|镇|乡|社区)")
_ROAD = re.compile(r"^[^\d\s一二三四五六七八九十]{1,8}?(?:大道|大街|路|街|巷|胡同)")


@dataclass(frozen=True)
class NearUnit:
    """A unit that might be paired."""

    pk: int
    name: str
    kind: str
    kind_label: str
    industry: str
    address: str
    community_id: int | None


@dataclass(frozen=True)
class Neighbourhood:
    """A community as the rule sees it.

    `buildings` are names with their grid; `kinds` says how often units of a kind are
    paired in a field; `needs` are those that nothing meets yet.
    """

    pk: int
    address: str
    buildings: Sequence[tuple[str, str]] = ()
    kinds: Mapping[tuple[str, str], int] = field(default_factory=dict)
    needs: Sequence[str] = ()


@dataclass(frozen=True)
class Suggestion:
    unit: NearUnit
    field: str
    near: tuple[str, ...]
    like: tuple[str, ...]

    @property
    def field_label(self) -> str:
        return str(JointField(self.field).label) if self.field else ""


def road_of(address: str) -> str:
    """The road that an address names, "" where it names none."""
    # Of the words that look like a place above the road only the last one counts.
    found = _ROAD.match(_ABOVE.sub("", address.strip()))
    return found[0] if found else ""


def suggest(
    place: Neighbourhood, unit: NearUnit, words: Mapping[str, Sequence[str]]
) -> Suggestion | None:
    """Say why `unit` may be paired with `place`; None where it is not near.

    `words` names what each field is told by in trades and needs.
    """
    near = tuple(_nearness(place, unit))
    if not near:
        return None
    fits = _fields_of(f"{unit.name} {unit.industry}", words)
    like: list[str] = []
    chosen = ""
    for need in place.needs:
        wanted = [each for each in _fields_of(need, words) if each in fits]
        if wanted:
            chosen = chosen or wanted[0]
            like.append(f"社区的需求“{need}”还没有落实，这个单位可能帮得上")
            break
    paired = {
        each: number
        for (kind, each), number in place.kinds.items()
        if kind == unit.kind
    }
    if paired:
        usual = max(sorted(paired), key=lambda each: paired[each])
        chosen = chosen or usual
        like.append(
            f"同类单位（{unit.kind_label}）已有{paired[usual]}对{JointField(usual).label}"
        )
    if fits:
        chosen = chosen or next(iter(fits))
        told, by = next(iter(fits.items()))
        like.append(f"单位名称或行业里的“{by}”与{JointField(told).label}相近")
    return Suggestion(unit, chosen, near, tuple(like))


def in_order(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Those that are both near and like first, then by name."""
    return sorted(found, key=lambda each: (not each.like, each.unit.name))


def _nearness(place: Neighbourhood, unit: NearUnit) -> Iterable[str]:
    is_here = unit.community_id == place.pk
    if is_here:
        yield "在本社区"
        for building, grid in place.buildings:
            if _names(unit.address, building):
                yield f"地址在{grid}（{building}）" if grid else f"地址在{building}"
                break
    road = road_of(unit.address)
    if road and road == road_of(place.address):
        yield f"与社区同在{road}"


def _names(address: str, building: str) -> bool:
    """Whether the address names the building: 11号楼 does not name 1号楼."""
    return bool(building and re.search(rf"(?<!\d){re.escape(building)}", address))


def _fields_of(text: str, words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Fields that the text tells of, each with the word that says so."""
    found = {}
    for each, told_by in words.items():
        for word in told_by:
            if word in text:
                found[each] = word
                break
    return found

"""Which unit may be paired with which community, and why."""

import pytest

from liaison.rules.pairing import NearUnit, Neighbourhood, in_order, road_of, suggest

WORDS = {"culture": ["学校", "教育"], "security": ["派出所", "防诈骗"]}
PLACE = Neighbourhood(
    7, "江滨街道和平社区解放路8号", [("1号楼", "第一网格"), ("11号楼", "第三网格")]
)


def unit(name="某公司", community=7, address="", industry="", kind="agency"):
    return NearUnit(1, name, kind, "机关", industry, address, community)


@pytest.mark.parametrize(
    ("address", "road"),
    [
        ("江滨街道滨江路1号", "滨江路"),
        ("某市船营区江滨街道和平社区解放大路12号", "解放大路"),
        ("江滨街道江滨", ""),
        ("和平大街 5 号", "和平大街"),
        ("", ""),
    ],
)
def test_the_road_of_an_address(address, road):
    assert road_of(address) == road


@pytest.mark.parametrize(
    ("row", "near"),
    [
        (unit(), ("在本社区",)),
        (unit(address="和平社区11号楼"), ("在本社区", "地址在第三网格（11号楼）")),
        (unit(community=8, address="船营区解放路20号"), ("与社区同在解放路",)),
    ],
)
def test_near_is_the_community_the_grid_or_the_road(row, near):
    assert suggest(PLACE, row, WORDS).near == near


def test_who_is_not_near_is_not_suggested():
    assert suggest(PLACE, unit(community=8, address="民主路1号"), WORDS) is None


def test_like_is_a_need_a_kind_or_a_trade():
    place = Neighbourhood(
        7, "", kinds={("agency", "culture"): 2}, needs=["老年人防诈骗讲座"]
    )
    found = suggest(place, unit("和平派出所"), WORDS)
    assert found.field == "security"
    assert found.like == (
        "社区的需求“老年人防诈骗讲座”还没有落实，这个单位可能帮得上",
        "同类单位（机关）已有2对文化共建",
        "单位名称或行业里的“派出所”与治安共建相近",
    )
    bare = suggest(Neighbourhood(7, ""), unit(), WORDS)
    assert (bare.field, bare.like) == ("", ())
    assert in_order([bare, found]) == [found, bare]

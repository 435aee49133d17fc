"""The map of the street: uploaded, matched, drawn, replaced, removed, seen in scope."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from config.lib.errors import RuleError
from organizations.choices import AuditAction
from organizations.forms.street_map import ShapesForm
from organizations.geo_rules import read_geojson
from organizations.map_page import drawing_of
from organizations.models import AuditEvent, Community, CommunityOutline, StoredFile
from organizations.services import outlines
from organizations.services.structure import merge_organizations
from tests.factories.organizations import OrganizationFactory, WorkUnitFactory
from tests.organizations.map_steps import collection, feature, map_file, square
from tests.organizations.room_steps import ago, registered

pytestmark = pytest.mark.django_db

MAP = reverse("organizations:map")
UPLOAD = reverse("organizations:map-upload")
REMOVE = reverse("organizations:map-remove")
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def places(community_a, community_b):
    return [community_a.community, community_b.community]


def upload(actor, *names, **more):
    return outlines.upload_map(upload=map_file(*names, **more), actor=actor)


def draw(stored, chosen, actor):
    return outlines.draw_outlines(file_id=stored.pk, chosen=chosen, actor=actor)


def steps():
    events = AuditEvent.objects.filter(action=AuditAction.COMMUNITY_SAVED)
    return [e.details["map_step"] for e in events.order_by("pk")]


# Services -------------------------------------------------------------------------


def test_outlines_are_drawn_once_replaced_and_removed(places, committee_staff):
    stored = upload(committee_staff, "甲", "乙")
    chosen = {1: places[0].pk, 2: places[1].pk}
    assert draw(stored, chosen, committee_staff) == outlines.Drawn(2, 0, 0)
    assert draw(stored, chosen, committee_staff) == outlines.Drawn(0, 0, 2)
    other = upload(committee_staff, "丙", size=0.02)
    assert draw(other, {1: places[0].pk}, committee_staff) == outlines.Drawn(0, 1, 0)
    row = CommunityOutline.objects.get(community=places[0])
    assert (row.version, row.file, row.drawn_by) == (2, other, committee_staff)
    assert steps() == ["drawn", "drawn", "replaced"]

    with pytest.raises(RuleError, match="别人替换或删除"):
        outlines.remove_outlines(chosen=[(row.pk, 1)], actor=committee_staff)
    gone = outlines.remove_outlines(chosen=[(row.pk, 2)], actor=committee_staff)
    assert gone == CommunityOutline.objects.count() == 1
    assert steps()[-1] == "removed"


def test_several_areas_of_one_community_are_its_parts(places, committee_staff):
    stored = upload(committee_staff, "东", "西")
    draw(stored, {1: places[0].pk, 2: places[0].pk}, committee_staff)
    assert len(CommunityOutline.objects.get().polygons) == 2


def test_a_file_that_is_no_map_writes_nothing(places, committee_staff):
    for content in (b"a,b\n1,2\n", b"{", b"", b"PK\x03\x04"):
        with pytest.raises(RuleError):
            upload(committee_staff, content=content)
    assert not StoredFile.objects.filter(purpose="map").exists()
    stored = upload(committee_staff, "甲")
    for chosen in ({}, {7: places[0].pk}):
        with pytest.raises(RuleError, match="至少为图上的一块"):
            draw(stored, chosen, committee_staff)
    assert not CommunityOutline.objects.exists()


def test_only_who_maintains_communities_draws_them(
    places, committee_staff, community_secretary, other_street
):
    with pytest.raises(PermissionDenied):
        upload(community_secretary, "甲")
    stored = upload(committee_staff, "甲")
    with pytest.raises(StoredFile.DoesNotExist):
        draw(stored, {1: places[0].pk}, community_secretary)
    foreign = Community.objects.create(name="北社区", organization=other_street)
    with pytest.raises(Community.DoesNotExist):
        draw(stored, {1: foreign.pk}, committee_staff)


def test_a_merger_hands_the_area_over(places, committee_staff):
    stored = upload(committee_staff, "甲", "乙")
    draw(stored, {1: places[0].pk, 2: places[1].pk}, committee_staff)
    one, two = (place.organization for place in places)
    merge_organizations(
        source_id=one.pk, target_id=two.pk, on_date=ago(1), actor=committee_staff
    )
    assert [len(row.polygons) for row in CommunityOutline.objects.all()] == [2]


# Pages ----------------------------------------------------------------------------


def test_a_map_is_uploaded_matched_by_hand_and_shown(
    places, branch_a1, branch_a2, committee_staff, client_for
):
    registered(places[0].organization, committee_staff, "沿江活动室")
    WorkUnitFactory(name="江滨中学", community=places[0], is_resident=True)
    client = client_for(committee_staff)
    text = client.get(MAP).content.decode()
    assert "不表示实际方位" in text
    assert '<svg class="street-map__sheet"' not in text

    bad = client.post(UPLOAD, {"file": map_file(content=b'{"type": 5}')})
    assert bad.status_code == 422
    assert "最外层写的种类" in bad.content.decode()

    data = collection(
        feature("沿江", [square(120, 30, 0.01)]),
        feature(EVIL, [square(120.01, 30, 0.01)]),
    )
    preview = client.post(UPLOAD, {"file": map_file(content=json.dumps(data).encode())})
    page = client.get(preview.url)
    assert page.context["form"]["shape_1"].initial == places[0].pk
    assert page.context["form"]["shape_2"].initial == ""
    assert EVIL not in page.content.decode()
    assert not CommunityOutline.objects.exists()
    assert client.post(preview.url, {}).status_code == 422

    asked = {"shape_1": places[0].pk, "shape_2": places[1].pk}
    assert client.post(preview.url, asked).url == MAP
    Community.objects.filter(pk=places[1].pk).update(name=EVIL)
    text = client.get(MAP).content.decode()
    assert EVIL not in text
    assert "&lt;script&gt;" in text
    spoken = "沿江社区：党组织3个，党员活动室1间，驻区单位1家"
    assert f'href="#place-1" aria-label="1 {spoken}"' in text


def test_a_preview_draws_no_more_points_than_the_map_will(
    places, committee_staff, client_for
):
    """A file of many thousands would take minutes to draw."""
    steps = range(1500)
    ring = [[120 + n * 1e-5, 30 + (n % 7) * 1e-6] for n in steps]
    ring += [[120.015, 29.99], [120, 29.99], ring[0]]
    content = json.dumps(collection(feature("沿江", [ring]))).encode()
    client = client_for(committee_staff)
    page = client.get(client.post(UPLOAD, {"file": map_file(content=content)}).url)
    [area] = page.context["drawing"].areas
    assert area.d.count("L") < 240
    assert 'role="img"' in page.content.decode()
    # Whatever cannot be drawn is told before it is previewed.
    teeth = [[120 + n * 1e-5, 30 + (n % 2) * 0.01] for n in range(3000)]
    teeth += [[120.03, 29.99], [120, 29.99], teeth[0]]
    content = json.dumps(collection(feature("沿江", [teeth]))).encode()
    refused = client.post(UPLOAD, {"file": map_file(content=content)})
    assert refused.status_code == 422
    assert "太曲折" in refused.content.decode()


def test_what_stands_alone_in_an_area_stands_in_its_middle():
    outline = [[[(120, 30), (120.01, 30), (120.01, 30.01), (120, 30.01), (120, 30)]]]
    for name, is_middle in (("", True), ("某" * 60, True), ("沿江社区", False)):
        drawing = drawing_of([(1, name, outline)])
        [area] = drawing.areas
        assert (abs(area.y - drawing.sheet.height / 2) < 1) is is_middle


def test_a_name_that_two_communities_bear_is_chosen_by_hand(places):
    places[1].name = "沿江居委会"
    found = read_geojson(map_file("沿江").read())
    form = ShapesForm(shapes=found.shapes, places=places)
    assert form["shape_1"].initial == ""
    assert ShapesForm(shapes=found.shapes, places=places[:1])["shape_1"].initial


def test_numbers_are_those_of_the_users_scope(
    places,
    branch_a1,
    branch_b1,
    street,
    committee_staff,
    community_secretary,
    branch_secretary,
    client_for,
):
    OrganizationFactory(kind="branch", parent=street)
    WorkUnitFactory(name="乙单位", community=places[1], is_resident=True)
    WorkUnitFactory(name="丙单位", community=None, is_resident=True)
    found = client_for(committee_staff).get(MAP).context["map"]
    assert [(t.organizations, t.unit_count) for t in found.tiles] == [(2, 0), (2, 1)]
    assert (found.elsewhere.organizations, found.elsewhere.units) == (2, 1)

    found = client_for(community_secretary).get(MAP)
    tiles = found.context["map"].tiles
    assert [(t.is_whole, t.organizations) for t in tiles] == [(True, 2), (False, 0)]
    assert "乙单位" not in found.content.decode()
    assert not found.context["map"].elsewhere

    tiles = client_for(branch_secretary).get(MAP).context["map"].tiles
    assert [(t.is_whole, t.is_home) for t in tiles] == [(False, True), (False, False)]


def test_outlines_are_ticked_and_removed(places, committee_staff, client_for):
    stored = upload(committee_staff, "甲")
    draw(stored, {1: places[0].pk}, committee_staff)
    row, client = CommunityOutline.objects.get(), client_for(committee_staff)
    assert client.post(REMOVE, {"outlines": f"{row.pk}.9"}).status_code == 422
    assert client.post(REMOVE, {"outlines": f"{row.pk}.1"}).url == MAP
    assert not CommunityOutline.objects.exists()

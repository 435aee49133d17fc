"""Pages of pairs: a pair from a suggestion, the map, what a page refuses."""

import pytest
from django.urls import reverse

from liaison.models import Pair
from organizations.models import Community
from organizations.services.communities import BuildingLine, save_community
from organizations.system import SystemActor
from tests.factories.organizations import WorkUnitFactory
from tests.liaison.agreement_steps import ago, held
from tests.liaison.pair_steps import paired, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(community_a):
    found = Community.objects.filter(organization=community_a).first()
    return save_community(
        community_id=found and found.pk,
        organization_id=community_a.pk,
        name="和平",
        address="解放路1号",
        grid_count=1,
        buildings=[BuildingLine("3号楼", "第二网格")],
        actor=SystemActor(),
    )


@pytest.fixture
def page(client_for, community_secretary):
    return client_for(community_secretary)


def test_a_suggestion_becomes_a_pair(page, place, community_a):
    school = WorkUnitFactory(
        name="和平小学", community=place, is_resident=True, address="3号楼"
    )
    text = page.get(reverse("liaison:pair-suggestions")).content.decode()
    assert "地址在第二网格（3号楼）" in text
    address = (
        f"{reverse('liaison:pair-add')}?organization={community_a.pk}"
        f"&unit={school.pk}&field=culture"
    )
    assert address.replace("&", "&amp;") in text
    form = page.get(address).context["form"]
    assert f'value="{school.pk}" selected' in str(form["units"])
    response = page.post(
        address,
        {
            "organization": community_a.pk,
            "units": [school.pk],
            "field": form["field"].value(),
            "starts_on": ago(0).isoformat(),
        },
    )
    pair = Pair.objects.get()
    assert response.url == pair.get_absolute_url()
    assert (
        "和平小学" not in page.get(reverse("liaison:pair-suggestions")).content.decode()
    )
    tiles = page.get(reverse("liaison:pair-map")).context["tiles"]
    assert [(len(t["pairs"]), t["unpaired"]) for t in tiles] == [(1, 0)]


def test_the_map_names_some_units_and_counts_all(page, place):
    for number in range(8):
        WorkUnitFactory(name=f"单位{number}", community=place, is_resident=True)
    WorkUnitFactory(name="外地单位", community=place, is_resident=False)
    response = page.get(reverse("liaison:pair-map"))
    (tile,) = response.context["tiles"]
    assert (tile["unpaired"], len(tile["units"]), tile["more_units"]) == (8, 6, 2)
    assert "外地单位" not in response.content.decode()


def test_a_pair_shows_its_plan_and_activities(
    page, community_a, community_secretary, branch_a1, work_unit
):
    pair = paired(community_a, community_secretary, work_unit)
    task = planned(pair, community_secretary, ago(3))
    text = page.get(pair.get_absolute_url()).content.decode()
    assert "有 1 项计划逾期未办" in text
    activity = held(branch_a1, ago(5))
    add = reverse("liaison:pair-activity-add", args=[pair.pk])
    response = page.post(add, {"activity": activity.pk, "task": task.pk}, follow=True)
    assert "逾期未办" not in response.content.decode()
    assert activity.title in response.content.decode()
    listed = page.get(reverse("liaison:pair-list")).context["page"].rows
    assert [(row.planned, row.done, row.last_on) for row in listed] == [
        (1, 1, activity.held_on)
    ]


def test_a_stale_form_and_a_bad_plan_lose_nothing(
    page, community_a, community_secretary, work_unit
):
    pair = paired(community_a, community_secretary, work_unit)
    response = page.post(
        reverse("liaison:pair-task-add", args=[pair.pk]), {"words": "办一件事"}
    )
    assert response.status_code == 422
    assert "请填完成日期，或者选一个季度" in response.content.decode()
    assert "办一件事" in response.content.decode()
    response = page.post(
        reverse("liaison:pair-end", args=[pair.pk]),
        {"ended_on": ago(0).isoformat(), "reason": "单位搬迁", "version": 9},
    )
    assert response.status_code == 409
    assert "单位搬迁" in response.content.decode()


@pytest.mark.parametrize(
    ("group", "titles"),
    [("", 1), ("unplanned", 1), ("idle", 1), ("ended", 0), ("all", 1)],
)
def test_tabs(page, community_a, community_secretary, work_unit, group, titles):
    paired(community_a, community_secretary, work_unit)
    response = page.get(reverse("liaison:pair-list"), {"group": group})
    assert len(response.context["page"].rows) == titles

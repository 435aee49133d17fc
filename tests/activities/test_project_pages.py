"""Pages of projects of services: opened, filled, ended, by the branch's secretary."""

import pytest
from django.urls import reverse

from activities.models import Placement, ServicePost, ServiceProject
from members.models import EmploymentSpell, Lead
from tests.activities.project_steps import (
    closed,
    laid_off,
    left,
    opened,
    placed,
    posted,
)
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def founder(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1, category="laid_off", name="雷芳")
    return laid_off(member, branch_secretary)


@pytest.fixture
def worker(branch_a1):
    return MemberFactory(branch=branch_a1, name="苗远")


@pytest.fixture
def project(founder, branch_secretary, community_a):
    return opened(founder, branch_secretary, community_a)


@pytest.fixture
def post(project, branch_secretary):
    return posted(project, branch_secretary)


@pytest.fixture
def client(client_for, branch_secretary):
    return client_for(branch_secretary)


def text_of(response):
    return response.content.decode()


def test_from_the_founders_page_to_a_project_with_people(
    client, founder, worker, community_a
):
    page = reverse("members:employment", args=[founder.pk])
    add = reverse("activities:project-add") + f"?founder={founder.pk}"
    assert add in text_of(client.get(page))
    form = client.get(add).context["form"]
    assert form["founder"].value() == founder.pk
    assert form["community"].value() == community_a.community.pk
    data = {
        "founder": founder.pk,
        "name": "便民缝补店",
        "field": "repair",
        "community": community_a.community.pk,
        "place": "沿江路2号",
        "opened_on": "2026-03-02",
        "request_id": form["request_id"].value(),
    }
    refused = client.post(add, data | {"partner": founder.pk})
    assert refused.status_code == 422
    assert "重复" in text_of(refused)
    assert "沿江路2号" in text_of(refused)
    for _ in range(2):
        shown = client.post(add, data, follow=True)
    assert "还没有岗位" in text_of(shown)
    project = ServiceProject.objects.get()
    posts = reverse("activities:post-add", args=[project.pk])
    values = {"name": "缝纫工", "places": "2", "created_on": "2026-03-02"}
    assert "空2个" in text_of(client.post(posts, values, follow=True))
    place = reverse("activities:placement-add", args=[project.pk])
    form = client.get(place).context["form"]
    data = {
        "post": ServicePost.objects.get().pk,
        "member": worker.pk,
        "way": "flexible",
        "founder": project.founders.get().pk,
        "starts_on": "2026-04-01",
        "request_id": form["request_id"].value(),
    }
    assert client.post(place, data | {"person_name": "王芳"}).status_code == 422
    for _ in range(2):
        shown = text_of(client.post(place, data, follow=True))
    assert "苗远" in shown
    assert "在岗 1 人" in shown
    assert Placement.objects.count() == 1
    his = text_of(client.get(reverse("members:employment", args=[worker.pk])))
    assert "灵活就业" in his
    assert "由服务项目登记" in his
    assert project.get_absolute_url() in his
    ledger = text_of(client.get(reverse("members:lead-list")))
    assert "带领就业1人，开办服务项目1个，新增岗位2个" in ledger


def test_the_list_tells_what_is_free_and_what_is_closed(
    client, client_for, project, post, founder, community_a, secretary_b, worker
):
    other = opened(worker, project.recorded_by, community_a, name="早餐点")
    closed(other, project.recorded_by)
    url = reverse("activities:project-list")
    names = {
        "": ["便民缝补店"],
        "free": ["便民缝补店"],
        "closed": ["早餐点"],
        "all": ["便民缝补店", "早餐点"],
        "nonsense": ["便民缝补店"],
    }
    for group, wanted in names.items():
        rows = client.get(url, {"group": group}).context["page"].rows
        assert sorted(row.name for row in rows) == sorted(wanted), group
    row = client.get(url).context["page"].rows[0]
    assert (row.places, row.filled, row.free_places) == (2, 0, 2)
    place = community_a.community.pk
    assert "便民缝补店" in text_of(client.get(url, {"community": place}))
    assert "没有符合条件" in text_of(client.get(url, {"field": "catering"}))
    assert "便民缝补店" not in text_of(client_for(secretary_b).get(url))


def test_a_full_post_is_refused_with_what_was_typed(client, project, post):
    placed(post, project.recorded_by, name="甲")
    placed(post, project.recorded_by, name="乙")
    url = reverse("activities:placement-add", args=[project.pk])
    assert "现在没有空岗" in text_of(client.get(url, follow=True))
    data = {
        "post": post.pk,
        "person_name": "丙",
        "way": "by_unit",
        "founder": project.founders.get().pk,
        "starts_on": "2026-04-01",
    }
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "没有空位" in text_of(refused)
    assert "丙" in text_of(refused)


def test_leaving_closing_and_mistakes_ask_first(client, project, post, worker):
    person = placed(post, project.recorded_by, worker)
    placed(post, project.recorded_by, name="王芳")
    leave = reverse("activities:placement-end", args=[person.pk])
    assert "苗远不在“缝纫工”做了" in text_of(client.get(leave))
    data = {"ends_on": "2026-06-01", "reason": "other_job", "words": ""}
    refused = client.post(leave, data)
    assert refused.status_code == 422
    assert "新的单位" in text_of(refused)
    shown = text_of(client.post(leave, data | {"words": "江滨物业"}, follow=True))
    assert "到别处就业：江滨物业" in shown
    latest = EmploymentSpell.objects.current().get(member=worker)
    assert (latest.status, latest.workplace) == ("by_unit", "江滨物业")
    close = reverse("activities:project-close", args=[project.pk])
    asked = text_of(client.get(close))
    assert "1人从这一天起离岗：王芳" in asked
    data = {"closed_on": "2026-09-01", "reason": "到期", "version": 1}
    assert client.post(close, data | {"version": 0}).status_code == 409
    assert client.post(close, data | {"closed_on": "2026-01-01"}).status_code == 422
    assert "停办。原因：到期" in text_of(client.post(close, data, follow=True))
    for name, row in (("placement-withdraw", person), ("post-edit", post)):
        url = reverse(f"activities:{name}", args=[row.pk])
        assert client.get(url).status_code == 403


def test_a_mistake_is_taken_back_from_the_page(client, project, post, worker, founder):
    person = placed(post, project.recorded_by, worker)
    url = reverse("activities:placement-withdraw", args=[person.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert "已撤回" in text_of(client.post(url, {"reason": "记错"}, follow=True))
    empty = posted(project, project.recorded_by, 1, "收银")
    url = reverse("activities:post-withdraw", args=[empty.pk])
    assert "没有设" in text_of(client.post(url, {"reason": "没有设"}, follow=True))
    other = reverse("activities:post-end", args=[post.pk])
    shown = client.post(other, {"ended_on": "2026-09-01"}, follow=True)
    assert "已撤销" in text_of(shown)
    assert project.get_absolute_url() in text_of(
        client.get(reverse("members:employment", args=[founder.pk]))
    )
    url = reverse("activities:project-withdraw", args=[project.pk])
    assert "不计入任何数字" in text_of(client.post(url, {"reason": "错"}, follow=True))
    assert not Lead.objects.counted().exists()


def test_two_who_edit_see_each_other(client, project, post):
    url = reverse("activities:project-edit", args=[project.pk])
    data = {
        "name": "缝补铺",
        "field": "repair",
        "community": project.community_id,
        "place": "沿江路2号",
        "version": 1,
    }
    assert "缝补铺" in text_of(client.post(url, data, follow=True))
    stale = client.post(url, data | {"name": "别的"})
    assert stale.status_code == 409
    assert "缝补铺" in text_of(stale)
    url = reverse("activities:post-edit", args=[post.pk])
    data = {"name": "裁缝", "places": 3, "version": 1}
    assert "裁缝" in text_of(client.post(url, data, follow=True))
    assert client.post(url, data | {"name": "别的"}).status_code == 409


def test_what_the_project_wrote_has_no_button_and_no_back_door(
    client, project, post, founder, worker
):
    person = placed(post, project.recorded_by, worker)
    page = text_of(client.get(reverse("members:employment", args=[founder.pk])))
    url = reverse("members:lead-withdraw", args=[person.lead_id])
    assert url not in page
    assert "由服务项目登记" in page
    shown = text_of(client.post(url, follow=True))
    assert "由服务项目自动登记" in shown
    assert Lead.objects.get(pk=person.lead_id).withdrawn_at is None
    amend = reverse("members:spell-amend", args=[person.spell_id])
    data = {"status": "retired", "starts_on": "2026-04-01"}
    refused = client.post(amend, data)
    assert refused.status_code == 422
    assert "由服务项目自动登记" in text_of(refused)


def test_who_moved_away_is_not_named(
    client, project, post, branch_b1, worker, committee_staff
):
    person = placed(post, project.recorded_by, worker)
    worker.affiliations.update(organization=branch_b1)
    page = text_of(client.get(project.get_absolute_url()))
    assert "苗远" not in page
    assert "其他党组织的党员" in page
    leave = reverse("activities:placement-end", args=[person.pk])
    assert "苗远" not in text_of(client.get(leave))
    left(person, project.recorded_by)
    assert EmploymentSpell.objects.current().get(member=worker).status == "seeking"


def test_staff_choose_the_branch_first(client_for, committee_staff, branch_a1, founder):
    client = client_for(committee_staff)
    url = reverse("activities:project-add")
    MemberFactory(branch=branch_a1)
    shown = text_of(client.get(url, {"branch": branch_a1.pk}))
    assert "雷芳" in shown
    assert client.get(url, {"founder": "x"}).status_code == 404
    assert client.get(url, {"founder": 987654321}).status_code == 404

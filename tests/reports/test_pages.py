"""The dashboard, the to-do list and the definitions."""

import pytest
from django.urls import reverse

from config.lib import registry
from config.lib.periods import Month
from organizations.models import Organization
from reports import dashboard, todo
from reports.services import summaries
from tests.factories.activities import ActivityFactory
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.factories.organizations import OrganizationFactory


def page(client_for, user, **query):
    return client_for(user).get(reverse("home"), query)


@pytest.mark.django_db
def test_staff_see_the_street_and_its_communities(
    client_for, committee_staff, tree, month
):
    MemberFactory.create_batch(3, branch=tree[3])
    text = page(client_for, committee_staff).content.decode()
    assert "<h1" in text
    assert "江滨街道党工委" in text
    assert f'href="/?organization={tree[1].pk}&amp;month={month.label}"' in text
    assert "沿江社区第一党支部" not in text


@pytest.mark.django_db
def test_tiles_show_the_figures_and_open_their_lists(
    client_for, branch_secretary, branch_a1, month, today
):
    MemberFactory.create_batch(3, branch=branch_a1)
    ActivityFactory(organization=branch_a1, held_on=today)
    response = page(client_for, branch_secretary)
    tiles = {tile["label"]: tile for tile in response.context["board"].tiles}
    assert tiles["党员总数"]["value"] == 3
    assert tiles["开展活动"]["value"] == 1
    assert tiles["开展活动"]["url"].startswith("/activities/")
    assert tiles["开展活动"]["url"] in response.content.decode().replace("&amp;", "&")


@pytest.mark.django_db
def test_drilling_down_shows_the_way_up(client_for, committee_staff, tree, month):
    text = page(client_for, committee_staff, organization=tree[3].pk).content.decode()
    assert "沿江社区第一党支部" in text
    assert f'href="/?organization={tree[1].pk}&amp;month={month.label}"' in text


@pytest.mark.django_db
def test_the_way_up_ends_at_the_users_own_place(
    client_for, community_secretary, tree, month
):
    response = page(client_for, community_secretary, organization=tree[3].pk)
    assert [name for name, _ in response.context["board"].breadcrumbs] == [
        "沿江社区党委",
        "沿江社区第一党支部",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["other", "999999", "x"])
def test_an_organization_out_of_scope_is_missing(
    client_for, branch_secretary, branch_b1, asked
):
    asked = branch_b1.pk if asked == "other" else asked
    assert page(client_for, branch_secretary, organization=asked).status_code == 404


@pytest.mark.django_db
def test_past_months_can_be_chosen(client_for, branch_secretary, branch_a1, month):
    before = month.previous()
    ActivityFactory(organization=branch_a1, held_on=before.start)
    board = page(client_for, branch_secretary, month=before.label).context["board"]
    assert board.month == before
    [held] = [tile for tile in board.tiles if tile["label"] == "开展活动"]
    assert held["value"] == 1


@pytest.mark.django_db
def test_nonsense_for_a_month_shows_this_one(client_for, branch_secretary, month):
    assert (
        page(client_for, branch_secretary, month="abc").context["board"].month == month
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sysadmin", "auditor", "unit_contact", "outsider"])
def test_who_sees_no_reports_gets_the_way_to_his_work(client_for, name, request):
    response = page(client_for, request.getfixturevalue(name))
    assert response.status_code == 200
    assert "不查看党员数据" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 12])
@pytest.mark.parametrize(
    "name", ["committee_staff", "community_secretary", "branch_secretary"]
)
def test_the_dashboard_takes_at_most_twelve_queries(
    client_for, request, name, tree, today, size, django_assert_max_num_queries
):
    user = request.getfixturevalue(name)
    for branch in tree[3:]:
        for member in MemberFactory.create_batch(size, branch=branch):
            AffiliationFactory(member=member, organization=tree[4], kind="co_managed")
    for _ in range(size):
        OrganizationFactory(parent=tree[1])
    client = client_for(user)
    client.get(reverse("home"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("home")).status_code == 200


@pytest.mark.django_db
def test_todo_counts_agree_with_each_alert(worker, committee_staff, tree, today):
    work = worker(5)
    for _ in range(30):
        work.step()
    counted = {
        each.alert.key: each.count for each in todo.todos(committee_staff, today)
    }
    for alert in todo.alerts_for(committee_staff):
        assert counted.get(alert.key, 0) == alert.count(committee_staff, today)
        assert alert.count(committee_staff, today) == len(
            list(alert.rows(committee_staff, today))
        )


@pytest.mark.django_db
def test_an_alert_lists_its_rows_with_their_organization(
    client_for, branch_secretary, branch_a1
):
    member = MemberFactory(branch=branch_a1, name="雷未建卡", category="in_post")
    AffiliationFactory(member=member, organization=branch_a1, kind="co_managed")
    client = client_for(branch_secretary)
    text = client.get(reverse("reports:alert", args=["liaison.without_card"]))
    assert "雷未建卡" in text.content.decode()
    assert "沿江社区第一党支部" in text.content.decode()


@pytest.mark.django_db
def test_a_long_alert_has_pages(
    client_for, branch_secretary, branch_a1, django_assert_max_num_queries
):
    for member in MemberFactory.create_batch(60, branch=branch_a1, category="in_post"):
        AffiliationFactory(member=member, organization=branch_a1, kind="co_managed")
    client = client_for(branch_secretary)
    url = reverse("reports:alert", args=["liaison.without_card"])
    with django_assert_max_num_queries(12):
        first = client.get(url)
    assert len(first.context["lines"]) == 50
    assert first.context["total"] == 60
    second = client.get(url, {"page": 2})
    assert len(second.context["lines"]) == 10
    assert not second.context["next_url"]


@pytest.mark.django_db
def test_an_alert_of_another_role_is_refused(client_for, auditor):
    client = client_for(auditor)
    url = reverse("reports:alert", args=["liaison.without_card"])
    assert client.get(url).status_code == 403
    assert client.get(reverse("reports:alert", args=["no.such"])).status_code == 404


@pytest.mark.django_db
def test_every_figure_share_and_warning_is_defined(client_for, branch_secretary):
    text = client_for(branch_secretary).get(reverse("reports:definitions"))
    shown = text.content.decode()
    for each in [*registry.indicators(), *registry.rates(), *registry.alerts()]:
        assert each.name in shown


@pytest.mark.django_db
def test_the_api_tells_the_figures_in_scope(
    client_for, branch_secretary, branch_a1, branch_b1, today
):
    MemberFactory.create_batch(2, branch=branch_a1)
    client = client_for(branch_secretary)
    answer = client.get(reverse("api:summary", args=[branch_a1.pk])).json()
    values = {figure["key"]: figure["value"] for figure in answer["figures"]}
    assert values["members.on_roll"] == 2
    assert answer["month"] == Month.containing(today).label
    other = client.get(reverse("api:summary", args=[branch_b1.pk]))
    assert other.status_code == 404
    bad = client.get(reverse("api:summary", args=[branch_a1.pk]), {"month": "x"})
    assert bad.status_code == 400


@pytest.mark.django_db
def test_children_stand_in_the_order_of_the_tree(committee_staff, tree, month, today):
    board = dashboard.dashboard(committee_staff, tree[0], month, today)
    assert [child["name"] for child in board.children] == [
        str(node) for node in Organization.objects.filter(parent=tree[0])
    ]
    assert summaries.kept_months(today)[-1] == month

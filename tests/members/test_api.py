"""The API: read-only, scoped, masked."""

import pytest

from tests.factories.members import AffiliationFactory, MemberFactory

URL = "/api/v1/members/"


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳", phone="13900001234")


def test_the_list_is_scoped_and_masked(client_for, branch_secretary, member, branch_b1):
    MemberFactory(branch=branch_b1, name="贺兰")
    response = client_for(branch_secretary).get(URL)
    (row,) = response.json()["results"]
    assert (row["name"], row["phone"]) == ("雷芳", "139****1234")
    for secret in (member.id_number, member.phone, member.address, "贺兰"):
        assert secret not in response.content.decode()


def test_affiliations_out_of_scope_are_left_out(
    client_for, branch_secretary, member, branch_b1
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    (row,) = client_for(branch_secretary).get(URL).json()["results"]
    assert [a["kind"] for a in row["affiliations"]] == ["on_roll"]


def test_a_person_out_of_scope_is_not_found(client_for, secretary_b, member):
    client = client_for(secretary_b)
    assert client.get(f"{URL}{member.pk}/").status_code == 404
    assert client.get(f"{URL}999999/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(client_for, committee_staff, member, method):
    response = getattr(client_for(committee_staff), method)(f"{URL}{member.pk}/")
    assert response.status_code == 405


@pytest.mark.parametrize("role", ["sysadmin", "auditor", "outsider"])
def test_those_without_member_rights_are_refused(request, client_for, role):
    assert client_for(request.getfixturevalue(role)).get(URL).status_code == 403


def test_pages_go_by_key_in_few_queries(
    client_for, committee_staff, branch_a1, django_assert_max_num_queries
):
    MemberFactory.create_batch(60, branch=branch_a1)
    client = client_for(committee_staff)
    with django_assert_max_num_queries(8):
        page = client.get(URL).json()
    following = client.get(page["next"]).json()
    assert len(page["results"]) + len(following["results"]) == 60

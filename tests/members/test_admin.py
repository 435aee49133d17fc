"""Members in the browser admin."""

import pytest

from members.models import Member, Talent
from organizations.models import AuditEvent
from tests.factories.members import AffiliationFactory, MemberFactory, TalentFactory

LIST = "/admin/members/member/"


@pytest.fixture
def client(client_for, committee_staff):
    return client_for(committee_staff)


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳", phone="13900001234")


def change_data(member, **changes):
    return {
        "name": member.name,
        "ethnicity": member.ethnicity,
        "category": member.category,
        "member_type": member.member_type,
        "joined_on": member.joined_on,
        "confirmed_on": member.confirmed_on,
        "education": member.education,
        "opened_version": member.version,
        "affiliations-TOTAL_FORMS": 0,
        "affiliations-INITIAL_FORMS": 0,
    } | changes


def test_the_list_masks_and_searches_by_fragment(client, member, branch_a1):
    MemberFactory(branch=branch_a1, name="曾敏")
    text = client.get(LIST, {"q": "芳"}).content.decode()
    assert "雷芳" in text
    assert "曾敏" not in text
    assert "139****1234" in text
    assert member.phone not in text


def test_the_page_shows_masks_and_no_deletion(client, member):
    text = client.get(f"{LIST}{member.pk}/change/").content.decode()
    for secret in (member.id_number, member.phone, member.address):
        assert secret not in text
    assert client.get(f"{LIST}{member.pk}/delete/").status_code == 403


def test_somebody_of_another_street_is_not_there(client, other_street, member):
    branch = type(other_street).objects.create(
        name="北一支部",
        short_name="北一支部",
        code="N1",
        kind="branch",
        field="community",
        parent=other_street,
        path="000002000001",
    )
    stranger = MemberFactory(branch=branch, name="贺兰")
    assert "贺兰" not in client.get(LIST).content.decode()
    # The admin leads a missing row back to the index.
    assert client.get(f"{LIST}{stranger.pk}/change/").status_code == 302


def test_saving_goes_through_the_service(client, member):
    response = client.post(
        f"{LIST}{member.pk}/change/", change_data(member, job_title="教师")
    )
    assert response.status_code == 302
    saved = Member.objects.get(pk=member.pk)
    assert (saved.job_title, saved.version) == ("教师", 2)
    assert saved.phone == member.phone
    assert AuditEvent.objects.filter(action="member_updated").count() == 1


def test_a_stale_save_is_refused(client, member):
    data = change_data(member, job_title="教师")
    Member.objects.filter(pk=member.pk).update(version=2)
    response = client.post(f"{LIST}{member.pk}/change/", data)
    assert "刚刚被别人修改过" in response.content.decode()
    assert Member.objects.get(pk=member.pk).job_title == ""


def test_a_refused_save_says_why(client, member):
    response = client.post(
        f"{LIST}{member.pk}/change/", change_data(member, member_type="probationary")
    )
    assert response.status_code == 200
    assert "预备党员没有转正日期" in response.content.decode()


def test_nobody_adds_people_in_the_admin(client):
    assert client.get(f"{LIST}add/").status_code == 403


def test_the_system_administrator_has_no_members(client_for, sysadmin, member):
    client = client_for(sysadmin)
    assert client.get(LIST).status_code == 403
    assert "党员名册" not in client.get("/admin/").content.decode()


def test_affiliations_are_read_only(client, member, branch_b1):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    address = "/admin/members/affiliation/"
    assert "协管" in client.get(address).content.decode()
    pk = member.affiliations.first().pk
    response = client.post(f"{address}{pk}/change/", {"kind": "mobile_in"})
    assert response.status_code == 403


def test_talents_are_kept_by_the_committee(client):
    client.post(
        "/admin/members/talent/add/",
        {"name": "义诊", "sort_order": 1, "is_active": "on"},
    )
    talent = Talent.objects.get()
    client.post(
        f"/admin/members/talent/{talent.pk}/change/", {"name": "义诊", "sort_order": 2}
    )
    talent.refresh_from_db()
    assert (talent.sort_order, talent.is_active) == (2, False)
    assert AuditEvent.objects.filter(target_type="members.talent").count() == 2


def test_talents_are_not_deleted(client):
    talent = TalentFactory()
    address = f"/admin/members/talent/{talent.pk}/delete/"
    assert client.post(address, {"post": "yes"}).status_code == 403

"""A person's page, editing and adding by form, the history."""

from datetime import date

import pytest

from config.lib.panels import _panels, register_panel
from members.models import Member
from members.services.members import update_member
from organizations.models import AuditEvent
from tests.factories.members import (
    AffiliationFactory,
    MemberFactory,
    TalentFactory,
    synthetic_id_number,
)
from tests.factories.organizations import CommunityFactory, OrganizationFactory


@pytest.fixture
def client_a1(client_for, branch_secretary):
    return client_for(branch_secretary)


@pytest.fixture
def member(branch_a1):
    return MemberFactory(
        branch=branch_a1,
        name="雷芳",
        phone="13900001234",
        born_on=date(1970, 4, 2),
        joined_on=date(1995, 7, 1),
        confirmed_on=date(2001, 7, 1),
    )


def url(member, rest=""):
    return f"/members/{member.pk}/{rest}"


def test_the_page_masks_what_is_sensitive(client_a1, member):
    text = client_a1.get(url(member)).content.decode()
    assert "139****1234" in text
    for secret in (member.id_number, member.phone, member.address):
        assert secret not in text


def test_the_page_names_the_talents(client_a1, member):
    member.talents.set([TalentFactory(name="义诊"), TalentFactory(name="法律")])
    facts = dict(client_a1.get(url(member)).context["facts"])
    assert facts["特长"] == "义诊、法律"


def test_opening_the_page_is_audited(client_a1, member):
    client_a1.get(url(member))
    event = AuditEvent.objects.get(action="member_viewed")
    assert event.target_id == str(member.pk)


@pytest.mark.parametrize("rest", ["", "history/", "edit/", "affiliations/add/"])
def test_a_person_out_of_scope_is_not_found(client_for, secretary_b, member, rest):
    client = client_for(secretary_b)
    assert client.get(url(member, rest)).status_code == 404
    assert client.get(f"/members/999999/{rest}").status_code == 404


def test_the_page_takes_few_queries(client_a1, member, django_assert_max_num_queries):
    # Panels of the upper apps may add two each.
    with django_assert_max_num_queries(12):
        client_a1.get(url(member))


def test_a_branch_out_of_scope_has_no_name_on_the_page(client_a1, member, branch_b1):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    text = client_a1.get(url(member)).content.decode()
    assert "其他党组织" in text
    assert "临湖社区第一" not in text


def test_somebody_who_left_is_read_only_for_street_staff(
    client_for, committee_staff, branch_secretary, branch_a1
):
    gone = MemberFactory(name="离开", status="transferred_out")
    AffiliationFactory(
        member=gone,
        organization=branch_a1,
        ends_on=date(2025, 1, 1),
        end_reason="transferred_out",
    )
    response = client_for(committee_staff).get(url(gone))
    assert "只供街道工作人员查看" in response.content.decode()
    assert client_for(committee_staff).get(url(gone, "edit/")).status_code == 404
    assert client_for(branch_secretary).get(url(gone)).status_code == 404


def test_a_panel_of_an_upper_app_stands_on_the_page(client_a1, member):
    register_panel(
        page="member",
        order=99,
        template="_empty.html",
        context_builder=lambda user, subject: {"name": subject.name},
    )
    try:
        panels = client_a1.get(url(member)).context["panels"]
    finally:
        _panels["member"].pop("_empty.html")
    assert {"template": "_empty.html", "context": {"name": "雷芳"}} in panels


def edit_data(member, **changes):
    return {
        "version": member.version,
        "name": member.name,
        "ethnicity": "Han",
        "category": "in_post",
        "member_type": "full",
        "status": "normal",
        "joined_on": str(member.joined_on),
        "confirmed_on": str(member.confirmed_on),
        "education": "bachelor",
    } | changes


def test_editing_keeps_what_was_not_shown(client_a1, member):
    response = client_a1.post(
        url(member, "edit/"), edit_data(member, job_title="教师", joined_on="2000.05")
    )
    assert response.status_code == 302
    saved = Member.objects.get(pk=member.pk)
    assert (saved.job_title, saved.phone) == ("教师", member.phone)
    assert saved.id_number == member.id_number
    assert (saved.joined_on, saved.joined_precision) == (date(2000, 5, 1), "month")


def test_the_edit_form_does_not_show_secrets(client_a1, member):
    text = client_a1.get(url(member, "edit/")).content.decode()
    for secret in (member.id_number, member.phone, member.address):
        assert secret not in text


def test_a_branch_secretary_says_in_which_community_somebody_lives(
    client_a1, member, community_b, other_street
):
    page = client_a1.get(url(member, "edit/")).content.decode()
    place = community_b.community
    assert f'<option value="{place.pk}">临湖社区</option>' in page

    client_a1.post(url(member, "edit/"), edit_data(member, community=place.pk))

    assert Member.objects.get(pk=member.pk).community == place
    found = client_a1.get("/members/", {"community": place.pk})
    assert "雷芳" in found.content.decode()


def test_a_community_of_another_street_is_kept_but_not_offered(
    client_a1, member, other_street
):
    committee = OrganizationFactory(kind="committee", parent=other_street)
    place = CommunityFactory(name="北岸社区", organization=committee)
    refused = client_a1.post(
        url(member, "edit/"), edit_data(member, community=place.pk)
    )
    assert "community" in refused.context["form"].errors

    Member.objects.filter(pk=member.pk).update(community=place)
    client_a1.post(
        url(member, "edit/"),
        edit_data(member, community=place.pk, job_title="教师"),
    )

    saved = Member.objects.get(pk=member.pk)
    assert (saved.community, saved.job_title) == (place, "教师")


def test_a_phone_can_be_cleared(client_a1, member):
    client_a1.post(url(member, "edit/"), edit_data(member, clear_phone="on"))
    assert Member.objects.get(pk=member.pk).phone == ""


def test_a_refused_edit_is_422_beside_its_field(client_a1, member):
    response = client_a1.post(
        url(member, "edit/"), edit_data(member, joined_on="2099-01-01")
    )
    assert response.status_code == 422
    assert "晚于今天" in str(response.context["form"].errors["joined_on"])


def test_an_edit_of_an_old_version_shows_both_values(client_a1, member):
    stale = edit_data(member, job_title="教师")
    client_a1.post(url(member, "edit/"), edit_data(member, job_title="医生"))
    response = client_a1.post(url(member, "edit/"), stale)
    assert response.status_code == 409
    text = response.content.decode()
    assert "医生" in text
    assert "教师" in text
    assert member.id_number not in text


def add_data(branch, **changes):
    return {
        "id_number": synthetic_id_number(date(1991, 3, 8), 77, "female"),
        "name": "查  敏",
        "ethnicity": "Han",
        "category": "in_post",
        "member_type": "full",
        "joined_on": "2015.07",
        "confirmed_on": "2016-07",
        "organization": branch.pk,
        "kind": "on_roll",
        "start_reason": "transferred_in",
        "starts_on": "2024-01-01",
    } | changes


def test_adding_by_hand_leads_to_the_new_page(client_a1, branch_a1):
    response = client_a1.post("/members/add/", add_data(branch_a1))
    member = Member.objects.get()
    assert response.url == url(member)
    assert (member.name, member.sex, member.born_on) == (
        "查敏",
        "female",
        date(1991, 3, 8),
    )


def test_adding_somebody_known_elsewhere_says_only_ask_the_street(
    client_a1, branch_a1, branch_b1
):
    other = MemberFactory(branch=branch_b1, name="贺兰")
    response = client_a1.post(
        "/members/add/", add_data(branch_a1, id_number=other.id_number)
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "联系街道核对" in text
    assert "请改正" not in text
    assert "贺兰" not in text
    assert "临湖社区第一" not in text


def test_the_add_form_offers_only_branches_in_scope(client_a1, branch_a1, branch_b1):
    form = client_a1.get("/members/add/").context["form"]
    assert list(form.fields["organization"].queryset) == [branch_a1]


def test_ending_asks_first_and_then_leads_away(client_a1, member):
    affiliation = member.affiliations.get()
    address = f"/members/affiliations/{affiliation.pk}/end/"
    assert "不会删除" in client_a1.get(address).content.decode()
    response = client_a1.post(
        address, {"end_reason": "mistake", "ends_on": "2025-01-01"}
    )
    assert response.url == "/members/"
    affiliation.refresh_from_db()
    assert affiliation.ends_on == date(2025, 1, 1)


def test_a_refused_end_is_422(client_a1, member):
    affiliation = member.affiliations.get()
    response = client_a1.post(
        f"/members/affiliations/{affiliation.pk}/end/",
        {"end_reason": "removed", "ends_on": "2025-01-01"},
    )
    assert response.status_code == 422
    assert response.context["form"].errors["end_reason"]


def test_moving_by_form(client_for, community_secretary, member, branch_a2):
    affiliation = member.affiliations.get()
    response = client_for(community_secretary).post(
        f"/members/affiliations/{affiliation.pk}/move/",
        {"organization": branch_a2.pk, "moved_on": "2025-01-01"},
    )
    assert response.url == url(member)
    assert member.affiliations.open().get().organization == branch_a2


def test_an_affiliation_is_added_by_form(
    client_for, committee_staff, member, branch_b1
):
    response = client_for(committee_staff).post(
        url(member, "affiliations/add/"),
        {
            "organization": branch_b1.pk,
            "kind": "co_managed",
            "start_reason": "reported_in",
            "starts_on": "2025-01-01",
        },
    )
    assert response.url == url(member)
    assert member.affiliations.open().count() == 2


@pytest.mark.parametrize("step", ["end", "move"])
def test_an_affiliation_out_of_scope_is_not_found(
    client_for, secretary_b, member, step
):
    affiliation = member.affiliations.get()
    address = f"/members/affiliations/{affiliation.pk}/{step}/"
    assert client_for(secretary_b).get(address).status_code == 404


def test_street_staff_reopen_by_the_page(client_for, committee_staff, member):
    client = client_for(committee_staff)
    affiliation = member.affiliations.get()
    client.post(
        f"/members/affiliations/{affiliation.pk}/end/",
        {"end_reason": "mistake", "ends_on": "2025-01-01"},
    )
    address = f"/members/affiliations/{affiliation.pk}/reopen/"
    assert client.get(address).status_code == 200
    assert client.post(address).url == url(member)
    assert member.affiliations.open().count() == 1


def test_the_history_says_what_changed_and_who(client_a1, member, branch_secretary):
    doctor = TalentFactory(name="义诊")
    update_member(
        member_id=member.pk,
        version=1,
        category="retired",
        talents=[doctor],
        actor=branch_secretary,
    )
    entries = client_a1.get(url(member, "history/")).context["entries"]
    changes = {(c.label, c.old, c.new) for entry in entries for c in entry.changes}
    assert ("党员类别", "在职党员", "离退休党员") in changes
    assert ("特长", "—", "义诊") in changes
    assert entries[-1].title == "建档"


def test_the_history_names_the_user_of_the_request(client_a1, member):
    client_a1.post(url(member, "edit/"), edit_data(member, job_title="教师"))
    response = client_a1.get(url(member, "history/"))
    assert "支一平" in response.content.decode()


def test_the_history_never_shows_an_encrypted_value(client_a1, member):
    client_a1.post(url(member, "edit/"), edit_data(member, phone="13811112222"))
    text = client_a1.get(url(member, "history/")).content.decode()
    assert "加密保存的信息有更新" in text
    assert "13811112222" not in text

"""The list: scope, filters, order, pages by key, search by POST."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from config.lib.paging import PAGE_SIZE
from organizations.models import Community
from tests.factories.members import AffiliationFactory, MemberFactory, TalentFactory

URL = "/members/"
HTMX = {"HX-Request": "true"}


def names(response):
    return [row["name"] for row in response.context["page"].rows]


@pytest.fixture
def client_a1(client_for, branch_secretary):
    return client_for(branch_secretary)


@pytest.fixture
def client_street(client_for, committee_staff):
    return client_for(committee_staff)


def test_a_branch_secretary_sees_only_the_own_branch(client_a1, branch_a1, branch_b1):
    MemberFactory(branch=branch_a1, name="雷芳")
    MemberFactory(branch=branch_b1, name="贺兰")
    response = client_a1.get(URL)
    assert names(response) == ["雷芳"]
    assert "贺兰" not in response.content.decode()
    assert "临湖社区第一" not in response.content.decode()


def test_a_co_managed_person_shows_without_the_name_of_the_other_branch(
    client_a1, branch_a1, branch_b1
):
    member = MemberFactory(branch=branch_b1, name="贺兰")
    AffiliationFactory(member=member, organization=branch_a1, kind="co_managed")
    response = client_a1.get(URL)
    assert response.context["page"].rows[0]["kind"] == "协管"
    assert "临湖社区第一" not in response.content.decode()


@pytest.mark.parametrize("role", ["sysadmin", "auditor", "unit_contact", "outsider"])
def test_those_without_member_rights_are_refused(request, client_for, role):
    assert client_for(request.getfixturevalue(role)).get(URL).status_code == 403


def test_the_row_masks_the_phone(client_a1, branch_a1):
    member = MemberFactory(branch=branch_a1, phone="13900001234")
    text = client_a1.get(URL).content.decode()
    assert "139****1234" in text
    assert member.phone not in text
    assert member.id_number not in text


def test_htmx_gets_the_table_alone(client_a1, branch_a1):
    MemberFactory(branch=branch_a1)
    response = client_a1.get(URL, headers=HTMX)
    assert response.content.decode().lstrip().startswith('<div id="member-table"')
    assert "HX-Request" in response["Vary"]


@pytest.fixture
def mixed(street, community_a, branch_a1, branch_a2, branch_b1):
    a = Community.objects.get(organization=community_a)
    doctor = TalentFactory(name="义诊")
    make = MemberFactory
    return {
        "retired": make(name="甲", branch=branch_a1, category="retired"),
        "a2": make(name="乙", branch=branch_a2, talents=[doctor]),
        "b1": make(name="丙", branch=branch_b1, community=a),
        "young": make(
            name="丁",
            branch=branch_b1,
            sex="female",
            ethnicity="Hui",
            born_on=date(2004, 1, 1),
            joined_on=date(2026, 6, 1),
            member_type="probationary",
            education="primary",
        ),
        "doctor": doctor,
        "a": a,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("category=retired", {"甲"}),
        ("kind=co_managed", set()),
        ("member_type=probationary", {"丁"}),
        ("ethnicity=minority", {"丁"}),
        ("education=low", {"丁"}),
        ("age_to=25", {"丁"}),
        ("age_from=26&sex=female&ethnicity=minority", set()),
        ("check=no_phone", set()),
        ("q=%E4%B8%99", {"丙"}),
        ("status=normal", {"甲", "乙", "丙", "丁"}),
    ],
)
def test_filters(client_street, mixed, query, expected):
    assert set(names(client_street.get(f"{URL}?{query}"))) == expected


def test_rare_filters_wait_until_asked_for(client_street, mixed):
    assert "sex" not in client_street.get(URL).context["form"].fields
    more = client_street.get(URL).context["more_url"]
    assert "sex" in client_street.get(URL + more).context["form"].fields


def test_the_community_is_where_one_lives_or_belongs(client_street, mixed):
    response = client_street.get(URL, {"community": mixed["a"].pk})
    assert set(names(response)) == {"甲", "乙", "丙"}


def test_an_organization_stands_for_all_below(client_street, mixed, community_a):
    response = client_street.get(URL, {"organization": community_a.pk})
    assert set(names(response)) == {"甲", "乙"}


def test_a_talent_finds_those_who_have_it(client_street, mixed):
    response = client_street.get(URL, {"talent": mixed["doctor"].pk})
    assert names(response) == ["乙"]


def test_an_organization_out_of_scope_is_an_invalid_choice(client_a1, branch_b1):
    response = client_a1.get(URL, {"organization": branch_b1.pk})
    assert response.context["form"].errors["organization"]
    assert names(response) == []


def test_those_who_left_are_for_street_staff(
    client_street, client_a1, branch_a1, branch_secretary
):
    gone = MemberFactory(name="离开", status="transferred_out")
    AffiliationFactory(member=gone, organization=branch_a1, ends_on=date(2025, 1, 1))
    assert names(client_street.get(URL, {"gone": "1"})) == ["离开"]
    assert names(client_street.get(URL)) == []
    assert names(client_a1.get(URL, {"gone": "1"})) == []


def walk(client, url, link):
    """Follow one link of the pages to the end; return the names met."""
    met = []
    while True:
        response = client.get(url)
        met.append(names(response))
        following = getattr(response.context["page"], link)
        if not following:
            return met
        url = URL + following


@pytest.mark.parametrize("sort", ["", "name", "-name", "joined", "-joined", "-born"])
def test_pages_by_key_show_everybody_once_in_both_directions(
    client_a1, branch_a1, sort
):
    # Equal keys on purpose: namesakes, and one day of joining for many.
    for number in range(PAGE_SIZE * 2 + 7):
        MemberFactory(
            branch=branch_a1,
            name="张伟" if number % 3 else "李芳",
            joined_on=date(2015, 7, 1 + number % 2),
            confirmed_on=date(2016, 7, 2),
            born_on=date(1980, 1, 1 + number % 5),
            serial=number + 1,
        )
    forward = walk(client_a1, f"{URL}?sort={sort}", "next_url")
    assert [len(page) for page in forward] == [PAGE_SIZE, PAGE_SIZE, 7]
    last = f"{URL}?sort={sort}&last=1"
    backward = walk(client_a1, last, "previous_url")
    assert [len(page) for page in backward] == [PAGE_SIZE, PAGE_SIZE, 7]
    everybody = [name for page in forward for name in page]
    again = [name for page in reversed(backward) for name in page]
    assert everybody == again


def total(response):
    return response.context["page"].total


def test_the_list_tells_how_many_people_there_are(
    client_street, client_a1, branch_a1, branch_b1
):
    members = MemberFactory.create_batch(PAGE_SIZE + 2, branch=branch_a1, name="雷芳")
    elsewhere = MemberFactory(branch=branch_b1, name="贺兰")
    # One person with two relations is one person.
    AffiliationFactory(member=elsewhere, organization=branch_a1, kind="co_managed")
    gone = {"member": MemberFactory(name="走"), "ends_on": date(2025, 1, 1)}
    AffiliationFactory(organization=branch_a1, **gone)
    assert total(client_street.get(URL)) == str(len(members) + 1)
    assert total(client_street.get(f"{URL}?last=1")) == str(len(members) + 1)
    assert total(client_a1.get(URL)) == str(len(members) + 1)
    assert total(client_a1.get(f"{URL}?kind=co_managed")) == "1"
    assert total(client_street.get(f"{URL}?q=贺")) == "1"
    # A search counts no further than its page.
    assert total(client_a1.get(f"{URL}?q=芳&last=1")) == f"{PAGE_SIZE}以上"
    response = client_a1.get(f"{URL}?q=芳")
    assert f"共 <strong>{PAGE_SIZE}以上</strong> 人" in response.content.decode()


def test_no_page_address_holds_a_name(client_a1, branch_a1):
    MemberFactory.create_batch(PAGE_SIZE + 1, branch=branch_a1)
    response = client_a1.get(URL)
    query = parse_qs(urlsplit(response.context["page"].next_url).query)
    assert set(query) == {"after"}
    assert query["after"][0].isdigit()


def test_a_boundary_out_of_scope_starts_from_the_first_page(
    client_a1, branch_a1, branch_b1
):
    MemberFactory(branch=branch_a1, name="雷芳")
    other = MemberFactory(branch=branch_b1, name="安")
    assert names(client_a1.get(URL, {"after": other.pk})) == ["雷芳"]
    assert names(client_a1.get(URL, {"after": "x'"})) == ["雷芳"]


@pytest.mark.parametrize("count", [3, 60])
def test_the_list_takes_twelve_queries_or_fewer(
    client_street, branch_a1, count, django_assert_max_num_queries
):
    MemberFactory.create_batch(count, branch=branch_a1)
    with django_assert_max_num_queries(12):
        client_street.get(URL)


def test_the_whole_id_number_leads_to_the_person_by_post(client_a1, branch_a1):
    member = MemberFactory(branch=branch_a1)
    response = client_a1.post(
        reverse("members:find"), {"id_number": member.id_number.lower()}
    )
    assert response.url == f"/members/{member.pk}/"


def test_the_whole_id_number_of_somebody_elsewhere_finds_nobody(client_a1, branch_b1):
    member = MemberFactory(branch=branch_b1)
    response = client_a1.post(
        reverse("members:find"), {"id_number": member.id_number}, follow=True
    )
    assert response.redirect_chain == [(URL, 302)]
    assert "没有这个身份证号的党员" in response.content.decode()


def test_a_wrong_id_number_is_422_and_not_repeated_in_the_error(client_a1):
    response = client_a1.post(
        reverse("members:find"), {"id_number": "110101199001011111"}
    )
    assert response.status_code == 422
    assert "校验码不对" in response.content.decode()


def test_a_whole_number_in_the_search_box_is_sent_to_the_other_page(client_a1):
    response = client_a1.get(URL, {"q": "110101199001011237"})
    assert response.url == reverse("members:find")
    response = client_a1.get(URL, {"q": "110101199001011237"}, headers=HTMX)
    assert response["HX-Redirect"] == reverse("members:find")

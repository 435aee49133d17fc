"""Whoever may not know learns nothing: no name, no number, no hint, no difference."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib.periods import Month
from members import merging
from members.models import DuplicatePair, HardshipCase
from members.readers import readers, sentences
from organizations.access import ROLE_RIGHTS, Right
from organizations.choices import Role
from reports import layout, monthly
from reports.services import summaries
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.hardship_steps import applied, helped, recognized

pytestmark = pytest.mark.django_db

_FRESH = re.compile(
    rb'csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken[^}]*|name="request_id"[^>]*'
)


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷有难")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def twin(branch_a2, member):
    """A second record of the same person, so that staff compare the two."""
    other = MemberFactory(branch=branch_a2, name="雷有难", born_on=member.born_on)
    first, second = sorted((member, other), key=lambda m: m.pk)
    DuplicatePair.objects.create(first=first, second=second, reason="birth")
    return other


def pages_of(member):
    """What staff open of a person and of many."""
    of_person = ["detail", "history", "contacts", "who-sees"]
    pair = DuplicatePair.objects.get()
    return [
        *(reverse(f"members:{name}", args=[member.pk]) for name in of_person),
        reverse("members:list"),
        reverse("members:list") + "?q=雷",
        reverse("members:quality"),
        reverse("members:call"),
        reverse("members:pair-merge", args=[pair.pk]),
        reverse("reports:definitions"),
        reverse("api:member-detail", args=[member.pk]),
        reverse("home"),
    ]


def seen(client, member):
    return {
        address: _FRESH.sub(b"", client.get(address).content)
        for address in pages_of(member)
    }


def test_staff_meet_the_same_pages_with_and_without_a_case(
    client_for, member, twin, branch_secretary, hardship_officer, committee_staff
):
    """Byte for byte, also where they make one of two records."""
    client = client_for(committee_staff)
    seen(client, member)  # the first visit brings the summary rows up to date
    before = seen(client, member)
    case = recognized(member, branch_secretary, hardship_officer)
    helped(case, branch_secretary)  # not a visit: visits count as contacts
    after = seen(client, member)
    assert [page for page in before if before[page] != after[page]] == []


@pytest.mark.parametrize(
    "role", ["committee_staff", "sysadmin", "auditor", "secretary_b", "outsider"]
)
def test_others_find_nothing_where_there_is_something(
    role, request, client_for, member, branch_secretary, hardship_officer
):
    case = recognized(member, branch_secretary, hardship_officer)
    aid = helped(case, branch_secretary)
    user = request.getfixturevalue(role)
    client = client_for(user)
    missing = 987654321
    for name in ("hardship", "member-hardship", "aid-add", "aid-withdraw"):
        pk = {"member-hardship": member.pk, "aid-withdraw": aid.pk}.get(name, case.pk)
        answers = [
            client.get(reverse(f"members:{name}", args=[each]))
            for each in (pk, missing)
        ]
        assert [a.status_code for a in answers] == [404, 404], name
        assert len({_FRESH.sub(b"", a.content) for a in answers}) == 1
    listed = client.get(reverse("members:hardship-list"))
    if role == "secretary_b":
        assert member.name not in listed.content.decode()
    else:
        assert listed.status_code == 403
    assert not HardshipCase.objects.visible_to(user).exists()


def test_whoever_only_looks_after_somebody_sees_no_tab(
    client_for, branch_a1, branch_b1, branch_secretary, secretary_b
):
    member = MemberFactory(branch=branch_b1)
    AffiliationFactory(member=member, organization=branch_a1, kind="co_managed")
    applied(member, secretary_b)
    page = client_for(branch_secretary).get(member.get_absolute_url())
    assert "困难帮扶" not in page.content.decode()
    address = reverse("members:member-hardship", args=[member.pk])
    assert client_for(branch_secretary).get(address).status_code == 404
    own = client_for(secretary_b).get(member.get_absolute_url())
    assert address in own.content.decode()


def test_the_auditor_reads_steps_and_numbers(
    client_for, auditor, member, branch_secretary, hardship_officer
):
    case = recognized(member, branch_secretary, hardship_officer)
    helped(case, branch_secretary, words="送药费", voucher_number="凭字八号")
    said = client_for(auditor).get(reverse("organizations:audit")).content.decode()
    assert f"困难帮扶 {case.pk}" in said
    assert "步骤：认定" in said
    for word in (
        member.name,
        "因病",
        "比较困难",
        "慰问金",
        "送药费",
        "凭字八号",
        "1000.00",
    ):
        assert word not in said, word


def test_figures_lie_at_the_street_and_nowhere_below(
    street, community_a, branch_a1, member, branch_secretary, hardship_officer, today
):
    case = recognized(member, branch_secretary, hardship_officer, ago=0)
    helped(case, branch_secretary, given_on=today, amount=Decimal("1500.50"))
    month = Month.containing(today)
    nodes = [street, community_a, branch_a1]
    found = summaries.read({month: nodes}, today)[month]
    of_street = found[street.pk].values
    assert of_street["members.hardship_serious"] == 1
    assert of_street["members.hardship_aids"] == 1
    assert of_street["members.hardship_yuan"] == 1501
    for node in (community_a, branch_a1):
        values = found[node.pk].values
        assert not any(n for key, n in values.items() if "hardship" in key)
        made = monthly.live_content(node, month, today)
        assert "hardship" not in {sheet["key"] for sheet in made["sheets"]}
        assert not any("hardship" in key for key in made["total"])


def test_the_streets_sheet_is_one_line(
    street, member, branch_secretary, hardship_officer, today
):
    case = recognized(member, branch_secretary, hardship_officer, ago=0)
    helped(case, branch_secretary, given_on=today)
    month = Month.containing(today)
    made = monthly.live_content(street, month, today)
    (sheet,) = [each for each in made["sheets"] if each["key"] == "hardship"]
    assert sheet["is_total_only"]
    shown = [layout.shown(c, made["total"]) for c in layout.columns_of(sheet)]
    assert shown == ["0", "1", "0", "1", "1000", "0", "0", "0.00"]
    assert "本级" not in {row["name"] for row in made["rows"]}


def test_the_interface_tells_streets_alone(
    client_for, committee_staff, street, community_a, member, branch_secretary
):
    applied(member, branch_secretary)
    client = client_for(committee_staff)
    for node, is_told in ((street, True), (community_a, False)):
        answer = client.get(reverse("api:summary", args=[node.pk])).json()
        keys = {figure["key"] for figure in answer["figures"]}
        assert ("members.hardship_aids" in keys) == is_told


def test_who_sees_says_it_in_plain_words(
    member, committee_staff, branch_secretary, hardship_officer
):
    today = timezone.localdate()
    found = {each.who: each.may for each in readers(member, committee_staff, today)}
    said = {who: "困难" in "".join(may) for who, may in found.items()}
    assert {who.split("（")[0] for who, is_said in said.items() if is_said} == {
        str(branch_secretary),
        str(hardship_officer),
    }
    assert any(
        "街道工作人员" in s and "困难帮扶" in s
        for s in sentences(member, committee_staff)
    )


def test_no_role_sees_hardship_but_those_who_care():
    seeing = {r for r, rights in ROLE_RIGHTS.items() if Right.VIEW_HARDSHIP in rights}
    assert seeing == {
        Role.BRANCH_SECRETARY,
        Role.COMMUNITY_SECRETARY,
        Role.HARDSHIP_OFFICER,
    }
    assert Right.RECOGNIZE_HARDSHIP not in ROLE_RIGHTS[Role.BRANCH_SECRETARY]


def test_whoever_merges_is_not_told_but_the_rows_move(member, twin, branch_secretary):
    applied(member, branch_secretary)
    shares = merging.shares(twin.pk, member.pk)
    assert [share.is_confidential for share in shares] == [True]

"""How complete records are, who can see a person, and the pages about both."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from config.lib.periods import Month
from members.completeness import ITEMS
from members.indicators.quality import ASKED, FILLED
from members.models import DuplicatePair, Member, MemberMerge
from members.readers import readers
from members.rules.quality import differing
from members.services.duplicates import find_pairs
from organizations.models import AuditEvent
from reports.services import summaries
from tests.factories.members import (
    AffiliationFactory,
    MemberFactory,
    synthetic_id_number,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def staff(client_for, committee_staff):
    return client_for(committee_staff)


def url(name, *arguments):
    return reverse(f"members:{name}", args=arguments)


def text_of(response) -> str:
    body = response.content.decode().split("<main", 1)[1].split("</main", 1)[0]
    return "".join(re.sub(r"<[^>]*>", "", body).split())


def complete(branch, **missing):
    """A retired member whose record lacks nothing but what is named."""
    community = branch.parent.community
    values = {"job_post": "retired", "category": "retired", "community": community}
    return MemberFactory(branch=branch, **values | missing)


# Completeness ----------------------------------------------------------------------


def test_what_is_missing_leads_to_whom_it_is_missing_of(
    staff, branch_a1, branch_a2, branch_b1
):
    complete(branch_a1)
    one = complete(branch_a1, phone="", education="")
    complete(branch_a2, category="in_post")
    complete(branch_b1, joined_precision="month")
    page = staff.get(url("quality"))
    # 4 people with 7 items each, and the unit of the one in post.
    assert "在册党员4人，档案完整度86%" in text_of(page)
    rows = re.findall(r"<tr>(.*?)</tr>", page.content.decode(), re.S)
    (community,) = [row for row in rows if "沿江社区党委" in row]
    link = re.search(r'data-label="缺手机号码"><a href="([^"]+)"', community)[1]
    listed = staff.get(link.replace("&amp;", "&"))
    assert one.name in text_of(listed)
    assert listed.content.decode().count("data-table__main") == 1
    inside = re.search(r'href="(/members/quality/\?organization=\d+)"', community)[1]
    assert "沿江社区第一党支部" in text_of(staff.get(inside))


def test_a_branch_secretary_sees_the_own_branch(
    client_for, branch_secretary, branch_a1
):
    complete(branch_a1, address="")
    client = client_for(branch_secretary)
    said = text_of(client.get(url("quality")))
    assert "在册党员1人，档案完整度85%" in said
    other = branch_a1.parent_id
    assert client.get(url("quality"), {"organization": other}).status_code == 404


def test_every_item_has_a_list_and_only_full_members_need_confirmation(branch_a1):
    young = complete(branch_a1, member_type="probationary")
    assert young.confirmed_on is None
    (confirmed,) = [item for item in ITEMS if item.key == "full_unconfirmed"]
    asked = Member._base_manager.filter(confirmed.asked)
    assert not asked.filter(confirmed.missing).exists()


def test_the_rate_of_the_workbook_is_that_of_the_page(
    branch_a1, street, today, committee_staff
):
    complete(branch_a1)
    complete(branch_a1, phone="")
    month = Month.containing(today)
    values = summaries.read({month: [street]}, today)[month][street.pk].values
    assert (values[ASKED.key], values[FILLED.key]) == (14, 13)
    (rate,) = [r for r in registry.rates() if r.key == "members.completeness_rate"]
    assert (rate.part, rate.whole) == (FILLED.key, ASKED.key)


def test_more_branches_ask_no_more(
    staff, branch_a1, branch_a2, branch_b1, django_assert_max_num_queries
):
    complete(branch_a1)
    with django_assert_max_num_queries(12) as one:
        staff.get(url("quality"))
    for branch in (branch_a2, branch_b1):
        complete(branch)
    with django_assert_max_num_queries(len(one)):
        staff.get(url("quality"))


# Who can see -----------------------------------------------------------------------


def test_everybody_who_reaches_a_person_is_named_with_what_he_may(
    branch_a1,
    branch_b1,
    branch_secretary,
    secretary_b,
    community_secretary,
    committee_staff,
    sysadmin,
    auditor,
    expired,
    today,
):
    member = MemberFactory(branch=branch_a1)
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    found = {each.who: each for each in readers(member, committee_staff, today)}
    assert set(found) == {
        "支一平（沿江社区第一党支部，支部书记）",
        "毕书文（临湖社区第一党支部，支部书记）",
        "安社生（沿江社区党委，社区书记）",
        "江一鸣（江滨街道党工委，街道工作人员）",
    }
    own = found["支一平（沿江社区第一党支部，支部书记）"]
    assert own.why == "在册"
    assert any("党费" in line for line in own.may)
    assert "写明理由后查看身份证号" not in own.may
    other = found["毕书文（临湖社区第一党支部，支部书记）"]
    assert other.why == "协管"
    assert "不能改" in other.may[-1]
    assert not any("党费" in line for line in other.may)
    street = found["江一鸣（江滨街道党工委，街道工作人员）"]
    assert "核对重复登记、合并档案" in street.may
    # What everybody in the list sees is what the scope says.
    for user in (branch_secretary, secretary_b, community_secretary, committee_staff):
        assert Member.objects.visible_to(user).filter(pk=member.pk).exists()
    for user in (sysadmin, auditor, expired):
        assert not Member.objects.visible_to(user).filter(pk=member.pk).exists()


def test_a_branch_out_of_sight_is_not_named(
    client_for, branch_a1, branch_b1, branch_secretary, secretary_b, committee_staff
):
    member = MemberFactory(branch=branch_a1)
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    said = text_of(client_for(branch_secretary).get(url("who-sees", member.pk)))
    assert "其他党组织的支部书记" in said
    assert "毕书文" not in said
    assert "临湖" not in said
    assert "江一鸣（江滨街道党工委，街道工作人员）" in said
    assert "系统管理员：看不到任何党员信息" in said
    event = AuditEvent.objects.get(action="member_viewed")
    assert event.details == {"page": "who-sees"}


# Pairs -----------------------------------------------------------------------------


@pytest.fixture
def pair(branch_a1, branch_b1):
    born = date(1980, 1, 31)
    for serial, branch in enumerate((branch_a1, branch_b1), start=1):
        MemberFactory(
            branch=branch,
            name="雷芳",
            sex="male",
            born_on=born,
            id_number=synthetic_id_number(born, serial),
            education="college" if serial == 1 else "",
            phone=f"1390000000{serial}",
        )
    find_pairs()
    return DuplicatePair.objects.get()


def merge_form(page, **changes):
    values = dict(re.findall(r'type="hidden" name="(\w+_version)" value="(\d+)"', page))
    for name, value in re.findall(
        r'type="radio" name="(\w+)" value="(\w+)"[^>]*checked', page
    ):
        values[name] = value
    return values | changes


def test_two_records_are_compared_chosen_and_made_one(
    staff, pair, committee_staff, branch_b1, today
):
    alert = registry.alert("members.duplicate_pairs")
    (item,) = alert.rows(committee_staff, today)
    page = staff.get(item.url)
    said = text_of(page)
    for number in differing(pair.first.id_number, pair.second.id_number):
        assert number.startswith("****************")
        assert f"{number}（1980-01-31生）" in said
    assert pair.first.id_number not in page.content.decode()
    assert "13900000001" not in page.content.decode()
    assert "档案二的隶属关系并到档案一" in said
    form = merge_form(
        page.content.decode(), id_number="kept", phone="gone", roll="gone"
    )
    done = staff.post(item.url, form, follow=True)
    assert "已合并。30天内可以" in text_of(done)
    kept = Member.objects.get(pk=pair.first_id)
    assert kept.phone == "13900000002"
    assert kept.education == "college"
    assert kept.affiliations.open().get().organization == branch_b1
    assert not alert.count(committee_staff, today)
    merged = MemberMerge.objects.get()
    listed = staff.get(url("pair-list") + "?group=merged")
    assert url("merge-undo", merged.pk) in listed.content.decode()
    back = staff.post(url("merge-undo", merged.pk), follow=True)
    assert "恢复原样" in text_of(back)


def test_a_form_without_an_answer_keeps_the_others(staff, pair):
    page = staff.get(url("pair-merge", pair.pk)).content.decode()
    form = merge_form(page, id_number="kept", phone="gone")
    refused = staff.post(url("pair-merge", pair.pk), form)
    assert refused.status_code == 422
    assert "这一项必填" in text_of(refused)
    again = merge_form(refused.content.decode())
    assert again["phone"] == "gone"
    assert not MemberMerge.objects.exists()


def test_who_merges_what_has_changed_is_told(staff, pair):
    page = staff.get(url("pair-merge", pair.pk)).content.decode()
    form = merge_form(page, id_number="kept", phone="kept", roll="kept")
    Member.objects.filter(pk=pair.first_id).update(version=9)
    stale = staff.post(url("pair-merge", pair.pk), form)
    assert stale.status_code == 409
    again = merge_form(stale.content.decode(), roll="kept")
    assert again["kept_version"] == "9"
    assert staff.post(url("pair-merge", pair.pk), again).status_code == 302


def test_the_other_record_can_be_the_one_that_is_kept(staff, pair):
    page = staff.get(url("pair-merge", pair.pk) + "?keep=second").content.decode()
    form = merge_form(page, id_number="kept", phone="kept", roll="kept")
    staff.post(url("pair-merge", pair.pk) + "?keep=second", form)
    assert MemberMerge.objects.get().kept_id == pair.second_id


def test_they_are_two_people(staff, pair):
    refused = staff.post(url("pair-apart", pair.pk), {"words": ""})
    assert refused.status_code == 422
    done = staff.post(
        url("pair-apart", pair.pk), {"words": "身份证原件不同"}, follow=True
    )
    assert "没有待核对的" in text_of(done)
    listed = staff.get(url("pair-list") + "?group=different")
    assert "身份证原件不同" in text_of(listed)


def test_pairs_are_the_streets(client_for, branch_secretary, pair):
    client = client_for(branch_secretary)
    assert client.get(url("pair-list")).status_code == 403
    assert client.get(url("pair-merge", pair.pk)).status_code == 403

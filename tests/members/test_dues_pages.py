"""The pages of dues, as a secretary uses them."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import DuesBase, DuesMonth, DuesStanding
from organizations import parameters
from organizations.models import AuditEvent
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.test_contact_pages import text_of
from tests.members.test_dues import ago, base, mark, paid_to, pay, this_month

pytestmark = pytest.mark.django_db


def url(name, *arguments):
    return reverse(f"members:{name}", args=arguments)


def label(month):
    return f"{month:%Y-%m}"


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳")


@pytest.fixture
def other(branch_a1):
    return MemberFactory(branch=branch_a1, name="季明")


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def test_one_form_marks_the_month_of_a_branch(
    secretary, branch_a1, branch_secretary, member, other
):
    base(branch_a1, branch_secretary, ago(3), member)
    page = url("dues-mark", branch_a1.pk, label(ago(1)))
    shown = secretary.get(page).content.decode()
    assert f'name="paid-{member.pk}" value="1" checked' in shown
    assert f'name="paid-{other.pk}" value="1">' in shown
    assert 'value="40.00"' in shown
    form = {
        "paid_on": timezone.localdate().isoformat(),
        f"paid-{member.pk}": "1",
        f"sum-{member.pk}": "40.00",
        f"sum-{other.pk}": "",
    }
    answer = secretary.post(page, form, follow=True)
    assert "1人，合计40.00元" in text_of(answer)
    again = secretary.post(page, form)
    assert again.status_code == 422
    assert DuesMonth.objects.count() == 1
    listed = text_of(secretary.get(url("dues-branches"), {"month": label(ago(1))}))
    assert "2140.00部分登记" in listed


def test_a_refused_form_keeps_every_tick_and_sum(
    secretary, branch_a1, branch_secretary, member, other
):
    base(branch_a1, branch_secretary, ago(3), member)
    page = url("dues-mark", branch_a1.pk, label(ago(1)))
    form = {
        "paid_on": timezone.localdate().isoformat(),
        f"paid-{other.pk}": "1",
        f"sum-{other.pk}": "八元",
        f"sum-{member.pk}": "39",
    }
    answer = secretary.post(page, form)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "最多两位小数" in body
    assert 'value="八元"' in body
    assert 'value="39"' in body
    assert f'name="paid-{member.pk}" value="1">' in body
    form |= {f"paid-{member.pk}": "1", f"sum-{other.pk}": "8"}
    answer = secretary.post(page, form)
    assert answer.status_code == 422
    assert "第七条" in answer.content.decode()
    assert not DuesMonth.objects.exists()


def test_bases_of_a_branch_in_one_table(secretary, branch_a1, member, other):
    page = url("dues-bases", branch_a1.pk, label(this_month()))
    form = {
        f"kind-{member.pk}": "retired",
        f"value-{member.pk}": "5200",
        f"seen-{member.pk}": "",
        f"kind-{other.pk}": "farmer",
        f"value-{other.pk}": "9",
        f"seen-{other.pk}": "",
    }
    refused = secretary.post(page, form)
    assert refused.status_code == 422
    assert "第六条" in refused.content.decode()
    assert 'value="5200"' in refused.content.decode()
    form |= {f"kind-{other.pk}": "", f"value-{other.pk}": ""}
    answer = secretary.post(page, form, follow=True)
    assert "已核定1人" in text_of(answer)
    assert "每月52.00元" in text_of(answer)
    seen = DuesBase.objects.get()
    form |= {f"seen-{member.pk}": str(seen.pk)}
    assert "没有变化" in text_of(secretary.post(page, form, follow=True))
    form |= {f"kind-{other.pk}": "retired"}
    missing = secretary.post(page, form)
    assert "请填写核算基数" in missing.content.decode()


def test_the_person_s_page_pays_up_reduces_and_withdraws(
    secretary, branch_a1, branch_secretary, member
):
    base(branch_a1, branch_secretary, ago(9), member)
    mark(branch_a1, branch_secretary, ago(9), {member: None})
    page = secretary.get(url("dues", member.pk))
    assert "欠8个月" in text_of(page)
    assert AuditEvent.objects.filter(action="member_viewed").get().details == {
        "page": "dues"
    }
    form = secretary.get(url("dues-pay", member.pk)).content.decode()
    assert f'value="{label(ago(8))}"' in form
    today = timezone.localdate().isoformat()
    paid = secretary.post(
        url("dues-pay", member.pk),
        {"first": label(ago(8)), "last": label(ago(1)), "paid_on": today},
        follow=True,
    )
    assert "已登记雷芳8个月的党费" in text_of(paid)
    assert "补交已超过6个月" in text_of(paid)
    assert "已交清" in text_of(paid)
    row = DuesMonth.objects.get(month=ago(1))
    asked = secretary.get(url("dues-withdraw", row.pk))
    assert "40.00元" in text_of(asked)
    secretary.post(url("dues-withdraw", row.pk))
    assert paid_to(member) == ago(2)
    assert secretary.get(url("dues-withdraw", row.pk)).status_code == 404
    reduction = {
        "first": label(ago(1)),
        "last": label(ago(0)),
        "monthly": "0",
        "reason": "患重病",
        "approver": "沿江社区党委",
        "approved_on": today,
    }
    less = secretary.post(url("dues-reduction", member.pk), reduction, follow=True)
    assert "患重病（沿江社区党委" in text_of(less)
    pk = DuesBase.objects.get(kind="reduced").pk
    back = secretary.post(url("dues-reduction-withdraw", pk), follow=True)
    assert "撤回批准" in text_of(back)
    bad = secretary.post(url("dues-reduction", member.pk), reduction | {"reason": ""})
    assert bad.status_code == 422


def test_two_secretaries_correct_where_the_ledger_begins(
    secretary, branch_secretary, member
):
    page = url("dues-opening", member.pk)
    form = {"opened_to": label(ago(5)), "words": "党费证"}
    assert secretary.post(page, form).status_code == 302
    standing = DuesStanding.objects.get()
    form |= {"version": standing.version, "opened_to": label(ago(4))}
    assert secretary.post(page, form).status_code == 302
    stale = secretary.post(page, form | {"opened_to": label(ago(3))})
    assert stale.status_code == 409
    shown = text_of(stale)
    assert label(ago(3)) in shown
    assert label(ago(4)) in shown


def test_the_list_finds_who_is_behind(
    secretary, branch_a1, branch_secretary, member, other
):
    MemberFactory(branch=branch_a1, name="郭新", status="suspended")
    fresh = MemberFactory(branch=branch_a1, name="郝新")
    pay(member, branch_secretary, ago(8), ago(7))
    pay(other, branch_secretary, ago(8), ago(4))
    for asked, names in {
        "": {member, other, fresh},
        "1": {member, other},
        "3": {member, other},
        "6": {member},
        "none": {fresh},
    }.items():
        page = text_of(secretary.get(url("dues-people"), {"behind": asked}))
        found = {p for p in (member, other, fresh) if p.name in page}
        assert found == names, asked
        assert "郭新" not in page
    found = text_of(secretary.get(url("dues-people"), {"q": "lf"}))
    assert "欠6个月" in found
    answer = secretary.get(url("dues-people"), {"q": "13900001234"})
    assert answer["Location"] == url("find")


def test_the_co_managing_branch_sees_no_sum(
    client_for, branch_a1, branch_b1, branch_secretary, secretary_b, member
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    base(branch_a1, branch_secretary, ago(2), member, value="4000")
    pay(member, branch_secretary, ago(2), ago(1), each=Decimal("40.40"))
    client = client_for(secretary_b)
    body = text_of(client.get(url("dues", member.pk)))
    assert "这里不显示" in body
    assert "40.40" not in body
    assert "4000" not in body
    for name in ("dues-pay", "dues-reduction", "dues-opening"):
        assert client.get(url(name, member.pk)).status_code == 403
    row = DuesMonth.objects.first()
    assert client.get(url("dues-withdraw", row.pk)).status_code == 404
    mine = url("dues-mark", branch_a1.pk, label(ago(1)))
    assert client.get(mine).status_code == 404


def test_a_letter_out_is_filled_in_with_the_month_paid_to(
    secretary, branch_secretary, member
):
    pay(member, branch_secretary, ago(3), ago(2))
    roll = member.affiliations.get()
    form = secretary.get(url("transfer-add", roll.pk)).content.decode()
    assert f'value="{label(ago(2))}"' in form


def test_months_that_are_none_lead_nowhere(secretary, branch_a1, community_a):
    for wrong in ("2026", "2026Q1", "nothing"):
        assert secretary.get(url("dues-mark", branch_a1.pk, wrong)).status_code == 404
    assert secretary.get(url("dues-mark", community_a.pk, "2026-10")).status_code == 404
    assert "查询条件有误" in text_of(
        secretary.get(url("dues-branches"), {"month": "1999-01"})
    )


def test_only_branches_without_a_month_are_listed_when_asked(
    client_for, committee_staff, branch_a1, branch_b1, branch_secretary, member
):
    MemberFactory(branch=branch_b1)
    mark(branch_a1, branch_secretary, ago(1), {member: Decimal(5)})
    client = client_for(committee_staff)
    page = client.get(url("dues-branches"), {"month": label(ago(1)), "only": "none"})
    assert branch_b1.short_name in text_of(page)
    assert f"登记{branch_a1.short_name}" not in text_of(page)


def test_fifty_people_cost_as_many_questions_as_one(
    secretary, branch_a1, member, django_assert_max_num_queries
):
    pages = [
        url("dues-branches"),
        url("dues-people"),
        url("dues-mark", branch_a1.pk, label(ago(1))),
        url("dues-bases", branch_a1.pk, label(ago(1))),
    ]
    costs = []
    for page in pages:
        with django_assert_max_num_queries(12) as one:
            secretary.get(page)
        costs.append(len(one))
    MemberFactory.create_batch(20, branch=branch_a1, joined_on=date(2010, 7, 1))
    for page, cost in zip(pages, costs, strict=True):
        with django_assert_max_num_queries(cost):
            secretary.get(page)


def test_the_rates_are_a_table_that_the_committee_may_change(
    client_for, committee_staff
):
    page = "/organizations/parameters/members.dues_rates_salary/"
    client = client_for(committee_staff)
    assert "3000，0.5" in client.get(page).content.decode()
    for wrong, words in (
        ("3000，0.5\n5000，1", "最后一档不设上限"),
        ("5000，1\n3000，0.5\n以上，2", "从小到大"),
        ("三千，0.5\n以上，2", "上限须是整数"),
        ("3000，百分之一\n以上，2", "0到100之间"),
    ):
        refused = client.post(page, {"value": wrong})
        assert words in refused.content.decode(), wrong
        assert wrong.splitlines()[0] in refused.content.decode()
    client.post(page, {"value": "4000,0.5%\n以上，1.5"})
    assert parameters.get("members.dues_rates_salary") == [[4000, "0.5"], [None, "1.5"]]
    listed = client.get("/organizations/parameters/").content.decode()
    assert "至4000元0.5%、以上1.5%" in listed

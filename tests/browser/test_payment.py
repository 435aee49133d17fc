"""A payment takes two people: one enters it, another confirms it, and no one else."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from organizations.models import FundLine, FundPayment
from tests.browser.month import go
from tests.browser.pages import faults, told
from tests.browser.whole_month import branch_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def line() -> FundLine:
    """What the community has for its members' education, with its money."""
    return FundLine.objects.with_money().get(
        fund_year__organization=branch_of("community"),
        fund_year__year=timezone.localdate().year,
        source="dues",
    )


def money(page: Page, label: str) -> Decimal:
    """Return the amount that the page of a line shows for `label`."""
    pair = page.locator(".facts__pair").filter(has=page.get_by_text(label, exact=True))
    return Decimal(pair.locator("dd").inner_text().removesuffix("元").replace(",", ""))


def fill(page: Page, **typed: str) -> None:
    for label, text in typed.items():
        page.get_by_label(label).fill(text)


def test_one_enters_a_payment_and_another_confirms_it(open_page, portal):
    """The community's secretary on the phone, the street's clerk at the desk."""
    names, found = set(portal.passwords), {}
    paid, voucher = Decimal("1200.50"), "记88"
    clerk = open_page("community", "phone")
    go(clerk, "经费")
    clerk.goto(line().get_absolute_url())
    before, free = money(clerk, "余额"), money(clerk, "可用")
    clerk.get_by_role("link", name="登记付款").click()
    fill(
        clerk,
        金额="1,200.5元",
        凭证号=voucher,
        收款人="江滨书店",
        付款事由="购买学习用书",
    )
    clerk.get_by_role("button", name="保存").dblclick()
    expect(clerk.get_by_text("已登记，金额已预留，等另一个人确认")).to_be_visible()
    payment = FundPayment.objects.get(voucher=voucher)  # once, though clicked twice
    assert (payment.amount, payment.state) == (paid, "waiting")
    assert money(clerk, "余额") == before - paid
    assert money(clerk, "可用") == free - paid
    assert money(clerk, "待确认") == paid

    # Whoever entered it is offered no way, and is refused where he finds one.
    clerk.get_by_role("link", name=voucher).click()
    expect(clerk.get_by_text("这笔付款是您登记的，等另一个人确认")).to_be_visible()
    expect(clerk.get_by_role("link", name="确认付款")).to_have_count(0)
    found["entered"] = faults(clerk, names, with_axe=False)
    clerk.watch.allowed = {422}
    clerk.goto(f"{payment.get_absolute_url()}confirm/")
    clerk.get_by_role("button", name="确认付款").click()
    refusal = clerk.get_by_role("alert")
    expect(refusal).to_contain_text("这笔付款是您登记的，要由另一个人确认")
    found["refused"] = faults(clerk, names)
    payment.refresh_from_db()
    assert payment.state == "waiting"

    other = open_page("street", "desk")
    go(other, "经费")
    other.get_by_role("link", name="付款待确认").click()
    row = other.get_by_role("row").filter(has_text=voucher)
    row.get_by_role("link", name="确认").click()
    expect(other.get_by_text("核对凭证无误，确认这笔付款？")).to_be_visible()
    other.get_by_role("button", name="确认付款").click()
    expect(other.get_by_text("已确认付款。")).to_be_visible()
    expect(other.get_by_role("row").filter(has_text=voucher)).to_have_count(0)
    payment.refresh_from_db()
    assert (payment.state, payment.confirmed_by.username) == ("paid", "street")

    clerk.goto(line().get_absolute_url())
    assert money(clerk, "余额") == before - paid
    assert money(clerk, "待确认") == 0
    wrong = {step: each for step, each in found.items() if each}
    assert not wrong, told(wrong)


def test_a_payment_above_the_balance_is_refused_and_stays_as_typed(open_page, portal):
    page = open_page("community")
    page.watch.allowed = {422}
    page.goto(line().get_absolute_url())
    free, before = money(page, "可用"), FundPayment.objects.count()
    above = f"{free + Decimal('0.01')}"
    typed = {
        "金额": above,
        "凭证号": "记99",
        "收款人": "江滨便民服务商行",
        "付款事由": "购买桌椅",
    }
    page.get_by_role("link", name="登记付款").click()
    fill(page, **typed)
    page.get_by_role("button", name="保存").click()
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text(f"只剩 {free:,} 元可用")
    expect(refusal).to_contain_text("请核对金额，或者先登记拨付")
    for label, text in typed.items():
        expect(page.get_by_label(label)).to_have_value(text)
    assert FundPayment.objects.count() == before
    wrong = faults(page, set(portal.passwords))
    assert not wrong, wrong
    # The same form goes through with what is there, to the last fen.
    fill(page, 金额=f"{free}")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已登记，金额已预留")).to_be_visible()
    assert money(page, "可用") == 0

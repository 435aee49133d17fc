"""Pages of mutual aid, for the street, a community and the hardship officer."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from members.models import AidDrive, AidFund, AidPayment, Donation, HardshipCase
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def mutual_pages(street: Street) -> Iterator[Page]:
    fund = AidFund.objects.get(organization=street.communities[0])
    drive = AidDrive.objects.filter(fund=fund, published_on=None).first()
    gift = Donation.objects.filter(fund=fund).order_by("serial").first()
    payments = AidPayment.objects.filter(fund=fund).order_by("pk")
    payment, household = payments[0], payments[4]
    assert drive is not None
    assert gift is not None

    def page(name: str, *args: object) -> str:
        return reverse(f"members:{name}", args=args)

    found = {
        "互助金": page("mutual-list"),
        "互助金 账户": page("mutual-fund", fund.pk),
        "互助金 设立账户": page("mutual-add"),
        "互助金 修改账户": page("mutual-edit", fund.pk),
        "互助金 活动": drive.get_absolute_url(),
        "互助金 登记公示": page("mutual-drive-publish", drive.pk),
        "互助金 捐赠明细": page("donation-list", fund.pk),
        "互助金 登记捐赠": page("donation-add", fund.pk),
        "互助金 捐赠": gift.get_absolute_url(),
        "互助金 收据": page("donation-receipt", gift.pk),
        "互助金 荣誉证书": page("donation-certificate", gift.pk),
        "互助金 支出明细": page("aid-payment-list", fund.pk),
        "互助金 待确认": page("aid-payment-waiting"),
        "互助金 登记支出": page("aid-pay", fund.pk),
        "互助金 支出": payment.get_absolute_url(),
        "互助金 支出 家庭": household.get_absolute_url(),
        "互助金 确认": page("aid-payment-confirm", payment.pk),
        "互助金 公示": page("mutual-published"),
    }
    for role in ("staff", "community", "officer"):
        for name, url in found.items():
            yield name, role, url
    case = (
        HardshipCase.objects.recognized()
        .filter(organization=street.branches[0])
        .order_by("pk")
        .first()
    )
    assert case is not None
    paying = page("aid-pay-member", case.member_id)
    for role in ("community", "officer"):
        yield "互助金 发给党员", role, paying

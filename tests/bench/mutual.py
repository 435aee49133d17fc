"""Mutual aid of the synthetic street: an account of each community, gifts, aid."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from members.models import AidDrive, AidFund, AidPayment, Donation, HardshipCase
from organizations.models import Organization, User

GIFTS, PAYMENTS = 120, 40


def mutual(
    today: date,
    root: Organization,
    communities: list[Organization],
    keeper: User,
    checker: User,
) -> None:
    day = today - timedelta(days=60)
    funds = AidFund.objects.bulk_create(
        AidFund(
            organization=place,
            street=root,
            name="党员互助金",
            steering="社区党委",
            opened_on=date(2020, 1, 1),
            made_by=keeper,
        )
        for place in communities
    )
    drives = AidDrive.objects.bulk_create(
        AidDrive(
            fund=fund,
            name=f"献爱心{number}",
            purpose="救助",
            starts_on=day,
            ends_on=today - timedelta(days=30),
            published_on=today if number else None,
            made_by=keeper,
        )
        for fund in funds
        for number in range(2)
    )
    gifts = Donation.objects.bulk_create(
        _gift(fund, drives[2 * place + number % 2], number, day, keeper)
        for place, fund in enumerate(funds)
        for number in range(GIFTS)
    )
    case = HardshipCase.objects.order_by("pk").first()
    AidPayment.objects.bulk_create(
        _payment(fund, gifts[place * GIFTS], case, number, day, (keeper, checker))
        for place, fund in enumerate(funds)
        for number in range(PAYMENTS)
    )


def _gift(
    fund: AidFund, drive: AidDrive, number: int, day: date, keeper: User
) -> Donation:
    is_goods = number % 6 == 0
    return Donation(
        fund=fund,
        drive=drive if number % 3 else None,
        year=day.year,
        serial=number + 1,
        donor_kind="resident",
        donor_name="王某",
        form="goods" if is_goods else "money",
        amount=Decimal(6000) if is_goods else Decimal("120.50"),
        item="大米" if is_goods else "",
        quantity=100 if is_goods else None,
        measure="袋" if is_goods else "",
        donated_on=day,
        entered_by=keeper,
    )


def _payment(
    fund: AidFund,
    lot: Donation,
    case: HardshipCase | None,
    number: int,
    day: date,
    hands: tuple[User, User],
) -> AidPayment:
    keeper, checker = hands
    is_goods, is_waiting = number % 5 == 1, number % 4 == 0
    is_joined = number == 0 and case is not None
    return AidPayment(
        fund=fund,
        recipient_kind="member" if is_joined else "household",
        member_id=case.member_id if is_joined and case else None,
        case=case if is_joined else None,
        recipient="" if is_joined else "某家",
        kind="慰问金",
        lot=lot if is_goods else None,
        quantity=1 if is_goods else None,
        amount=Decimal(60),
        paid_on=day,
        voucher=f"互{number}",
        words="失火",
        state="waiting" if is_waiting else "paid",
        entered_by=keeper,
        confirmed_by=None if is_waiting else checker,
    )

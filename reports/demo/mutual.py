"""The demo's mutual aid: an account of the street and one of a community, a drive
published and one that is not, gifts of every kind, and aid paid and waiting."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from members.choices.hardship import CaseState
from members.models import AidDrive, AidFund, AidPayment, Donation, HardshipCase, Member
from members.services.aid_payments import (
    PaymentFacts,
    confirm_payment,
    enter_member_payment,
    enter_payment,
)
from members.services.donations import (
    DonationFacts,
    record_donation,
    withdraw_donation,
)
from members.services.mutual import (
    DriveFacts,
    FundFacts,
    add_drive,
    open_fund,
    publish_drive,
)
from organizations.models import Organization, User, WorkUnit
from reports.demo.street import Street

_PURPOSE = "救助困难党员和困难群众、助学、助医"
# Who gives to a drive: kind, words, yuan.
_GIVERS = (
    ("member", "", "300"),
    ("member", "", "200"),
    ("resident", "三号楼一位居民", "100"),
    ("anonymous", "", "50.50"),
    ("unit", "", "8000"),
)


class _Maker:
    def __init__(self, today: date) -> None:
        self.today = today
        self.staff = User.objects.get(username="street")
        self.secretary = User.objects.get(username="community")
        self.officer = User.objects.get(username="hardship")
        self.unit = WorkUnit.objects.filter(is_resident=True).order_by("pk").first()
        self.vouchers = 0

    def fund(self, place: Organization, name: str, actor: User) -> AidFund:
        facts = FundFacts(
            name=name,
            opened_on=date(self.today.year - 2, 1, 1),
            steering="党组织班子管理，党员和居民代表监督",
            note="单独记账，只用于困难党员和群众",
        )
        fund = open_fund(organization_id=place.pk, facts=facts, actor=actor)
        self.give(
            fund,
            actor,
            "20000",
            facts.opened_on,
            donor_kind="inflow",
            donor_name="账户原有结存",
        )
        return fund

    def give(
        self,
        fund: AidFund,
        actor: User,
        amount: str,
        day: date,
        *,
        drive: AidDrive | None = None,
        **changes: Any,
    ) -> Donation:
        values = {
            "donor_kind": "anonymous",
            "form": "money",
            "amount": Decimal(amount),
            "donated_on": day,
        }
        return record_donation(
            fund_id=fund.pk,
            facts=DonationFacts(**values | changes),
            drive_id=drive.pk if drive else None,
            actor=actor,
        )

    def drive(
        self, fund: AidFund, year: int, starts_on: date, *, is_published: bool
    ) -> None:
        ends_on = starts_on + timedelta(days=20)
        drive = add_drive(
            fund_id=fund.pk,
            facts=DriveFacts(f"{year}年“共产党员献爱心”", _PURPOSE, starts_on, ends_on),
            actor=self.secretary,
        )
        known = Member.objects.visible_to(self.secretary).order_by("pk")
        members = list(known.values_list("pk", flat=True)[: len(_GIVERS)])
        for number, (kind, words, amount) in enumerate(_GIVERS):
            is_unit = kind == "unit" and self.unit is not None
            self.give(
                fund,
                self.secretary,
                amount,
                starts_on + timedelta(days=number),
                drive=drive,
                donor_kind=kind,
                donor_name=words,
                member_id=members[number] if kind == "member" else None,
                unit_id=self.unit.pk if is_unit and self.unit else None,
            )
        if is_published:
            publish_drive(
                drive_id=drive.pk,
                published_on=ends_on + timedelta(days=5),
                published_where="社区公示栏",
                actor=self.secretary,
            )

    def facts(self, amount: str | None, day: date, **changes: Any) -> PaymentFacts:
        self.vouchers += 1
        return PaymentFacts(
            paid_on=day,
            voucher=f"互{self.vouchers}",
            amount=None if amount is None else Decimal(amount),
            **changes,
        )

    def household(
        self, fund: AidFund, actor: User, amount: str | None, **changes: Any
    ) -> AidPayment:
        facts = self.facts(
            amount, self.today - timedelta(days=6), words="家中失火", **changes
        )
        return enter_payment(
            fund_id=fund.pk,
            recipient_kind="household",
            recipient="五号楼一户居民",
            facts=facts,
            actor=actor,
        )

    def member(self, fund: AidFund, case: HardshipCase, amount: str) -> AidPayment:
        return enter_member_payment(
            fund_id=fund.pk,
            member_id=case.member_id,
            facts=self.facts(
                amount,
                self.today - timedelta(days=4),
                kind="慰问金",
                visitors="社区书记",
            ),
            actor=self.secretary,
        )


def make_mutual(street: Street, today: date) -> None:
    maker = _Maker(today)
    home = street.communities[0]
    first = home.organization
    fund = maker.fund(first, f"{home.name}党员互助金", maker.secretary)
    begin = today - timedelta(days=60)
    maker.drive(fund, today.year - 1, begin - timedelta(days=365), is_published=True)
    maker.drive(fund, today.year, begin, is_published=False)
    goods = maker.give(
        fund,
        maker.secretary,
        "1800",
        begin,
        donor_kind="resident",
        donor_name="一位热心居民",
        form="goods",
        item="大米",
        quantity=30,
        measure="袋",
    )
    wrong = maker.give(fund, maker.secretary, "500", begin)
    withdraw_donation(
        donation_id=wrong.pk, reason="金额填错，已重新登记", actor=maker.staff
    )
    rice = maker.household(fund, maker.secretary, None, lot_id=goods.pk, quantity=4)
    confirm_payment(payment_id=rice.pk, actor=maker.staff)
    maker.household(fund, maker.secretary, "1200")
    case = _case_below(first, today - timedelta(days=10))
    if case is not None:
        payment = maker.member(fund, case, "800")
        confirm_payment(payment_id=payment.pk, actor=maker.officer)
    of_street = maker.fund(street.root, "街道党员关爱互助金", maker.officer)
    paid = maker.household(of_street, maker.officer, "3000")
    confirm_payment(payment_id=paid.pk, actor=maker.staff)


def _case_below(place: Organization, before: date) -> HardshipCase | None:
    """Somebody recognized in the community before that day, to whom aid is paid."""
    cases = HardshipCase.objects.filter(
        state=CaseState.RECOGNIZED,
        recognized_on__lt=before,
        organization__in=place.children.all(),
    )
    return cases.order_by("pk").first()

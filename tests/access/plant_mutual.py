"""Mutual aid in every branch: an account, a drive, gifts, and whom it helped.

Whom it helped holds the word of hardship, all else the word of mutual aid.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from members.models import AidDrive, AidFund, AidPayment, Donation, HardshipCase
from tests.access.canaries import AID, HARDSHIP
from tests.access.cast import BRANCHES, line_of
from tests.access.world import World

DAY = date(2026, 9, 1)


def plant_mutual(world: World) -> None:
    for place in BRANCHES:
        _plant(world, place)


def _plant(world: World, place: str) -> None:
    bird, owner = world.word(AID, place), world.owner(place)
    fund = AidFund.objects.create(
        organization=world.orgs[place],
        street=world.orgs[line_of(place)[-1]],
        name=f"{bird}互助金",
        steering=f"{bird}小组",
        note=f"{bird}说明",
        opened_on=date(2020, 1, 1),
        made_by=owner,
    )
    drive = AidDrive.objects.create(
        fund=fund,
        name=f"{bird}献爱心",
        purpose=f"{bird}用途",
        starts_on=DAY,
        ends_on=date(2026, 9, 30),
        made_by=owner,
    )
    AidDrive.objects.create(
        fund=fund,
        name=f"{bird}已公示",
        purpose=f"{bird}用途",
        starts_on=DAY,
        ends_on=DAY,
        published_on=DAY,
        published_where=f"{bird}公示栏",
        made_by=owner,
    )
    gifts = _gifts(world, place, fund, drive)
    payments = _payments(world, place, fund, gifts[1])
    world.put("aid-fund", place, fund.pk)
    world.put("aid-drive", place, drive.pk)
    world.put("donation", place, gifts[0].pk)
    world.put("aid-payment", place, payments[0].pk)


def _gifts(
    world: World, place: str, fund: AidFund, drive: AidDrive
) -> tuple[Donation, Donation]:
    bird, owner = world.word(AID, place), world.owner(place)
    money = Donation.objects.create(
        fund=fund,
        drive=drive,
        year=2026,
        serial=1,
        donor_kind="resident",
        donor_name=f"{bird}捐赠人",
        form="money",
        amount=Decimal(6000),
        donated_on=DAY,
        wish=f"{bird}意愿",
        entered_by=owner,
    )
    goods = Donation.objects.create(
        fund=fund,
        year=2026,
        serial=2,
        donor_kind="member",
        member=world.rows[f"member-{place}"],
        form="goods",
        amount=Decimal(100),
        item=f"{bird}大米",
        quantity=10,
        measure="袋",
        donated_on=DAY,
        entered_by=owner,
    )
    return money, goods


def _payments(
    world: World, place: str, fund: AidFund, lot: Donation
) -> tuple[AidPayment, AidPayment]:
    bird, word = world.word(AID, place), world.word(HARDSHIP, place)
    case = HardshipCase.objects.get(pk=world.planted["hardship-recognized"][place].pk)
    common = {
        "fund": fund,
        "paid_on": DAY,
        "entered_by": world.owner(place),
        "kind": f"{word}慰问金",
        "words": f"{word}事由",
        "visitors": f"{word}走访人",
        "urgent_reason": f"{word}急难",
    }
    household = AidPayment.objects.create(
        recipient_kind="household",
        recipient=f"{word}家庭",
        amount=Decimal(50),
        voucher=f"{bird}凭1",
        **common,
    )
    member = AidPayment.objects.create(
        recipient_kind="member",
        member=case.member,
        case=case,
        lot=lot,
        quantity=1,
        amount=Decimal(10),
        voucher=f"{bird}凭2",
        **common,
    )
    return household, member

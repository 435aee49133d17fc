"""Money in every branch: a line, a receipt, a project with a step, payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from organizations.choices import FilePurpose
from organizations.fund_choices import FundStage
from organizations.models import (
    FundLine,
    FundPayment,
    FundProject,
    FundReceipt,
    FundStep,
    FundYear,
)
from tests.access.canaries import FUND
from tests.access.cast import BRANCHES
from tests.access.files import picture, stored_file
from tests.access.world import World

DAY = date(2026, 9, 1)


def plant_funds(world: World) -> None:
    for place in BRANCHES:
        _plant(world, place)


def _plant(world: World, place: str) -> None:
    bird, owner = world.word(FUND, place), world.owner(place)
    year = FundYear.objects.create(organization=world.orgs[place], year=2026)
    line = FundLine.objects.create(
        fund_year=year,
        source="finance",
        name=f"{bird}专项",
        budget=Decimal(1000),
        note=f"{bird}说明",
        made_by=owner,
    )
    receipt = FundReceipt.objects.create(
        line=line,
        kind="allotted",
        amount=Decimal(1000),
        received_on=DAY,
        document=f"{bird}号",
        entered_by=owner,
    )
    project = FundProject.objects.create(
        organization=world.orgs[place],
        line=line,
        title=f"{bird}项目",
        category="service",
        summary=f"{bird}内容",
        budget=Decimal(500),
        allotted=Decimal(500),
        planned_end=date(2026, 10, 1),
        stage=FundStage.ALLOTTED,
        made_by=owner,
    )
    FundStep.objects.create(
        project=project,
        step=FundStage.ALLOTTED,
        done_on=DAY,
        decided_by=f"{bird}会",
        decision=f"{bird}同意",
        recorded_by=owner,
    )
    FundProject.objects.create(
        organization=world.orgs[place],
        line=line,
        title=f"{bird}公示",
        category="party",
        budget=Decimal(5),
        planned_end=DAY,
        stage=FundStage.PUBLISHED,
        accepted_on=DAY,
        published_on=DAY,
        made_by=owner,
    )
    scan = stored_file(world, place, FilePurpose.VOUCHER, f"{bird}凭证.jpg", picture())
    payment = FundPayment.objects.create(
        line=line,
        project=project,
        paid_on=DAY,
        amount=Decimal(10),
        voucher=f"{bird}1",
        payee=f"{bird}收款",
        purpose=f"{bird}事由",
        scan=scan,
        entered_by=owner,
    )
    world.put("fund-year", place, year.organization_id)
    world.put("fund-line", place, line.pk)
    world.put("fund-receipt", place, receipt.pk)
    world.put("fund-project", place, project.pk)
    world.put("fund-payment", place, payment.pk)

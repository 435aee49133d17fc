"""Funds of the synthetic street: a budget of each community, projects, vouchers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from organizations.fund_choices import FundClass, FundSource, FundStage
from organizations.models import (
    FundLine,
    FundPayment,
    FundProject,
    FundReceipt,
    FundStep,
    FundYear,
    Organization,
    User,
)

PROJECTS, PAYMENTS = 3, 4


def funds(
    today: date, communities: list[Organization], keeper: User, checker: User
) -> None:
    day = date(today.year, 1, 1)
    years = FundYear.objects.bulk_create(
        FundYear(organization=place, year=today.year) for place in communities
    )
    lines = FundLine.objects.bulk_create(
        FundLine(
            fund_year=year,
            source=source,
            name="为民服务专项",
            budget=Decimal(200000),
            made_by=keeper,
        )
        for year in years
        for source in FundSource.values
    )
    FundReceipt.objects.bulk_create(
        FundReceipt(
            line=line,
            kind="allotted",
            amount=Decimal(100000),
            received_on=day,
            entered_by=keeper,
        )
        for line in lines
    )
    stages = (FundStage.ALLOTTED, FundStage.ACCEPTED, FundStage.PUBLISHED)
    projects = FundProject.objects.bulk_create(
        _project(line, number, stages[number % len(stages)], day, keeper)
        for line in lines
        for number in range(PROJECTS)
    )
    FundStep.objects.bulk_create(
        FundStep(
            project=project,
            step=FundStage.ALLOTTED,
            done_on=day,
            decided_by="社区党员大会",
            decision="同意",
            recorded_by=keeper,
        )
        for project in projects
    )
    FundPayment.objects.bulk_create(
        FundPayment(
            line=project.line,
            project=project,
            paid_on=day,
            amount=Decimal("120.50"),
            voucher=f"记{place}-{number}",
            payee="某商店",
            purpose="物资",
            state="waiting" if number == 0 else "paid",
            entered_by=keeper,
            confirmed_by=None if number == 0 else checker,
        )
        for place, project in enumerate(projects)
        for number in range(PAYMENTS)
    )


def _project(
    line: FundLine, number: int, stage: str, day: date, keeper: User
) -> FundProject:
    is_settled = stage != FundStage.ALLOTTED
    return FundProject(
        organization=line.fund_year.organization,
        line=line,
        title=f"便民项目{number + 1}",
        category=FundClass.values[number % 4],
        budget=Decimal(10000),
        allotted=Decimal(10000),
        planned_end=day,
        stage=stage,
        accepted_on=day if is_settled else None,
        published_on=day if stage == FundStage.PUBLISHED else None,
        made_by=keeper,
    )

"""The demo's funds: a year closed and carried over, projects at every step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from organizations.fund_choices import FundStage
from organizations.fund_rules import STEPS
from organizations.models import FundLine, FundProject, Organization, User
from organizations.services.fund_payments import (
    PaymentFacts,
    confirm_payment,
    enter_payment,
)
from organizations.services.fund_projects import (
    ProjectFacts,
    StepFacts,
    add_project,
    take_step,
)
from organizations.services.funds import (
    LineFacts,
    ReceiptFacts,
    add_line,
    close_year,
    record_receipt,
)
from reports.demo.street import Street

# Source, use, budget and what came of it.
_LINES = (
    ("finance", "为民服务专项", 200000, 200000),
    ("dues", "党员教育活动", 6000, 6000),
    ("society", "助老助残", 30000, 20000),
)
_DECISIONS = {
    FundStage.DISCUSSED: ("社区党员大会", "到会党员一致同意立项"),
    FundStage.FILED: ("街道党建办", "符合使用范围，准予备案"),
    FundStage.ALLOTTED: ("街道财政所", "按备案金额拨付"),
    FundStage.CARRIED_OUT: ("社区居委会", "三家比价后由承办单位实施完成"),
    FundStage.PAID: ("社区居委会", "款项结清，发票齐全"),
    FundStage.ACCEPTED: ("社区党委和居民代表", "现场查看，验收合格"),
    FundStage.PUBLISHED: ("社区党委", "在公示栏公示七天，无异议"),
}


@dataclass(frozen=True)
class _Plan:
    """A project: how far it comes, days ago its first step and its planned end."""

    title: str
    category: str
    budget: int
    last: str
    begun: int
    ends: int
    spent: int = 0
    waiting: int = 0


_PLANS = (
    _Plan("楼道照明改造", "service", 48000, FundStage.PUBLISHED, 120, 60, 46500),
    _Plan("老年人助餐点添置桌椅", "service", 26000, FundStage.ACCEPTED, 90, 40, 25180),
    _Plan("居民议事亭修缮", "autonomy", 35000, FundStage.ALLOTTED, 70, 10, 12000, 8600),
    _Plan("社区党群微讲堂", "party", 15000, FundStage.FILED, 30, -60),
    _Plan("汛期排水应急", "urgent", 20000, FundStage.DISCUSSED, 12, -45),
)


class _Maker:
    """Whatever is dated lies in its year and not ahead of today."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.staff = User.objects.get(username="street")
        self.secretary = User.objects.get(username="community")
        self.vouchers = 0

    def day(self, year: int, days_ago: int) -> date:
        if year < self.today.year:
            return date(year, 11, 30) - timedelta(days=days_ago)
        return max(date(year, 1, 1), self.today - timedelta(days=days_ago))

    def lines(self, place: Organization, year: int) -> list[FundLine]:
        made = []
        for source, name, budget, came in _LINES:
            line = add_line(
                organization_id=place.pk,
                year=year,
                facts=LineFacts(source, name, Decimal(budget)),
                actor=self.staff,
            )
            record_receipt(
                line_id=line.pk,
                facts=ReceiptFacts(
                    "allotted", Decimal(came), self.day(year, 200), f"江街财{year}1号"
                ),
                actor=self.staff,
            )
            made.append(line)
        return made

    def project(self, line: FundLine, plan: _Plan, actor: User) -> None:
        year = line.fund_year.year
        ends = self.day(year, 0) - timedelta(days=plan.ends)
        project = add_project(
            line_id=line.pk,
            facts=ProjectFacts(
                title=plan.title,
                category=plan.category,
                budget=Decimal(plan.budget),
                planned_end=max(ends, date(year, 1, 1)),
                proposed_by="党员议事会收集居民意见",
                summary="居民反映集中，列入当年为民服务专项。",
            ),
            actor=actor,
        )
        for place, step in enumerate(STEPS[: STEPS.index(plan.last) + 1]):
            if step == FundStage.PAID:
                self.pay(line, project, plan.spent)
            self.step(project, step, self.day(year, plan.begun - 12 * place), actor)
        if plan.last == FundStage.ALLOTTED:
            self.pay(line, project, plan.spent)
            self.pay(line, project, plan.waiting, is_waiting=True)

    def step(self, project: FundProject, step: str, day: date, actor: User) -> None:
        decided_by, decision = _DECISIONS[FundStage(step)]
        amount = project.budget if step == FundStage.ALLOTTED else None
        take_step(
            project_id=project.pk,
            facts=StepFacts(step, day, decided_by, decision, amount),
            actor=actor,
        )

    def pay(
        self,
        line: FundLine,
        project: FundProject | None,
        amount: int,
        *,
        is_waiting: bool = False,
    ) -> None:
        if not amount:
            return
        self.vouchers += 1
        payment = enter_payment(
            line_id=line.pk,
            project_id=project.pk if project else None,
            facts=PaymentFacts(
                paid_on=self.day(line.fund_year.year, 20),
                amount=Decimal(amount),
                voucher=f"记{self.vouchers}",
                payee="江滨便民服务商行",
                purpose=f"{project or line.name}费用",
            ),
            actor=self.secretary,
        )
        if not is_waiting:
            confirm_payment(payment_id=payment.pk, actor=self.staff)


def make_funds(street: Street, today: date) -> None:
    """One community with two years, the others with a budget and a project each."""
    maker = _Maker(today)
    first, *others = [place.organization for place in street.communities]
    earlier = maker.lines(first, today.year - 1)
    lines = maker.lines(first, today.year)
    maker.project(earlier[0], _PLANS[0], maker.secretary)
    maker.pay(earlier[1], None, 5200)
    close_year(organization_id=first.pk, year=today.year - 1, actor=maker.staff)
    for plan in _PLANS:
        maker.project(lines[0], plan, maker.secretary)
    maker.pay(lines[1], None, 3400)
    for number, place in enumerate(others):
        line = maker.lines(place, today.year)[0]
        maker.project(line, _PLANS[3 + number % 2], maker.staff)

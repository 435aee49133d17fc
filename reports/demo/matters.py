"""The demo's delegated matters: carried, out of balance, unpaid, asked for, refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from organizations.matter_choices import MatterState
from organizations.models import DelegatedMatter, Organization, User
from organizations.services.matter_steps import (
    ArrivalFacts,
    MatterStepFacts,
    record_arrival,
    take_matter_step,
)
from organizations.services.matters import (
    HandoverFacts,
    MatterFacts,
    apply_for_matter,
)
from reports.demo.street import Street

_BY = {
    MatterState.EXAMINED: ("街道党建办", "", "职责、权限、经费清楚，提请联席会议"),
    MatterState.ADMITTED: ("街道党建联席会议", "联席会议纪要第3号", "同意准入"),
    MatterState.REFUSED: ("社区党委", "", "没有配备经费和人员，社区承担不了"),
    MatterState.ENDED: ("街道党建联席会议", "联席会议纪要第5号", "工作已经完成"),
}


@dataclass(frozen=True)
class _Plan:
    """A matter; days ago it was applied for and begun, days until it ends."""

    title: str
    department: str
    basis: str
    applied: int
    steps: tuple[str, ...] = (MatterState.EXAMINED, MatterState.ADMITTED)
    kind: str = "assisted"
    begins: int = 0
    ends: int | None = None
    money: int = 0
    came: int = 0
    along: HandoverFacts = field(default_factory=HandoverFacts)


_PLANS = (
    _Plan(
        "流动人口信息采集",
        "区公安分局",
        "《暂住人口登记管理办法》",
        200,
        begins=150,
        money=24000,
        came=24000,
        along=HandoverFacts("入户登记、信息核对", 2, "采集终端2台"),
    ),
    _Plan(
        "居家养老服务站管理",
        "区民政局",
        "《养老服务条例》",
        180,
        begins=130,
        money=60000,
        came=30000,
        along=HandoverFacts("服务对象评估、服务质量监督", 3, "助浴床1张"),
    ),
    _Plan(
        "食品安全协管",
        "区市场监管分局",
        "《食品安全法》第六条",
        160,
        begins=110,
        along=HandoverFacts("", 0, ""),
    ),
    _Plan(
        "经济普查入户登记",
        "区统计局",
        "《全国经济普查条例》",
        170,
        begins=120,
        ends=-12,
        money=8000,
        came=8000,
        along=HandoverFacts("查看经营场所、登记", 0, ""),
    ),
    _Plan(
        "垃圾分类宣传督导",
        "区城市管理局",
        "《生活垃圾管理条例》",
        40,
        (),
        begins=-20,
        money=12000,
        along=HandoverFacts("现场督导", 1, ""),
    ),
    _Plan(
        "房屋租赁备案初审",
        "区住房保障局",
        "《商品房屋租赁管理办法》",
        60,
        (MatterState.REFUSED,),
        begins=20,
    ),
    _Plan(
        "换发社保卡",
        "区人力资源社会保障局",
        "《社会保障卡管理办法》",
        260,
        (MatterState.EXAMINED, MatterState.ADMITTED, MatterState.ENDED),
        "statutory",
        220,
        -100,
        3000,
        3000,
        HandoverFacts("受理、发放", 0, ""),
    ),
)


def make_matters(street: Street, today: date) -> None:
    """The first community has one of each; the others carry two."""
    staff = User.objects.get(username="street")
    first, *others = [place.organization for place in street.communities]
    for plan in _PLANS:
        _make(first, plan, today, staff)
    for number, place in enumerate(others):
        _make(place, _PLANS[0], today, staff)
        _make(place, _PLANS[1 + number % 3], today, staff)


def _make(place: Organization, plan: _Plan, today: date, staff: User) -> None:
    begins = today - timedelta(days=plan.begins)
    matter = apply_for_matter(
        organization_id=place.pk,
        facts=MatterFacts(
            title=plan.title,
            department=plan.department,
            kind=plan.kind,
            span="long" if plan.ends is None else "once",
            legal_basis=plan.basis,
            starts_on=begins,
            ends_on=None if plan.ends is None else today + timedelta(days=plan.ends),
            money_due=Decimal(plan.money),
            money_due_on=begins + timedelta(days=60) if plan.money else None,
        ),
        handover=plan.along,
        applied_on=today - timedelta(days=plan.applied),
        actor=staff,
    )
    for number, step in enumerate(plan.steps, start=1):
        _step(matter, step, today - timedelta(days=plan.applied - 14 * number), staff)
    if plan.came:
        facts = ArrivalFacts(
            Decimal(plan.came), begins + timedelta(days=30), "区财拨12号"
        )
        record_arrival(matter_id=matter.pk, facts=facts, actor=staff)


def _step(matter: DelegatedMatter, step: str, day: date, staff: User) -> None:
    decided_by, document, words = _BY[MatterState(step)]
    take_matter_step(
        matter_id=matter.pk,
        step=step,
        facts=MatterStepFacts(day, decided_by, document, words),
        actor=staff,
    )

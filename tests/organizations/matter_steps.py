"""Steps that tests of delegated matters share."""

from datetime import date
from decimal import Decimal

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

TODAY = date(2026, 11, 20)
APPLIED = date(2026, 8, 3)


def terms(**changes):
    return MatterFacts(
        **{
            "title": "流动人口信息采集",
            "department": "区公安分局",
            "kind": "assisted",
            "span": "long",
            "legal_basis": "《流动人口管理条例》第八条",
            "starts_on": date(2026, 9, 1),
            "money_due": Decimal("20000"),
            "money_due_on": date(2026, 10, 1),
            **changes,
        }
    )


def handover(power="入户登记", staff_posted=2, equipment="采集终端2台"):
    return HandoverFacts(power, staff_posted, equipment)


def applied(organization, actor, *, along=None, applied_on=APPLIED, **changes):
    return apply_for_matter(
        organization_id=organization.pk,
        facts=terms(**changes),
        handover=along or handover(),
        applied_on=applied_on,
        actor=actor,
    )


def stepped(matter, actor, *steps, day=date(2026, 8, 20)):
    for step in steps:
        matter = take_matter_step(
            matter_id=matter.pk,
            step=step,
            facts=MatterStepFacts(day, "街道党建联席会议", "联席会议纪要3号", "同意"),
            actor=actor,
        )
    return matter


def admitted(organization, actor, *, day=date(2026, 8, 20), **options):
    matter = applied(organization, actor, **options)
    return stepped(matter, actor, "examined", "admitted", day=day)


def arrived(matter, actor, amount="5000", day=date(2026, 9, 20)):
    return record_arrival(
        matter_id=matter.pk, facts=ArrivalFacts(Decimal(amount), day), actor=actor
    )

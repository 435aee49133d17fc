"""Coverage of two-new units says that figures changed."""

import pytest

from config.lib.dates import months_after
from organizations.coverage_rules import Counts
from organizations.services.census import (
    SheetFacts,
    VisitFacts,
    record_door_visit,
    record_sheet,
    withdraw_door_visit,
)
from organizations.services.registry_settling import settle_differences
from organizations.services.structure import merge_organizations
from organizations.services.work_units import update_work_unit
from tests.members.coverage_steps import decided, listed, two_new, uncovered

pytestmark = pytest.mark.django_db


def found(unit, actor, day, full, state="operating"):
    record_sheet(
        unit_id=unit.pk,
        facts=SheetFacts(day, state, Counts(20, full, 1, 1)),
        actor=actor,
    )


def test_every_step_of_coverage(tree, months, holds, committee_staff, today):
    actor, begin = committee_staff, months[4].start
    street, here, there = tree[:3]
    code = "91310000MA1FL00001"
    unit = two_new(here, "晨光公司", credit_code=code)
    second = two_new(here, "暮色公司")
    for each in (unit, second):
        found(each, actor, begin, full=3)
    holds()
    day = (today - months_after(begin, 1)).days
    uncovered(unit, actor, day=day, words="正在转入组织关系")
    holds()
    decided(
        unit,
        actor,
        "own",
        day=(today - months_after(begin, 3)).days,
        organization_id=tree[3].pk,
    )
    found(unit, actor, months_after(begin, 4), full=2)
    holds()
    visits = [
        record_door_visit(
            unit_id=unit.pk,
            facts=VisitFacts(months_after(begin, number), "周干事", "agreed"),
            actor=actor,
        )
        for number in (1, 2)
    ]
    withdraw_door_visit(visit_id=visits[0].pk, reason="错", actor=actor)
    holds()
    update_work_unit(
        work_unit_id=unit.pk, version=None, actor=actor, community=there.community
    )
    holds()
    registry = listed(street, actor, ["91310000MA1FL00002", "初来公司", "有限责任公司"])
    for kind, outcome in (("gone", "shell"), ("new", "taken")):
        rows = registry.differences.filter(kind=kind).values_list("pk", flat=True)
        settle_differences(
            registry_id=registry.pk,
            difference_ids=list(rows),
            outcome=outcome,
            community_id=there.community.pk,
            actor=actor,
        )
    update_work_unit(work_unit_id=second.pk, version=None, actor=actor, is_active=False)
    merge_organizations(
        source_id=there.pk, target_id=here.pk, on_date=today, actor=actor
    )
    holds()

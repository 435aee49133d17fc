from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from activities.models import Program
from activities.services.programs import (
    ItemFacts,
    ProgramFacts,
    save_program,
    start_new_version,
)
from activities.shipped import ensure_default_programs
from config.lib.errors import RuleError
from organizations.choices import AuditAction
from organizations.models import AuditEvent


def facts_of(program, **changes):
    values = {
        "name": program.name,
        "audience": program.audience,
        "period": program.period,
        "valid_from": program.valid_from,
        "items": [
            ItemFacts(i.name, i.required_count, i.unit, i.needs_evidence, i.pk)
            for i in program.items.all()
        ],
    } | changes
    return ProgramFacts(**values)


@pytest.fixture
def earned(record, mobile, five_ones):
    """五个一 with 听一堂党课 earned by one member."""
    item = five_ones.items.get(key="lecture")
    record(present=[mobile], item_ids=[item.pk])
    return five_ones


def test_the_shipped_programs_are_there(five_ones, six_leads):
    assert (five_ones.items.count(), six_leads.items.count()) == (5, 6)
    assert (five_ones.audience, six_leads.audience) == ("mobile", "in_post")


def test_shipping_again_leaves_what_the_committee_changed(five_ones):
    five_ones.items.get(key="report").delete()
    ensure_default_programs(apps)
    assert five_ones.items.count() == 4


def test_staff_create_a_program(committee_staff):
    program = save_program(
        facts=ProgramFacts(
            name="双带",
            audience="laid_off",
            period="year",
            valid_from=date(2026, 1, 1),
            items=[ItemFacts("带头再就业"), ItemFacts("带动他人再就业", 2, "人")],
        ),
        actor=committee_staff,
    )
    assert [i.required_count for i in program.items.all()] == [1, 2]
    assert AuditEvent.objects.filter(action=AuditAction.PROGRAM_SAVED).count() == 1


def test_a_branch_secretary_may_not_keep_programs(five_ones, branch_secretary):
    with pytest.raises(PermissionDenied):
        save_program(
            facts=facts_of(five_ones), actor=branch_secretary, program_id=five_ones.pk
        )


def test_an_earned_item_cannot_be_removed(earned, committee_staff):
    kept = [i for i in facts_of(earned).items if i.name != "听一堂党课"]
    with pytest.raises(RuleError, match="听一堂党课”已有完成记录，不能删除"):
        save_program(
            facts=facts_of(earned, items=kept),
            actor=committee_staff,
            program_id=earned.pk,
        )


def test_an_item_nobody_earned_can_be_removed(earned, committee_staff):
    kept = [i for i in facts_of(earned).items if i.name != "订一份党报"]
    save_program(
        facts=facts_of(earned, items=kept), actor=committee_staff, program_id=earned.pk
    )
    assert earned.items.count() == 4


@pytest.mark.parametrize("change", [{"audience": "retired"}, {"period": "quarter"}])
def test_an_earned_program_keeps_what_it_counts(earned, committee_staff, change):
    with pytest.raises(RuleError, match="不能更改对象或周期"):
        save_program(
            facts=facts_of(earned, **change),
            actor=committee_staff,
            program_id=earned.pk,
        )


def test_two_items_of_one_name_are_refused(five_ones, committee_staff):
    twice = [ItemFacts("做一件好事"), ItemFacts("做一件好事 ")]
    with pytest.raises(RuleError, match="同名"):
        save_program(
            facts=facts_of(five_ones, items=twice),
            actor=committee_staff,
            program_id=five_ones.pk,
        )


def test_saving_marks_every_branch(five_ones, committee_staff, branch_a1, marked):
    save_program(
        facts=facts_of(five_ones), actor=committee_staff, program_id=five_ones.pk
    )
    assert branch_a1.pk in marked[-1][0]


def test_a_new_version_takes_over_from_the_first_day_of_a_year(earned, committee_staff):
    new_year = date(timezone.localdate().year + 1, 1, 1)
    new = start_new_version(
        program_id=earned.pk, valid_from=new_year, actor=committee_staff
    )
    earned.refresh_from_db()
    assert (earned.valid_until, new.key) == (new_year, "wu-ge-yi-v2")
    assert new.items.count() == 5
    in_force = Program.objects.of_line("wu-ge-yi").in_force(new_year)
    assert list(in_force) == [new]


def test_a_version_cannot_begin_in_the_middle_of_a_year(five_ones, committee_staff):
    with pytest.raises(RuleError, match="第一天"):
        start_new_version(
            program_id=five_ones.pk,
            valid_from=date(2027, 3, 1),
            actor=committee_staff,
        )

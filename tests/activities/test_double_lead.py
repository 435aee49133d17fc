"""双带: what the branch writes down of work earns the items by itself."""

import pytest
from django.urls import reverse
from django.utils import timezone

from activities import tallies
from activities.completion import branch_progress, progress_of_member
from activities.models import Program
from activities.services.achievements import record_achievement
from config.lib.errors import RuleError
from config.lib.periods import Month, Year
from members.services.employment import withdraw_record
from organizations.models import Organization
from tests.factories.members import MemberFactory
from tests.members.employment_steps import led, spell


@pytest.fixture
def program(db):
    return Program.objects.get(key="shuang-dai")


@pytest.fixture
def laid_off(branch_a1):
    return MemberFactory(branch=branch_a1, category="laid_off")


def progress(program, member):
    year = Year.containing(timezone.localdate())
    found = progress_of_member(program, member, year.start, year.end)
    return {item.name: item.earned for item in found.items}


def test_work_found_and_people_led_earn_the_items_by_themselves(
    program, laid_off, branch_a1, branch_secretary
):
    assert progress(program, laid_off) == {"带头实现再就业": 0, "带领他人就业": 0}
    spell(laid_off, branch_secretary)
    lead = led(laid_off, branch_secretary, people_count=3)
    spell(laid_off, branch_secretary, "by_unit", timezone.localdate())
    assert progress(program, laid_off) == {"带头实现再就业": 1, "带领他人就业": 3}
    withdraw_record(model=type(lead), record_id=lead.pk, actor=branch_secretary)
    assert progress(program, laid_off) == {"带头实现再就业": 1, "带领他人就业": 0}


def test_who_found_work_counts_on_although_laid_off_no_more(
    program, laid_off, branch_a1, branch_secretary
):
    today = timezone.localdate()
    MemberFactory(branch=branch_a1, category="laid_off")
    spell(laid_off, branch_secretary)
    spell(laid_off, branch_secretary, "by_unit", today, set_category=True)
    laid_off.refresh_from_db()
    assert laid_off.category == "in_post"
    here = Organization.objects.filter(pk=branch_a1.pk)
    year, month = Year.containing(today), Month.containing(today)
    [row] = branch_progress(program, here, year.start, year.end)
    assert (row.audience, row.complete, row.started) == (2, 0, 1)
    assert list(tallies.progress(program, here, [month], year.start)) == [
        (branch_a1.pk, 0, 2, 0, 1)
    ]
    program.items.filter(key="lead-others").delete()
    [row] = branch_progress(program, here, year.start, year.end)
    assert (row.audience, row.complete, row.started) == (2, 1, 1)


def test_several_led_reach_a_count_together(
    program, laid_off, branch_a1, branch_secretary
):
    """The day it is done is the one on which the people add up."""
    item = program.items.get(key="lead-others")
    item.required_count = 5
    item.save()
    program.items.exclude(pk=item.pk).delete()
    here = Organization.objects.filter(pk=branch_a1.pk)
    today = timezone.localdate()
    year, month = Year.containing(today), Month.containing(today)
    led(laid_off, branch_secretary, people_count=4)

    def reached():
        [row] = tallies.progress(program, here, [month], year.start)
        return row[2:]

    assert reached() == (1, 0, 1)
    led(laid_off, branch_secretary, people_count=1, title="带到菜场做工")
    assert reached() == (1, 1, 1)


def test_nobody_types_it_a_second_time(
    program, laid_off, branch_a1, branch_secretary, client_for
):
    with pytest.raises(RuleError, match="自动计入"):
        record_achievement(
            member_id=laid_off.pk,
            item_id=program.items.first().pk,
            achieved_on=timezone.localdate(),
            content="找到工作",
            actor=branch_secretary,
            today=timezone.localdate(),
        )
    client = client_for(branch_secretary)
    form = client.get(reverse("activities:achievement-add", args=[laid_off.pk]))
    assert "没有适用的项目清单" in form.content.decode()
    led(laid_off, branch_secretary, people_count=2)
    page = client.get(laid_off.get_absolute_url()).content.decode()
    assert "带领 2 人就业" in page
    record = client.get(reverse("activities:record"), {"branch": branch_a1.pk})
    assert "带领他人就业" not in record.content.decode()

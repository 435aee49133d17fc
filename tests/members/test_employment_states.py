"""No order of writing down, correcting and taking back breaks the line of spells."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.lib.errors import RuleError
from members.choices.employment import EmploymentStatus, HelpResult
from members.models import EmploymentSpell, HelpStep, Lead, Member
from members.rules.employment import NEXT_RESULT, timeline
from members.services.employment import amend_spell, withdraw_record
from members.services.employment_help import settle_help
from organizations.choices import Role
from tests.factories.members import MemberFactory
from tests.factories.organizations import (
    OrganizationFactory,
    PostFactory,
    UserFactory,
)
from tests.members.employment_steps import helped, led, spell
from tests.races import needs_server, race

FIRST = date(2026, 1, 1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "amend", "withdraw", "help", "settle", "undo"]),
        st.sampled_from(EmploymentStatus.values),
        st.integers(0, 6),
        st.booleans(),
    ),
    max_size=14,
)


def attempt(step, status, pick, sets, member, actor):
    """Try one step on what is there; a refusal is fine."""
    day = FIRST + timedelta(days=pick)
    spells = list(EmploymentSpell.objects.order_by("pk"))
    one = spells[pick % len(spells)].pk if spells else 0
    steps = list(HelpStep.objects.order_by("pk"))
    other = steps[pick % len(steps)].pk if steps else 0
    try:
        if step == "add":
            spell(member, actor, status, day, set_category=sets)
        elif step == "amend":
            facts = {"status": status, "starts_on": day, "workplace": "小店"}
            amend_spell(spell_id=one, set_category=sets, actor=actor, **facts)
        elif step == "withdraw":
            withdraw_record(model=EmploymentSpell, record_id=one, actor=actor)
        elif step == "help":
            helped(member, actor, days_ago=pick)
        elif step == "undo":
            withdraw_record(model=HelpStep, record_id=other, actor=actor)
        else:
            settle_help(
                step_id=other,
                result=HelpResult.values[pick % 3],
                result_on=FIRST if sets else HelpStep.objects.get(pk=other).given_on,
                result_words="原因",
                actor=actor,
            )
    except (RuleError, EmploymentSpell.DoesNotExist, HelpStep.DoesNotExist):
        pass


class EmploymentProperties(TestCase):
    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(STEPS)
    def test_the_line_of_spells_has_neither_gap_nor_overlap(self, steps):
        branch = OrganizationFactory(
            kind="branch", parent=OrganizationFactory(kind="work_committee")
        )
        staff = UserFactory()
        PostFactory(user=staff, role=Role.COMMITTEE_STAFF, organization=branch.parent)
        member = MemberFactory(branch=branch, category="laid_off")
        written = 0
        for step, status, pick, sets in steps:
            attempt(step, status, pick, sets, member, staff)
            rows = EmploymentSpell.objects.count() + HelpStep.objects.count()
            assert rows >= written  # nothing is deleted
            written = rows
        line = timeline(EmploymentSpell.objects.counted())
        for (earlier, end), (later, _) in pairwise(line):
            assert earlier.starts_on < end == later.starts_on
        assert [end for _, end in line].count(None) == bool(line)
        for each in EmploymentSpell.objects.exclude(replaces=None):
            assert each.replaces.withdrawn_at is not None
        for each in HelpStep.objects.all():
            assert (each.result == "pending") == (each.result_on is None)


def test_what_came_of_help_is_never_open_again():
    assert set(NEXT_RESULT) == set(HelpResult)
    assert not any(HelpResult.PENDING in after for after in NEXT_RESULT.values())


@needs_server
@pytest.mark.django_db(transaction=True)
def test_ten_submits_at_once_write_everything_down_once(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1, category="laid_off")

    def submit(number):
        spell(member, branch_secretary, "by_unit", FIRST, set_category=True)
        helped(member, branch_secretary)
        led(member, branch_secretary)

    assert race(submit, count=10) == [None] * 10
    counts = [each.objects.count() for each in (EmploymentSpell, HelpStep, Lead)]
    assert counts == [1, 1, 1]
    assert Member.objects.get().category == "in_post"


@needs_server
@pytest.mark.django_db(transaction=True)
def test_of_ten_corrections_at_once_one_counts(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1, category="laid_off")
    wrong = spell(member, branch_secretary, "laid_off", FIRST)

    def correct(number):
        amend_spell(
            spell_id=wrong.pk,
            status="seeking",
            starts_on=FIRST + timedelta(days=number),
            actor=branch_secretary,
        )
        return "done"

    assert Counter(race(correct, count=10)) == {"done": 1, "stale": 9}
    assert EmploymentSpell.objects.counted().count() == 1

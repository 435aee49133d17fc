"""Rules of delegated matters, without a database."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.errors import RuleError
from organizations import matter_rules as rules
from organizations.matter_choices import STEP_NAMES, MatterState

DAY = date(2026, 9, 1)


@given(st.sampled_from(MatterState.values), st.sampled_from(list(STEP_NAMES)))
def test_steps_follow_the_table_alone(state, step):
    allowed = {
        ("applied", "examined"),
        ("applied", "refused"),
        ("applied", "withdrawn"),
        ("examined", "admitted"),
        ("examined", "refused"),
        ("examined", "withdrawn"),
        ("admitted", "ended"),
    }
    if (state, step) in allowed:
        rules.check_step(state, step)
    else:
        with pytest.raises(RuleError):
            rules.check_step(state, step)


@pytest.mark.parametrize(
    ("step", "changes", "code"),
    [
        ("admitted", {"document": ""}, "document"),
        ("refused", {"words": ""}, "words"),
        ("ended", {"words": ""}, "words"),
        ("examined", {"done_on": date(2026, 9, 9)}, "done_on"),
        ("examined", {"done_on": date(2026, 7, 9)}, "done_on"),
    ],
)
def test_what_a_step_has_to_say(step, changes, code):
    facts = {"done_on": DAY, "document": "纪要1号", "words": "同意", **changes}
    with pytest.raises(RuleError) as refused:
        rules.check_step_facts(step, last=date(2026, 8, 1), today=DAY, **facts)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("ends_on", "span"),
    [(None, "once"), (date(2026, 8, 31), "long"), (date(2126, 1, 1), "long")],
)
def test_days_out_of_order_are_refused(ends_on, span):
    with pytest.raises(RuleError) as refused:
        rules.check_days(DAY, ends_on, span)
    assert refused.value.code == "ends_on"


def test_money_has_a_day_and_is_never_more_than_owed():
    with pytest.raises(RuleError, match="应到日期"):
        rules.check_money_due(Decimal(5), None, DAY, Decimal(0))
    with pytest.raises(RuleError, match=r"不能少于已经到账的 6\.00 元"):
        rules.check_money_due(Decimal(5), DAY, DAY, Decimal(6))
    with pytest.raises(RuleError, match=r"还应到 5\.00 元"):
        rules.check_arrival(
            Decimal("5.01"),
            received_on=DAY,
            applied_on=DAY,
            today=DAY,
            outstanding=Decimal(5),
        )

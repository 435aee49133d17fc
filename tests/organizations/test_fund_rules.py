"""Rules of funds, without a database."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from config.lib.errors import RuleError
from organizations import fund_rules as rules
from organizations.forms.funds import MoneyField
from organizations.fund_choices import FundStage

AMOUNTS = st.lists(st.decimals(0, 99999, places=2), max_size=30)


@given(AMOUNTS, st.randoms(use_true_random=False))
def test_a_balance_is_the_sum_of_its_entries_in_any_order(amounts, random):
    shuffled = list(amounts)
    random.shuffle(shuffled)
    assert rules.total(amounts) == rules.total(shuffled)
    assert rules.total(amounts) - rules.total(shuffled[:5]) == rules.total(shuffled[5:])


@given(st.sampled_from(FundStage.values), st.sampled_from(FundStage.values))
def test_no_step_is_skipped(stage, step):
    order = FundStage.values
    if order.index(step) == order.index(stage) + 1:
        rules.check_step(stage, step)
    else:
        with pytest.raises(RuleError):
            rules.check_step(stage, step)


@pytest.mark.parametrize(
    "text",
    ["0", "-5", "1.005", "NaN", "Infinity", "100000000", "9" * 27, "-" + "9" * 27],
)
def test_what_is_no_payment_is_refused(text):
    with pytest.raises(RuleError) as refused:
        rules.check_amount(Decimal(text))
    assert refused.value.code == "amount"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12,000.50", "12000.50"),
        ("￥1200", "1200"),
        ("300元", "300"),
        (" 1 200 ", "1200"),
    ],
)
def test_money_is_read_as_people_write_it(text, amount):
    assert MoneyField(label="金额").clean(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["2万", "一百", "1e5", "NaN", "12.3.4", "--5", "9" * 27]
)
def test_what_is_no_money_is_told(text):
    with pytest.raises(forms.ValidationError) as refused:
        MoneyField(label="金额").clean(text)
    assert "单位是元" in str(refused.value)


def test_a_year_is_closed_at_its_end_in_turn_and_settled():
    rules.check_closing(2026, date(2026, 12, 1), waiting=0, earlier=None)
    for day, waiting, earlier in [
        (date(2026, 11, 30), 0, None),
        (date(2026, 12, 1), 1, None),
        (date(2026, 12, 1), 0, 2025),
    ]:
        with pytest.raises(RuleError):
            rules.check_closing(2026, day, waiting=waiting, earlier=earlier)

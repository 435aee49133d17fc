"""Rates and months of dues: pure, exact, against a naive table."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.errors import RuleError
from members.rules import dues as rules

TABLE = rules.Table(
    salary=[[3000, "0.5"], [5000, "1"], [10000, "1.5"], [None, "2"]],
    pension=[[5000, "0.5"], [None, "1"]],
    fixed=Decimal("0.20"),
    farmer_least=Decimal("0.20"),
    farmer_most=Decimal("1.00"),
)
INCOMES = st.decimals("0.01", "200000", places=2)
MONTHS = st.dates(date(2000, 1, 1), date(2099, 1, 1)).map(
    lambda day: day.replace(day=1)
)


@pytest.mark.parametrize(
    ("kind", "income", "due"),
    [
        ("employed", "3000", "15.00"),
        ("employed", "3000.01", "30.00"),
        ("employed", "5000", "50.00"),
        ("employed", "5001", "75.02"),
        ("employed", "10000", "150.00"),
        ("employed", "10001", "200.02"),
        ("annual_salary", "20000", "400.00"),
        ("self_employed", "4567.89", "45.68"),
        ("retired", "5000", "25.00"),
        ("retired", "5000.50", "50.01"),
        ("laid_off", None, "0.20"),
        ("student", "900", "0.20"),
        ("farmer", "0.5", "0.5"),
        ("reduced", "0", "0"),
    ],
)
def test_dues_by_the_table(kind, income, due):
    value = None if income is None else Decimal(income)
    assert rules.due_of(kind, value, TABLE) == Decimal(due)


@given(INCOMES, st.sampled_from(["fen", "jiao"]))
def test_the_table_in_whole_hundredths_of_a_fen(income, rounding):
    """Naive: in integers, the steps written out, half a unit added."""
    units = int(income * 100)
    if income <= 3000:
        permille = 5
    elif income <= 5000:
        permille = 10
    elif income <= 10000:
        permille = 15
    else:
        permille = 20
    unit = 1 if rounding == "fen" else 10
    naive = (units * permille + 500 * unit) // (1000 * unit) * unit
    table = rules.Table(**(vars(TABLE) | {"rounding": rounding}))
    assert rules.due_of("employed", income, table) * 100 == naive


@given(MONTHS, st.integers(-300, 300))
def test_a_step_and_the_months_between_undo_each_other(month, number):
    other = rules.step(month, number)
    assert other.day == 1
    assert rules.months_between(month, other) == number


@given(MONTHS, st.sets(st.integers(1, 30)))
def test_paid_to_is_the_last_month_before_the_first_gap(opened, numbers):
    months = {rules.step(opened, n) for n in numbers}
    gap = next(n for n in range(1, 32) if n not in numbers)
    assert rules.paid_to(opened, months) == rules.step(opened, gap - 1)


@pytest.mark.parametrize(
    ("paid_to", "today", "months"),
    [
        (date(2026, 10, 1), date(2026, 11, 29), 0),
        (date(2026, 9, 1), date(2026, 11, 1), 1),
        (date(2026, 4, 1), date(2026, 11, 1), 6),
        (date(2025, 12, 1), date(2026, 1, 31), 0),
        (date(2027, 2, 1), date(2026, 11, 1), 0),
    ],
)
def test_a_month_is_owed_once_it_is_over(paid_to, today, months):
    assert rules.behind(paid_to, today) == months


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("employed", None, "核算基数"),
        ("employed", "0", "第六条"),
        ("retired", "-1", "不能是负数"),
        ("farmer", "1.01", "0.20元至1.00元"),
        ("farmer", None, "每月应交金额"),
    ],
)
def test_a_base_that_cannot_be_is_refused_with_its_article(kind, value, words):
    with pytest.raises(RuleError, match=words):
        rules.check_value(kind, value and Decimal(value), TABLE)


def test_less_than_what_is_due_needs_an_approval():
    assert rules.check_paid(None, Decimal(15)) == 15
    assert rules.check_paid(Decimal(100), Decimal(15)) == 100
    with pytest.raises(RuleError, match="第七条"):
        rules.check_paid(Decimal("14.99"), Decimal(15))
    for nothing in (None, Decimal(0)):
        with pytest.raises(RuleError, match="实交金额"):
            rules.check_paid(nothing, None)


def test_months_of_one_entry():
    today = date(2026, 11, 29)
    first = date(2026, 10, 1)
    rules.check_months(first, date(2027, 11, 1), date(2026, 9, 1), today)
    for last, opened, words in (
        (date(2026, 9, 1), None, "不能早于"),
        (date(2027, 12, 1), None, "最多预交12个月"),
        (date(2028, 10, 1), None, "最多登记24个月"),
        (first, first, "已经交清"),
    ):
        with pytest.raises(RuleError, match=words):
            rules.check_months(first, last, opened, today)

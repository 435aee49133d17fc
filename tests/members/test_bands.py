"""Everybody is in the right age band at each month's end, however far months lie."""

from collections import Counter
from datetime import date, timedelta

import pytest

from config.lib.periods import Month
from members import bands
from members.indicators import roll as indicators
from members.parameters import AGE_BANDS
from members.rules import age_on
from organizations import parameters
from organizations.models import Organization
from tests.factories.members import AffiliationFactory, MemberFactory

pytestmark = pytest.mark.django_db

# Two years with gaps, past a 29 February: longer than the narrow band below.
MONTHS = [
    Month(2023, 12),
    Month(2024, 2),
    Month(2024, 3),
    Month(2025, 2),
    Month(2026, 1),
]
BANDS = [
    ["34岁及以下", None, 35],
    ["35岁", 35, 36],
    ["36至60岁", 36, 61],
    ["61岁及以上", 61, None],
]


def test_each_month_counts_ages_of_its_last_day(branch_a1, committee_staff):
    parameters.change(key=AGE_BANDS, value=BANDS, actor=committee_staff)
    births = [
        date(year, month, day)
        for year in (1961, 1963, 1964, 1965, 1987, 1988, 1989, 1990, 1991)
        for month, day in ((1, 31), (2, 28), (3, 1), (12, 31))
    ] + [date(1964, 2, 29), date(1988, 2, 29)]
    for number, born_on in enumerate(births):
        AffiliationFactory(
            member=MemberFactory(born_on=born_on, joined_on=date(2015, 7, 1)),
            organization=branch_a1,
            kind="on_roll",
            starts_on=date(2024, 2, 10) if number % 5 == 0 else date(2020, 1, 1),
        )
    months = indicators.compute_months(Organization.objects.all(), MONTHS)
    for month, figures in zip(MONTHS, months, strict=True):
        last_day = month.end - timedelta(days=1)
        expected = Counter(
            f"members.age_{place}"
            for number, born_on in enumerate(births)
            if number % 5 or month.start >= date(2024, 2, 1)
            for place, (_, lower, upper) in enumerate(BANDS, start=1)
            if (lower is None or age_on(born_on, last_day) >= lower)
            and (upper is None or age_on(born_on, last_day) < upper)
        )
        found = {
            key: n for key, n in figures[branch_a1.pk].items() if ".age_" in key and n
        }
        assert found == expected, month.label


def test_one_month_has_nobody_who_crosses(branch_a1):
    keys = [indicator.key for indicator in indicators.AGES]
    assert bands.crossing(bands.bands_at(MONTHS[:1], keys)) is None
    assert bands.crossing(bands.bands_at(MONTHS, keys)) is not None

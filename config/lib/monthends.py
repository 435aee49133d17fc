"""Counting what lasts from a day to a day at the ends of many months in one pass.

Between two months little changes, so rows are grouped by the first month at whose end
they count (`came`) and the first at whose end they no longer do (`gone`): a year costs
little more than a month.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from config.lib.periods import Month


def at_month_ends(rows: QuerySet, months: Sequence[Month]) -> QuerySet:
    """Rows of [starts_on, ends_on) that count at the end of any of the months.

    Annotated with `came` and `gone`: a row counts at the ends of
    `months[came:gone]`. The months are in order and may have gaps.
    """
    return (
        rows.filter(starts_on__lt=months[-1].end)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=months[0].end))
        .annotate(came=_reached("starts_on", months), gone=_reached("ends_on", months))
    )


def _reached(field: str, months: Sequence[Month]) -> Case:
    """The place of the first month that ends after the day; their number for none."""
    return Case(
        *(
            When(**{f"{field}__lt": month.end}, then=Value(place))
            for place, month in enumerate(months)
        ),
        default=Value(len(months)),
        output_field=IntegerField(),
    )


def within_months(rows: QuerySet, field: str, months: Sequence[Month]) -> QuerySet:
    """Rows whose day lies in one of the months, annotated with its `month_place`."""
    wanted = Q()
    for first, last in _runs(months):
        wanted |= Q(**{f"{field}__gte": first.start, f"{field}__lt": last.end})
    place = Case(
        *(
            When(**{f"{field}__lt": month.end}, then=Value(place))
            for place, month in enumerate(months)
        ),
        output_field=IntegerField(),
    )
    return rows.filter(wanted).annotate(month_place=place)


def _runs(months: Sequence[Month]) -> Iterable[tuple[Month, Month]]:
    """First and last of each row of months that follow one another."""
    first = last = months[0]
    for month in months[1:]:
        if month.start != last.end:
            yield first, last
            first = month
        last = month
    yield first, last

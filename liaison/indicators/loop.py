"""Figures of liaison cards and feedback."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from config.lib.monthends import at_month_ends, within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group
from liaison.models import CardEntry, FeedbackPeriod, FeedbackRemark, LiaisonCard
from liaison.round_cards import latest, owed_in
from members.choices import AffiliationKind, Category, MembershipStatus
from members.models import Affiliation

SEED = "街道经验材料《街道党建创新》三、建立党员联系卡"


def _cards_url(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id})
    return f"{reverse('liaison:card-list')}?{query}"


def _board_url(organization_id: int, month: Month) -> str:
    return reverse("liaison:period-list")


CARDS = Indicator(
    "liaison.cards",
    "在用联系卡",
    "张",
    "月末在用的党员联系卡。",
    SEED,
    _cards_url,
)
CARD_AUDIENCE = Indicator(
    "liaison.card_audience",
    "应建卡在职党员",
    "人",
    "月末由社区协管、党籍正常的在职党员。",
    SEED,
    _cards_url,
)
ENTRIES = Indicator(
    "liaison.entries",
    "联系卡记录",
    "条",
    "当月记入联系卡且未撤回的服务和日常表现。",
    SEED,
    _cards_url,
)
ENTRY_HOURS = Indicator(
    "liaison.entry_minutes",
    "联系卡服务时长",
    "分钟",
    "当月联系卡记录的服务时长，按分钟合计，报表按小时显示。",
    SEED,
    _cards_url,
)
TO_WORD = Indicator(
    "liaison.to_word",
    "应填反馈",
    "人",
    "月末在填或最近一期反馈中，应由本支部填写评语的联系卡。",
    SEED,
    _board_url,
)
WORDED = Indicator(
    "liaison.worded",
    "已填反馈",
    "人",
    "应填反馈中已写评语和等次的联系卡。",
    SEED,
    _board_url,
)


_Figures = list[dict[int, dict[str, int]]]


def compute_months(organizations: QuerySet, months: Sequence[Month]) -> _Figures:
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    cards = LiaisonCard.objects.filter(organization__in=organizations)
    _at_ends(figures, CARDS.key, at_month_ends(cards, months))
    _at_ends(
        figures, CARD_AUDIENCE.key, at_month_ends(_audience(organizations), months)
    )
    entries = (
        within_months(CardEntry.objects.counted(), "occurred_on", months)
        .filter(card__organization__in=organizations)
        .order_by()
        .values_list("card__organization", "month_place")
        .annotate(times=Count("pk"), hours=Sum("hours"))
    )
    for organization_id, place, times, hours in entries:
        figures[place][organization_id][ENTRIES.key] = times
        figures[place][organization_id][ENTRY_HOURS.key] = int(hours * 60)
    _feedback(figures, organizations, months)
    return figures


def compute(organizations: QuerySet, month: Month) -> dict[int, dict[str, int]]:
    return compute_months(organizations, [month])[0]


def _audience(organizations: QuerySet) -> QuerySet[Any]:
    return Affiliation.objects.filter(
        kind=AffiliationKind.CO_MANAGED,
        organization__in=organizations,
        member__category=Category.IN_POST,
        member__status=MembershipStatus.NORMAL,
    )


def _at_ends(figures: _Figures, key: str, rows: QuerySet[Any]) -> None:
    grouped = rows.order_by().values_list("organization_id", "came", "gone")
    for pk, came, gone, number in grouped.annotate(number=Count("pk")):
        for of_month in figures[came:gone]:
            of_month[pk][key] += number


def _feedback(
    figures: _Figures, organizations: QuerySet, months: Sequence[Month]
) -> None:
    """Count the latest round that had begun by each month's end, street by street."""
    periods = (
        FeedbackPeriod.objects.filter(starts_on__lt=months[-1].end)
        .select_related("organization")
        .order_by("starts_on")
    )
    begun = list(periods)
    counted: dict[int, tuple[FeedbackPeriod, list[int]]] = {}
    for place, month in enumerate(months):
        for period in latest([p for p in begun if p.starts_on < month.end]):
            counted.setdefault(period.pk, (period, []))[1].append(place)
    for period, places in counted.values():
        for key, rows in _of_round(period, organizations):
            for organization_id, number in rows:
                for place in places:
                    figures[place][organization_id][key] += number


def _of_round(
    period: FeedbackPeriod, organizations: QuerySet
) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """What is to be worded and what is, by organization of the round's street."""
    street = organizations.subtree(period.organization)
    cards = LiaisonCard.objects.filter(owed_in(period), organization__in=street)
    remarks = FeedbackRemark.objects.counted().filter(
        period=period, card__organization__in=street
    )
    for key, rows, place in (
        (TO_WORD.key, cards, "organization"),
        (WORDED.key, remarks, "card__organization"),
    ):
        grouped = rows.order_by().values_list(place).annotate(number=Count("pk"))
        yield key, list(grouped)


register_group(
    IndicatorGroup(
        key="liaison",
        indicators=(CARDS, CARD_AUDIENCE, ENTRIES, ENTRY_HOURS, TO_WORD, WORDED),
        compute_months=compute_months,
        rates=(
            Rate(
                "liaison.card_rate",
                "建卡率",
                CARDS.key,
                CARD_AUDIENCE.key,
                "在用联系卡 ÷ 应建卡在职党员。",
                SEED,
            ),
            Rate(
                "liaison.worded_rate",
                "反馈填写率",
                WORDED.key,
                TO_WORD.key,
                "已填反馈 ÷ 应填反馈。",
                SEED,
            ),
        ),
    )
)

"""Figures of liaison cards and feedback."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group
from liaison.models import CardEntry, FeedbackPeriod, FeedbackRemark, LiaisonCard
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


def compute(organizations: QuerySet, month: Month) -> dict[int, dict[str, int]]:
    figures: dict[int, dict[str, int]] = defaultdict(dict)
    cards = LiaisonCard.objects.filter(organization__in=organizations)
    last_day = month.end - timedelta(days=1)
    _count(figures, CARDS.key, cards.active_during(last_day, month.end))
    _count(figures, CARD_AUDIENCE.key, _audience(organizations, month))
    entries = (
        CardEntry.objects.counted()
        .during(month)
        .filter(card__organization__in=organizations)
        .order_by()
        .values_list("card__organization")
        .annotate(times=Count("pk"), hours=Sum("hours"))
    )
    for organization_id, times, hours in entries:
        figures[organization_id][ENTRIES.key] = times
        figures[organization_id][ENTRY_HOURS.key] = int(hours * 60)
    _feedback(figures, organizations, month)
    return figures


def _audience(organizations: QuerySet, month: Month) -> QuerySet[Any]:
    return Affiliation.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=month.end),
        kind=AffiliationKind.CO_MANAGED,
        organization__in=organizations,
        starts_on__lt=month.end,
        member__category=Category.IN_POST,
        member__status=MembershipStatus.NORMAL,
    )


def _count(figures: dict[int, dict[str, int]], key: str, rows: QuerySet[Any]) -> None:
    grouped = rows.order_by().values_list("organization").annotate(number=Count("pk"))
    for organization_id, number in grouped:
        figures[organization_id][key] = number


def _feedback(
    figures: dict[int, dict[str, int]], organizations: QuerySet, month: Month
) -> None:
    """Count the latest round that had begun by the month's end, street by street."""
    rounds: dict[int, FeedbackPeriod] = {}
    for period in (
        FeedbackPeriod.objects.filter(starts_on__lt=month.end)
        .select_related("organization")
        .order_by("starts_on")
    ):
        rounds[period.organization_id] = period
    for period in rounds.values():
        street = organizations.subtree(period.organization)
        cards = LiaisonCard.objects.filter(organization__in=street).active_during(
            period.starts_on, period.ends_on
        )
        _count(figures, TO_WORD.key, cards)
        worded = (
            FeedbackRemark.objects.filter(period=period, card__organization__in=street)
            .order_by()
            .values_list("card__organization")
            .annotate(number=Count("pk"))
        )
        for organization_id, number in worded:
            figures[organization_id][WORDED.key] = number


register_group(
    IndicatorGroup(
        key="liaison",
        indicators=(CARDS, CARD_AUDIENCE, ENTRIES, ENTRY_HOURS, TO_WORD, WORDED),
        compute=compute,
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

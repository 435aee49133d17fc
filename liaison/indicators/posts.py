"""Figures of posts to claim at each month's end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.monthends import at_month_ends
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group
from liaison.models import ClaimPost, PostClaim

_SEED = "在职党员“双报到”认岗做法；街道经验材料《街道党建创新》三、建立党员联系卡"


def _post_list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id})
    return f"{reverse('liaison:post-list')}?{query}"


PLACES = Indicator(
    "liaison.post_places",
    "认领岗位名额",
    "个",
    "月末没有关闭的认领岗位的名额之和，计入设岗的党组织。",
    _SEED,
    _post_list,
)
FILLED = Indicator(
    "liaison.post_filled",
    "认岗在岗",
    "人次",
    "月末经社区同意、在这些岗位上的在职党员，一人认两岗计两次。",
    _SEED,
    _post_list,
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """One query each for places and people, for all months."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    posts = ClaimPost.objects.filter(organization__in=organizations).annotate(
        starts_on=F("opened_on"), ends_on=F("closed_on")
    )
    claims = PostClaim.objects.filter(post__organization__in=organizations)
    for key, rows, place, weight in (
        (PLACES.key, posts, "organization", Sum("places")),
        (FILLED.key, claims, "post__organization", Count("pk")),
    ):
        found = (
            at_month_ends(rows.order_by(), months)
            .values_list(place, "came", "gone")
            .annotate(number=weight)
        )
        for pk, came, gone, number in found:
            for of_month in figures[came:gone]:
                of_month[pk][key] += number
    return figures


register_group(
    IndicatorGroup(
        key="liaison.posts",
        indicators=(PLACES, FILLED),
        compute_months=compute_months,
        rates=(
            Rate(
                "liaison.post_fill_rate",
                "岗位认领率",
                FILLED.key,
                PLACES.key,
                "认岗在岗 ÷ 认领岗位名额。",
                _SEED,
            ),
        ),
    )
)

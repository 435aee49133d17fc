"""The sheets of the democratic review: who takes part, and what was found."""

from __future__ import annotations

from typing import Any

from activities.choices.reviews import Grade, Outcome
from reports.layout_columns import count, group, rate


def reviews() -> list[dict[str, Any]]:
    """Of every place: branches and members who began and finished this year."""
    key = "activities.review_"
    return [
        group(
            "支部",
            count(f"{key}opened", "开展评议"),
            count(f"{key}finished", "结束评议"),
            rate(f"{key}finished_rate", "完成率"),
        ),
        group(
            "党员",
            count(f"{key}people", "参加评议"),
            count(f"{key}done", "结束评议"),
        ),
    ]


def findings() -> list[dict[str, Any]]:
    """Of the street alone: grades, and what followed for the unqualified."""
    key = "activities.review_"
    return [
        group("等次", *(count(f"{key}{each}", each.label) for each in Grade)),
        group("不合格处置", *(count(f"{key}{each}", each.label) for each in Outcome)),
    ]

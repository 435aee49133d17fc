"""Warnings about reviews on their way; that none was held, Party life's duties say.

Each names a branch and its review, never a member: a list of things to do lies open.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from activities.choices.reviews import ReviewState
from activities.models import Review
from activities.parameters.reviews import APPROVE_DAYS
from activities.rules.reviews import SOURCE
from config.lib.registry import Alert, AlertItem, register_alert
from organizations import parameters
from organizations.access import Right

Find = Callable[[QuerySet[Review], date], QuerySet[Review]]


def _register(
    key: str,
    name: str,
    *,
    definition: str,
    find: Find,
    detail: str,
    right: Right,
    due_on: Callable[[Any], date | None] = lambda row: None,
    level: str = "warning",
    uses: tuple[str, ...] = (),
) -> None:
    def queryset(user: Any, today: date) -> QuerySet[Review]:
        rows = Review.objects.visible_to(user).lying_below(user.rights_paths(right))
        return find(rows, today).select_related("organization").order_by("pk")

    def item(row: Any, today: date) -> AlertItem:
        return AlertItem(
            organization_id=row.organization_id,
            label=str(row),
            url=row.get_absolute_url(),
            due_on=due_on(row),
            detail=detail,
        )

    register_alert(
        Alert(
            key=f"activities.{key}",
            name=name,
            level=level,
            definition=definition,
            source=SOURCE,
            right=right,
            queryset=queryset,
            item=item,
            parameters=uses,
        )
    )


def _waiting(rows: QuerySet[Review], today: date) -> QuerySet[Review]:
    last = today - timedelta(days=parameters.get(APPROVE_DAYS))
    return rows.filter(state=ReviewState.DECIDED, decided_on__lt=last)


_register(
    "reviews_to_approve",
    "民主评议等待批准",
    definition="支部已审定、超过规定天数（参数可改）还没有批准或退回的民主评议。",
    find=_waiting,
    detail="请批准，或者写明原因退回支部",
    right=Right.APPROVE_REVIEWS,
    uses=(APPROVE_DAYS,),
)
_register(
    "reviews_returned",
    "民主评议被上级退回",
    definition="上级退回、支部还没有重新审定的民主评议。",
    find=lambda rows, today: rows.filter(
        state=ReviewState.VOTED, returned_on__isnull=False
    ),
    due_on=lambda row: row.returned_on,
    detail="请按退回的原因更正后重新审定",
    right=Right.WRITE_REVIEWS,
)
_register(
    "review_letters_left",
    "评议结果通知书没有送达",
    definition="已批准、还有结果通知书没有登记送达的民主评议。",
    find=lambda rows, today: rows.with_letters_left(),
    due_on=lambda row: row.approved_on,
    detail="请打印通知书，送达本人后登记",
    right=Right.WRITE_REVIEWS,
)
_register(
    "review_terms_over",
    "限期改正到期待核实",
    definition="评为不合格、限期改正的期限已过，支部还没有登记改正情况的民主评议。",
    find=lambda rows, today: rows.with_terms_over(today),
    due_on=lambda row: row.term_over_on,
    detail="有党员改正期限已到，请核实并登记改正情况",
    right=Right.VIEW_REVIEWS,
    level="danger",
)

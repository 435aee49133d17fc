"""Warnings about the care for members in difficulty, for whoever sees hardship."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from config.lib.registry import Alert, AlertItem, register_alert
from members.caring import to_review, without_aid
from members.choices.hardship import CaseState
from members.models import HardshipCase
from members.parameters.hardship import AID_MONTH, REVIEW_DAYS
from members.services.viewing import record_cases
from organizations import parameters
from organizations.access import Right

_SOURCE = (
    "困难党员帮扶通行办法：本人申请、支部大会评议、上级审核、公示、上门发放、按年复核"
)

Find = Callable[[QuerySet[HardshipCase], date], QuerySet[HardshipCase]]


def _register(
    key: str,
    name: str,
    *,
    definition: str,
    find: Find,
    detail: str,
    right: Right = Right.VIEW_HARDSHIP,
    level: str = "warning",
    due_on: Callable[[Any], date | None] = lambda row: None,
    uses: tuple[str, ...] = (),
) -> None:
    def queryset(user: Any, today: date) -> QuerySet[HardshipCase]:
        rows = HardshipCase.objects.visible_to(user).with_branch()
        found = find(rows, today).select_related("member")
        return found.order_by("applied_on", "pk")

    def item(row: Any, today: date) -> AlertItem:
        return AlertItem(
            organization_id=row.branch_id,
            label=row.member.name,
            url=row.get_absolute_url(),
            due_on=due_on(row),
            detail=detail,
            subject=row,
        )

    register_alert(
        Alert(
            key=f"members.{key}",
            name=name,
            level=level,
            definition=definition,
            source=_SOURCE,
            right=right,
            queryset=queryset,
            item=item,
            parameters=uses,
            record_shown=_record_shown,
        )
    )


def _record_shown(user: Any, cases: Sequence[HardshipCase]) -> None:
    record_cases(cases=cases, page="hardship-alert", actor=user)


def _unaided(cases: QuerySet[HardshipCase], today: date) -> QuerySet[HardshipCase]:
    if today.month < parameters.get(AID_MONTH):
        return cases.none()
    return without_aid(cases, today)


_register(
    "hardship_to_discuss",
    "困难帮扶申请待讨论",
    definition="已申请困难帮扶、支部大会还没有讨论的。",
    find=lambda rows, today: rows.filter(state=CaseState.APPLIED),
    right=Right.FILE_HARDSHIP,
    detail="请支部大会讨论、公示",
)
_register(
    "hardship_to_recognize",
    "困难帮扶等待认定",
    definition="支部大会已讨论、公示期满，还没有认定的。",
    find=lambda rows, today: rows.filter(
        state=CaseState.DISCUSSED, public_until__lt=today
    ),
    right=Right.RECOGNIZE_HARDSHIP,
    due_on=lambda row: row.public_until,
    detail="公示期满，请认定级别或不予认定",
)
_register(
    "hardship_unaided",
    "困难党员今年还没有帮扶",
    definition="已认定为困难党员、今年还没有登记帮扶的；从参数规定的月份起提醒。",
    find=_unaided,
    detail="请走访慰问并登记",
    uses=(AID_MONTH,),
)
_register(
    "hardship_to_review",
    "困难情况待复核",
    definition="认定或上次复核已满一年（参数可改）的困难党员。",
    find=to_review,
    due_on=lambda row: row.found_on + timedelta(days=parameters.get(REVIEW_DAYS)),
    detail="请核对困难是否还在、级别有无变化",
    uses=(REVIEW_DAYS,),
)

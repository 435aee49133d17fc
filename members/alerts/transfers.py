"""Warnings about relations on their way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from config.lib.registry import Alert, AlertItem, register_alert
from members.choices import TransferDirection, TransferState
from members.models import Transfer
from members.parameters import EXPIRY_NOTICE, LIMBO_DAYS, RECEIPT_DAYS
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization

_LETTER = "《中国共产党党员组织关系介绍信》填写说明"
_DUTY = "《中国共产党党员教育管理工作条例》第二十五条"

Find = Callable[[QuerySet[Transfer], date], QuerySet[Transfer]]


def _register(
    key: str,
    name: str,
    *,
    level: str,
    definition: str,
    source: str,
    find: Find,
    detail: str,
    right: Right = Right.EDIT_MEMBERS,
    place: str = "source",
    due_on: Callable[[Transfer], date | None] = lambda row: row.last_day,
    uses: tuple[str, ...] = (),
) -> None:
    """`place` is the branch whose work it is: that of `source` or of `target`."""

    def queryset(user: Any, today: date) -> QuerySet[Transfer]:
        mine = Organization.objects.with_right(user, right)
        rows = Transfer.objects.visible_to(user).filter(
            **{f"{place}__in": mine}, replaced_by=None
        )
        found = find(rows, today).select_related("member", "source", "target")
        return found.order_by("last_day", "drafted_at", "pk")

    def item(row: Transfer, today: date) -> AlertItem:
        return AlertItem(
            organization_id=getattr(row, f"{place}_id"),
            label=row.member.name,
            url=row.get_absolute_url(),
            due_on=due_on(row),
            detail=detail.format(row=row),
        )

    register_alert(
        Alert(
            key=f"members.{key}",
            name=name,
            level=level,
            definition=definition,
            source=source,
            right=right,
            queryset=queryset,
            item=item,
            parameters=uses,
        )
    )


def _days_ago(key: str, today: date) -> date:
    return today - timedelta(days=parameters.get(key))


_register(
    "transfer_to_accept",
    "等待本支部接收的转接",
    level="warning",
    definition="街道内其他支部转来、本支部还没有接收的组织关系。",
    source=f"{_DUTY}：有关党组织不得拒收",
    find=lambda rows, today: rows.filter(
        state=TransferState.ISSUED, direction=TransferDirection.WITHIN
    ),
    place="target",
    due_on=lambda row: None,
    detail="由{row.source}转来",
)
_register(
    "letter_to_issue",
    "等待开具的介绍信",
    level="warning",
    definition="支部已登记转出、街道还没有开具介绍信的。",
    source=f"{_DUTY}：由具有审批预备党员权限的基层党委办理",
    find=lambda rows, today: rows.filter(
        state=TransferState.DRAFTED, direction=TransferDirection.OUT
    ),
    right=Right.ISSUE_LETTERS,
    due_on=lambda row: None,
    detail="转往{row.target_name}",
)
_register(
    "letter_expiring",
    "介绍信即将到期",
    level="warning",
    definition="已开出、还没有接收、有效期将在提醒天数内届满的介绍信。",
    source=_LETTER,
    find=lambda rows, today: rows.filter(
        state=TransferState.ISSUED,
        last_day__gte=today,
        last_day__lte=today + timedelta(days=parameters.get(EXPIRY_NOTICE)),
    ),
    detail="{row.number}",
    uses=(EXPIRY_NOTICE,),
)
_register(
    "letter_expired",
    "介绍信过期未接收",
    level="danger",
    definition="有效期已过、还没有登记接收，也没有补开的介绍信。",
    source=_LETTER,
    find=lambda rows, today: rows.filter(state=TransferState.EXPIRED),
    detail="{row.number}，请核实后补开或登记接收",
)
_register(
    "receipt_late",
    "介绍信回执逾期",
    level="warning",
    definition="对方接收已超过规定天数、回执还没有寄回的介绍信。",
    source=f"{_LETTER}：一个月内寄回",
    find=lambda rows, today: rows.filter(
        state=TransferState.ACCEPTED,
        direction=TransferDirection.OUT,
        accepted_on__lt=_days_ago(RECEIPT_DAYS, today),
    ),
    due_on=lambda row: row.accepted_on,
    detail="{row.number}，请向对方催要回执",
    uses=(RECEIPT_DAYS,),
)
_register(
    "receipt_to_send",
    "转入回执待寄",
    level="warning",
    definition="凭介绍信转入、街道还没有把回执寄给原党组织的；接收后一个月内寄出。",
    source=f"{_LETTER}：一个月内寄回",
    find=lambda rows, today: rows.filter(
        state=TransferState.ACCEPTED, direction=TransferDirection.IN
    ),
    right=Right.ISSUE_LETTERS,
    place="target",
    due_on=lambda row: row.accepted_on + timedelta(days=parameters.get(RECEIPT_DAYS)),
    detail="{row.number}，寄给{row.source_name}",
    uses=(RECEIPT_DAYS,),
)
_register(
    "transfer_limbo",
    "转接久未落地",
    level="danger",
    definition="办理转接已久、对方仍未接收，组织关系仍由原支部负责的。",
    source=f"{_DUTY}：接收之前由原党组织负责",
    find=lambda rows, today: rows.filter(
        state__in=[TransferState.ISSUED, TransferState.EXPIRED, TransferState.LOST],
        issued_on__lt=_days_ago(LIMBO_DAYS, today),
    ),
    due_on=lambda row: row.issued_on,
    detail="转往{row.destination_name}，请联系对方并告知本人",
    uses=(LIMBO_DAYS,),
)

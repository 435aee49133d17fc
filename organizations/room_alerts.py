"""Warnings of activity rooms: not open, not checked, broken, not written down."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from config.lib.dates import months_after
from config.lib.registry import Alert, AlertItem, register_alert
from organizations import parameters
from organizations.access import Right
from organizations.models import Room, RoomAsset, RoomBooking
from organizations.room_parameters import (
    BROKEN_DAYS,
    CHECK_MONTHS,
    IDLE_DAYS,
    SETTLE_DAYS,
)

_OPEN = "党员活动室管理制度通行做法：每周开放不少于两次，每次不少于两小时"
_CARE = "党员活动室管理制度通行做法：电教设备专人保管、定期检查，损坏及时报修"
_LOG = "党员活动室管理制度通行做法：使用前预约，使用后填写使用登记"


def _idle(user: Any, today: date) -> QuerySet[Room]:
    rows = Room.objects.kept_by(user).idle(today, parameters.get(IDLE_DAYS))
    return rows.order_by("moved_on", "pk")


def _idle_item(row: Any, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.name,
        url=row.get_absolute_url(),
        due_on=row.moved_on + timedelta(days=parameters.get(IDLE_DAYS)),
        detail=f"上次开放在{row.last_on}" if row.last_on else "启用以来还没有开放记录",
    )


def _unchecked(user: Any, today: date) -> QuerySet[RoomAsset]:
    rows = RoomAsset.objects.kept_by(user).select_related("room")
    rows = rows.check_overdue(today, parameters.get(CHECK_MONTHS))
    return rows.order_by("last_check", "pk")


def _unchecked_item(row: Any, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.room.organization_id,
        label=row.name,
        url=row.room.get_absolute_url(),
        due_on=months_after(row.last_check, parameters.get(CHECK_MONTHS)),
        detail=f"{row.room}，上次检查在{row.last_check}",
    )


def _broken(user: Any, today: date) -> QuerySet[RoomAsset]:
    rows = RoomAsset.objects.kept_by(user).select_related("room")
    rows = rows.long_broken(today, parameters.get(BROKEN_DAYS))
    return rows.order_by("state_since", "pk")


def _broken_item(row: RoomAsset, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.room.organization_id,
        label=row.name,
        url=row.room.get_absolute_url(),
        due_on=row.state_since + timedelta(days=parameters.get(BROKEN_DAYS)),
        detail=f"{row.room}，{row.state_since}起损坏，请修好、交回或换新",
    )


def _unsettled(user: Any, today: date) -> QuerySet[RoomBooking]:
    rows = RoomBooking.objects.kept_by(user).select_related("room")
    before = today - timedelta(days=parameters.get(SETTLE_DAYS))
    return rows.unsettled(before).order_by("held_on", "pk")


def _unsettled_item(row: RoomBooking, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.room.organization_id,
        label=f"{row.held_on} {row.times}",
        url=row.room.get_absolute_url(),
        due_on=row.held_on + timedelta(days=parameters.get(SETTLE_DAYS)),
        detail=f"{row.room}，用过的请登记开放，没有用的请取消预订",
    )


register_alert(
    Alert(
        key="organizations.room_idle",
        name="活动室久未开放",
        level="warning",
        definition="在用的党员活动室，上次开放（没有开放的，启用日期）已过规定天数。",
        source=_OPEN,
        right=Right.KEEP_ROOMS,
        queryset=_idle,
        item=_idle_item,
        parameters=(IDLE_DAYS,),
    )
)
register_alert(
    Alert(
        key="organizations.room_check_overdue",
        name="活动室设备逾期未检查",
        level="warning",
        definition=(
            "在用活动室的电教设备（丢失、交回的除外），上次检查已过规定月数；"
            "开放时检查过设备的，那一天算检查。"
        ),
        source=_CARE,
        right=Right.KEEP_ROOMS,
        queryset=_unchecked,
        item=_unchecked_item,
        parameters=(CHECK_MONTHS,),
    )
)
register_alert(
    Alert(
        key="organizations.room_asset_broken",
        name="活动室设备刊物久坏未处理",
        level="warning",
        definition="在用活动室的设备刊物，状态为损坏已过规定天数。",
        source=_CARE,
        right=Right.KEEP_ROOMS,
        queryset=_broken,
        item=_broken_item,
        parameters=(BROKEN_DAYS,),
    )
)
register_alert(
    Alert(
        key="organizations.room_unsettled",
        name="活动室预订过后未登记",
        level="info",
        definition="没有取消的预订，日期已过规定天数，还没有登记开放。",
        source=_LOG,
        right=Right.KEEP_ROOMS,
        queryset=_unsettled,
        item=_unsettled_item,
        parameters=(SETTLE_DAYS,),
    )
)

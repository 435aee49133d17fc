"""Warnings about members who live or work away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, When
from django.urls import reverse

from config.lib.registry import Alert, AlertFamily, AlertItem, register_alert
from members import mobile_board as board
from members.choices import AffiliationKind
from members.choices.mobile import MobileState
from members.models import Affiliation, MobileStay
from members.parameters.mobile import (
    LOST_DAYS,
    SETTLED_DAYS,
    SILENT_FIRST,
    SILENT_SECOND,
    SILENT_THIRD,
    UNVERIFIED_DAYS,
)
from organizations.access import Right
from organizations.models import Organization
from organizations.querysets import LiesBelow

_DUTY = "《中国共产党党员教育管理工作条例》“流动党员管理”"
_OPINION = "《关于进一步加强和改进流动党员管理工作的意见》"
_PLACING = "街道经验材料：先核实党员身份，再编入党的一个基层组织"

Condition = Callable[[date], Q]


def _stays(user: Any, today: date) -> QuerySet[MobileStay]:
    return MobileStay.objects.editable_by(user).open()


_FAMILY = AlertFamily("members.mobile", _stays)


def _found(condition: Condition, user: Any, today: date) -> QuerySet[MobileStay]:
    """The rows with `place_id`, the side that is the user's to keep."""
    roots = tuple(user.rights_paths(Right.EDIT_MEMBERS))
    place = F("host_id")
    if roots:
        place = Case(
            When(LiesBelow(roots, "home"), then=F("home_id")),
            default=F("host_id"),
            output_field=IntegerField(),
        )
    return (
        _stays(user, today)
        .filter(condition(today))
        .select_related("member")
        .annotate(place_id=place)
        .order_by("last_contact_on", "pk")
    )


def _register(
    key: str,
    name: str,
    condition: Condition,
    *,
    level: str,
    definition: str,
    source: str,
    detail: Callable[[MobileStay, date], str],
    due_on: Callable[[MobileStay], date | None] = lambda row: None,
    url: Callable[[MobileStay], str] = MobileStay.get_absolute_url,
    uses: tuple[str, ...] = (),
) -> None:
    def item(row: MobileStay, today: date) -> AlertItem:
        return AlertItem(
            organization_id=row.place_id,
            label=row.person_name,
            url=url(row),
            due_on=due_on(row),
            detail=detail(row, today),
        )

    register_alert(
        Alert(
            key=f"members.{key}",
            name=name,
            level=level,
            definition=definition,
            source=source,
            right=Right.EDIT_MEMBERS,
            queryset=partial(_found, condition),
            item=item,
            parameters=uses,
            family=_FAMILY,
            condition=condition,
        )
    )


def _silence(row: MobileStay, today: date) -> str:
    return (
        f"{row.get_direction_display()}，{(today - row.last_contact_on).days}天没有联系"
    )


_STEPS = (
    ("mobile_silent_first", "流动党员一个月没有联系", "info", SILENT_FIRST),
    ("mobile_silent_second", "流动党员两个月没有联系", "warning", SILENT_SECOND),
    ("mobile_silent_third", "流动党员三个月没有联系", "danger", SILENT_THIRD),
)
_COUNTED = (
    "电话、走访、参加活动都算联系，原支部和接收支部的都算；"
    "没有联系记录的从登记之日算起。"
)
for _place, (_key, _name, _level, _parameter) in enumerate(_STEPS):
    _register(
        _key,
        _name,
        partial(board.silent_for, _place),
        level=_level,
        definition=f"没有结束的流动登记，到了提醒天数仍没有联系。{_COUNTED}",
        source=f"{_DUTY}：保持经常联系",
        detail=_silence,
        due_on=lambda row: row.last_contact_on,
        uses=(_parameter,),
    )
_register(
    "mobile_lost",
    "流动党员半年没有联系，按失联排查",
    partial(board.silent_for, 3),
    level="danger",
    definition=f"六个月没有联系的流动党员，应当查找并登记失联。{_COUNTED}",
    source="《中国共产党党员教育管理工作条例》第二十四条",
    detail=_silence,
    due_on=lambda row: row.last_contact_on,
    url=lambda row: board.lost_url(row) or row.get_absolute_url(),
    uses=(LOST_DAYS,),
)
_register(
    "mobile_unverified",
    "流入党员身份久未核实",
    board.unverified,
    level="warning",
    definition="流入登记后超过规定天数，还没有核实党员身份的。",
    source=_PLACING,
    detail=lambda row, today: f"{row.registered_on}登记",
    due_on=lambda row: row.registered_on,
    uses=(UNVERIFIED_DAYS,),
)
_register(
    "mobile_unplaced",
    "已核实、还没有编入支部的流入党员",
    lambda today: Q(state=MobileState.VERIFIED),
    level="warning",
    definition="党员身份已核实，还没有编入党支部的流入党员。",
    source=_PLACING,
    detail=lambda row, today: f"{row.verified_on}核实，请编入党支部",
    due_on=lambda row: row.verified_on,
)
_register(
    "mobile_overdue",
    "流动党员已过预计结束日期",
    board.overdue,
    level="info",
    definition="过了登记时预计的结束日期，还没有办理返回、转接或改期的。",
    source=f"{_OPINION}：掌握流动情况变化",
    detail=lambda row, today: "请联系本人，办理结束或改预计日期",
    due_on=lambda row: row.expected_end_on,
)
_register(
    "mobile_settled",
    "流入半年以上，未转接也无活动证",
    board.settled,
    level="warning",
    definition="流入超过规定天数，既没有转接组织关系、也没有活动证的。",
    source=f"{_OPINION}：连续6个月以上，能转接的及时转接",
    detail=lambda row, today: f"{row.started_on}流入，请动员转接组织关系",
    due_on=lambda row: row.started_on,
    uses=(SETTLED_DAYS,),
)


def _unregistered(user: Any, today: date) -> QuerySet[Affiliation]:
    """Rolls of people marked as mobile of whom nobody wrote down where they are."""
    mine = Organization.objects.with_right(user, Right.EDIT_MEMBERS)
    known = MobileStay.objects.open().filter(member=OuterRef("member"))
    return (
        Affiliation.objects.visible_to(user)
        .open()
        .filter(
            ~Exists(known),
            kind=AffiliationKind.ON_ROLL,
            member__is_mobile=True,
            organization__in=mine,
        )
        .select_related("member")
        .order_by("pk")
    )


register_alert(
    Alert(
        key="members.mobile_unregistered",
        name="标为流动、还没有流动登记的党员",
        level="info",
        definition="档案标为流动党员，但没有登记去了哪里、怎样联系的在册党员。",
        source=f"{_OPINION}：流出地党组织登记",
        right=Right.EDIT_MEMBERS,
        queryset=_unregistered,
        item=lambda row, today: AlertItem(
            organization_id=row.organization_id,
            label=row.member.name,
            url=reverse("members:mobile-out", args=[row.pk]),
            detail="请登记流出地点、原因和联系人；已经回来的，在档案中取消流动标记",
        ),
    )
)

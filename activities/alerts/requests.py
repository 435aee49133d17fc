"""Warnings of residents' requests: each step has its days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet

from activities.choices.requests import RequestState
from activities.models import ServiceRequest
from activities.parameters.requests import CHECK_DAYS, CLAIM_DAYS, WORD_DAYS
from activities.querysets.requests import PENDING
from config.lib.registry import Alert, AlertItem, register_alert
from organizations import parameters
from organizations.access import Right

_PRACTICE = "街道“贴心服务”工作惯例：件件有回音"
_Find = Callable[[Any, date], QuerySet[ServiceRequest]]


def _waiting(states: tuple[str, ...], since: str, key: str) -> _Find:
    """Requests that stand in one of `states` for longer than the days allowed."""

    def find(user: Any, today: date) -> QuerySet[ServiceRequest]:
        before = today - timedelta(days=parameters.get(key))
        return (
            ServiceRequest.objects.kept_by(user)
            .filter(**{"state__in": states, f"{since}__lt": before})
            .annotate(since=F(since))
            .order_by(since, "pk")
        )

    return find


def _overdue(user: Any, today: date) -> QuerySet[ServiceRequest]:
    kept = ServiceRequest.objects.kept_by(user) | ServiceRequest.objects.taken_by(user)
    return kept.filter(state__in=PENDING, wanted_by__lt=today).order_by(
        "wanted_by", "pk"
    )


def _register(
    key: str,
    name: str,
    definition: str,
    find: _Find,
    detail: str,
    parameter: str = "",
) -> None:
    def item(request: Any, today: date) -> AlertItem:
        due_on = request.wanted_by
        if parameter:
            due_on = request.since + timedelta(days=parameters.get(parameter))
        return AlertItem(
            organization_id=request.organization_id,
            label=request.asked,
            url=request.get_absolute_url(),
            due_on=due_on,
            detail=detail,
        )

    register_alert(
        Alert(
            key=f"activities.{key}",
            name=name,
            level="warning",
            definition=definition,
            source=_PRACTICE,
            right=Right.RECORD_ACTIVITIES,
            queryset=find,
            item=item,
            parameters=(parameter,) if parameter else (),
        )
    )


_register(
    "requests_unchecked",
    "服务需求待核实",
    "收到后超过规定天数，还没有核实、发布的居民服务需求。",
    _waiting((RequestState.RECEIVED, RequestState.CHECKED), "received_on", CHECK_DAYS),
    "还没有核实发布",
    CHECK_DAYS,
)
_register(
    "requests_unclaimed",
    "服务需求没人认领",
    "发布后超过规定天数，还没有服务队或党员认领的居民服务需求。",
    _waiting((RequestState.PUBLISHED,), "published_on", CLAIM_DAYS),
    "发布后没人认领，可以按特长找人",
    CLAIM_DAYS,
)
_register(
    "requests_overdue",
    "服务需求超期",
    "过了希望办结日期还没有办好的居民服务需求，受理和认领的党组织都提醒。",
    _overdue,
    "已过希望办结日期",
)
_register(
    "requests_unheard",
    "服务需求待回访",
    "办好后超过规定天数，还没有登记居民评价的服务需求。",
    _waiting((RequestState.DONE,), "done_on", WORD_DAYS),
    "已办好，还没有问居民满意不满意",
    WORD_DAYS,
)

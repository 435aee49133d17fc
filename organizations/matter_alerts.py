"""Warnings of delegated matters: unbalanced, money late, past the end, undecided."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from config.lib.money import yuan
from config.lib.registry import Alert, AlertItem, register_alert
from organizations import parameters
from organizations.access import Right
from organizations.matter_parameters import DECIDE_DAYS
from organizations.matter_querysets import MatterQuerySet
from organizations.models import DelegatedMatter

_BALANCE = (
    "街道经验材料《街道党建创新》：权随责走、费随事转；江源区、自贡市社区工作准入意见"
)
_STEPS = "西城区社区工作准入办法：提前30个工作日申请，15个工作日内决定"


def _own(user: Any) -> MatterQuerySet:
    return DelegatedMatter.objects.visible_to(user)


def _unbalanced(user: Any, today: date) -> MatterQuerySet:
    return _own(user).unbalanced(today).order_by("admitted_on", "pk")


def _overdue(user: Any, today: date) -> MatterQuerySet:
    return _own(user).money_overdue(today).order_by("money_due_on", "pk")


def _past(user: Any, today: date) -> MatterQuerySet:
    return _own(user).past_end(today).order_by("ends_on", "pk")


def _undecided(user: Any, today: date) -> MatterQuerySet:
    """For those alone who can decide."""
    before = today - timedelta(days=parameters.get(DECIDE_DAYS))
    rows = DelegatedMatter.objects.lying_below(user.rights_paths(Right.ADMIT_MATTERS))
    return rows.undecided(before).order_by("applied_on", "pk")


def _item(row: DelegatedMatter, due_on: date | None, detail: str) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.title,
        url=row.get_absolute_url(),
        due_on=due_on,
        detail=detail,
    )


def _overdue_item(row: Any, today: date) -> AlertItem:
    return _item(
        row,
        row.money_due_on,
        f"{row.department}应到 {yuan(row.money_due)} 元，"
        f"还有 {yuan(row.outstanding)} 元没有到",
    )


def _undecided_item(row: DelegatedMatter, today: date) -> AlertItem:
    due_on = row.applied_on + timedelta(days=parameters.get(DECIDE_DAYS))
    return _item(row, due_on, f"{row.department}{row.applied_on}申请，还没有决定")


register_alert(
    Alert(
        key="organizations.matter_unbalanced",
        name="准入事项权责利不一致",
        level="warning",
        definition=(
            "正在承担的准入事项，没有下放权限、没有应到经费，"
            "或者长期事项没有配备人员。一次性事项按工作量拨经费，不要求配备人员。"
        ),
        source=_BALANCE,
        right=Right.KEEP_MATTERS,
        queryset=_unbalanced,
        item=lambda row, today: _item(
            row, None, f"{row.department}，没有{'、'.join(row.missing)}"
        ),
    )
)
register_alert(
    Alert(
        key="organizations.matter_money_overdue",
        name="准入事项经费逾期未到",
        level="warning",
        definition="准入没有退出的事项，应到日期已过，到账经费少于应到经费。",
        source=_BALANCE,
        right=Right.KEEP_MATTERS,
        queryset=_overdue,
        item=_overdue_item,
    )
)
register_alert(
    Alert(
        key="organizations.matter_past_end",
        name="准入事项已过期限",
        level="warning",
        definition="准入没有退出的事项，截止日期已过；请办理退出，或者修改期限。",
        source="二七区社区工作准入制度：写明权限、期限，到期退出",
        right=Right.KEEP_MATTERS,
        queryset=_past,
        item=lambda row, today: _item(
            row, row.ends_on, f"{row.department}，{row.ends_on}截止，还没有退出"
        ),
    )
)
register_alert(
    Alert(
        key="organizations.matter_undecided",
        name="准入申请逾期未决定",
        level="warning",
        definition="已申请或已审核的准入事项，过了规定天数还没有准入或者不予准入。",
        source=_STEPS,
        right=Right.ADMIT_MATTERS,
        queryset=_undecided,
        item=_undecided_item,
        parameters=(DECIDE_DAYS,),
    )
)

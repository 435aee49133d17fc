"""Closing a month: the workbook of each organization is frozen for good."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.periods import Month
from organizations import access, audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.services.tree import keep_tree
from reports import layout, monthly
from reports.models import MonthClosing
from reports.monthly import Content


def digest(content: Content) -> str:
    """Hash of the content in one spelling: sorted keys, no blanks."""
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def close_month(
    *, organization_id: int, month: Month, actor: User, today: date
) -> list[MonthClosing]:
    """Freeze the month of a whole street, one row a node; return the rows.

    Only a street closes, only a month that is over, and only once. Raises
    Organization.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    # The tree before any row, as everybody who changes it does.
    keep_tree()
    visible = Organization.objects.visible_to(actor).filter(pk=organization_id)
    street = visible.select_for_update(no_key=True).get()
    access.require(actor, Right.CLOSE_MONTH, street)
    if street.parent_id is not None:
        raise RuleError(
            "月结由街道对所属全部党组织统一办理，请在街道一级月结。", code="not_street"
        )
    if today < month.end:
        raise RuleError(f"{month.title}还没有结束，不能月结。", code="not_over")
    if MonthClosing.objects.filter(organization=street, month=month.start).exists():
        raise RuleError(f"{month.title}已经月结，不能重复办理。", code="closed")
    nodes = list(Organization.objects.subtree(street).order_by("path"))
    contents = monthly.live_contents(nodes, month, today)
    now = timezone.now()
    rows = MonthClosing.objects.bulk_create(
        [
            MonthClosing(
                organization=node,
                month=month.start,
                content=contents[node.pk],
                content_sha256=digest(contents[node.pk]),
                closed_at=now,
                closed_by=actor,
            )
            for node in nodes
        ],
        batch_size=100,
    )
    audit.record(
        actor=actor,
        action=AuditAction.MONTH_CLOSED,
        target=rows[0],
        organization=street,
        details={
            "month": month.label,
            "organizations": len(rows),
            "sha256": rows[0].content_sha256,
        },
    )
    return rows


def content_of(organization: Organization, month: Month, today: date) -> Content:
    """The frozen content where the month is closed, else from today's facts."""
    monthly.check_begun(month, today)
    closing = MonthClosing.objects.filter(
        organization=organization, month=month.start
    ).first()
    if closing is not None:
        return verified(closing)
    street = monthly.street_of(organization)
    if MonthClosing.objects.filter(organization=street, month=month.start).exists():
        raise RuleError(
            f"{month.title}已经月结，当时还没有{organization}，没有它的月报。",
            code="not_closed_here",
        )
    return monthly.live_content(organization, month, today)


def verified(closing: MonthClosing) -> Content:
    """The content of a closing; RuleError when it is not what was frozen."""
    if digest(closing.content) != closing.content_sha256:
        raise RuleError(
            f"{closing}的月结内容与当时的校验值不符，可能被改动，请联系系统管理员。",
            code="tampered",
        )
    return closing.content


# Changed since --------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    sheet: str
    row: str
    column: str
    frozen: str
    live: str


def differences(closing: MonthClosing, today: date) -> list[Difference]:
    """What the month's figures would say today where they differ from the frozen."""
    frozen = verified(closing)
    month = Month.containing(closing.month)
    live = monthly.live_content(closing.organization, month, today)
    before, after = _lines(frozen), _lines(live)
    found = []
    for sheet in frozen["sheets"]:
        for key in dict.fromkeys([*before, *after]):
            for column in layout.columns_of(sheet):
                then = _shown(column, before.get(key))
                now = _shown(column, after.get(key))
                if then != now:
                    name = (before.get(key) or after[key])["name"]
                    place = _heading(sheet, column)
                    found.append(Difference(sheet["title"], name, place, then, now))
    return found + _people(frozen["changes"], live["changes"])


def _people(
    frozen: list[dict[str, str]], live: list[dict[str, str]]
) -> list[Difference]:
    """Names on one list only."""
    both = [
        *[c for c in frozen if c not in live],
        *[c for c in live if c not in frozen],
    ]
    return [
        Difference(
            "变动人员名单",
            change["branch"],
            f"{change['name']} {change['direction']}（{change['reason']}）",
            change["date"] if change in frozen else "无",
            change["date"] if change in live else "无",
        )
        for change in both
    ]


def _lines(content: Content) -> dict[Any, dict[str, Any]]:
    """Rows by organization and place in the table; the total last."""
    lines = {
        (row["organization_id"], row["name"] == monthly.OWN): row
        for row in content["rows"]
    }
    return lines | {"total": {"name": "合计", "values": content["total"]}}


def _shown(column: layout.Column, row: dict[str, Any] | None) -> str:
    return layout.shown(column, row["values"]) if row else "无此行"


def _heading(sheet: dict[str, Any], column: layout.Column) -> str:
    for group in sheet["groups"]:
        if column in group["columns"]:
            prefix = f"{group['label']}·" if group["label"] else ""
            return prefix + column["label"]
    return str(column["label"])

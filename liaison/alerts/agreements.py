"""Warnings of joint-building agreements: what is owed, ends, or is not reported."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Value
from django.urls import reverse

from config.lib.periods import Quarter
from config.lib.registry import Alert, AlertItem, register_alert
from liaison.models import Agreement, AgreementReport, Evidence, Obligation
from liaison.parameters.agreements import (
    EXPIRED_DAYS,
    EXPIRING_DAYS,
    REPORT_DAYS,
    SOON_DAYS,
)
from organizations import parameters
from organizations.access import Right

_SEED = "街道经验材料《街道党建创新》：签订联创共建协议书"
_QUARTERLY = "结对共建协议通行约定：每次共建活动登记在案，每季度向街道书面报告"


def _overdue(user: Any, today: date) -> QuerySet[Obligation]:
    return _of_obligations(user).filter(due_on__lt=today)


def _soon(user: Any, today: date) -> QuerySet[Obligation]:
    last = today + timedelta(days=parameters.get(SOON_DAYS))
    return _of_obligations(user).filter(due_on__gte=today, due_on__lte=last)


def _of_obligations(user: Any) -> QuerySet[Obligation]:
    return (
        Obligation.objects.visible_to(user)
        .owed()
        .unmet()
        .select_related("agreement", "clause__party__unit", "item__party__unit")
        .order_by("due_on", "pk")
    )


def _obligation_item(row: Obligation, today: date) -> AlertItem:
    whose = (row.clause or row.item).party
    return AlertItem(
        organization_id=row.agreement.organization_id,
        label=row.words,
        url=row.get_absolute_url(),
        due_on=row.due_on,
        detail=f"{row.agreement}，{whose.unit if whose else '社区'}办",
    )


def _ending(user: Any, today: date) -> QuerySet[Agreement]:
    """Those that end soon, and those that have ended not long ago."""
    rows, days = Agreement.objects.visible_to(user), parameters.get(EXPIRING_DAYS)
    since = today - timedelta(days=parameters.get(EXPIRED_DAYS))
    return rows.filter(
        Q(pk__in=rows.expiring(today, days).order_by().values("pk"))
        | Q(
            pk__in=rows.expired(today)
            .filter(ends_on__gte=since)
            .order_by()
            .values("pk")
        )
    ).order_by("ends_on", "pk")


def _ending_item(row: Agreement, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.title,
        url=row.get_absolute_url(),
        due_on=row.ends_on,
        detail="已到期，请续签" if row.ends_on < today else "即将到期，商量是否续签",
    )


def _unreported(user: Any, today: date) -> QuerySet[Agreement]:
    quarter = Quarter.containing(today).previous()
    filed = AgreementReport.objects.filter(
        agreement=OuterRef("pk"), quarter_start=quarter.start
    )
    return (
        Agreement.objects.visible_to(user)
        .held_in(quarter)
        .filter(~Exists(filed))
        .annotate(quarter=Value(quarter.start, output_field=DateField()))
        .order_by("ends_on", "pk")
    )


def _unreported_item(row: Agreement, today: date) -> AlertItem:
    quarter = Quarter.containing(row.quarter)
    return AlertItem(
        organization_id=row.organization_id,
        label=row.title,
        url=reverse("liaison:agreement-report", args=[row.pk, quarter.label]),
        due_on=quarter.end + timedelta(days=parameters.get(REPORT_DAYS) - 1),
        detail=f"{quarter.title}的共建情况还没有报告街道",
    )


def _idle(user: Any, today: date) -> QuerySet[Agreement]:
    """In force through the whole last quarter, and nothing was done in it."""
    quarter = Quarter.containing(today).previous()
    done = (
        Evidence.objects.counted()
        .filter(obligation__agreement=OuterRef("pk"))
        .filter(
            Q(
                activity__held_on__gte=quarter.start,
                activity__held_on__lt=quarter.end,
            )
            | Q(use__used_on__gte=quarter.start, use__used_on__lt=quarter.end)
        )
    )
    return (
        Agreement.objects.visible_to(user)
        .running(today)
        .filter(starts_on__lte=quarter.start)
        .filter(~Exists(done))
        .annotate(quarter=Value(quarter.start, output_field=DateField()))
        .order_by("ends_on", "pk")
    )


def _idle_item(row: Agreement, today: date) -> AlertItem:
    return AlertItem(
        organization_id=row.organization_id,
        label=row.title,
        url=row.get_absolute_url(),
        due_on=row.ends_on,
        detail=f"{Quarter.containing(row.quarter).title}没有一项共建活动或资源使用",
    )


register_alert(
    Alert(
        key="liaison.obligation_overdue",
        name="共建协议逾期未办",
        level="danger",
        definition="已签订协议的应办事项，期限已过，依据还不够应办次数，也没有登记免办的。",
        source=_SEED,
        right=Right.KEEP_AGREEMENTS,
        queryset=_overdue,
        item=_obligation_item,
    )
)
register_alert(
    Alert(
        key="liaison.obligation_soon",
        name="共建协议即将到期限的事项",
        level="info",
        definition="已签订协议的应办事项，期限在规定天数以内，还没有办够的。",
        source=_SEED,
        right=Right.KEEP_AGREEMENTS,
        queryset=_soon,
        item=_obligation_item,
        parameters=(SOON_DAYS,),
    )
)
register_alert(
    Alert(
        key="liaison.agreement_ending",
        name="共建协议到期",
        level="warning",
        definition=(
            "在规定天数以内到期的协议，和到期不满规定天数的协议，还没有起草续签的；"
            "提前终止的不计。"
        ),
        source=_SEED,
        right=Right.KEEP_AGREEMENTS,
        queryset=_ending,
        item=_ending_item,
        parameters=(EXPIRING_DAYS, EXPIRED_DAYS),
    )
)
register_alert(
    Alert(
        key="liaison.agreement_unreported",
        name="共建情况未报告街道",
        level="warning",
        definition="上一季度履行过的协议，还没有写季度报告的；期限为季度结束后规定天数。",
        source=_QUARTERLY,
        right=Right.KEEP_AGREEMENTS,
        queryset=_unreported,
        item=_unreported_item,
        parameters=(REPORT_DAYS,),
    )
)
register_alert(
    Alert(
        key="liaison.agreement_idle",
        name="共建协议一季度没有活动",
        level="warning",
        definition="上一季度一直履行中的协议，季度内没有一项活动或资源使用作为履行依据的。",
        source=_QUARTERLY,
        right=Right.KEEP_AGREEMENTS,
        queryset=_idle,
        item=_idle_item,
    )
)

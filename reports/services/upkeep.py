"""Work of the clock: fresh rows before anybody asks, and the month's workbooks."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from config.lib.periods import Month
from organizations.access import ROLE_RIGHTS, Right
from organizations.choices import Role
from organizations.models import Job, Organization, Post
from reports.jobs import MONTHLY_JOB
from reports.models import MonthSummary, SummaryMark
from reports.services import summaries
from reports.services.requests import request_monthly


def refresh_marked(today: date) -> int:
    """Recompute what is marked, and months that have no rows yet, latest first.

    So the first reader of a month, or after an import, need not wait for the count.
    """
    months = summaries.kept_months(today)
    changed = 0
    for street in Organization.objects.filter(parent__isnull=True):
        due = {month for _, month in summaries.marked({m: [street] for m in months})}
        counted = set(
            MonthSummary.objects.filter(organization=street).values_list(
                "month", flat=True
            )
        )
        due |= {month for month in months if month.start not in counted}
        for month in sorted(due, reverse=True):
            changed += summaries.refresh(street.path, month)
    return changed


def recount(today: date) -> int:
    """Count months anew, marks or not, and purge what is no longer kept.

    Figures also follow the calendar and the programs in force; a difference that no
    mark announced is healed by the morning in the last two months, and within a month
    of nights in the others.
    """
    months = summaries.kept_months(today)
    older = months[:-2]
    tonight = [*months[-2:], older[today.toordinal() % len(older)]]
    changed = 0
    for street in Organization.objects.filter(parent__isnull=True):
        for month in tonight:
            changed += summaries.refresh(street.path, month, everything=True)
    SummaryMark.objects.filter(month__lt=months[0].start).delete()
    MonthSummary.objects.filter(month__lt=months[0].start).delete()
    return changed


def order_monthly_workbooks(today: date) -> int:
    """Ask for last month's workbook of each street, for each of its staff, once.

    A scheduled export names a responsible user and runs with that user's rights; the
    month is not closed by it.
    """
    month = Month.containing(today).previous()
    roles = [
        role
        for role in (Role.COMMITTEE_STAFF,)
        if {Right.VIEW_REPORTS, Right.EXPORT} <= ROLE_RIGHTS[role]
    ]
    posts = (
        Post.objects.in_force(today)
        .filter(role__in=roles, organization__closed_on__isnull=True)
        .filter(user__is_active=True)
        .select_related("user", "organization")
        .order_by("organization__path", "user_id")
    )
    ordered = 0
    for post in posts:
        with transaction.atomic():
            asked = Job.objects.filter(
                kind=MONTHLY_JOB,
                requester=post.user,
                parameters__organization=post.organization_id,
                parameters__month=month.label,
            )
            if not asked.exists():
                request_monthly(
                    organization=post.organization,
                    month=month,
                    actor=post.user,
                    today=today,
                )
                ordered += 1
    return ordered

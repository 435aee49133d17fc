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
    """Recompute what is marked, and the current month where nobody has read it yet."""
    streets = list(Organization.objects.filter(parent__isnull=True))
    month = Month.containing(today)
    changed = 0
    for street in streets:
        wanted = {m: [street] for m in summaries.kept_months(today)}
        due = {m for _, m in summaries.marked(wanted)}
        if not MonthSummary.objects.filter(
            organization=street, month=month.start
        ).exists():
            due.add(month)
        for each in sorted(due, reverse=True):
            changed += summaries.refresh(street.path, each)
    return changed


def recount(today: date) -> int:
    """Count the current and the previous month anew, marks or not; purge the rest.

    Figures also follow the calendar and the programs in force; a difference here that
    no mark announced is healed by the morning.
    """
    months = summaries.kept_months(today)
    changed = 0
    for path in Organization.objects.filter(parent__isnull=True).values_list(
        "path", flat=True
    ):
        for month in months[-2:]:
            changed += summaries.refresh(path, month, everything=True)
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

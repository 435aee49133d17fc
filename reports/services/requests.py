"""Asking for a workbook: the rights are checked now, when it runs and at download."""

from __future__ import annotations

from django.db import transaction

from config.lib.errors import RuleError
from config.lib.periods import Month
from organizations.access import Right, require
from organizations.models import Job, Organization, User
from organizations.services.jobs import request_job
from reports import jobs, roster


@transaction.atomic
def request_monthly(
    *, organization: Organization, month: Month, actor: User, today
) -> Job:
    """Queue the workbook of a month. Raises PermissionDenied, RuleError."""
    require(actor, Right.VIEW_REPORTS, organization)
    require(actor, Right.EXPORT, organization)
    if month.start > today:
        raise RuleError(f"{month.title}还没有到，不能生成月报。", code="future")
    return request_job(
        kind=jobs.MONTHLY_JOB,
        title=f"{month.title}月报：{organization}"[:120],
        actor=actor,
        parameters={"organization": organization.pk, "month": month.label},
        key=f"{jobs.MONTHLY_JOB}:{organization.pk}:{month.label}:{actor.pk}",
    )


@transaction.atomic
def request_dues(*, organization: Organization, year: int, actor: User) -> Job:
    """Queue the workbook of a year of dues. Raises PermissionDenied."""
    require(actor, Right.EXPORT, organization)
    require(actor, Right.VIEW_MEMBERS, organization)
    return request_job(
        kind=jobs.DUES_JOB,
        title=f"{year}年党费月报：{organization}"[:120],
        actor=actor,
        parameters={"organization": organization.pk, "year": year},
        key=f"{jobs.DUES_JOB}:{organization.pk}:{year}:{actor.pk}",
    )


@transaction.atomic
def request_leads(*, organization: Organization, year: int, actor: User) -> Job:
    """Queue the workbook of a year of 双带. Raises PermissionDenied."""
    require(actor, Right.EXPORT, organization)
    require(actor, Right.VIEW_MEMBERS, organization)
    return request_job(
        kind=jobs.LEADS_JOB,
        title=f"{year}年“双带”台账：{organization}"[:120],
        actor=actor,
        parameters={"organization": organization.pk, "year": year},
        key=f"{jobs.LEADS_JOB}:{organization.pk}:{year}:{actor.pk}",
    )


@transaction.atomic
def request_roster(*, query: roster.RosterQuery, purpose: str, actor: User) -> Job:
    """Queue the export of a roster. Raises PermissionDenied, RuleError (purpose)."""
    organization = query.organization
    require(actor, Right.EXPORT, organization)
    require(actor, Right.VIEW_MEMBERS, organization)
    if query.with_id_number:
        require(actor, Right.REVEAL_ID, organization)
    if query.with_contact:
        require(actor, Right.REVEAL_CONTACT, organization)
    jobs.check_purpose(query, query.rows(actor).count(), purpose)
    return request_job(
        kind=jobs.ROSTER_JOB,
        title=f"导出花名册：{organization}"[:120],
        actor=actor,
        parameters={
            "organization": organization.pk,
            **query.filters(),
            "purpose": purpose.strip(),
        },
    )

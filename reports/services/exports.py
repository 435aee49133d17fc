"""The registry of workbooks that leave the portal: number, who, what, why, hash."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.xlsx import ExportInfo, Saved
from organizations import audit, parameters
from organizations.choices import AuditAction
from organizations.models import Job, Organization, User
from reports.models import Export
from reports.parameters import EXPORT_DAYS

COMMAND_LINE = "命令行"


def new_number(now: datetime) -> str:
    """Return a registry number nobody has: the day and eight random digits."""
    return f"{timezone.localtime(now):%Y%m%d}-{uuid.uuid4().hex[:8].upper()}"


def info_for(
    *,
    organization: Organization,
    actor: User | None,
    filters: str,
    purpose: str,
    extra: list[tuple[str, str]] | None = None,
    row_count: int | None = None,
) -> ExportInfo:
    """Return what sheet 说明 says, with a fresh number."""
    now = timezone.now()
    return ExportInfo(
        number=new_number(now),
        exported_by=str(actor) if actor else COMMAND_LINE,
        unit=_unit_of(actor) or str(organization),
        exported_at=now,
        scope=organization.name,
        filters=filters,
        purpose=purpose,
        row_count=row_count,
        extra=extra or [],
    )


def _unit_of(actor: User | None) -> str:
    posts = actor.current_posts if actor else []
    return next((str(p.organization) for p in posts if p.organization), "")


@transaction.atomic
def register(
    *,
    kind: str,
    title: str,
    info: ExportInfo,
    saved: Saved,
    row_count: int,
    organization: Organization,
    filters: dict[str, Any],
    actor: User | None,
    job_id: Any = None,
) -> Export:
    """Write the registry row of a finished workbook, and its audit event."""
    days = parameters.get(EXPORT_DAYS.key)
    export = Export.objects.create(
        number=info.number,
        kind=kind,
        title=title[:120],
        organization=organization,
        filters=filters,
        purpose=info.purpose[:200],
        requested_by=actor,
        job_id=job_id,
        row_count=row_count,
        sha256=saved.sha256,
        expires_at=info.exported_at + timedelta(days=days),
    )
    audit.record(
        actor=actor,
        action=AuditAction.EXPORTED,
        target=export,
        organization=organization,
        details={
            "kind": kind,
            "filters": filters,
            "purpose": export.purpose,
            "rows": row_count,
            "sha256": saved.sha256,
        },
    )
    return export


def check_not_expired(job: Job) -> None:
    """Raise RuleError when the job's workbook may no longer be fetched."""
    export = Export.objects.filter(job=job).order_by("-created_at").first()
    if export and export.expires_at and export.expires_at <= timezone.now():
        raise RuleError(
            f"导出文件已过下载期限（{timezone.localtime(export.expires_at):%Y-%m-%d}"
            "），请重新导出。",
            code="expired",
        )

"""Uploaded organization registers: kept, previewed, imported by a job."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from config.lib.errors import RuleError
from config.lib.xlsx.errors import WorkbookError
from organizations import access
from organizations.access import Right
from organizations.choices import FilePurpose
from organizations.imports import Outcome, preview_register
from organizations.models import Job, Organization, StoredFile, User
from organizations.services.files import SHEETS, require_kept, store_upload
from organizations.services.jobs import request_job

IMPORT_KIND = "organizations.import_register"
MAX_BYTES = 10 * 1024 * 1024


@transaction.atomic
def upload_register(*, upload: Any, actor: User) -> StoredFile:
    """Keep an uploaded register under the actor's topmost organization.

    Raises PermissionDenied, RuleError for a file of another kind.
    """
    access.require_right(actor, Right.MANAGE_ORGANIZATIONS)
    place = Organization.objects.with_right(actor, Right.MANAGE_ORGANIZATIONS).first()
    if place is None:
        raise PermissionDenied("您的岗位没有维护党组织的权限。")
    return store_upload(
        upload=upload,
        purpose=FilePurpose.REGISTER,
        organization=place,
        actor=actor,
        allowed_types=SHEETS,
        max_bytes=MAX_BYTES,
    )


def own_register(file_id: UUID, actor: User) -> StoredFile:
    """Return a register this user uploaded. Raises StoredFile.DoesNotExist."""
    return StoredFile.objects.get(
        pk=file_id, uploaded_by=actor, purpose=FilePurpose.REGISTER
    )


def preview_upload(stored: StoredFile, actor: User) -> Outcome:
    """Say what an import of the stored register would do. Raises RuleError."""
    access.require_right(actor, Right.MANAGE_ORGANIZATIONS)
    require_kept(stored)
    try:
        return preview_register(
            Path(stored.file.path), original_name=stored.original_name, actor=actor
        )
    except WorkbookError as error:
        raise RuleError(error.message, code=error.code) from error


@transaction.atomic
def request_import(*, file_id: UUID, actor: User) -> Job:
    """Queue the import; one job a file, however often it is asked for."""
    access.require_right(actor, Right.MANAGE_ORGANIZATIONS)
    stored = own_register(file_id, actor)
    return request_job(
        kind=IMPORT_KIND,
        title=f"导入党组织信息表“{stored.original_name}”",
        actor=actor,
        parameters={"file": str(stored.pk)},
        key=f"{IMPORT_KIND}:{stored.pk}",
    )

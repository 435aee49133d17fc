"""Uploaded lists: kept for a place, read again by whoever uploaded them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from config.lib.errors import RuleError
from config.lib.xlsx import Sheet, WorkbookError, read_workbook, write_table
from members.sheet_lines import SheetKind
from organizations.models import Organization, StoredFile, User
from organizations.services.files import SHEETS, require_kept, store_upload

MAX_BYTES = 5 * 1024 * 1024


def keep_sheet(
    upload: Any, *, purpose: str, organization: Organization, actor: User
) -> StoredFile:
    """Keep an uploaded list. The caller has asked the right."""
    return store_upload(
        upload=upload,
        purpose=purpose,
        organization=organization,
        actor=actor,
        allowed_types=SHEETS,
        max_bytes=MAX_BYTES,
    )


def own_sheet(file_id: UUID, *, purpose: str, actor: User) -> StoredFile:
    """Return a list this user uploaded. Raises StoredFile.DoesNotExist."""
    return StoredFile.objects.select_related("organization").get(
        pk=file_id, uploaded_by=actor, purpose=purpose
    )


def lines_of(stored: StoredFile, kind: SheetKind) -> list[Any]:
    """Read the rows of a list. Raises RuleError where it cannot be read."""
    require_kept(stored)
    try:
        with read_workbook(
            Path(stored.file.path), original_name=stored.original_name
        ) as workbook:
            return kind.read(workbook)
    except WorkbookError as error:
        raise RuleError(error.message, code=error.code) from error


def bytes_of(sheets: Sequence[Sheet]) -> bytes:
    """A small workbook, whole."""
    output = io.BytesIO()
    write_table(output, sheets=sheets)
    return output.getvalue()

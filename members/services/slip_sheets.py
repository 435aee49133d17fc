"""Uploaded workbooks of people who report: kept, previewed, taken in whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import ReportSlip
from members.services.reporting import community_of, place_for_slips
from members.services.sheets import bytes_of, keep_sheet, lines_of, own_sheet
from members.services.slip_rows import tell
from members.slip_sheets import MOST_ROWS, SlipLine, plan_lines, slip_sheet
from organizations.access import Right
from organizations.choices import AuditAction, FilePurpose
from organizations.models import StoredFile, User

TEMPLATE_NAME = "在职党员报到名单（模板）.xlsx"


@transaction.atomic
def upload_sheet(*, organization_id: int, upload: Any, actor: User) -> StoredFile:
    """Keep an uploaded list for the organization that shall answer it."""
    organization = place_for_slips(organization_id, actor)
    community_of(organization)
    return keep_sheet(
        upload, purpose=FilePurpose.SLIPS, organization=organization, actor=actor
    )


def own_slip_sheet(file_id: UUID, actor: User) -> StoredFile:
    """Return a list this user uploaded. Raises StoredFile.DoesNotExist."""
    return own_sheet(file_id, purpose=FilePurpose.SLIPS, actor=actor)


def preview_sheet(stored: StoredFile, actor: User) -> list[SlipLine]:
    """Say row by row what would be written down. Raises RuleError, PermissionDenied."""
    if not actor.has_right_at(Right.EDIT_MEMBERS, stored.organization):
        raise PermissionDenied("您的岗位不能再为这个党组织登记报到。")
    today = timezone.localdate()
    lines = lines_of(stored, slip_sheet(today))
    plan_lines(lines, stored.organization, actor, today)
    return lines


@transaction.atomic
def take_sheet(*, file_id: UUID, actor: User) -> int:
    """Write down everybody of a list, or nobody; return how many.

    The same list is taken in once, however often it is asked for.
    """
    # A second copy of the request waits here.
    StoredFile.objects.select_for_update(of=("self",)).get(pk=file_id)
    stored = own_slip_sheet(file_id, actor)
    if earlier := ReportSlip.objects.filter(sheet=stored).count():
        return earlier
    lines = preview_sheet(stored, actor)
    if bad := sum(bool(line.errors) for line in lines):
        raise RuleError(
            f"有{bad}行不能登记，一个人都没有写入；请改正后重新上传。", code="rows"
        )
    slips = [line.slip for line in lines if line.slip is not None]
    for slip in slips:
        slip.sheet = stored
    try:
        with transaction.atomic():
            slips = ReportSlip.objects.bulk_create(slips)
    except IntegrityError as error:
        if "unique" not in str(error).lower():
            raise
        raise RuleError(
            "刚刚有人登记了名单中的同一个人，没有写入，请重新核对预览。",
            code="changed_meanwhile",
        ) from None
    tell(slips, actor, AuditAction.SLIP_RECORDED)
    return len(slips)


def template() -> bytes:
    """The workbook that a unit fills in."""
    kind = slip_sheet(timezone.localdate())
    widths = {"id_number": 24, "home_unit": 28, "address": 32, "wishes": 28}
    notes = (
        f"每人一行，{kind.needed}必须填写，一份最多{MOST_ROWS}人。",
        "“报到社区”写社区名称；不写的，报到到上传时所选的党组织。",
        "“入党日期”写成1991-05-12或1991-05；本街道还没有档案的人必须填写。",
        "“特长”几项之间用顿号分开；“报到日期”不写的，按上传当天。",
        "民族不写的按汉族，人员类别不写的按正式党员。",
    )
    return bytes_of(kind.sheets("报到名单", notes, widths))

"""Uploaded ledgers of households: kept, previewed row by row, taken in whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.household_sheets import MOST_ROWS, SHEET, HouseholdLine, plan_lines
from activities.models import Household
from activities.services.households import (
    kept_communities,
    mark_changed,
    refuse_double,
)
from config.lib.errors import RuleError
from members.services.sheets import bytes_of, keep_sheet, lines_of, own_sheet
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction, FilePurpose
from organizations.models import AuditEvent, Community, StoredFile, User

TEMPLATE_NAME = "住户台账（模板）.xlsx"
_SAVED = (
    *("organization", "householder", "phone", "people_count", "circumstances"),
    *("note", "sheet", "version", "updated_at"),
)


@dataclass(frozen=True)
class Preview:
    """What a ledger would change; `left` is how many on the list it says nothing of."""

    lines: list[HouseholdLine]
    left: int

    @property
    def bad(self) -> int:
        return sum(bool(line.errors) for line in self.lines)

    @property
    def created(self) -> list[HouseholdLine]:
        return [line for line in self.lines if line.is_new]

    @property
    def changed(self) -> list[HouseholdLine]:
        return [line for line in self.lines if line.changed]

    @property
    def unchanged(self) -> int:
        done = len(self.created) + len(self.changed)
        return len(self.lines) - self.bad - done

    def counts(self) -> dict[str, int]:
        return {
            "created": len(self.created),
            "updated": len(self.changed),
            "unchanged": self.unchanged,
        }


@transaction.atomic
def upload_ledger(*, community_id: int, upload: Any, actor: User) -> StoredFile:
    """Keep a community's ledger. Raises Community.DoesNotExist, RuleError."""
    community = kept_communities(actor).get(pk=community_id)
    return keep_sheet(
        upload,
        purpose=FilePurpose.HOUSEHOLDS,
        organization=community.organization,
        actor=actor,
    )


def own_ledger(file_id: UUID, actor: User) -> StoredFile:
    """Return a ledger this user uploaded. Raises StoredFile.DoesNotExist."""
    return own_sheet(file_id, purpose=FilePurpose.HOUSEHOLDS, actor=actor)


def preview_ledger(stored: StoredFile, actor: User) -> Preview:
    """Say row by row what would be written. Raises RuleError, PermissionDenied."""
    community = _community(stored, actor)
    listed = list(Household.objects.listed().filter(community=community))
    return _planned(stored, community, listed)


@transaction.atomic
def take_ledger(*, file_id: UUID, actor: User) -> dict[str, int]:
    """Write down every row of a ledger, or none; return how many of which kind.

    A ledger is taken in once, however often it is asked for; rows that say what the
    list says already are not touched.
    """
    # A second copy of the request waits here.
    StoredFile.objects.select_for_update(of=("self",)).get(pk=file_id)
    stored = own_ledger(file_id, actor)
    if (earlier := taken(stored)) is not None:
        return earlier
    community = _community(stored, actor)
    listed = list(
        Household.objects.listed()
        .filter(community=community)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    before = {each.pk: each.organization_id for each in listed}
    preview = _planned(stored, community, listed)
    if preview.bad:
        raise RuleError(
            f"有{preview.bad}行不能导入，一户都没有写入；请改正后重新上传。",
            code="rows",
        )
    saved = _save(preview, stored, actor)
    counts = preview.counts()
    audit.record(
        actor=actor,
        action=AuditAction.HOUSEHOLDS_IMPORTED,
        target=stored,
        organization=stored.organization,
        details=counts,
    )
    if saved:
        mark_changed(saved, *(before[each.pk] for each in saved if each.pk in before))
    return counts


def taken(stored: StoredFile) -> dict[str, int] | None:
    """What came of a ledger that was taken in; None as long as it was not."""
    event = AuditEvent._base_manager.filter(
        action=AuditAction.HOUSEHOLDS_IMPORTED, target_id=str(stored.pk)
    ).first()
    return dict(event.details) if event is not None else None


def template() -> bytes:
    """The workbook that a community fills in."""
    notes = (
        f"每户一行，{SHEET.needed}必须填写，一份最多{MOST_ROWS}户。",
        "小区、单元可以另列一栏，也可以直接写在楼栋、门牌里，如“滨江花园3幢”“2-501”。",
        "“家庭情况”几项之间用顿号分开：独居老人、空巢老人、残疾、低保、重病、留守儿童、"
        "失独家庭、军属优抚、党员户、租住户。",
        "“责任党支部”写党支部的简称或全称；不写的由社区党组织自己走访。",
        "已在台账里的门牌按表更新，空着的格不改动；表中没有的住户不改动。",
    )
    widths = {"estate": 18, "organization": 24, "circumstances": 20, "note": 28}
    return bytes_of(SHEET.sheets("住户台账", notes, widths))


def _community(stored: StoredFile, actor: User) -> Community:
    require(actor, Right.KEEP_HOUSEHOLDS, stored.organization)
    community = (
        Community.objects.filter(organization=stored.organization)
        .select_related("organization")
        .first()
    )
    if community is None:
        raise RuleError("这个党组织已不对应社区，请重新上传。", code="community")
    return community


def _planned(
    stored: StoredFile, community: Community, listed: list[Household]
) -> Preview:
    lines = lines_of(stored, SHEET)
    plan_lines(lines, community, listed)
    found = sum(line.household is not None and not line.is_new for line in lines)
    return Preview(lines, len(listed) - found)


def _save(preview: Preview, stored: StoredFile, actor: User) -> Sequence[Household]:
    now = timezone.now()
    created = [line.household for line in preview.created if line.household]
    for household in created:
        household.listed_on, household.recorded_by = timezone.localdate(), actor
        household.sheet = stored
    changed = [line.household for line in preview.changed if line.household]
    for household in changed:
        household.version += 1
        household.sheet, household.updated_at = stored, now
    try:
        with transaction.atomic():
            Household.objects.bulk_create(created, batch_size=500)
            Household.objects.bulk_update(changed, _SAVED, batch_size=500)
    except IntegrityError as error:
        refuse_double(error, "")
        raise RuleError(
            "刚刚有人登记了表中的同一户，没有写入，请重新核对预览。",
            code="changed_meanwhile",
        ) from None
    return [*created, *changed]

"""Taking an import back where nothing has happened since.

Nothing about a person is deleted: a member made by the import keeps the file, the
affiliation ends with the reason 登记有误. A later roster that names the same ID number
finds this member again and starts a new affiliation.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members.choices import EndReason, RosterState, RowVerdict
from members.imports import store
from members.imports.lines import Finding, Line
from members.imports.write import UNDO_REASON, Writer
from members.models import Affiliation, Member, RosterBatch, RosterRow
from members.services.roster import UNDO_DAYS
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import User
from organizations.signals import facts_changed

KEPT = Finding("not_undone", "导入之后此人又有改动或新的记录，未撤销，保持现状。")
# Rows of these come with the import itself.
_OWN = {"Affiliation", "RosterRow", "DuplicateClaim"}


def is_undoable(batch: RosterBatch) -> bool:
    """Whether the time for taking the import back has not passed."""
    if batch.state != RosterState.IMPORTED or batch.imported_at is None:
        return False
    days = parameters.get(UNDO_DAYS)
    return timezone.now() < batch.imported_at + timedelta(days=days)


@transaction.atomic
def undo_roster(*, batch_id: UUID, actor: User) -> RosterBatch:
    """Take back what the import wrote, person by person.

    A person who has changed since stays as is, and the row says so. Raises
    RosterBatch.DoesNotExist out of scope, RuleError after the time has passed.
    """
    batch = (
        RosterBatch.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=batch_id)
    )
    require(actor, Right.IMPORT_MEMBERS, batch.organization)
    if batch.state == RosterState.UNDONE:
        return batch
    if not is_undoable(batch):
        raise RuleError("这次导入还没有写入，或已超过可撤销的天数。", code="undo_late")
    rows = list(
        RosterRow.objects.filter(batch=batch, written_version__isnull=False).order_by(
            "id"
        )
    )
    kept = _undo_rows(batch, rows, actor)
    batch.counts["undone"] = {"undone": len(rows) - kept, "kept": kept}
    batch.state, batch.undone_at = RosterState.UNDONE, timezone.now()
    batch.save(update_fields=["counts", "state", "undone_at"])
    audit.record(
        actor=actor,
        action=AuditAction.ROSTER_UNDONE,
        target=batch,
        organization=batch.organization,
        details=batch.counts["undone"],
    )
    return batch


def _undo_rows(batch: RosterBatch, rows: list[RosterRow], actor: User) -> int:
    """Take the rows back; return how many had to stay."""
    versions = {
        row["id"]: row["version"]
        for row in store.members_by("id", (r.member_id for r in rows), lock=True)
    }
    starting = {r.pk for r in rows if r.values.get("starts_affiliation")}
    affiliations = _started(batch, [r for r in rows if r.pk in starting])
    busy = _with_records(r.member_id for r in rows if r.pk in starting)
    lines, ids, ending = [], {}, []
    for row in rows:
        line = _reversed(row)
        lines.append(line)
        ids[line.sheet, line.number] = row.pk
        is_same = versions.get(row.member_id) == row.written_version
        affiliation = affiliations.get((row.member_id, line.organization_id))
        is_gone = row.pk in starting and affiliation is None
        if not is_same or is_gone or row.member_id in busy:
            line.refuse(KEPT)
        elif affiliation is not None and row.pk in starting:
            ending.append(affiliation)
    writer = Writer(
        batch.affiliation_kind, actor.pk, timezone.localdate(), reason=UNDO_REASON
    )
    writer.write([line for line in lines if line.is_good and line.changes])
    _end(ending, writer)
    return _keep(lines, ids)


def _reversed(row: RosterRow) -> Line:
    """Return the row as a change back to what was before it."""
    return Line(
        row.sheet,
        row.number,
        name=row.name,
        verdict=RowVerdict.CHANGED,
        organization_id=row.values["organization_id"],
        member_id=row.member_id,
        version=row.written_version,
        changes={name: [new, old] for name, (old, new) in row.changes.items()},
    )


def _started(
    batch: RosterBatch, rows: list[RosterRow]
) -> dict[tuple[int, int], Affiliation]:
    """Return the affiliations that the import started and that are still open."""
    since = timezone.localdate(batch.imported_at)
    return {
        (found.member_id, found.organization_id): found
        for part in store.chunks(row.member_id for row in rows)
        for found in Affiliation.objects.open().filter(
            member_id__in=part, kind=batch.affiliation_kind, starts_on=since
        )
    }


def _with_records(member_ids: Iterable[int]) -> set[int]:
    """Return those of whom something else is recorded by now, in whatever app."""
    wanted = list(member_ids)
    found: set[int] = set()
    for relation in Member._meta.related_objects:
        model = relation.related_model
        if model.__name__ in _OWN or relation.many_to_many:
            continue
        name = relation.field.name
        for part in store.chunks(wanted):
            found |= set(
                model._base_manager.filter(**{f"{name}__in": part}).values_list(
                    f"{name}_id", flat=True
                )
            )
    return found


def _end(affiliations: list[Affiliation], writer: Writer) -> None:
    """End affiliations as entered by mistake, with their histories."""
    if not affiliations:
        return
    closing = {"ends_on": writer.today, "end_reason": EndReason.MISTAKE}
    for part in store.chunks(a.pk for a in affiliations):
        Affiliation.objects.filter(pk__in=part).update(**closing)
    writer.remember_affiliations((a.pk for a in affiliations), "~")
    facts_changed.send(
        sender=Affiliation,
        organization_ids={a.organization_id for a in affiliations},
        since=min(a.starts_on for a in affiliations),
    )


def _keep(lines: list[Line], ids: dict[tuple[str, int], int]) -> int:
    """Note at each row that had to stay why it did."""
    kept = [line for line in lines if not line.is_good]
    for line in kept:
        RosterRow.objects.filter(pk=ids[line.sheet, line.number]).update(
            errors=[item.as_json() for item in line.errors]
        )
    return len(kept)

"""Rows that were planned and never confirmed do not stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from members.choices import RosterState
from members.models import RosterBatch, RosterRow
from organizations import parameters
from organizations.models import Job

PREVIEW_HOURS = "members.import_preview_hours"
# Nothing of these was written; a failed import writes nothing either.
_UNWRITTEN = (
    RosterState.UPLOADED,
    RosterState.MAPPING,
    RosterState.CHECKING,
    RosterState.CHECKED,
    RosterState.FAILED,
    RosterState.IMPORTING,
)
# Pages of these states show the rows: without them they have to say so.
_SHOWN = (RosterState.CHECKED, RosterState.IMPORTING)


def purge_previews(now: datetime) -> int:
    """Delete the planned rows of rosters that nobody confirmed in time.

    The batch stays, with its counts and the upload; return how many were purged.
    """
    limit = now - timedelta(hours=parameters.get(PREVIEW_HOURS))
    ids = list(_stale(limit).order_by("pk").values_list("pk", flat=True))
    return sum(_purge(batch_id, limit) for batch_id in ids)


def _stale(limit: datetime) -> QuerySet[RosterBatch]:
    planned = RosterRow.objects.filter(batch=OuterRef("pk"))
    at_work = Job.objects.open().filter(pk=OuterRef("job"))
    return RosterBatch.objects.filter(
        Exists(planned),
        ~Exists(at_work),
        Q(job__finished_at__lt=limit)
        | Q(job__finished_at__isnull=True, uploaded_at__lt=limit),
        state__in=_UNWRITTEN,
    )


@transaction.atomic
def _purge(batch_id: UUID, limit: datetime) -> bool:
    # Confirming takes the same lock: it comes first, or finds the rows gone.
    batch = RosterBatch.objects.select_for_update().get(pk=batch_id)
    if not _stale(limit).filter(pk=batch_id).exists():
        return False
    RosterRow.objects.filter(batch=batch).delete()
    if batch.state in _SHOWN:
        batch.state = RosterState.EXPIRED
        batch.save(update_fields=["state"])
    return True

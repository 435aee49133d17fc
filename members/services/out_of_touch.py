"""Finding whom nobody was in contact with; for the job of every few hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction

from config.lib.dates import SHANGHAI, months_after
from members.choices import AffiliationKind, MembershipStatus
from members.contact_sources import contacted_since, last_contacts
from members.models import Affiliation, OutOfTouch
from members.parameters.standing import LOST_WARNING_MONTHS
from organizations import parameters

_BATCH = 1000


@transaction.atomic
def note_out_of_touch(today: date) -> int:
    """Write down who on the roll was silent for months; return how many.

    Of somebody who was never in contact counts the day since which the portal has
    known him at his branch: before, nobody could write a contact down.
    """
    limit = months_after(today, -parameters.get(LOST_WARNING_MONTHS))
    found = [
        OutOfTouch(member_id=pk, since=since) for pk, since in _silent_since(limit)
    ]
    OutOfTouch.objects.exclude(member__in=[each.member_id for each in found]).delete()
    OutOfTouch.objects.bulk_create(
        found,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["member"],
        update_fields=["since"],
    )
    return len(found)


def _silent_since(limit: date) -> Iterator[tuple[int, date]]:
    """Members with the day of their last contact, all on `limit` or before."""
    known_before = datetime.combine(limit + timedelta(days=1), time(), tzinfo=SHANGHAI)
    rolls = (
        Affiliation.objects.open()
        .filter(
            kind=AffiliationKind.ON_ROLL,
            starts_on__lte=limit,
            member__created_at__lt=known_before,
            member__status=MembershipStatus.NORMAL,
            member__is_lost=False,
        )
        .exclude(contacted_since(limit + timedelta(days=1), person="member"))
        .order_by("pk")
        .values_list("member_id", "starts_on", "member__created_at")
    )
    people = list(rolls)
    for start in range(0, len(people), _BATCH):
        batch = people[start : start + _BATCH]
        last = last_contacts([pk for pk, *_ in batch])
        for pk, starts_on, created_at in batch:
            known_on = created_at.astimezone(SHANGHAI).date()
            yield pk, last.get(pk, max(starts_on, known_on))

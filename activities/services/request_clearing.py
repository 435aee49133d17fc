"""What names a resident goes a while after his request has ended; the row stays.

Source: 《中华人民共和国个人信息保护法》第十九条, 第四十七条.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from activities.models import ServiceRequest
from activities.parameters.requests import CLEAR_DAYS
from organizations import audit, parameters
from organizations.choices import AuditAction

# All that may say who asked, what is free text about him included.
RESIDENT = ("name", "phone", "place", "result", "words", "reason")


def clear_requests(today: date) -> int:
    """Clear the resident out of every request that ended long enough ago.

    Return how many were cleared. Run twice, the second finds nothing.
    """
    before = today - timedelta(days=parameters.get(CLEAR_DAYS))
    due = ServiceRequest.objects.clearable(before).order_by("pk")
    return sum(_clear(pk, before, today) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _clear(pk: int, before: date, today: date) -> bool:
    request = (
        ServiceRequest.objects.clearable(before)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=pk)
        .first()
    )
    if request is None:  # another run was quicker
        return False
    for name in RESIDENT:
        setattr(request, name, "")
    request.cleared_on = today
    request.version += 1
    request.save(update_fields=[*RESIDENT, "cleared_on", "version"])
    request.claims.update(given_back_reason="")
    audit.record(
        actor=None,
        action=AuditAction.REQUEST_CLEARED,
        target=request,
        organization=request.organization,
    )
    return True

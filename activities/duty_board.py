"""The board of Party life: branch by duty, rolled up for communities and the street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from activities.duties import duties_of, touching, with_duties
from activities.models import Plan
from activities.parameters.duties import REMIND_DAYS
from activities.rules.duties import Duty
from config.lib.paths import below, is_within
from config.lib.periods import Month
from organizations import parameters
from organizations.models import Organization, User

HELD, PLANNED, SOON, OPEN, OVERDUE = "held", "planned", "soon", "open", "overdue"
_SHOWN = {
    HELD: ("已开展", "ok"),
    PLANNED: ("已安排", "info"),
    SOON: ("快到期", "warn"),
    OPEN: ("待开展", "mute"),
    OVERDUE: ("逾期", "bad"),
}


@dataclass(frozen=True)
class Standing:
    """How one branch stands with one duty."""

    duty: Duty
    branch_id: int
    held: int
    next_on: date | None
    state: str

    @property
    def label(self) -> str:
        if self.state == PLANNED and self.next_on:
            return f"已安排{self.next_on.month}月{self.next_on.day}日"
        if self.duty.times > 1:
            return f"{_SHOWN[self.state][0]} {self.held}/{self.duty.times}"
        return _SHOWN[self.state][0]

    @property
    def tone(self) -> str:
        return _SHOWN[self.state][1]

    @property
    def arrange_url(self) -> str:
        return _address("activities:arrange", self, title=self.duty.subject)

    @property
    def record_url(self) -> str:
        return _address("activities:record", self)


def _address(name: str, standing: Standing, **more: str) -> str:
    duty = standing.duty
    query = {
        "branch": standing.branch_id,
        "kind": str(duty.kind),
        "month": Month.containing(duty.due_on).label,
    }
    query |= {key: value for key, value in more.items() if value}
    return f"{reverse(name)}?{urlencode(query)}"


@dataclass
class Tally:
    """Of the branches of a place that owe a duty, how many held it."""

    owed: int = 0
    held: int = 0
    overdue: int = 0

    @property
    def tone(self) -> str:
        if self.overdue:
            return "bad"
        return "ok" if self.owed == self.held else "mute"

    def add(self, standing: Standing) -> None:
        self.owed += 1
        self.held += standing.state == HELD
        self.overdue += standing.state == OVERDUE


@dataclass
class PlaceRow:
    """A child of the place shown, or the branch itself; a cell for each duty."""

    organization: Organization
    url: str
    duties: Sequence[Duty]
    cells: list[Any]
    is_branch: bool = False

    @property
    def labelled(self) -> list[dict[str, Any]]:
        """Each cell with its heading, for the cards shown on a phone."""
        pairs = zip(self.duties, self.cells, strict=True)
        return [{"label": duty.short_label, "value": cell} for duty, cell in pairs]


@dataclass
class Board:
    """`duties` are the columns; rows of a branch hold Standings, of others Tallies."""

    place: Organization | None
    month: Month
    duties: Sequence[Duty]
    rows: list[PlaceRow] = field(default_factory=list)
    total: Tally = field(default_factory=Tally)

    @property
    def branch(self) -> PlaceRow | None:
        """The only branch of the scope, whose duties are shown one by one."""
        is_one = len(self.rows) == 1 and self.rows[0].is_branch
        return self.rows[0] if is_one else None


def state_of(
    duty: Duty, held: int, next_on: date | None, today: date, days: int
) -> str:
    if held >= duty.times:
        return HELD
    if duty.due_on < today:
        return OVERDUE
    if next_on is not None:
        return PLANNED
    return SOON if duty.due_on < today + timedelta(days=days) else OPEN


def branch_standings(
    user: User, roots: Sequence[str], duties: Sequence[Duty], today: date
) -> list[tuple[dict[str, Any], list[Standing | None]]]:
    """Branches below `roots` that owe something, each with a standing for each duty."""
    days = parameters.get(REMIND_DAYS)
    branches = Organization.objects.within(roots).branches().order_by("path")
    numbers = range(len(duties))
    columns = [f"{name}_{n}" for n in numbers for name in ("owes", "held", "next")]
    if not duties:
        return []
    rows = with_duties(branches, duties, planned=True).values(
        "pk", "path", "short_name", *columns
    )
    found = []
    for row in rows:
        cells = [_standing(row, n, duties[n], today, days) for n in numbers]
        if any(cells):
            found.append((row, cells))
    return found


def _standing(
    row: dict[str, Any], number: int, duty: Duty, today: date, days: int
) -> Standing | None:
    if not row[f"owes_{number}"]:
        return None
    held, next_on = row[f"held_{number}"], row[f"next_{number}"]
    state = state_of(duty, held, next_on, today, days)
    return Standing(duty, row["pk"], held, next_on, state)


def board(user: User, place: Organization | None, month: Month, today: date) -> Board:
    """The board of `place`, or of all that `user` works for; seven queries at most."""
    roots = [place.path] if place else user.member_paths
    last = month.end - timedelta(days=1)
    with parameters.together():
        duties = touching(month.start, last, roots)
        standings = branch_standings(user, roots, duties, today)
    # A column that concerns nobody here says nothing.
    used = [n for n in range(len(duties)) if any(cells[n] for _, cells in standings)]
    found = Board(place, month, [duties[n] for n in used])
    for row, cells in standings:
        for n in used:
            if cells[n]:
                found.total.add(cells[n])
        row["cells"] = [cells[n] for n in used]
    found.rows = _rows(user, place, found, [row for row, _ in standings])
    return found


def _rows(
    user: User,
    place: Organization | None,
    shown: Board,
    branches: list[dict[str, Any]],
) -> list[PlaceRow]:
    """Children of the place that hold any of `branches`, or these branches."""
    if place is not None:
        below = place.children.visible_to(user)
        children = list(below.order_by("path")) or [place]
    else:
        tops = Organization.objects.filter(path__in=user.member_paths).order_by("path")
        children = list(tops)
        if len(children) == 1 and children[0].kind != Organization.Kind.BRANCH:
            return _rows(user, children[0], shown, branches)
    rows = []
    for child in children:
        own = [b for b in branches if is_within(b["path"], child.path)]
        if not own:
            continue
        is_branch = child.kind == Organization.Kind.BRANCH
        cells = own[0]["cells"] if is_branch else _tallied(own, len(shown.duties))
        query = urlencode({"organization": child.pk, "month": shown.month.label})
        rows.append(PlaceRow(child, f"?{query}", shown.duties, cells, is_branch))
    return rows


def _tallied(branches: list[dict[str, Any]], width: int) -> list[Tally | None]:
    tallies: list[Tally | None] = [None] * width
    for branch in branches:
        for n, standing in enumerate(branch["cells"]):
            if standing is None:
                continue
            tally = tallies[n] or Tally()
            tally.add(standing)
            tallies[n] = tally
    return tallies


# Of branches that still owe a line, so many are named.
MOST_NAMED = 12


def plan_progress(user: User, plan: Plan, today: date) -> list[dict[str, Any]]:
    """Each time a line is owed, with how the branches that `user` sees stand."""
    pairs = []
    for line in plan.lines.all():
        line.plan = plan
        pairs += [(line, duty) for duty in duties_of(line)]
    roots = below(user.member_paths, plan.organization.path)
    duties = [duty for _, duty in pairs]
    with parameters.together():
        standings = branch_standings(user, roots, duties, today) if roots else []
    rows = []
    for n, (line, duty) in enumerate(pairs):
        tally, missing = Tally(), []
        for branch, cells in standings:
            if cells[n] is None:
                continue
            tally.add(cells[n])
            if cells[n].state != HELD:
                missing.append(branch["short_name"])
        rows.append(
            {
                "line": line,
                "duty": duty,
                "tally": tally,
                "missing": "、".join(missing[:MOST_NAMED]),
                "more": max(len(missing) - MOST_NAMED, 0),
            }
        )
    return rows

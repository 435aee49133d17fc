"""Put planned rows into the database: bulk, with their histories, in the caller's
transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from members.choices import AffiliationKind, RowVerdict, StartReason
from members.imports import histories, store
from members.imports.lines import Finding, Line
from members.imports.values import STORED
from members.models import Affiliation, Member
from members.rules import FACT_FIELDS
from organizations.models import WorkUnit
from organizations.signals import facts_changed

REASON = "花名册导入"
UNDO_REASON = "撤销花名册导入"
_UNIT = STORED.index("home_unit_id")
_START = {
    AffiliationKind.ON_ROLL: StartReason.REGISTERED,
    AffiliationKind.CO_MANAGED: StartReason.REPORTED_IN,
    AffiliationKind.MOBILE_IN: StartReason.FLOWED_IN,
}
_MEANWHILE = Finding(
    "changed_meanwhile",
    "预览之后这个人的信息有变动，为避免覆盖未写入，请重新上传核对。",
)


@dataclass(slots=True)
class Writer:
    """Writes lines; a line that no longer fits is refused, never forced."""

    kind: str
    actor_id: int | None
    today: date
    reason: str = REASON
    now: datetime = field(default_factory=timezone.now)
    units_created: list[str] = field(default_factory=list)

    def write(
        self, lines: Iterable[Line], held: dict[int, dict[str, Any]] | None = None
    ) -> None:
        """Write the new and changed ones of `lines`. Call inside a transaction.

        `held` are the known members' rows where this transaction has planned the
        lines and locked those; without, lines are compared with what is stored now.
        """
        wanted = [
            line
            for line in lines
            if line.verdict in {RowVerdict.NEW, RowVerdict.CHANGED}
        ]
        new = [line for line in wanted if line.verdict == RowVerdict.NEW]
        known = [line for line in wanted if line.verdict == RowVerdict.CHANGED]
        rows = self._hold(new, known) if held is None else held
        wanted = [line for line in wanted if line.is_good]
        self._make_units(wanted)
        self._create([line for line in wanted if line.verdict == RowVerdict.NEW])
        self._update([line for line in wanted if line.changes], rows)
        self._start_affiliations([line for line in wanted if line.starts_affiliation])
        self._tell(wanted)

    def _hold(self, new: list[Line], known: list[Line]) -> dict[int, dict[str, Any]]:
        """Lock the known members; refuse lines whose plan no longer holds."""
        rows = {
            row["id"]: row
            for row in store.members_by("id", (x.member_id for x in known), lock=True)
        }
        for line in known:
            row = rows.get(line.member_id)
            if row is None or row["version"] != line.version:
                line.refuse(_MEANWHILE)
        taken = store.known_indexes(x.id_index for x in new)
        for line in new:
            if line.id_index in taken:
                line.refuse(_MEANWHILE)
        starting = [x for x in known if x.starts_affiliation and x.is_good]
        found = store.open_affiliations(x.member_id for x in starting)
        for line in starting:
            if any(self._collides(line, a) for a in found.get(line.member_id, ())):
                line.refuse(_MEANWHILE)
        return rows

    def _collides(self, line: Line, affiliation: store.Held) -> bool:
        is_roll = self.kind == AffiliationKind.ON_ROLL == affiliation.kind
        return is_roll or affiliation.organization_id == line.organization_id

    def _make_units(self, lines: list[Line]) -> None:
        """Give units named for the first time their rows, and lines their ids."""
        # Of a new member the columns, of a known one the pair of its change.
        places = [(line.stored, _UNIT) for line in lines if line.stored]
        places += [
            (line.changes["home_unit_id"], 1)
            for line in lines
            if "home_unit_id" in line.changes
        ]
        places = [(held, at) for held, at in places if isinstance(held[at], str)]
        names = {held[at] for held, at in places}
        if not names:
            return
        ids = dict(WorkUnit.objects.filter(name__in=names).values_list("name", "id"))
        self.units_created = sorted(names - ids.keys())
        units = [
            WorkUnit(name=name, kind=WorkUnit.Kind.OTHER) for name in self.units_created
        ]
        bulk_create_with_history(units, WorkUnit, default_change_reason=self.reason)
        ids |= dict(WorkUnit.objects.filter(name__in=names).values_list("name", "id"))
        for held, at in places:
            held[at] = ids[held[at]]

    def _create(self, lines: list[Line]) -> None:
        if not lines:
            return
        ids = store.new_ids(Member, len(lines))
        for line, pk in zip(lines, ids, strict=True):
            line.member_id, line.written_version = pk, 1
        store.insert_rows(
            Member,
            ["id", *STORED],
            [(line.member_id, *line.stored) for line in lines],
        )
        store.copy_history(Member, ids, self._event("+"))

    def _update(self, lines: list[Line], rows: dict[int, dict[str, Any]]) -> None:
        if not lines:
            return
        stamp = store.moment(self.now)
        changed = {name for line in lines for name in line.changes}
        columns = [*sorted(changed), "version", "updated_at"]
        after = []
        for line in lines:
            row = rows[line.member_id]
            row |= {name: new for name, (_old, new) in line.changes.items()}
            row |= {"version": line.version + 1, "updated_at": stamp}
            line.written_version = row["version"]
            after.append(row)
        store.update_rows(
            Member,
            columns,
            [
                (row["id"], row["version"] - 1, *(row[name] for name in columns))
                for row in after
            ],
            guard="version",
        )
        ids = [row["id"] for row in after]
        histories.remember_members(ids, self._event("~"))

    def _start_affiliations(self, lines: list[Line]) -> None:
        if not lines:
            return
        for line in lines:
            if line.written_version is None:
                line.written_version = line.version
        ids = store.new_ids(Affiliation, len(lines))
        alike = {
            "kind": str(self.kind),
            "starts_on": self.today.isoformat(),
            "start_reason": str(_START[AffiliationKind(self.kind)]),
            "ends_on": None,
            "end_reason": "",
            "note": self.reason,
        }
        store.insert_rows(
            Affiliation,
            ["id", "member_id", "organization_id", *alike],
            [
                (pk, line.member_id, line.organization_id, *alike.values())
                for pk, line in zip(ids, lines, strict=True)
            ],
        )
        self.remember_affiliations(ids, "+")

    def remember_affiliations(self, ids: Iterable[int], sign: str) -> None:
        histories.remember_affiliations(ids, self._event(sign))

    def _event(self, sign: str) -> dict[str, Any]:
        return histories.event(
            sign, reason=self.reason, actor_id=self.actor_id, now=self.now
        )

    def _tell(self, lines: list[Line]) -> None:
        """Say what changed: a new relation from today on, facts of a person always.

        Category, education and the like count as they are now in every month.
        """
        starting = {x.organization_id for x in lines if x.starts_affiliation}
        if starting:
            facts_changed.send(
                sender=Member, organization_ids=starting, since=self.today
            )
        known = [x for x in lines if x.verdict == RowVerdict.CHANGED]
        places = store.places_since(
            x.member_id
            for x in known
            if x.starts_affiliation or FACT_FIELDS & x.changes.keys()
        )
        if places:
            facts_changed.send(
                sender=Member,
                organization_ids=set(places),
                since=min(places.values()),
            )

"""Measures 1 and 2: a roster of new people, and the same roster again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from config.lib.collector import collector_paused
from config.lib.xlsx import read_workbook
from members.choices import AffiliationKind, RosterState, RowVerdict
from members.imports.places import Places
from members.imports.result import write_marked
from members.imports.run import Outcome, check_workbook, recognize_all
from members.imports.write import Writer
from members.models import Affiliation, Member, RosterBatch
from members.services import roster
from organizations import audit
from organizations.choices import AuditAction
from organizations.jobs import run_job
from organizations.models import AuditEvent
from tests.bench.clock import (
    Result,
    Sample,
    check_references,
    queries_of,
    timed,
    vacuum,
)
from tests.bench.link import Peer
from tests.bench.rosters import is_wrong, new_people, write_roster_file
from tests.bench.street import Street


@collector_paused()
def import_roster(street: Street, path: Path, out: Path) -> Outcome:
    """Parse, check, dedupe, write with history and marks, hand the file back."""
    actor, today = street.users["staff"], street.today
    with read_workbook(path, original_name=path.name) as workbook:
        layouts = recognize_all(workbook)
        with transaction.atomic():
            places = Places.load(street.root)
            outcome = check_workbook(
                workbook,
                layouts,
                places,
                paths=actor.member_paths,
                today=today,
                lock=True,
            )
            writer = Writer(AffiliationKind.ON_ROLL, actor.pk, today)
            writer.write(outcome.lines, held=outcome.planner.held)
            counts = outcome.counts()
            if counts[RowVerdict.NEW] or counts[RowVerdict.CHANGED]:
                audit.record(
                    actor=actor,
                    action=AuditAction.ROSTER_IMPORTED,
                    organization=street.root,
                    details=counts,
                )
        write_marked(
            path,
            out,
            original_name=path.name,
            layouts=layouts,
            entries=[(x.sheet, x.number, x.errors, x.warnings) for x in outcome.lines],
            workbook=workbook,
        )
    check_references()
    return outcome


def rows_written() -> int:
    """Rows that this transaction has inserted, changed or deleted in any table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)"
            " FROM pg_stat_xact_user_tables"
        )
        return int(cursor.fetchone()[0])


def import_twice(street: Street, path: Path, out: Path) -> tuple[Sample, Sample]:
    """As the peer's: new people, then the same file; all is taken back."""
    found: list[Outcome] = []
    with transaction.atomic():
        before = _totals()
        first = timed(lambda: found.append(import_roster(street, path, out)))
        _check_import(street, found[0], before)
        written = rows_written()
        second = timed(lambda: found.append(import_roster(street, path, out)))
        assert rows_written() == written, "the second run wrote rows"
        _check_again(street, found[1])
        transaction.set_rollback(True)
    assert out.stat().st_size > 0
    return first, second


def _totals() -> dict[str, int]:
    return {
        "members": Member.objects.count(),
        "member history": Member.history.count(),
        "affiliations": Affiliation.objects.count(),
        "affiliation history": Affiliation.history.count(),
        "audit": AuditEvent.objects.count(),
    }


def _good(street: Street) -> int:
    return sum(not is_wrong(number) for number in new_people(street.size))


def _check_import(street: Street, outcome: Outcome, before: dict[str, int]) -> None:
    good, counts = _good(street), outcome.counts()
    assert counts[RowVerdict.NEW] == good, counts
    assert counts[RowVerdict.ERROR] == street.size.imported - good, counts
    grown = {name: number - before[name] for name, number in _totals().items()}
    wanted = dict.fromkeys(grown, good) | {"audit": 1}
    assert grown == wanted, grown


def _check_again(street: Street, outcome: Outcome) -> None:
    counts = outcome.counts()
    assert counts[RowVerdict.UNCHANGED] == _good(street), counts
    assert not counts[RowVerdict.NEW], counts
    assert not counts[RowVerdict.CHANGED], counts


def wizard(street: Street, path: Path) -> Sample:
    """The same by the pages' own steps: upload, check, confirm, import."""
    actor = street.users["staff"]

    def work() -> RosterBatch:
        upload = SimpleUploadedFile(path.name, path.read_bytes())
        batch = roster.upload_roster(
            organization_id=street.root.pk,
            kind=AffiliationKind.ON_ROLL,
            upload=upload,
            actor=actor,
        )
        choices = {
            layout["name"]: {int(k): v for k, v in layout["columns"].items()}
            for layout in batch.layout
        }
        batch = roster.map_columns(batch_id=batch.pk, choices=choices, actor=actor)
        run_job(batch.job_id, heartbeat=False)
        batch = roster.confirm_roster(batch_id=batch.pk, actor=actor)
        run_job(batch.job_id, heartbeat=False)
        check_references()
        batch.refresh_from_db()
        return batch

    done: list[RosterBatch] = []
    with transaction.atomic():
        sample = timed(lambda: done.append(work()))
        assert done[0].state == RosterState.IMPORTED, done[0].state
        assert done[0].counts["written"]["created"] == _good(street)
        transaction.set_rollback(True)
    return sample


def measure(
    street: Street, peer: Peer, folder: Path, rounds: int, peer_rounds: int
) -> list[Result]:
    path, out = folder / "roster.xlsx", folder / "marked.xlsx"
    write_roster_file(path, street.size, street.today)
    import_twice(street, path, out)  # warm-up; the peer is too slow for one
    ours: list[tuple[Sample, Sample]] = []
    theirs: list[dict[str, Any]] = []
    by_wizard: list[Sample] = []
    for turn in range(peer_rounds + 1):
        # Before, between and after those of the peer: a run of his takes half a minute,
        # in which the machine's speed comes and goes, and one of ours a second.
        for _ in range(-(-2 * rounds // (peer_rounds + 1))):
            vacuum()
            ours.append(import_twice(street, path, out))
            vacuum()
            by_wizard.append(wizard(street, path))
        if turn < peer_rounds:
            vacuum()
            theirs.append(peer.ask("import_twice", path=str(path)))
            _check_peer(street, theirs[-1])
    with transaction.atomic():
        queries = queries_of(lambda: import_roster(street, path, out))
        again = queries_of(lambda: import_roster(street, path, out))
        transaction.set_rollback(True)
    first = [Sample(**found["first"]["confirmed"]) for found in theirs]
    second = [Sample(**found["second"]["confirmed"]) for found in theirs]
    tried = [Sample(**found["first"]["preview"]) for found in theirs]
    pages = [_sum(*pair) for pair in zip(tried, first, strict=True)]
    rows = f"{street.size.imported} rows"
    new = Result(
        f"import of {rows}", "≥ 20 times", [a for a, _ in ours], first, queries
    )
    new.extra = {"peer peak MB": max(found["peak"] for found in theirs)}
    same = Result(
        f"re-import of {rows}", "≥ 200 times", [b for _, b in ours], second, again
    )
    same.extra = {"rows written": 0}
    new.is_met, same.is_met = new.ratio >= 20, same.ratio >= 200
    # Both with their previews: the portal's wizard, the two pages of the peer.
    whole = Result(f"import of {rows} with a preview", "—", by_wizard, pages)
    return [new, whole, same]


def _sum(one: Sample, other: Sample) -> Sample:
    return Sample(one.cpu + other.cpu, one.db + other.db, one.wall + other.wall)


def _check_peer(street: Street, found: dict[str, Any]) -> None:
    """The peer took every row, the wrong ones too, and logged each."""
    size = street.size
    assert found["first"]["members"] == size.members + size.imported, found
    assert found["second"]["members"] == size.members + size.imported, found
    assert found["first"]["logged"] == size.imported, found

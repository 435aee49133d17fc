"""What the benchmark times is right; a small street, and no time is asserted."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.utils import timezone

from liaison.models import UnitSchedule
from tests.bench import feedback, figures, importing, moving
from tests.bench.people import Size
from tests.bench.rosters import write_roster_file
from tests.bench.street import load

SIZE = Size(
    members=120,
    communities=2,
    branches=3,
    units=6,
    activities=12,
    present=5,
    audit_events=5,
    imported=60,
)
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="the benchmark runs on PostgreSQL"
    ),
]


@pytest.fixture
def street(db):
    with transaction.atomic():
        yield load(SIZE, timezone.localdate())
        transaction.set_rollback(True)


def test_the_import_writes_the_good_rows_once(street, tmp_path):
    path, out = tmp_path / "roster.xlsx", tmp_path / "marked.xlsx"
    write_roster_file(path, SIZE, street.today)
    importing.import_twice(street, path, out)


def test_every_card_is_in_the_packet_of_its_own_unit(street):
    _, _, packets = feedback.run(street.round, street.users["staff"])
    # Those with another rhythm have a round of their own.
    assert packets == SIZE.units - UnitSchedule.objects.count()


def test_the_monthly_totals_are_those_of_the_people(street, tmp_path):
    content = figures.draw_monthly(street, tmp_path / "monthly.xlsx")
    figures.check_monthly(street, content)


def test_everybody_of_a_batch_has_a_letter_of_his_own(street):
    rolls = moving.leaving(street, 30)
    last = moving.last_number()
    moving.check(moving.issued(street, rolls), last)

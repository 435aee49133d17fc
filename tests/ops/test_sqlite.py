"""Part of the suite on SQLite, the database of the embedded default."""

import pytest

from tests.ops.processes import PYTHON, started

pytestmark = pytest.mark.worker
# What differs between the databases: searching, bulk writing, triggers, locks.
PART = (
    "tests/members/test_search.py",
    "tests/members/test_import_members.py",
    "tests/members/test_store.py",
    "tests/organizations/test_audit.py",
    "tests/organizations/test_jobs.py",
    "tests/liaison/test_packets.py",
    "tests/reports/test_monthly.py",
)


def test_part_of_the_suite_passes_on_sqlite(tmp_path):
    output = tmp_path / "out"
    command = [PYTHON, "scripts/services.py", "pytest", "--lite", "-q", "-n0"]
    # Lite is refused under CI as a whole run; this is a part, beside the whole.
    with started([*command, *PART], output, CI="") as process:
        code = process.wait(600)
    told = output.read_text()
    assert code == 0, told[-5000:]
    assert "只用 SQLite" in told
    assert " passed" in told

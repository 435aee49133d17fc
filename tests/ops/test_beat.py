"""Beat after it was killed while it wrote."""

import pytest

from config.beat import SturdyScheduler
from config.celery import app


def scheduler(path):
    return SturdyScheduler(app, schedule_filename=str(path))


@pytest.mark.parametrize("torn", [b"", b"\x80\x04", b"nothing of the kind"])
def test_a_torn_file_of_last_runs_is_begun_anew(tmp_path, torn):
    path = tmp_path / "celerybeat-schedule"
    first = scheduler(path)
    names = set(first.schedule)
    first.close()
    for part in tmp_path.iterdir():
        if part.suffix not in {".dir", ".bak"}:
            part.write_bytes(torn)
    again = scheduler(path)
    assert set(again.schedule) == names
    again.close()


def test_the_portal_uses_it():
    assert app.conf.beat_scheduler == "config.beat:SturdyScheduler"

"""Each hostile upload ends in its own sentence, and nothing is left behind."""

import os
import re
import tempfile
import time
from pathlib import Path

import pytest

from config.lib.xlsx import Limits, WorkbookError, read_workbook
from tests.lib.xlsx.build import book, sheet
from tests.lib.xlsx.hostile import CASES


def children() -> set[str]:
    """Return the process ids whose parent is this process."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            found.add(stat.parent.name)
    return found


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def clean_room(tmp_path, monkeypatch):
    """Give temporary files a folder of their own; check that it ends empty."""
    room = tmp_path / "tmp"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    before, descriptors = children(), open_files()
    yield
    assert children() == before
    assert list(room.iterdir()) == []
    assert open_files() <= descriptors


@pytest.mark.parametrize(
    ("file_name", "content", "code"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_hostile_upload_is_refused_with_its_own_sentence(
    tmp_path, clean_room, file_name, content, code
):
    path = tmp_path / "upload"
    path.write_bytes(content())
    started = time.monotonic()
    with pytest.raises(WorkbookError) as caught:
        read_workbook(path, original_name=file_name)
    assert caught.value.code == code, caught.value.message
    assert re.search("[\u4e00-\u9fff].*。$", caught.value.message)
    assert "{" not in caught.value.message
    assert time.monotonic() - started < 30


def test_a_file_that_is_not_there_is_named(tmp_path, clean_room):
    with pytest.raises(WorkbookError) as caught:
        read_workbook(tmp_path / "none", original_name="a.xlsx")
    assert caught.value.code == "missing"


def test_a_slow_file_is_stopped_in_time(tmp_path, clean_room):
    path = tmp_path / "slow.xlsx"
    rows = "".join(
        f'<row r="{n}">' + f"<c><v>{n * 7919}</v></c>" * 50 + "</row>"
        for n in range(1, 90_000)
    )
    path.write_bytes(book(sheet(rows)))
    limits = Limits(seconds=1, large=1 << 30, ratio=1000)
    with pytest.raises(WorkbookError) as caught:
        read_workbook(path, original_name="slow.xlsx", limits=limits)
    assert caught.value.code == "too_slow"
    assert "1 秒" in caught.value.message


def test_the_corpus_has_forty_classes():
    assert len({name for name, *_rest in CASES}) == len(CASES) >= 40

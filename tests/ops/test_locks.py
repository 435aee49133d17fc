"""The lock files: every requirement hashed, no package index named."""

import re
from pathlib import Path

import pytest

from tests.ops.processes import ROOT

FOLDER = ROOT / "requirements"


def pins(path: Path) -> dict[str, str]:
    """Return each requirement line (continuations joined), by its name."""
    joined = path.read_text().replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines()]
    return {re.split(r"[=\[ ;]", line)[0].lower(): line for line in lines if line}


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_a_lock_names_no_host(name):
    content = (FOLDER / name).read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links| @ ", content)


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_every_requirement_is_pinned_and_hashed(name):
    for line in pins(FOLDER / name).values():
        assert re.match(r"[A-Za-z0-9._-]+(\[[^]]+\])?==\S+", line), line
        assert "--hash=sha256:" in line, line


def test_the_test_lock_holds_everything_that_runs():
    run, test = pins(FOLDER / "run.txt"), pins(FOLDER / "test.txt")
    assert {name: test.get(name) for name in run} == run

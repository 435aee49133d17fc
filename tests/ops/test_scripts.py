"""The scripts a user types, and what they say when something is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ops.processes import ROOT, clean_environ

SCRIPTS = ["scripts/run", "scripts/test", "scripts/setup", ".ci/run"]
SCRIPTS += ["deploy/offline-bundle"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_parses_and_may_be_executed(name):
    assert os.access(ROOT / name, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / name], check=True)


def test_ci_runs_the_tests_under_a_time_limit():
    content = (ROOT / ".ci/run").read_text()
    assert "timeout --signal=INT" in content
    assert "scripts/test" in content


@pytest.fixture
def bare_copy(tmp_path: Path):
    """Give a copy of the scripts in a home where tools can be made to be missing."""
    home = tmp_path / "project"
    (home / "bin").mkdir(parents=True)
    shutil.copytree(ROOT / "scripts", home / "scripts")
    shutil.copytree(ROOT / "requirements", home / "requirements")
    for folder in [tmp_path, *tmp_path.parents]:
        if folder == Path("/tmp"):
            break
        if os.geteuid() == 0:
            folder.chmod(0o755)
    return home


def stub(home: Path, name: str, body: str) -> None:
    path = home / "bin" / name
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(0o755)


def setup(home: Path, mode: str, user: str | None = None):
    path = f"{home / 'bin'}:{os.environ['PATH']}"
    identity = {"user": user, "group": "nogroup", "extra_groups": []} if user else {}
    if user:
        shutil.chown(home, user)
    return subprocess.run(
        [home / "scripts" / "setup", mode],
        env=clean_environ(PATH=path),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **identity,
    )


def test_setup_explains_its_argument(bare_copy):
    result = setup(bare_copy, "both")
    assert result.returncode == 2
    assert "scripts/setup [run|test|lite]" in result.stderr


def test_a_user_without_rights_gets_the_exact_apt_line(bare_copy):
    stub(bare_copy, "python3", "exit 1")
    stub(bare_copy, "sudo", "exit 1")
    user = "nobody" if os.geteuid() == 0 else None
    result = setup(bare_copy, "run", user)
    assert result.returncode == 2
    assert (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends "
        "python3 python3-venv" in result.stderr
    )


def test_a_finished_setup_is_not_done_again(bare_copy):
    """A marker of the same lock file and Python is enough; a changed lock is not."""
    stub(bare_copy, "python3", '[[ "$1" == -VV ]] && echo fake; exit 0')
    venv = bare_copy / ".venv" / "bin"
    venv.mkdir(parents=True)
    (venv / "python").write_text('#!/bin/bash\necho "$@" >>calls\n')
    (venv / "python").chmod(0o755)
    calls = bare_copy / "calls"
    assert setup(bare_copy, "run").returncode == 0
    assert "--require-hashes -r requirements/run.txt" in calls.read_text()
    calls.unlink()
    assert setup(bare_copy, "run").returncode == 0
    assert calls.read_text() == "-m compileall -q config/lib/xlsx\n"
    with (bare_copy / "requirements" / "run.txt").open("a") as lock:
        lock.write("# changed\n")
    assert setup(bare_copy, "run").returncode == 0
    assert "--require-hashes -r requirements/run.txt" in calls.read_text()


def test_an_offline_bundle_is_used_where_it_lies(bare_copy):
    stub(bare_copy, "python3", '[[ "$1" == -VV ]] && echo fake; exit 0')
    venv = bare_copy / ".venv" / "bin"
    venv.mkdir(parents=True)
    (venv / "python").write_text('#!/bin/bash\necho "$@" >>calls\n')
    (venv / "python").chmod(0o755)
    (bare_copy / "wheels").mkdir()
    assert setup(bare_copy, "run").returncode == 0
    assert "--no-index --find-links wheels" in (bare_copy / "calls").read_text()

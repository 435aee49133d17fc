"""What the linter, the type checker and the migration writer say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
TYPED = [
    "config/lib",
    "*/rules.py",
    "*/*_rules.py",
    "*/rules",
    "*/querysets.py",
    "*/querysets",
    "*/services",
]


def run(*command: str, **environment: str) -> str:
    """Return what the tool says, "" when it has nothing against the code."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_linter_has_nothing_to_say():
    assert run("ruff", "check", "--output-format=concise", ".") == ""


def test_the_code_is_formatted():
    assert run("ruff", "format", "--check", ".") == ""


@pytest.mark.django_db
def test_the_models_have_their_migrations():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_rules_queries_and_services_are_typed(tmp_path):
    paths = [str(path) for part in TYPED for path in sorted(ROOT.glob(part))]
    # The checker loads Django by itself: not on this run's database.
    said = run(
        "mypy",
        f"--cache-dir={tmp_path}",
        *paths,
        PORTAL_VAR=str(tmp_path),
        DJANGO_SETTINGS_MODULE="config.settings.dev",
    )
    assert said == ""

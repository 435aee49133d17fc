"""Celery's configuration: nothing is lost by default, nothing but JSON is read."""

import importlib
import subprocess
import sys
import types

import pytest

from config import celery
from config.celery import app, beat_schedule
from tests.ops.processes import ROOT, clean_environ


def test_only_json_is_read():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"


def test_a_task_whose_process_dies_comes_back():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1


def test_a_long_task_is_never_taken_for_a_lost_one():
    code = (
        "from config.celery import app; c = app.conf; "
        "assert c.broker_transport_options['visibility_timeout'] > c.task_time_limit; "
        "assert c.task_time_limit > c.task_soft_time_limit"
    )
    environ = clean_environ(
        REDIS_URL="redis://127.0.0.1:1/0", DJANGO_SETTINGS_MODULE="config.settings.dev"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, check=True)


def test_every_beat_entry_names_a_task_that_exists():
    app.loader.import_default_modules()
    named = {entry["task"] for entry in beat_schedule().values()}
    assert named <= set(app.tasks)


def test_beat_runs_on_the_time_of_the_office():
    assert app.conf.timezone == "Asia/Shanghai"


@pytest.fixture
def schedule_of_members(monkeypatch):
    """Stand in for members/schedule.py."""
    real = importlib.import_module

    def install(entries: dict) -> None:
        module = types.SimpleNamespace(BEAT=entries)
        monkeypatch.setattr(
            celery.importlib,
            "import_module",
            lambda name: module if name == "members.schedule" else real(name),
        )

    return install


def test_an_app_adds_its_entries(schedule_of_members):
    schedule_of_members({"members.nightly": {"task": "t", "schedule": 60}})
    assert beat_schedule()["members.nightly"]["schedule"] == 60


def test_two_apps_cannot_share_a_name(schedule_of_members):
    schedule_of_members({"config.clear-sessions": {"task": "t", "schedule": 60}})
    with pytest.raises(ValueError, match=r"members\.schedule"):
        beat_schedule()

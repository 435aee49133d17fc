"""The Celery application and its beat schedule, as code."""

import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from django.core.management import call_command

from config.process import die_with_parent

# Only for the command `celery`, as manage.py does for its own: every other
# program that imports this package has said which settings it wants, or will.
_program = Path(sys.argv[0])
if "celery" in {_program.stem, _program.parent.name}:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

# Lower apps first: a later one may not replace an entry of an earlier one.
SCHEDULED_APPS = ("organizations", "members", "activities", "liaison", "reports")

app = Celery("portal")
app.config_from_object("config.celery_conf")
app.autodiscover_tasks(SCHEDULED_APPS)


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Collect the dictionary BEAT of each app's `schedule.py`, where it has one.

    An entry is Celery's own: a name, and a dictionary with `task`
    ("liaison.tasks.open_periods_task"), `schedule` (crontab in Asia/Shanghai or
    seconds) and, where wanted, `args`.
    """
    entries: dict[str, dict[str, Any]] = {
        "config.clear-sessions": {
            "task": "config.celery.clear_sessions_task",
            "schedule": 6 * 60 * 60,
        },
    }
    for name in SCHEDULED_APPS:
        module_name = f"{name}.schedule"
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name not in {name, module_name}:
                raise
            continue
        twice = entries.keys() & module.BEAT.keys()
        if twice:
            raise ValueError(f"{module_name} repeats beat entries: {sorted(twice)}")
        entries.update(module.BEAT)
    return entries


@app.task
def clear_sessions_task() -> None:
    """Delete the sessions that have ended."""
    call_command("clearsessions")


@worker_process_init.connect
def end_with_the_worker(**kwargs: object) -> None:
    """Let a pool process end with its worker, even when that is killed -9."""
    die_with_parent(os.getppid(), signal.SIGKILL)

"""One piece of work in a fresh process, for its peak memory.

python -m tests.bench.child WORK ARGUMENTS…
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

import django


def main(work: str, *arguments: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    django.setup()
    clock = import_module("tests.bench.clock")
    before = clock.peak_memory()
    done: list[object] = []
    sample = clock.timed(lambda: done.append(WORKS[work](*arguments)))
    found = {
        "sample": sample.as_json(),
        "before": before,
        "peak": clock.peak_memory(),
        "done": done[0],
    }
    print(json.dumps(found))


def _roster(writer: str, place_id: str, user_id: str, path: str) -> int:
    models = import_module("organizations.models")
    wholeroster = import_module("tests.bench.wholeroster")
    place = models.Organization.objects.get(pk=place_id)
    user = models.User.objects.get(pk=user_id)
    return wholeroster.WRITERS[writer](place, user, Path(path))


def _feedback(period_id: str, user_id: str) -> int:
    """Build and draw a round, checking nothing: the check holds all in memory."""
    models = import_module("liaison.models")
    users = import_module("organizations.models")
    feedback = import_module("tests.bench.feedback")
    transaction = import_module("django.db").transaction
    period = models.FeedbackPeriod.objects.get(pk=period_id)
    with transaction.atomic():
        packets = feedback.build(period, users.User.objects.get(pk=user_id))
        feedback.draw(period)
        transaction.set_rollback(True)
    return packets


WORKS = {"roster": _roster, "feedback": _feedback}

if __name__ == "__main__":
    main(*sys.argv[1:])

"""A real Celery worker on real Redis is killed in the middle of building packets."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone
from kombu import Connection

from liaison.choices import FeedbackState
from liaison.models import FeedbackPeriod, LiaisonCard
from liaison.services.packets import UNITS_A_BATCH
from liaison.services.sending import request_building
from members.models import Member
from organizations import jobs
from organizations.choices import JobState
from organizations.models import Job, Organization, WorkUnit
from organizations.tasks import run_job_task
from tests.factories.liaison import FeedbackPeriodFactory
from tests.factories.members import MemberFactory
from tests.factories.organizations import (
    OrganizationFactory,
    PostFactory,
    UserFactory,
    WorkUnitFactory,
)
from tests.ops.processes import started, wait_until

UNITS = 2 * UNITS_A_BATCH + 50

# Each insert of a batch takes a second longer: time enough to kill in between.
SLOW_INSERTS = """
CREATE FUNCTION portal_test_wait() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
CREATE TRIGGER portal_test_wait AFTER INSERT ON liaison_feedbackpacket
  FOR EACH STATEMENT EXECUTE FUNCTION portal_test_wait();
"""
QUICK_INSERTS = """
DROP TRIGGER portal_test_wait ON liaison_feedbackpacket;
DROP FUNCTION portal_test_wait();
"""

pytestmark = [
    pytest.mark.worker,
    pytest.mark.postgres,
    pytest.mark.skipif(
        not os.environ.get("REDIS_URL") or connection.vendor != "postgresql",
        reason="needs PostgreSQL and Redis",
    ),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def redis_url() -> str:
    """A database of Redis that no other test's worker listens on."""
    parts = urlsplit(os.environ["REDIS_URL"])
    return urlunsplit(parts._replace(path="/9"))


@pytest.fixture
def slow_inserts() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(SLOW_INSERTS)
    yield
    with connection.cursor() as cursor:
        cursor.execute(QUICK_INSERTS)


@contextlib.contextmanager
def worker(redis_url: str, output: Path, **more: str) -> Iterator:
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    command = [
        *(sys.executable, "-m", "celery", "-A", "config", "worker"),
        *("--concurrency", "1", "--loglevel", "WARNING", "--without-mingle"),
    ]
    environ = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")),
        "REDIS_URL": redis_url,
    } | more
    with started(command, output, **environ) as process:
        yield process


def wake(redis_url: str, job_id: object) -> None:
    with Connection(redis_url) as broker:
        run_job_task.apply_async(args=[str(job_id)], connection=broker)


def street_of(units: int) -> tuple[Organization, FeedbackPeriod]:
    """A street with a closed round and a card for each of so many units."""
    street = OrganizationFactory(kind="work_committee")
    branch = OrganizationFactory(parent=street)
    actor = UserFactory()
    members = Member.objects.bulk_create(MemberFactory.build_batch(units))
    homes = WorkUnit.objects.bulk_create(WorkUnitFactory.build_batch(units))
    LiaisonCard.objects.bulk_create(
        LiaisonCard(
            number=f"W-{number:05d}",
            member=member,
            organization=branch,
            home_unit=home,
            starts_on="2026-01-01",
            opened_by=actor,
        )
        for number, (member, home) in enumerate(zip(members, homes, strict=True))
    )
    return street, FeedbackPeriodFactory(
        organization=street, state=FeedbackState.CLOSED
    )


def test_a_killed_worker_loses_and_doubles_no_packet(redis_url, slow_inserts, tmp_path):
    street, period = street_of(UNITS)
    staff = UserFactory()
    PostFactory(user=staff, role="committee_staff", organization=street)
    job = request_building(period_id=period.pk, actor=staff)

    with worker(redis_url, tmp_path / "first.log") as first:
        wake(redis_url, job.pk)
        assert wait_until(period.packets.exists, 60), (
            tmp_path / "first.log"
        ).read_text()
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    assert 0 < period.packets.count() < UNITS
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING

    # Forty seconds later the lease is over and the sweeper comes by.
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    with worker(redis_url, tmp_path / "second.log"):
        for job_id in jobs.due_for_sweep():
            wake(redis_url, job_id)
        assert wait_until(
            lambda: Job.objects.get(pk=job.pk).state == JobState.SUCCEEDED, 60
        ), (tmp_path / "second.log").read_text()

    units = list(period.packets.values_list("work_unit", flat=True))
    assert len(units) == len(set(units)) == UNITS
    numbers = sorted(period.packets.values_list("number", flat=True))
    assert numbers[-1].endswith(f"-{UNITS:04d}")
    period.refresh_from_db()
    assert period.state == FeedbackState.BUILT

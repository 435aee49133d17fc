"""A real worker mails a round; it dies, Redis forgets, wakings come twice."""

import os
import random
import signal
import threading
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import redis
from aiosmtpd.controller import Controller
from django.db import connection
from django.utils import timezone

from liaison.choices import DeliveryState
from liaison.models import Delivery
from liaison.services.packets import build_packets
from liaison.services.sending import request_delivery
from organizations import jobs
from organizations.choices import JobState
from organizations.models import Job, WorkUnit
from tests.factories.organizations import PostFactory, UserFactory
from tests.liaison.mailbox import Mailbox
from tests.liaison.test_worker import redis_url, street_of, wake, worker
from tests.ops.processes import free_port, wait_until

__all__ = ["redis_url"]  # a fixture

UNITS = 24
# Once each in the suite; many by hand: PORTAL_KILLS=20.
RUNS = int(os.environ.get("PORTAL_KILLS", "1"))

pytestmark = [
    pytest.mark.worker,
    pytest.mark.postgres,
    pytest.mark.skipif(
        not os.environ.get("REDIS_URL") or connection.vendor != "postgresql",
        reason="needs PostgreSQL and Redis",
    ),
    pytest.mark.django_db(transaction=True),
]


class DeadlyMailbox(Mailbox):
    """Takes one mail and kills whoever waits for the answer: the worst of moments."""

    def __init__(self) -> None:
        super().__init__()
        self.deadly_at, self.kill = 0, None
        self.has_killed = threading.Event()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.messages) == self.deadly_at and not self.has_killed.is_set():
            self.kill()
            self.has_killed.set()
        return answer


@pytest.fixture
def post_office():
    handler, port = DeadlyMailbox(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield (
        handler,
        {
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "tests.liaison.mail_settings",
        },
    )
    controller.stop()


def child_of(pid: int) -> int:
    """The process that runs the tasks of a worker."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0])


def kill(process, whom: str) -> None:
    if whom == "child":
        os.kill(child_of(process.pid), signal.SIGKILL)
    else:
        os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("whom", ["child", "parent"])
@pytest.mark.parametrize("run", range(RUNS))
def test_whoever_dies_no_unit_gets_an_attempt_twice(
    redis_url, post_office, tmp_path, whom, run
):
    mailbox, mailing = post_office
    street, period = street_of(UNITS)
    WorkUnit.objects.update(
        feedback_channel="email", contact_email="party@unit.example"
    )
    staff = UserFactory()
    PostFactory(user=staff, role="committee_staff", organization=street)
    build_packets(period_id=period.pk)
    job = request_delivery(period_id=period.pk, actor=staff)
    mailbox.deadly_at = random.Random(run).randint(1, UNITS - 2)

    with worker(redis_url, tmp_path / "first.log", **mailing) as first:
        mailbox.kill = partial(kill, first, whom)
        wake(redis_url, job.pk)
        wake(redis_url, job.pk)  # the broker says everything twice
        assert wait_until(mailbox.has_killed.is_set, 60), (
            tmp_path / "first.log"
        ).read_text()
    redis.Redis.from_url(redis_url).flushdb()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(1))
    with worker(redis_url, tmp_path / "second.log", **mailing):
        for job_id in [*jobs.due_for_sweep(), *jobs.due_for_sweep()]:
            wake(redis_url, job_id)
        assert wait_until(
            lambda: Job.objects.get(pk=job.pk).state == JobState.SUCCEEDED, 60
        ), (tmp_path / "second.log").read_text()

    assert period.packets.count() == UNITS
    arrived = Counter(message["Message-ID"] for message in mailbox.parsed())
    assert set(arrived.values()) == {1}
    # What the server took is sent, but for one riddle: the mail it died over.
    states = Counter(Delivery.objects.values_list("state", flat=True))
    riddles = Delivery.objects.filter(is_broken_off=True).count()
    assert states[DeliveryState.SENT] + riddles == UNITS
    assert riddles == 1
    assert len(arrived) == UNITS

"""Kinds of long work, and the running of one job under a lease and a fence.

An app registers its kinds in its `jobs.py`:

    @job_kind("members.import")
    def import_roster(context: JobContext) -> None: ...

The function applies the requester's rights when it runs, calls `context.progress`,
and makes its effects in transactions that begin with `context.guard()`.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import Error, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from config.lib.errors import RuleError
from organizations.choices import JobState
from organizations.models import Job, User

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=40)
HEARTBEAT_SECONDS = 10


class JobCancelledError(Exception):
    """The requester asked to stop; nothing of the running step is kept."""


class LeaseLostError(Exception):
    """Another worker took the job over: this one's effects must not count."""


@dataclass(frozen=True)
class JobKind:
    name: str
    run: Callable[[JobContext], None]


_kinds: dict[str, JobKind] = {}


def job_kind(name: str) -> Callable[[Callable], Callable]:
    """Register the decorated function as the work of jobs of kind `name`."""

    def register(run: Callable[[JobContext], None]) -> Callable:
        if name in _kinds:
            raise ValueError(f"job kind registered twice: {name}")
        _kinds[name] = JobKind(name, run)
        return run

    return register


def is_job_kind(name: str) -> bool:
    return name in _kinds


class JobContext:
    """What a running job knows and may do; every write is fenced."""

    def __init__(self, job: Job) -> None:
        self.id = job.pk
        self.fence = job.fence
        self.parameters: dict[str, Any] = job.parameters
        self.requester: User = User.objects.get(pk=job.requester_id)
        self._outcome: dict[str, Any] = {}

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Show how far the job is and renew its lease.

        Raises JobCancelledError or LeaseLostError.
        """
        changes = {"progress_done": done, "progress_total": total}
        if message:
            changes["message"] = message
        self._update(lease_until=timezone.now() + LEASE, **changes)
        if Job.objects.filter(pk=self.id, cancel_requested=True).exists():
            raise JobCancelledError

    def guard(self) -> None:
        """Lock the job's row for this transaction; raise if the lease went elsewhere.

        Call it first in every transaction whose effects must happen once.
        """
        held = Job.objects.select_for_update().filter(
            pk=self.id, fence=self.fence, state=JobState.RUNNING
        )
        if not held.exists():
            raise LeaseLostError
        if held.filter(cancel_requested=True).exists():
            raise JobCancelledError

    def result(self, message: str = "", **values: Any) -> None:
        """Say what came out; shown on the job's page when it has succeeded."""
        self._outcome |= {"message": message, "result": values}

    def attach(self, path: Path, name: str) -> None:
        """Offer the finished file at `path` (below EXPORT_ROOT) for download."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self._outcome |= {
            "file_path": str(path.relative_to(settings.EXPORT_ROOT)),
            "file_name": name,
            "file_sha256": digest,
        }

    def new_file(self, suffix: str) -> Path:
        """Return a fresh path below EXPORT_ROOT for this attempt's file."""
        folder = Path(settings.EXPORT_ROOT) / self.id.hex[:2]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder / f"{self.id.hex}-{self.fence}{suffix}"

    def _update(self, **changes: Any) -> None:
        mine = Job.objects.filter(pk=self.id, fence=self.fence, state=JobState.RUNNING)
        if not mine.update(**changes):
            raise LeaseLostError

    def finish(self, state: str, **changes: Any) -> None:
        """End the job in `state`; a lost lease leaves the row to its new holder."""
        self._update(
            state=state,
            finished_at=timezone.now(),
            lease_until=None,
            **(self._outcome if state == JobState.SUCCEEDED else {}),
            **changes,
        )


def claim(job_id: Any) -> Job | None:
    """Take the job for this worker, or return None when it is not to be had."""
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=job_id).update(
        state=JobState.RUNNING,
        fence=F("fence") + 1,
        attempts=F("attempts") + 1,
        lease_until=now + LEASE,
        started_at=now,
    )
    return Job.objects.get(pk=job_id) if taken else None


def run_job(job_id: Any, *, heartbeat: bool = True) -> str:
    """Run one job to its end and return its state, "" when it was not to be had.

    Expected refusals end the job with a Chinese message; an unforeseen error sends it
    back to the queue until `max_attempts` is reached.
    """
    job = claim(job_id)
    if job is None:
        return ""
    context = JobContext(job)
    try:
        with _beating(context) if heartbeat else contextlib.nullcontext():
            _run(job, context)
    except LeaseLostError:
        logger.warning("job %s lost its lease", job.pk)
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def _run(job: Job, context: JobContext) -> None:
    kind = _kinds.get(job.kind)
    if kind is None or not context.requester.is_active:
        context.finish(
            JobState.REFUSED, message="提交人的账号已停用或任务种类已取消，未执行。"
        )
        return
    try:
        kind.run(context)
    except JobCancelledError:
        context.finish(JobState.CANCELLED, message="已按您的要求取消，未写入。")
    except PermissionDenied as error:
        context.finish(
            JobState.REFUSED, message=str(error) or "您已没有办理这项工作的权限。"
        )
    except RuleError as error:
        context.finish(JobState.FAILED, message=" ".join(error.messages)[:500])
    except LeaseLostError:
        raise
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _send_back(job, context)
    else:
        context.finish(JobState.SUCCEEDED)


def _send_back(job: Job, context: JobContext) -> None:
    """Queue the job again, or give up when it has been tried often enough."""
    if job.attempts >= job.max_attempts:
        context.finish(
            JobState.FAILED,
            message="系统出错，任务未完成，未写入任何数据。请稍后重试或联系管理员。",
        )
    else:
        context._update(state=JobState.QUEUED, lease_until=None, woken_at=None)


@contextlib.contextmanager
def _beating(context: JobContext) -> Iterator[None]:
    """Renew the lease from a thread while the job is in one long statement."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(HEARTBEAT_SECONDS):
            try:
                Job.objects.filter(
                    pk=context.id, fence=context.fence, state=JobState.RUNNING
                ).update(lease_until=timezone.now() + LEASE)
            except Error:
                # The next beat tries again; the lease outlasts several of them.
                logger.warning("job %s: a heartbeat failed", context.id)
        connection.close()

    thread = threading.Thread(target=beat, daemon=True, name=f"beat-{context.id}")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=25)


def due_for_sweep() -> list[Any]:
    """Ids of jobs to wake again, after giving up those that died too often."""
    now = timezone.now()
    expired = Q(state=JobState.RUNNING, lease_until__lt=now)
    Job.objects.filter(expired, attempts__gte=F("max_attempts")).update(
        state=JobState.FAILED,
        finished_at=now,
        lease_until=None,
        message="任务多次中断，已停止。请重新提交，仍不成功请联系管理员。",
    )
    asleep = Q(state=JobState.QUEUED) & (
        Q(woken_at__isnull=True) | Q(woken_at__lt=now - timedelta(seconds=30))
    )
    with transaction.atomic():
        ids = list(Job.objects.filter(asleep | expired).values_list("pk", flat=True))
        Job.objects.filter(pk__in=ids).update(woken_at=now)
    return ids

"""Kinds of long work, and the running of one job under a lease and a fence.

An app registers its kinds in its `jobs.py`:

    @job_kind("members.import")
    def import_roster(context: JobContext) -> None: ...

The function applies the requester's rights when it runs, calls `context.progress`,
and makes its effects in `with context.step():`. What must happen once and only once
goes into one `context.step(last=True)`: the job ends in the same transaction.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from organizations import audit
from organizations.choices import AuditAction, AuditResult, JobState
from organizations.models import Job, User

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=40)
HEARTBEAT_SECONDS = 10

# Local rule, after 《个人信息保护法》第十九条: kept no longer than is needed.
FILE_DAYS = 7

# What `new_file` calls a file: the job, the fence, and a suffix.
FILE_NAME = re.compile(r"[0-9a-f]{32}-\d+")


class JobCancelledError(Exception):
    """The requester asked to stop; nothing of the running step is kept."""


class LeaseLostError(Exception):
    """Another worker took the job over: this one's effects must not count."""


def _always(user: User, job: Job) -> bool:
    return True


@dataclass(frozen=True)
class JobKind:
    name: str
    run: Callable[[JobContext], None]
    may_download: Callable[[User, Job], bool] = _always


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str, *, may_download: Callable[[User, Job], bool] = _always
) -> Callable[[Callable], Callable]:
    """Register the decorated function as the work of jobs of kind `name`.

    Only the requester may fetch the file; `may_download(user, job)` is asked besides,
    at the moment of download, whether the right the file was made with still stands.
    """

    def register(run: Callable[[JobContext], None]) -> Callable:
        if name in _kinds:
            raise ValueError(f"job kind registered twice: {name}")
        _kinds[name] = JobKind(name, run, may_download)
        return run

    return register


def is_job_kind(name: str) -> bool:
    return name in _kinds


def may_download(user: User, job: Job) -> bool:
    """Whether `user` may fetch the job's file now; False for a kind that is gone."""
    kind = _kinds.get(job.kind)
    return kind is not None and user.is_active and kind.may_download(user, job)


class JobContext:
    """What a running job knows and may do; every write is fenced."""

    def __init__(self, job: Job) -> None:
        self.id = job.pk
        self.fence = job.fence
        self.parameters: dict[str, Any] = job.parameters
        self.requester: User = User.objects.get(pk=job.requester_id)
        self._outcome: dict[str, Any] = {}
        self.is_finished = False

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Show how far the job is and renew its lease.

        Raises JobCancelledError or LeaseLostError.
        """
        changes = {"progress_done": done, "progress_total": total}
        if message:
            changes["message"] = message
        self._update(lease_until=timezone.now() + LEASE, **changes)
        self._stop_if_cancelled()

    def guard(self) -> None:
        """Lock the job's row for this transaction; raise if the lease went elsewhere.

        Call it first in every transaction whose effects must happen once. It renews
        the lease too, so that nobody takes over right after the commit.
        """
        self._update(lease_until=timezone.now() + LEASE)
        self._stop_if_cancelled()

    @contextlib.contextmanager
    def step(self, *, last: bool = False) -> Iterator[None]:
        """Run the block in one guarded transaction.

        With `last` the job succeeds in the same transaction, with the `result` and
        the file named before the block ends: killed before the commit nothing has
        happened, killed after it nothing is done again.
        """
        with transaction.atomic():
            self.guard()
            yield
            if last:
                self.finish(JobState.SUCCEEDED)
            else:
                self._update(lease_until=timezone.now() + LEASE)

    def result(self, message: str = "", **values: Any) -> None:
        """Say what came out; shown on the job's page when it has succeeded."""
        self._outcome |= {"message": message, "result": values}

    def attach(self, path: Path, name: str) -> None:
        """Offer the finished file at `path` (below EXPORT_ROOT) for download."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
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

    def _stop_if_cancelled(self) -> None:
        if Job.objects.filter(pk=self.id, cancel_requested=True).exists():
            raise JobCancelledError

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
        self.is_finished = True


def claim(job_id: Any) -> Job | None:
    """Take the job for this worker, or return None when it is not to be had."""
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(
        state=JobState.RUNNING,
        lease_until__lt=now,
        attempts__lt=F("max_attempts"),
    )
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
    if kind is None:
        context.finish(JobState.FAILED, message="这种任务已不再提供，未执行。")
        return
    try:
        if not context.requester.is_active:
            raise PermissionDenied("提交人的账号已停用，未执行。")
        kind.run(context)
    except LeaseLostError:
        raise
    except JobCancelledError:
        context.finish(JobState.CANCELLED, message="已按您的要求取消，未写入。")
    except PermissionDenied as error:
        _refuse(job, context, str(error))
    except ValidationError as error:
        context.finish(JobState.FAILED, message=" ".join(error.messages)[:500])
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _send_back(job, context)
    else:
        if not context.is_finished:
            context.finish(JobState.SUCCEEDED)


def _refuse(job: Job, context: JobContext, reason: str) -> None:
    message = reason or "您已没有办理这项工作的权限，未执行。"
    with transaction.atomic():
        context.finish(JobState.REFUSED, message=message[:500])
        audit.record(
            actor=context.requester,
            action=AuditAction.DENIED,
            result=AuditResult.DENIED,
            target=job,
        )


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
    Job.objects.filter(expired, cancel_requested=True).update(
        state=JobState.CANCELLED,
        finished_at=now,
        lease_until=None,
        message="已按您的要求取消。",
    )
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


def expire_files(now: datetime) -> int:
    """Delete the files of jobs that ended `FILE_DAYS` ago; return how many jobs.

    The row stays, with the file's name and hash. What killed attempts left behind
    goes by its age.
    """
    root = Path(settings.EXPORT_ROOT)
    limit = now - timedelta(days=FILE_DAYS)
    count = 0
    for job in Job.objects.filter(finished_at__lt=limit).exclude(file_path=""):
        (root / job.file_path).unlink(missing_ok=True)
        count += Job.objects.filter(pk=job.pk).update(file_path="")
    for path in root.glob("[0-9a-f][0-9a-f]/*"):
        is_old = path.stat().st_mtime < limit.timestamp()
        if is_old and FILE_NAME.match(path.name):
            path.unlink(missing_ok=True)
    return count

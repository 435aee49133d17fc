"""Requesting, cancelling and retrying long work; fetching its file."""

from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from organizations import audit, jobs, tasks
from organizations.choices import AuditAction, JobState
from organizations.models import Job, User


def request_job(
    *,
    kind: str,
    title: str,
    actor: User,
    parameters: dict[str, Any] | None = None,
    key: str = "",
    max_attempts: int = 3,
) -> Job:
    """Queue long work in the caller's transaction and wake a worker on commit.

    With a `key`, an open job of the same key is returned instead of a second one;
    it may be another user's, who alone can see its page: put the user into the key
    where that matters.
    `parameters` holds ids and ISO strings, never personal data.
    """
    if not jobs.is_job_kind(kind):
        raise ValueError(f"unknown job kind: {kind}")
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                title=title,
                requester=actor,
                parameters=parameters or {},
                key=key,
                max_attempts=max_attempts,
                woken_at=timezone.now(),
            )
            audit.record(actor=actor, action=AuditAction.JOB_REQUESTED, target=job)
    except IntegrityError:
        # None: it ended between the two statements; nothing tells why we collided.
        open_job = Job.objects.open().filter(key=key).first() if key else None
        if open_job is None:
            raise
        return open_job
    transaction.on_commit(partial(tasks.wake, job.pk))
    return job


@transaction.atomic
def cancel_job(*, job_id: Any, actor: User) -> Job:
    """Ask a job to stop: at once while queued, at its next step while running.

    Raises Job.DoesNotExist for another user's job, RuleError when it has ended or is
    writing its result just now.
    """
    visible = Job.objects.visible_to(actor)
    try:
        with transaction.atomic():
            # A guarded step holds the row until it commits; do not wait for that.
            job = visible.select_for_update(nowait=True).get(pk=job_id)
    except OperationalError as error:
        raise RuleError(
            "任务正在写入结果，此刻不能取消，请稍候刷新查看。", code="job_writing"
        ) from error
    if not job.is_open:
        raise RuleError("任务已经结束，不能取消。", code="job_ended")
    job.cancel_requested = True
    if job.state == JobState.QUEUED:
        job.state = JobState.CANCELLED
        job.finished_at = timezone.now()
        job.message = "已按您的要求取消，未写入。"
    job.save(update_fields=["cancel_requested", "state", "finished_at", "message"])
    audit.record(actor=actor, action=AuditAction.JOB_CANCELLED, target=job)
    return job


@transaction.atomic
def retry_job(*, job_id: Any, actor: User) -> Job:
    """Queue a failed or cancelled job once more.

    Raises Job.DoesNotExist for another user's job, RuleError while it is open or done
    or the same work is under way in another job.
    """
    job = Job.objects.visible_to(actor).select_for_update().get(pk=job_id)
    if job.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise RuleError("只有失败或已取消的任务可以重试。", code="job_not_failed")
    if job.key and Job.objects.open().filter(key=job.key).exists():
        raise RuleError("同样的任务正在进行，请等它完成。", code="job_same_key")
    job.state = JobState.QUEUED
    job.attempts = 0
    job.progress_done = 0
    job.cancel_requested = False
    job.finished_at = None
    job.message = ""
    job.woken_at = timezone.now()
    job.save()
    audit.record(actor=actor, action=AuditAction.JOB_REQUESTED, target=job)
    transaction.on_commit(partial(tasks.wake, job.pk))
    return job


@transaction.atomic
def open_file(*, job_id: Any, actor: User) -> tuple[Job, Path]:
    """Return the job and the file it made, and record the download.

    Raises Job.DoesNotExist for another user's job, PermissionDenied when the right
    the file was made with is gone, RuleError when there is no file (any more).
    """
    job = Job.objects.visible_to(actor).get(pk=job_id)
    if job.state != JobState.SUCCEEDED or not job.file_name:
        raise RuleError("这项任务没有可下载的文件。", code="no_file")
    if not jobs.may_download(actor, job):
        raise PermissionDenied("您已没有查看这份文件的权限，请联系街道工作人员。")
    path = Path(settings.EXPORT_ROOT) / job.file_path
    if not job.file_path or not path.is_file():
        raise RuleError(
            f"文件已过期删除（保留 {jobs.FILE_DAYS} 天），请重新生成。", code="expired"
        )
    audit.record(
        actor=actor,
        action=AuditAction.DOWNLOADED,
        target=job,
        details={"file": job.file_name, "sha256": job.file_sha256},
    )
    return job, path

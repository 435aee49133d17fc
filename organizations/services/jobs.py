"""Requesting, cancelling and retrying long work."""

from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
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

    With a `key`, an open job of the same key is returned instead of a second one.
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
        if not key:
            raise
        return Job.objects.open().get(key=key)
    transaction.on_commit(partial(tasks.wake, job.pk))
    return job


@transaction.atomic
def cancel_job(*, job_id: Any, actor: User) -> Job:
    """Ask a job to stop: at once while queued, at its next step while running.

    Raises Job.DoesNotExist for another user's job, RuleError when it has ended.
    """
    job = Job.objects.visible_to(actor).select_for_update().get(pk=job_id)
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

    Raises Job.DoesNotExist for another user's job, RuleError while it is open or done.
    """
    job = Job.objects.visible_to(actor).select_for_update().get(pk=job_id)
    if job.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise RuleError("只有失败或已取消的任务可以重试。", code="job_not_failed")
    job.state = JobState.QUEUED
    job.attempts = 0
    job.cancel_requested = False
    job.finished_at = None
    job.message = ""
    job.woken_at = timezone.now()
    job.save()
    audit.record(actor=actor, action=AuditAction.JOB_REQUESTED, target=job)
    transaction.on_commit(partial(tasks.wake, job.pk))
    return job

"""Celery's side of jobs: a message is only a wake-up."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from organizations import jobs
from organizations.services.files import expire_sheets, sweep_strays

logger = logging.getLogger(__name__)


@shared_task(name="organizations.run_job")
def run_job_task(job_id: str) -> str:
    return jobs.run_job(job_id)


@shared_task(name="organizations.sweep_jobs")
def sweep_jobs_task() -> int:
    ids = jobs.due_for_sweep()
    for job_id in ids:
        wake(job_id)
    return len(ids)


@shared_task(name="organizations.expire_files")
def expire_files_task() -> int:
    now = timezone.now()
    return jobs.expire_files(now) + expire_sheets(now) + sweep_strays(now)


def wake(job_id: Any) -> None:
    """Send the wake-up; a broker that is down costs nothing, the sweeper comes by."""
    try:
        run_job_task.apply_async(args=[str(job_id)], retry=False)
    except Exception:
        logger.warning("job %s waits for the sweeper: broker out of reach", job_id)

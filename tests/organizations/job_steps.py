"""Steps of the tests about jobs."""

from datetime import timedelta

from django.utils import timezone

from organizations.models import Job, Parameter
from organizations.services.jobs import request_job


def ask(user, **options) -> Job:
    values = {"kind": "tests.work", "title": "试办", "actor": user}
    return request_job(**values | options)


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def lapse(job: Job) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(lease_until=past)


def leave_a_trace(key="trace"):
    Parameter.objects.create(key=key, value=1)

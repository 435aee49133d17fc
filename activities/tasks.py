"""Celery's side of the activities app."""

from celery import shared_task
from django.utils import timezone

from activities.services.households import clear_ended
from activities.services.request_clearing import clear_requests


@shared_task(name="activities.clear_households")
def clear_households_task() -> int:
    return clear_ended(timezone.localdate())


@shared_task(name="activities.clear_requests")
def clear_requests_task() -> int:
    return clear_requests(timezone.localdate())

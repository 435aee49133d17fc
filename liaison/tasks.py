"""Celery's side of feedback."""

from celery import shared_task
from django.utils import timezone

from liaison import reminding, rounds


@shared_task(name="liaison.feedback_rounds")
def feedback_rounds_task() -> int:
    return rounds.run(timezone.localdate())


@shared_task(name="liaison.remind_units")
def remind_units_task() -> int:
    return reminding.run(timezone.localdate())

"""Celery's side of the members app."""

from celery import shared_task
from django.utils import timezone

from members.services.roster_purge import purge_previews


@shared_task(name="members.purge_previews")
def purge_previews_task() -> int:
    return purge_previews(timezone.now())

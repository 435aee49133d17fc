"""Celery's side of the members app."""

from celery import shared_task
from django.utils import timezone

from members.services.duplicates import find_pairs
from members.services.letters import expire_letters
from members.services.out_of_touch import note_out_of_touch
from members.services.roster_purge import purge_previews


@shared_task(name="members.purge_previews")
def purge_previews_task() -> int:
    return purge_previews(timezone.now())


@shared_task(name="members.find_pairs")
def find_pairs_task() -> int:
    return find_pairs()


@shared_task(name="members.expire_letters")
def expire_letters_task() -> int:
    return expire_letters(timezone.localdate())


@shared_task(name="members.note_out_of_touch")
def note_out_of_touch_task() -> int:
    return note_out_of_touch(timezone.localdate())

"""Periodic work of the liaison app."""

from celery.schedules import crontab

BEAT = {
    "liaison.feedback-rounds": {
        "task": "liaison.feedback_rounds",
        "schedule": crontab(hour=6, minute=10),
    },
}

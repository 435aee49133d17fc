"""Periodic work of the liaison app."""

from celery.schedules import crontab

BEAT = {
    "liaison.feedback-rounds": {
        "task": "liaison.feedback_rounds",
        "schedule": crontab(hour=6, minute=10),
    },
    # In office hours, so that whoever reads it can act on it.
    "liaison.remind-units": {
        "task": "liaison.remind_units",
        "schedule": crontab(hour=9, minute=20, day_of_week="mon-fri"),
    },
}

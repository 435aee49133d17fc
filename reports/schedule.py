"""Periodic work of the reports app."""

from celery.schedules import crontab

BEAT = {
    "reports.refresh-summaries": {
        "task": "reports.refresh_summaries",
        "schedule": 2 * 60,
        # An older round says nothing that the next one does not.
        "options": {"expires": 100},
    },
    "reports.recount-summaries": {
        "task": "reports.recount_summaries",
        "schedule": crontab(hour=2, minute=30),
    },
    "reports.order-monthly-workbooks": {
        "task": "reports.order_monthly_workbooks",
        "schedule": crontab(day_of_month=1, hour=6, minute=30),
    },
}

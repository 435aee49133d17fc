"""Celery's side of reports."""

from celery import shared_task
from django.utils import timezone

from reports.services import upkeep


@shared_task(name="reports.refresh_summaries")
def refresh_summaries_task() -> int:
    return upkeep.refresh_marked(timezone.localdate())


@shared_task(name="reports.recount_summaries")
def recount_summaries_task() -> int:
    return upkeep.recount(timezone.localdate())


@shared_task(name="reports.order_monthly_workbooks")
def order_monthly_workbooks_task() -> int:
    return upkeep.order_monthly_workbooks(timezone.localdate())

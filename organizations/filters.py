"""Filters of the organizations app's own lists."""

from datetime import date, datetime, time, timedelta

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from config.lib.forms import ScopedFilterSet
from organizations.choices import AuditAction, AuditResult
from organizations.models import AuditEvent, User


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class AuditFilter(ScopedFilterSet):
    since = django_filters.DateFilter(label="自（含当日）", method="from_day")
    until = django_filters.DateFilter(label="至（含当日）", method="to_day")
    action = django_filters.ChoiceFilter(label="操作", choices=AuditAction.choices)
    result = django_filters.ChoiceFilter(label="结果", choices=AuditResult.choices)
    actor = django_filters.ModelChoiceFilter(
        label="操作人", queryset=User.objects.order_by("display_name")
    )

    class Meta:
        model = AuditEvent
        fields = ["since", "until", "action", "result", "actor"]

    def from_day(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(at__gte=_midnight(value))

    def to_day(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(at__lt=_midnight(value + timedelta(days=1)))

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from liaison.choices import PeriodKind
from liaison.querysets import UnitScheduleQuerySet
from organizations.models import Organization, WorkUnit


class UnitSchedule(models.Model):
    """Another rhythm of feedback than the street's, of one unit.

    Half-open in time, [starts_on, ends_on). Which round a card belongs to is asked at
    the round's first day, so that a change never reaches into what was written.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name="街道",
        on_delete=models.PROTECT,
        related_name="unit_schedules",
    )
    work_unit = models.ForeignKey(
        WorkUnit,
        verbose_name="工作单位",
        on_delete=models.PROTECT,
        related_name="feedback_schedules",
    )
    kind = models.CharField("反馈周期", max_length=10, choices=PeriodKind)
    reason = models.CharField("原因", max_length=200)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止（不含）", null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    set_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = UnitScheduleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "单位反馈周期"
        verbose_name_plural = "单位反馈周期"
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_unitschedule_one_open",
                fields=["organization", "work_unit"],
                condition=Q(ends_on__isnull=True),
            ),
            models.CheckConstraint(
                name="liaison_unitschedule_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work_unit} {self.get_kind_display()}"

    @property
    def last_on(self) -> dt.date | None:
        """The last day that counts; `ends_on` is the day after."""
        return self.ends_on and self.ends_on - dt.timedelta(days=1)

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from activities.choices import ActivityKind
from activities.choices.plans import Repeat
from activities.querysets.plans import PlanQuerySet
from config.lib.periods import Month, Period, Year
from organizations.choices import OrganizationField
from organizations.models import Organization


class Plan(models.Model):
    """What a street or community asks of its branches in a year or a month.

    Its lines bind every branch below `organization` as they stand: nothing is copied,
    so that a branch founded later owes them too and a changed line changes for all.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name="制定党组织",
        on_delete=models.PROTECT,
        related_name="plans",
    )
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份", null=True, blank=True)
    title = models.CharField("标题", max_length=100)
    note = models.TextField("说明", max_length=1000, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="制定人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField("制定时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "撤回原因", max_length=200, blank=True, default=""
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "工作计划"
        verbose_name_plural = "工作计划"
        ordering = ["-year", "-month", "-id"]
        indexes = [
            models.Index(fields=["year", "organization"], name="activities_plan_year"),
        ]
        constraints = [
            models.CheckConstraint(
                name="activities_plan_month_of_year",
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                violation_error_message="月份应在 1 到 12 之间。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("activities:plan", args=[self.pk])

    @property
    def period(self) -> Period:
        return Month(self.year, self.month) if self.month else Year(self.year)


class PlanLine(models.Model):
    """One thing asked for, once or every month or quarter from then on."""

    plan = models.ForeignKey(
        Plan, verbose_name="计划", on_delete=models.CASCADE, related_name="lines"
    )
    kind = models.CharField("类型", max_length=20, choices=ActivityKind)
    subject = models.CharField("主题", max_length=60, blank=True, default="")
    times = models.PositiveSmallIntegerField("次数", default=1)
    starts_on = models.DateField("最早开展日期")
    due_on = models.DateField("截止日期")
    repeat = models.CharField(
        "重复", max_length=10, choices=Repeat, default=Repeat.ONCE
    )
    field = models.CharField(
        "适用领域", max_length=20, choices=OrganizationField, blank=True, default=""
    )
    note = models.CharField("要求", max_length=200, blank=True, default="")
    sort_order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "计划事项"
        verbose_name_plural = "计划事项"
        ordering = ["plan", "sort_order", "id"]
        constraints = [
            models.CheckConstraint(
                name="activities_planline_due_after_start",
                condition=Q(due_on__gte=F("starts_on")),
                violation_error_message="截止日期不能早于最早开展日期。",
            ),
            models.CheckConstraint(
                name="activities_planline_times_positive",
                condition=Q(times__gte=1, times__lte=31),
                violation_error_message="次数应在 1 到 31 之间。",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.get_kind_display()

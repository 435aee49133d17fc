"""Funds: the year of an organization, its lines, what comes into them, and projects."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from organizations.fund_choices import (
    FundClass,
    FundSource,
    FundStage,
    ReceiptKind,
)
from organizations.fund_querysets import (
    FundLineQuerySet,
    FundProjectQuerySet,
    FundYearQuerySet,
    ReceiptQuerySet,
    StepQuerySet,
)
from organizations.fund_rules import Money
from organizations.models.organization import Organization


def money_column(label: str, **options: Any) -> models.DecimalField:
    """Yuan with two places, below a hundred million."""
    return models.DecimalField(label, max_digits=10, decimal_places=2, **options)


def person_column(label: str, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        **options,
    )


class FundYear(models.Model):
    """An organization's money of a year; once closed nothing more is written in it."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="fund_years",
    )
    year = models.PositiveSmallIntegerField("年度")
    closed_at = models.DateTimeField("年结时间", null=True, blank=True)
    closed_by = person_column("年结人", null=True, blank=True)

    objects = FundYearQuerySet.as_manager()

    class Meta:
        verbose_name = "经费年度"
        verbose_name_plural = "经费年度"
        ordering = ["-year", "organization__path"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_fundyear_once", fields=["organization", "year"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}{self.year}年经费"

    def get_absolute_url(self) -> str:
        return reverse(
            "organizations:fund-year", args=[self.organization_id, self.year]
        )

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class FundLine(models.Model):
    """A line of the budget: one source, one use, in one year."""

    fund_year = models.ForeignKey(
        FundYear,
        verbose_name="经费年度",
        on_delete=models.PROTECT,
        related_name="lines",
    )
    source = models.CharField("经费来源", max_length=10, choices=FundSource)
    name = models.CharField("用途", max_length=60)
    budget = money_column("预算")
    note = models.CharField("说明", max_length=200, blank=True, default="")
    made_by = person_column("登记人")
    made_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = FundLineQuerySet.as_manager()

    class Meta:
        verbose_name = "经费预算"
        verbose_name_plural = "经费预算"
        ordering = ["fund_year", "source", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_fundline_once",
                fields=["fund_year", "source", "name"],
                violation_error_message="这一年已有同一来源、同一用途的预算。",
            ),
            models.CheckConstraint(
                name="organizations_fundline_not_negative",
                condition=Q(budget__gte=0),
                violation_error_message="预算不能是负数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_source_display()}）"

    def get_absolute_url(self) -> str:
        return reverse("organizations:fund-line", args=[self.pk])

    @property
    def money(self) -> Money:
        """How it stands; for rows asked `with_money`."""
        row: Any = self
        return Money(row.allotted, row.reserved, row.paid, row.earmarked)


class FundReceipt(models.Model):
    """What came into a line, or went back (then less than nothing)."""

    line = models.ForeignKey(
        FundLine,
        verbose_name="经费预算",
        on_delete=models.PROTECT,
        related_name="receipts",
    )
    kind = models.CharField("种类", max_length=12, choices=ReceiptKind)
    amount = money_column("金额")
    received_on = models.DateField("日期")
    document = models.CharField("文号或凭证号", max_length=60, blank=True, default="")
    note = models.CharField("说明", max_length=200, blank=True, default="")
    # Each line is carried over once, whatever happens.
    carried_from = models.OneToOneField(
        FundLine,
        verbose_name="结转自",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried_to",
    )
    entered_by = person_column("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = person_column("撤回人", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "撤回原因", max_length=200, blank=True, default=""
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = "经费拨付"
        verbose_name_plural = "经费拨付"
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_fundreceipt_sign",
                condition=Q(kind__in=["allotted", "carried_in"], amount__gt=0)
                | Q(kind__in=["returned", "carried_out"], amount__lt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount:,.2f} 元"


class FundProject(models.Model):
    """A 为民服务专项 project: what of a line's money is for it, and how far it is."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="fund_projects",
    )
    # Where its money lies; closing a year takes what is under way into the next.
    line = models.ForeignKey(
        FundLine,
        verbose_name="经费预算",
        on_delete=models.PROTECT,
        related_name="projects",
    )
    title = models.CharField("项目名称", max_length=80)
    number = models.CharField("项目编号", max_length=30, blank=True, default="")
    category = models.CharField("项目类别", max_length=10, choices=FundClass)
    proposed_by = models.CharField("提出来源", max_length=80, blank=True, default="")
    summary = models.CharField("项目内容", max_length=300, blank=True, default="")
    budget = money_column("项目预算")
    planned_end = models.DateField("计划完成日期")
    stage = models.CharField(
        "进度", max_length=12, choices=FundStage, default=FundStage.REGISTERED
    )
    allotted = money_column("拨付金额", default=Decimal("0.00"))
    # What was left when it was accepted or stopped: free again for its line.
    returned = money_column("结余收回", default=Decimal("0.00"))
    accepted_on = models.DateField("验收日期", null=True, blank=True)
    published_on = models.DateField("公示日期", null=True, blank=True)
    stopped_on = models.DateField("终止日期", null=True, blank=True)
    stopped_reason = models.CharField(
        "终止原因", max_length=200, blank=True, default=""
    )
    made_by = person_column("登记人")
    made_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = FundProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "经费项目"
        verbose_name_plural = "经费项目"
        ordering = ["planned_end", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_fundproject_money",
                condition=Q(
                    budget__gt=0,
                    allotted__gte=0,
                    allotted__lte=F("budget"),
                    returned__gte=0,
                    returned__lte=F("allotted"),
                ),
                violation_error_message="拨付不能超过项目预算，收回不能超过拨付。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["planned_end", "id"], name="organizations_fundproject_end"
            ),
            models.Index(
                fields=["published_on", "id"], name="organizations_fundproject_pub"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("organizations:fund-project", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.published_on is not None or self.stopped_on is not None


class FundStep(models.Model):
    """A step of a project: when, by whom, what was decided. One taken back stays."""

    project = models.ForeignKey(
        FundProject,
        verbose_name="经费项目",
        on_delete=models.CASCADE,
        related_name="steps",
    )
    step = models.CharField("步骤", max_length=12, choices=FundStage)
    done_on = models.DateField("办理日期")
    decided_by = models.CharField("由谁办理", max_length=80)
    decision = models.CharField("决定和结果", max_length=300)
    recorded_by = person_column("登记人")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("退回时间", null=True, blank=True)
    withdrawn_by = person_column("退回人", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "退回原因", max_length=200, blank=True, default=""
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = "经费项目步骤"
        verbose_name_plural = "经费项目步骤"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_fundstep_once",
                fields=["project", "step"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.get_step_display()

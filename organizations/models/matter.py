"""Delegated matters: what a department hands down, with which power, money, people."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from organizations.matter_choices import MatterKind, MatterSpan, MatterState
from organizations.matter_querysets import MatterPartQuerySet, MatterQuerySet
from organizations.matter_rules import missing
from organizations.models.fund import money_column, person_column
from organizations.models.organization import Organization


class DelegatedMatter(models.Model):
    """准入社区工作事项: carried from the later of `admitted_on` and `starts_on` on."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="承担社区",
        on_delete=models.PROTECT,
        related_name="matters",
    )
    title = models.CharField("事项名称", max_length=80)
    department = models.CharField("交办部门", max_length=80)
    kind = models.CharField("事项类别", max_length=10, choices=MatterKind)
    span = models.CharField("期限类型", max_length=5, choices=MatterSpan)
    legal_basis = models.CharField("法规依据", max_length=300)
    duties = models.CharField("工作内容", max_length=500, blank=True, default="")
    power = models.CharField("下放权限", max_length=300, blank=True, default="")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("截止日期", null=True, blank=True)
    money_due = money_column("应到经费", default=Decimal("0.00"))
    money_due_on = models.DateField("应到日期", null=True, blank=True)
    staff_posted = models.PositiveSmallIntegerField("配备人员", default=0)
    equipment = models.CharField("配备设备", max_length=200, blank=True, default="")
    applied_on = models.DateField("申请日期")
    state = models.CharField(
        "状态", max_length=10, choices=MatterState, default=MatterState.APPLIED
    )
    admitted_on = models.DateField("准入日期", null=True, blank=True)
    ended_on = models.DateField("退出日期", null=True, blank=True)
    made_by = person_column("登记人")
    made_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = "准入事项"
        verbose_name_plural = "准入事项"
        ordering = ["-applied_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_matter_days",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="截止日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                name="organizations_matter_money",
                condition=Q(money_due=0)
                | Q(money_due__gt=0, money_due_on__isnull=False),
                violation_error_message="有应到经费的，请填写应到日期。",
            ),
            models.CheckConstraint(
                name="organizations_matter_state",
                condition=Q(
                    state__in=["applied", "examined", "refused", "withdrawn"],
                    admitted_on__isnull=True,
                    ended_on__isnull=True,
                )
                | Q(state="admitted", admitted_on__isnull=False, ended_on__isnull=True)
                | Q(state="ended", ended_on__gte=F("admitted_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["applied_on", "id"], name="organizations_matter_on"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("organizations:matter", args=[self.pk])

    @property
    def missing(self) -> list[str]:
        """What did not come along with the duty."""
        return missing(
            power=self.power,
            money_due=self.money_due,
            staff_posted=self.staff_posted,
            span=self.span,
        )


class DelegationStep(models.Model):
    """A step of a matter: when, by whom, on which paper. One taken back stays."""

    matter = models.ForeignKey(
        DelegatedMatter,
        verbose_name="准入事项",
        on_delete=models.CASCADE,
        related_name="steps",
    )
    step = models.CharField("步骤", max_length=10, choices=MatterState)
    done_on = models.DateField("办理日期")
    decided_by = models.CharField("由谁办理", max_length=80)
    document = models.CharField("会议纪要或文号", max_length=80, blank=True, default="")
    words = models.CharField("意见或原因", max_length=300, blank=True, default="")
    recorded_by = person_column("登记人")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("退回时间", null=True, blank=True)
    withdrawn_by = person_column("退回人", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "退回原因", max_length=200, blank=True, default=""
    )

    objects = MatterPartQuerySet.as_manager()

    class Meta:
        verbose_name = "准入步骤"
        verbose_name_plural = "准入步骤"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_delegationstep_once",
                fields=["matter", "step"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.get_step_display()


class MatterArrival(models.Model):
    """Money that came with a matter."""

    matter = models.ForeignKey(
        DelegatedMatter,
        verbose_name="准入事项",
        on_delete=models.PROTECT,
        related_name="arrivals",
    )
    amount = money_column("金额")
    received_on = models.DateField("到账日期")
    document = models.CharField("文号或凭证号", max_length=60, blank=True, default="")
    note = models.CharField("说明", max_length=200, blank=True, default="")
    entered_by = person_column("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = person_column("撤回人", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "撤回原因", max_length=200, blank=True, default=""
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = MatterPartQuerySet.as_manager()

    class Meta:
        verbose_name = "准入事项经费到账"
        verbose_name_plural = "准入事项经费到账"
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_matterarrival_some", condition=Q(amount__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:,.2f} 元"

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from activities.models import Activity
from activities.models.project import Taken
from config.lib.crypto import EncryptedTextField
from liaison.choices.agreements import ObligationState
from liaison.models.agreement import Agreement, Clause, ListItem
from liaison.querysets.agreements import (
    AgreementPartQuerySet,
    EvidenceQuerySet,
    ObligationQuerySet,
    ResourceUseQuerySet,
)


class Obligation(models.Model):
    """What one clause, or one project of the lists, owes by one day.

    It is met by evidence alone: nobody ticks it off.
    """

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="共建协议",
        on_delete=models.CASCADE,
        related_name="obligations",
    )
    clause = models.ForeignKey(
        Clause,
        verbose_name="条款",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="obligations",
    )
    item = models.OneToOneField(
        ListItem,
        verbose_name="项目",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="obligation",
    )
    starts_on = models.DateField("本期开始")
    due_on = models.DateField("本期期限")
    times = models.PositiveSmallIntegerField("应办次数", default=1)
    waived_at = models.DateTimeField("免办时间", null=True, blank=True)
    waived_reason = EncryptedTextField("免办原因", blank=True, default="")

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "应办事项"
        verbose_name_plural = "应办事项"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on", "id"], name="liaison_obligation_due")]
        constraints = [
            models.CheckConstraint(
                name="liaison_obligation_of_one",
                condition=Q(clause__isnull=False, item__isnull=True)
                | Q(clause__isnull=True, item__isnull=False),
            ),
            models.UniqueConstraint(
                name="liaison_obligation_once_a_day", fields=["clause", "due_on"]
            ),
            models.CheckConstraint(
                name="liaison_obligation_due_after_start",
                condition=Q(due_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause or self.item}（{self.due_on}前）"

    def get_absolute_url(self) -> str:
        return reverse("liaison:obligation", args=[self.pk])

    @property
    def words(self) -> str:
        return str(self.clause.words if self.clause else self.item)

    def state_on(self, today: date) -> str:
        """Where it stands; for rows asked `with_progress`."""
        if self.waived_at is not None:
            return ObligationState.WAIVED
        if self.given >= self.times:
            return ObligationState.DONE
        return (
            ObligationState.OVERDUE if self.due_on < today else ObligationState.COMING
        )


class ResourceUse(Taken):
    """That a resource of the lists was given: when, for what, how much, to whom."""

    item = models.ForeignKey(
        ListItem, verbose_name="资源", on_delete=models.PROTECT, related_name="uses"
    )
    used_on = models.DateField("使用日期")
    words = models.CharField("用于什么", max_length=200)
    money = models.DecimalField(
        "金额（元）", max_digits=12, decimal_places=2, null=True, blank=True
    )
    people = models.PositiveIntegerField("受益人数", null=True, blank=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ResourceUseQuerySet.as_manager()

    class Meta:
        verbose_name = "资源使用记录"
        verbose_name_plural = "资源使用记录"
        ordering = ["-used_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_resourceuse_some_money",
                condition=Q(money__isnull=True) | Q(money__gt=0),
                violation_error_message="金额应大于0。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.used_on}"


class Evidence(models.Model):
    """What shows that an obligation was met: something recorded elsewhere."""

    obligation = models.ForeignKey(
        Obligation,
        verbose_name="应办事项",
        on_delete=models.CASCADE,
        related_name="evidence",
    )
    activity = models.ForeignKey(
        Activity,
        verbose_name="活动",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agreement_evidence",
    )
    use = models.ForeignKey(
        ResourceUse,
        verbose_name="资源使用记录",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="evidence",
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    given_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "履行依据"
        verbose_name_plural = "履行依据"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_evidence_of_one",
                condition=Q(activity__isnull=False, use__isnull=True)
                | Q(activity__isnull=True, use__isnull=False),
            ),
            models.UniqueConstraint(
                name="liaison_evidence_activity_once",
                fields=["obligation", "activity"],
                violation_error_message="这次活动已经是这一项的依据。",
            ),
            models.UniqueConstraint(
                name="liaison_evidence_use_once",
                fields=["obligation", "use"],
                violation_error_message="这条使用记录已经是这一项的依据。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.activity or self.use)


class AgreementReport(models.Model):
    """What the community reports to the street of one quarter; figures as they were."""

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="共建协议",
        on_delete=models.CASCADE,
        related_name="reports",
    )
    quarter_start = models.DateField("季度第一天")
    words = models.TextField("履行情况", max_length=1000)
    due = models.PositiveSmallIntegerField("本季应办")
    done = models.PositiveSmallIntegerField("已办")
    overdue = models.PositiveSmallIntegerField("逾期")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="报告人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    filed_at = models.DateTimeField("报告时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = AgreementPartQuerySet.as_manager()

    class Meta:
        verbose_name = "共建季度报告"
        verbose_name_plural = "共建季度报告"
        ordering = ["-quarter_start"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_agreementreport_once",
                fields=["agreement", "quarter_start"],
                violation_error_message="这个季度已经报告过。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.quarter_start}"

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from activities.models import Activity
from config.lib.crypto import EncryptedTextField
from config.lib.periods import Quarter
from liaison.choices.agreements import ObligationState
from liaison.choices.pairs import PAIR_FIELD_CHOICES
from liaison.models.agreement import Agreement
from liaison.querysets.pairs import (
    PairActivityQuerySet,
    PairPartQuerySet,
    PairQuerySet,
    PairTaskQuerySet,
)
from organizations.models import Organization, WorkUnit


class Pair(models.Model):
    """结对共建 of a Party organization with units or other organizations, in one field.

    It stands on [starts_on, ended_on).
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="pairs",
    )
    title = models.CharField("对子名称", max_length=80)
    field = models.CharField("共建领域", max_length=15, choices=PAIR_FIELD_CHOICES)
    starts_on = models.DateField("结对日期")
    purpose = models.CharField("共建目标", max_length=300, blank=True, default="")
    # Names of people in office, as on agreements.
    liaison_name = models.CharField("社区联络人", max_length=50, blank=True, default="")
    agreement = models.ForeignKey(
        Agreement,
        verbose_name="所依据的协议",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pairs",
    )
    ended_on = models.DateField("结束日期", null=True, blank=True)
    ended_reason = EncryptedTextField("结束原因", blank=True, default="")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    begun_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = "结对共建"
        verbose_name_plural = "结对共建"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_pair_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("starts_on")),
                violation_error_message="结束日期应晚于结对日期。",
            ),
        ]
        indexes = [models.Index(fields=["starts_on", "id"], name="liaison_pair_start")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("liaison:pair", args=[self.pk])

    @property
    def is_ended(self) -> bool:
        return self.ended_on is not None


class PairPartner(models.Model):
    """The other side of a pair: a work unit or another Party organization."""

    pair = models.ForeignKey(
        Pair, verbose_name="对子", on_delete=models.CASCADE, related_name="partners"
    )
    unit = models.ForeignKey(
        WorkUnit,
        verbose_name="结对单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pair_partners",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="结对党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pair_partners",
    )
    liaison_name = models.CharField("联络人", max_length=50, blank=True, default="")

    objects = PairPartQuerySet.as_manager()

    class Meta:
        verbose_name = "结对成员"
        verbose_name_plural = "结对成员"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_pairpartner_of_one",
                condition=Q(unit__isnull=False, organization__isnull=True)
                | Q(unit__isnull=True, organization__isnull=False),
            ),
            models.UniqueConstraint(
                name="liaison_pairpartner_unit_once", fields=["pair", "unit"]
            ),
            models.UniqueConstraint(
                name="liaison_pairpartner_org_once", fields=["pair", "organization"]
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit or self.organization)


class PairTask(models.Model):
    """A planned item of the year. It is done by an activity, not by a tick."""

    pair = models.ForeignKey(
        Pair, verbose_name="对子", on_delete=models.CASCADE, related_name="tasks"
    )
    words = models.CharField("内容", max_length=200)
    # The last day of the quarter where the item is planned by quarter.
    due_on = models.DateField("完成期限")
    is_by_quarter = models.BooleanField("按季度", default=False)
    # Whose it is; the Party organization's itself without one.
    partner = models.ForeignKey(
        PairPartner,
        verbose_name="哪一方牵头",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
    )
    owner_name = models.CharField("负责人", max_length=50, blank=True, default="")
    waived_at = models.DateTimeField("取消时间", null=True, blank=True)
    waived_reason = EncryptedTextField("取消原因", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = PairTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "结对计划事项"
        verbose_name_plural = "结对计划事项"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on", "id"], name="liaison_pairtask_due")]

    def __str__(self) -> str:
        return self.words

    @property
    def due_text(self) -> str:
        if self.is_by_quarter:
            return Quarter.containing(self.due_on).title
        return self.due_on.isoformat()

    def state_on(self, today: date) -> str:
        """Where it stands; for rows asked `with_done`."""
        if self.waived_at is not None:
            return ObligationState.WAIVED
        if self.is_done:
            return ObligationState.DONE
        return (
            ObligationState.OVERDUE if self.due_on < today else ObligationState.COMING
        )


class PairActivity(models.Model):
    """That an activity recorded by the branch was one of the pair."""

    pair = models.ForeignKey(
        Pair,
        verbose_name="对子",
        on_delete=models.CASCADE,
        related_name="pair_activities",
    )
    activity = models.ForeignKey(
        Activity,
        verbose_name="活动",
        on_delete=models.PROTECT,
        related_name="pair_activities",
    )
    task = models.ForeignKey(
        PairTask,
        verbose_name="完成哪项计划",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pair_activities",
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = PairActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "结对活动"
        verbose_name_plural = "结对活动"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_pairactivity_once",
                fields=["pair", "activity"],
                violation_error_message="这次活动已经列入这个对子。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.activity)


class PairOutcome(models.Model):
    """What came of a pair in a year, in words; its figures are counted, never typed."""

    pair = models.ForeignKey(
        Pair, verbose_name="对子", on_delete=models.CASCADE, related_name="outcomes"
    )
    year = models.PositiveSmallIntegerField("年份")
    words = EncryptedTextField("成效")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="填写人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    written_at = models.DateTimeField("填写时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = PairPartQuerySet.as_manager()

    class Meta:
        verbose_name = "结对成效"
        verbose_name_plural = "结对成效"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_pairoutcome_once", fields=["pair", "year"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pair} {self.year}年"

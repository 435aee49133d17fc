from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from liaison.choices.agreements import JointField, ListKind, ResourceKind, Rhythm
from liaison.querysets.agreements import (
    AgreementPartQuerySet,
    AgreementQuerySet,
)
from liaison.rules import agreements as rules
from organizations.models import Organization, StoredFile, WorkUnit


class Agreement(models.Model):
    """联创共建协议书 of a Party organization with resident units.

    In force on [starts_on, ends_on] from the day it is signed, both days included;
    `ended_on` is the first day it no longer holds. The street witnesses it.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="agreements",
    )
    title = models.CharField("协议名称", max_length=80)
    number = models.CharField("协议编号", max_length=40, blank=True, default="")
    purpose = models.TextField("共建目标", max_length=1000, blank=True, default="")
    starts_on = models.DateField("生效日期")
    ends_on = models.DateField("到期日期")
    # Who keeps in touch and who signed: names of people in office.
    liaison_name = models.CharField("社区联络人", max_length=50, blank=True, default="")
    signatory = models.CharField("社区签字人", max_length=50, blank=True, default="")
    witness = models.ForeignKey(
        Organization,
        verbose_name="见证的街道党工委",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    signed_on = models.DateField("签订日期", null=True, blank=True)
    scan = models.ForeignKey(
        StoredFile,
        verbose_name="签字盖章的扫描件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ended_on = models.DateField("终止日期", null=True, blank=True)
    ended_reason = models.CharField("终止原因", max_length=200, blank=True, default="")
    renews = models.OneToOneField(
        "self",
        verbose_name="续签自",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renewal",
    )
    discarded_at = models.DateTimeField("作废时间", null=True, blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="拟稿人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    drawn_at = models.DateTimeField("拟稿时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "共建协议"
        verbose_name_plural = "共建协议"
        ordering = ["ends_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_agreement_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="到期日期应晚于生效日期。",
            ),
            models.CheckConstraint(
                name="liaison_agreement_ended_when_signed",
                condition=Q(ended_on__isnull=True) | Q(signed_on__isnull=False),
                violation_error_message="没有签订的协议不能终止。",
            ),
        ]
        indexes = [models.Index(fields=["ends_on", "id"], name="liaison_agreement_end")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("liaison:agreement", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.signed_on is None and self.discarded_at is None

    @property
    def is_kept(self) -> bool:
        """Whether its obligations may still be met and its lists be kept."""
        return self.signed_on is not None and self.ended_on is None

    def state_on(self, today: date, expiring_days: int) -> str:
        return rules.state_of(
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            is_signed=self.signed_on is not None,
            ended_on=self.ended_on,
            today=today,
            expiring_days=expiring_days,
        )


class AgreementParty(models.Model):
    """A unit that is party to an agreement."""

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="共建协议",
        on_delete=models.CASCADE,
        related_name="parties",
    )
    unit = models.ForeignKey(
        WorkUnit,
        verbose_name="共建单位",
        on_delete=models.PROTECT,
        related_name="agreement_parties",
    )
    signatory = models.CharField("单位签字人", max_length=50, blank=True, default="")
    liaison_name = models.CharField("单位联络人", max_length=50, blank=True, default="")

    objects = AgreementPartQuerySet.as_manager()

    class Meta:
        verbose_name = "共建单位"
        verbose_name_plural = "共建单位"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_agreementparty_once",
                fields=["agreement", "unit"],
                violation_error_message="这个单位已是协议的一方。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Clause(models.Model):
    """One numbered promise; `party` is None where the Party organization made it."""

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="共建协议",
        on_delete=models.CASCADE,
        related_name="clauses",
    )
    number = models.PositiveSmallIntegerField("条款序号")
    field = models.CharField("共建领域", max_length=15, choices=JointField)
    words = models.CharField("条款内容", max_length=300)
    party = models.ForeignKey(
        AgreementParty,
        verbose_name="承办方",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="clauses",
    )
    rhythm = models.CharField("履行频次", max_length=10, choices=Rhythm)
    times = models.PositiveSmallIntegerField("每期次数", default=1)
    due_on = models.DateField("办结期限", null=True, blank=True)

    objects = AgreementPartQuerySet.as_manager()

    class Meta:
        verbose_name = "协议条款"
        verbose_name_plural = "协议条款"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_clause_one_number", fields=["agreement", "number"]
            ),
            models.CheckConstraint(
                name="liaison_clause_some_times",
                condition=Q(times__gte=1) & Q(times__lte=rules.MOST_TIMES),
                violation_error_message="每期次数应在1到50之间。",
            ),
            models.CheckConstraint(
                name="liaison_clause_due_when_once",
                condition=Q(rhythm="once", due_on__isnull=False)
                | (~Q(rhythm="once") & Q(due_on__isnull=True)),
                violation_error_message="只办一次的条款要写办结期限，其他的不写。",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}条"


class ListItem(models.Model):
    """A line of the lists of resources, needs and projects (三张清单)."""

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="共建协议",
        on_delete=models.CASCADE,
        related_name="items",
    )
    kind = models.CharField("清单", max_length=10, choices=ListKind)
    category = models.CharField("类别", max_length=15, choices=ResourceKind)
    words = models.CharField("内容", max_length=200)
    amount = models.CharField("数量或金额", max_length=60, blank=True, default="")
    available = models.CharField("何时可用", max_length=60, blank=True, default="")
    # Who offers, needs or carries it out; the Party organization itself without one.
    party = models.ForeignKey(
        AgreementParty,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="items",
    )
    due_on = models.DateField("完成期限", null=True, blank=True)
    met_by = models.ForeignKey(
        "self",
        verbose_name="由哪项资源或项目满足",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meets",
    )
    removed_at = models.DateTimeField("移出时间", null=True, blank=True)
    removed_reason = EncryptedTextField("移出原因", blank=True, default="")
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = AgreementPartQuerySet.as_manager()

    class Meta:
        verbose_name = "清单事项"
        verbose_name_plural = "清单事项"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_listitem_due_of_project",
                condition=Q(kind="project", due_on__isnull=False)
                | (~Q(kind="project") & Q(due_on__isnull=True)),
                violation_error_message="项目要写完成期限，资源和需求不写。",
            ),
            models.CheckConstraint(
                name="liaison_listitem_needs_are_met",
                condition=Q(met_by__isnull=True) | Q(kind="need"),
                violation_error_message="只有需求才由资源或项目满足。",
            ),
        ]

    def __str__(self) -> str:
        return self.words

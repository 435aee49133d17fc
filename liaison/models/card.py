from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from config.lib.crypto import EncryptedTextField
from liaison.choices import CardEndReason, EntryKind
from liaison.querysets import CardEntryQuerySet, LiaisonCardQuerySet
from members.models import Member
from organizations.models import Organization, WorkUnit


class LiaisonCard(models.Model):
    """党员联系卡: what an in-post member does in the community where he lives."""

    EndReason = CardEndReason

    number = models.CharField("卡号", max_length=30, unique=True)
    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="cards"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="社区党支部",
        on_delete=models.PROTECT,
        related_name="cards",
    )
    home_unit = models.ForeignKey(
        WorkUnit,
        verbose_name="工作单位",
        on_delete=models.PROTECT,
        related_name="cards",
    )
    profession = models.CharField("职业", max_length=60, blank=True, default="")
    wishes = models.CharField("服务意向", max_length=200, blank=True, default="")
    free_time = models.CharField("空闲时间", max_length=100, blank=True, default="")
    starts_on = models.DateField("建卡日期")
    ends_on = models.DateField("注销日期", null=True, blank=True)
    end_reason = models.CharField(
        "注销原因", max_length=20, choices=CardEndReason, blank=True, default=""
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="建卡人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = LiaisonCardQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "党员联系卡"
        verbose_name_plural = "党员联系卡"
        ordering = ["number"]
        indexes = [
            models.Index(
                fields=["home_unit", "member"],
                name="liaison_card_open_by_unit",
                condition=Q(ends_on__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="liaison_card_one_open",
                fields=["member"],
                condition=Q(ends_on__isnull=True),
                violation_error_message="该党员已有一张在用的联系卡。",
            ),
            models.CheckConstraint(
                name="liaison_card_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="注销日期不能早于建卡日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("liaison:card-detail", args=[self.pk])


class CardEntry(models.Model):
    """One service or one remark on daily conduct, outside any activity."""

    Kind = EntryKind

    card = models.ForeignKey(
        LiaisonCard,
        verbose_name="联系卡",
        on_delete=models.PROTECT,
        related_name="entries",
    )
    kind = models.CharField("类别", max_length=10, choices=EntryKind)
    occurred_on = models.DateField("日期")
    hours = models.DecimalField(
        "时长（小时）", max_digits=4, decimal_places=1, default=Decimal("0")
    )
    content = models.CharField("内容", max_length=300)
    # What a resident said of it, who is not named.
    resident_words = EncryptedTextField("群众评价", blank=True, default="")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    written_at = models.DateTimeField("记录时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "撤回原因", max_length=200, blank=True, default=""
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = CardEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "联系卡记录"
        verbose_name_plural = "联系卡记录"
        ordering = ["-occurred_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="liaison_cardentry_hours_plausible",
                condition=Q(hours__gte=0) & Q(hours__lte=24),
                violation_error_message="时长应在 0 到 24 小时之间。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["card", "occurred_on"], name="liaison_cardentry_by_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.occurred_on}"

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from liaison.choices.reports import REPORT_TONES, AnswerKind, ReportKind, ReportState
from liaison.models.card import LiaisonCard
from liaison.models.feedback import Delivery, FeedbackPacket, Receipt
from liaison.querysets.reports import UnitReportQuerySet
from organizations.models import Organization, WorkUnit


class MemberAnswer(models.Model):
    """The unit's word on one member, given with its confirmation."""

    receipt = models.ForeignKey(
        Receipt, verbose_name="回执", on_delete=models.PROTECT, related_name="answers"
    )
    card = models.ForeignKey(
        LiaisonCard,
        verbose_name="联系卡",
        on_delete=models.PROTECT,
        related_name="answers",
    )
    kind = models.CharField("答复", max_length=10, choices=AnswerKind)
    words = EncryptedTextField("说明", blank=True, default="")

    class Meta:
        verbose_name = "单位对党员的答复"
        verbose_name_plural = "单位对党员的答复"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_memberanswer_once", fields=["receipt", "card"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.get_kind_display()}"


class UnitReport(models.Model):
    """What a home unit tells of a person: a to-do, and nothing more until settled."""

    Kind = ReportKind
    State = ReportState

    packet = models.ForeignKey(
        FeedbackPacket,
        verbose_name="反馈材料",
        on_delete=models.PROTECT,
        related_name="reports",
    )
    work_unit = models.ForeignKey(
        WorkUnit,
        verbose_name="工作单位",
        on_delete=models.PROTECT,
        related_name="reports",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="办理的党组织",
        on_delete=models.PROTECT,
        related_name="unit_reports",
    )
    # Nobody for whom a card is kept yet: then the name alone is known.
    card = models.ForeignKey(
        LiaisonCard,
        verbose_name="联系卡",
        null=True,
        on_delete=models.PROTECT,
        related_name="unit_reports",
    )
    kind = models.CharField("类别", max_length=10, choices=ReportKind)
    person_name = EncryptedTextField("姓名")
    words = EncryptedTextField("内容", blank=True, default="")
    told_by = models.CharField("反映人", max_length=50)
    told_at = models.DateTimeField("反映时间", auto_now_add=True)
    delivery = models.ForeignKey(
        Delivery,
        verbose_name="送达记录",
        null=True,
        on_delete=models.PROTECT,
        related_name="reports",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        "状态", max_length=10, choices=ReportState, default=ReportState.OPEN
    )
    # The unit reads this.
    reply = EncryptedTextField("答复", blank=True, default="")
    settled_at = models.DateTimeField("办结时间", null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="办理人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = UnitReportQuerySet.as_manager()

    class Meta:
        verbose_name = "单位反映"
        verbose_name_plural = "单位反映"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["organization", "told_at"],
                name="liaison_unitreport_open",
                condition=Q(state=ReportState.OPEN),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="liaison_unitreport_settled_has_time",
                condition=Q(state=ReportState.OPEN, settled_at__isnull=True)
                | (~Q(state=ReportState.OPEN) & Q(settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.packet} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("liaison:report-detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return REPORT_TONES[ReportState(self.state)]

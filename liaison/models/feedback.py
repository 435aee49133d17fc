import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from config.lib.periods import parse_period
from liaison.choices import (
    PACKET_TONES,
    FeedbackState,
    PacketState,
    PeriodKind,
)
from liaison.models.card import LiaisonCard
from liaison.models.sending import Sending
from liaison.querysets import (
    DeliveryQuerySet,
    FeedbackPacketQuerySet,
    FeedbackPeriodQuerySet,
    FeedbackRemarkQuerySet,
)
from liaison.rules import supplement_title
from organizations.choices import FeedbackChannel
from organizations.models import Organization, WorkUnit


class FeedbackPeriod(models.Model):
    """One round of feedback of a street; half-open in time: [starts_on, ends_on)."""

    Kind = PeriodKind
    State = FeedbackState

    organization = models.ForeignKey(
        Organization,
        verbose_name="街道",
        on_delete=models.PROTECT,
        related_name="feedback_periods",
    )
    kind = models.CharField("周期", max_length=10, choices=PeriodKind)
    # Of every unit but those with a rhythm of their own; otherwise of these alone.
    is_general = models.BooleanField("街道统一周期", default=True)
    label = models.CharField("期号", max_length=10)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("截止日期（不含）")
    due_on = models.DateField("填写期限")
    state = models.CharField(
        "状态", max_length=10, choices=FeedbackState, default=FeedbackState.OPEN
    )
    opened_at = models.DateTimeField("开启时间", auto_now_add=True)
    reminded_on = models.DateField("最近催办", null=True)
    closed_at = models.DateTimeField("截止时间", null=True)
    built_at = models.DateTimeField("生成时间", null=True)
    # Asked for where the street has switched this step on.
    approved_at = models.DateTimeField("批准时间", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="批准人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = FeedbackPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "反馈期"
        verbose_name_plural = "反馈期"
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_feedbackperiod_once",
                fields=["organization", "label"],
                violation_error_message="这一期反馈已经开启。",
            ),
            models.CheckConstraint(
                name="liaison_feedbackperiod_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("liaison:period-detail", args=[self.pk])

    @property
    def title(self) -> str:
        """The name a reader knows: 2026年第三季度."""
        return parse_period(self.label).title

    @property
    def last_on(self) -> dt.date:
        """The last day that counts; `ends_on` is the day after."""
        return self.ends_on - dt.timedelta(days=1)


class FeedbackRemark(models.Model):
    """The community's words and grade on one card for one period."""

    period = models.ForeignKey(
        FeedbackPeriod,
        verbose_name="反馈期",
        on_delete=models.PROTECT,
        related_name="remarks",
    )
    card = models.ForeignKey(
        LiaisonCard,
        verbose_name="联系卡",
        on_delete=models.PROTECT,
        related_name="remarks",
    )
    # A value of the list parameter `liaison.feedback_grades`.
    grade = models.CharField("等次", max_length=20)
    words = models.CharField("评语", max_length=300)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="填写人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    written_at = models.DateTimeField("填写时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = FeedbackRemarkQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "反馈评语"
        verbose_name_plural = "反馈评语"
        constraints = [
            models.UniqueConstraint(
                name="liaison_feedbackremark_once", fields=["period", "card"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.period.label}"


class FeedbackPacket(models.Model):
    """What one home unit receives for one period, frozen when it is built.

    What turns out wrong afterwards goes out as a numbered supplement: a packet of its
    own, frozen, handed over and confirmed apart, while the first stays what it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    period = models.ForeignKey(
        FeedbackPeriod,
        verbose_name="反馈期",
        on_delete=models.PROTECT,
        related_name="packets",
    )
    work_unit = models.ForeignKey(
        WorkUnit,
        verbose_name="工作单位",
        on_delete=models.PROTECT,
        related_name="packets",
    )
    corrects = models.ForeignKey(
        "self",
        verbose_name="补充的材料",
        null=True,
        on_delete=models.PROTECT,
        related_name="supplements",
    )
    # 0 for the packet itself.
    supplement_number = models.PositiveSmallIntegerField("补充号", default=0)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签发人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)
    number = models.CharField("编号", max_length=40, unique=True)
    content = models.JSONField("内容")
    content_sha256 = models.CharField("内容散列", max_length=64)
    member_count = models.PositiveIntegerField("党员数")
    built_at = models.DateTimeField("生成时间", auto_now_add=True)
    channel = models.CharField("送达方式", max_length=10, choices=FeedbackChannel)
    sent_at = models.DateTimeField("送达时间", null=True)
    reminded_at = models.DateTimeField("催办时间", null=True)

    objects = FeedbackPacketQuerySet.as_manager()

    class Meta:
        verbose_name = "反馈材料"
        verbose_name_plural = "反馈材料"
        ordering = ["period", "number"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_feedbackpacket_once",
                fields=["period", "work_unit", "supplement_number"],
            ),
            models.CheckConstraint(
                name="liaison_feedbackpacket_supplement_of_one",
                condition=Q(supplement_number=0, corrects__isnull=True)
                | Q(supplement_number__gt=0, corrects__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("liaison:packet-detail", args=[self.pk])

    @property
    def title(self) -> str:
        """What a reader calls it: 2026年第三季度反馈补充第1号."""
        return f"{self.period.title}反馈{supplement_title(self.supplement_number)}"

    @property
    def shown_state(self) -> str:
        """The label of `board_state`, which `with_state()` adds."""
        return PacketState(self.board_state).label

    @property
    def state_tone(self) -> str:
        return PACKET_TONES[self.board_state]


class Delivery(Sending):
    """One attempt to hand a packet over; the link opens one packet and nothing else."""

    packet = models.ForeignKey(
        FeedbackPacket,
        verbose_name="反馈材料",
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    channel = models.CharField("方式", max_length=10, choices=FeedbackChannel)
    attempt = models.PositiveSmallIntegerField("第几次", default=1)
    recipient = models.CharField("收件人", max_length=254, blank=True, default="")
    message_id = models.CharField("邮件编号", max_length=120, blank=True, default="")
    # Only the digest of a link's token is kept: a copy of the database opens nothing.
    token_sha256 = models.CharField(max_length=64, blank=True, default="")
    expires_at = models.DateTimeField("失效时间", null=True)
    opened_at = models.DateTimeField("打开时间", null=True)
    used_at = models.DateTimeField("使用时间", null=True)
    revoked_at = models.DateTimeField("作废时间", null=True)
    sent_at = models.DateTimeField("送达时间", null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "送达记录"
        verbose_name_plural = "送达记录"
        ordering = ["packet", "attempt"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_delivery_attempt_once", fields=["packet", "attempt"]
            ),
            models.UniqueConstraint(
                name="liaison_delivery_token_once",
                fields=["token_sha256"],
                condition=~Q(token_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.packet} {self.get_channel_display()} {self.attempt}"


class Receipt(models.Model):
    """The unit's confirmation of one packet."""

    packet = models.OneToOneField(
        FeedbackPacket,
        verbose_name="反馈材料",
        on_delete=models.PROTECT,
        related_name="receipt",
    )
    confirmed_by = models.CharField("确认人", max_length=50)
    confirmed_at = models.DateTimeField("确认时间", auto_now_add=True)
    words = models.CharField("回复", max_length=500, blank=True, default="")
    delivery = models.ForeignKey(
        Delivery,
        verbose_name="送达记录",
        null=True,
        on_delete=models.PROTECT,
        related_name="receipts",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="纸质回执由工作人员登记；网上确认时为空。",
    )

    class Meta:
        verbose_name = "回执"
        verbose_name_plural = "回执"
        ordering = ["-confirmed_at"]

    def __str__(self) -> str:
        return f"{self.packet} {self.confirmed_by}"

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from liaison.choices.conferences import DecisionState, Presence
from liaison.models.conference import ConferenceSeat
from liaison.models.meeting import ConferenceMeeting, ConferenceTopic
from liaison.models.obligation import Obligation
from liaison.querysets.conferences import (
    AgendaQuerySet,
    ConferenceDecisionQuerySet,
    OfDecisionQuerySet,
    OfMeetingQuerySet,
)


class AgendaItem(models.Model):
    """A matter offered for a meeting's agenda, taken or left by the keeper.

    It comes of a topic, of what an agreement owes, of an earlier decision, or was
    written by the keeper; `title` is what it was called then.
    """

    meeting = models.ForeignKey(
        ConferenceMeeting,
        verbose_name="联席会议",
        on_delete=models.PROTECT,
        related_name="agenda",
    )
    number = models.PositiveSmallIntegerField("序号", default=0)
    title = models.CharField("议题", max_length=200)
    proposer = models.CharField("提出单位", max_length=120)
    topic = models.ForeignKey(
        ConferenceTopic,
        verbose_name="征集的议题",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    obligation = models.ForeignKey(
        Obligation,
        verbose_name="逾期的共建条款",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    decision = models.ForeignKey(
        "ConferenceDecision",
        verbose_name="以前的议定事项",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    is_taken = models.BooleanField("列入议程", default=True)
    points = EncryptedTextField("讨论要点", blank=True, default="")

    objects = AgendaQuerySet.as_manager()

    class Meta:
        verbose_name = "会议议程"
        verbose_name_plural = "会议议程"
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_agendaitem_topic_once", fields=["meeting", "topic"]
            ),
            models.UniqueConstraint(
                name="liaison_agendaitem_obligation_once",
                fields=["meeting", "obligation"],
            ),
            models.UniqueConstraint(
                name="liaison_agendaitem_decision_once", fields=["meeting", "decision"]
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """What it comes of, as the form of the agenda names it."""
        for name in ("topic", "obligation", "decision"):
            if (pk := getattr(self, f"{name}_id")) is not None:
                return f"{name}-{pk}"
        return f"own-{self.pk}"


class ConferenceAttendance(models.Model):
    """Whether a unit was there, by whom; the name stays as it was on that day."""

    names_a_person = True

    meeting = models.ForeignKey(
        ConferenceMeeting,
        verbose_name="联席会议",
        on_delete=models.PROTECT,
        related_name="attendance",
    )
    seat = models.ForeignKey(
        ConferenceSeat,
        verbose_name="成员单位",
        on_delete=models.PROTECT,
        related_name="attendance",
    )
    presence = models.CharField("到会", max_length=10, choices=Presence)
    name = models.CharField("参加人", max_length=50, blank=True, default="")
    reason = EncryptedTextField("缺席原因", blank=True, default="")

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "到会情况"
        verbose_name_plural = "到会情况"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_conferenceattendance_once", fields=["meeting", "seat"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.seat_id}"


class ConferenceDecision(models.Model):
    """议定事项 of a meeting: who does it, by when; `seat` is None for the caller."""

    meeting = models.ForeignKey(
        ConferenceMeeting,
        verbose_name="联席会议",
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    item = models.ForeignKey(
        AgendaItem,
        verbose_name="议题",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    words = models.CharField("议定事项", max_length=200)
    seat = models.ForeignKey(
        ConferenceSeat,
        verbose_name="责任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    due_on = models.DateField("办理期限")
    closed_on = models.DateField("办结日期", null=True, blank=True)
    outcome = EncryptedTextField("办结情况", blank=True, default="")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记办结的人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ConferenceDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "议定事项"
        verbose_name_plural = "议定事项"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on", "id"], name="liaison_decision_due")]
        constraints = [
            models.CheckConstraint(
                name="liaison_conferencedecision_closed_by_somebody",
                condition=Q(closed_on__isnull=True) | Q(closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        return reverse("liaison:decision", args=[self.pk])

    @property
    def owner(self) -> str:
        return str(self.seat or self.meeting.conference.organization)

    def state_on(self, today: date) -> str:
        if self.closed_on is not None:
            return DecisionState.CLOSED
        return DecisionState.OVERDUE if self.due_on < today else DecisionState.OPEN


class DecisionNote(models.Model):
    """How a decision goes on: who wrote it down, and when."""

    names_a_person = True

    decision = models.ForeignKey(
        ConferenceDecision,
        verbose_name="议定事项",
        on_delete=models.PROTECT,
        related_name="notes",
    )
    words = EncryptedTextField("进展")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    noted_at = models.DateTimeField("登记时间", auto_now_add=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = OfDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "办理进展"
        verbose_name_plural = "办理进展"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.pk}"

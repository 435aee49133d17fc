from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from liaison.models.conference import Conference, ConferenceSeat
from liaison.models.links import SignedLink
from liaison.querysets.conferences import (
    MeetingQuerySet,
    OfMeetingQuerySet,
    TopicQuerySet,
)
from liaison.rules import conferences as rules


class ConferenceMeeting(models.Model):
    """One meeting of a conference: called with a notice, topics taken until a day.

    `topics_until` is the last day for topics; None where none are collected.
    """

    conference = models.ForeignKey(
        Conference,
        verbose_name="党建联席会",
        on_delete=models.PROTECT,
        related_name="meetings",
    )
    title = models.CharField("会议名称", max_length=80)
    meets_on = models.DateField("开会日期")
    begins_at = models.TimeField("开会时间")
    place = models.CharField("地点", max_length=120)
    chair = models.CharField("主持人", max_length=50)
    notice = models.TextField("通知内容", max_length=1000)
    topics_until = models.DateField("议题征集截止", null=True, blank=True)
    held_at = models.DateTimeField("登记召开时间", null=True, blank=True)
    recorder = models.CharField("记录人", max_length=50, blank=True, default="")
    minutes_words = EncryptedTextField("其他记录", blank=True, default="")
    minuted_at = models.DateTimeField("填写记录时间", null=True, blank=True)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancelled_reason = models.CharField(
        "取消原因", max_length=200, blank=True, default=""
    )
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="召集人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    called_at = models.DateTimeField("通知时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "联席会议"
        verbose_name_plural = "联席会议"
        ordering = ["-meets_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_conferencemeeting_topics_before",
                condition=Q(topics_until__isnull=True)
                | Q(topics_until__lt=F("meets_on")),
                violation_error_message="征集截止日期应早于开会日期。",
            ),
            models.CheckConstraint(
                name="liaison_conferencemeeting_held_or_off",
                condition=Q(held_at__isnull=True) | Q(cancelled_at__isnull=True),
                violation_error_message="取消的会议不能登记召开。",
            ),
        ]
        indexes = [
            models.Index(fields=["meets_on", "id"], name="liaison_meeting_day"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("liaison:meeting", args=[self.pk])

    @property
    def is_off(self) -> bool:
        return self.cancelled_at is not None

    def state_on(self, today: date) -> str:
        return rules.meeting_state(
            meets_on=self.meets_on,
            topics_until=self.topics_until,
            is_off=self.is_off,
            is_held=self.held_at is not None,
            today=today,
        )


class MeetingLink(SignedLink):
    """A member unit's link to one meeting."""

    meeting = models.ForeignKey(
        ConferenceMeeting,
        verbose_name="联席会议",
        on_delete=models.PROTECT,
        related_name="links",
    )
    seat = models.ForeignKey(
        ConferenceSeat,
        verbose_name="成员单位",
        on_delete=models.PROTECT,
        related_name="links",
    )

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "会议链接"
        verbose_name_plural = "会议链接"
        ordering = ["-attempt"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_meetinglink_attempt",
                fields=["meeting", "seat", "attempt"],
            ),
            models.UniqueConstraint(
                name="liaison_meetinglink_one_working",
                fields=["meeting", "seat"],
                condition=Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.seat_id} {self.attempt}"


class ConferenceTopic(models.Model):
    """A topic put forward for a meeting; `seat` is None where the caller did.

    `recorded_by` is None for one that came by the unit's own link.
    """

    names_a_person = True

    meeting = models.ForeignKey(
        ConferenceMeeting,
        verbose_name="联席会议",
        on_delete=models.PROTECT,
        related_name="topics",
    )
    seat = models.ForeignKey(
        ConferenceSeat,
        verbose_name="提出单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="topics",
    )
    title = models.CharField("议题", max_length=100)
    words = EncryptedTextField("说明", blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = EncryptedTextField("撤回原因", blank=True, default="")
    request_id = models.UUIDField(null=True, editable=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "联席会议题"
        verbose_name_plural = "联席会议题"
        ordering = ["pk"]
        constraints = [
            # Of each unit by itself: what another sent cannot stand in its way.
            models.UniqueConstraint(
                name="liaison_conferencetopic_once",
                fields=["meeting", "seat", "request_id"],
            ),
        ]

    def __str__(self) -> str:
        return self.title

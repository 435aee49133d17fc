from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from liaison.models.conference import ConferenceSeat
from liaison.models.meeting import ConferenceMeeting
from liaison.querysets.conferences import BriefingQuerySet, OfBriefingQuerySet


class Briefing(models.Model):
    """通报 after a meeting: to its member units by link, to secretaries in the portal.

    The words stand once they are issued.
    """

    meeting = models.ForeignKey(
        ConferenceMeeting,
        verbose_name="联席会议",
        on_delete=models.PROTECT,
        related_name="briefings",
    )
    title = models.CharField("标题", max_length=80)
    words = models.TextField("内容", max_length=3000)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签发人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    issued_at = models.DateTimeField("签发时间", auto_now_add=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        verbose_name = "联席会通报"
        verbose_name_plural = "联席会通报"
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("liaison:briefing", args=[self.pk])


class BriefingRead(models.Model):
    """That a unit or an account has read a briefing; the first time counts."""

    briefing = models.ForeignKey(
        Briefing, verbose_name="通报", on_delete=models.CASCADE, related_name="reads"
    )
    seat = models.ForeignKey(
        ConferenceSeat,
        verbose_name="成员单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reads",
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="账号",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    read_at = models.DateTimeField("阅读时间", auto_now_add=True)

    objects = OfBriefingQuerySet.as_manager()

    class Meta:
        verbose_name = "通报阅读"
        verbose_name_plural = "通报阅读"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_briefingread_of_one",
                condition=Q(seat__isnull=False, reader__isnull=True)
                | Q(seat__isnull=True, reader__isnull=False),
            ),
            models.UniqueConstraint(
                name="liaison_briefingread_seat_once", fields=["briefing", "seat"]
            ),
            models.UniqueConstraint(
                name="liaison_briefingread_reader_once", fields=["briefing", "reader"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id} {self.pk}"

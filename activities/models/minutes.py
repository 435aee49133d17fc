from django.conf import settings
from django.db import models

from activities.models.activity import Activity
from activities.querysets.minutes import MinutesQuerySet
from config.lib.crypto import EncryptedTextField


class Minutes(models.Model):
    """What was talked about and decided at a meeting; who was away says why beside."""

    names_a_person = True

    activity = models.OneToOneField(
        Activity,
        verbose_name="活动",
        on_delete=models.CASCADE,
        related_name="minutes",
    )
    chair = models.CharField("主持人", max_length=30, blank=True, default="")
    keeper = models.CharField("记录人", max_length=30, blank=True, default="")
    topics = EncryptedTextField("议题和讨论情况", blank=True, default="")
    decisions = EncryptedTextField("会议决定", blank=True, default="")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="填写人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = "会议记录"
        verbose_name_plural = "会议记录"

    def __str__(self) -> str:
        return f"{self.activity}会议记录"

from django.conf import settings
from django.db import models

from activities.querysets.plans import CalendarFeedQuerySet


class CalendarFeed(models.Model):
    """The secret address at which a user's phone reads his calendar.

    Only the digest of the address is kept: who copies the database reads nothing.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="账号",
        on_delete=models.CASCADE,
        related_name="calendar_feed",
    )
    digest = models.CharField("地址摘要", max_length=64, unique=True, editable=False)
    issued_at = models.DateTimeField("生成时间")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "日历订阅"
        verbose_name_plural = "日历订阅"
        ordering = ["user"]

    def __str__(self) -> str:
        return f"{self.user}的日历订阅"

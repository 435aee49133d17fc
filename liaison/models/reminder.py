from django.conf import settings
from django.db import models
from django.db.models import Q

from liaison.choices import DeliveryState, ReminderWay
from liaison.models.feedback import Delivery
from liaison.querysets import ReminderQuerySet


class Reminder(models.Model):
    """A unit asked once more to confirm what one delivery brought it."""

    Way = ReminderWay
    State = DeliveryState

    delivery = models.ForeignKey(
        Delivery,
        verbose_name="送达记录",
        on_delete=models.PROTECT,
        related_name="reminders",
    )
    number = models.PositiveSmallIntegerField("第几次催办")
    way = models.CharField("方式", max_length=10, choices=ReminderWay)
    state = models.CharField(
        "状态", max_length=10, choices=DeliveryState, default=DeliveryState.PENDING
    )
    error = models.CharField("错误", max_length=300, blank=True, default="")
    # Its worker died while the mail server had it: it may have arrived or not.
    is_broken_off = models.BooleanField("发送中断", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    claimed_at = models.DateTimeField("开始发送时间", null=True)
    sent_at = models.DateTimeField("催办时间", null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="经办人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="定时催办时为空。",
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "催办记录"
        verbose_name_plural = "催办记录"
        ordering = ["delivery", "number"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_reminder_number_once", fields=["delivery", "number"]
            ),
            models.CheckConstraint(
                name="liaison_reminder_sent_has_time",
                condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery} 催办 {self.number}"

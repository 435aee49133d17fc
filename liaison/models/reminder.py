from django.db import models
from django.db.models import Q

from liaison.choices import DeliveryState, ReminderWay
from liaison.models.feedback import Delivery
from liaison.models.sending import Sending
from liaison.querysets import ReminderQuerySet


class Reminder(Sending):
    """A unit asked once more to confirm what one delivery brought it."""

    Way = ReminderWay

    delivery = models.ForeignKey(
        Delivery,
        verbose_name="送达记录",
        on_delete=models.PROTECT,
        related_name="reminders",
    )
    number = models.PositiveSmallIntegerField("第几次催办")
    way = models.CharField("方式", max_length=10, choices=ReminderWay)
    claimed_at = models.DateTimeField("开始发送时间", null=True)
    sent_at = models.DateTimeField("催办时间", null=True)

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

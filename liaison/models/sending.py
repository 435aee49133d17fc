from django.conf import settings
from django.db import models

from liaison.choices import DeliveryState


class Sending(models.Model):
    """How one attempt to reach a unit went; a delivery is one, and a reminder."""

    State = DeliveryState

    state = models.CharField(
        "状态", max_length=10, choices=DeliveryState, default=DeliveryState.PENDING
    )
    error = models.CharField("错误", max_length=300, blank=True, default="")
    # Its worker died while the mail server had it: it may have arrived or not.
    is_broken_off = models.BooleanField("发送中断", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    # Nobody: the clock did it.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="经办人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True

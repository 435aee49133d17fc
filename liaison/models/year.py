from django.conf import settings
from django.db import models
from django.urls import reverse

from activities.models import Activity
from config.lib.crypto import EncryptedTextField
from liaison.models.card import LiaisonCard
from liaison.querysets.years import OfCardQuerySet


class PlannedInvitation(models.Model):
    """An invitation planned for a card holder in a month: an activity, or words."""

    card = models.ForeignKey(
        LiaisonCard,
        verbose_name="联系卡",
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    month = models.DateField("月份", help_text="当月第一天")
    activity = models.ForeignKey(
        Activity,
        verbose_name="活动",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    content = models.CharField("邀请他做什么", max_length=100)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = OfCardQuerySet.as_manager()

    class Meta:
        verbose_name = "计划邀请"
        verbose_name_plural = "计划邀请"
        ordering = ["month", "pk"]
        indexes = [models.Index(fields=["card", "month"], name="liaison_invite_month")]

    def __str__(self) -> str:
        return f"{self.card} {self.month:%Y-%m}"


class CardSummary(models.Model):
    """The community's words on a card's year; its figures come from the record."""

    names_a_person = True

    card = models.ForeignKey(
        LiaisonCard,
        verbose_name="联系卡",
        on_delete=models.PROTECT,
        related_name="summaries",
    )
    year = models.PositiveSmallIntegerField("年度")
    words = EncryptedTextField("年度小结")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="填写人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = OfCardQuerySet.as_manager()

    class Meta:
        verbose_name = "联系卡年度小结"
        verbose_name_plural = "联系卡年度小结"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_cardsummary_once",
                fields=["card", "year"],
                violation_error_message="这张卡的这一年已有小结。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("liaison:card-year", args=[self.card_id, self.year])

from django.conf import settings
from django.db import models
from django.db.models import Q

from activities.querysets.study import SelfStudyQuerySet
from config.lib.crypto import EncryptedTextField
from members.models import Member
from organizations.models import Organization


class SelfStudy(models.Model):
    """What a member studied alone, with notes and the question brought along."""

    names_a_person = True

    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="self_studies",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="登记的党支部",
        on_delete=models.PROTECT,
        related_name="+",
    )
    studied_on = models.DateField("自学日期")
    hours = models.DecimalField("学时", max_digits=3, decimal_places=1)
    material = EncryptedTextField("自学内容")
    notes = EncryptedTextField("学习笔记", blank=True, default="")
    question = EncryptedTextField("带着的问号", blank=True, default="")
    answer = EncryptedTextField("解答", blank=True, default="")
    answered_by = EncryptedTextField("由谁解答", blank=True, default="")
    answered_on = models.DateField("解答日期", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = EncryptedTextField("撤回原因", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = SelfStudyQuerySet.as_manager()

    class Meta:
        verbose_name = "自学记录"
        verbose_name_plural = "自学记录"
        ordering = ["-studied_on", "-pk"]
        indexes = [
            models.Index(
                fields=["member", "studied_on"], name="activities_self_member"
            ),
            models.Index(fields=["studied_on", "id"], name="activities_self_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="activities_selfstudy_hours_plausible",
                condition=Q(hours__gt=0) & Q(hours__lte=24),
                violation_error_message="学时应大于0且不超过24。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.studied_on}"

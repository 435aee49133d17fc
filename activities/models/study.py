from django.conf import settings
from django.db import models
from django.db.models import F, Q

from activities.choices.study import OfficerRole
from activities.querysets.study import OfficerQuerySet, SelfStudyQuerySet
from config.lib.crypto import EncryptedTextField
from members.models import Member
from organizations.models import Organization


class Officer(models.Model):
    """A member who is secretary or on the team (班子) of an organization."""

    names_a_person = True
    Role = OfficerRole

    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="offices"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="任职党组织",
        on_delete=models.PROTECT,
        related_name="officers",
    )
    role = models.CharField("职务", max_length=10, choices=OfficerRole)
    starts_on = models.DateField("任职日期")
    ends_on = models.DateField("免职日期", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = "班子成员"
        verbose_name_plural = "班子成员"
        ordering = ["organization", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_officer_one_open",
                fields=["member", "organization"],
                condition=Q(ends_on__isnull=True),
                violation_error_message="这位党员已登记在本党组织任职。",
            ),
            models.CheckConstraint(
                name="activities_officer_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="免职日期不能早于任职日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_role_display()}"


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

from django.conf import settings
from django.db import models
from django.db.models import Q

from config.lib.crypto import EncryptedTextField
from members.choices.commendations import CommendationLevel
from members.models.member import Member
from members.querysets.commendations import CommendationQuerySet
from organizations.models import Organization


class Commendation(models.Model):
    """A title that a member was given, for what, when and by whom."""

    names_a_person = True

    Level = CommendationLevel

    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="commendations",
        db_index=False,
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="所在党支部",
        on_delete=models.PROTECT,
        related_name="commendations",
        db_index=False,
    )
    title = models.CharField("荣誉称号", max_length=60)
    level = models.CharField("级别", max_length=10, choices=CommendationLevel)
    deed = EncryptedTextField("主要事迹")
    awarded_on = models.DateField("表彰日期")
    approver = models.CharField("表彰（批准）单位", max_length=120)
    document_number = models.CharField("文号", max_length=60, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="撤回人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects = CommendationQuerySet.as_manager()

    class Meta:
        verbose_name = "表彰"
        verbose_name_plural = "表彰"
        ordering = ["-awarded_on", "-pk"]
        indexes = [
            models.Index(
                fields=["organization", "awarded_on"], name="members_commended_by"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_commendation_once",
                fields=["member", "title", "level", "awarded_on"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message="这项表彰已经登记。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.title} {self.awarded_on}"

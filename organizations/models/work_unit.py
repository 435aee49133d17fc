from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from config.lib.crypto import EncryptedTextField
from organizations.choices import FeedbackChannel, WorkUnitKind
from organizations.models.organization import Community, Organization
from organizations.querysets import WorkUnitQuerySet


class WorkUnit(models.Model):
    """An employer, resident in the street (驻区) or not; the home unit of members."""

    Kind = WorkUnitKind
    Channel = FeedbackChannel

    name = models.CharField("单位名称", max_length=120, unique=True)
    credit_code = models.CharField(
        "统一社会信用代码", max_length=18, blank=True, default=""
    )
    kind = models.CharField("单位类别", max_length=30, choices=WorkUnitKind)
    industry = models.CharField("行业", max_length=60, blank=True, default="")
    is_resident = models.BooleanField("驻区单位", default=False)
    community = models.ForeignKey(
        Community,
        verbose_name="所在社区",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="work_units",
    )
    address = models.CharField("地址", max_length=200, blank=True, default="")
    party_organization_name = models.CharField(
        "单位党组织名称", max_length=120, blank=True, default=""
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="本街道管理的单位党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="work_units",
    )
    competent_authority = models.CharField(
        "主管部门", max_length=120, blank=True, default=""
    )
    registration_authority = models.CharField(
        "登记机关", max_length=120, blank=True, default=""
    )
    contact_name = models.CharField("党务联络人", max_length=50, blank=True, default="")
    contact_phone = EncryptedTextField("联络电话", blank=True, default="")
    contact_email = models.EmailField("联络邮箱", blank=True, default="")
    feedback_channel = models.CharField(
        "反馈送达方式",
        max_length=10,
        choices=FeedbackChannel,
        default=FeedbackChannel.PAPER,
    )
    is_active = models.BooleanField("在用", default=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = WorkUnitQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["contact_phone"])

    class Meta:
        verbose_name = "工作单位"
        verbose_name_plural = "工作单位"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_workunit_credit_code_once",
                fields=["credit_code"],
                condition=~Q(credit_code=""),
                violation_error_message="该统一社会信用代码已登记在另一个单位。",
            ),
            models.CheckConstraint(
                name="organizations_workunit_email_channel_has_address",
                condition=~Q(feedback_channel="email") | ~Q(contact_email=""),
                violation_error_message="送达方式为电子邮件时，请填写联络邮箱。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:work-unit-detail", args=[self.pk])

    @property
    def has_party_organization(self) -> bool:
        """Whether one of its own is registered, of this street or of others.

        One that was closed is none. Lists ask `members.coverage.has_own`.
        """
        own = self.organization
        return bool(self.party_organization_name) or (own is not None and own.is_open)

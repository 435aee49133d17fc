from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from config.lib.periods import Quarter
from organizations.coverage_choices import (
    DifferenceKind,
    DifferenceOutcome,
    RegistryScope,
)
from organizations.coverage_querysets import DifferenceQuerySet, RegistryListQuerySet
from organizations.models.organization import Community, Organization
from organizations.models.stored_file import StoredFile
from organizations.models.work_unit import WorkUnit


class RegistryList(models.Model):
    """A registration authority's list of a quarter, compared with the register."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="街道",
        on_delete=models.PROTECT,
        related_name="registry_lists",
    )
    authority = models.CharField("登记机关", max_length=60)
    scope = models.CharField("名单范围", max_length=12, choices=RegistryScope)
    quarter_starts_on = models.DateField("季度")
    file = models.ForeignKey(
        StoredFile,
        verbose_name="名单原件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    row_count = models.PositiveIntegerField("名单行数", default=0)
    unchanged = models.PositiveIntegerField("与名册一致", default=0)
    # Rows that could not be read: [[row, what is wrong], …], the first hundred.
    problems = models.JSONField("没有读出的行", default=list)
    problem_count = models.PositiveIntegerField("没有读出的行数", default=0)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="导入人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = RegistryListQuerySet.as_manager()

    class Meta:
        verbose_name = "登记名单"
        verbose_name_plural = "登记名单"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.authority} {self.quarter_text}"

    def get_absolute_url(self) -> str:
        return reverse("members:registry-list", args=[self.pk])

    @property
    def quarter_text(self) -> str:
        return Quarter.containing(self.quarter_starts_on).title


class RegistryDifference(models.Model):
    """One difference between a list and the register, to be settled by a person."""

    registry = models.ForeignKey(
        RegistryList,
        verbose_name="名单",
        on_delete=models.CASCADE,
        related_name="differences",
    )
    kind = models.CharField("差异", max_length=10, choices=DifferenceKind)
    unit = models.ForeignKey(
        WorkUnit,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registry_differences",
    )
    community = models.ForeignKey(
        Community,
        verbose_name="所在社区",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    name = models.CharField("单位名称", max_length=120)
    before = models.JSONField("名册上的", default=dict)
    after = models.JSONField("名单上的", default=dict)
    outcome = models.CharField(
        "处理结果", max_length=10, choices=DifferenceOutcome, blank=True, default=""
    )
    reason = EncryptedTextField("不改的原因", blank=True, default="")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="处理人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    # Told apart so that withdrawing that list opens these again.
    superseded_by = models.ForeignKey(
        RegistryList,
        verbose_name="代替它的名单",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="superseded",
    )

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "名单差异"
        verbose_name_plural = "名单差异"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["registry", "kind", "id"],
                name="organizations_difference_list",
            ),
            # Few of many, asked for on every first page.
            models.Index(
                fields=["community"],
                condition=Q(settled_at__isnull=True),
                name="organizations_difference_open",
            ),
        ]

    def __str__(self) -> str:
        return self.name

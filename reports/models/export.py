import uuid

from django.conf import settings
from django.db import models

from organizations.models import Job, Organization
from reports.choices import ExportKind
from reports.querysets import ExportQuerySet


class Export(models.Model):
    """The registry row of one workbook that left the portal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("编号", max_length=40, unique=True)
    kind = models.CharField("种类", max_length=40, choices=ExportKind)
    title = models.CharField("名称", max_length=120)
    organization = models.ForeignKey(
        Organization,
        verbose_name="范围",
        on_delete=models.PROTECT,
        related_name="exports",
    )
    filters = models.JSONField("条件", default=dict)
    purpose = models.CharField("用途", max_length=200, blank=True, default="")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="导出人",
        # None: the command line, whose user is not the portal's.
        null=True,
        on_delete=models.PROTECT,
        related_name="exports",
    )
    job = models.ForeignKey(
        Job,
        verbose_name="任务",
        null=True,
        on_delete=models.SET_NULL,
        related_name="exports",
    )
    row_count = models.PositiveIntegerField("行数", default=0)
    sha256 = models.CharField("散列", max_length=64, blank=True, default="")
    created_at = models.DateTimeField("导出时间", auto_now_add=True)
    expires_at = models.DateTimeField("失效时间", null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "导出登记"
        verbose_name_plural = "导出登记"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.number

from django.conf import settings
from django.db import models

from organizations.models import Organization
from reports.querysets import MonthClosingQuerySet, MonthSummaryQuerySet


class MonthSummary(models.Model):
    """All figures of one organization node for one month.

    `own` are those that lie at the organization itself, `values` those of its whole
    subtree; a page reads one row by its key.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.CASCADE,
        related_name="summaries",
    )
    month = models.DateField("月份", help_text="当月一日")
    own = models.JSONField("本级数值")
    values = models.JSONField("含下级数值")
    computed_at = models.DateTimeField("计算时间")

    objects = MonthSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "月度汇总"
        verbose_name_plural = "月度汇总"
        constraints = [
            models.UniqueConstraint(
                name="reports_monthsummary_once", fields=["organization", "month"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.month:%Y-%m}"


class SummaryMark(models.Model):
    """A write made an organization's own figures of one month stale.

    Writers only add rows, so two transactions never wait for each other; whoever
    recomputes the figures deletes the marks he saw, in the same transaction.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    month = models.DateField()

    class Meta:
        verbose_name = "待重算标记"
        verbose_name_plural = "待重算标记"
        indexes = [
            models.Index(
                fields=["month", "organization"], name="reports_summarymark_node"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.month:%Y-%m}"


class MonthClosing(models.Model):
    """The frozen content of one organization's monthly workbook."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="closings",
    )
    month = models.DateField("月份")
    content = models.JSONField("内容")
    content_sha256 = models.CharField("散列", max_length=64)
    closed_at = models.DateTimeField("月结时间")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="月结人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = MonthClosingQuerySet.as_manager()

    class Meta:
        verbose_name = "月结"
        verbose_name_plural = "月结"
        ordering = ["-month", "organization"]
        constraints = [
            models.UniqueConstraint(
                name="reports_monthclosing_once", fields=["organization", "month"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.month:%Y-%m}"

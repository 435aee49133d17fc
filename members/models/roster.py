import uuid

from django.conf import settings
from django.db import models

from members.choices import AffiliationKind, RosterState, RowVerdict
from members.models.member import Member
from members.querysets import RosterBatchQuerySet
from organizations.models import Job, Organization, StoredFile


class ColumnMapping(models.Model):
    """How a row of headings was read last time, so that nobody maps it twice."""

    signature = models.CharField("表头特征", max_length=64, unique=True)
    columns = models.JSONField("列对应")
    remembered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "列对应"
        verbose_name_plural = "列对应"

    def __str__(self) -> str:
        return self.signature[:12]


class RosterBatch(models.Model):
    """One uploaded roster on its way in; undone for 7 days where nothing changed."""

    State = RosterState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization,
        verbose_name="导入到",
        on_delete=models.PROTECT,
        related_name="roster_batches",
    )
    affiliation_kind = models.CharField(
        "隶属方式",
        max_length=10,
        choices=AffiliationKind,
        default=AffiliationKind.ON_ROLL,
    )
    original = models.ForeignKey(
        StoredFile,
        verbose_name="原件",
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="上传人",
        on_delete=models.PROTECT,
        related_name="roster_batches",
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    state = models.CharField(
        "状态", max_length=10, choices=RosterState, default=RosterState.UPLOADED
    )
    layout = models.JSONField("工作表与列", default=list)
    counts = models.JSONField("计数", default=dict)
    alarms = models.JSONField("提醒", default=list)
    problem = models.CharField("问题", max_length=500, blank=True, default="")
    job = models.ForeignKey(
        Job,
        verbose_name="任务",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    imported_at = models.DateTimeField("写入时间", null=True)
    undone_at = models.DateTimeField("撤销时间", null=True)

    objects = RosterBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "花名册导入"
        verbose_name_plural = "花名册导入"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return f"{self.organization} {self.uploaded_at:%Y-%m-%d %H:%M}"


class RosterRow(models.Model):
    """One sheet row: its verdict, what is wrong, and what it will change."""

    Verdict = RowVerdict

    batch = models.ForeignKey(
        RosterBatch, on_delete=models.CASCADE, related_name="rows"
    )
    sheet = models.CharField("工作表", max_length=100)
    number = models.PositiveIntegerField("行号")
    verdict = models.CharField("结论", max_length=10, choices=RowVerdict)
    name = models.CharField("姓名", max_length=60, blank=True, default="")
    # Values of the row with encrypted fields as tokens; nothing lies here in clear.
    values = models.JSONField("取值", default=dict)
    changes = models.JSONField("变化", default=dict)
    errors = models.JSONField("错误", default=list)
    warnings = models.JSONField("提醒", default=list)
    member = models.ForeignKey(
        Member, null=True, on_delete=models.PROTECT, related_name="roster_rows"
    )
    written_version = models.PositiveIntegerField("写入后版本", null=True)

    class Meta:
        verbose_name = "花名册行"
        verbose_name_plural = "花名册行"
        ordering = ["batch", "sheet", "number"]
        indexes = [
            models.Index(
                fields=["batch", "verdict", "id"], name="members_rosterrow_verdict"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_rosterrow_once",
                fields=["batch", "sheet", "number"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.number}"

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from organizations.choices import JobState
from organizations.querysets import JobQuerySet


class Job(models.Model):
    """The truth about one piece of long work; a Celery message only wakes it."""

    State = JobState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("种类", max_length=60)
    title = models.CharField("任务", max_length=120)
    parameters = models.JSONField("参数", default=dict)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="提交人",
        on_delete=models.PROTECT,
        related_name="jobs",
    )
    key = models.CharField("去重键", max_length=200, blank=True, default="")
    state = models.CharField(
        "状态", max_length=10, choices=JobState, default=JobState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    max_attempts = models.PositiveSmallIntegerField("最多尝试", default=3)
    fence = models.PositiveIntegerField("围栏号", default=0)
    lease_until = models.DateTimeField("租约到期", null=True)
    cancel_requested = models.BooleanField("已请求取消", default=False)
    progress_done = models.PositiveIntegerField("已处理", default=0)
    progress_total = models.PositiveIntegerField("总数", default=0)
    message = models.CharField("说明", max_length=500, blank=True, default="")
    result = models.JSONField("结果", default=dict)
    file_path = models.CharField("文件", max_length=200, blank=True, default="")
    file_name = models.CharField("下载名", max_length=150, blank=True, default="")
    file_sha256 = models.CharField("文件散列", max_length=64, blank=True, default="")
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    woken_at = models.DateTimeField("唤醒时间", null=True)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_job_one_open_per_key",
                fields=["key"],
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]) & ~Q(key=""),
                violation_error_message="同样的任务正在进行，请等它完成。",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="organizations_job_due"),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_state_display()}）"

    def get_absolute_url(self) -> str:
        return reverse("organizations:job-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def percent(self) -> int:
        if not self.progress_total:
            return 100 if self.state == JobState.SUCCEEDED else 0
        return min(100, self.progress_done * 100 // self.progress_total)

from django.conf import settings
from django.db import models

from organizations.choices import AuditAction, AuditResult
from organizations.querysets import AuditEventQuerySet


class AuditEvent(models.Model):
    """One thing done or refused. Rows are only ever added."""

    Action = AuditAction
    Result = AuditResult

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="操作人",
        null=True,
        on_delete=models.PROTECT,
        related_name="audit_events",
    )
    actor_label = models.CharField("操作人姓名", max_length=150, default="")
    action = models.CharField("操作", max_length=40, choices=AuditAction)
    result = models.CharField(
        "结果", max_length=10, choices=AuditResult, default=AuditResult.DONE
    )
    target_type = models.CharField("对象类型", max_length=60, default="")
    target_id = models.CharField("对象编号", max_length=40, default="")
    target_label = models.CharField("对象", max_length=200, default="")
    organization = models.ForeignKey(
        "organizations.Organization",
        verbose_name="党组织",
        null=True,
        on_delete=models.PROTECT,
        related_name="audit_events",
    )
    details = models.JSONField("内容", default=dict)
    address = models.GenericIPAddressField("来源地址", null=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["target_type", "target_id"], name="organizations_audit_target"
            ),
            models.Index(fields=["actor", "action"], name="organizations_audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.action}"

    def save(self, *args, **kwargs) -> None:
        if self.pk is not None:
            raise TypeError("AuditEvent rows are append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("AuditEvent rows are append-only.")

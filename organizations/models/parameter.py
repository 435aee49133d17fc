from django.conf import settings
from django.db import models


class Parameter(models.Model):
    """A value the committee changed; what it may be is in `parameters.py`."""

    key = models.CharField("参数", max_length=80, primary_key=True)
    value = models.JSONField("取值")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="修改人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    changed_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = "参数"
        verbose_name_plural = "参数"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key

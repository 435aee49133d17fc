from django.conf import settings
from django.db import models


class SignedLink(models.Model):
    """A link that opens one thing to whoever has it; only its digest is stored."""

    attempt = models.PositiveSmallIntegerField("次数")
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField("有效期至")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    opened_at = models.DateTimeField("首次打开", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="生成人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        abstract = True

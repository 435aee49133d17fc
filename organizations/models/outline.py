from django.conf import settings
from django.db import models

from organizations.models.organization import Community
from organizations.models.stored_file import StoredFile
from organizations.querysets import CommunityOutlineQuerySet


class CommunityOutline(models.Model):
    """A community's area on the map: simplified, in degrees, as an upload had it."""

    community = models.OneToOneField(
        Community,
        verbose_name="社区",
        on_delete=models.CASCADE,
        related_name="outline",
    )
    # Areas of rings of [longitude, latitude], as `map_rules.lightened` returns them.
    polygons = models.JSONField("边界")
    file = models.ForeignKey(
        StoredFile,
        verbose_name="上传的文件",
        on_delete=models.PROTECT,
        related_name="outlines",
    )
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="上传人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    drawn_at = models.DateTimeField("上传时间")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = CommunityOutlineQuerySet.as_manager()

    class Meta:
        verbose_name = "社区边界"
        verbose_name_plural = "社区边界"
        ordering = ["community__organization__path"]

    def __str__(self) -> str:
        return f"{self.community}边界"

import uuid

from django.conf import settings
from django.db import models

from organizations.choices import FilePurpose
from organizations.models.organization import Organization
from organizations.querysets import StoredFileQuerySet


def storage_name(instance: "StoredFile", filename: str) -> str:
    """Name the stored file by its id: nothing of the user's name reaches the disk."""
    return f"{instance.purpose}/{instance.id.hex[:2]}/{instance.id.hex}"


class StoredFile(models.Model):
    """An uploaded file; its original name lives here alone."""

    names_a_person = True

    Purpose = FilePurpose

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField("文件", upload_to=storage_name, max_length=150)
    original_name = models.CharField("原文件名", max_length=255)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("散列", max_length=64)
    purpose = models.CharField("用途", max_length=20, choices=FilePurpose)
    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="files",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="上传人",
        on_delete=models.PROTECT,
        related_name="files",
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.original_name

"""Why a mail came back."""

from django.db import models


class BounceReason(models.TextChoices):
    NO_ADDRESS = "no_address", "邮箱地址不存在"
    FULL = "full", "对方邮箱已满"
    REFUSED = "refused", "被对方邮件系统拒收"
    OTHER = "other", "其他原因"

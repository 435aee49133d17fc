"""Code values of the care for members in difficulty."""

from django.db import models


class CaseState(models.TextChoices):
    APPLIED = "applied", "已申请"
    DISCUSSED = "discussed", "支部已讨论"
    RECOGNIZED = "recognized", "已认定"
    REFUSED = "refused", "不予认定"
    WITHDRAWN = "withdrawn", "已撤回"
    ENDED = "ended", "已结束"


class Level(models.TextChoices):
    """From the heaviest; what each is called is a parameter."""

    SPECIAL = "special", "特别困难"
    SERIOUS = "serious", "比较困难"
    GENERAL = "general", "一般困难"


class FindingKind(models.TextChoices):
    RECOGNIZED = "recognized", "认定"
    REVIEWED = "reviewed", "复核"


class CaseEnd(models.TextChoices):
    RELIEVED = "relieved", "困难已缓解"
    LEFT = "left", "已离开（转出、去世、出党）"
    MERGED = "merged", "重复档案合并"
    OTHER = "other", "其他"

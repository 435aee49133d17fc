"""Code values of the democratic review of members."""

from django.db import models


class ReviewState(models.TextChoices):
    DRAFTED = "drafted", "准备中"
    VOTED = "voted", "已测评"
    DECIDED = "decided", "已审定，待批准"
    APPROVED = "approved", "已批准"


class Grade(models.TextChoices):
    EXCELLENT = "excellent", "优秀"
    QUALIFIED = "qualified", "合格"
    BASIC = "basic", "基本合格"
    UNQUALIFIED = "unqualified", "不合格"


class Outcome(models.TextChoices):
    """What follows for a member found unqualified: the rows of the official form."""

    CORRECTION = "correction", "限期改正"
    PERSUADED = "persuaded", "劝退"
    REMOVED = "removed", "劝而不退除名"
    QUIT = "quit", "自行脱党除名"


class Correction(models.TextChoices):
    CORRECTED = "corrected", "已改正"
    NOT_CORRECTED = "not_corrected", "没有改正"

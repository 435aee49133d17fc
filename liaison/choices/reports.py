"""What a home unit answers and tells."""

from django.db import models


class AnswerKind(models.TextChoices):
    """The unit's word on one member of a packet."""

    AGREES = "agrees", "属实"
    DIFFERS = "differs", "有出入"
    LEFT = "left", "已不在本单位"


class ReportKind(models.TextChoices):
    LEFT = "left", "已不在本单位"
    DIFFERS = "differs", "情况有出入"
    HONOUR = "honour", "受到表彰"
    MOVED = "moved", "岗位或住处变动"
    NEW = "new", "新到在职党员"
    OTHER = "other", "其他"


class ReportState(models.TextChoices):
    OPEN = "open", "待办"
    ACCEPTED = "accepted", "已采纳"
    LAID_ASIDE = "laid_aside", "不予采纳"


REPORT_TONES = {
    ReportState.OPEN: "warn",
    ReportState.ACCEPTED: "ok",
    ReportState.LAID_ASIDE: "mute",
}

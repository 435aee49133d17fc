"""Code values of what residents say of a member."""

from django.db import models


class CommentSource(models.TextChoices):
    MEETING = "meeting", "居民会议"
    LETTER = "letter", "来信"
    CALL = "call", "来电"
    VISIT = "visit", "来访"
    GRID = "grid", "网格员反映"
    OTHER = "other", "其他"


class CommentKind(models.TextChoices):
    PRAISE = "praise", "表扬"
    ADVICE = "advice", "建议"
    CRITICISM = "criticism", "批评"


class CommentState(models.TextChoices):
    RECEIVED = "received", "待处理"
    HANDLING = "handling", "处理中"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"

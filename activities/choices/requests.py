"""Code values of residents' requests for service."""

from django.db import models


class RequestKind(models.TextChoices):
    SERVICE = "service", "贴心服务"
    WISH = "wish", "微心愿"


class RequestSource(models.TextChoices):
    DESK = "desk", "来访"
    CALL = "call", "来电"
    VISIT = "visit", "走访"
    GRID = "grid", "网格员反映"
    OTHER = "other", "其他"


class RequestState(models.TextChoices):
    RECEIVED = "received", "待核实"
    CHECKED = "checked", "待发布"
    PUBLISHED = "published", "待认领"
    CLAIMED = "claimed", "办理中"
    DONE = "done", "待回访"
    CLOSED = "closed", "已办结"
    REFUSED = "refused", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", "满意"
    MOSTLY = "mostly", "基本满意"
    NOT = "not", "不满意"

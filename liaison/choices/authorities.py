"""Code values of two-way contact with authorities: stored in English."""

from django.db import models


class AuthorityKind(models.TextChoices):
    """Source: 街道经验材料《街道党建创新》：与工商、民政和业务主管部门的双向联系."""

    MARKET = "market", "市场监管（工商登记）"
    CIVIL = "civil", "民政（社会组织登记）"
    COMPETENT = "competent", "业务主管部门"
    OTHER = "other", "其他"


class Direction(models.TextChoices):
    SENT = "sent", "发出"
    RECEIVED = "received", "收到"


class ExchangeState(models.TextChoices):
    """Where an exchange stands; told by its days, never stored."""

    NOTED = "noted", "不用答复"
    OPEN = "open", "等答复"
    OVERDUE = "overdue", "逾期未答复"
    LEFT = "left", "有未了事项"
    ANSWERED = "answered", "已答复"
    WITHDRAWN = "withdrawn", "已撤回"


EXCHANGE_TONES = {
    ExchangeState.NOTED: "mute",
    ExchangeState.OPEN: "info",
    ExchangeState.OVERDUE: "bad",
    ExchangeState.LEFT: "warn",
    ExchangeState.ANSWERED: "ok",
    ExchangeState.WITHDRAWN: "mute",
}


class ExchangeGroup(models.TextChoices):
    """Tabs of the list."""

    OVERDUE = "overdue", "逾期未答复"
    ANSWERED = "answered", "已答复"
    ALL = "all", "全部"

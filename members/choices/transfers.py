"""Code values of relations on their way."""

from django.db import models


class TransferDirection(models.TextChoices):
    OUT = "out", "转出街道"
    WITHIN = "within", "街道内转接"
    IN = "in", "转入街道"


class TransferDestination(models.TextChoices):
    """Where a relation goes. Source: 《中国共产党党员教育管理工作条例》第二十五条."""

    WORKPLACE = "workplace", "工作单位"
    RESIDENCE = "residence", "经常居住地"
    TALENT_CENTRE = "talent_centre", "人才服务机构"


class TransferState(models.TextChoices):
    DRAFTED = "drafted", "待开具"
    ISSUED = "issued", "待接收"
    ACCEPTED = "accepted", "已接收"
    RECEIPTED = "receipted", "回执已收"
    EXPIRED = "expired", "已过有效期"
    LOST = "lost", "介绍信遗失"
    WITHDRAWN = "withdrawn", "已撤回"

"""Code values of mutual aid: stored in English, shown in Chinese."""

from django.db import models


class DonorKind(models.TextChoices):
    """Who gave.

    Source: 《关爱资金管理办法》: 财政、党费、党员和单位捐赠、社会捐赠、其他合法收入.
    """

    MEMBER = "member", "党员"
    RESIDENT = "resident", "居民或其他个人"
    UNIT = "unit", "单位"
    ANONYMOUS = "anonymous", "匿名"
    INFLOW = "inflow", "财政、党费拨入或原有结存"


# Whoever gives something of his own; money that an office puts in is no gift.
DONORS = (
    DonorKind.MEMBER,
    DonorKind.RESIDENT,
    DonorKind.UNIT,
    DonorKind.ANONYMOUS,
)


class GiftForm(models.TextChoices):
    MONEY = "money", "钱款"
    GOODS = "goods", "物品"


class RecipientKind(models.TextChoices):
    MEMBER = "member", "党员"
    HOUSEHOLD = "household", "居民家庭"
    TRANSFER = "transfer", "划转、上缴"


# Those who are helped; what goes to another account helps nobody yet.
HELPED = (RecipientKind.MEMBER, RecipientKind.HOUSEHOLD)

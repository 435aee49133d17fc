"""Code values of members who report to the community where they live."""

from django.db import models


class SlipSource(models.TextChoices):
    SELF = "self", "本人报到"
    UNIT = "unit", "单位组织报到"
    SHEET = "sheet", "单位批量报到"


class SlipState(models.TextChoices):
    RECEIVED = "received", "待受理"
    ACCEPTED = "accepted", "已受理"
    REFUSED = "refused", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"

"""Code values of the quality of records."""

from django.db import models


class PairState(models.TextChoices):
    OPEN = "open", "待核对"
    DIFFERENT = "different", "不是同一人"
    MERGED = "merged", "已合并"


class PairReason(models.TextChoices):
    BIRTH = "birth", "姓名、出生日期相同"
    JOINED = "joined", "姓名、性别、入党日期相同"

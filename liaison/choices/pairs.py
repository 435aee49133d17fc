"""Code values of pair building: stored in English, shown in Chinese."""

from django.db import models

from liaison.choices.agreements import JointField

# Source: 街道经验材料《街道党建创新》：经济共建、文化共建、治安共建、环境共建.
PAIR_FIELDS = (
    JointField.ECONOMY,
    JointField.CULTURE,
    JointField.SECURITY,
    JointField.ENVIRONMENT,
)
PAIR_FIELD_CHOICES = [(field.value, field.label) for field in PAIR_FIELDS]


class PairGroup(models.TextChoices):
    """Tabs of the list."""

    UNPLANNED = "unplanned", "今年没有计划"
    IDLE = "idle", "久无活动"
    ENDED = "ended", "已结束"
    ALL = "all", "全部"

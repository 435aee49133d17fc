"""Code values of households, of visits to them and of what comes of a visit."""

from django.db import models


class Circumstance(models.TextChoices):
    """What a household is looked after for. Source: 社区民情台账 in common use."""

    LIVES_ALONE = "lives_alone", "独居老人"
    EMPTY_NEST = "empty_nest", "空巢老人"
    DISABLED = "disabled", "残疾"
    LOW_INCOME = "low_income", "低保"
    GRAVE_ILLNESS = "grave_illness", "重病"
    LEFT_BEHIND = "left_behind", "留守儿童"
    BEREAVED = "bereaved", "失独家庭"
    HONOURED = "honoured", "军属优抚"
    PARTY_HOME = "party_home", "党员户"
    TENANT = "tenant", "租住户"


class HouseholdEnd(models.TextChoices):
    MOVED = "moved", "搬离"
    DEMOLISHED = "demolished", "房屋拆迁"
    VACANT = "vacant", "无人居住"
    MISTAKE = "mistake", "登记有误"


class MatterKind(models.TextChoices):
    HARDSHIP = "hardship", "生活困难"
    CARE = "care", "养老照料"
    HEALTH = "health", "医疗健康"
    WORK = "work", "就业创业"
    SCHOOLING = "schooling", "子女入学"
    HOUSING = "housing", "房屋物业"
    SURROUNDINGS = "surroundings", "环境卫生"
    SAFETY = "safety", "治安消防"
    NEIGHBOURS = "neighbours", "邻里纠纷"
    POLICY = "policy", "政策咨询"
    OTHER = "other", "其他"


class MatterState(models.TextChoices):
    OPEN = "open", "待办理"
    IN_PROGRESS = "in_progress", "办理中"
    SOLVED = "solved", "已解决"
    REFERRED = "referred", "已转交"
    NOT_POSSIBLE = "not_possible", "暂不能解决"


class MatterAct(models.TextChoices):
    """What is written down of a matter, a dated line each."""

    PROGRESS = "progress", "登记进展"
    SOLVE = "solve", "已解决"
    REFER = "refer", "转交办理"
    DECLINE = "decline", "暂不能解决"
    ANSWER = "answer", "答复住户"
    REOPEN = "reopen", "重新办理"

"""Code values of joint-building agreements: stored in English, shown in Chinese."""

from django.db import models


class JointField(models.TextChoices):
    """Fields of joint building.

    Source: 街道经验材料《街道党建创新》：联创共建、结对共建；党建是协议常有的一项。
    """

    ECONOMY = "economy", "经济共建"
    PARTY = "party", "党建共建"
    CIVILITY = "civility", "精神文明共建"
    CULTURE = "culture", "文化共建"
    SECURITY = "security", "治安共建"
    ENVIRONMENT = "environment", "环境共建"


class AgreementState(models.TextChoices):
    """Where an agreement stands; told by its days, never stored."""

    DRAFT = "draft", "草稿"
    SIGNED = "signed", "已签订"
    IN_FORCE = "in_force", "履行中"
    EXPIRING = "expiring", "即将到期"
    EXPIRED = "expired", "已到期"
    ENDED = "ended", "已终止"


AGREEMENT_TONES = {
    AgreementState.DRAFT: "mute",
    AgreementState.SIGNED: "info",
    AgreementState.IN_FORCE: "ok",
    AgreementState.EXPIRING: "warn",
    AgreementState.EXPIRED: "bad",
    AgreementState.ENDED: "mute",
}


class Rhythm(models.TextChoices):
    """How often a clause falls due."""

    ONCE = "once", "按期限办一次"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    HALF_YEAR = "half_year", "每半年"
    YEAR = "year", "每年"


class ListKind(models.TextChoices):
    """三张清单."""

    RESOURCE = "resource", "资源"
    NEED = "need", "需求"
    PROJECT = "project", "项目"


class ResourceKind(models.TextChoices):
    """Source: 街道经验材料《街道党建创新》：人才、资金、智力等方面；三张清单做法."""

    TALENT = "talent", "人才"
    MONEY = "money", "资金"
    KNOWLEDGE = "knowledge", "智力"
    PLACE = "place", "场地"
    EQUIPMENT = "equipment", "设备物资"
    INFORMATION = "information", "信息"
    OTHER = "other", "其他"


class ObligationState(models.TextChoices):
    """Where one due date of a clause stands; told by its evidence and the day."""

    COMING = "coming", "未到期"
    OVERDUE = "overdue", "逾期未办"
    DONE = "done", "已办"
    WAIVED = "waived", "免办"


OBLIGATION_TONES = {
    ObligationState.COMING: "info",
    ObligationState.OVERDUE: "bad",
    ObligationState.DONE: "ok",
    ObligationState.WAIVED: "mute",
}


class AgreementGroup(models.TextChoices):
    """Tabs of the list."""

    DRAFT = "draft", "草稿"
    EXPIRING = "expiring", "即将到期"
    PAST = "past", "已到期、已终止"
    ALL = "all", "全部"

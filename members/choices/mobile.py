"""Code values of members who live or work away from their branch."""

from django.db import models


class MobileDirection(models.TextChoices):
    OUT = "out", "流出"
    WITHIN = "within", "街道内流动"
    IN = "in", "流入"


class MobileState(models.TextChoices):
    AWAY = "away", "在外"
    REGISTERED = "registered", "待核实身份"
    VERIFIED = "verified", "待编入"
    PLACED = "placed", "已编入"
    ENDED = "ended", "已结束"


class MobileReason(models.TextChoices):
    """Source: 《关于进一步加强和改进流动党员管理工作的意见》, 流动党员的范围."""

    WORK = "work", "外出务工经商"
    UNIT = "unit", "工作单位变动"
    STUDY = "study", "外出就学"
    RESIDENCE = "residence", "居住地变动"
    FAMILY = "family", "随子女、亲属居住"
    OTHER = "other", "其他"


class MobileWork(models.TextChoices):
    """外出流向 of the annual statistics."""

    AGENCY = "agency", "机关"
    INSTITUTION = "institution", "事业单位"
    STATE_FIRM = "state_firm", "公有制企业"
    PRIVATE_FIRM = "private_firm", "私营企业"
    OVERSEAS_FIRM = "overseas_firm", "港澳台商、外商投资企业"
    NON_PROFIT = "non_profit", "社会组织"
    OWN_BUSINESS = "own_business", "个体工商户"
    URBAN = "urban", "城市社区"
    TOWN = "town", "乡镇社区、建制村"
    OTHER = "other", "其他"


class IdentityProof(models.TextChoices):
    """What showed that somebody is a member."""

    CARD = "card", "流动党员活动证"
    LETTER = "letter", "组织关系介绍信或证明信"
    CALL = "call", "与原党组织电话核对"
    SYSTEM = "system", "全国党员管理信息系统"
    ROLL = "roll", "本街道在册名册"
    OTHER = "other", "其他材料"


class MobileEnd(models.TextChoices):
    RETURNED = "returned", "返回原党支部"
    LEFT = "left", "离开，去往他处"
    TRANSFERRED = "transferred", "组织关系已转接"
    DECEASED = "deceased", "去世"
    REMOVED = "removed", "出党"
    MISTAKE = "mistake", "登记有误"

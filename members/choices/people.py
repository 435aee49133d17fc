"""Code values of people and their relations."""

from django.db import models


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class Category(models.TextChoices):
    """Kinds of member for education management. Source: 街道经验材料, 分类教育管理."""

    IN_POST = "in_post", "在职党员"
    MOBILE = "mobile", "流动党员"
    LAID_OFF = "laid_off", "下岗失业党员"
    RETIRED = "retired", "离退休党员"
    OTHER = "other", "其他党员"


class MemberType(models.TextChoices):
    """人员类别 of the 2017 national collection."""

    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"


class MembershipStatus(models.TextChoices):
    """党籍状态. Source: 《中国共产党党员教育管理工作条例》第二十四条."""

    NORMAL = "normal", "正常"
    SUSPENDED = "suspended", "停止党籍"
    SELF_QUIT = "self_quit", "自行脱党除名"
    PERSUADED_OUT = "persuaded_out", "劝退"
    REFUSED_OUT = "refused_out", "劝而不退除名"
    WITHDREW = "withdrew", "退党除名"
    EXPELLED = "expelled", "开除党籍"
    PROBATION_CANCELLED = "probation_cancelled", "取消预备资格"
    DECEASED = "deceased", "去世"
    TRANSFERRED_OUT = "transferred_out", "转出"


class AffiliationKind(models.TextChoices):
    ON_ROLL = "on_roll", "在册"
    CO_MANAGED = "co_managed", "协管"
    MOBILE_IN = "mobile_in", "流入"


class StartReason(models.TextChoices):
    """Why a person came to a branch; the monthly report names each."""

    REGISTERED = "registered", "建档登记"
    NEW_MEMBER = "new_member", "新发展"
    TRANSFERRED_IN = "transferred_in", "转入"
    MOVED_WITHIN = "moved_within", "街道内调入"
    REPORTED_IN = "reported_in", "报到"
    FLOWED_IN = "flowed_in", "流入"
    REINSTATED = "reinstated", "恢复党籍"


class EndReason(models.TextChoices):
    TRANSFERRED_OUT = "transferred_out", "转出"
    MOVED_WITHIN = "moved_within", "街道内调出"
    DECEASED = "deceased", "去世"
    REMOVED = "removed", "出党"
    LEFT_UNIT = "left_unit", "离开单位或住址"
    FLOWED_BACK = "flowed_back", "返回"
    MISTAKE = "mistake", "登记有误"


class Precision(models.TextChoices):
    """How much of a date the source gave: rosters often write 1991.05."""

    DAY = "day", "日"
    MONTH = "month", "月"
    YEAR = "year", "年"

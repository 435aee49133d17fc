"""Code values of the activities app: stored in English, shown in Chinese."""

from django.db import models


class ActivityKind(models.TextChoices):
    """Kinds of activity: Party life (三会一课, 主题党日) and what streets name."""

    MEMBERS_MEETING = "members_meeting", "支部党员大会"
    COMMITTEE_MEETING = "committee_meeting", "支部委员会"
    GROUP_MEETING = "group_meeting", "党小组会"
    LECTURE = "lecture", "党课"
    THEME_DAY = "theme_day", "主题党日"
    LIFE_MEETING = "life_meeting", "组织生活会"
    DEMOCRATIC_REVIEW = "democratic_review", "民主评议党员"
    STUDY = "study", "集中学习"
    SEMINAR = "seminar", "研讨会"
    EXCHANGE = "exchange", "经验交流会"
    VOLUNTEERING = "volunteering", "志愿服务"
    LABOUR = "labour", "义务劳动"
    VISIT = "visit", "走访慰问"
    COMMUNITY_SERVICE = "community_service", "社区服务"
    CULTURE = "culture", "文体活动"
    OTHER = "other", "其他活动"


class ActivityState(models.TextChoices):
    PLANNED = "planned", "计划"
    HELD = "held", "已开展"
    CANCELLED = "cancelled", "已取消"


class Presence(models.TextChoices):
    PRESENT = "present", "到会"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺席"


class ProgramPeriod(models.TextChoices):
    YEAR = "year", "年"
    HALF_YEAR = "half_year", "半年"
    QUARTER = "quarter", "季度"


class EarnedBy(models.TextChoices):
    """What else earns an item, beside activities and records of a branch."""

    REEMPLOYMENT = "reemployment", "就业登记：本人再就业"
    PEOPLE_LED = "people_led", "“双带”台账：带领就业人数"

"""Code values of lost contact and of decisions about a membership."""

from django.db import models


class DecisionKind(models.TextChoices):
    """What is decided; but for 恢复党籍 the values are those of the status it gives.

    Source: 《中国共产党党员教育管理工作条例》第二十四条, 《中国共产党章程》第九条.
    """

    SUSPENSION = "suspended", "停止党籍"
    SELF_QUIT = "self_quit", "自行脱党除名"
    PERSUADED_OUT = "persuaded_out", "劝退"
    REFUSED_OUT = "refused_out", "劝而不退除名"
    WITHDRAWAL = "withdrew", "退党除名"
    EXPULSION = "expelled", "开除党籍"
    PROBATION_CANCELLED = "probation_cancelled", "取消预备资格"
    REINSTATEMENT = "reinstated", "恢复党籍"
    DEATH = "deceased", "去世"


class DecisionGround(models.TextChoices):
    """Why, where a kind has several ways to it."""

    LOST = "lost", "失去联系，查找无果"
    SETTLED_ABROAD = "settled_abroad", "因私出国（境）并长期定居"
    STUDY_ABROAD = "study_abroad", "出国学习研究逾期未返回"
    STILL_LOST = "still_lost", "停止党籍期满，仍无法取得联系"
    INACTIVE = "inactive", "无正当理由不参加组织生活、不交党费或不做分配的工作"
    RETURNED = "returned", "重新取得联系，符合恢复条件"
    CORRECTED = "corrected", "原处理经复查撤销"


class DecisionState(models.TextChoices):
    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"
    REVOKED = "revoked", "已撤销"


class LostReason(models.TextChoices):
    """失联原因, as the national clearing of relations codes it (2016)."""

    WORK_AWAY = "work_away", "外出务工经商"
    UNIT_CLOSED = "unit_closed", "单位改制或破产"
    GRADUATED = "graduated", "毕业后去向不明"
    JOB_CHANGED = "job_changed", "工作单位改变"
    ABROAD = "abroad", "出国（境）"
    MOVED = "moved", "居住地改变"
    OTHER = "other", "其他"


class LostState(models.TextChoices):
    SEARCHING = "searching", "查找中"
    SUSPENDED = "suspended", "已停止党籍"
    FOUND = "found", "已取得联系"
    REMOVED = "removed", "已出党"
    ENDED = "ended", "已终止"


class SearchWay(models.TextChoices):
    PHONE = "phone", "电话、微信"
    FAMILY = "family", "联系家属亲友"
    HOME_VILLAGE = "home_village", "户籍地走访核实"
    POLICE = "police", "社区、公安核查"
    UNIT = "unit", "原单位、学校核实"
    NOTICE = "notice", "发布公告"

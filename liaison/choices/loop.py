"""Code values of the liaison app: stored in English, shown in Chinese."""

from django.db import models


class EntryKind(models.TextChoices):
    """What a liaison card records. Source: 街道经验材料, 服务社区和日常表现."""

    SERVICE = "service", "服务社区"
    DAILY = "daily", "日常表现"


class CardEndReason(models.TextChoices):
    MOVED_HOME = "moved_home", "迁出本社区"
    LEFT_UNIT = "left_unit", "离开原单位"
    RETIRED = "retired", "退休转为在册"
    MISTAKE = "mistake", "登记有误"
    OTHER = "other", "其他"


class PeriodKind(models.TextChoices):
    QUARTER = "quarter", "季度"
    HALF_YEAR = "half_year", "半年"
    YEAR = "year", "年度"


class FeedbackState(models.TextChoices):
    OPEN = "open", "填写中"
    CLOSED = "closed", "已截止"
    BUILT = "built", "材料已生成"


class CheckState(models.TextChoices):
    """Where the community's check of one branch's words stands."""

    PASSED = "passed", "审核通过"
    RETURNED = "returned", "退回修改"


class DeliveryState(models.TextChoices):
    PENDING = "pending", "待送达"
    SENDING = "sending", "发送中"
    SENT = "sent", "已送达"
    FAILED = "failed", "送达失败"


class ReminderWay(models.TextChoices):
    EMAIL = "email", "电子邮件"
    PHONE = "phone", "电话或当面"


class PacketState(models.TextChoices):
    """Where a packet stands on the board; computed from its deliveries and receipt."""

    UNSENT = "unsent", "未送达"
    SENDING = "sending", "发送中"
    SENT = "sent", "已送达"
    OPENED = "opened", "已打开"
    CONFIRMED = "confirmed", "已确认"
    FAILED = "failed", "失败"


PACKET_TONES = {
    PacketState.UNSENT: "warn",
    PacketState.SENDING: "info",
    PacketState.SENT: "info",
    PacketState.OPENED: "gold",
    PacketState.CONFIRMED: "ok",
    PacketState.FAILED: "bad",
}

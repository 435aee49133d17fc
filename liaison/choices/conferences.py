"""Code values of joint conferences: stored in English, shown in Chinese."""

from django.db import models


class ConferenceLevel(models.TextChoices):
    """Source: 街道党建联席会议制度、社区共建联席会议制度."""

    STREET = "street", "街道"
    COMMUNITY = "community", "社区"


class DelegateRole(models.TextChoices):
    """Source: 街道党建联席会议制度：每单位一名负责同志，更换时书面告知."""

    DELEGATE = "delegate", "代表"
    SUBSTITUTE = "substitute", "替补"


class MeetingState(models.TextChoices):
    """Where a meeting stands; told by its days, never stored."""

    COLLECTING = "collecting", "征集议题"
    CALLED = "called", "待召开"
    UNRECORDED = "unrecorded", "待登记"
    HELD = "held", "已召开"
    CANCELLED = "cancelled", "已取消"


MEETING_TONES = {
    MeetingState.COLLECTING: "info",
    MeetingState.CALLED: "info",
    MeetingState.UNRECORDED: "warn",
    MeetingState.HELD: "ok",
    MeetingState.CANCELLED: "mute",
}


class Presence(models.TextChoices):
    """Who came for a unit. Source: 联席会议记录：参会单位、人员，缺席."""

    DELEGATE = "delegate", "代表到会"
    SUBSTITUTE = "substitute", "替补到会"
    OTHER = "other", "其他人代为参加"
    ABSENT = "absent", "缺席"


class DecisionState(models.TextChoices):
    """Where a decision stands; told by its days, never stored."""

    OPEN = "open", "办理中"
    OVERDUE = "overdue", "逾期"
    CLOSED = "closed", "已办结"


DECISION_TONES = {
    DecisionState.OPEN: "info",
    DecisionState.OVERDUE: "bad",
    DecisionState.CLOSED: "ok",
}


class DecisionGroup(models.TextChoices):
    """Tabs of the list; the list itself shows what is overdue."""

    OPEN = "open", "全部未办结"
    CLOSED = "closed", "已办结"
    ALL = "all", "全部"

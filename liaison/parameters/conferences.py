"""What the committee may set for joint conferences."""

from __future__ import annotations

from liaison.choices.conferences import ConferenceLevel
from members.parameters.days import register_days
from organizations.parameters import ParameterSpec, register

STREET_TOPIC_DAYS = "liaison.conference_street_topic_days"
COMMUNITY_TOPIC_DAYS = "liaison.conference_community_topic_days"
MEETING_LINK_DAYS = "liaison.meeting_link_days"

TOPIC_DAYS: dict[str, str] = {
    ConferenceLevel.STREET: STREET_TOPIC_DAYS,
    ConferenceLevel.COMMUNITY: COMMUNITY_TOPIC_DAYS,
}

register_days(
    STREET_TOPIC_DAYS,
    "街道党建联席会：会前几天截止征集议题",
    15,
    60,
    "党建联席会议制度通行做法：议题提前15天报送",
)
register_days(
    COMMUNITY_TOPIC_DAYS,
    "社区党建联席会：会前几天截止征集议题",
    3,
    60,
    "社区联合党委会议通行做法：议题会前3天确定",
)
register_days(
    MEETING_LINK_DAYS,
    "成员单位的会议链接在开会以后几天内有效",
    60,
    365,
    "本街道设定：留出看通报的时间；天数为本平台默认值",
)


def _register_month(key: str, label: str, default: int, first: int, last: int) -> None:
    register(
        ParameterSpec(
            key=key,
            label=label,
            kind="integer",
            default=default,
            minimum=first,
            maximum=last,
            unit="月",
            source="社区共建联席会议制度通行做法：每半年开会一次，3月、12月召开",
        )
    )


MEETING_MONTHS = ("liaison.conference_month_one", "liaison.conference_month_two")
UNHELD_DAYS = "liaison.conference_unheld_days"

_register_month(MEETING_MONTHS[0], "党建联席会上半年在几月以前（含）开会", 3, 1, 6)
_register_month(MEETING_MONTHS[1], "党建联席会下半年在几月以前（含）开会", 12, 7, 12)
register_days(
    UNHELD_DAYS,
    "党建联席会应开会的月底前几天提醒",
    30,
    90,
    "本街道设定：留出发通知、征集议题的时间；天数为本平台默认值",
)

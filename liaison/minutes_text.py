"""The minutes of a joint conference as a Word document.

Source of the fields: 街道党建联席会议制度、社区共建联席会议制度、街道工作联席会议.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from config.lib.docx import Paper
from config.lib.tags import cn_date
from liaison.choices.conferences import Presence
from liaison.models import (
    AgendaItem,
    ConferenceAttendance,
    ConferenceDecision,
    ConferenceMeeting,
)


def lines_of(
    meeting: ConferenceMeeting,
    agenda: Sequence[AgendaItem],
    attendance: Sequence[ConferenceAttendance],
    decisions: Sequence[ConferenceDecision],
) -> list[str]:
    """The minutes from top to bottom."""
    came = [row for row in attendance if row.presence != Presence.ABSENT]
    absent = [row for row in attendance if row.presence == Presence.ABSENT]
    lines = [
        f"时间：{cn_date(meeting.meets_on)}{meeting.begins_at:%H:%M}",
        f"地点：{meeting.place}",
        f"主持：{meeting.chair}",
        "参会：" + ("、".join(f"{row.seat}（{row.name}）" for row in came) or "无"),
        "缺席：" + ("、".join(f"{row.seat}（{row.reason}）" for row in absent) or "无"),
    ]
    for item in agenda:
        lines.append(f"议题{item.number}：{item.title}（{item.proposer}提出）")
        lines.append(f"讨论要点：{item.points or '无'}")
        lines += [_decided(row) for row in decisions if row.item_id == item.pk]
    lines += [_decided(row) for row in decisions if row.item_id is None]
    if meeting.minutes_words:
        lines += meeting.minutes_words.splitlines()
    return [*lines, f"记录人：{meeting.recorder}"]


def _decided(row: ConferenceDecision) -> str:
    closed = f"{row.closed_on}办结：{row.outcome}" if row.closed_on else "未办结"
    return f"议定事项：{row.words}。责任单位：{row.owner}；时限：{row.due_on}；{closed}"


def document(meeting: ConferenceMeeting, lines: list[str], at: datetime) -> bytes:
    paper = Paper(meeting.title, str(meeting.conference.organization), at)
    paper.title(f"{meeting.title}记录")
    for line in lines:
        paper.body(line)
    return paper.content()

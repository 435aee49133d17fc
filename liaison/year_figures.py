"""What a card's year comes to, from what is recorded; the words are people's."""

from __future__ import annotations

from liaison.choices import EntryKind
from liaison.service_record import Record


def year_facts(record: Record, planned: int, posts: int) -> list[tuple[str, str]]:
    """Label and figure of a year, for the page and the paper."""
    kinds = [deed.source for deed in record.deeds]
    return [
        ("参加活动", f"{kinds.count('activity')} 次"),
        ("服务社区", f"{kinds.count(EntryKind.SERVICE.value)} 次"),
        ("日常表现记录", f"{kinds.count(EntryKind.DAILY.value)} 条"),
        ("合计时长", f"{record.hours_text} 小时"),
        ("计划邀请", f"{planned} 次"),
        ("担任过的岗位", f"{posts} 个"),
    ]


def suggested_summary(year: int, record: Record) -> str:
    """A sentence to begin the words with; empty without a record. Nothing is graded."""
    if not record.times:
        return ""
    return (
        f"{year}年参加党组织活动和社区服务共{record.times}次，{record.hours_text}小时。"
    )

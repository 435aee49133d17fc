"""A sentence to begin the community's words with, made from the record."""

from __future__ import annotations

from liaison.service_record import Record

SPANS = {"quarter": "本季度", "half_year": "本半年度", "year": "本年度"}


def suggested_words(kind: str, record: Record) -> str:
    """Return what was done in the round as one sentence; empty without a record.

    The grade is a person's judgment: nothing here suggests one.
    """
    if not record.times:
        return ""
    span = SPANS.get(kind, "本期")
    return f"{span}参加社区服务和党组织活动{record.times}次{record.hours_text}小时。"

"""The sheet of liaison cards, feedback and posts that card holders claim."""

from __future__ import annotations

from typing import Any

from reports.layout_columns import count, group, hours, rate


def liaison() -> list[dict[str, Any]]:
    return [
        group(
            "联系卡",
            count("liaison.card_audience", "应建卡（人）"),
            count("liaison.cards", "在用（张）"),
            rate("liaison.card_rate"),
            count("liaison.entries", "当月记录（条）"),
            hours("liaison.entry_minutes", "服务时长（小时）"),
        ),
        group(
            "反馈",
            count("liaison.to_word", "应填（人）"),
            count("liaison.worded", "已填（人）"),
            rate("liaison.worded_rate", "填写率"),
        ),
        group(
            "共建协议",
            count("liaison.agreements", "履行中（份）"),
            count("liaison.obligations_due", "当月应办（项）"),
            count("liaison.obligations_done", "已办（项）"),
            rate("liaison.obligations_rate", "履行率"),
            count("liaison.resource_uses", "资源使用（次）"),
        ),
        group(
            "结对共建",
            count("liaison.pairs", "结对（对）"),
            count("liaison.pairs_economy", "经济（对）"),
            count("liaison.pairs_culture", "文化（对）"),
            count("liaison.pairs_security", "治安（对）"),
            count("liaison.pairs_environment", "环境（对）"),
            count("liaison.pair_activities", "当月活动（次）"),
            count("liaison.pair_served", "服务（人次）"),
        ),
        group(
            "双向联系",
            count("liaison.authorities", "部门（个）"),
            count("liaison.exchanges_sent", "发出（件）"),
            count("liaison.exchanges_received", "收到（件）"),
            count("liaison.exchanges_answered", "答复（件）"),
            count("liaison.answers_late", "逾期未答复（件）"),
        ),
        group(
            "党建联席会",
            count("liaison.conference_meetings", "开会（次）"),
            count("liaison.decisions_open", "未办结（项）"),
            count("liaison.decisions_overdue", "其中逾期（项）"),
            count("liaison.decisions_closed", "当月办结（项）"),
        ),
        group(
            "认岗",
            count("liaison.post_places", "名额（个）"),
            count("liaison.post_filled", "在岗（人次）"),
            rate("liaison.post_fill_rate", "认领率"),
        ),
    ]

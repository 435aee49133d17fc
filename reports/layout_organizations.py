"""Columns of the sheet of organizations: how many, their terms, matters handed down."""

from __future__ import annotations

from typing import Any

from reports.layout_columns import count, group, money


def organizations() -> list[dict[str, Any]]:
    return [
        group(
            "党组织",
            count("organizations.committees", "党委"),
            count("organizations.general_branches", "党总支"),
            count("organizations.branches", "党支部"),
            count("organizations.groups", "党小组"),
        ),
        group(
            "任期",
            count("members.elections", "当月换届（次）"),
            count("members.terms_overdue", "月末届满未换届"),
        ),
        group(
            "准入事项",
            count("organizations.matters_carried", "月末承担（件）"),
            count("organizations.matters_admitted", "当月准入（件）"),
            count("organizations.matters_refused", "当月不予准入（件）"),
            count("organizations.matters_ended", "当月退出（件）"),
            money("organizations.matters_arrived", "当月到账（元）"),
        ),
    ]

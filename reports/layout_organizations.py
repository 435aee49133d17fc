"""Columns of the sheet of organizations: how many, and their terms."""

from __future__ import annotations

from typing import Any

from reports.layout_columns import count, group


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
    ]

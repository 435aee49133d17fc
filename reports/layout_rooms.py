"""The sheet of activity rooms: rooms, openings, users by kind of member."""

from __future__ import annotations

from typing import Any

from reports.layout_columns import balance, count, group


def rooms() -> list[dict[str, Any]]:
    users = [f"organizations.room_{name}" for name in ("in_post", "mobile", "on_roll")]
    return [
        group(
            "",
            count("organizations.rooms", "在用（个）"),
            count("organizations.room_openings", "当月开放（次）"),
        ),
        group(
            "当月使用（人次）",
            balance("党员小计", "当月使用活动室的三类党员之和。", users),
            *(
                count(key, label)
                for key, label in zip(users, ("在职", "流动", "在册"), strict=True)
            ),
            count("organizations.room_others", "居民群众"),
        ),
    ]

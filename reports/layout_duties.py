"""The sheet of what branches owed of Party life and what they held."""

from __future__ import annotations

from typing import Any

from activities.indicators.duties import KINDS
from reports.layout_columns import count, group, rate


def duties() -> list[dict[str, Any]]:
    """Of each kind: due in the month, held in time, and the share."""
    keys = [(f"activities.duty_{kind}_", kind.label) for kind in KINDS]
    return [
        group(
            label,
            count(f"{key}owed", "应开展（次）"),
            count(f"{key}held", "已开展（次）"),
            rate(f"{key}rate", "开展率"),
        )
        for key, label in [*keys, ("activities.plan_", "计划事项")]
    ]

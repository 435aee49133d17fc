"""The sheets of money: funds, and what was given for mutual aid."""

from __future__ import annotations

from typing import Any

from organizations.fund_choices import FundSource
from reports.layout_columns import count, group, money, per_head


def funds() -> list[dict[str, Any]]:
    allotted = "organizations.fund_allotted"
    return [
        group("", money("organizations.fund_budgeted", "当年预算（元）")),
        group(
            "当年拨付（元）",
            money(allotted, "合计"),
            *(money(f"{allotted}_{s.value}", s.label) for s in FundSource),
        ),
        group(
            "",
            per_head(
                allotted,
                "members.on_roll",
                "人均拨付（元）",
                "当年到月末的拨付除以月末在册党员人数。",
            ),
            money("organizations.fund_paid", "当年支出（元）"),
        ),
    ]


def mutual() -> list[dict[str, Any]]:
    """What was given; what helped stands with hardship, at the street alone."""
    return [
        group(
            "当月捐赠",
            count("members.mutual_gifts", "次数"),
            money("members.mutual_money", "钱款（元）"),
            money("members.mutual_goods", "物品折价（元）"),
        ),
    ]

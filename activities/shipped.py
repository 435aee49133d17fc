"""Programs that come with the portal; the committee may add its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from activities.choices import EarnedBy
from activities.suggestions import DOUBLE_LEAD, FIVE_ONES, SIX_LEADS

_SINCE = date(2000, 1, 1)

# 五个一 of mobile, 六带 of in-post, 双带 of laid-off members: key, name and unit
# of each item, and what earns it by itself. Source: 街道经验材料, 三、建好示范点.
PROGRAMS: tuple[dict[str, Any], ...] = (
    {
        "key": FIVE_ONES,
        "name": "五个一",
        "audience": "mobile",
        "source": "街道经验材料：在流动党员中开展“五个一”活动",
        "items": (
            ("newspaper", "订一份党报", "份"),
            ("lecture", "听一堂党课", "次"),
            ("good-deed", "做一件好事", "件"),
            ("labour", "参加一次义务劳动", "次"),
            ("report", "写一份思想汇报", "份"),
        ),
    },
    {
        "key": SIX_LEADS,
        "name": "六带",
        "audience": "in_post",
        "source": "街道经验材料：在社区在职党员中开展“六带”活动",
        "items": (
            ("policy", "带头宣传党的政策", "次"),
            ("service", "带头参与社区服务", "次"),
            ("hardship", "带头帮扶困难家庭", "次"),
            ("neighbours", "带头协调邻里关系", "次"),
            ("order", "带头维护社会治安", "次"),
            ("civilized", "带头创建文明小区", "次"),
        ),
    },
    {
        "key": DOUBLE_LEAD,
        "name": "双带",
        "audience": "laid_off",
        "source": "街道经验材料：在下岗失业党员中开展“双带”活动",
        "items": (
            ("own-job", "带头实现再就业", "次", EarnedBy.REEMPLOYMENT),
            ("lead-others", "带领他人就业", "人", EarnedBy.PEOPLE_LED),
        ),
    },
)


def ensure_default_programs(apps: Any) -> None:
    """Create the shipped programs whose keys do not exist yet.

    `apps` is any registry of models. One that exists stays as the committee left it.
    """
    program_model = apps.get_model("activities", "Program")
    item_model = apps.get_model("activities", "ProgramItem")
    for order, shipped in enumerate(PROGRAMS, start=1):
        program, is_new = program_model.objects.get_or_create(
            key=shipped["key"],
            defaults={
                "name": shipped["name"],
                "audience": shipped["audience"],
                "period": "year",
                "valid_from": _SINCE,
                "source": shipped["source"],
                "sort_order": order,
            },
        )
        if is_new:
            item_model.objects.bulk_create(
                item_model(
                    program=program,
                    key=key,
                    name=name,
                    unit=unit,
                    earned_by="".join(earned_by),
                    sort_order=place,
                )
                for place, (key, name, unit, *earned_by) in enumerate(
                    shipped["items"], start=1
                )
            )

"""The sheet of the coverage of two-new units."""

from __future__ import annotations

from typing import Any

from organizations.coverage_choices import CoverageForm
from reports.layout_columns import count, group, rate


def coverage() -> list[dict[str, Any]]:
    return [
        group(
            "正常经营的单位",
            count("members.two_new_operating", "单位（家）"),
            count("members.two_new_organized", "组织覆盖（家）"),
            rate("members.two_new_organized_rate", "组织覆盖率"),
            count("members.two_new_worked", "工作覆盖（家）"),
            rate("members.two_new_worked_rate", "工作覆盖率"),
        ),
        group(
            "符合条件的单位",
            count("members.two_new_eligible", "单位（家）"),
            count("members.two_new_eligible_organized", "组织覆盖（家）"),
            rate("members.two_new_eligible_organized_rate", "组织覆盖率"),
            count("members.two_new_eligible_worked", "工作覆盖（家）"),
            rate("members.two_new_eligible_worked_rate", "工作覆盖率"),
            count("members.two_new_unbuilt", "应建未建（家）"),
        ),
        group(
            "覆盖形式",
            *(
                count(
                    f"members.two_new_{form.value}",
                    f"{form.label.partition('（')[0]}（家）",
                )
                for form in CoverageForm
            ),
        ),
        group(
            "人员",
            count("members.two_new_staff", "从业人员（人）"),
            count("members.two_new_members", "党员（人）"),
            count("members.two_new_not_moved_in", "未转入组织关系（人）"),
        ),
        group(
            "党建工作指导员",
            count("members.instructors", "在任（人）"),
            count("members.instructor_units", "联系单位（家）"),
            count("members.instructor_visits", "当月走访（次）"),
            count("members.instructor_calls", "当月电话（次）"),
        ),
        group("上门", count("members.two_new_visits", "当月上门（次）")),
    ]

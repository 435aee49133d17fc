"""What the committee may set for funds."""

from __future__ import annotations

from organizations.parameters import ParameterSpec, register

PUBLISH_DAYS = register(
    ParameterSpec(
        key="organizations.fund_publish_days",
        label="项目验收后几天内公示",
        kind="integer",
        default=7,
        minimum=1,
        maximum=90,
        unit="天",
        source="宝应《为民服务经费办法》：验收后公示；天数为本平台默认值",
    )
).key
YEAR_END_DAYS = register(
    ParameterSpec(
        key="organizations.fund_year_end_days",
        label="年底前几天起提醒未用经费",
        kind="integer",
        default=60,
        minimum=1,
        maximum=180,
        unit="天",
        source="昆山、徐州《社区为民服务专项经费管理办法》：按年度安排使用；"
        "天数为本平台默认值",
    )
).key
UNSPENT_PERCENT = register(
    ParameterSpec(
        key="organizations.fund_unspent_percent",
        label="未用经费占已拨付的百分之几起提醒",
        kind="integer",
        default=30,
        minimum=1,
        maximum=100,
        unit="%",
        source="昆山、徐州《社区为民服务专项经费管理办法》：按年度安排使用；"
        "比例为本平台默认值",
    )
).key

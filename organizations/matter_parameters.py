"""What the committee may set for delegated matters."""

from __future__ import annotations

from organizations.parameters import ParameterSpec, register

DECIDE_DAYS = register(
    ParameterSpec(
        key="organizations.matter_decide_days",
        label="准入申请几天内决定",
        kind="integer",
        default=21,
        minimum=1,
        maximum=180,
        unit="天",
        source="西城区社区工作准入办法：受理后15个工作日内决定（合21天）",
    )
).key
AHEAD_DAYS = register(
    ParameterSpec(
        key="organizations.matter_ahead_days",
        label="准入应在开始前几天申请",
        kind="integer",
        default=42,
        minimum=0,
        maximum=365,
        unit="天",
        source="西城区社区工作准入办法：提前30个工作日申请（合42天）",
    )
).key

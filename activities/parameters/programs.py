"""Thresholds of the programs that the committee may change."""

from organizations.parameters import ParameterSpec, register

register(
    ParameterSpec(
        key="activities.mobile_items_per_half_year",
        label="流动党员每半年至少完成五个一的项数",
        kind="integer",
        default=1,
        minimum=1,
        maximum=5,
        unit="项",
        source="本平台默认值：五个一按年完成，半年没有一项即提醒",
    )
)

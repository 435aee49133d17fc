"""What the committee may set for people and rosters."""

from typing import Any

from config.lib.errors import RuleError
from organizations.parameters import ParameterSpec, register

AGE_BANDS = "members.age_bands"
AGE_SLOTS = 12


def _check_age_bands(bands: list[list[Any]]) -> None:
    if len(bands) > AGE_SLOTS:
        raise RuleError(f"年龄段最多分 {AGE_SLOTS} 段，请合并一些。", code="bands")


register(
    ParameterSpec(
        key="members.reveals_an_hour",
        label="每人每小时查看完整信息的次数上限",
        kind="integer",
        default=30,
        minimum=1,
        maximum=200,
        unit="次",
        source="GB/T 35273—2020 第7.2条（展示限制）；次数为本平台默认值",
    )
)
register(
    ParameterSpec(
        key=AGE_BANDS,
        label="年龄段",
        kind="bands",
        default=[
            ["30岁及以下", None, 31],
            ["31至35岁", 31, 36],
            ["36至40岁", 36, 41],
            ["41至45岁", 41, 46],
            ["46至50岁", 46, 51],
            ["51至55岁", 51, 56],
            ["56至60岁", 56, 61],
            ["61岁及以上", 61, None],
        ],
        unit="岁",
        source="中国共产党党内统计公报（截至2024年12月31日）的年龄分段",
        check=_check_age_bands,
    )
)
register(
    ParameterSpec(
        key="members.probation_notice_days",
        label="预备期满提前提醒天数",
        kind="integer",
        default=30,
        minimum=1,
        maximum=180,
        unit="天",
        source="《中国共产党章程》第七条（预备期一年）；提前量为本平台默认值",
    )
)
register(
    ParameterSpec(
        key="members.import_alarm_percent",
        label="花名册导入提醒：一个支部有多大比例的党员将变更",
        kind="integer",
        default=30,
        minimum=1,
        maximum=100,
        unit="%",
        source="本平台默认值",
    )
)
register(
    ParameterSpec(
        key="members.import_undo_days",
        label="花名册导入后可撤销的天数",
        kind="integer",
        default=7,
        minimum=1,
        maximum=60,
        unit="天",
        source="本平台默认值",
    )
)
register(
    ParameterSpec(
        key="members.import_preview_hours",
        label="花名册预览保存的时间，过后未确认的自动清除",
        kind="integer",
        default=24,
        minimum=1,
        maximum=168,
        unit="小时",
        source="《个人信息保护法》第十九条（保存期限最短）；时数为本平台默认值",
    )
)

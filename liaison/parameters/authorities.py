"""What the committee may set for two-way contact with authorities."""

from __future__ import annotations

from liaison.rules.authorities import check_rhythm
from members.parameters.days import register_days
from organizations.parameters import ParameterSpec, register

EXCHANGE_MONTHS = "liaison.exchange_months"
EXCHANGE_SOON_DAYS = "liaison.exchange_soon_days"

register(
    ParameterSpec(
        key=EXCHANGE_MONTHS,
        label="与登记机关、主管部门几个月往来一次",
        kind="integer",
        default=3,
        minimum=1,
        maximum=12,
        unit="个月",
        source=(
            "街道经验材料《街道党建创新》：双向联系制度；两新组织名单每季度比对一次；"
            "能填 1、2、3、6、12，各部门可以另定"
        ),
        check=check_rhythm,
    )
)
register_days(
    EXCHANGE_SOON_DAYS,
    "双向联系该往来前几天提醒",
    10,
    60,
    "本街道设定：留出准备名单的时间；天数为本平台默认值",
)

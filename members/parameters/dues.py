"""What the committee may set for dues."""

from decimal import Decimal

from members.choices.dues import DuesRounding
from members.rules.dues import REGULATION, Table
from organizations import parameters
from organizations.parameters import ParameterSpec, register

SALARY_RATES = "members.dues_rates_salary"
PENSION_RATES = "members.dues_rates_pension"
FIXED_SUM = "members.dues_fixed"
FARMER_LEAST = "members.dues_farmer_least"
FARMER_MOST = "members.dues_farmer_most"
ROUNDING = "members.dues_rounding"
# What the stored dues of everybody were reckoned with.
TABLE_KEYS = (SALARY_RATES, PENSION_RATES, FIXED_SUM, ROUNDING)
BEHIND_MONTHS = "members.dues_behind_months"
QUIT_MONTHS = "members.dues_quit_months"
MARK_DAY = "members.dues_mark_day"


def table() -> Table:
    """The rates in force today."""
    return Table(
        salary=parameters.get(SALARY_RATES),
        pension=parameters.get(PENSION_RATES),
        fixed=_money(FIXED_SUM),
        farmer_least=_money(FARMER_LEAST),
        farmer_most=_money(FARMER_MOST),
        rounding=parameters.get(ROUNDING),
    )


def _money(key: str) -> Decimal:
    return Decimal(str(parameters.get(key))).quantize(Decimal("0.01"))


def _register_sum(key: str, label: str, default: float) -> None:
    register(
        ParameterSpec(
            key=key,
            label=label,
            kind="decimal",
            default=default,
            minimum=0,
            maximum=100,
            unit="元",
            source=f"{REGULATION}第六条",
        )
    )


def _register_number(
    key: str, label: str, default: int, maximum: int, unit: str, source: str
) -> None:
    register(
        ParameterSpec(
            key=key,
            label=label,
            kind="integer",
            default=default,
            minimum=1,
            maximum=maximum,
            unit=unit,
            source=source,
        )
    )


register(
    ParameterSpec(
        key=SALARY_RATES,
        label="党费比例：领工资、年薪和个体经营",
        kind="rates",
        default=[[3000, "0.5"], [5000, "1"], [10000, "1.5"], [None, "2"]],
        source=f"{REGULATION}第二条（第三、四条参照执行）",
    )
)
register(
    ParameterSpec(
        key=PENSION_RATES,
        label="党费比例：离退休",
        kind="rates",
        default=[[5000, "0.5"], [None, "1"]],
        source=f"{REGULATION}第五条",
    )
)
_register_sum(FIXED_SUM, "学生、下岗失业、靠抚恤救济或领低保的党员每月党费", 0.2)
_register_sum(FARMER_LEAST, "农民党员每月党费最少", 0.2)
_register_sum(FARMER_MOST, "农民党员每月党费最多", 1)
register(
    ParameterSpec(
        key=ROUNDING,
        label="党费计算精确到",
        kind="choice",
        default=DuesRounding.FEN.value,
        choices=tuple(DuesRounding.choices),
        source="本平台默认值，可按当地做法改为到角",
    )
)
_register_number(
    BEHIND_MONTHS,
    "欠交党费多少个月须提醒",
    3,
    24,
    "个月",
    f"{REGULATION}第十三条：及时批评教育、限期改正；月数为本平台默认值",
)
_register_number(
    QUIT_MONTHS,
    "连续多少个月不交党费须核实是否自行脱党",
    6,
    24,
    "个月",
    "《中国共产党章程》第九条：连续六个月不交纳党费",
)
_register_number(
    MARK_DAY,
    "上月党费应在每月几日前登记完",
    10,
    28,
    "日",
    f"{REGULATION}第十二条：按月交纳；日期为本平台默认值",
)

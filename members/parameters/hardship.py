"""What the committee may set for the care for members in difficulty."""

from members.choices.hardship import Level
from members.parameters.days import register_days
from members.rules.hardship import check_levels, check_lines
from organizations.parameters import ParameterSpec, register

LEVELS = "members.hardship_levels"
KINDS = "members.hardship_kinds"
CRITERIA = "members.hardship_criteria"
LINES = "members.hardship_lines"
PUBLICITY_DAYS = "members.hardship_publicity_days"
AID_KINDS = "members.hardship_aid_kinds"
AID_MONTH = "members.hardship_aid_month"
REVIEW_DAYS = "members.hardship_review_days"

_USUAL = "困难党员帮扶通行办法（本人申请、支部大会评议、上级审核、公示、上门发放）"

register(
    ParameterSpec(
        key=LEVELS,
        label="困难级别（由重到轻，共三级）",
        kind="list",
        default=[str(level.label) for level in Level],
        source="高校帮扶慰问困难党员通知（特别、比较、一般三级）",
        check=check_levels,
    )
)
register(
    ParameterSpec(
        key=KINDS,
        label="困难类型",
        kind="list",
        default=[
            *("因病", "因残", "因学", "因灾", "意外事故"),
            *("失业", "年老丧失劳动能力", "家庭负担重", "其他"),
        ],
        source="困难党员信息采集表（贫困原因）",
    )
)
register(
    ParameterSpec(
        key=CRITERIA,
        label="困难党员认定条件",
        kind="list",
        default=[
            "年满65岁或党龄满40年，丧失劳动能力、生活困难",
            "家庭负担较重、生活难以为继",
            "身患重大疾病、伤残，生活困难",
            "遭受自然灾害、意外事故，生活困难",
            "因重大疾病住院",
            "支部大会认可的其他特别困难",
        ],
        source="困难党员帮扶对象（依据黄石市困难党员帮扶专项资金使用管理办法，2017）",
    )
)
register(
    ParameterSpec(
        key=LINES,
        label="最低生活保障标准（每行：起始年月，空格，每人每月元数）",
        kind="list",
        default=["2024-07 1000"],
        source="当地人民政府公布的低保标准；所列为示例，请按民政部门公布的改正",
        check=check_lines,
    )
)
register_days(
    PUBLICITY_DAYS, "困难认定公示天数", 5, 60, f"{_USUAL}；天数为本平台默认值"
)
register(
    ParameterSpec(
        key=AID_KINDS,
        label="帮扶形式",
        kind="list",
        default=[
            *("慰问金", "慰问品", "大病救助", "助学"),
            *("就业帮扶", "生日慰问", "其他"),
        ],
        source="党员关爱专项资金的使用范围（慰问、助学、就业、生日慰问等）",
    )
)
register(
    ParameterSpec(
        key=AID_MONTH,
        label="从几月起提醒当年还没有帮扶的困难党员",
        kind="integer",
        default=10,
        minimum=1,
        maximum=12,
        unit="月",
        source=f"{_USUAL}；月份为本平台默认值",
    )
)
register_days(REVIEW_DAYS, "困难情况多少天复核一次", 365, 730, f"{_USUAL}：按年复核")

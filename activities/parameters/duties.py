"""How often Party life is owed, and who hears of what was not held."""

from organizations.parameters import ParameterSpec, register

THEME_DAYS = "activities.theme_days_per_month"
MEMBERS_MEETINGS = "activities.members_meetings_per_quarter"
COMMITTEE_MEETINGS = "activities.committee_meetings_per_month"
GROUP_MEETINGS = "activities.group_meetings_per_month"
LECTURES = "activities.lectures_per_half_year"
LIFE_MEETINGS = "activities.life_meetings_per_year"
REVIEWS = "activities.democratic_reviews_per_year"
COMMITTEE_FROM = "activities.committee_from_members"
GROUPS_FROM = "activities.groups_from_members"
REMIND_DAYS = "activities.remind_days"
ESCALATE_DAYS = "activities.overdue_escalated_after_days"
SHOWN_DAYS = "activities.overdue_shown_days"

_BRANCH_RULES = "《中国共产党支部工作条例（试行）》"

# key, label, default, most, unit, source
_TIMES = (
    (
        THEME_DAYS,
        "主题党日每月至少次数",
        1,
        4,
        f"{_BRANCH_RULES}第十六条：主题党日每月相对固定1天",
    ),
    (
        MEMBERS_MEETINGS,
        "支部党员大会每季度至少次数",
        1,
        12,
        f"{_BRANCH_RULES}第十一条：支部党员大会一般每季度召开1次",
    ),
    (
        COMMITTEE_MEETINGS,
        "支部委员会每月至少次数",
        1,
        4,
        f"{_BRANCH_RULES}：支部委员会会议一般每月召开1次",
    ),
    (
        GROUP_MEETINGS,
        "党小组会每月至少次数",
        1,
        4,
        f"{_BRANCH_RULES}：党小组会一般每月召开1次",
    ),
    (
        LECTURES,
        "党课每半年至少次数",
        1,
        12,
        f"{_BRANCH_RULES}：应当定期开展党课；各地做法一般每年不少于2次",
    ),
    (
        LIFE_MEETINGS,
        "组织生活会每年至少次数",
        1,
        4,
        f"{_BRANCH_RULES}：每年至少召开1次组织生活会，一般安排在第四季度",
    ),
    (
        REVIEWS,
        "民主评议党员每年至少次数",
        1,
        4,
        f"{_BRANCH_RULES}：一般每年开展1次民主评议党员",
    ),
)
for _key, _label, _default, _most, _source in _TIMES:
    register(
        ParameterSpec(
            key=_key,
            label=f"{_label}（0表示不要求）",
            kind="integer",
            default=_default,
            minimum=0,
            maximum=_most,
            unit="次",
            source=_source,
        )
    )
register(
    ParameterSpec(
        key=COMMITTEE_FROM,
        label="正式党员达到多少人的支部须开支部委员会",
        kind="integer",
        default=7,
        minimum=1,
        maximum=500,
        unit="人",
        source=f"{_BRANCH_RULES}：正式党员7人以上的党支部应当设立支部委员会",
    )
)
register(
    ParameterSpec(
        key=GROUPS_FROM,
        label="正式党员达到多少人的支部须开党小组会",
        kind="integer",
        default=20,
        minimum=1,
        maximum=500,
        unit="人",
        source=f"{_BRANCH_RULES}：党员人数较多的应当划分党小组；人数为本平台默认值",
    )
)
register(
    ParameterSpec(
        key=REMIND_DAYS,
        label="缺项提醒在到期前几天显示",
        kind="integer",
        default=10,
        minimum=1,
        maximum=60,
        unit="天",
        source="本平台默认值：到期前留出补做的时间",
    )
)
register(
    ParameterSpec(
        key=ESCALATE_DAYS,
        label="逾期几天仍未开展即提醒社区和街道",
        kind="integer",
        default=10,
        minimum=1,
        maximum=60,
        unit="天",
        source="本平台默认值：先由支部补记，仍没有的再由上级督促",
    )
)
register(
    ParameterSpec(
        key=SHOWN_DAYS,
        label="逾期事项在待办中保留多少天",
        kind="integer",
        default=60,
        minimum=1,
        maximum=366,
        unit="天",
        source="本平台默认值：更早的在“三会一课”看板上仍可查看",
    )
)

# What the figures of duties depend on: a change of these counts them anew.
COUNTED_BY = frozenset({*(each[0] for each in _TIMES), COMMITTEE_FROM, GROUPS_FROM})

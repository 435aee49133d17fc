"""What the committee may set about organizations."""

from organizations.parameters import ParameterSpec, register

TERM_WARNING_MONTHS = "organizations.term_warning_months"
BRANCH_SIZE_LIMIT = "organizations.branch_size_limit"
COMMITTEE_TERM = "organizations.committee_term"
BRANCH_TERM = "organizations.branch_term"
COMMUNITY_TERM = "organizations.community_term"
TERM_CHANGE_MONTHS = "organizations.term_change_months"
ELECTION_QUORUM = "organizations.election_quorum"
ELECTION_SURPLUS = "organizations.election_surplus"
APPROVAL_DAYS = "organizations.approval_days"
BRANCH_SIZE_LEAST = "organizations.branch_size_least"
COMMITTEE_SIZE_LEAST = "organizations.committee_size_least"
TEAM_SIZE_LEAST = "organizations.team_size_least"
JOINT_UNITS_LIMIT = "organizations.joint_units_limit"

_TERMS = "《关于党的基层组织任期的意见》（2018）"
_ELECTIONS = "《中国共产党基层组织选举工作条例》"
_BRANCHES = "《中国共产党支部工作条例（试行）》"

register(
    ParameterSpec(
        key=TERM_WARNING_MONTHS,
        label="换届提前提醒月数",
        kind="integer",
        default=6,
        minimum=1,
        maximum=24,
        unit="个月",
        source="《关于党的基层组织任期的意见》（2018，上级党组织应及时提醒督促；"
        "未规定提前量，6个月为惯例）",
    )
)
register(
    ParameterSpec(
        key=BRANCH_SIZE_LIMIT,
        label="党支部党员人数一般上限",
        kind="integer",
        default=50,
        minimum=3,
        maximum=500,
        unit="人",
        source="《中国共产党支部工作条例（试行）》第四条",
    )
)


def _number(
    key: str, label: str, default: int, limits: tuple[int, int], unit: str, source: str
) -> None:
    low, high = limits
    register(
        ParameterSpec(
            key=key,
            label=label,
            kind="integer",
            default=default,
            minimum=low,
            maximum=high,
            unit=unit,
            source=source,
        )
    )


_number(COMMITTEE_TERM, "党委任期", 5, (1, 10), "年", _TERMS)
_number(BRANCH_TERM, "党总支、党支部任期", 3, (1, 10), "年", _TERMS)
_number(
    COMMUNITY_TERM,
    "社区党总支、党支部任期",
    5,
    (1, 10),
    "年",
    f"{_TERMS}：村和社区党的委员会、总支部委员会、支部委员会每届任期5年",
)
_number(
    TERM_CHANGE_MONTHS,
    "延期或提前换届最多月数",
    12,
    (1, 24),
    "个月",
    f"{_TERMS}：延期或提前须报上级批准，一般不超过1年",
)
_number(
    ELECTION_QUORUM,
    "选举大会到会比例（须超过）",
    80,
    (50, 99),
    "%",
    f"{_ELECTIONS}：有选举权的到会人数超过应到会人数的五分之四，会议有效",
)
_number(
    ELECTION_SURPLUS,
    "委员候选人差额（不少于应选人数的）",
    20,
    (0, 100),
    "%",
    f"{_ELECTIONS}：候选人的差额不少于应选人数的20%",
)
_number(
    APPROVAL_DAYS,
    "选举结果多少天没有批复即提醒",
    30,
    (1, 365),
    "天",
    "本平台工作惯例；《中国共产党支部工作条例（试行）》规定书记、副书记的选举结果报上级党组织批准",
)
_number(
    BRANCH_SIZE_LEAST,
    "党支部正式党员人数下限",
    3,
    (1, 10),
    "人",
    f"{_BRANCHES}第四条：有正式党员3人以上的，成立党支部",
)
_number(
    COMMITTEE_SIZE_LEAST,
    "正式党员多少人以上设支部委员会",
    7,
    (3, 50),
    "人",
    f"{_BRANCHES}：有正式党员7人以上的党支部，应当设立党支部委员会",
)
_number(
    TEAM_SIZE_LEAST,
    "支部委员会人数下限",
    3,
    (1, 7),
    "人",
    f"{_BRANCHES}：支部委员会由3至5人组成，一般不超过7人",
)
_number(
    JOINT_UNITS_LIMIT,
    "联合党支部覆盖单位数一般上限",
    5,
    (2, 50),
    "个",
    f"{_BRANCHES}第五条：联合党支部覆盖单位一般不超过5个",
)

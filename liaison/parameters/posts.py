"""What the committee may set for posts that card holders claim."""

from organizations.parameters import ParameterSpec, register

POST_CATEGORIES = register(
    ParameterSpec(
        key="liaison.post_categories",
        label="认领岗位的类别",
        kind="list",
        default=[
            *("组织建设", "法律咨询与援助", "助困扶残与就业援助", "社区治理"),
            *("健康医疗", "文化体育", "安全宣传与治安巡逻", "民情信息"),
            *("文明劝导", "青少年教育", "邻里纠纷调解", "环境卫生整治"),
            *("绿化养护", "政策法规宣传", "便民服务", "其他"),
        ],
        source="在职党员“双报到”认岗做法（中江县八类岗位，泰安、银川社区岗位）；"
        "可由街道增减",
    )
)
DECIDE_DAYS = register(
    ParameterSpec(
        key="liaison.claim_decide_days",
        label="认岗提出后几天没有决定列入待办",
        kind="integer",
        default=7,
        minimum=1,
        maximum=60,
        unit="天",
        source="在职党员“双报到”认岗做法：党员提出、社区确定；天数为本平台默认值",
    )
)
POST_FREE_DAYS = register(
    ParameterSpec(
        key="liaison.post_free_days",
        label="认领岗位几天还没有认满列入待办",
        kind="integer",
        default=30,
        minimum=1,
        maximum=365,
        unit="天",
        source="在职党员“双报到”认岗做法：岗位定员、公示；天数为本平台默认值",
    )
)

"""What the committee may set for commendations."""

from organizations.parameters import ParameterSpec, register

TITLES = "members.commendation_titles"

register(
    ParameterSpec(
        key=TITLES,
        label="荣誉称号",
        kind="list",
        default=[
            "优秀共产党员",
            "优秀党务工作者",
            "合法经营的模范",
            "敬业奉献模范",
            "助人为乐模范",
            "优秀志愿者",
            "劳动模范",
        ],
        source="街道经验材料（合法经营的模范）与党内表彰惯例",
    )
)

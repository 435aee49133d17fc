"""What the committee may set for projects of community services."""

from members.parameters.days import register_days

FREE_DAYS = "activities.post_free_days"

register_days(
    FREE_DAYS,
    "服务项目的岗位空了几天列入待办",
    30,
    365,
    "本街道设定：空岗及时推荐给下岗失业党员；天数为本平台默认值",
)

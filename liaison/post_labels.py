"""How the audit trail shows what is done with cards, posts and claims."""

from organizations.audit_text import label_details, label_values

label_details(
    post_step="岗位事项",
    claim_step="认岗事项",
    card_step="联系卡事项",
    link_step="本人链接和记录",
)
label_values("post_step", {"opened": "设岗", "amended": "修改", "closed": "关闭"})
label_values(
    "claim_step",
    {
        "proposed": "登记认领",
        "agreed": "同意",
        "declined": "不同意",
        "withdrawn": "撤回认领",
        "ended": "离岗",
    },
)
label_values(
    "card_step",
    {"invited": "列入邀请计划", "uninvited": "取消邀请", "summed_up": "填写年度小结"},
)
label_values(
    "link_step",
    {
        "issued": "生成链接",
        "revoked": "停用链接",
        "proposed": "本人提出",
        "confirmed": "记入",
        "declined": "不予记入",
    },
)

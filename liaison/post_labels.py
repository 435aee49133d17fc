"""How the audit trail shows what is done with posts and claims."""

from organizations.audit_text import label_details, label_values

label_details(post_step="岗位事项", claim_step="认岗事项")
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

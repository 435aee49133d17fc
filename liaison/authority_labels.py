"""How the audit trail shows what the services of two-way contact write into it."""

from organizations.audit_text import label_details, label_values

label_details(authority_step="双向联系事项")
label_values(
    "authority_step",
    {
        "registered": "登记部门",
        "amended": "修改部门",
        "retired": "停止联系",
        "contact_saved": "维护联系人",
        "contact_ended": "停用联系人",
        "exchanged": "登记往来",
        "answered": "登记答复",
        "withdrawn": "撤回往来",
    },
)

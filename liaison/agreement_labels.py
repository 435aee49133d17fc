"""How the audit trail shows what the services of agreements write into it."""

from organizations.audit_text import label_details, label_values

label_details(agreement_step="共建协议事项")
label_values(
    "agreement_step",
    {
        "drafted": "起草",
        "amended": "修改草稿",
        "discarded": "作废草稿",
        "clause_saved": "写条款",
        "clause_removed": "删去条款",
        "signed": "登记签订",
        "scanned": "上传扫描件",
        "ended": "提前终止",
        "renewed": "起草续签",
        "item_added": "添加清单事项",
        "item_removed": "移出清单",
        "need_met": "落实需求",
        "used": "登记资源使用",
        "use_withdrawn": "撤回资源使用",
        "evidence_given": "选作履行依据",
        "evidence_taken": "不作为履行依据",
        "waived": "登记免办",
        "reported": "季度报告",
    },
)

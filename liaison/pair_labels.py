"""How the audit trail shows what the services of pair building write into it."""

from organizations.audit_text import label_details, label_values

label_details(pair_step="结对共建事项")
label_values(
    "pair_step",
    {
        "begun": "登记结对",
        "amended": "修改",
        "ended": "登记结束",
        "task_saved": "写计划事项",
        "task_waived": "取消计划事项",
        "activity_added": "列入活动",
        "activity_taken": "移出活动",
        "outcome_written": "填写成效",
    },
)

"""How the audit trail shows what the services of delegated matters write into it."""

from organizations.audit_text import label_details, label_values
from organizations.matter_choices import STEP_NAMES

label_details(matter_step="准入事项")
label_values(
    "matter_step",
    {
        "applied": "登记申请",
        "amended": "修改事项",
        "handover": "登记到位情况",
        "step_back": "退回一步",
        "arrived": "登记经费到账",
        "arrival_withdrawn": "撤回到账记录",
        **STEP_NAMES,
    },
)

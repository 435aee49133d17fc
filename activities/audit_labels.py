"""How the audit trail shows what the services of activities write into it."""

from activities.choices.households import MatterAct, MatterState
from organizations.audit_text import label_details, label_values

label_details(
    planned_on="安排在",
    planned_before="原来安排在",
    household_step="住户台账",
    visit_step="走访记录",
    matters="走访事项数",
    matter_act="事项办理",
    matter_state="事项状态",
)
label_values(
    "household_step",
    {
        "add": "登记",
        "amend": "修改",
        "end": "销户",
        "clear": "到期清除信息",
        "import": "导入",
    },
)
label_values("visit_step", {"withdraw": "撤回"})
label_values("matter_act", dict(MatterAct.choices))
label_values("matter_state", dict(MatterState.choices))

"""How the audit trail shows what the services of coverage write into it."""

from organizations.audit_text import label_details, label_values
from organizations.coverage_choices import DifferenceOutcome

label_details(
    coverage_step="两新覆盖事项", registry_step="登记名单事项", registry_outcome="处理"
)
label_values(
    "coverage_step",
    {
        "sheet": "登记一企一表",
        "taken_in": "从登记名单纳入",
        "owner": "按登记名单改负责人",
        "state": "按登记名单改经营状态",
        "decided": "核定覆盖形式",
        "host_closed": "覆盖的党组织撤销",
        "visit": "登记上门",
        "visit_withdrawn": "撤回上门记录",
    },
)
label_values(
    "registry_step",
    {"taken": "导入核对", "settled": "处理差异", "withdrawn": "撤回名单"},
)
label_values("registry_outcome", dict(DifferenceOutcome.choices))

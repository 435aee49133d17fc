"""How the audit trail shows what the services of funds write into it."""

from organizations.audit_text import label_details, label_values
from organizations.fund_choices import STEP_NAMES

label_details(fund_step="经费事项", amount="金额（元）", fund_project="项目")
label_values(
    "fund_step",
    {
        "line_added": "编制预算",
        "line_amended": "修改预算",
        "allotted": "拨付",
        "returned": "收回上缴",
        "receipt_withdrawn": "撤回拨付记录",
        "project_added": "登记项目",
        "project_amended": "修改项目",
        "step_back": "项目退回一步",
        "stopped": "终止项目",
        "payment_entered": "登记付款",
        "payment_confirmed": "确认付款",
        "payment_withdrawn": "撤回付款",
        "year_closed": "年结并结转",
        **{step: name for step, name in STEP_NAMES.items() if step != "allotted"},
    },
)

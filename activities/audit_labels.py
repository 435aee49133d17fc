"""How the audit trail shows what the services of activities write into it."""

from activities.choices.households import MatterAct, MatterState
from activities.choices.requests import RequestState
from organizations.audit_text import label_details, label_values

label_details(
    planned_on="安排在",
    planned_before="原来安排在",
    plan_period="计划期间",
    feed="订阅地址",
    household_step="住户台账",
    visit_step="走访记录",
    matters="走访事项数",
    matter_act="事项办理",
    matter_state="事项状态",
    team_step="服务队事项",
    request_state="需求状态",
    project_step="服务项目事项",
    paper="交流材料",
    paper_id="交流材料编号",
    review_step="评议事项",
    review_page="民主评议页面",
    people="人数",
    returned="收回测评表",
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
label_values(
    "project_step",
    {
        "opened": "开办",
        "amended": "修改",
        "closed": "停办",
        "withdrawn": "撤回项目",
        "post_added": "添加岗位",
        "post_amended": "修改岗位",
        "post_ended": "撤销岗位",
        "post_withdrawn": "撤回岗位",
        "placed": "登记上岗",
        "left": "登记离岗",
        "placement_withdrawn": "撤回上岗记录",
    },
)
label_values("paper", {"added": "登记", "withdrawn": "撤回"})
label_values("visit_step", {"withdraw": "撤回"})
label_values("matter_act", dict(MatterAct.choices))
label_values("matter_state", dict(MatterState.choices))
label_values(
    "team_step",
    {
        "founded": "成立",
        "amended": "修改",
        "closed": "解散",
        "joined": "队员加入",
        "left": "队员离队",
        "led": "确定队长",
        "free_time": "登记空闲时间",
    },
)
label_values("request_state", dict(RequestState.choices))
label_values("feed", {"issued": "生成", "renewed": "重新生成", "ended": "停用"})
label_values(
    "review_step",
    {
        "open": "开始评议",
        "add": "加入名单",
        "remove": "移出名单",
        "entry": "登记自评、互评",
        "ballots": "登记测评结果",
        "decide": "支委会审定",
        "approve": "上级批准",
        "return": "退回支部",
        "deliver": "通知书送达",
        "correction": "登记改正情况",
    },
)
label_values(
    "review_page",
    {
        "review": "一次评议",
        "result": "一名党员的评议",
        "verdicts": "审定",
        "ballots": "测评结果",
        "letters": "结果通知书（可打印）",
        "member": "党员的历年结果",
    },
)

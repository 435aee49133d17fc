"""How the audit trail shows what the services of members write into it."""

from members.choices import TransferDirection, TransferState
from members.choices.comments import CommentState
from members.choices.contacts import ContactWay
from members.choices.development import StepKind
from members.choices.employment import HelpResult
from members.choices.mobile import (
    IdentityProof,
    MobileDirection,
    MobileEnd,
    MobileState,
)
from members.choices.quality import PairState
from members.choices.reporting import SlipState
from members.choices.standing import (
    DecisionKind,
    DecisionState,
    LostState,
    SearchWay,
)
from organizations.audit_text import label_details, label_values

label_details(
    page="页面",
    transfer_state="转接状态",
    transfer_way="转接方式",
    instead_of="代替",
    contact_way="联系方式",
    pair_state="核对结果",
    rows_moved="移动记录数",
    slip_state="报到单状态",
    development_step="步骤",
    paid_to="交至",
    withdrawn="撤回",
    help_before="原来的结果",
    help_result="帮扶结果",
    case_step="步骤",
    mutual_step="互助事项",
    drive="捐助活动",
    decision_kind="党籍处理",
    decision_state="办理结果",
    instructor_step="指导员事项",
    lost_state="失联处置状态",
    search_way="查找方式",
    since="起算日期",
    mobile_state="流动状态",
    mobile_way="流动方向",
    mobile_end="结束原因",
    proof="核实依据",
    comment_state="评议状态",
)
label_values(
    "page",
    {
        "detail": "档案",
        "history": "修改记录",
        "letter": "介绍信",
        "contacts": "联系记录",
        "employment": "就业帮扶",
        "who-sees": "谁能看到",
        "reports": "报到挂牌",
        "merge": "合并档案",
        "mobile-register": "流动党员花名册",
        "applicant": "培养档案",
        "standing": "党籍",
        "dues": "党费与表彰",
        "hardship": "一件",
        "hardship-member": "党员的各件",
        "hardship-list": "名单",
        "hardship-year": "年度名单（可打印）",
        "hardship-alert": "待办名单",
        "mutual-payment": "互助金支出",
        "lost": "失联处置",
        "decision": "党籍处理",
        "mobile": "流动登记",
        "study": "学习",
    },
)
label_values("transfer_state", dict(TransferState.choices))
label_values("transfer_way", dict(TransferDirection.choices))
label_values("pair_state", dict(PairState.choices))
label_values("contact_way", dict(ContactWay.choices))
label_values("slip_state", dict(SlipState.choices))
label_values("development_step", dict(StepKind.choices))
label_values("help_before", dict(HelpResult.choices))
label_values("help_result", dict(HelpResult.choices))
label_values(
    "case_step",
    {
        "amend": "修改",
        "discuss": "支部讨论",
        "recognize": "认定",
        "refuse": "不予认定",
        "withdraw": "撤回",
        "review": "复核",
        "end": "结束",
    },
)
label_values(
    "mutual_step",
    {
        "fund_opened": "设立账户",
        "fund_amended": "修改账户",
        "fund_closed": "关闭账户",
        "drive_added": "发起捐助活动",
        "drive_amended": "修改捐助活动",
        "drive_published": "公示捐助活动",
        "gift_recorded": "登记捐赠",
        "gift_withdrawn": "撤回捐赠",
        "aid_entered": "登记支出",
        "aid_confirmed": "确认支出",
        "aid_withdrawn": "撤回支出",
    },
)
label_values("decision_kind", dict(DecisionKind.choices))
label_values("decision_state", dict(DecisionState.choices))
label_values("lost_state", dict(LostState.choices))
label_values("search_way", dict(SearchWay.choices))
label_values("mobile_state", dict(MobileState.choices))
label_values("mobile_way", dict(MobileDirection.choices))
label_values("proof", dict(IdentityProof.choices))
label_values("mobile_end", dict(MobileEnd.choices))
label_values("comment_state", dict(CommentState.choices))
label_values(
    "instructor_step",
    {
        "selected": "选派",
        "amended": "修改",
        "ended": "离任",
        "unit_taken": "联系单位",
        "unit_left": "结束联系单位",
        "visit": "登记走访",
        "call": "登记电话联系",
        "report": "登记工作汇报",
        "record_withdrawn": "撤回工作记录",
        "appraised": "年度考核",
    },
)

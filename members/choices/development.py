"""Code values of becoming a member: from the application to confirmation."""

from django.db import models


class Stage(models.TextChoices):
    """Where somebody stands on the way. Source: 《中国共产党发展党员工作细则》."""

    APPLICANT = "applicant", "入党申请人"
    ACTIVIST = "activist", "入党积极分子"
    CANDIDATE = "candidate", "发展对象"
    PASSED = "passed", "待上级审批"
    ADMITTED = "admitted", "已接收为预备党员"
    CLOSED = "closed", "已终止"


class StepKind(models.TextChoices):
    """Dated steps: of an applicant, then of a probationary member."""

    APPLIED = "applied", "递交入党申请书"
    TALK = "talk", "派人谈话"
    ACTIVIST = "activist", "确定为入党积极分子"
    CONTACTS = "contacts", "指定培养联系人"
    INSPECTION = "inspection", "培养考察"
    PUBLICITY = "publicity", "发展对象公示"
    CANDIDATE = "candidate", "列为发展对象"
    SPONSORS = "sponsors", "确定入党介绍人"
    REVIEW = "review", "政治审查"
    TRAINING = "training", "短期集中培训"
    PRE_REVIEW = "pre-review", "上级党委预审"
    MEETING = "meeting", "支部大会讨论接收"
    APPROVAL = "approval", "上级党委审批接收"
    MOVED = "moved", "移交其他党支部"
    OBSERVED = "observed", "预备期考察"
    REQUEST = "request", "递交转正申请"
    CONFIRM = "confirm", "支部大会讨论转正"
    EXTEND = "extend", "支部大会讨论延长预备期"
    CANCEL = "cancel", "支部大会讨论取消预备党员资格"
    DECISION = "decision", "上级党委审批决议"


class Outcome(models.TextChoices):
    YES = "yes", "通过（合格、同意）"
    NO = "no", "未通过（不合格、不同意）"


class CloseReason(models.TextChoices):
    WITHDREW = "withdrew", "本人撤回申请"
    UNFIT = "unfit", "不具备条件，停止培养"
    MOVED_AWAY = "moved_away", "转到本街道以外"
    DECEASED = "deceased", "去世"
    MISTAKE = "mistake", "登记有误"

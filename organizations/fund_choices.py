"""Code values of funds: stored in English, shown in Chinese."""

from django.db import models


class FundSource(models.TextChoices):
    """Where money comes from.

    Source: 街道经验材料《街道党建创新》（财政投入为主、社会支持、党费返还）.
    """

    FINANCE = "finance", "财政"
    SOCIETY = "society", "社会"
    DUES = "dues", "党费返还"
    OTHER = "other", "其他"


class FundClass(models.TextChoices):
    """What a 为民服务专项 is for.

    Source: 昆山、徐州《社区为民服务专项经费管理办法》: four classes; not for office
    costs, pay, loans, own premises (宝应).
    """

    PARTY = "party", "党建工作"
    SERVICE = "service", "公共服务"
    AUTONOMY = "autonomy", "居民自治"
    URGENT = "urgent", "其他急需事项"


class FundStage(models.TextChoices):
    """How far a project is: the step done last. Source: 宝应《为民服务经费办法》."""

    REGISTERED = "registered", "已登记"
    DISCUSSED = "discussed", "已议定"
    FILED = "filed", "已备案"
    ALLOTTED = "allotted", "已拨付"
    CARRIED_OUT = "carried_out", "已实施"
    PAID = "paid", "已付清"
    ACCEPTED = "accepted", "已验收"
    PUBLISHED = "published", "已公示"


# What each step is called where it is done.
STEP_NAMES: dict[str, str] = {
    FundStage.DISCUSSED: "议：集体议定",
    FundStage.FILED: "备：审核备案",
    FundStage.ALLOTTED: "拨：拨付经费",
    FundStage.CARRIED_OUT: "做：组织实施",
    FundStage.PAID: "付：付清款项",
    FundStage.ACCEPTED: "验：验收",
    FundStage.PUBLISHED: "公示",
}


class ReceiptKind(models.TextChoices):
    ALLOTTED = "allotted", "拨付到账"
    RETURNED = "returned", "收回上缴"
    CARRIED_IN = "carried_in", "上年结转"
    CARRIED_OUT = "carried_out", "结转下年"


# Those that are entered by hand; carrying over is the closing's alone.
ENTERED_KINDS = (ReceiptKind.ALLOTTED, ReceiptKind.RETURNED)


class PaymentState(models.TextChoices):
    WAITING = "waiting", "待确认"
    PAID = "paid", "已付"
    WITHDRAWN = "withdrawn", "已撤回"


PAYMENT_TONES: dict[str, str] = {
    PaymentState.WAITING: "warn",
    PaymentState.PAID: "ok",
    PaymentState.WITHDRAWN: "mute",
}


class ProjectGroup(models.TextChoices):
    """Tabs of the list of projects."""

    LATE = "late", "逾期未验收"
    UNPUBLISHED = "unpublished", "验收未公示"
    FINISHED = "finished", "已公示"
    STOPPED = "stopped", "已终止"
    ALL = "all", "全部"

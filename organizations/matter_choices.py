"""Code values of delegated matters: stored in English, shown in Chinese."""

from django.db import models


class MatterKind(models.TextChoices):
    """Source: 二七区社区工作准入制度: lists of statutory and of assisted matters."""

    STATUTORY = "statutory", "依法履行"
    ASSISTED = "assisted", "协助办理"


class MatterSpan(models.TextChoices):
    """Source: 黄山市社区工作准入制度: long-term matters get office money or staff
    cost, one-off ones money by workload."""

    LONG = "long", "长期"
    ONCE = "once", "一次性"


class MatterState(models.TextChoices):
    """How far a matter is: the step done last. Source: 西城区社区工作准入办法."""

    APPLIED = "applied", "已申请"
    EXAMINED = "examined", "已审核"
    ADMITTED = "admitted", "已准入"
    REFUSED = "refused", "不予准入"
    WITHDRAWN = "withdrawn", "已撤回申请"
    ENDED = "ended", "已退出"


# What each step is called where it is done.
STEP_NAMES: dict[str, str] = {
    MatterState.EXAMINED: "审核",
    MatterState.ADMITTED: "准入",
    MatterState.REFUSED: "不予准入",
    MatterState.WITHDRAWN: "撤回申请",
    MatterState.ENDED: "退出",
}
STATE_TONES: dict[str, str] = {
    MatterState.APPLIED: "warn",
    MatterState.EXAMINED: "info",
    MatterState.ADMITTED: "ok",
    MatterState.REFUSED: "mute",
    MatterState.WITHDRAWN: "mute",
    MatterState.ENDED: "mute",
}
WAITING = (MatterState.APPLIED, MatterState.EXAMINED)


class MatterGroup(models.TextChoices):
    """Tabs of the list beside what is carried."""

    WAITING = "waiting", "待办理"
    UNBALANCED = "unbalanced", "权责利不一致"
    UNPAID = "unpaid", "经费逾期"
    PAST = "past", "已过期限"
    OVER = "over", "退出和不予准入"
    ALL = "all", "全部"

"""Rules of members who live or work away: pure, dates and settings passed in."""

from __future__ import annotations

from datetime import date, timedelta

from config.lib.errors import RuleError
from members.choices import AffiliationKind, EndReason
from members.choices.mobile import (
    MobileDirection,
    MobileEnd,
    MobileReason,
    MobileState,
)
from members.divisions import places

NOTE_LENGTH = 200
# A stay shorter than this is no stay: 《意见》 speaks of six months in a row.
SHORT_DAYS = 180
_OPINION = "《关于进一步加强和改进流动党员管理工作的意见》"
_PLACING = "街道经验材料：对流动党员先核实其党员身份，再编入党的一个基层组织"
_CARD = "《流动党员活动证》使用规定"

# What may follow what; each open state may also end.
NEXT: dict[str, frozenset[str]] = {
    # The branch where he lives now writes him down as well.
    MobileState.AWAY: frozenset({MobileState.REGISTERED, MobileState.ENDED}),
    MobileState.REGISTERED: frozenset({MobileState.VERIFIED, MobileState.ENDED}),
    MobileState.VERIFIED: frozenset({MobileState.PLACED, MobileState.ENDED}),
    MobileState.PLACED: frozenset({MobileState.ENDED}),
    MobileState.ENDED: frozenset(),
}
# What somebody may say of the end; the rest follows from what happens to the relation.
SPOKEN_ENDS = (MobileEnd.RETURNED, MobileEnd.LEFT, MobileEnd.MISTAKE)
# How the relation to the branch that took him in ends with the stay, and the reverse.
RELATION_ENDS: dict[str, str] = {
    MobileEnd.RETURNED: EndReason.FLOWED_BACK,
    MobileEnd.LEFT: EndReason.LEFT_UNIT,
    MobileEnd.MISTAKE: EndReason.MISTAKE,
    MobileEnd.TRANSFERRED: EndReason.MOVED_WITHIN,
    MobileEnd.DECEASED: EndReason.DECEASED,
    MobileEnd.REMOVED: EndReason.LEFT_UNIT,
}
STAY_ENDS: dict[str, str] = {
    EndReason.FLOWED_BACK: MobileEnd.RETURNED,
    EndReason.LEFT_UNIT: MobileEnd.LEFT,
    EndReason.MISTAKE: MobileEnd.MISTAKE,
    EndReason.TRANSFERRED_OUT: MobileEnd.TRANSFERRED,
    EndReason.DECEASED: MobileEnd.DECEASED,
    EndReason.REMOVED: MobileEnd.REMOVED,
}


def may_follow(state: str, wanted: str) -> bool:
    return wanted in NEXT[state]


def check_next(state: str, wanted: str) -> None:
    """Raise RuleError unless `wanted` may follow `state`."""
    if may_follow(state, wanted):
        return
    if state == MobileState.REGISTERED and wanted == MobileState.PLACED:
        raise RuleError(
            f"还没有核实党员身份，不能编入党支部；请先登记核实依据（{_PLACING}）。",
            code="verify_first",
        )
    now, then = MobileState(state).label, MobileState(wanted).label
    raise RuleError(
        f"这条流动登记现在是“{now}”，不能办理“{then}”。请刷新页面，看看是否已有人办过。",
        code="mobile_state",
    )


def check_open(state: str) -> None:
    """Raise RuleError where a stay is over: what it was stays as it is."""
    if state == MobileState.ENDED:
        raise RuleError(
            "这条流动登记已经结束，不能再修改；再次外出的请重新登记。",
            code="mobile_state",
        )


def check_roll(kind: str) -> None:
    """Raise RuleError unless the relation is one that somebody can leave behind."""
    if kind != AffiliationKind.ON_ROLL:
        raise RuleError(
            "流出由组织关系所在的党支部登记；协管、流入的党员请联系其原党支部"
            f"（{_OPINION}：流出地党组织登记）。",
            code="not_on_roll",
        )


def check_days(started_on: date, expected_end_on: date | None, *, today: date) -> None:
    """Raise RuleError for days that cannot be."""
    if started_on > today:
        raise RuleError(
            "流动开始日期不能晚于今天；还没有动身的请到时再登记。", code="started_on"
        )
    if expected_end_on is not None and expected_end_on <= started_on:
        raise RuleError(
            f"预计结束日期应晚于流动开始日期（{started_on}）。", code="expected_end_on"
        )


def check_division(division: str, direction: str) -> None:
    """Raise RuleError unless the place is one of the standard's."""
    if direction == MobileDirection.WITHIN:
        return
    if division not in places():
        raise RuleError("请从行政区划中选择地点（GB/T 2260）。", code="division")


def check_card(number: str, issued_on: date | None, *, today: date) -> None:
    """Raise RuleError unless a card has its number and its day, or neither."""
    if bool(number.strip()) != (issued_on is not None):
        raise RuleError(
            f"活动证要写编号和发证日期两项（{_CARD}：登记发证时间）。",
            code="card_number",
        )
    if issued_on is not None and issued_on > today:
        raise RuleError("发证日期不能晚于今天。", code="card_issued_on")


def check_verified(proof: str, verified_on: date, *, today: date) -> None:
    """Raise RuleError unless it is said by what the identity was verified, and when."""
    if not proof:
        raise RuleError(f"请写明凭什么核实了党员身份（{_PLACING}）。", code="proof")
    if verified_on > today:
        raise RuleError("核实日期不能晚于今天。", code="verified_on")


def check_placed(placed_on: date, *, verified_on: date, today: date) -> None:
    """Raise RuleError unless a branch can have taken the person in on that day."""
    if placed_on > today:
        raise RuleError("编入日期不能晚于今天。", code="placed_on")
    if placed_on < verified_on:
        raise RuleError(
            f"编入日期不能早于核实日期（{verified_on}）；{_PLACING}。",
            code="placed_on",
        )


def check_branch(branch_id: int, home_id: int | None, branch: str) -> None:
    """Raise RuleError where somebody would be placed in the branch of his own roll."""
    if branch_id == home_id:
        raise RuleError(
            f"该同志的组织关系就在{branch}，不用编入；已经回来的请办理“结束流动”。",
            code="organization",
        )


def check_end(
    end_reason: str, ended_on: date, *, started_on: date, today: date
) -> None:
    """Raise RuleError where a stay cannot end so."""
    if end_reason not in SPOKEN_ENDS:
        raise RuleError("请选择结束原因。", code="end_reason")
    if ended_on > today:
        raise RuleError("结束日期不能晚于今天。", code="ended_on")
    if ended_on < started_on:
        raise RuleError(
            f"结束日期不能早于流动开始日期（{started_on}）。", code="ended_on"
        )


def hints(
    *, reason: str, started_on: date, expected_end_on: date | None, has_card: bool
) -> list[str]:
    """What to think of, though nothing is refused."""
    found = []
    if expected_end_on and expected_end_on - started_on < timedelta(days=SHORT_DAYS):
        found.append(
            "预计外出不到6个月：不算流动党员，开会、短期学习、借调的不发活动证"
            f"（{_OPINION}；{_CARD}）。"
        )
    elif reason in {MobileReason.UNIT, MobileReason.RESIDENCE}:
        found.append(
            "在固定地点6个月以上、单位或住处已定的，应当转接组织关系，不用活动证代替"
            f"（{_CARD}）。"
        )
    elif not has_card:
        found.append(
            f"外出务工经商、地点不固定的，可由基层党委发《流动党员活动证》（{_CARD}）。"
        )
    return found

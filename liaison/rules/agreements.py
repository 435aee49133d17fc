"""Rules of joint-building agreements: pure, dates passed in.

Sources: 街道经验材料《街道党建创新》(签订联创共建协议书), and agreements between
resident units and communities: numbered duties with an owner, seals of three sides, a
report to the street each quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from config.lib.dates import months_after
from config.lib.errors import RuleError
from config.lib.periods import Quarter
from liaison.choices.agreements import AgreementState, Rhythm

# Local rules: more is a slip of the keyboard. Set by the portal.
MOST_YEARS = 10
MOST_TIMES = 50
MOST_PARTIES = 10
MOST_CLAUSES = 40

_MONTHS = {
    Rhythm.MONTH: 1,
    Rhythm.QUARTER: 3,
    Rhythm.HALF_YEAR: 6,
    Rhythm.YEAR: 12,
}


def state_of(
    *,
    starts_on: date,
    ends_on: date,
    is_signed: bool,
    ended_on: date | None,
    today: date,
    expiring_days: int,
) -> str:
    """Where an agreement stands on a day (`AgreementState`)."""
    if not is_signed:
        return AgreementState.DRAFT
    if ended_on is not None and ended_on <= today:
        return AgreementState.ENDED
    if ends_on < today:
        return AgreementState.EXPIRED
    if today < starts_on:
        return AgreementState.SIGNED
    if ends_on <= today + timedelta(days=expiring_days):
        return AgreementState.EXPIRING
    return AgreementState.IN_FORCE


def check_term(starts_on: date, ends_on: date) -> None:
    if ends_on <= starts_on:
        raise RuleError("到期日期应晚于生效日期，请核对。", code="ends_on")
    if ends_on > months_after(starts_on, 12 * MOST_YEARS):
        raise RuleError(f"协议期限最长{MOST_YEARS}年，请核对到期日期。", code="ends_on")


def check_parties(unit_ids: list[int]) -> None:
    if not unit_ids:
        raise RuleError("请至少选一个共建单位。", code="units")
    if len(unit_ids) > MOST_PARTIES:
        raise RuleError(
            f"一份协议最多{MOST_PARTIES}个单位，您选了{len(unit_ids)}个；请分开签订。",
            code="units",
        )


def check_clause(
    *, rhythm: str, due_on: date | None, starts_on: date, ends_on: date
) -> None:
    """Raise RuleError unless the clause says when it falls due within the term."""
    if rhythm != Rhythm.ONCE:
        if due_on is not None:
            raise RuleError(
                "按月、季度、半年或年履行的条款不写办结期限，请留空。", code="due_on"
            )
        return
    if due_on is None:
        raise RuleError("只办一次的条款请写办结期限。", code="due_on")
    check_due(due_on, starts_on=starts_on, ends_on=ends_on)


def check_due(due_on: date, *, starts_on: date, ends_on: date) -> None:
    if not starts_on <= due_on <= ends_on:
        raise RuleError(f"期限应在协议期内（{starts_on}至{ends_on}）。", code="due_on")


def due_dates(
    rhythm: str, due_on: date | None, starts_on: date, ends_on: date
) -> Iterator[tuple[date, date]]:
    """First and last day of each time a clause falls due in the term.

    Counted from the day the agreement begins, not by the calendar, so that nobody owes
    a quarter's meeting in its last week. What is left at the end of the term and is
    shorter than a whole step is not owed, unless it is all there is.
    """
    if rhythm == Rhythm.ONCE:
        assert due_on is not None
        yield starts_on, due_on
        return
    step, turn, begin = _MONTHS[Rhythm(rhythm)], 0, starts_on
    while True:
        after = months_after(starts_on, step * (turn + 1))
        last = after - timedelta(days=1)
        if last > ends_on:
            if turn == 0:
                yield starts_on, ends_on
            return
        yield begin, last
        turn, begin = turn + 1, after


def check_signing(
    *, signed_on: date, starts_on: date, today: date, clauses: int
) -> None:
    if not clauses:
        raise RuleError(
            "协议还没有条款，没有可以履行的内容。请先添加条款，再登记签订。",
            code="clauses",
        )
    if signed_on > today:
        raise RuleError("签订日期不能晚于今天。", code="signed_on")
    if signed_on > starts_on:
        raise RuleError(
            f"签订日期不能晚于生效日期（{starts_on}）；日期写错了的请先修改协议。",
            code="signed_on",
        )


def check_ending(
    ended_on: date, *, signed_on: date, ends_on: date, today: date
) -> None:
    if ended_on > today:
        raise RuleError("终止日期不能晚于今天。", code="ended_on")
    if ended_on < signed_on:
        raise RuleError(f"终止日期不能早于签订日期（{signed_on}）。", code="ended_on")
    if ended_on > ends_on:
        raise RuleError(
            f"协议已于{ends_on}到期，不用再登记终止；要继续的请续签。", code="ended_on"
        )


def check_evidence_day(day: date, *, starts_on: date, today: date) -> None:
    """Raise RuleError for a deed before the time it is to stand for, or to come."""
    if day > today:
        raise RuleError("还没有办的事不能作为依据。", code="evidence")
    if day < starts_on:
        raise RuleError(
            f"这件事在本期开始（{starts_on}）以前，应算在上一期，请另选。",
            code="evidence",
        )


def quarters_owed(*, starts_on: date, last_day: date, today: date) -> Iterator[Quarter]:
    """Quarters that are over and in which an agreement held, oldest first."""
    quarter = Quarter.containing(starts_on)
    while quarter.end <= today and quarter.start <= last_day:
        yield quarter
        quarter = quarter.next()

"""Pure rules of the democratic review: who counts, ballots, grades, letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from activities.choices.reviews import Grade, Outcome, ReviewState
from activities.rules.minutes import SOURCE as QUORUM_SOURCE
from activities.rules.minutes import is_quorate
from config.lib.errors import RuleError

SOURCE = "《中国共产党支部工作条例（试行）》民主评议党员的规定"
LIMIT_SOURCE = "民主评议党员通行做法：优秀等次一般不超过参评党员的三分之一"
TEXT_LENGTH = 2000
OPEN_STATES = (ReviewState.DRAFTED, ReviewState.VOTED)


@dataclass(frozen=True)
class Verdict:
    """What the branch committee finds of one member; `term_ends_on` is the last day."""

    grade: str
    words: str = ""
    outcome: str = ""
    term_ends_on: date | None = None


@dataclass(frozen=True)
class Ballots:
    """Votes for one member."""

    excellent: int = 0
    qualified: int = 0
    basic: int = 0
    unqualified: int = 0

    @property
    def total(self) -> int:
        return self.excellent + self.qualified + self.basic + self.unqualified


def check_year(year: int, today: date) -> None:
    if year not in {today.year, today.year - 1}:
        raise RuleError(
            f"只能登记{today.year - 1}年、{today.year}年的民主评议，请核对年度。",
            code="year",
        )


def check_state(state: str, *wanted: str) -> None:
    """Raise RuleError where a step is not of this state."""
    if state not in wanted:
        names = "、".join(str(ReviewState(each).label) for each in wanted)
        raise RuleError(
            f"这次评议现在是“{ReviewState(state).label}”，只有“{names}”时才能办这一步。",
            code="state",
        )


def check_quorum(expected: int, present: int) -> None:
    if not is_quorate(expected, present):
        raise RuleError(
            f"应到有表决权的党员 {expected} 人，到会 {present} 人，没有超过半数，"
            f"不能进行民主测评（{QUORUM_SOURCE}）。请先核对这次会议的到会名单；"
            "确实不足的，另行召开。",
            code="activity",
        )


def check_papers(handed_out: int, returned: int, present: int) -> None:
    """Papers go to those entitled who came, and no more come back."""
    if handed_out > present:
        raise RuleError(
            f"发出测评表 {handed_out} 张，多于到会有表决权的党员 {present} 人。"
            "请核对发出的张数，或者先补正会议的到会名单。",
            code="handed_out",
        )
    if returned > handed_out:
        raise RuleError(
            f"收回测评表 {returned} 张，多于发出的 {handed_out} 张，请核对。",
            code="returned",
        )
    if returned < 1:
        raise RuleError("至少要收回 1 张测评表。", code="returned")


def ballot_fault(ballots: Ballots, returned: int) -> str:
    """What is wrong with the votes for one member, "" for nothing."""
    if ballots.total <= returned:
        return ""
    return (
        f"四项合计 {ballots.total} 票，多于收回的测评表 {returned} 张，请核对；"
        "没有打勾的算弃权，可以少于收回的张数。"
    )


def most_excellent(reviewed: int, share: int) -> int:
    """How many may be excellent: one in `share`, rounded down."""
    return reviewed // share


def check_excellent(verdicts: Sequence[Verdict], share: int) -> None:
    given = sum(verdict.grade == Grade.EXCELLENT for verdict in verdicts)
    most = most_excellent(len(verdicts), share)
    if given > most:
        raise RuleError(
            f"参评党员 {len(verdicts)} 人，优秀不超过 {share} 分之一，最多 {most} 人，"
            f"现在评了 {given} 人（{LIMIT_SOURCE}）。请把多出的 {given - most} 人"
            "改为其他等次。",
            code="excellent",
        )


def verdict_fault(verdict: Verdict, decided_on: date) -> tuple[str, str]:
    """Which field of one verdict is wrong and why; two empty texts for nothing."""
    if verdict.grade not in Grade.values:
        return "grade", "请选择等次。"
    if len(verdict.words) > TEXT_LENGTH:
        return "words", f"请控制在{TEXT_LENGTH}字以内。"
    if verdict.grade != Grade.UNQUALIFIED:
        if verdict.outcome or verdict.term_ends_on:
            return "outcome", "只有不合格的党员才有组织处置和期限，请留空。"
        return "", ""
    if verdict.outcome not in Outcome.values:
        return "outcome", "评为不合格的，请选择组织处置。"
    if not verdict.words.strip():
        return "words", f"评为不合格的，请写明事实和理由（{SOURCE}）。"
    is_correction = verdict.outcome == Outcome.CORRECTION
    if is_correction and verdict.term_ends_on is None:
        return "term_ends_on", "限期改正的，请填写期限的最后一天。"
    if not is_correction and verdict.term_ends_on is not None:
        return "term_ends_on", "只有限期改正才有期限，请留空。"
    if verdict.term_ends_on is not None and verdict.term_ends_on <= decided_on:
        return "term_ends_on", "改正期限应在审定日期之后。"
    return "", ""


def check_day(day: date, label: str, first: date | None, today: date) -> None:
    """A step lies between the day of the one before it, which is known, and today."""
    if first is None or not first <= day <= today:
        raise RuleError(f"{label}应在 {first} 到今天之间，请核对。", code="day")


def check_words(text: str) -> str:
    """Return a reason without blanks around it. Raises RuleError for none."""
    text = text.strip()
    if not text:
        raise RuleError("请写明原因。", code="words")
    if len(text) > TEXT_LENGTH:
        raise RuleError(f"请控制在{TEXT_LENGTH}字以内。", code="words")
    return text


def check_whole(listed: set[int], given: Mapping[int, object]) -> None:
    """A form is about everybody who is reviewed, and nobody else."""
    if listed != set(given):
        raise RuleError("评议名单刚刚有变动，请核对名单后重新填写保存。", code="people")

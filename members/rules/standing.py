"""Rules of decisions about a membership: pure, dates and settings passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from config.lib.dates import months_after
from config.lib.errors import RuleError
from members.choices import MembershipStatus, MemberType
from members.choices.standing import DecisionGround, DecisionKind, DecisionState
from members.rules.people import REMOVAL_STATUSES

FACTS_LENGTH = 2000
ARTICLE = "《中国共产党党员教育管理工作条例》第二十四条"
CHARTER = "《中国共产党章程》第九条"
REMOVALS = frozenset(
    kind for kind in DecisionKind if kind.value in set(map(str, REMOVAL_STATUSES))
)

# The grounds of a kind; a kind that is not named asks for none.
GROUNDS: dict[str, tuple[DecisionGround, ...]] = {
    DecisionKind.SUSPENSION: (
        DecisionGround.LOST,
        DecisionGround.SETTLED_ABROAD,
        DecisionGround.STUDY_ABROAD,
    ),
    DecisionKind.SELF_QUIT: (DecisionGround.STILL_LOST, DecisionGround.INACTIVE),
    DecisionKind.PROBATION_CANCELLED: (DecisionGround.LOST,),
    DecisionKind.REINSTATEMENT: (DecisionGround.RETURNED, DecisionGround.CORRECTED),
}
# Grounds that count from a day somebody must name.
DATED_GROUNDS = frozenset({DecisionGround.STUDY_ABROAD, DecisionGround.INACTIVE})
# Only somebody who can be spoken to can be persuaded, or ask to leave.
_SPOKEN_WITH = frozenset(
    {DecisionKind.PERSUADED_OUT, DecisionKind.REFUSED_OUT, DecisionKind.WITHDRAWAL}
)


@dataclass(frozen=True)
class Limits:
    """What the committee set."""

    lost_months: int
    removal_years: int
    abroad_years: int
    search_ways: int


@dataclass(frozen=True)
class Situation:
    """How somebody stands when something is proposed, and when it is approved.

    `lost_since` is None without an open case, `searched` the number of ways in which
    the branch looked for the person, `status_since` the day of the decision in force,
    None where it is not known.
    """

    member_type: str
    status: str
    joined_on: date
    lost_since: date | None = None
    searched: int = 0
    status_since: date | None = None

    @property
    def kinds(self) -> tuple[DecisionKind, ...]:
        """What can be proposed at all."""
        if self.status in REMOVAL_STATUSES:
            return (DecisionKind.REINSTATEMENT,)
        if self.status == MembershipStatus.SUSPENDED:
            return (
                DecisionKind.REINSTATEMENT,
                DecisionKind.SELF_QUIT,
                DecisionKind.WITHDRAWAL,
                DecisionKind.EXPULSION,
            )
        if self.status != MembershipStatus.NORMAL:
            return ()
        if self.member_type == MemberType.PROBATIONARY:
            return (DecisionKind.PROBATION_CANCELLED,)
        return (
            DecisionKind.SUSPENSION,
            DecisionKind.SELF_QUIT,
            DecisionKind.PERSUADED_OUT,
            DecisionKind.REFUSED_OUT,
            DecisionKind.WITHDRAWAL,
            DecisionKind.EXPULSION,
        )


@dataclass(frozen=True)
class Proposal:
    """What a branch asks for; `since` is the day from which its ground counts."""

    kind: str
    meeting_on: date
    ground: str = ""
    since: date | None = None


def status_of(kind: str) -> MembershipStatus:
    """Return the status that a decision of this kind gives."""
    if kind == DecisionKind.REINSTATEMENT:
        return MembershipStatus.NORMAL
    return MembershipStatus(kind)


def check_proposal(
    proposal: Proposal, situation: Situation, limits: Limits, today: date
) -> None:
    """Raise RuleError unless this can be decided about somebody who stands so."""
    _check_kind(proposal.kind, situation)
    _check_ground(proposal)
    meeting_on = proposal.meeting_on
    if meeting_on > today:
        raise RuleError("支部大会日期不能晚于今天。", code="meeting_on")
    if meeting_on < situation.joined_on:
        raise RuleError(
            f"支部大会日期不能早于入党日期（{situation.joined_on}）。",
            code="meeting_on",
        )
    match proposal.kind:
        case DecisionKind.SUSPENSION | DecisionKind.PROBATION_CANCELLED:
            _check_suspension(proposal, situation, limits)
        case DecisionKind.SELF_QUIT:
            _check_self_quit(proposal, situation, limits)
        case DecisionKind.REINSTATEMENT:
            _check_reinstatement(proposal, situation)


def _check_kind(kind: str, situation: Situation) -> None:
    label = DecisionKind(kind).label
    is_probationary = situation.member_type == MemberType.PROBATIONARY
    is_normal = situation.status == MembershipStatus.NORMAL
    if kind == DecisionKind.SUSPENSION and is_probationary and is_normal:
        raise RuleError(
            "预备党员失去联系、查找无果的，取消预备党员资格，不办理停止党籍"
            "（《中国共产党章程》第七条：不履行党员义务的，应当取消预备党员资格）。",
            code="kind",
        )
    if kind not in situation.kinds:
        status = MembershipStatus(situation.status).label
        person = MemberType(situation.member_type).label
        raise RuleError(
            f"{person}、党籍状态为“{status}”的，不能办理{label}（{ARTICLE}、{CHARTER}）。",
            code="kind",
        )
    if kind in _SPOKEN_WITH and is_normal and situation.lost_since:
        raise RuleError(
            f"该同志正在失联处置中，本人没有到会、没有表态，不能办理{label}"
            f"（{CHARTER}）。已经取得联系的，请先在失联处置中登记。",
            code="kind",
        )


def _check_ground(proposal: Proposal) -> None:
    grounds = GROUNDS.get(proposal.kind, ())
    if grounds and proposal.ground not in grounds:
        raise RuleError("请选择依据。", code="ground")
    if not grounds and proposal.ground:
        raise RuleError("这项处理不需要选择依据。", code="ground")
    if proposal.ground in DATED_GROUNDS and proposal.since is None:
        raise RuleError("请填写起算日期。", code="since")


def _check_suspension(proposal: Proposal, situation: Situation, limits: Limits) -> None:
    if proposal.ground == DecisionGround.STUDY_ABROAD:
        assert proposal.since is not None
        if months_after(proposal.since, 12 * limits.abroad_years) > proposal.meeting_on:
            raise RuleError(
                f"出国学习研究超过{limits.abroad_years}年仍未返回的，"
                f"才一般予以停止党籍（{ARTICLE}）。",
                code="since",
            )
    if proposal.ground != DecisionGround.LOST:
        return
    if situation.lost_since is None:
        raise RuleError(
            f"请先登记失联并查找；通过各种方式查找仍没有取得联系的，才能办理（{ARTICLE}）。",
            code="ground",
        )
    due_on = months_after(situation.lost_since, limits.lost_months)
    if due_on > proposal.meeting_on:
        raise RuleError(
            f"失去联系须满{limits.lost_months}个月（{due_on}满）才能办理（{ARTICLE}）。",
            code="meeting_on",
        )
    if situation.searched < limits.search_ways:
        raise RuleError(
            f"须通过各种方式查找：至少用过{limits.search_ways}种查找方式，"
            f"现在只记录了{situation.searched}种（{ARTICLE}）。",
            code="ground",
        )


def _check_self_quit(proposal: Proposal, situation: Situation, limits: Limits) -> None:
    is_suspended = situation.status == MembershipStatus.SUSPENDED
    if proposal.ground == DecisionGround.STILL_LOST:
        if not is_suspended:
            raise RuleError(
                f"失去联系的党员应先停止党籍，{limits.removal_years}年后确实无法取得"
                f"联系的，才按照自行脱党予以除名（{ARTICLE}）。",
                code="ground",
            )
        suspended_on = situation.status_since or proposal.since
        if suspended_on is None:
            raise RuleError(
                "本平台没有停止党籍的日期，请在起算日期中按文件填写。", code="since"
            )
        due_on = months_after(suspended_on, 12 * limits.removal_years)
        if due_on > proposal.meeting_on:
            raise RuleError(
                f"停止党籍满{limits.removal_years}年（{due_on}满）后确实无法取得联系的，"
                f"才按照自行脱党予以除名（{ARTICLE}）。",
                code="meeting_on",
            )
        return
    if is_suspended or situation.lost_since:
        raise RuleError(
            f"失去联系的，按停止党籍满{limits.removal_years}年办理，不用这一依据"
            f"（{ARTICLE}）。",
            code="ground",
        )
    assert proposal.since is not None
    if months_after(proposal.since, 6) > proposal.meeting_on:
        raise RuleError(
            "须连续六个月不参加党的组织生活，或不交纳党费，或不做党所分配的工作"
            f"（{CHARTER}）。",
            code="since",
        )


def _check_reinstatement(proposal: Proposal, situation: Situation) -> None:
    is_removed = situation.status in REMOVAL_STATUSES
    if is_removed and proposal.ground != DecisionGround.CORRECTED:
        raise RuleError(
            "劝退、除名、退党、开除党籍的，原则上不能恢复党籍，符合条件的可以重新入党；"
            f"只有原处理经复查撤销的才能恢复（{ARTICLE}）。",
            code="ground",
        )
    if situation.status_since and proposal.meeting_on < situation.status_since:
        raise RuleError(
            f"支部大会日期不能早于原处理日期（{situation.status_since}）。",
            code="meeting_on",
        )


def check_waiting(state: str) -> None:
    """Raise RuleError unless the proposal still waits for an answer."""
    if state != DecisionState.PROPOSED:
        raise RuleError(
            f"这件党籍处理{DecisionState(state).label}，不能再办理。",
            code="decision_state",
        )


def check_approval(
    proposal: Proposal,
    *,
    decided_on: date,
    document_number: str,
    starts_on: date | None,
    today: date,
) -> None:
    """Raise RuleError unless it can have been approved on that day, by that paper.

    `starts_on` is when the person came to the branch of the roll.
    """
    if decided_on > today:
        raise RuleError("批准日期不能晚于今天。", code="decided_on")
    if decided_on < proposal.meeting_on:
        raise RuleError(
            f"批准日期不能早于支部大会日期（{proposal.meeting_on}）。",
            code="decided_on",
        )
    if proposal.kind in REMOVALS and starts_on and decided_on < starts_on:
        raise RuleError(
            f"批准日期不能早于编入本支部的日期（{starts_on}）。", code="decided_on"
        )
    needs_paper = (
        proposal.kind == DecisionKind.EXPULSION
        or proposal.ground == DecisionGround.CORRECTED
    )
    if needs_paper and not document_number.strip():
        raise RuleError(
            "开除党籍和撤销原处理须写明决定的文号（《中国共产党章程》第四十二条）。",
            code="document_number",
        )


def check_death(
    died_on: date, *, joined_on: date, starts_on: date, today: date
) -> None:
    """Raise RuleError unless a member can have died on that day."""
    if died_on > today:
        raise RuleError("去世日期不能晚于今天。", code="died_on")
    if died_on < joined_on:
        raise RuleError(f"去世日期不能早于入党日期（{joined_on}）。", code="died_on")
    if died_on < starts_on:
        raise RuleError(
            f"去世日期不能早于编入本支部的日期（{starts_on}），请核对编入日期。",
            code="died_on",
        )

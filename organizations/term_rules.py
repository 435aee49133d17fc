"""Rules of terms and elections, pure, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from config.lib.dates import months_after
from config.lib.errors import RuleError
from organizations.choices import (
    ElectionKind,
    OrganizationField,
    OrganizationKind,
    TermChangeKind,
)

# A work committee is appointed, a group has no committee.
# Source: 《中国共产党基层组织选举工作条例》第二条.
ELECTING_KINDS = (
    OrganizationKind.COMMITTEE,
    OrganizationKind.GENERAL_BRANCH,
    OrganizationKind.BRANCH,
)


@dataclass(frozen=True)
class TermYears:
    """Years of a term by kind of organization (parameters)."""

    committee: int
    branch: int
    community: int

    def of(self, kind: str, field: str) -> int:
        """Source: 《关于党的基层组织任期的意见》（2018）."""
        if kind == OrganizationKind.COMMITTEE:
            return self.committee
        if field == OrganizationField.COMMUNITY:
            return self.community
        return self.branch


@dataclass(frozen=True)
class Ballot:
    """An election meeting in figures."""

    kind: str
    held_on: date
    seats: int
    eligible: int
    present: int
    issued: int
    returned: int
    valid: int


@dataclass(frozen=True)
class Stood:
    """Somebody who stood; `name` is said in a refusal, `key` tells people apart."""

    key: int
    name: str
    votes: int
    is_elected: bool


def check_electing(kind: str) -> None:
    """Raise RuleError for organizations that have no elected committee."""
    if kind not in ELECTING_KINDS:
        label = OrganizationKind(kind).label
        raise RuleError(
            f"{label}不经选举产生班子，请在下级党组织里登记。", code="not_elected"
        )


def check_ballot(ballot: Ballot, today: date, quorum: int) -> None:
    """Raise RuleError for figures that do not agree, and for a meeting not valid.

    `quorum` is in percent, to be exceeded. Source: 《中国共产党基层组织选举工作条例》
    (到会人数超过应到会人数的五分之四; 收回选票等于或少于发出选票, 选举有效).
    """
    if ballot.held_on > today:
        raise RuleError("选举日期还没有到，选举以后再登记。", code="held_on")
    if ballot.present > ballot.eligible:
        raise RuleError(
            f"实到会 {ballot.present} 人多于应到会 {ballot.eligible} 人，请核对。",
            code="present",
        )
    if ballot.present * 100 <= ballot.eligible * quorum:
        raise RuleError(
            f"应到会 {ballot.eligible} 人，实到会 {ballot.present} 人，"
            f"没有超过 {quorum}%，选举无效，请重新召开选举大会。",
            code="quorum",
        )
    if ballot.issued > ballot.present:
        raise RuleError(
            f"发出选票 {ballot.issued} 张多于实到会 {ballot.present} 人，请核对。",
            code="issued",
        )
    if ballot.returned > ballot.issued:
        raise RuleError(
            f"收回选票 {ballot.returned} 张多于发出的 {ballot.issued} 张，选举无效。",
            code="returned",
        )
    if ballot.valid > ballot.returned:
        raise RuleError(
            f"有效选票 {ballot.valid} 张多于收回的 {ballot.returned} 张，请核对。",
            code="valid",
        )


def check_candidates(ballot: Ballot, stood: list[Stood], surplus: int) -> None:
    """Raise RuleError unless enough stood, and those elected won more than half.

    `surplus` is in percent of the seats and asked of a whole committee of three and
    more; a vacancy and a branch with but a secretary may have as many candidates as
    seats. Source: 《中国共产党基层组织选举工作条例》(差额不少于应选人数的20%;
    赞成票超过实到会有选举权的人数的一半，始得当选).
    """
    people = {each.key for each in stood}
    if len(people) < ballot.seats:
        raise RuleError(
            f"应选 {ballot.seats} 人，候选人只有 {len(people)} 人，请补齐候选人。",
            code="candidates",
        )
    # Rounded up without leaving whole numbers.
    least = -(-ballot.seats * (100 + surplus) // 100)
    if (
        ballot.kind == ElectionKind.GENERAL
        and ballot.seats >= 3
        and len(people) < least
    ):
        raise RuleError(
            f"应选 {ballot.seats} 人，候选人应不少于 {least} 人"
            f"（差额不少于{surplus}%），现在是 {len(people)} 人。",
            code="surplus",
        )
    elected = [each for each in stood if each.is_elected]
    if not elected:
        raise RuleError("没有勾选当选的人，请勾选后再保存。", code="nobody")
    if len(elected) > ballot.seats:
        raise RuleError(
            f"当选人数多于应选的 {ballot.seats} 人，请核对。", code="too_many"
        )
    for each in stood:
        _check_votes(each, ballot)


def _check_votes(each: Stood, ballot: Ballot) -> None:
    if each.votes > ballot.valid:
        raise RuleError(
            f"{each.name}得 {each.votes} 票，多于有效选票 {ballot.valid} 张，请核对。",
            code="votes",
        )
    if each.is_elected and each.votes * 2 <= ballot.present:
        raise RuleError(
            f"{each.name}得 {each.votes} 票，没有超过实到会 {ballot.present} 人的一半，"
            "不能当选。",
            code="half",
        )


def check_term_change(
    kind: str, before: date | None, after: date, first_due: date | None, months: int
) -> None:
    """Raise RuleError unless `after` lies on the right side and not too far off.

    `first_due` is when the term was to end at first: delays one after another are
    measured from it. Source: 《关于党的基层组织任期的意见》（2018）.
    """
    if before is None:
        raise RuleError(
            "还没有登记任期届满日期，不能延期或提前，请先登记选举。", code="no_term"
        )
    is_delay = kind == TermChangeKind.DELAY
    if is_delay and after <= before:
        raise RuleError(
            f"延期后的届满日期应晚于现在的 {before:%Y-%m-%d}。", code="after"
        )
    if not is_delay and after >= before:
        raise RuleError(
            f"提前后的届满日期应早于现在的 {before:%Y-%m-%d}。", code="after"
        )
    base = first_due or before
    low, high = sorted((base, after))
    if high > months_after(low, months):
        raise RuleError(
            f"比应届满日期 {base:%Y-%m-%d} 相差超过 {months} 个月，"
            "延期或提前一般不超过一年，请核对。",
            code="too_far",
        )

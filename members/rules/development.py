"""Rules of the way into the Party: pure, dates and settings passed in.

Source: 《中国共产党发展党员工作细则》 (2026 revision; its articles are named below).
What is too early is refused; what is too late happened all the same, so it is written
down and marked late, but for an approval past its last day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from config.lib.dates import months_after
from config.lib.errors import RuleError
from members.choices.development import Outcome, Stage, StepKind
from members.rules.people import age_on

REGULATION = "《中国共产党发展党员工作细则》"
NOTE_LENGTH = 500


@dataclass(frozen=True)
class Limits:
    """Ages and periods, as the committee has set them."""

    applicant_age: int = 18
    talk_months: int = 1
    activist_months: int = 12
    inspection_months: int = 6
    publicity_days: int = 5
    training_hours: int = 24
    meeting_months: int = 1
    approval_months: int = 3
    approval_most_months: int = 6
    extension_least_months: int = 6
    extension_most_months: int = 12


@dataclass(frozen=True)
class Votes:
    """Of those with voting rights: how many belong, came, and how they voted."""

    eligible: int
    present: int
    in_favour: int
    against: int
    abstained: int


@dataclass(frozen=True)
class Fact:
    """One dated step, as far as rules ask for it; they come in the order written."""

    kind: str
    on: date
    until: date | None = None
    outcome: str = ""
    decides: str = ""

    @property
    def is_good(self) -> bool:
        return self.outcome != Outcome.NO

    @property
    def over_on(self) -> date:
        return self.until or self.on


@dataclass(frozen=True)
class _Rule:
    """What must have been done before, and the article that says so."""

    needs: tuple[str, ...]
    article: str
    repeats: bool = False


@dataclass(frozen=True)
class Due:
    """The step that comes next: not before `earliest`, by `latest`."""

    kind: str
    earliest: date | None = None
    latest: date | None = None

    def is_late(self, today: date) -> bool:
        return self.latest is not None and today > self.latest


@dataclass(frozen=True)
class Progress:
    """Where the steps have led to, and since when."""

    stage: str
    activist_on: date | None
    candidate_on: date | None
    passed_on: date | None


# In the order of the way.
_WAY: dict[str, _Rule] = {
    StepKind.TALK: _Rule((StepKind.APPLIED,), "第七条"),
    StepKind.ACTIVIST: _Rule((StepKind.TALK,), "第八条"),
    StepKind.CONTACTS: _Rule((StepKind.ACTIVIST,), "第九条", repeats=True),
    StepKind.INSPECTION: _Rule((StepKind.CONTACTS,), "第十一条", repeats=True),
    StepKind.PUBLICITY: _Rule((StepKind.INSPECTION,), "第十三条", repeats=True),
    StepKind.CANDIDATE: _Rule(
        (StepKind.ACTIVIST, StepKind.INSPECTION, StepKind.PUBLICITY), "第十三条"
    ),
    StepKind.SPONSORS: _Rule((StepKind.CANDIDATE,), "第十四条", repeats=True),
    StepKind.REVIEW: _Rule((StepKind.CANDIDATE,), "第十六条"),
    StepKind.TRAINING: _Rule((StepKind.CANDIDATE,), "第十七条"),
    StepKind.PRE_REVIEW: _Rule(
        (StepKind.SPONSORS, StepKind.REVIEW, StepKind.TRAINING), "第十八条"
    ),
    StepKind.MEETING: _Rule((StepKind.PRE_REVIEW,), "第十九条"),
    StepKind.APPROVAL: _Rule((StepKind.MEETING,), "第二十五条"),
}
WAY: tuple[str, ...] = tuple(_WAY)
# Steps that the committee above takes, not the branch.
COMMITTEE_STEPS = frozenset({StepKind.PRE_REVIEW, StepKind.APPROVAL, StepKind.DECISION})
# Steps that are a vote of the branch's meeting.
MEETINGS = frozenset(
    {StepKind.MEETING, StepKind.CONFIRM, StepKind.EXTEND, StepKind.CANCEL}
)
RESOLUTIONS = (StepKind.CONFIRM, StepKind.EXTEND, StepKind.CANCEL)
# Steps whose result is said, beside the votes.
JUDGED = frozenset(
    {
        StepKind.INSPECTION,
        StepKind.REVIEW,
        StepKind.PRE_REVIEW,
        StepKind.APPROVAL,
        StepKind.OBSERVED,
        StepKind.DECISION,
    }
)


def source_of(kind: str) -> str:
    """The regulation and article that ask for a step."""
    article = _WAY[kind].article if kind in _WAY else _PROBATION_ARTICLES.get(kind, "")
    return REGULATION + article


_PROBATION_ARTICLES: dict[str, str] = {
    StepKind.REQUEST: "第三十二条",
    StepKind.CONFIRM: "第三十二条",
    StepKind.EXTEND: "第三十一条",
    StepKind.CANCEL: "第三十一条",
    StepKind.DECISION: "第三十三条",
}


def in_force(facts: Sequence[Fact]) -> list[Fact]:
    """Without what a refusal from above has sent back: the preview and the vote."""
    kept: list[Fact] = []
    for fact in facts:
        if fact.kind == StepKind.APPROVAL and not fact.is_good:
            again = {StepKind.PRE_REVIEW, StepKind.MEETING}
            kept = [one for one in kept if one.kind not in again]
        else:
            kept.append(fact)
    return kept


def latest(facts: Sequence[Fact], kind: str) -> Fact | None:
    """The last step of a kind, by its day."""
    found = [fact for fact in facts if fact.kind == kind]
    # Of two on a day the one that was written down later: max keeps the first.
    return max(reversed(found), key=lambda fact: fact.on, default=None)


def _done(facts: Sequence[Fact], kind: str) -> Fact | None:
    fact = latest(facts, kind)
    return fact if fact is not None and fact.is_good else None


def is_done(facts: Sequence[Fact], kind: str) -> bool:
    return _done(in_force(facts), kind) is not None


def progress(facts: Sequence[Fact]) -> Progress:
    """Where an applicant stands after these steps."""
    facts = in_force(facts)
    activist, candidate, passed = (
        _done(facts, kind)
        for kind in (StepKind.ACTIVIST, StepKind.CANDIDATE, StepKind.MEETING)
    )
    stage = Stage.APPLICANT
    if passed:
        stage = Stage.PASSED
    elif candidate:
        stage = Stage.CANDIDATE
    elif activist:
        stage = Stage.ACTIVIST
    return Progress(
        stage,
        activist.on if activist else None,
        candidate.on if candidate else None,
        passed.on if passed else None,
    )


def missing(facts: Sequence[Fact], kind: str) -> list[str]:
    """The steps that must be taken before `kind` can be, by name."""
    facts = in_force(facts)
    return [
        StepKind(need).label for need in _WAY[kind].needs if _done(facts, need) is None
    ]


def choices(facts: Sequence[Fact]) -> list[str]:
    """The steps that may be taken now, in the order of the way."""
    facts = in_force(facts)
    if _done(facts, StepKind.MEETING):
        return [StepKind.APPROVAL]
    return [
        kind
        for kind, rule in _WAY.items()
        if all(_done(facts, need) for need in rule.needs)
        and (rule.repeats or _done(facts, kind) is None)
        and not (kind == StepKind.PUBLICITY and _done(facts, StepKind.CANDIDATE))
    ]


def next_due(facts: Sequence[Fact], limits: Limits) -> Due:
    """The one step that comes next, and when."""
    facts = in_force(facts)
    kind = next(kind for kind in _WAY if _done(facts, kind) is None)
    if kind == StepKind.INSPECTION:
        return Due(kind, latest=inspection_due(facts, limits))
    if kind in {StepKind.PUBLICITY, StepKind.CANDIDATE}:
        earliest = _candidate_from(facts, limits)
        inspection = inspection_due(facts, limits)
        if inspection < earliest:
            return Due(StepKind.INSPECTION, latest=inspection)
        return Due(kind, earliest=earliest)
    return Due(kind, latest=deadline(facts, kind, limits))


def deadline(facts: Sequence[Fact], kind: str, limits: Limits) -> date | None:
    """The last day on which a step is still in time, None without a limit."""
    limited: dict[str, tuple[str, int]] = {
        StepKind.TALK: (StepKind.APPLIED, limits.talk_months),
        StepKind.MEETING: (StepKind.PRE_REVIEW, limits.meeting_months),
        StepKind.APPROVAL: (StepKind.MEETING, limits.approval_months),
    }
    start, months = limited.get(kind, ("", 0))
    begun = latest(in_force(facts), start)
    return months_after(begun.on, months) if begun else None


def inspection_due(facts: Sequence[Fact], limits: Limits) -> date:
    """The day by which an activist is to be looked at again."""
    since = latest(facts, StepKind.INSPECTION) or latest(facts, StepKind.ACTIVIST)
    assert since is not None
    return months_after(since.on, limits.inspection_months)


def _candidate_from(facts: Sequence[Fact], limits: Limits) -> date:
    activist = latest(facts, StepKind.ACTIVIST)
    assert activist is not None
    return months_after(activist.on, limits.activist_months)


def check_application(
    applied_on: date, *, born_on: date, limits: Limits, today: date
) -> None:
    """Raise RuleError unless somebody can have applied on that day."""
    if applied_on > today:
        raise RuleError("申请日期不能晚于今天。", code="taken_on")
    if age_on(born_on, applied_on) < limits.applicant_age:
        raise RuleError(
            f"递交申请时不满{limits.applicant_age}岁，不能登记为入党申请人"
            f"（{REGULATION}第五条）。",
            code="taken_on",
        )


def check_step(
    fact: Fact, before: Sequence[Fact], *, limits: Limits, today: date
) -> None:
    """Raise RuleError unless this step may follow those of an applicant so far."""
    facts, rule, label = in_force(before), _WAY[fact.kind], StepKind(fact.kind).label
    if fact.on > today:
        raise RuleError(f"“{label}”的日期不能晚于今天。", code="taken_on")
    if fact.kind != StepKind.APPROVAL and _done(facts, StepKind.MEETING):
        raise RuleError(
            "支部大会已经通过，现在等待上级党委审批，不能再登记别的步骤。", code="kind"
        )
    if needed := missing(facts, fact.kind):
        raise RuleError(
            f"还没有完成{'、'.join(f'“{name}”' for name in needed)}，"
            f"不能登记“{label}”（{source_of(fact.kind)}）。",
            code="kind",
        )
    if not rule.repeats and _done(facts, fact.kind):
        raise RuleError(f"“{label}”已经登记过，请刷新页面查看。", code="kind")
    for need in rule.needs:
        done = _done(facts, need)
        if done is not None and fact.on < done.over_on:
            raise RuleError(
                f"“{label}”的日期不能早于“{StepKind(need).label}”"
                f"（{done.over_on}），请核对。",
                code="taken_on",
            )
    if fact.kind == StepKind.PUBLICITY:
        _check_publicity(fact, limits)
    if fact.kind == StepKind.CANDIDATE:
        _check_candidate(fact, facts, limits)


def _check_publicity(fact: Fact, limits: Limits) -> None:
    until = fact.over_on
    if until < fact.on:
        raise RuleError("公示结束日期不能早于开始日期。", code="until")
    days = sum(
        (fact.on + timedelta(days=n)).weekday() < 5
        for n in range((until - fact.on).days + 1)
    )
    if days < limits.publicity_days:
        raise RuleError(
            f"公示只有{days}个工作日，应不少于{limits.publicity_days}个工作日"
            f"（{source_of(fact.kind)}）。",
            code="until",
        )


def _check_candidate(fact: Fact, facts: Sequence[Fact], limits: Limits) -> None:
    earliest = _candidate_from(facts, limits)
    if fact.on < earliest:
        raise RuleError(
            f"培养教育和考察不满{limits.activist_months}个月，"
            f"{earliest}起才能列为发展对象（{source_of(fact.kind)}）。",
            code="taken_on",
        )


def check_people(kind: str, ids: Collection[int]) -> None:
    """Raise RuleError unless as many members are named as the step asks."""
    if kind == StepKind.CONTACTS and not 1 <= len(set(ids)) <= 2:
        raise RuleError(
            f"请指定一至两名正式党员作培养联系人（{source_of(kind)}）。", code="first"
        )
    if kind == StepKind.SPONSORS and len(set(ids)) != 2:
        raise RuleError(
            f"入党介绍人应当是两名不同的正式党员（{source_of(kind)}）。", code="second"
        )


def check_filed(kind: str, filed_on: date | None, today: date) -> None:
    """Raise RuleError unless the committee above was told where it must be."""
    if filed_on is not None and filed_on > today:
        raise RuleError("备案日期不能晚于今天。", code="filed_on")
    if kind == StepKind.CANDIDATE and filed_on is None:
        raise RuleError(
            f"列为发展对象须报上级党委同意，请填写同意的日期（{source_of(kind)}）。",
            code="filed_on",
        )


def check_training(hours: int | None, limits: Limits) -> None:
    """Raise RuleError for a training that is too short."""
    if hours is None or hours < limits.training_hours:
        raise RuleError(
            f"短期集中培训一般不少于三天或{limits.training_hours}个学时，"
            f"未达到的不能登记为完成（{source_of(StepKind.TRAINING)}）。",
            code="hours",
        )


def outcome_of(votes: Votes | None) -> str:
    """Return what a meeting has decided. Raises RuleError where it could not meet.

    Both halves are of those who should come, not of those who came; written votes of
    the absent count. Source: 《中国共产党发展党员工作细则》第十九条、第二十条.
    """
    article = f"（{REGULATION}第十九、二十条）"
    if votes is None or min(vars(votes).values()) < 0 or votes.eligible < 1:
        raise RuleError("请填写支部大会的应到、实到和表决人数。", code="eligible")
    if votes.present > votes.eligible:
        raise RuleError("实到人数不能多于应到人数。", code="present")
    if votes.present * 2 <= votes.eligible:
        raise RuleError(
            "有表决权的到会人数没有超过应到会有表决权人数的半数，"
            f"支部大会不能表决{article}。",
            code="present",
        )
    cast = votes.in_favour + votes.against + votes.abstained
    if not votes.present <= cast <= votes.eligible:
        raise RuleError(
            "赞成、反对、弃权之和应不少于实到人数、不多于应到人数"
            "（因故未到会、会前正式提出书面意见的计入票数），请核对。",
            code="in_favour",
        )
    return Outcome.YES if votes.in_favour * 2 > votes.eligible else Outcome.NO


def check_approval(
    approved_on: date,
    *,
    passed_on: date,
    note: str,
    months: int,
    most_months: int | None,
    kind: str,
    today: date,
) -> None:
    """Raise RuleError unless a resolution of that day can have been approved so."""
    if approved_on > today:
        raise RuleError("审批日期不能晚于今天。", code="taken_on")
    if approved_on < passed_on:
        raise RuleError(
            f"审批日期不能早于支部大会日期（{passed_on}）。", code="taken_on"
        )
    source = source_of(kind)
    if most_months and approved_on > months_after(passed_on, most_months):
        raise RuleError(
            f"支部大会{passed_on}通过，审批最迟不得超过{most_months}个月（{source}）；"
            "请由支部大会重新讨论。",
            code="taken_on",
        )
    if approved_on > months_after(passed_on, months) and not note.strip():
        raise RuleError(
            f"审批超过了{months}个月，请在说明中写明原因（{source}）。", code="note"
        )


def check_open(stage: str) -> None:
    """Raise RuleError once somebody is admitted or no longer on the way."""
    if stage in {Stage.ADMITTED, Stage.CLOSED}:
        raise RuleError(
            f"这份培养档案的状态是“{Stage(stage).label}”，不能再办理。请刷新页面查看。",
            code="stage",
        )


def check_words(words: str, name: str) -> None:
    """Raise RuleError unless a reason is given."""
    if not words.strip():
        raise RuleError(f"请写明{name}的原因，以便日后查考。", code="note")

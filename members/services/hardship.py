"""Care for a member in difficulty: from the application to the recognition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.paths import STEP
from config.lib.versions import check_version, save_versioned
from members.choices import AffiliationKind
from members.choices.hardship import CaseState, FindingKind
from members.models import Affiliation, HardshipCase, HardshipFinding, Member
from members.parameters.hardship import LINES, PUBLICITY_DAYS
from members.rules import hardship as rules
from organizations import audit, parameters
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed

_REFUSED = "您的岗位不能办理这一步；请由所在党支部、社区或困难帮扶专干办理。"


@dataclass(frozen=True)
class Circumstances:
    """Why somebody is in difficulty; `income_per_head` in yuan a month."""

    kinds: Sequence[str]
    criteria: Sequence[str]
    household_size: int
    income_per_head: Decimal
    words: str = ""

    def check(self) -> None:
        rules.check_circumstances(self.kinds, self.criteria, self.words)

    def fields(self) -> dict[str, Any]:
        return {
            "kinds": "\n".join(self.kinds),
            "criteria": "\n".join(self.criteria),
            "household_size": self.household_size,
            "income_per_head": self.income_per_head,
            "words": self.words.strip(),
        }


@dataclass(frozen=True)
class Meeting:
    """What the branch meeting said, and how long its word was made public."""

    met_on: date
    words: str
    public_from: date
    public_until: date
    is_eligible: bool = False


@transaction.atomic
def apply_for_care(
    *, member_id: int, circumstances: Circumstances, applied_on: date, actor: User
) -> HardshipCase:
    """Write down that a member of the branch asks for help.

    Raises Member.DoesNotExist out of scope, PermissionDenied where the actor does not
    file for the branch on whose roll the member is, RuleError where a rule refuses or
    a case is open already.
    """
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    branch = roll_of(member_id)
    if branch is None or not actor.has_right_at(Right.FILE_HARDSHIP, branch):
        raise PermissionDenied("只有组织关系所在的党支部可以为党员申请。")
    rules.check_person(member.status)
    circumstances.check()
    today = timezone.localdate()
    rules.check_day(applied_on, "申请日期", first=member.joined_on, today=today)
    case = HardshipCase(
        member=member,
        organization=branch,
        street=Organization.objects.get(path=branch.path[:STEP]),
        applied_on=applied_on,
        applied_by=actor,
        **circumstances.fields(),
    )
    try:
        with transaction.atomic():
            case.full_clean(validate_constraints=False)
            case.save(force_insert=True)
    except IntegrityError:
        raise RuleError(
            "该同志已有一件困难帮扶正在办理，不能重复申请；请在那一件上办理。",
            code="case_open",
        ) from None
    tell(case, actor, AuditAction.HARDSHIP_APPLIED)
    return case


@transaction.atomic
def amend_case(
    *,
    case_id: int,
    circumstances: Circumstances,
    applied_on: date,
    version: int | None,
    actor: User,
) -> HardshipCase:
    """Mend an application that the branch has not discussed yet."""
    case = locked(case_id, actor, version)
    require(actor, case, Right.FILE_HARDSHIP)
    rules.check_amendable(case.state)
    circumstances.check()
    today = timezone.localdate()
    rules.check_day(applied_on, "申请日期", first=case.member.joined_on, today=today)
    case.applied_on = applied_on
    for name, value in circumstances.fields().items():
        setattr(case, name, value)
    save(case, case.state)
    tell(case, actor, case_step="amend")
    return case


@transaction.atomic
def discuss_case(
    *, case_id: int, meeting: Meeting, version: int | None, actor: User
) -> HardshipCase:
    """Record the branch meeting and the publicity; again, where it was mistaken."""
    case = locked(case_id, actor, version)
    require(actor, case, Right.FILE_HARDSHIP)
    rules.check_next(case.state, CaseState.DISCUSSED)
    rules.check_eligible(meeting.is_eligible)
    rules.check_day(
        meeting.met_on,
        "支部大会日期",
        first=case.applied_on,
        today=timezone.localdate(),
    )
    rules.check_publicity(
        meeting.met_on,
        meeting.public_from,
        meeting.public_until,
        parameters.get(PUBLICITY_DAYS),
    )
    case.met_on, case.meeting_words = meeting.met_on, meeting.words.strip()
    case.public_from, case.public_until = meeting.public_from, meeting.public_until
    save(case, CaseState.DISCUSSED)
    tell(case, actor, case_step="discuss")
    return case


@transaction.atomic
def recognize_case(
    *,
    case_id: int,
    recognized_on: date,
    level: str,
    body: str,
    version: int | None,
    actor: User,
) -> HardshipCase:
    """Record that the committee `body` found the member in difficulty of a level."""
    case = locked(case_id, actor, version)
    require(actor, case, Right.RECOGNIZE_HARDSHIP)
    rules.check_next(case.state, CaseState.RECOGNIZED)
    rules.check_recognition(recognized_on, case.public_until, timezone.localdate())
    case.recognized_on, case.level = recognized_on, level
    case.recognized_body, case.recognized_by = body, actor
    save(case, CaseState.RECOGNIZED)
    HardshipFinding(
        case=case,
        kind=FindingKind.RECOGNIZED,
        starts_on=recognized_on,
        level=level,
        household_size=case.household_size,
        income_per_head=case.income_per_head,
        line=rules.line_on(parameters.get(LINES), recognized_on),
        decided_by=actor,
    ).save(force_insert=True)
    tell(case, actor, since=recognized_on, case_step="recognize")
    return case


@transaction.atomic
def refuse_case(
    *, case_id: int, words: str, version: int | None, actor: User
) -> HardshipCase:
    """Record that somebody is not recognized: by the branch meeting, or above it."""
    case = locked(case_id, actor, version)
    wanted = [Right.RECOGNIZE_HARDSHIP]
    if case.state == CaseState.APPLIED:
        wanted.append(Right.FILE_HARDSHIP)
    require(actor, case, *wanted)
    return _close(case, CaseState.REFUSED, words, actor)


@transaction.atomic
def withdraw_case(
    *, case_id: int, words: str, version: int | None, actor: User
) -> HardshipCase:
    """Take back an application; it stays on record."""
    case = locked(case_id, actor, version)
    require(actor, case, Right.FILE_HARDSHIP, Right.RECOGNIZE_HARDSHIP)
    return _close(case, CaseState.WITHDRAWN, words, actor)


def _close(
    case: HardshipCase, state: CaseState, words: str, actor: User
) -> HardshipCase:
    rules.check_next(case.state, state)
    case.closing_words = rules.check_words(words)
    case.ended_on = timezone.localdate()
    save(case, state)
    tell(case, actor, case_step="refuse" if state == CaseState.REFUSED else "withdraw")
    return case


# What the steps share ----------------------------------------------------------------


def roll_of(member_id: int) -> Organization | None:
    """The branch on whose roll somebody is; None for one who has left."""
    roll = (
        Affiliation.objects.open()
        .filter(member=member_id, kind=AffiliationKind.ON_ROLL)
        .select_related("organization")
        .first()
    )
    return roll.organization if roll else None


def place_of(case: HardshipCase) -> Organization:
    """Where rights on a case are asked: the roll, else the branch that filed it."""
    return roll_of(case.member_id) or case.organization


def locked(case_id: int, actor: User, version: int | None) -> HardshipCase:
    """Return the case, locked. Raises HardshipCase.DoesNotExist, StaleError."""
    case = (
        HardshipCase.objects.visible_to(actor)
        .select_related("member", "organization", "street")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=case_id)
    )
    check_version(case, version)
    return case


def require(actor: User, case: HardshipCase, *rights: Right) -> None:
    """Raise PermissionDenied unless the actor holds one of `rights` there."""
    place = place_of(case)
    if not any(actor.has_right_at(right, place) for right in rights):
        raise PermissionDenied(_REFUSED)


def save(case: HardshipCase, state: str) -> None:
    """Write a row that is locked and was checked."""
    case.state = state
    case.full_clean(validate_constraints=False)
    save_versioned(case, version=case.version)


def tell(
    case: HardshipCase,
    actor: User | None,
    action: AuditAction = AuditAction.HARDSHIP_CHANGED,
    *,
    since: date | None = None,
    **details: Any,
) -> None:
    """Write a step to the trail, and mark the street's figures from `since`.

    The trail says which case and which step, never why or how much.
    """
    audit.record(actor=actor, action=action, target=case, details=details)
    if since is not None:
        facts_changed.send(
            sender=HardshipCase, organization_ids={case.street_id}, since=since
        )

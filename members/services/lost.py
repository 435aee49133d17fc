"""A member lost from sight: opening the case, looking, and how it comes out."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import save_versioned
from members.choices import AffiliationKind
from members.choices.standing import LostState
from members.models import Affiliation, LostCase, Member, OutOfTouch, SearchStep
from members.rules import lost as rules
from members.services.members import mark_facts
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import User
from organizations.signals import facts_changed


@transaction.atomic
def open_case(
    *, member_id: int, since: date, reason: str, circumstances: str = "", actor: User
) -> LostCase:
    """Write down that the branch of the roll has lost a member since a day.

    Raises Member.DoesNotExist out of scope, PermissionDenied without an editing post
    at that branch, RuleError where a rule refuses.
    """
    member, roll = locked_on_roll(member_id, actor)
    today = timezone.localdate()
    is_open = LostCase.objects.open().filter(member=member).exists()
    rules.check_lost(status=member.status, is_open=is_open)
    rules.check_since(since, joined_on=member.joined_on, today=today)
    case = LostCase(
        member=member,
        organization=roll.organization,
        since=since,
        reason=reason,
        circumstances=_words(circumstances, "circumstances"),
        opened_on=today,
        opened_by=actor,
    )
    case.full_clean()
    case.save(force_insert=True)
    _set_lost(member, since)
    OutOfTouch.objects.filter(member=member).delete()  # nobody need be told any more
    _tell(case, AuditAction.LOST_CASE_OPENED, actor, since=str(since))
    return case


@transaction.atomic
def amend_case(
    *,
    case_id: int,
    since: date,
    reason: str,
    circumstances: str,
    version: int | None,
    actor: User,
) -> LostCase:
    """Mend since when, why and how, while the case is open."""
    case = locked_case(case_id, actor)
    rules.check_searching(case.state)
    member = case.member
    rules.check_since(since, joined_on=member.joined_on, today=timezone.localdate())
    if case.state == LostState.SUSPENDED and since != case.since:
        raise RuleError("已按原日期停止党籍，失去联系日期不能再改。", code="since")
    case.since, case.reason = since, reason
    case.circumstances = _words(circumstances, "circumstances")
    fields = ["since", "reason", "circumstances"]
    save_versioned(case, version=version, update_fields=fields)
    _set_lost(member, since)
    _tell(case, AuditAction.LOST_CASE_CHANGED, actor, since=str(since))
    return case


@transaction.atomic
def record_step(
    *, case_id: int, taken_on: date, way: str, result: str, actor: User
) -> SearchStep:
    """Write down one attempt to find the member; the same twice is one."""
    case = locked_case(case_id, actor)
    rules.check_searching(case.state)
    rules.check_step(taken_on, since=case.since, today=timezone.localdate())
    result = _words(result, "result")
    if not result:
        raise RuleError("请写明查找结果，没有找到的也写明。", code="result")
    for known in case.steps.filter(taken_on=taken_on, way=way, recorded_by=actor):
        if known.result == result:
            return known
    step = SearchStep(
        case=case, taken_on=taken_on, way=way, result=result, recorded_by=actor
    )
    step.full_clean()
    step.save(force_insert=True)
    _tell(case, AuditAction.SEARCH_RECORDED, actor, search_way=way, on=str(taken_on))
    return step


@transaction.atomic
def report_found(*, case_id: int, found_on: date, words: str, actor: User) -> LostCase:
    """Close the case, since the member was found; a second time changes nothing."""
    case = locked_case(case_id, actor)
    if case.state == LostState.FOUND:
        return case
    rules.check_found(
        found_on, state=case.state, since=case.since, today=timezone.localdate()
    )
    if not words.strip():
        raise RuleError("请写明怎样取得联系、现在的情况。", code="words")
    close_case(case, LostState.FOUND, found_on, _words(words, "words"), actor)
    return case


def close_case(
    case: LostCase, state: LostState, day: date, words: str, actor: User
) -> None:
    """Close a locked case whose member is locked too. In a transaction."""
    case.state, case.closed_on, case.closing = state, max(day, case.opened_on), words
    case.version += 1
    case.save(update_fields=["state", "closed_on", "closing", "version"])
    _set_lost(case.member, None)
    _tell(case, AuditAction.LOST_CASE_CHANGED, actor, lost_state=state, on=str(day))


def suspend_case(case: LostCase, actor: User) -> None:
    """Note on a locked case that the membership is suspended; the search goes on."""
    case.state = LostState.SUSPENDED
    case.version += 1
    case.save(update_fields=["state", "version"])
    _tell(case, AuditAction.LOST_CASE_CHANGED, actor, lost_state=case.state)


def open_case_of(member: Member) -> LostCase | None:
    """Return the open case of a locked member, locked as well."""
    case = (
        LostCase.objects.open()
        .filter(member=member)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if case is not None:
        case.member = member
    return case


def locked_on_roll(member_id: int, actor: User) -> tuple[Member, Affiliation]:
    """Return the member, locked, and the roll, where `actor` may act for its branch.

    Raises Member.DoesNotExist out of scope, RuleError where the roll lies elsewhere.
    """
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    roll = roll_of(member)
    if roll is None or not actor.has_right_at(Right.VIEW_MEMBERS, roll.organization):
        raise RuleError(
            "该同志的组织关系不在您管理的党支部，由组织关系所在的党支部办理"
            "（《中国共产党党员教育管理工作条例》第二十五条）。",
            code="not_on_roll",
        )
    require(actor, Right.EDIT_MEMBERS, roll.organization)
    return member, roll


def roll_of(member: Member) -> Affiliation | None:
    """Return the open formal relation with its branch, or None."""
    return (
        member.affiliations.open()
        .filter(kind=AffiliationKind.ON_ROLL)
        .select_related("organization")
        .first()
    )


def locked_case(case_id: int, actor: User) -> LostCase:
    """Return the case, locked with its member, where `actor` may edit members.

    The member first, as everybody does who decides about one.
    """
    member_id = (
        LostCase.objects.visible_to(actor)
        .values_list("member_id", flat=True)
        .get(pk=case_id)
    )
    Member._base_manager.select_for_update(no_key=True).get(pk=member_id)
    case = (
        LostCase.objects.visible_to(actor)
        .select_related("member", "organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=case_id)
    )
    require(actor, Right.EDIT_MEMBERS, case.organization)
    return case


def _set_lost(member: Member, since: date | None) -> None:
    wanted = (since is not None, since)
    if (member.is_lost, member.lost_since) == wanted:
        return
    member.is_lost, member.lost_since = wanted
    member.version += 1
    member.save(update_fields=["is_lost", "lost_since", "version", "updated_at"])
    mark_facts(member)


def _words(text: str, code: str) -> str:
    text = text.strip()
    if len(text) > rules.WORDS_LENGTH:
        raise RuleError(f"请控制在{rules.WORDS_LENGTH}字以内。", code=code)
    return text


def _tell(case: LostCase, action: AuditAction, actor: User, **details: str) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=case,
        organization=case.organization,
        details=details,
    )
    if action != AuditAction.SEARCH_RECORDED:
        facts_changed.send(
            sender=LostCase,
            organization_ids={case.organization_id},
            since=case.opened_on,
        )

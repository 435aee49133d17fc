"""Liaison cards: opened for an in-post member, kept, and closed with a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.paths import STEP
from config.lib.versions import check_version, save_versioned
from liaison import rules
from liaison.choices import CardEndReason
from liaison.models import CardEntry, FeedbackPeriod, LiaisonCard
from liaison.rules.years import check_resident_words
from liaison.services.card_rows import kept_card
from liaison.services.claims import end_claims_elsewhere, end_claims_of_card
from members.choices import Category, MembershipStatus
from members.models import Affiliation, Member
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@transaction.atomic
def open_card(
    *,
    member_id: int,
    starts_on: date,
    actor: User,
    profession: str = "",
    wishes: str = "",
    free_time: str = "",
) -> LiaisonCard:
    """Open a card for an in-post member at the branch that educates him.

    A card of a branch the member has left ends with that. Raises Member.DoesNotExist
    outside the actor's scope, RuleError when the member is not in post, has no home
    unit, or has an open card here already.
    """
    members = Member.objects.visible_to(actor).select_for_update(of=("self",))
    member = members.get(pk=member_id)
    branch = _educating_branch(member)
    require(actor, Right.KEEP_CARDS, branch)
    _check_may_have_card(member)
    _end_card_elsewhere(member, branch, starts_on, actor)
    card = LiaisonCard(
        number=_next_number(branch, starts_on.year),
        member=member,
        organization=branch,
        home_unit=member.home_unit,
        profession=profession.strip(),
        wishes=wishes.strip(),
        free_time=free_time.strip(),
        starts_on=starts_on,
        opened_by=actor,
    )
    card.full_clean()
    card.save()
    # A card counts for the whole round in which it begins.
    since = min(starts_on, _round_start(branch, starts_on))
    _finish(card, AuditAction.CARD_OPENED, actor, since=since)
    return card


def _end_card_elsewhere(
    member: Member, branch: Organization, on_date: date, actor: User
) -> None:
    """End the card of a former branch, whose secretary no longer sees the member."""
    earlier = (
        LiaisonCard.objects.open()
        .filter(member=member)
        .exclude(organization=branch)
        .select_related("organization")
        .first()
    )
    if earlier is None:
        return
    if earlier.starts_on > on_date:
        raise RuleError(
            "该党员的原联系卡建卡日期更晚，请核对建卡日期。", code="earlier_card_later"
        )
    _end(earlier, on_date, CardEndReason.MOVED_HOME, actor)


def _round_start(branch: Organization, day: date) -> date:
    """First day of the earliest round of feedback that `day` lies in, or `day`."""
    starts = FeedbackPeriod.objects.filter(
        organization__path=branch.path[:STEP], starts_on__lte=day, ends_on__gt=day
    ).values_list("starts_on", flat=True)
    return min(starts, default=day)


def _educating_branch(member: Member) -> Organization:
    affiliation = (
        Affiliation.objects.filter(member=member)
        .educating()
        .select_related("organization")
        .first()
    )
    if affiliation is None:
        # The last relation ended while the member's row was waited for.
        raise Member.DoesNotExist
    return affiliation.organization


def _check_may_have_card(member: Member) -> None:
    if member.category != Category.IN_POST:
        raise RuleError(
            "联系卡只为在职党员建立，请先核对党员类别。", code="not_in_post"
        )
    if member.status != MembershipStatus.NORMAL:
        raise RuleError("该党员党籍状态不是正常，不能建卡。", code="not_normal")
    if member.home_unit_id is None:
        raise RuleError(
            "请先在党员信息中填写工作单位，反馈材料要送到单位。", code="no_home_unit"
        )


def _next_number(branch: Organization, year: int) -> str:
    """Number cards by branch and year, without doubles: the branch's row is locked."""
    Organization.objects.select_for_update(no_key=True).get(pk=branch.pk)
    prefix = f"{branch.code}-{year}-"
    last = (
        LiaisonCard.objects.filter(number__startswith=prefix)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    serial = int(last.removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{serial:04d}"


@transaction.atomic
def update_card(
    *,
    card_id: int,
    version: int,
    profession: str,
    wishes: str,
    free_time: str,
    actor: User,
) -> LiaisonCard:
    """Change what the card says of the member. Raises StaleError."""
    card = kept_card(card_id, actor)
    check_version(card, version)
    card.profession = profession.strip()
    card.wishes = wishes.strip()
    card.free_time = free_time.strip()
    card.full_clean()
    save_versioned(card, version=version)
    _finish(card, AuditAction.CARD_UPDATED, actor, since=None)
    return card


@transaction.atomic
def close_card(*, card_id: int, ends_on: date, reason: str, actor: User) -> LiaisonCard:
    """Close a card; what it recorded stays and still goes into the period's packet."""
    card = kept_card(card_id, actor)
    if card.ends_on is not None:
        raise RuleError("这张卡已经注销。", code="already_closed")
    if not reason:
        raise RuleError("请选择注销原因。", code="reason_missing")
    return _end(card, ends_on, reason, actor)


def _end(card: LiaisonCard, ends_on: date, reason: str, actor: User) -> LiaisonCard:
    card.ends_on = ends_on
    card.end_reason = reason
    card.version += 1
    card.full_clean()
    card.save()
    end_claims_of_card(card, ends_on, actor)
    # Closed on the day it was opened it leaves the whole round that it had come into.
    is_slip = card.starts_on == ends_on
    since = _round_start(card.organization, ends_on) if is_slip else ends_on
    _finish(card, AuditAction.CARD_CLOSED, actor, since=since)
    return card


@transaction.atomic
def follow_home_units(street: Organization, actor: User | None = None) -> int:
    """Let open cards follow members who changed their employer; return how many.

    Done when a round is closed, so that the packet goes to the unit of that day and
    nobody stands in two packets of one round.
    """
    moved = (
        LiaisonCard.objects.open()
        .filter(
            organization__in=Organization.objects.subtree(street),
            member__home_unit__isnull=False,
        )
        .exclude(home_unit=F("member__home_unit"))
        .select_related("member", "organization")
        .select_for_update(of=("self",))
    )
    number = 0
    for card in moved:
        card.home_unit_id = card.member.home_unit_id
        card.version += 1
        card.save(update_fields=["home_unit", "version"])
        _finish(card, AuditAction.CARD_UPDATED, actor, since=None)
        number += 1
    return number


@transaction.atomic
def hand_over_cards(*, source: Organization, target: Organization, actor: User) -> int:
    """Let the open cards of a merged branch go over with its members."""
    cards = list(
        LiaisonCard.objects.open().filter(organization=source).select_for_update()
    )
    for card in cards:
        card.organization = target
        card.version += 1
        card.save(update_fields=["organization", "version"])
        end_claims_elsewhere(card, actor)
        _finish(card, AuditAction.CARD_UPDATED, actor, since=None)
    if cards:
        # All that a card ever recorded counts where the card is.
        first = min(card.starts_on for card in cards)
        facts_changed.send(
            sender=LiaisonCard,
            organization_ids={source.pk, target.pk},
            since=_round_start(target, first),
        )
    return len(cards)


@transaction.atomic
def add_entry(
    *,
    card_id: int,
    kind: str,
    occurred_on: date,
    hours: Decimal,
    content: str,
    actor: User,
    today: date,
    resident_words: str = "",
    request_id: UUID | None = None,
) -> CardEntry:
    """Write one service or remark on the card; the same `request_id` writes once."""
    card = kept_card(card_id, actor)
    if request_id is not None:
        earlier = CardEntry.objects.filter(card=card, request_id=request_id).first()
        if earlier is not None:
            return earlier
    if card.ends_on is not None and occurred_on >= card.ends_on:
        raise RuleError("这张卡在该日期前已注销，不能再记录。", code="card_closed")
    rules.check_entry(occurred_on, hours, card.starts_on, today)
    check_resident_words(resident_words.strip())
    entry = CardEntry(
        card=card,
        kind=kind,
        occurred_on=occurred_on,
        hours=hours,
        content=content.strip(),
        resident_words=resident_words.strip(),
        written_by=actor,
        request_id=request_id,
    )
    entry.full_clean(exclude=["request_id"])
    entry.save()
    _finish(card, AuditAction.CARD_ENTRY_ADDED, actor, since=occurred_on)
    return entry


@transaction.atomic
def withdraw_entry(*, entry_id: int, reason: str, actor: User) -> CardEntry:
    """Take an entry out of every count and packet to come, with its reason."""
    entry = (
        CardEntry.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("card__organization")
        .get(pk=entry_id)
    )
    require(actor, Right.KEEP_CARDS, entry.card.organization)
    if entry.withdrawn_at is not None:
        raise RuleError("这条记录已经撤回。", code="already_withdrawn")
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason_missing")
    entry.withdrawn_at = timezone.now()
    entry.withdrawn_reason = reason.strip()
    entry.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _finish(
        entry.card, AuditAction.CARD_ENTRY_WITHDRAWN, actor, since=entry.occurred_on
    )
    return entry


def _finish(
    card: LiaisonCard, action: AuditAction, actor: User | None, since: date | None
) -> None:
    audit.record(
        actor=actor, action=action, target=card, organization=card.organization
    )
    if since is not None:
        facts_changed.send(
            sender=LiaisonCard,
            organization_ids={card.organization_id},
            since=since,
        )

"""Plaques at the doors of members' households, and who lives behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import check_version, save_versioned
from members.models import Affiliation, Member, Plaque, PlaqueMember
from members.rules import plaques as rules
from members.services.contacts import branch_in_touch
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction, FilePurpose
from organizations.models import Community, Organization, StoredFile, User
from organizations.services.files import IMAGES, store_upload
from organizations.signals import facts_changed

PHOTO_MAX_BYTES = 10 * 1024 * 1024
_ONE_HOUSEHOLD = "members_plaquemember_one_household"


@dataclass(frozen=True)
class PlaqueFacts:
    """Where a plaque hangs and since when; the badge that was handed out with it."""

    community: Community
    address: str
    hung_on: date
    building: str = ""
    badge_number: str = ""
    badge_given_on: date | None = None

    def put(self, plaque: Plaque) -> None:
        """Write them on a plaque, unsaved."""
        for name, value in vars(self).items():
            setattr(plaque, name, value.strip() if isinstance(value, str) else value)


@transaction.atomic
def hang_plaque(
    *, member_id: int, facts: PlaqueFacts, upload: Any = None, actor: User
) -> Plaque:
    """Write down a plaque at the door of `member_id`, for his branch of the actor.

    The same plaque sent twice is one. Raises Member.DoesNotExist out of scope,
    PermissionDenied, RuleError for somebody who lives behind one already.
    """
    member = _locked_member(member_id, actor)
    organization = branch_in_touch(member, actor)
    held = PlaqueMember.objects.current().filter(member=member)
    if (place := held.select_related("plaque").first()) is not None:
        known = place.plaque
        is_same = known.recorded_by_id == actor.pk and known.hung_on == facts.hung_on
        if is_same and known.address == facts.address.strip():
            return known
    rules.check_free(place is not None, member.name)
    _check(facts, member)
    plaque = Plaque(organization=organization, recorded_by=actor)
    facts.put(plaque)
    plaque.photo = _store(upload, organization, actor)
    plaque.clean_fields(exclude=["organization", "recorded_by", "photo"])
    plaque.save(force_insert=True)
    _cover(plaque, member, plaque.hung_on)
    _tell(plaque, [member.pk], AuditAction.PLAQUE_HUNG, actor)
    return plaque


@transaction.atomic
def amend_plaque(
    *,
    plaque_id: int,
    facts: PlaqueFacts,
    upload: Any = None,
    version: int | None = None,
    actor: User,
) -> Plaque:
    """Mend what was written down; who was covered from the old day is from the new."""
    plaque = _locked(plaque_id, actor, version)
    rules.check_still_hung(plaque.is_hung)
    places = list(plaque.places.select_related("member"))
    for place in places:
        if place.covered_on == plaque.hung_on:
            _check(facts, place.member)
    before = plaque.hung_on
    facts.put(plaque)
    if upload is not None:
        plaque.photo = _store(upload, plaque.organization, actor)
    plaque.clean_fields(exclude=["organization", "recorded_by", "photo"])
    save_versioned(plaque, version=plaque.version)
    plaque.places.filter(covered_on=before).update(covered_on=plaque.hung_on)
    since = min(before, plaque.hung_on)
    _tell(
        plaque, [p.member_id for p in places], AuditAction.PLAQUE_CHANGED, actor, since
    )
    return plaque


@transaction.atomic
def join_household(*, plaque_id: int, member_id: int, actor: User) -> Plaque:
    """Add a member who lives behind the same door; twice is once.

    On the day the plaque is written down from the day it was hung, later from today.
    """
    member = _locked_member(member_id, actor)
    plaque = _locked(plaque_id, actor, None)
    rules.check_still_hung(plaque.is_hung)
    held = PlaqueMember.objects.current().filter(member=member).first()
    if held is not None and held.plaque_id == plaque.pk:
        return plaque
    rules.check_free(held is not None, member.name)
    today = timezone.localdate()
    is_new = timezone.localdate(plaque.recorded_at) == today
    covered_on = max(plaque.hung_on, member.joined_on) if is_new else today
    _cover(plaque, member, covered_on)
    _tell(plaque, [member.pk], AuditAction.PLAQUE_CHANGED, actor)
    return plaque


@transaction.atomic
def leave_household(*, place_id: int, actor: User) -> Plaque:
    """A member lives there no more, from today on; others do."""
    found = PlaqueMember.objects.visible_to(actor).current().get(pk=place_id)
    plaque = _locked(found.plaque_id, actor, None)
    place = PlaqueMember.objects.current().filter(pk=place_id).first()
    if place is None:  # somebody else was quicker
        return plaque
    rules.check_not_last(plaque.places.current().exclude(pk=place.pk).count())
    _end([place], timezone.localdate())
    _tell(plaque, [place.member_id], AuditAction.PLAQUE_CHANGED, actor)
    return plaque


@transaction.atomic
def take_down_plaque(
    *,
    plaque_id: int,
    taken_down_on: date,
    words: str,
    version: int | None = None,
    actor: User,
) -> Plaque:
    """Write down that the plaque was taken down, and why; it stays on record."""
    plaque = _locked(plaque_id, actor, version)
    rules.check_still_hung(plaque.is_hung)
    rules.check_taken_down(
        taken_down_on, hung_on=plaque.hung_on, today=timezone.localdate()
    )
    if not words.strip():
        raise RuleError("请写明摘牌的原因，如“迁出本社区”。", code="words")
    plaque.taken_down_on = taken_down_on
    plaque.taken_down_reason = words.strip()
    save_versioned(plaque, version=plaque.version)
    places = list(plaque.places.current())
    _end(places, taken_down_on)
    members = [place.member_id for place in places]
    _tell(plaque, members, AuditAction.PLAQUE_CHANGED, actor)
    return plaque


def hand_over_plaques(*, source: Organization, target: Organization) -> None:
    """Let what hangs for a branch hang for the one it merges into."""
    moving = Plaque.objects.hung().filter(organization=source)
    days = list(moving.order_by("hung_on").values_list("hung_on", flat=True)[:1])
    moving.update(organization=target)
    if days:
        facts_changed.send(
            sender=Plaque, organization_ids={source.pk, target.pk}, since=days[0]
        )


def end_twin_places(*, kept: Member, gone: Member) -> None:
    """Of two records that become one, both behind a door, let the kept one stay."""
    if PlaqueMember.objects.current().filter(member=kept).exists():
        places = PlaqueMember.objects.current().filter(member=gone)
        _end(list(places), timezone.localdate())


def _locked(plaque_id: int, actor: User, version: int | None) -> Plaque:
    plaque = (
        Plaque.objects.visible_to(actor)
        .select_related("organization", "community")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=plaque_id)
    )
    require(actor, Right.EDIT_MEMBERS, plaque.organization)
    check_version(plaque, version)
    return plaque


def _locked_member(member_id: int, actor: User) -> Member:
    return (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )


def _check(facts: PlaqueFacts, member: Member) -> None:
    rules.check_hung(
        facts.hung_on,
        badge_given_on=facts.badge_given_on,
        joined_on=member.joined_on,
        today=timezone.localdate(),
    )


def _cover(plaque: Plaque, member: Member, covered_on: date) -> None:
    try:
        with transaction.atomic():
            PlaqueMember.objects.create(
                plaque=plaque, member=member, covered_on=covered_on
            )
    except IntegrityError as error:
        # SQLite names the column, PostgreSQL the constraint.
        is_double = _ONE_HOUSEHOLD in str(error) or "member_id" in str(error)
        rules.check_free(is_double, member.name)
        raise


def _end(places: Iterable[PlaqueMember], day: date) -> None:
    for place in places:
        place.left_on = max(day, place.covered_on)
        place.save(update_fields=["left_on"])


def _store(upload: Any, organization: Organization, actor: User) -> StoredFile | None:
    if not upload:
        return None
    return store_upload(
        upload=upload,
        purpose=FilePurpose.PLAQUE,
        organization=organization,
        actor=actor,
        allowed_types=IMAGES,
        max_bytes=PHOTO_MAX_BYTES,
    )


def _tell(
    plaque: Plaque,
    member_ids: Iterable[int],
    action: AuditAction,
    actor: User,
    since: date | None = None,
) -> None:
    audit.record(
        actor=actor, action=action, target=plaque, organization=plaque.organization
    )
    # A person is counted at the branch of each month's end, which he may have left.
    branches = Affiliation.objects.filter(member__in=list(member_ids))
    facts_changed.send(
        sender=Plaque,
        organization_ids={
            plaque.organization_id,
            *branches.values_list("organization_id", flat=True),
        },
        since=since or plaque.hung_on,
    )

"""What follows for a stay when the person's relations, contacts or branch change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import chain

from django.db.models import Case, DateField, Value, When

from config.lib.paths import is_within
from members.choices import AffiliationKind, EndReason
from members.choices.mobile import MobileDirection, MobileEnd, MobileState
from members.contact_sources import last_contacts
from members.divisions import UNKNOWN
from members.models import Affiliation, Member, MobileStay
from members.rules.quality import MERGED_NOTE
from members.services.mobile import relation_of
from members.services.mobile_endings import end_held, end_with_relations, tell_end
from members.services.mobile_placing import put_in
from members.services.mobile_rows import finish, save, tell
from organizations.models import Organization, User
from organizations.signals import facts_changed


def follow_start(affiliation: Affiliation, actor: User) -> None:
    """A relation began: of the roll, or to the branch that takes the person in."""
    for stay in _open_stays(affiliation.member):
        if affiliation.kind == AffiliationKind.ON_ROLL:
            _follow_roll(stay, affiliation, actor)
        elif affiliation.kind == AffiliationKind.MOBILE_IN:
            _follow_host(stay, affiliation, actor)


def follow_ends(affiliations: Collection[Affiliation], actor: User) -> None:
    """Relations ended; one that moves within the street begins anew at once."""
    ended = [
        each
        for each in affiliations
        # Of a person whose two records become one the other's relation goes on.
        if each.end_reason != EndReason.MOVED_WITHIN and each.note != MERGED_NOTE
    ]
    found = _open_stays(*(each.member for each in ended)) if ended else []
    ends: dict[int, tuple[MobileStay, Affiliation]] = {}
    for affiliation, stay in _pairs(ended, found):
        is_roll = affiliation.kind == AffiliationKind.ON_ROLL
        is_host = affiliation.kind == AffiliationKind.MOBILE_IN
        place = affiliation.organization_id
        if stay.pk in ends:
            continue
        if is_roll and stay.home_id == place:
            if _stays_here(stay, affiliation):
                _become_incoming(stay, actor)
            else:
                ends[stay.pk] = stay, affiliation
        elif is_host and stay.host_id == place and stay.state == MobileState.PLACED:
            ends[stay.pk] = stay, affiliation
    end_with_relations(list(ends.values()), actor)


def end_double(kept: Member, gone: Member, actor: User) -> None:
    """Two records become one; where both are away the second's stay was the mistake.

    Both records are saved by the merger.
    """
    stays = _open_stays(gone)
    if stays and not MobileStay.objects.open().filter(member=kept).exists():
        kept.is_mobile = True
        return
    for stay in stays:
        stay.member = gone
        finish(stay, MobileEnd.MISTAKE, stay.started_on, MERGED_NOTE)
        tell(stay, actor, mobile_state=stay.state, mobile_end=MobileEnd.MISTAKE)


def agree_with_rolls(member_ids: Iterable[int], actor: User) -> None:
    """Let the home of each open stay be the roll that the person is on now."""
    rolls = Affiliation.objects.open().filter(
        member__in=member_ids, kind=AffiliationKind.ON_ROLL
    )
    for roll in rolls.select_related("organization", "member"):
        for stay in _open_stays(roll.member):
            if stay.home_id is not None:
                _follow_roll(stay, roll, actor)


def hand_over_stays(
    *, source: Organization, target: Organization, on_date: date, actor: User
) -> None:
    """Give the open stays of a branch to the one it merges into.

    Between the two nobody is away any more. In the caller's transaction.
    """
    for side in ("home", "host"):
        found = (
            MobileStay.objects.open()
            .filter(**{side: source})
            .select_related("member", "home", "host")
            .select_for_update(of=("self",), no_key=True)
            .order_by("pk")
        )
        for stay in found:
            if target.pk in {stay.home_id, stay.host_id}:
                finish(stay, MobileEnd.RETURNED, on_date, f"{source}并入{target}")
            else:
                setattr(stay, side, target)
                save(stay)
            tell(stay, actor, before={source.pk}, mobile_state=stay.state)


def refresh_contacts(member_ids: Iterable[int], since: date) -> None:
    """Bring the day of the latest contact of these members' stays up to date.

    The stays are locked before the contacts are read, so that of two writers the
    second sees what the first wrote.
    """
    found = list(
        MobileStay.objects.touching(list(member_ids), since)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    if not found:
        return
    open_stays = [stay for stay in found if stay.is_open]
    latest = last_contacts([stay.member_id for stay in open_stays if stay.member_id])
    changed: dict[date, list[int]] = defaultdict(list)
    for stay in open_stays:
        known = max(stay.registered_on, stay.verified_on or stay.registered_on)
        day = max(latest.get(stay.member_id or 0, known), known)
        if day != stay.last_contact_on:
            changed[day].append(stay.pk)
    _save_contacts(changed)
    facts_changed.send(sender=MobileStay, organization_ids=_sides(found), since=since)


def _save_contacts(changed: dict[date, list[int]]) -> None:
    """Write each day to its stays, in one statement.

    By day: an activity was one for all who came, and a condition for each stay is slow.
    """
    if changed:
        cases = [When(pk__in=stays, then=Value(day)) for day, stays in changed.items()]
        MobileStay.objects.filter(pk__in=chain(*changed.values())).update(
            last_contact_on=Case(*cases, output_field=DateField())
        )


def _sides(stays: Collection[MobileStay]) -> set[int]:
    sides = {side for stay in stays for side in (stay.home_id, stay.host_id)}
    return {side for side in sides if side is not None}


def _open_stays(*people: Member) -> list[MobileStay]:
    return list(
        MobileStay.objects.open()
        .of_people(people)
        .select_related("home", "host")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )


def _pairs(
    ended: Collection[Affiliation], stays: Collection[MobileStay]
) -> Iterator[tuple[Affiliation, MobileStay]]:
    """Each relation with each stay of its person."""
    by_member: dict[int | None, list[MobileStay]] = defaultdict(list)
    by_index: dict[str, list[MobileStay]] = defaultdict(list)
    for stay in stays:
        if stay.member_id is None:
            by_index[stay.id_index].append(stay)
        else:
            by_member[stay.member_id].append(stay)
    for affiliation in ended:
        unknown = by_index[affiliation.member.id_index]
        for stay in by_member[affiliation.member_id] + unknown:
            yield affiliation, stay


def _follow_roll(stay: MobileStay, roll: Affiliation, actor: User) -> None:
    """Whoever comes onto a roll here is away no more; else the home moves with it."""
    is_here = stay.host_id == roll.organization_id
    if stay.direction == MobileDirection.IN or is_here:
        stay.member = roll.member
        finish(stay, MobileEnd.TRANSFERRED, roll.starts_on, "")
        end_held([stay], actor)
        tell_end(stay, actor=actor)
        return
    if stay.home_id != roll.organization_id:
        before, stay.home = {stay.home_id}, roll.organization
        stay.member = roll.member
        save(stay)
        tell(stay, actor, before=before, mobile_state=stay.state)


def _follow_host(stay: MobileStay, taken: Affiliation, actor: User) -> None:
    branch, before = taken.organization, {stay.host_id}
    if stay.host is None or (stay.host_id == branch.pk and stay.placed_on):
        return
    if stay.state == MobileState.VERIFIED and is_within(branch.path, stay.host.path):
        put_in(stay, taken.member, branch, taken.starts_on)
    elif stay.state == MobileState.PLACED and relation_of(stay) is None:
        stay.host, stay.group_name = branch, ""
        save(stay)
    else:
        return
    tell(stay, actor, before=before, mobile_state=stay.state)


def _stays_here(stay: MobileStay, roll: Affiliation) -> bool:
    """Another branch here that took the person in keeps its side, but for good ends."""
    is_over = roll.end_reason in {EndReason.DECEASED, EndReason.REMOVED}
    return stay.direction == MobileDirection.WITHIN and not is_over


def _become_incoming(stay: MobileStay, actor: User) -> None:
    """The roll is elsewhere now, outside the street."""
    before, name = {stay.home_id}, str(stay.home)
    stay.home, stay.direction = None, MobileDirection.IN
    stay.home_name, stay.division = f"原在{name}"[:120], UNKNOWN
    save(stay)
    tell(stay, actor, before=before, mobile_state=stay.state)

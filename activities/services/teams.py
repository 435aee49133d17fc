"""Volunteer teams: founding, mending, dissolving, and who is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.choices.requests import RequestState
from activities.choices.teams import FreeTime
from activities.models import Availability, TeamPlace, VolunteerTeam
from activities.rules import teams as rules
from config.lib.errors import RuleError
from config.lib.paths import is_within
from config.lib.versions import check_version, save_versioned
from members.models import Affiliation, Member, Talent
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class TeamFacts:
    """What a team is called and good at, and since when there is one."""

    name: str
    founded_on: date
    talents: Sequence[Talent] = ()


@transaction.atomic
def found_team(*, organization_id: int, facts: TeamFacts, actor: User) -> VolunteerTeam:
    """Found a team of an organization; the same form sent twice founds one.

    Raises Organization.DoesNotExist out of scope, PermissionDenied, RuleError for a
    name that another team of the organization bears.
    """
    organization = (
        Organization.objects.with_members_visible_to(actor)
        .open()
        .get(pk=organization_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, organization)
    rules.check_founded(facts.founded_on, first=None, today=timezone.localdate())
    team = VolunteerTeam(
        organization=organization,
        name=facts.name.strip(),
        founded_on=facts.founded_on,
        recorded_by=actor,
    )
    team.clean_fields(exclude=["organization", "recorded_by"])
    try:
        with transaction.atomic():
            team.save(force_insert=True)
    except IntegrityError:
        known = _same_name(team)
        is_same = known.recorded_by_id == actor.pk
        if is_same and known.founded_on == facts.founded_on:
            return known
        raise RuleError(
            f"{organization}已有名为“{team.name}”的服务队，请换一个名称，"
            "或者打开原来那支修改。",
            code="name",
        ) from None
    team.talents.set(facts.talents)
    _tell(team, actor, "founded", since=team.founded_on)
    return team


@transaction.atomic
def amend_team(
    *, team_id: int, facts: TeamFacts, version: int | None = None, actor: User
) -> VolunteerTeam:
    """Mend name, specialty and founding day of a team."""
    team = _locked(team_id, actor, version)
    rules.check_open(team.closed_on)
    first = (
        team.places.order_by("joined_on").values_list("joined_on", flat=True).first()
    )
    rules.check_founded(facts.founded_on, first=first, today=timezone.localdate())
    since = min(team.founded_on, facts.founded_on)
    team.name, team.founded_on = facts.name.strip(), facts.founded_on
    team.clean_fields(exclude=["organization", "recorded_by"])
    try:
        with transaction.atomic():
            save_versioned(team, version=team.version)
    except IntegrityError:
        raise RuleError(
            f"{team.organization}已有名为“{team.name}”的服务队，请换一个名称。",
            code="name",
        ) from None
    team.talents.set(facts.talents)
    _tell(team, actor, "amended", since=since)
    return team


@transaction.atomic
def close_team(
    *, team_id: int, closed_on: date, version: int | None = None, actor: User
) -> VolunteerTeam:
    """Dissolve a team: its people leave it that day, its deeds stay counted."""
    team = _locked(team_id, actor, version)
    rules.check_open(team.closed_on)
    days = {
        team.founded_on,
        *team.places.values_list("joined_on", flat=True),
        *team.places.values_list("left_on", flat=True),
        *team.activities.values_list("held_on", flat=True),
    }
    last = max(day for day in days if day is not None)
    rules.check_closed(closed_on, last=last, today=timezone.localdate())
    in_hand = team.claims.current().filter(request__state=RequestState.CLAIMED)
    rules.check_free(in_hand.count())
    ending = list(team.places.current())
    _end(ending, closed_on)
    team.closed_on = closed_on
    save_versioned(team, version=team.version)
    _tell(team, actor, "closed", [each.member_id for each in ending], since=closed_on)
    return team


@transaction.atomic
def add_to_team(
    *, team_id: int, member_ids: Iterable[int], joined_on: date, actor: User
) -> int:
    """Put members on the roster; return how many. Who is in it already is no error.

    Raises Member.DoesNotExist for somebody out of scope, RuleError for somebody who
    does not belong below the team's organization.
    """
    team = _locked(team_id, actor, None)
    rules.check_open(team.closed_on)
    rules.check_joined(
        joined_on, founded_on=team.founded_on, today=timezone.localdate()
    )
    wanted = set(member_ids)
    found = Member.objects.visible_to(actor).filter(pk__in=wanted)
    if set(found.values_list("pk", flat=True)) != wanted:
        raise Member.DoesNotExist
    for member in found.exclude(
        pk__in=Member.objects.in_subtree(team.organization).values("pk")
    ):
        raise RuleError(
            f"{member.name}不在{team.organization}及其下级党组织，"
            "队员只从这些党组织的党员中选。",
            code="members",
        )
    # The team's row is locked: nobody else adds to it meanwhile.
    known = set(team.places.current().values_list("member_id", flat=True))
    new = sorted(wanted - known)
    TeamPlace.objects.bulk_create(
        TeamPlace(team=team, member_id=pk, joined_on=joined_on) for pk in new
    )
    if new:
        _tell(team, actor, "joined", new, since=joined_on)
    return len(new)


@transaction.atomic
def leave_team(*, place_id: int, actor: User) -> VolunteerTeam:
    """A member is in the team no more, from today on; twice is once."""
    found = TeamPlace.objects.visible_to(actor).get(pk=place_id)
    team = _locked(found.team_id, actor, None)
    place = team.places.current().filter(pk=place_id).first()
    if place is None:  # somebody else was quicker
        return team
    today = timezone.localdate()
    _end([place], today)
    _tell(team, actor, "left", [place.member_id], since=today)
    return team


@transaction.atomic
def lead_team(*, place_id: int, actor: User) -> VolunteerTeam:
    """Make somebody of the roster the leader, in the place of whoever was."""
    found = TeamPlace.objects.visible_to(actor).get(pk=place_id)
    team = _locked(found.team_id, actor, None)
    place = team.places.current().filter(pk=place_id).first()
    if place is None:
        raise RuleError("这名队员已经离队，不能当队长，请另选一人。", code="left")
    if not place.is_leader:
        team.places.filter(is_leader=True).update(is_leader=False)
        place.is_leader = True
        place.save(update_fields=["is_leader"])
        audit.record(
            actor=actor,
            action=AuditAction.TEAM_SAVED,
            target=team,
            organization=team.organization,
            details={"team_step": "led"},
        )
    return team


@transaction.atomic
def save_availability(
    *, member_id: int, times: Collection[str], actor: User
) -> Availability:
    """Write down when a member says he can help; the latest word counts.

    Raises Member.DoesNotExist out of scope, PermissionDenied.
    """
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    place = member.affiliations.open().visible_to(actor).order_by("pk").first()
    if place is None:
        raise Member.DoesNotExist
    require(actor, Right.RECORD_ACTIVITIES, place.organization)
    values = {time.value: time in times for time in FreeTime}
    saved, _ = Availability.objects.update_or_create(
        member=member,
        defaults=values | {"asked_on": timezone.localdate(), "recorded_by": actor},
    )
    audit.record(
        actor=actor,
        action=AuditAction.TEAM_SAVED,
        target=member,
        organization=place.organization,
        details={"team_step": "free_time"},
    )
    return saved


def team_for(
    team_id: int | None, organization: Organization, kind: str, held_on: date
) -> VolunteerTeam | None:
    """The team that an activity of `organization` names. Raises RuleError."""
    if team_id is None:
        return None
    rules.check_serving(kind)
    team = VolunteerTeam.objects.serving(organization).filter(pk=team_id).first()
    if team is None:
        raise RuleError("所选的服务队已不存在，请重新选择。", code="team")
    is_there = team.founded_on <= held_on
    if not is_there or (team.closed_on is not None and team.closed_on < held_on):
        raise RuleError(
            f"{team}在 {held_on:%Y-%m-%d} 还没有成立或已经解散，请核对日期或服务队。",
            code="team",
        )
    return team


def end_places_outside(
    members_left: Mapping[int, date], actor: User | None = None
) -> None:
    """End the places of those who no longer belong below their team's organization.

    `members_left` says for each member the day he left. In the caller's transaction.
    """
    places = list(
        TeamPlace.objects.current()
        .filter(member__in=list(members_left))
        .select_related("team__organization")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    if not places:
        return
    paths: dict[int, list[str]] = defaultdict(list)
    relations = Affiliation.objects.open().filter(
        member__in={place.member_id for place in places}
    )
    for member_id, path in relations.values_list("member_id", "organization__path"):
        paths[member_id].append(path)
    ending: dict[VolunteerTeam, list[TeamPlace]] = defaultdict(list)
    for place in places:
        root = place.team.organization.path
        if not any(is_within(path, root) for path in paths[place.member_id]):
            ending[place.team].append(place)
    for team, gone in ending.items():
        for place in gone:
            _end([place], members_left[place.member_id])
        since = min(members_left[place.member_id] for place in gone)
        _tell(team, actor, "left", [place.member_id for place in gone], since=since)


def end_twin_places(*, kept: Member, gone: Member, actor: User) -> None:
    """Two records become one: where both are in a team, the kept one stays in it.

    He leads it if either did, and is in it since the earlier day.
    """
    mine = {
        place.team_id: place
        for place in TeamPlace.objects.current().filter(member=kept)
    }
    theirs = TeamPlace.objects.current().filter(member=gone, team__in=list(mine))
    for place in theirs.select_related("team__organization"):
        own, was_leader = mine[place.team_id], place.is_leader
        joined_on = min(own.joined_on, place.joined_on)
        _end([place], place.joined_on)
        own.is_leader = own.is_leader or was_leader
        own.joined_on = joined_on
        own.save(update_fields=["is_leader", "joined_on"])
        people = [kept.pk, gone.pk]
        _tell(place.team, actor, "joined", people, since=joined_on)


def hand_over_teams(
    *, source: Organization, target: Organization, on_date: date, actor: User
) -> None:
    """Let the one a branch merges into keep its teams; a name taken says whence.

    In the caller's transaction, after the relations have moved.
    """
    teams = list(VolunteerTeam.objects.filter(organization=source).order_by("pk"))
    taken = VolunteerTeam.objects.open().filter(organization=target)
    names = set(taken.values_list("name", flat=True))
    for team in teams:
        team.organization = target
        if team.is_open and team.name in names:
            team.name = f"{team.name}（原{source}）"[:60]
        team.save(update_fields=["organization", "name"])
    if teams:
        facts_changed.send(
            sender=VolunteerTeam,
            organization_ids={source.pk, target.pk},
            since=min(team.founded_on for team in teams),
        )
    moved = Affiliation.objects.open().filter(organization=target)
    places = TeamPlace.objects.current().filter(member__in=moved.values("member"))
    ids = places.order_by().values_list("member_id", flat=True)
    end_places_outside(dict.fromkeys(ids, on_date), actor)


def _same_name(team: VolunteerTeam) -> VolunteerTeam:
    return VolunteerTeam.objects.open().get(
        organization=team.organization, name=team.name
    )


def _locked(team_id: int, actor: User, version: int | None) -> VolunteerTeam:
    team = (
        VolunteerTeam.objects.visible_to(actor)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=team_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, team.organization)
    check_version(team, version)
    return team


def _end(places: Iterable[TeamPlace], day: date) -> None:
    for place in places:
        place.left_on, place.is_leader = max(day, place.joined_on), False
        place.save(update_fields=["left_on", "is_leader"])


def _tell(
    team: VolunteerTeam,
    actor: User | None,
    step: str,
    member_ids: Collection[int] = (),
    *,
    since: date,
) -> None:
    details: dict[str, object] = {"team_step": step}
    if member_ids:
        details["count"] = len(member_ids)
    audit.record(
        actor=actor,
        action=AuditAction.TEAM_SAVED,
        target=team,
        organization=team.organization,
        details=details,
    )
    # A volunteer is counted at the branch of each month's end, which may have changed.
    branches = Affiliation.objects.filter(member__in=list(member_ids))
    facts_changed.send(
        sender=VolunteerTeam,
        organization_ids={
            team.organization_id,
            *branches.order_by().values_list("organization_id", flat=True),
        },
        since=since,
    )

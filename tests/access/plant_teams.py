"""Teams of volunteers in every branch, and what residents asked of them."""

from __future__ import annotations

from datetime import date

from activities.models import (
    Availability,
    RequestClaim,
    ServiceRequest,
    TeamPlace,
    VolunteerTeam,
)
from members.models import Talent
from tests.access.canaries import WORK
from tests.access.cast import BRANCHES, PARENTS, below, line_of
from tests.access.world import World


def plant_teams(world: World) -> None:
    for place in BRANCHES:
        _team(world, place)
        _request(world, place)


def _team(world: World, place: str) -> None:
    word, owner = world.word(WORK, place), world.owner(place)
    member = world.rows[f"member-{place}"]
    team = VolunteerTeam.objects.create(
        organization=world.orgs[place],
        name=f"{word}服务队",
        founded_on=date(2026, 8, 1),
        recorded_by=owner,
    )
    team.talents.set([Talent.objects.get(name="修理")])
    held = TeamPlace.objects.create(
        team=team, member=member, joined_on=date(2026, 8, 2), is_leader=True
    )
    Availability.objects.create(
        member=member, weekends=True, asked_on=date(2026, 8, 3), recorded_by=owner
    )
    activity = world.rows[f"activity-{place}"]
    activity.team = team
    activity.save(update_fields=["team"])
    world.rows[f"team-{place}"] = team
    world.put("team", place, team.pk)
    world.put("place", place, held.pk)


def _request(world: World, place: str) -> None:
    """One taken by the branch's own team: what is asked is read in all the street."""
    bird, secret = world.bird(place), world.canaries.secret
    street = below(line_of(place)[-1]) & set(BRANCHES)
    asked = world.canaries.plant(f"鸥愿{world.word(WORK, place)[-2:]}", WORK, *street)
    request = ServiceRequest.objects.create(
        organization=world.orgs[place],
        taker=world.orgs[place],
        community=world.communities[PARENTS[place]],
        kind="service",
        source="call",
        asked=f"{asked}修灯",
        talent=Talent.objects.get(name="修理"),
        received_on=date(2026, 9, 20),
        wanted_by=date(2026, 9, 27),
        name=f"张{bird}居民",
        phone=secret(f"1392000{ord(place[0])}{place[-1]}"),
        place=f"江滨街道滨江路{secret(f'7{ord(place[0])}{place[-1]}弄8号')}",
        state="claimed",
        checked_on=date(2026, 9, 20),
        published_on=date(2026, 9, 21),
        result=f"{bird}办理情况",
        words=f"{bird}的话",
        recorded_by=world.owner(place),
    )
    RequestClaim.objects.create(
        request=request,
        member=world.rows[f"member-{place}"],
        claimed_on=date(2026, 9, 22),
        claimed_by=world.owner(place),
    )
    world.rows[f"request-{place}"] = request
    world.put("request", place, request.pk)

"""The demo's teams of volunteers, what they went out for, what residents asked."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from activities.choices.requests import RequestSource, RequestState, Satisfaction
from activities.models import (
    Activity,
    Availability,
    RequestClaim,
    ServiceRequest,
    TeamPlace,
    VolunteerTeam,
)
from activities.rules.teams import SERVING
from config.lib.paths import is_within
from members.models import Talent
from organizations.models import Community, Organization, User
from reports.demo.people import Person
from reports.demo.street import Street

# A community's teams by the talents they ask for; and one of the street itself.
_TEAMS = (
    ("义诊服务队", ("义诊",)),
    ("便民维修服务队", ("家电维修", "水电维修")),
    ("法律服务队", ("法律咨询",)),
)
_STREET_TEAM = ("文艺志愿服务队", ("文艺演出", "书法绘画"))

# What residents ask: kind, words, talent.
_ASKED = (
    ("service", "独居老人家灯不亮，需要换灯", "水电维修"),
    ("service", "行动不便老人想量血压、问用药", "义诊"),
    ("wish", "小学生想要一套课外书", None),
    ("service", "租房押金退不了，想问法律", "法律咨询"),
    ("service", "老人家电视机没有图像", "家电维修"),
    ("wish", "残疾居民想学剪纸", "书法绘画"),
    ("service", "厨房水龙头漏水", "水电维修"),
)
_WORDS = ("来得快，办得好", "谢谢党员", "还会再来就好了", "")
_CLEARED_DAYS = 30


def make_volunteers(
    street: Street, people: list[Person], writer: User, random: Random, today: date
) -> None:
    """Two or three teams a community; of one the leader has just left."""
    present = [person for person in people if person.ends_on is None]
    teams = []
    for number, community in enumerate(street.communities):
        place = community.organization
        for name, talents in _TEAMS[: 2 + number % 2]:
            full_name = f"{community}{name}"
            teams.append(_team(place, full_name, talents, writer, random, today))
            is_led = not (number == 1 and name == "义诊服务队")
            _fill(teams[-1], talents, present, random, is_led=is_led)
    name, talents = _STREET_TEAM
    teams.append(_team(street.root, f"江滨街道{name}", talents, writer, random, today))
    _fill(teams[-1], talents, present, random, is_led=True)
    _name_teams(street, teams, random)
    _free_times(present, writer, random, today)
    for place in street.communities:
        own = [t for t in teams if t.organization_id == place.organization_id]
        _requests(place, own, writer, random, today)


def _team(
    place: Organization,
    name: str,
    talents: tuple[str, ...],
    writer: User,
    random: Random,
    today: date,
) -> VolunteerTeam:
    team = VolunteerTeam.objects.create(
        organization=place,
        name=name,
        founded_on=today - timedelta(days=random.randint(370, 900)),
        recorded_by=writer,
    )
    team.talents.set(Talent.objects.filter(name__in=talents))
    return team


def _fill(
    team: VolunteerTeam,
    talents: tuple[str, ...],
    present: list[Person],
    random: Random,
    *,
    is_led: bool,
) -> None:
    """Put those with the talents on the roster, most of them."""
    joining = {
        person.member.pk: person
        for person in present
        if set(talents) & set(person.talents)
        and is_within(person.branch.path, team.organization.path)
        and random.random() < 0.8
    }
    TeamPlace.objects.bulk_create(
        TeamPlace(
            team=team,
            member_id=pk,
            joined_on=max(team.founded_on, person.starts_on),
            is_leader=is_led and number == 0,
        )
        for number, (pk, person) in enumerate(joining.items())
    )


def _name_teams(street: Street, teams: list[VolunteerTeam], random: Random) -> None:
    """Say of half of what branches went out for whose team it was."""
    by_community = {
        community.organization_id: [
            team for team in teams if team.organization_id == community.organization_id
        ]
        for community in street.communities
    }
    held = Activity.objects.filter(kind__in=SERVING).order_by("held_on", "pk")
    named = []
    for activity in held.select_related("organization"):
        choice = by_community.get(activity.organization.parent_id or 0, [])
        if choice and random.random() < 0.5:
            activity.team = random.choice(choice)
            named.append(activity)
    Activity.objects.bulk_update(named, ["team"], batch_size=500)


def _free_times(
    present: list[Person], writer: User, random: Random, today: date
) -> None:
    """Of three in four with a talent it is known when they can help."""
    skilled = {person.member.pk for person in present if person.talents}
    Availability.objects.bulk_create(
        Availability(
            member_id=pk,
            weekdays=random.random() < 0.4,
            evenings=random.random() < 0.4,
            weekends=random.random() < 0.7,
            asked_on=today - timedelta(days=random.randint(10, 300)),
            recorded_by=writer,
        )
        for pk in sorted(skilled)
        if random.random() < 0.75
    )


def _requests(
    place: Community,
    teams: list[VolunteerTeam],
    writer: User,
    random: Random,
    today: date,
) -> None:
    """Two a month over the year, done by the teams; the latest are on their way."""
    held = list(
        Activity.objects.filter(team__in=teams).order_by("-held_on", "-pk")[:24]
    )
    for number, activity in enumerate(held):
        request = _asked(place, number, activity.held_on, writer, random)
        request.wanted_by = request.received_on + timedelta(days=7)
        request.checked_on = request.published_on = request.received_on
        request.taker = activity.team.organization if activity.team else None
        request.activity, request.done_on = activity, activity.held_on
        request.result = "已上门办好"
        request.state = RequestState.DONE
        if activity.held_on < today - timedelta(days=12):
            _hear(request, random, today)
        request.save()
        RequestClaim.objects.create(
            request=request,
            team=activity.team,
            claimed_on=request.received_on,
            claimed_by=writer,
        )
    _under_way(place, teams, writer, random, today)


def _hear(request: ServiceRequest, random: Random, today: date) -> None:
    """The resident's word; what named him is gone by now if it is old."""
    assert request.done_on is not None
    request.state = RequestState.CLOSED
    request.closed_on = request.done_on + timedelta(days=3)
    request.satisfaction = random.choices(Satisfaction.values, (16, 3, 1))[0]
    request.words = random.choice(_WORDS)
    if request.closed_on < today - timedelta(days=_CLEARED_DAYS):
        request.name = request.phone = request.place = ""
        request.result = request.words = ""
        request.cleared_on = request.closed_on + timedelta(days=_CLEARED_DAYS + 1)


def _under_way(
    place: Community,
    teams: list[VolunteerTeam],
    writer: User,
    random: Random,
    today: date,
) -> None:
    """One just in, one in too long, two on offer, one taken and late, one refused."""
    for number, (state, days) in enumerate(
        (
            (RequestState.RECEIVED, 0),
            (RequestState.RECEIVED, 5),
            (RequestState.PUBLISHED, 1),
            (RequestState.PUBLISHED, 6),
            (RequestState.CLAIMED, 10),
            (RequestState.REFUSED, 12),
        )
    ):
        day = today - timedelta(days=days)
        request = _asked(place, number + days, day, writer, random)
        request.received_on, request.state = day, state
        request.wanted_by = day + timedelta(days=7)
        if state in {RequestState.PUBLISHED, RequestState.CLAIMED}:
            request.checked_on = request.published_on = day
        if state == RequestState.CLAIMED:
            request.taker = teams[1].organization
        if state == RequestState.REFUSED:
            request.closed_on, request.reason = day, "属物业维修范围，已转告物业"
        request.save()
        if state == RequestState.CLAIMED:
            RequestClaim.objects.create(
                request=request, team=teams[1], claimed_on=day, claimed_by=writer
            )


def _asked(
    place: Community, number: int, by: date, writer: User, random: Random
) -> ServiceRequest:
    """A request that came in a few days before `by`, unsaved."""
    kind, asked, talent = _ASKED[number % len(_ASKED)]
    return ServiceRequest(
        organization=place.organization,
        community=place,
        kind=kind,
        source=random.choice(RequestSource.values),
        asked=asked,
        talent=Talent.objects.filter(name=talent).first() if talent else None,
        received_on=by - timedelta(days=random.randint(1, 9)),
        name=random.choice(("乔大妈", "安奶奶", "司大爷", "单阿姨")),
        phone=f"1990002{random.randint(0, 9999):04d}",
        place=f"江滨街道{place}{random.randint(1, 12)}号楼2单元301室",
        recorded_by=writer,
    )

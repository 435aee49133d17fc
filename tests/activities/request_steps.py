"""Steps of residents' requests that several tests take."""

from datetime import timedelta

from django.utils import timezone

from activities.services.claims import Deed, claim_request, finish_request
from activities.services.requests import (
    Receipt,
    Resident,
    Wish,
    check_request,
    close_request,
    record_request,
)
from activities.services.teams import TeamFacts, add_to_team, found_team
from organizations.models import Community

RESIDENT = Resident("邢需求", "13900008001", "江滨街道滨江路12号3幢201室")


def received(organization, actor, **changes):
    values = {
        "asked": "独居老人家灯不亮，需要换灯",
        "received_on": timezone.localdate(),
        "resident": RESIDENT,
        "kind": "service",
        "talent": None,
        "needed_at": "",
        "wanted_by": None,
        "request_id": None,
    } | changes
    path = organization.path
    community = Community.objects.get(organization__path=path[:12])
    return record_request(
        organization_id=organization.pk,
        receipt=Receipt(community, values["kind"], "desk", values["received_on"]),
        wish=Wish(
            values["asked"], values["talent"], values["needed_at"], values["wanted_by"]
        ),
        resident=values["resident"],
        request_id=values["request_id"],
        actor=actor,
    )


def published(organization, actor, **changes):
    request = received(organization, actor, **changes)
    return check_request(
        request_id=request.pk,
        wish=Wish(request.asked, request.talent, request.needed_at, request.wanted_by),
        publish=True,
        actor=actor,
    )


def team_of(organization, actor, *members, name="便民服务队"):
    begun = timezone.localdate() - timedelta(days=200)
    team = found_team(
        organization_id=organization.pk, facts=TeamFacts(name, begun), actor=actor
    )
    add_to_team(
        team_id=team.pk,
        member_ids=[member.pk for member in members],
        joined_on=begun,
        actor=actor,
    )
    return team


def claimed(organization, actor, team, **changes):
    request = published(organization, actor, **changes)
    claim_request(request_id=request.pk, team_id=team.pk, actor=actor)
    request.refresh_from_db()
    return request


def deed(*members, hours=1):
    return Deed(timezone.now(), hours, [member.pk for member in members])


def done(organization, actor, team, member, **changes):
    request = claimed(organization, actor, team, **changes)
    return finish_request(
        request_id=request.pk, result="已换好", deed=deed(member), actor=actor
    )


def closed(organization, actor, team, member, word="satisfied", **changes):
    request = done(organization, actor, team, member, **changes)
    return close_request(
        request_id=request.pk, satisfaction=word, words="谢谢党员", actor=actor
    )

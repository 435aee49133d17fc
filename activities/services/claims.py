"""Who takes a request, gives it back, or gets it done: nothing is taken twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.choices import ActivityKind, ActivityState, Presence
from activities.choices.requests import RequestState
from activities.models import Activity, RequestClaim, ServiceRequest, VolunteerTeam
from activities.rules import requests as rules
from activities.rules import teams as team_rules
from activities.services.activities import (
    ActivityFacts,
    Attendance,
    record_activity,
)
from activities.services.requests import give_back, locked_row, save
from config.lib.errors import RuleError
from members.models import Member
from organizations.access import Right
from organizations.models import Organization, User


@dataclass(frozen=True)
class Deed:
    """What was done for a resident, where no activity tells of it yet."""

    starts_at: datetime
    hours: Decimal
    member_ids: Iterable[int]


@transaction.atomic
def claim_request(
    *,
    request_id: int,
    team_id: int | None = None,
    member_id: int | None = None,
    version: int | None = None,
    actor: User,
) -> RequestClaim:
    """Let a team, or else a member, of the actor's take what is on offer.

    Raises VolunteerTeam.DoesNotExist or Member.DoesNotExist out of the actor's hands,
    RuleError for a request that is taken already or not on offer.
    """
    request = locked_row(request_id, actor, version)
    rules.check_next(request.state, RequestState.CLAIMED)
    if (team_id is None) == (member_id is None):
        raise RuleError("请选择由哪支服务队认领。", code="team")
    claim = RequestClaim(
        request=request, claimed_on=timezone.localdate(), claimed_by=actor
    )
    if team_id is not None:
        team = VolunteerTeam.objects.kept_by(actor).select_related("organization")
        claim.team = team.get(pk=team_id)
        team_rules.check_open(claim.team.closed_on)
        request.taker = claim.team.organization
    else:
        claim.member, request.taker = _member_and_place(member_id, actor)
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:
        # The lock keeps this from happening; the constraint, from ever being wrong.
        rules.check_next(RequestState.CLAIMED, RequestState.CLAIMED)
        raise
    request.state = RequestState.CLAIMED
    save(request, actor)
    return claim


@transaction.atomic
def give_back_request(
    *, request_id: int, words: str, version: int | None = None, actor: User
) -> ServiceRequest:
    """Put a request on offer again: those who took it cannot do it after all."""
    request = locked_row(request_id, actor, version)
    _require_hand_in(request, actor)
    rules.check_claimed(request.state)
    reason = rules.check_text(words, "退回的原因")
    for claim in request.claims.current():
        give_back(claim, reason, timezone.localdate())
    request.state, request.taker = RequestState.PUBLISHED, None
    return save(request, actor)


@transaction.atomic
def finish_request(
    *,
    request_id: int,
    result: str,
    activity_id: int | None = None,
    deed: Deed | None = None,
    version: int | None = None,
    actor: User,
) -> ServiceRequest:
    """Write down that it was done: in an activity on record, or in one of its own.

    Raises Activity.DoesNotExist out of scope, PermissionDenied, RuleError where a
    rule refuses.
    """
    request = locked_row(request_id, actor, version)
    _require_hand_in(request, actor)
    rules.check_next(request.state, RequestState.DONE)
    claim = request.claims.current().select_related("team").get()
    request.result = rules.check_text(result, "办理情况", "result")
    if activity_id is not None:
        activity = Activity.objects.visible_to(actor).get(pk=activity_id)
        check_usable(activity)
    elif deed is not None:
        activity = _record(request, claim, deed, actor)
    else:
        raise RuleError(
            "请选择办这件事的活动；还没有记的，填写开始时间、时长和出动的党员。",
            code="activity",
        )
    rules.check_done(
        activity.held_on, claimed_on=claim.claimed_on, today=timezone.localdate()
    )
    request.activity, request.done_on = activity, activity.held_on
    request.state = RequestState.DONE
    return save(request, actor)


def check_usable(activity: Activity) -> None:
    """Raise RuleError unless something can have been done in this activity."""
    if activity.state != ActivityState.HELD:
        raise RuleError("这次活动已取消或还没有开展，请另选一次。", code="activity")


def _member_and_place(
    member_id: int | None, actor: User
) -> tuple[Member, Organization]:
    member = Member.objects.visible_to(actor).get(pk=member_id)
    relations = member.affiliations.open().visible_to(actor)
    for relation in relations.select_related("organization").order_by("pk"):
        if actor.has_right_at(Right.RECORD_ACTIVITIES, relation.organization):
            return member, relation.organization
    raise PermissionDenied("您的岗位不能替这位党员认领需求。")


def _require_hand_in(request: ServiceRequest, actor: User) -> None:
    """Whoever keeps the request or whose people took it may go on with it."""
    places = [request.organization, *([request.taker] if request.taker else [])]
    if not any(actor.has_right_at(Right.RECORD_ACTIVITIES, each) for each in places):
        raise PermissionDenied("这件需求不由您的党组织办理。")


def _record(
    request: ServiceRequest, claim: RequestClaim, deed: Deed, actor: User
) -> Activity:
    """Record what was done as an activity of those who took it; hours count once."""
    assert request.taker is not None
    return record_activity(
        organization_id=request.taker.pk,
        facts=ActivityFacts(
            kind=ActivityKind.VOLUNTEERING,
            title=f"{request.get_kind_display()}：{request.asked}"[:100],
            starts_at=deed.starts_at,
            hours=deed.hours,
            place=str(request.community),
            people_served=1,
            team_id=claim.team_id,
        ),
        attendance={pk: Attendance(Presence.PRESENT) for pk in deed.member_ids},
        actor=actor,
        today=timezone.localdate(),
    )

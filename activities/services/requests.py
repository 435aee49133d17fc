"""Residents' requests: written down, checked, published, refused, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.choices.requests import RequestState, Satisfaction
from activities.models import RequestClaim, ServiceRequest
from activities.parameters.requests import WANTED_DAYS
from activities.rules import requests as rules
from config.lib.errors import RuleError
from config.lib.versions import check_version, save_versioned
from members.models import Talent
from members.services.reveal import check_reason, show_once
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Community, Organization, User
from organizations.signals import facts_changed

# Fields that say who asks and where; shown masked, whole for a reason.
REVEALABLE = ("name", "phone", "place")


@dataclass(frozen=True)
class Wish:
    """What is published: nothing of it names the resident.

    `wanted_by` None means as many days as the committee set.
    """

    asked: str
    talent: Talent | None = None
    needed_at: str = ""
    wanted_by: date | None = None


@dataclass(frozen=True)
class Resident:
    """Who asks and where, as little as is needed to come and help."""

    name: str
    phone: str = ""
    place: str = ""


@dataclass(frozen=True)
class Receipt:
    """Where, when and how a request came."""

    community: Community
    kind: str
    source: str
    received_on: date


@transaction.atomic
def record_request(
    *,
    organization_id: int,
    receipt: Receipt,
    wish: Wish,
    resident: Resident,
    request_id: UUID | None = None,
    actor: User,
) -> ServiceRequest:
    """Write down what a resident asks for; the same `request_id` writes once.

    Raises Organization.DoesNotExist out of scope, PermissionDenied, RuleError where
    a rule refuses.
    """
    organization = (
        Organization.objects.with_members_visible_to(actor)
        .open()
        .get(pk=organization_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, organization)
    if (earlier := _recorded(request_id, actor)) is not None:
        return earlier
    request = ServiceRequest(
        organization=organization,
        recorded_by=actor,
        request_id=request_id,
        **vars(receipt),
        **{name: value.strip() for name, value in vars(resident).items()},
    )
    _put(request, wish)
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        # The same form arrived twice at once; the other one has just won.
        if (earlier := _recorded(request_id, actor)) is None:
            raise
        return earlier
    tell(request, AuditAction.REQUEST_RECORDED, actor)
    return request


@transaction.atomic
def check_request(
    *,
    request_id: int,
    wish: Wish,
    publish: bool = False,
    version: int | None = None,
    actor: User,
) -> ServiceRequest:
    """Somebody looked into it: its words are fit for the teams; publish it at once."""
    request = locked(request_id, actor, version)
    rules.check_next(request.state, RequestState.CHECKED)
    _put(request, wish)
    request.state, request.checked_on = RequestState.CHECKED, timezone.localdate()
    if publish:
        request.state, request.published_on = (
            RequestState.PUBLISHED,
            timezone.localdate(),
        )
    return save(request, actor)


@transaction.atomic
def publish_request(
    *, request_id: int, version: int | None = None, actor: User
) -> ServiceRequest:
    """Offer what was checked to the teams of the street."""
    request = locked(request_id, actor, version)
    rules.check_publish(request.state)
    request.state, request.published_on = RequestState.PUBLISHED, timezone.localdate()
    return save(request, actor)


@transaction.atomic
def refuse_request(
    *, request_id: int, words: str, version: int | None = None, actor: User
) -> ServiceRequest:
    """Say why nothing can be done about it; it stays on record."""
    request = locked(request_id, actor, version)
    rules.check_next(request.state, RequestState.REFUSED)
    request.reason = rules.check_text(words, "不予受理的原因")
    request.state, request.closed_on = RequestState.REFUSED, timezone.localdate()
    return save(request, actor)


@transaction.atomic
def withdraw_request(
    *, request_id: int, words: str, version: int | None = None, actor: User
) -> ServiceRequest:
    """Take back what the resident needs no more; who took it is free of it."""
    request = locked(request_id, actor, version)
    rules.check_next(request.state, RequestState.WITHDRAWN)
    request.reason = rules.check_text(words, "撤回的原因")
    today = timezone.localdate()
    for claim in request.claims.current():
        give_back(claim, request.reason, today)
    request.taker = None
    request.state, request.closed_on = RequestState.WITHDRAWN, today
    return save(request, actor)


@transaction.atomic
def close_request(
    *,
    request_id: int,
    satisfaction: str,
    words: str = "",
    version: int | None = None,
    actor: User,
) -> ServiceRequest:
    """Write down the resident's word on what was done, which closes it."""
    request = locked(request_id, actor, version)
    rules.check_next(request.state, RequestState.CLOSED)
    request.satisfaction = satisfaction
    if words.strip() or satisfaction == Satisfaction.NOT:
        request.words = rules.check_text(words, "居民的话（不满意的须写明原因）")
    request.state, request.closed_on = RequestState.CLOSED, timezone.localdate()
    request.clean_fields(exclude=["organization", "community", "recorded_by"])
    return save(request, actor)


def reads_resident(user: User, request: ServiceRequest) -> bool:
    """Whether `user` works where the request is kept or where it was taken."""
    places = [request.organization, *([request.taker] if request.taker else [])]
    return any(user.has_right_at(Right.VIEW_MEMBERS, place) for place in places)


def reveals_resident(user: User, request: ServiceRequest) -> bool:
    """Whether a post of `user` opens whole contacts where it is kept or was taken."""
    places = [request.organization, *([request.taker] if request.taker else [])]
    return any(user.has_right_at(Right.REVEAL_CONTACT, place) for place in places)


def reveal_resident(*, request_id: int, field: str, reason: str, actor: User) -> str:
    """Return the whole of one field of `REVEALABLE`; who asked and why is recorded.

    Raises ServiceRequest.DoesNotExist out of scope, PermissionDenied without the
    right (recorded too), RuleError without a reason or past the hourly limit.
    """
    if field not in REVEALABLE:
        raise RuleError("这一项不提供查看完整信息。", code="field")
    request = (
        ServiceRequest.objects.visible_to(actor)
        .select_related("organization", "taker")
        .get(pk=request_id)
    )
    is_open = reveals_resident(actor, request)
    return show_once(request, field, check_reason(reason), actor, is_open=is_open)


def hand_over_requests(*, source: Organization, target: Organization) -> None:
    """Let the one a branch merges into go on with what it kept and took.

    In the caller's transaction.
    """
    kept = ServiceRequest.objects.filter(organization=source)
    days = list(kept.order_by("received_on").values_list("received_on", flat=True)[:1])
    kept.update(organization=target)
    ServiceRequest.objects.filter(taker=source).update(taker=target)
    left = Community.objects.filter(organization=source).first()
    place = Community.objects.filter(organization=target).first()
    if left and place:
        ServiceRequest.objects.filter(community=left).update(community=place)
    if days:
        facts_changed.send(
            sender=ServiceRequest,
            organization_ids={source.pk, target.pk},
            since=days[0],
        )


def locked(request_id: int, actor: User, version: int | None) -> ServiceRequest:
    """The request, locked, for somebody who acts for the organization that keeps it."""
    request = locked_row(request_id, actor, version)
    require(actor, Right.RECORD_ACTIVITIES, request.organization)
    return request


def locked_row(request_id: int, actor: User, version: int | None) -> ServiceRequest:
    """The request, locked, for whoever sees it; the caller asks for the right."""
    request = (
        ServiceRequest.objects.visible_to(actor)
        .select_related("organization", "community", "taker")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=request_id)
    )
    check_version(request, version)
    return request


def give_back(claim: RequestClaim, reason: str, today: date) -> None:
    claim.given_back_on = max(today, claim.claimed_on)
    claim.given_back_reason = reason
    claim.save(update_fields=["given_back_on", "given_back_reason"])


def save(request: ServiceRequest, actor: User) -> ServiceRequest:
    save_versioned(request, version=request.version)
    tell(request, AuditAction.REQUEST_CHANGED, actor)
    return request


def tell(request: ServiceRequest, action: AuditAction, actor: User | None) -> None:
    """Write the trail and tell the figures."""
    audit.record(
        actor=actor,
        action=action,
        target=request,
        organization=request.organization,
        details={"request_state": request.state},
    )
    facts_changed.send(
        sender=ServiceRequest,
        organization_ids={request.organization_id},
        since=request.received_on,
    )


def _recorded(request_id: UUID | None, actor: User) -> ServiceRequest | None:
    if request_id is None:
        return None
    known = ServiceRequest.objects.visible_to(actor)
    return known.filter(request_id=request_id).first()


def _put(request: ServiceRequest, wish: Wish) -> None:
    """Write what is asked, unsaved."""
    days = timedelta(days=parameters.get(WANTED_DAYS))
    wanted_by = wish.wanted_by or request.received_on + days
    rules.check_received(request.received_on, wanted_by, timezone.localdate())
    request.asked = rules.check_asked(wish.asked)
    request.talent, request.needed_at = wish.talent, wish.needed_at
    request.wanted_by = wanted_by
    request.clean_fields(
        exclude=["organization", "community", "recorded_by", "request_id", "talent"]
    )

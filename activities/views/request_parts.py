"""What the pages of residents' requests share."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from activities.choices.requests import RequestState
from activities.models import RequestClaim, ServiceRequest
from activities.services.requests import reads_resident
from members.models import Member

TITLE = "贴心服务"
TONES = {
    RequestState.RECEIVED: "warn",
    RequestState.CHECKED: "warn",
    RequestState.PUBLISHED: "gold",
    RequestState.CLAIMED: "info",
    RequestState.DONE: "info",
    RequestState.CLOSED: "ok",
    RequestState.REFUSED: "mute",
    RequestState.WITHDRAWN: "mute",
}


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        ("活动", reverse("activities:list")),
        (TITLE, reverse("activities:request-list")),
        *steps,
    ]


def claims_of(user: Any) -> Prefetch:
    """The claims in force; a member is named to those who see him."""
    seen = Member.objects.visible_to(user).filter(pk=OuterRef("member"))
    claims = RequestClaim.objects.visible_to(user).current()
    claims = claims.annotate(is_seen=Exists(seen))
    return Prefetch(
        "claims", claims.select_related("team", "member"), to_attr="in_force"
    )


def public_facts(wanted: ServiceRequest, user: Any) -> list[tuple[str, object]]:
    """What every secretary of the street may read; those who work on it, by whom."""
    reads = reads_resident(user, wanted)
    facts: list[tuple[str, object]] = [
        ("需要什么", wanted.asked),
        ("所在社区", wanted.community),
        ("需要的特长", wanted.talent or "不限"),
        ("什么时候方便", wanted.get_needed_at_display() or "都可以"),
        ("收到日期", wanted.received_on),
        ("希望办结日期", wanted.wanted_by),
    ]
    if reads:
        facts.append(("受理党组织", wanted.organization))
    for claim in wanted.in_force:
        who = claim.team or (claim.member if claim.is_seen else f"{wanted.taker}的党员")
        shown = who if reads else "已有人认领"
        facts.append(("认领", f"{shown}，{claim.claimed_on:%Y-%m-%d}"))
    if wanted.done_on:
        facts.append(("办理日期", wanted.done_on))
    return facts


def visible_request(request: HttpRequest, pk: int) -> ServiceRequest:
    return get_object_or_404(
        ServiceRequest.objects.visible_to(request.user)
        .select_related("organization", "community", "talent", "taker", "recorded_by")
        .select_related("activity__organization")
        .prefetch_related(claims_of(request.user)),
        pk=pk,
    )

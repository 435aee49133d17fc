"""Residents' requests: the list, a new one, one of them, and whom to ask for help."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from activities.choices.requests import RequestState
from activities.forms.requests import (
    ENDED,
    MatchForm,
    RequestFilterForm,
    RequestForm,
)
from activities.matching import MOST_SHOWN, NEARNESS, matches
from activities.models import ServiceRequest
from activities.services.requests import (
    REVEALABLE,
    reads_resident,
    record_request,
    reveal_resident,
    reveals_resident,
)
from activities.views.request_parts import (
    TITLE,
    TONES,
    crumbs,
    public_facts,
    visible_request,
)
from activities.views.request_steps import steps_of
from config.lib.errors import RuleError
from config.lib.paging import page_by_key, total_of
from config.lib.paths import ancestors
from members.forms.members import RevealForm, add_service_error
from members.models import Member
from organizations.access import Right, require_right
from organizations.models import Community

GROUPS: dict[str, tuple[str, Q]] = {
    "": ("待核实、待发布", Q(state__in=[RequestState.RECEIVED, RequestState.CHECKED])),
    "offered": ("待认领", Q(state=RequestState.PUBLISHED)),
    "claimed": ("办理中", Q(state=RequestState.CLAIMED)),
    "done": ("待回访", Q(state=RequestState.DONE)),
    "ended": ("已结束", Q(state__in=ENDED)),
}


@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_MEMBERS)
    form = RequestFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "") if data.get("group") in GROUPS else ""
    mine = ServiceRequest.objects.visible_to(request.user).concerning(request.user)
    chosen = {
        name: data[name] for name in ("kind", "talent", "community") if data.get(name)
    }
    mine = mine.none() if form.errors else mine.filter(**chosen)
    found = mine.filter(GROUPS[group][1])
    is_ended = group == "ended"
    page = page_by_key(
        found.select_related("community", "talent", "taker"),
        request.GET,
        "closed_on" if is_ended else "wanted_by",
        descending=is_ended,
    )
    today = timezone.localdate()
    for row in page.rows:
        row.tone, row.late = TONES[row.state], row.lateness(today)
    counts = mine.numbers({f"n{key}": fits for key, (_, fits) in GROUPS.items()})
    address = reverse("activities:request-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [*crumbs()[:-1], (TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "group": group,
        "is_filtered": bool(chosen),
        "clear_url": f"{address}?group={group}" if group else address,
        "may_record": request.user.has_right(Right.RECORD_ACTIVITIES),
        "tabs": [
            {
                "label": label,
                "url": f"{address}?group={key}" if key else address,
                "is_current": key == group,
                "count": None if key == "ended" else counts[f"n{key}"],
            }
            for key, (label, _) in GROUPS.items()
        ],
    }
    return render(request, "activities/request_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_add(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.RECORD_ACTIVITIES)
    form = RequestForm(
        request.POST or None, user=request.user, initial=_initial(request.user)
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = record_request(
                organization_id=form.cleaned_data["organization"].pk,
                receipt=form.receipt(),
                wish=form.wish(),
                resident=form.resident(),
                request_id=form.cleaned_data["request_id"],
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已登记，请核实后发布。")
            return redirect(saved)
    context = {
        "page_title": "登记服务需求",
        "breadcrumbs": crumbs(("登记", "")),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "cancel_url": reverse("activities:request-list"),
        "form_note": "需求人、电话、地点只存到办结后规定的天数，到期自动清除。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


def _initial(user: Any) -> dict[str, Any]:
    """The organization of the first post, and the community it lies in."""
    initial: dict[str, Any] = {"request_id": uuid4(), "kind": "service"}
    posts = [post for post in user.current_posts if post.organization]
    if posts:
        place = posts[0].organization
        initial["organization"] = place.pk
        near = Community.objects.filter(organization__path__in=ancestors(place.path))
        initial["community"] = near.order_by("-organization__path").first()
    return initial


@require_safe
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    wanted = visible_request(request, pk)
    reads = reads_resident(request.user, wanted)
    today = timezone.localdate()
    query = {
        "talent": wanted.talent_id or "",
        "needed_at": wanted.needed_at,
        "community": wanted.community_id,
        "request": wanted.pk,
    }
    steps = steps_of(request.user, wanted)
    context = {
        "page_title": wanted.get_kind_display(),
        "breadcrumbs": crumbs((str(wanted), "")),
        "wanted": wanted,
        "tone": TONES[wanted.state],
        "late": wanted.lateness(today),
        "facts": public_facts(wanted, request.user),
        "resident": _resident(wanted, request.user) if reads else None,
        "told": _told(wanted) if reads else [],
        "steps": steps,
        "match_url": f"{reverse('activities:match')}?{urlencode(query)}"
        if any(step["name"] == "claim" for step in steps)
        else "",
    }
    return render(request, "activities/request_detail.html", context)


def _resident(wanted: ServiceRequest, user: Any) -> dict[str, Any]:
    may_reveal = reveals_resident(user, wanted)
    shown = (
        ("name", "需求人", wanted.masked_name),
        ("phone", "联系电话", wanted.masked_phone),
        ("place", "详细地点", wanted.masked_place),
    )
    return {
        "cleared_on": wanted.cleared_on,
        "rows": [
            {
                "label": label,
                "masked": masked,
                "url": reverse("activities:request-reveal", args=[wanted.pk, field])
                if masked and may_reveal
                else "",
            }
            for field, label, masked in shown
        ],
    }


def _told(wanted: ServiceRequest) -> list[tuple[str, object]]:
    """What was written about doing it, for those who work on it."""
    facts = [
        ("办理情况", wanted.result),
        ("居民评价", wanted.get_satisfaction_display()),
        ("居民的话", wanted.words),
        ("原因", wanted.reason),
        ("结束日期", wanted.closed_on),
        ("登记人", wanted.recorded_by),
    ]
    return [(label, value) for label, value in facts if value]


@require_http_methods(["GET", "HEAD", "POST"])
def request_reveal(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Ask for a reason (GET), then show one whole value once (POST)."""
    if field not in REVEALABLE:
        raise Http404
    wanted = visible_request(request, pk)
    label = str(ServiceRequest._meta.get_field(field).verbose_name)
    form = RevealForm(request.POST or None)
    value = ""
    if request.method == "POST" and form.is_valid():
        try:
            value = reveal_resident(
                request_id=pk,
                field=field,
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except RuleError as error:
            add_service_error(form, error)
    context = {
        "page_title": f"查看{label}",
        "breadcrumbs": crumbs((str(wanted), wanted.get_absolute_url()), ("查看", "")),
        "wanted": wanted,
        "label": label,
        "form": form,
        "value": value or ("—" if request.method == "POST" and not form.errors else ""),
    }
    status = 422 if form.errors else 200
    return render(request, "activities/request_reveal.html", context, status=status)


@require_safe
def match(request: HttpRequest) -> HttpResponse:
    """Members who could help: by talent and free time, the nearest first."""
    require_right(request.user, Right.RECORD_ACTIVITIES)
    form = MatchForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    is_asked = bool(data.get("talent") or data.get("needed_at"))
    rows: list[Member] = []
    if is_asked:
        found = matches(
            request.user,
            talent=data["talent"],
            needed_at=data["needed_at"],
            community=data["community"],
        )
        rows = list(found[: MOST_SHOWN + 1])
    has_more, rows = len(rows) > MOST_SHOWN, rows[:MOST_SHOWN]
    for row in rows:
        row.distance = NEARNESS[row.nearness] if data["community"] else ""
    context = {
        "page_title": "找人帮忙",
        "breadcrumbs": crumbs(("找人帮忙", "")),
        "form": form,
        "is_asked": is_asked,
        "rows": rows,
        "has_more": has_more,
        "claim_url": _claim_url(request, data.get("request")),
    }
    return render(request, "activities/match.html", context)


def _claim_url(request: HttpRequest, pk: int | None) -> str:
    """Where somebody found takes the request that he was looked for."""
    if pk is None:
        return ""
    wanted = ServiceRequest.objects.visible_to(request.user)
    if not wanted.filter(pk=pk, state=RequestState.PUBLISHED).exists():
        return ""
    return reverse("activities:request-step", args=[pk, "claim"])

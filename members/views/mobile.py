"""Members who live or work away: the board, and whoever is written down on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.paging import page_by_key, total_of
from members import mobile_board as board
from members import search
from members.choices import AffiliationKind
from members.forms.contacts import CallFilterForm
from members.forms.mobile import BoardForm, InForm, OutForm, add_mobile_error
from members.models import Affiliation, Member, MobileStay
from members.parameters.mobile import HOME_PROVINCE
from members.services.mobile import register_in, register_out
from members.services.viewing import record_view
from members.tabs import tabs
from members.views.members import member_crumbs, require_right
from members.views.mobile_facts import row_of
from organizations import parameters
from organizations.access import Right, require

TITLE = "流动党员"
SIDES = {board.OUT: "流出", board.IN: "流入"}
_ALL = Q(pk__isnull=False)


@require_GET
def mobile_list(request: HttpRequest) -> HttpResponse:
    """The board: figures that open their list, and the list itself."""
    require_right(request, Right.VIEW_MEMBERS)
    today = timezone.localdate()
    form = BoardForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    side = data.get("side") if data.get("side") in SIDES else board.OUT
    show = data.get("show", "")
    with parameters.together():
        known = {each.key: each for each in board.buckets(side, today)}
        is_province_set = bool(parameters.get(HOME_PROVINCE))
    found = board.stays_of(request.user, side, data)
    if form.errors:
        found = found.none()
    conditions = {key: bucket.fits for key, bucket in known.items()}
    counts = found.open().counts({"all": _ALL} | conditions)
    is_over = show == "ended"
    listed = found.filter(ended_on__isnull=not is_over)
    if show in known:
        listed = listed.filter(known[show].fits)
    page = board.board_page(listed, request.GET)
    chosen = show if show in known else "all"
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "is_in": side == board.IN,
        "tabs": _side_tabs(side),
        "tiles": _tiles(request, known, counts, chosen),
        "over_url": _address(request, "ended"),
        "shown": known[show].label if show in known else "",
        "is_over": is_over,
        "page": page,
        "rows": [row_of(stay, today) for stay in page.rows],
        "total": total_of(page, listed) if is_over else counts[chosen],
        "is_filtered": any(data.get(n) for n in ("q", "organization", "province")),
        "clear_url": f"?side={side}",
        "may_add": request.user.has_right(Right.EDIT_MEMBERS),
        "is_province_set": is_province_set,
    }
    return render(request, "members/mobile_list.html", context)


def _side_tabs(side: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?side={key}", "is_current": key == side}
        for key, label in SIDES.items()
    ]


def _tiles(
    request: HttpRequest,
    known: dict[str, board.Bucket],
    counts: dict[str, int],
    chosen: str,
) -> list[dict[str, Any]]:
    """Everybody, and what there is to do; nothing to do has no colour."""
    everybody = board.Bucket(
        "", "现在在外的" if "unplaced" not in known else "现有", _ALL
    )
    found = []
    for bucket in (everybody, *known.values()):
        number = counts[bucket.key or "all"]
        found.append(
            {
                "label": bucket.label,
                "value": number,
                "unit": "人",
                "url": _address(request, bucket.key),
                "tone": bucket.tone if number else "",
                "hint": "正在查看" if (bucket.key or "all") == chosen else "",
            }
        )
    return found


def _address(request: HttpRequest, show: str) -> str:
    params = request.GET.copy()
    for name in ("after", "before", "last", "show"):
        params.pop(name, None)
    if show:
        params["show"] = show
    return f"?{params.urlencode()}"


@require_GET
def mobile_choose(request: HttpRequest) -> HttpResponse:
    """Whom of the roll to write down as away."""
    require_right(request, Right.EDIT_MEMBERS)
    form = CallFilterForm(request.GET)
    del form.fields["silent"]
    members = Member.objects.visible_to(request.user, kind=AffiliationKind.ON_ROLL)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    if (found := search.condition(text)) is not None:
        members = members.filter(found)
    page = page_by_key(
        members.with_branch().values("pk", "name", "branch_name", "is_mobile"),
        request.GET,
        "name_pinyin",
    )
    for row in page.rows:
        row["url"] = reverse("members:mobile-member", args=[row["pk"]])
    context = {
        "page_title": "登记流出",
        "breadcrumbs": crumbs("登记流出"),
        "form": form,
        "page": page,
    }
    return render(request, "members/mobile_choose.html", context)


@require_GET
def mobile_member(request: HttpRequest, pk: int) -> HttpResponse:
    """The stays of one member, and where to write down another."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    record_view(member=member, page="mobile", actor=request.user)
    stays = list(
        MobileStay.objects.visible_to(request.user)
        .filter(member=member)
        .select_related("member", "home", "host")
        .order_by("-started_on", "-pk")
    )
    roll = (
        Affiliation.objects.visible_to(request.user)
        .open()
        .filter(member=member, kind=AffiliationKind.ON_ROLL)
        .select_related("organization")
        .first()
    )
    may_add = (
        roll is not None
        and request.user.has_right_at(Right.EDIT_MEMBERS, roll.organization)
        and not any(stay.is_open for stay in stays)
    )
    today = timezone.localdate()
    context = {
        "page_title": member.name,
        "breadcrumbs": member_crumbs(member, "流动"),
        "tabs": tabs(member, "mobile-member", request.user),
        "member": member,
        "rows": [row_of(stay, today) for stay in stays],
        "roll": roll if may_add else None,
    }
    return render(request, "members/mobile_member.html", context)


@require_http_methods(["GET", "POST"])
def mobile_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that the member of the roll `pk` is away."""
    roll = get_object_or_404(
        Affiliation.objects.visible_to(request.user)
        .open()
        .select_related("member", "organization"),
        pk=pk,
    )
    require(request.user, Right.EDIT_MEMBERS, roll.organization)
    if roll.kind != AffiliationKind.ON_ROLL:
        raise Http404
    member = roll.member
    stays = MobileStay.objects.visible_to(request.user).open()
    if request.method == "GET" and (known := stays.filter(member=member).first()):
        messages.info(request, f"{member.name}已有一条没有结束的流动登记。")
        return redirect(known)
    form = OutForm(request.POST or None, user=request.user, branch=roll.organization)
    if request.method == "POST" and form.is_valid():
        try:
            stay = register_out(
                affiliation_id=pk,
                course=form.course(),
                host_id=form.cleaned_data.get("host_id"),
                actor=request.user,
            )
        except ValidationError as error:
            add_mobile_error(form, error)
        else:
            messages.success(request, f"已登记{member.name}流出，仍在本支部名册中。")
            return redirect(stay)
    note = (
        f"{member.name}，册于{roll.organization}。"
        "流出以后仍在本支部名册中，由本支部负责联系。"
    )
    return _form_page(
        request,
        form,
        "登记流出",
        note,
        reverse("members:mobile-member", args=[member.pk]),
    )


@require_http_methods(["GET", "POST"])
def mobile_in(request: HttpRequest) -> HttpResponse:
    """Write down somebody who came to live or work here."""
    require_right(request, Right.EDIT_MEMBERS)
    initial: dict[str, Any] = {}
    form = InForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            stay = register_in(
                organization_id=form.cleaned_data["organization"].pk,
                person=form.person(),
                course=form.course(),
                actor=request.user,
            )
        except ValidationError as error:
            add_mobile_error(form, error)
        else:
            messages.success(request, "已登记流入，请核实党员身份。")
            return redirect(stay)
    note = (
        "先登记，再核实党员身份，然后编入党支部；组织关系转来的，请用“凭介绍信转入”。"
    )
    back = f"{reverse('members:mobile-list')}?side={board.IN}"
    return _form_page(request, form, "登记流入", note, back)


def _form_page(
    request: HttpRequest, form: Any, title: str, note: str, back: str
) -> HttpResponse:
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(title),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "cancel_url": back,
        "form_note": note,
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


def crumbs(last: str) -> list[tuple[str, str]]:
    return [(TITLE, reverse("members:mobile-list")), (last, "")]

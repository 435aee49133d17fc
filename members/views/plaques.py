"""Plaques: the list, one of them with its household, and how many have one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.lib.paging import group_tabs, page_by_key, total_of
from config.lib.versions import StaleError, stale_response
from members.checks import no_plaque
from members.forms.members import add_service_error
from members.forms.plaques import (
    HouseholdForm,
    PlaqueAmendForm,
    PlaqueFilterForm,
    PlaqueForm,
    TakeDownForm,
)
from members.forms.refusals import refusals
from members.models import Member, Plaque, PlaqueMember
from members.plaque_rates import rate_rows
from members.search import WHOLE_NUMBER_HINT, condition, is_whole_number
from members.services.plaques import (
    amend_plaque,
    hang_plaque,
    join_household,
    leave_household,
    take_down_plaque,
)
from members.views.members import member_crumbs, require_right
from organizations.access import Right, require
from organizations.models import Organization

TITLE, RATES = "党员挂牌", "挂牌率"
_FOUND = 10
_GROUPS = {"": "在挂", "down": "已摘"}


def crumbs(last: str) -> list[tuple[str, str]]:
    return [
        ("党员名册", reverse("members:list")),
        (TITLE, reverse("members:plaque-list")),
        (last, ""),
    ]


def _places(user: Any) -> Prefetch:
    """Households, of whom only those are named whom `user` sees."""
    seen = Member.objects.visible_to(user).filter(pk=OuterRef("member"))
    places = PlaqueMember.objects.visible_to(user).annotate(is_seen=Exists(seen))
    return Prefetch("places", places.select_related("member").order_by("pk"))


def _names(plaque: Plaque) -> str:
    places = list(plaque.places.all())
    if plaque.is_hung:
        places = [place for place in places if place.left_on is None]
    named = [place.member.name for place in places if place.is_seen]
    if unseen := len(places) - len(named):
        named.append(f"另{unseen}人")
    return "、".join(named)


@require_GET
def plaque_list(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.VIEW_MEMBERS)
    form = PlaqueFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "") if data.get("group") in _GROUPS else ""
    found = Plaque.objects.visible_to(request.user)
    found = found.hung() if not group else found.filter(taken_down_on__isnull=False)
    if form.errors:
        found = found.none()
    elif data.get("community"):
        found = found.filter(community=data["community"])
    page = page_by_key(
        found.select_related("community", "organization").prefetch_related(
            _places(request.user)
        ),
        request.GET,
        descending=True,
    )
    for row in page.rows:
        row.names = _names(row)
    address = reverse("members:plaque-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("党员名册", reverse("members:list")), (TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": bool(data.get("community")),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _GROUPS.items(), group),
    }
    return render(request, "members/plaque_list.html", context)


@require_http_methods(["GET", "POST"])
def plaque_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a plaque at the door of member `pk`."""
    members = Member.objects.visible_to(request.user).select_related("community")
    member = get_object_or_404(members, pk=pk)
    if not Member.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("您的岗位不能为这位党员登记挂牌。")
    form = PlaqueForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        initial={"community": member.community_id, "hung_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            plaque = hang_plaque(
                member_id=pk,
                facts=form.facts(),
                upload=form.cleaned_data["photo"],
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已登记挂牌。户内还有别的党员，可以在下面加入。")
            return redirect(plaque)
    context = {
        "page_title": f"为{member.name}登记挂牌",
        "breadcrumbs": member_crumbs(member, "登记挂牌"),
        "form": form,
        "is_draft": True,
        "cancel_url": reverse("members:reports", args=[pk]),
        "form_note": "一户一块牌。同一户有几位党员的，先登记，再把其他人加入。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def plaque_amend(request: HttpRequest, pk: int) -> HttpResponse:
    plaque = _hung_plaque(request, pk)
    form = PlaqueAmendForm(
        request.POST or None,
        request.FILES or None,
        instance=plaque,
        user=request.user,
    )
    title, back = "修改挂牌", plaque.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            amend_plaque(
                plaque_id=pk,
                facts=form.facts(),
                upload=form.cleaned_data["photo"],
                version=form.cleaned_data["version"],
                actor=request.user,
            )
        except StaleError:
            fresh = _hung_plaque(request, pk)
            return stale_response(request, form, fresh, title=title, cancel_url=back)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(back)
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(title),
        "form": form,
        "is_draft": True,
        "cancel_url": back,
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_GET
def plaque_detail(request: HttpRequest, pk: int) -> HttpResponse:
    if is_whole_number(request.GET.get("q", "")):
        # Away at once, so that the number stays in no address, history or log.
        messages.warning(request, WHOLE_NUMBER_HINT)
        return redirect("members:find")
    plaque = _visible_plaque(request, pk)
    may_edit = plaque.is_hung and request.user.has_right_at(
        Right.EDIT_MEMBERS, plaque.organization
    )
    form = HouseholdForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "page_title": "挂牌",
        "breadcrumbs": crumbs(str(plaque.building or plaque.community)),
        "plaque": plaque,
        "facts": _facts(plaque),
        "places": plaque.places.all(),
        "may_edit": may_edit,
        "form": form,
        "is_searched": bool(wanted),
        "found": _candidates(request.user, wanted) if may_edit else [],
    }
    return render(request, "members/plaque_detail.html", context)


def _candidates(user: Any, wanted: str) -> list[Member]:
    """Members of this name whom `user` sees and who live behind no plaque yet."""
    asked = condition(wanted) if wanted else None
    if asked is None:
        return []
    found = Member.objects.visible_to(user).filter(asked)
    found = found.filter(no_plaque(timezone.localdate()))
    found = found.select_related("community").order_by("name_pinyin", "pk")
    return list(found[:_FOUND])


@require_POST
def household_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the member posted to the household of plaque `pk`."""
    plaque = _visible_plaque(request, pk)
    require(request.user, Right.EDIT_MEMBERS, plaque.organization)
    wanted = request.POST.get("member", "")
    members = Member.objects.visible_to(request.user)
    member = get_object_or_404(members, pk=int(wanted) if wanted.isdigit() else 0)
    try:
        join_household(plaque_id=pk, member_id=member.pk, actor=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, f"{member.name}已加入这一户。")
    return redirect(plaque)


@require_POST
def household_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the place `pk` out of its household."""
    places = PlaqueMember.objects.visible_to(request.user).current()
    place = get_object_or_404(places.select_related("plaque__organization"), pk=pk)
    require(request.user, Right.EDIT_MEMBERS, place.plaque.organization)
    try:
        leave_household(place_id=pk, actor=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, "已移出这一户。")
    return redirect(place.plaque)


@require_http_methods(["GET", "POST"])
def plaque_down(request: HttpRequest, pk: int) -> HttpResponse:
    plaque = _hung_plaque(request, pk)
    form = TakeDownForm(
        request.POST or None,
        instance=plaque,
        initial={"day": timezone.localdate()},
    )
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: _hung_plaque(request, pk)) as refusal:
            if form.is_valid():
                take_down_plaque(
                    plaque_id=pk,
                    taken_down_on=form.cleaned_data["day"],
                    words=form.cleaned_data["words"],
                    version=form.cleaned_data["version"],
                    actor=request.user,
                )
                messages.success(request, "已登记摘牌，记录保留。")
                return redirect(plaque)
        status, plaque = refusal.status, refusal.latest or plaque
    context = {
        "title": "登记摘牌",
        "page_title": "登记摘牌",
        "breadcrumbs": crumbs("登记摘牌"),
        "question": f"{_names(plaque)}家的牌已经摘下？",
        "facts": _facts(plaque),
        "consequences": ["户内党员从这一天起不再计入挂牌，记录保留。"],
        "form": form,
        "confirm_label": "登记摘牌",
        "is_danger": True,
        "cancel_url": plaque.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


@require_GET
def plaque_rates(request: HttpRequest) -> HttpResponse:
    """How many live behind a plaque, by the organizations below one."""
    require_right(request, Right.VIEW_MEMBERS)
    mine = Organization.objects.with_right(request.user, Right.VIEW_MEMBERS).open()
    if asked := request.GET.get("organization", ""):
        organization = mine.filter(pk=asked).first() if asked.isdigit() else None
        if organization is None:
            raise Http404
    else:
        organization = mine.order_by("path").first()
    if organization is None:
        raise PermissionDenied("您的岗位下没有在用的党组织，请联系街道工作人员。")
    rows, total = rate_rows(request.user, organization)
    context = {
        "page_title": RATES,
        "breadcrumbs": crumbs(RATES),
        "organization": organization,
        "rows": rows,
        "total": total,
    }
    return render(request, "members/plaque_rates.html", context)


def _visible_plaque(request: HttpRequest, pk: int) -> Plaque:
    plaques = Plaque.objects.visible_to(request.user).select_related(
        "organization", "community", "photo", "recorded_by"
    )
    return get_object_or_404(plaques.prefetch_related(_places(request.user)), pk=pk)


def _hung_plaque(request: HttpRequest, pk: int) -> Plaque:
    """The plaque, for somebody who may change it; 404 once it is taken down."""
    plaque = _visible_plaque(request, pk)
    require(request.user, Right.EDIT_MEMBERS, plaque.organization)
    if not plaque.is_hung:
        raise Http404
    return plaque


def _facts(plaque: Plaque) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("所在社区", plaque.community),
        ("小区楼栋", plaque.building),
        ("门牌地址", plaque.masked_address),
        ("挂牌日期", plaque.hung_on),
        ("党徽编号", plaque.badge_number),
        ("党徽发放日期", plaque.badge_given_on or ""),
        ("登记党组织", plaque.organization),
        ("登记人", plaque.recorded_by),
    ]
    if not plaque.is_hung:
        facts += [
            ("摘牌日期", plaque.taken_down_on),
            ("摘牌原因", plaque.taken_down_reason),
        ]
    return facts

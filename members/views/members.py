"""The list, a person's page, adding, editing, revealing and finding."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from config.lib.errors import RuleError
from config.lib.htmx import render_page_or_fragment
from config.lib.panels import panels_for
from config.lib.versions import StaleError, stale_response
from members import rules
from members.detail import basics, relations, sensitive_facts
from members.filters import filter_form, filtered
from members.forms.members import (
    FindForm,
    MemberAddForm,
    MemberEditForm,
    RevealForm,
    add_service_error,
)
from members.history import entries
from members.listing import SEARCH_COUNT_LIMIT, member_page
from members.models import Member
from members.search import WHOLE_NUMBER_HINT, is_whole_number
from members.services.members import add_member, may_edit_formal, update_member
from members.services.reveal import REVEALABLE, reveal_field, revealable
from members.services.viewing import record_view
from members.tabs import tabs
from organizations.access import Right

LIST = "党员名册"


def require_right(request: HttpRequest, right: Right) -> None:
    """Refuse a page that no post of the user opens anywhere."""
    if not request.user.has_right(right):
        raise PermissionDenied("您的岗位没有党员信息权限，请联系街道工作人员。")


def readable_member(request: HttpRequest, pk: int) -> tuple[Member, bool]:
    """Return a member in scope and whether it has left; 404 out of scope."""
    rows = Member.objects.visible_to(request.user).with_talent_names()
    related = ("home_unit", "community")
    if member := rows.select_related(*related).filter(pk=pk).first():
        return member, False
    gone = Member.objects.formerly_in(request.user).with_talent_names()
    return get_object_or_404(gone.select_related(*related), pk=pk), True


@require_GET
def member_list(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.VIEW_MEMBERS)
    if is_whole_number(request.GET.get("q", "")):
        # Away at once, so that the number stays in no address, history or log.
        messages.warning(request, WHOLE_NUMBER_HINT)
        target = reverse("members:find")
        go = HttpResponseClientRedirect if request.htmx else redirect
        return go(target)
    today = timezone.localdate()
    form = filter_form(request.GET, request.user)
    if form.is_valid():
        members = filtered(request.user, form.cleaned_data, today)
    else:
        members = Member.objects.visible_to(request.user).none()
    is_searched = form.is_filtered or bool(request.GET.get("q"))
    page = member_page(
        members,
        request.GET,
        user=request.user,
        today=today,
        is_everybody=form.is_valid() and not is_searched,
        limit=SEARCH_COUNT_LIMIT if request.GET.get("q") else None,
    )
    context = {
        "page_title": LIST,
        "breadcrumbs": [(LIST, "")],
        "form": form,
        "page": page,
        # Whoever asked for more filters finds them unfolded on a phone.
        "is_filtered": form.is_filtered or form.has_more,
        "is_searched": is_searched,
        "clear_url": reverse("members:list"),
        "more_url": "" if form.has_more else _more_url(request),
        "fragment_target": "#member-table",
        "may_edit": request.user.has_right(Right.EDIT_MEMBERS),
    }
    return render_page_or_fragment(
        request, "members/member_list.html", "members/_member_table.html", context
    )


def _more_url(request: HttpRequest) -> str:
    params = request.GET.copy()
    params["more"] = "1"
    return f"?{params.urlencode()}"


@require_GET
def member_detail(request: HttpRequest, pk: int) -> HttpResponse:
    member, is_gone = readable_member(request, pk)
    user = request.user
    affiliations = list(
        member.affiliations.select_related("organization").order_by("-starts_on", "-pk")
    )
    current = [a for a in affiliations if a.ends_on is None]
    may_edit = not is_gone and any(
        user.has_right_at(Right.EDIT_MEMBERS, a.organization) for a in current
    )
    record_view(member=member, page="detail", actor=user)
    context = {
        "page_title": member.name,
        "breadcrumbs": [(LIST, reverse("members:list")), (member.name, "")],
        "member": member,
        "tabs": tabs(member, "detail", user, current),
        "facts": basics(member, timezone.localdate()),
        "sensitive": sensitive_facts(
            member, set() if is_gone else revealable(current, user)
        ),
        "relations": relations(affiliations, user),
        "panels": [] if is_gone else panels_for("member", user, member),
        "is_gone": is_gone,
        "may_edit": may_edit,
        "may_start": may_edit or (is_gone and user.has_right(Right.SETTLE_CLAIMS)),
    }
    return render(request, "members/member_detail.html", context)


@require_GET
def member_history(request: HttpRequest, pk: int) -> HttpResponse:
    member, _ = readable_member(request, pk)
    record_view(member=member, page="history", actor=request.user)
    context = {
        "page_title": member.name,
        "breadcrumbs": member_crumbs(member, "修改记录"),
        "tabs": tabs(member, "history", request.user),
        "entries": entries(member),
    }
    return render(request, "members/member_history.html", context)


@require_http_methods(["GET", "POST"])
def member_add(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.EDIT_MEMBERS)
    initial = {"starts_on": timezone.localdate(), "ethnicity": "Han"}
    form = MemberAddForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            member = add_member(
                organization_id=data["organization"].pk,
                kind=data["kind"],
                starts_on=data["starts_on"],
                start_reason=data["start_reason"],
                actor=request.user,
                **form.values(),
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已新增党员{member.name}。")
            return redirect(member)
    context = {
        "page_title": "新增党员",
        "breadcrumbs": [(LIST, reverse("members:list")), ("新增党员", "")],
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "submit_label": "保存",
        "cancel_url": reverse("members:list"),
        "form_note": "先填身份证号；已在其他党组织登记的，会转交街道工作人员核对。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    if not Member.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("您的岗位不能修改这位党员的信息。")
    form = MemberEditForm(
        request.POST or None,
        instance=member,
        user=request.user,
        may_edit_formal=may_edit_formal(member, request.user),
    )
    title = f"编辑{member.name}"
    if request.method == "POST" and form.is_valid():
        try:
            update_member(
                member_id=pk,
                version=form.cleaned_data["version"],
                actor=request.user,
                **form.values(),
            )
        except StaleError:
            fresh = Member.objects.visible_to(request.user).get(pk=pk)
            return stale_response(
                request, form, fresh, title=title, cancel_url=member.get_absolute_url()
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(member)
    context = {
        "page_title": title,
        "breadcrumbs": member_crumbs(member, "编辑"),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "cancel_url": member.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def member_reveal(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Ask for a reason (GET), then show one whole value once (POST)."""
    if field not in REVEALABLE:
        raise Http404
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    label = str(Member._meta.get_field(field).verbose_name)
    form = RevealForm(request.POST or None)
    value = ""
    if request.method == "POST" and form.is_valid():
        try:
            value = reveal_field(
                member_id=pk,
                field=field,
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except RuleError as error:
            add_service_error(form, error)
    context = {
        "page_title": f"查看{label}",
        "breadcrumbs": member_crumbs(member, f"查看{label}"),
        "member": member,
        "field": field,
        "label": label,
        "form": form,
        "value": value,
    }
    return render_page_or_fragment(
        request,
        "members/member_reveal.html",
        "members/_reveal.html",
        context,
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def member_find(request: HttpRequest) -> HttpResponse:
    """Find a person in scope by the whole ID number, sent in the body."""
    require_right(request, Right.VIEW_MEMBERS)
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = (
            Member.objects.visible_to(request.user)
            .filter(id_index=rules.identity_index(form.cleaned_data["id_number"]))
            .first()
        )
        if found is not None:
            return redirect(found)
        messages.warning(request, "您管理的范围内没有这个身份证号的党员。")
        return redirect("members:list")
    context = {
        "page_title": "按身份证号查找",
        "breadcrumbs": [(LIST, reverse("members:list")), ("按身份证号查找", "")],
        "form": form,
        "submit_label": "查找",
        "error_title": "没有查找，请先改正",
        "cancel_url": reverse("members:list"),
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


def member_crumbs(member: Member, last: str) -> list[tuple[str, str]]:
    return [
        (LIST, reverse("members:list")),
        (member.name, member.get_absolute_url()),
        (last, ""),
    ]

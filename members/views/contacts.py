"""Contacts with a member: the log, and the page for calling on a phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.lib.htmx import render_page_or_fragment, wants_fragment
from config.lib.paging import page_by_key
from config.lib.views import safe_next
from members.calling import call_page, last_words
from members.choices.contacts import ContactWay
from members.contact_sources import last_contacts
from members.forms.contacts import CallFilterForm, ContactForm
from members.forms.members import add_service_error
from members.models import Contact, Member
from members.search import WHOLE_NUMBER_HINT, is_whole_number
from members.services.contacts import record_contact, withdraw_contact
from members.services.reveal import reveal_field
from members.services.viewing import record_view
from members.tabs import tabs
from members.views.members import member_crumbs, require_right
from organizations.access import Right

TITLE = "联系党员"
CALL_REASON = "拨打电话联系"


@require_http_methods(["GET", "POST"])
def contact_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The log of one member, and a form to add to it."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    may_edit = Member.objects.editable_by(request.user).filter(pk=pk).exists()
    if request.method == "POST" and not may_edit:
        raise PermissionDenied("您的岗位不能为这位党员记录联系。")
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_contact(member_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已记录与{member.name}的联系。")
            return redirect("members:contacts", pk)
    if request.method == "GET":
        record_view(member=member, page="contacts", actor=request.user)
    page = page_by_key(
        Contact.objects.visible_to(request.user)
        .filter(member=member)
        .select_related("organization", "recorded_by", "withdrawn_by"),
        request.GET,
        "contacted_on",
        descending=True,
    )
    context = {
        "page_title": member.name,
        "breadcrumbs": member_crumbs(member, "联系记录"),
        "tabs": tabs(member, "contacts", request.user),
        "member": member,
        "form": form,
        "may_edit": may_edit,
        "page": page,
        "last": last_words(last_contacts([pk]).get(pk), timezone.localdate()),
    }
    status = 422 if form.errors else 200
    return render(request, "members/contact_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
def contact_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(
        Contact.objects.visible_to(request.user)
        .counted()
        .select_related("member", "organization"),
        pk=pk,
    )
    member = contact.member
    if not request.user.has_right_at(Right.EDIT_MEMBERS, contact.organization):
        raise PermissionDenied("您的岗位不能撤回这条联系记录。")
    if request.method == "POST":
        withdraw_contact(contact_id=pk, actor=request.user)
        messages.success(request, "已撤回，这次联系不再计算。")
        return redirect(safe_next(request, reverse("members:call")))
    context = {
        "title": "撤回联系记录",
        "page_title": "撤回联系记录",
        "breadcrumbs": member_crumbs(member, "撤回联系记录"),
        "question": f"撤回{contact.contacted_on}与{member.name}的联系记录？",
        "facts": [
            ("联系方式", contact.get_way_display()),
            ("联系内容", contact.content),
        ],
        "consequences": ["记录保留并注明已撤回，不再计入最近联系。"],
        "confirm_label": "确认撤回",
        "cancel_url": reverse("members:contacts", args=[member.pk]),
    }
    return render(request, "confirm.html", context)


@require_GET
def call_list(request: HttpRequest) -> HttpResponse:
    """Whom to call: search, last contact, dial, one tap to write it down."""
    require_right(request, Right.EDIT_MEMBERS)
    today = timezone.localdate()
    if is_whole_number(request.GET.get("q", "")):
        # Away at once, so that the number stays in no address, history or log.
        messages.warning(request, WHOLE_NUMBER_HINT)
        return redirect("members:find")
    form = CallFilterForm(request.GET)
    data = form.cleaned_data if form.is_valid() else None
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("党员名册", reverse("members:list")), (TITLE, "")],
        "form": form,
        "page": call_page(request.user, data, request.GET, today),
        "here": request.get_full_path(),
        "is_filtered": bool(request.GET.get("silent")),
        "clear_url": reverse("members:call"),
        "fragment_target": "#call-list",
    }
    return render_page_or_fragment(
        request, "members/call_list.html", "members/_call_list.html", context
    )


@require_POST
def dial(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one number to call, as a reveal with its reason: audited and limited."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    phone = error = ""
    try:
        phone = reveal_field(
            member_id=pk, field="phone", reason=CALL_REASON, actor=request.user
        )
    except ValidationError as refused:
        error = "".join(refused.messages)
    context = {
        "page_title": f"拨打{member.name}",
        "breadcrumbs": member_crumbs(member, "拨打电话"),
        "member": member,
        "phone": phone,
        "error": error,
        "here": safe_next(request, reverse("members:call")),
    }
    return render_page_or_fragment(
        request,
        "members/call_dial.html",
        "members/_call_dial.html",
        context,
        status=422 if error else 200,
    )


@require_POST
def called(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a call of today with one tap; twice is once."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    record_contact(
        member_id=pk,
        contacted_on=timezone.localdate(),
        way=ContactWay.PHONE,
        actor=request.user,
    )
    if wants_fragment(request):
        context: dict[str, Any] = {"member": member}
        return render(request, "members/_call_done.html", context)
    messages.success(request, f"已记录今天与{member.name}的电话联系。")
    return redirect(safe_next(request, reverse("members:call")))

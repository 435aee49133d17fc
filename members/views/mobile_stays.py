"""One stay: what is known of it, its steps, mending it, and writing down a contact."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.lib.versions import StaleError, stale_response
from members import mobile_board as board
from members.calling import last_words
from members.contact_sources import last_contacts
from members.forms.contacts import ContactForm
from members.forms.members import add_service_error
from members.forms.mobile import StayAmendForm, add_mobile_error
from members.forms.refusals import refusals
from members.models import Contact, Member, MobileStay
from members.parameters.mobile import LOST_DAYS
from members.rules import mobile as rules
from members.services.contacts import record_contact
from members.services.mobile import amend_stay
from members.services.viewing import record_view
from members.views.mobile import crumbs
from members.views.mobile_facts import TONES, facts_of
from members.views.mobile_steps import STEPS, keeps
from organizations import parameters

_RECENT = 5


def visible_stay(request: HttpRequest, pk: int) -> MobileStay:
    return get_object_or_404(
        MobileStay.objects.visible_to(request.user).select_related(
            "member", "home", "host", "verified_by"
        ),
        pk=pk,
    )


@require_http_methods(["GET", "POST"])
def mobile_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One stay; a POST writes down a contact with the person."""
    stay = visible_stay(request, pk)
    member_id, user = stay.member_id, request.user
    people = Member.objects.editable_by(user).filter(pk=member_id or 0)
    may_contact = stay.is_open and people.exists()
    form = ContactForm(request.POST or None)
    if request.method == "POST":
        if not may_contact:
            raise PermissionDenied("您的岗位不能为这位党员记录联系。")
        if form.is_valid():
            try:
                record_contact(member_id=member_id, actor=user, **form.cleaned_data)
            except ValidationError as error:
                add_service_error(form, error)
            else:
                messages.success(request, f"已记录与{stay.person_name}的联系。")
                return redirect(stay)
    elif stay.member is not None:
        record_view(member=stay.member, page="mobile", actor=user)
    context = {
        "page_title": f"{stay.person_name}的流动登记",
        "breadcrumbs": crumbs(stay.person_name),
        "stay": stay,
        "tone": TONES[stay.state],
        "facts": facts_of(stay),
        "hints": _hints(stay),
        "steps": _steps(stay, user),
        "may_amend": stay.is_open and keeps(user, stay),
        "may_contact": may_contact,
        "form": form,
        **_contacts(stay, user),
        **_lost(stay),
    }
    status = 422 if form.errors else 200
    return render(request, "members/mobile_detail.html", context, status=status)


def _hints(stay: MobileStay) -> list[str]:
    if not stay.is_open:
        return []
    return rules.hints(
        reason=stay.reason,
        started_on=stay.started_on,
        expected_end_on=stay.expected_end_on,
        has_card=bool(stay.card_number),
    )


def _steps(stay: MobileStay, user: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": step.label,
            "url": reverse("members:mobile-step", args=[stay.pk, name]),
            "is_main": step.is_main,
        }
        for name, step in STEPS.items()
        if step.is_open(stay, user)
    ]


def _contacts(stay: MobileStay, user: Any) -> dict[str, Any]:
    """The latest contacts: of all branches the day, of one's own also the words."""
    if stay.member_id is None:
        return {"last": "编入支部以后开始记录联系", "contacts": [], "log_url": ""}
    seen = Member.objects.visible_to(user).filter(pk=stay.member_id).exists()
    rows = (
        Contact.objects.visible_to(user)
        .counted()
        .filter(member=stay.member_id)
        .select_related("organization")
    )
    latest = last_contacts([stay.member_id]).get(stay.member_id)
    return {
        "last": last_words(latest, timezone.localdate()),
        "contacts": list(rows[:_RECENT]),
        "member_url": stay.member.get_absolute_url() if seen else "",
        "log_url": reverse("members:contacts", args=[stay.member_id]) if seen else "",
    }


def _lost(stay: MobileStay) -> dict[str, Any]:
    """Where to begin a case of lost contact, once it is time to."""
    days = (timezone.localdate() - stay.last_contact_on).days
    if not stay.is_open or days < parameters.get(LOST_DAYS):
        return {"silent_days": 0, "lost_url": ""}
    return {"silent_days": days, "lost_url": board.lost_url(stay)}


@require_http_methods(["GET", "POST"])
def mobile_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend or complete what is written down of a stay."""
    stay = visible_stay(request, pk)
    if not keeps(request.user, stay):
        raise PermissionDenied("您的岗位不能修改这条流动登记。")
    if not stay.is_open:
        messages.info(request, "这条流动登记已经结束，不能再修改。")
        return redirect(stay)
    form = StayAmendForm(request.POST or None, instance=stay, user=request.user)
    title, back = "修改流动登记", stay.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            amend_stay(
                stay_id=pk,
                course=form.course(),
                version=form.cleaned_data["version"],
                actor=request.user,
            )
        except StaleError:
            fresh = visible_stay(request, pk)
            return stale_response(request, form, fresh, title=title, cancel_url=back)
        except ValidationError as error:
            add_mobile_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(stay)
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(title),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "cancel_url": back,
        "form_note": f"{stay.person_name}，{stay.get_direction_display()}。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def mobile_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a stay: asked for on GET, taken on POST."""
    stay = visible_stay(request, pk)
    if (wanted := STEPS.get(step)) is None:
        raise Http404
    if not wanted.may(stay, request.user):
        raise PermissionDenied("您的岗位不能办理这一步，请联系对方党组织或街道。")
    form = wanted.form(request.POST or None, instance=stay, user=request.user)
    status = 200
    if request.method == "POST":
        with refusals(
            form, lambda: visible_stay(request, pk), add_mobile_error
        ) as refusal:
            if form.is_valid():
                done = wanted.take(stay, request.user, form.cleaned_data)
                messages.success(request, wanted.done)
                return _back(request, done)
        status, stay = refusal.status, refusal.latest or stay
    context = {
        "title": wanted.label,
        "page_title": wanted.label,
        "breadcrumbs": crumbs(wanted.label),
        "question": wanted.question.format(name=stay.person_name),
        "consequences": wanted.consequences,
        "facts": facts_of(stay),
        "form": form,
        "confirm_label": wanted.label,
        "cancel_url": stay.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


def _back(request: HttpRequest, stay: MobileStay) -> HttpResponse:
    """Return to the stay, or to the board where it has left one's scope."""
    if MobileStay.objects.visible_to(request.user).filter(pk=stay.pk).exists():
        return redirect(stay)
    return redirect("members:mobile-list")

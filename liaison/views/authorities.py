"""Authorities that a street keeps contact with: the register, one page each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.paging import page_by_key
from liaison.choices.authorities import EXCHANGE_TONES
from liaison.forms.authorities import (
    AuthorityForm,
    ContactEndForm,
    ContactForm,
    RetireForm,
)
from liaison.models import Authority, AuthorityContact, Exchange
from liaison.parameters.authorities import EXCHANGE_MONTHS
from liaison.services.authorities import (
    add_contact,
    amend_authority,
    amend_contact,
    end_contact,
    register_authority,
    retire_authority,
)
from members.views.asking import confirm_page, form_page
from organizations import parameters
from organizations.access import Right, require_right

TITLE = "双向联系"


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("liaison:authority-list")), *steps]


def authority_crumbs(authority: Authority, here: str) -> list[tuple[str, str]]:
    return crumbs((authority.name, authority.get_absolute_url()), (here, ""))


def kept_authority(request: HttpRequest, pk: int) -> Authority:
    rows = Authority.objects.visible_to(request.user).with_last_day()
    return get_object_or_404(rows.select_related("organization"), pk=pk)


def _kept_contact(request: HttpRequest, pk: int) -> AuthorityContact:
    rows = AuthorityContact.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("authority"), pk=pk)


def show_state(exchange: Exchange) -> None:
    """Set `state`, `state_label` and `state_tone`."""
    state = exchange.state_on(timezone.localdate())
    exchange.state, exchange.state_label = state, state.label
    exchange.state_tone = EXCHANGE_TONES[state]


def _show_due(authority: Authority, months: int) -> None:
    """Set `next_on`, and `is_late` where that day is past."""
    authority.next_on = authority.due_on(months)
    authority.is_late = authority.next_on < timezone.localdate()


@require_safe
def authority_list(request: HttpRequest) -> HttpResponse:
    """The register, who was not in contact for longest first."""
    require_right(request.user, Right.KEEP_AUTHORITIES)
    seen = Authority.objects.visible_to(request.user)
    found = list(
        seen.with_last_day().with_open(timezone.localdate()).order_by("moved_on", "pk")
    )
    months = parameters.get(EXCHANGE_MONTHS)
    for authority in found:
        _show_due(authority, months)
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "rows": [each for each in found if each.retired_on is None],
        "retired": [each for each in found if each.retired_on is not None],
        "months": months,
    }
    return render(request, "liaison/authority_list.html", context)


@require_safe
def authority_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An authority with its contacts and all that went to and fro."""
    authority = kept_authority(request, pk)
    _show_due(authority, parameters.get(EXCHANGE_MONTHS))
    exchanges = Exchange.objects.visible_to(request.user).filter(authority=authority)
    page = page_by_key(exchanges, request.GET, "held_on", descending=True)
    for exchange in page.rows:
        show_state(exchange)
    contacts = authority.contacts.order_by("-ended_on", "pk")
    context = {
        "page_title": authority.name,
        "breadcrumbs": crumbs((authority.name, "")),
        "authority": authority,
        "months": authority.months or parameters.get(EXCHANGE_MONTHS),
        "contacts": contacts.filter(ended_on__isnull=True),
        "page": page,
    }
    return render(request, "liaison/authority_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def authority_add(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_AUTHORITIES)
    form = AuthorityForm(request.POST or None, user=request.user)

    def save(data: dict[str, Any]) -> Authority:
        return register_authority(
            organization_id=data["organization"].pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记部门",
        crumbs(("登记部门", "")),
        reverse("liaison:authority-list"),
        save,
        "部门已登记，接着写联系人。",
        then=lambda authority: authority.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def authority_edit(request: HttpRequest, pk: int) -> HttpResponse:
    authority = kept_authority(request, pk)
    form = AuthorityForm(request.POST or None, user=request.user, authority=authority)
    return form_page(
        request,
        form,
        "修改部门",
        authority_crumbs(authority, "修改部门"),
        authority.get_absolute_url(),
        lambda data: amend_authority(
            authority_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: kept_authority(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def authority_retire(request: HttpRequest, pk: int) -> HttpResponse:
    authority = kept_authority(request, pk)
    form = RetireForm(request.POST or None, initial={"version": authority.version})
    return confirm_page(
        request,
        form,
        "停止联系",
        authority_crumbs(authority, "停止联系"),
        authority.get_absolute_url(),
        f"停止与“{authority}”联系？",
        ["以后不再提醒往来；以前的往来和联系人都保留。"],
        lambda data: retire_authority(authority_id=pk, actor=request.user, **data),
        "已停止联系。",
        latest=lambda: kept_authority(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact_add(request: HttpRequest, pk: int) -> HttpResponse:
    authority = kept_authority(request, pk)
    form = ContactForm(request.POST or None)
    return form_page(
        request,
        form,
        "添加联系人",
        authority_crumbs(authority, "添加联系人"),
        authority.get_absolute_url(),
        lambda data: add_contact(
            authority_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "联系人已添加。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    contact = _kept_contact(request, pk)
    form = ContactForm(request.POST or None, contact=contact)
    return form_page(
        request,
        form,
        "修改联系人",
        authority_crumbs(contact.authority, "修改联系人"),
        contact.authority.get_absolute_url(),
        lambda data: amend_contact(
            contact_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: _kept_contact(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact_end(request: HttpRequest, pk: int) -> HttpResponse:
    contact = _kept_contact(request, pk)
    return confirm_page(
        request,
        ContactEndForm(request.POST or None, initial={"version": contact.version}),
        "停用联系人",
        authority_crumbs(contact.authority, "停用联系人"),
        contact.authority.get_absolute_url(),
        f"停用联系人“{contact}”？",
        ["不再列在部门页面；换了人的，另外添加。"],
        lambda data: end_contact(contact_id=pk, actor=request.user, **data),
        "已停用。",
        latest=lambda: _kept_contact(request, pk),
    )

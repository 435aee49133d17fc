"""What goes to and fro with authorities: the list, one exchange, its answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.paging import group_tabs, page_by_key, total_of
from liaison.choices.authorities import ExchangeGroup
from liaison.forms.authorities import (
    AnswerForm,
    ExchangeFilterForm,
    ExchangeForm,
    ExchangeWithdrawForm,
)
from liaison.models import Exchange
from liaison.services.exchanges import (
    answer_exchange,
    record_exchange,
    withdraw_exchange,
)
from liaison.views.authorities import (
    authority_crumbs,
    crumbs,
    kept_authority,
    show_state,
)
from members.views.asking import confirm_page, form_page
from organizations.access import Right, require_right

_LIST = "往来登记"
_TABS = [("", "没有了结"), *ExchangeGroup.choices]


def _kept(request: HttpRequest, pk: int) -> Exchange:
    rows = Exchange.objects.visible_to(request.user)
    found = rows.select_related("authority", "file", "answer_file", "recorded_by")
    return get_object_or_404(found, pk=pk)


@require_safe
def exchange_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_AUTHORITIES)
    form = ExchangeFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "")
    found = _found(request, data, group) if data else Exchange.objects.none()
    page = page_by_key(
        found.select_related("authority"), request.GET, "held_on", descending=True
    )
    for exchange in page.rows:
        show_state(exchange)
    address = reverse("liaison:exchange-list")
    context = {
        "page_title": _LIST,
        "breadcrumbs": crumbs((_LIST, "")),
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(data.get(name) for name in ("authority", "unit")),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _TABS, group),
    }
    return render(request, "liaison/exchange_list.html", context)


def _found(request: HttpRequest, data: dict[str, Any], group: str) -> Any:
    found = Exchange.objects.visible_to(request.user)
    if group == ExchangeGroup.OVERDUE:
        found = found.overdue(timezone.localdate())
    elif group == ExchangeGroup.ANSWERED:
        found = found.answered()
    elif group != ExchangeGroup.ALL:
        found = found.open()
    if data["authority"]:
        found = found.filter(authority=data["authority"])
    if data["unit"]:
        found = found.filter(units=data["unit"])
    return found


@require_safe
def exchange_detail(request: HttpRequest, pk: int) -> HttpResponse:
    exchange = _kept(request, pk)
    show_state(exchange)
    context = {
        "page_title": exchange.matter,
        "breadcrumbs": authority_crumbs(exchange.authority, exchange.matter),
        "exchange": exchange,
        "units": list(exchange.units.all()),
    }
    return render(request, "liaison/exchange_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def exchange_add(request: HttpRequest, pk: int) -> HttpResponse:
    authority = kept_authority(request, pk)
    form = ExchangeForm(request.POST or None, request.FILES or None, user=request.user)

    def save(data: dict[str, Any]) -> Exchange:
        return record_exchange(
            authority_id=pk,
            facts=form.facts(),
            unit_ids=[unit.pk for unit in data["units"]],
            upload=data["file"],
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记往来",
        authority_crumbs(authority, "登记往来"),
        authority.get_absolute_url(),
        save,
        "往来已登记。",
        then=lambda exchange: exchange.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def exchange_answer(request: HttpRequest, pk: int) -> HttpResponse:
    exchange = _kept(request, pk)
    known = {"version": exchange.version}
    if exchange.answered_on is not None:
        known |= {
            "answered_on": exchange.answered_on,
            "words": exchange.answer_words,
            "left_open": exchange.left_open,
        }
    form = AnswerForm(request.POST or None, request.FILES or None, initial=known)
    return form_page(
        request,
        form,
        "登记答复",
        authority_crumbs(exchange.authority, "登记答复"),
        exchange.get_absolute_url(),
        lambda data: answer_exchange(
            exchange_id=pk,
            answered_on=data["answered_on"],
            words=data["words"],
            left_open=data["left_open"],
            upload=data["file"],
            version=data["version"],
            actor=request.user,
        ),
        "答复已登记。",
        latest=lambda: _kept(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def exchange_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    exchange = _kept(request, pk)
    return confirm_page(
        request,
        ExchangeWithdrawForm(
            request.POST or None, initial={"version": exchange.version}
        ),
        "撤回往来",
        authority_crumbs(exchange.authority, "撤回往来"),
        exchange.get_absolute_url(),
        f"撤回“{exchange}”？",
        ["登记错了的才撤回；撤回的留在记录里，不再计数和提醒。"],
        lambda data: withdraw_exchange(exchange_id=pk, actor=request.user, **data),
        "已撤回。",
        latest=lambda: _kept(request, pk),
    )

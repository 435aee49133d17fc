"""What pages of agreements share: crumbs, scope, forms that ask and save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from liaison.models import Agreement
from members.forms.refusals import refusals
from organizations.access import Right, require

TITLE = "共建协议"


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("liaison:agreement-list")), *steps]


def agreement_crumbs(agreement: Agreement, here: str) -> list[tuple[str, str]]:
    return crumbs((agreement.title, agreement.get_absolute_url()), (here, ""))


def kept_agreement(request: HttpRequest, pk: int) -> Agreement:
    """The agreement, where the user keeps it; a draft put aside is gone."""
    agreement = get_object_or_404(
        Agreement.objects.visible_to(request.user)
        .standing()
        .select_related("organization", "witness", "scan", "drawn_by", "renews"),
        pk=pk,
    )
    require(request.user, Right.KEEP_AGREEMENTS, agreement.organization)
    return agreement


def draft(request: HttpRequest, pk: int) -> Agreement:
    agreement = kept_agreement(request, pk)
    if not agreement.is_draft:
        raise PermissionDenied("协议已经签订，内容不能再改。")
    return agreement


def parties_of(agreement: Agreement) -> list[Any]:
    return list(agreement.parties.select_related("unit"))


def form_page(
    request: HttpRequest,
    form: Any,
    title: str,
    crumbs: list[tuple[str, str]],
    back: str,
    save: Callable[[dict[str, Any]], Any],
    done: str,
    *,
    latest: Callable[[], Any] = lambda: None,
    then: Callable[[Any], str] | None = None,
    **more: Any,
) -> HttpResponse:
    """Ask on GET, save on POST; what is refused keeps what was typed."""
    status = 200
    if request.method == "POST":
        with refusals(form, latest) as refusal:
            saved = _saved(form, save)
            if saved is not None:
                messages.success(request, done)
                return redirect(then(saved) if then else back)
        status = refusal.status
    context = {
        "page_title": title,
        "breadcrumbs": crumbs,
        "form": form,
        "is_draft": True,
        "cancel_url": back,
        **more,
    }
    return render(request, "liaison/form.html", context, status=status)


def confirm_page(
    request: HttpRequest,
    form: Any,
    title: str,
    agreement: Agreement,
    question: str,
    consequences: list[str],
    save: Callable[[dict[str, Any]], Any],
    done: str,
    *,
    latest: Callable[[], Any] = lambda: None,
    then: str = "",
    is_danger: bool = True,
) -> HttpResponse:
    """Ask before something ends or is taken back."""
    status = 200
    back = then or agreement.get_absolute_url()
    if request.method == "POST":
        with refusals(form, latest) as refusal:
            if _saved(form, save) is not None:
                messages.success(request, done)
                return redirect(back)
        status = refusal.status
    context = {
        "title": title,
        "breadcrumbs": agreement_crumbs(agreement, title),
        "question": question,
        "consequences": consequences,
        "form": form,
        "confirm_label": title,
        "is_danger": is_danger,
        "cancel_url": back,
    }
    return render(request, "confirm.html", context, status=status)


def _saved(form: Any, save: Callable[[dict[str, Any]], Any]) -> Any:
    """What `save` returned; None where the form is not to be saved."""
    if not form.is_valid():
        return None
    try:
        return save(form.cleaned_data)
    except ObjectDoesNotExist:
        form.add_error(None, "所选的内容刚刚有变动，请重新选择后再保存。")
        return None

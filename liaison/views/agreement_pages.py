"""What pages of agreements share: crumbs, scope, questions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from liaison.models import Agreement
from members.views.asking import confirm_page
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


def confirm(
    request: HttpRequest,
    form: Any,
    title: str,
    agreement: Agreement,
    *asked: Any,
    **more: Any,
) -> HttpResponse:
    """Ask of an agreement: the question, what follows, what is done, and its words."""
    crumbs, back = agreement_crumbs(agreement, title), agreement.get_absolute_url()
    return confirm_page(request, form, title, crumbs, back, *asked, **more)

"""Entries of a card: written on the card's page, withdrawn with a reason."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from liaison.forms.cards import EntryForm, WithdrawForm
from liaison.models import CardEntry
from liaison.services import cards as service
from liaison.views.cards import card_crumbs, card_page, kept_card
from members.forms.members import add_service_error
from organizations.access import Right


@require_POST
def entry_add(request: HttpRequest, pk: int) -> HttpResponse:
    card = kept_card(request, pk)
    form = EntryForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        data["hours"] = data["hours"] or Decimal(0)
        try:
            service.add_entry(
                card_id=pk, actor=request.user, today=timezone.localdate(), **data
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已记入联系卡。")
            return redirect(card)
    return card_page(request, card, form)


@require_http_methods(["GET", "HEAD", "POST"])
def entry_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    entries = CardEntry.objects.visible_to(request.user)
    entry = get_object_or_404(
        entries.select_related("card__member", "card__organization"), pk=pk
    )
    card = entry.card
    if not request.user.has_right_at(Right.KEEP_CARDS, card.organization):
        raise PermissionDenied("您的岗位不能办理这张联系卡。")
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            service.withdraw_entry(
                entry_id=pk, reason=form.cleaned_data["reason"], actor=request.user
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已撤回这条记录。")
            return redirect(card)
    context = {
        "title": "撤回记录",
        "breadcrumbs": card_crumbs(card, "撤回记录"),
        "question": f"撤回{card.member.name}的这条记录？",
        "facts": [
            ("日期", f"{entry.occurred_on:%Y-%m-%d}"),
            ("类别", entry.get_kind_display()),
            ("内容", entry.content),
        ],
        "consequences": ["撤回后不再计入次数、时长和今后的反馈，记录和原因仍可查看。"],
        "form": form,
        "confirm_label": "撤回",
        "is_danger": True,
        "cancel_url": card.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)

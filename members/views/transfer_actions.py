"""Taking a step of one transfer, or the same step of many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from config.lib.versions import StaleError, renew
from members.models import Transfer
from members.parameters import USUAL_DAYS
from members.views.members import require_right
from members.views.transfer_steps import STEPS, TOGETHER, Together
from members.views.transfers import crumbs, facts_of, visible_transfer
from organizations import parameters


@require_http_methods(["GET", "POST"])
def transfer_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a transfer: asked for on GET, taken on POST."""
    transfer = visible_transfer(request, pk)
    if (wanted := STEPS.get(step)) is None:
        raise Http404
    if not wanted.may(transfer, request.user):
        raise PermissionDenied("您的岗位不能办理这一步，请联系街道工作人员。")
    form = wanted.form(
        request.POST or None,
        instance=transfer,
        initial={
            "day": timezone.localdate(),
            "valid_days": parameters.get(USUAL_DAYS),
        },
    )
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                done = wanted.take(transfer, request.user, form.cleaned_data)
                messages.success(request, wanted.done)
                return _back(request, done)
        except StaleError as error:
            # What was typed stays; the page shows how things stand by now.
            status, transfer = 409, visible_transfer(request, pk)
            renew(form, transfer.version, error)
        except ValidationError as error:
            form.add_error(None, error)
    label = wanted.label_for(transfer)
    context = {
        "title": label,
        "page_title": label,
        "breadcrumbs": crumbs(label),
        "question": wanted.question.format(
            transfer=transfer, name=transfer.member.name
        ),
        "consequences": wanted.consequences,
        "facts": facts_of(transfer),
        "form": form,
        "confirm_label": label,
        "is_danger": wanted.is_danger,
        "cancel_url": transfer.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


def _back(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    """Return to the transfer, or to the register where it has left one's scope."""
    if Transfer.objects.visible_to(request.user).filter(pk=transfer.pk).exists():
        return redirect(transfer)
    return redirect("members:transfer-list")


@require_POST
def transfers_together(request: HttpRequest, step: str) -> HttpResponse:
    """Ask about the same step of all who were ticked; done once it is confirmed."""
    if (wanted := TOGETHER.get(step)) is None:
        raise Http404
    require_right(request, wanted.right)
    transfers = ticked(request)
    if not transfers:
        messages.warning(request, "还没有勾选，请先勾选要办理的党员。")
        return redirect(_origin(request, transfers))
    is_confirmed = "confirmed" in request.POST
    form = wanted.form(
        request.POST if is_confirmed else None, initial={"day": timezone.localdate()}
    )
    if is_confirmed and form.is_valid():
        try:
            wanted.take([t.pk for t in transfers], request.user, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, wanted.done.format(count=len(transfers)))
            return redirect(_origin(request, transfers))
    return _ask(request, wanted, transfers, form)


def ticked(request: HttpRequest) -> list[Transfer]:
    """The transfers in scope whose boxes were ticked; others are as if not there."""
    chosen = [pk for pk in request.POST.getlist("transfer") if pk.isdigit()]
    return list(
        Transfer.objects.visible_to(request.user)
        .filter(pk__in=chosen)
        .select_related("member", "source", "target", "issuer", "batch")
        .order_by("pk")
    )


def _ask(
    request: HttpRequest, wanted: Together, transfers: list[Transfer], form: Any
) -> HttpResponse:
    context = {
        "title": wanted.label,
        "page_title": wanted.label,
        "breadcrumbs": crumbs(wanted.label),
        "question": wanted.question.format(count=len(transfers)),
        "consequences": wanted.consequences,
        "transfers": transfers,
        "form": form,
        "confirm_label": wanted.label,
        "cancel_url": _origin(request, transfers),
    }
    template = "members/transfers_together.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _origin(request: HttpRequest, transfers: list[Transfer]) -> str:
    """The page of the one batch that all belong to, else the register."""
    batches = {transfer.batch_id: transfer.batch for transfer in transfers}
    if len(batches) == 1 and (batch := next(iter(batches.values()))) is not None:
        return batch.get_absolute_url()
    return reverse("members:transfer-list")

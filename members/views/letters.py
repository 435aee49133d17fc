"""Letters on paper and as documents; whoever opens one is written down."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from config.lib.docx import CONTENT_TYPE
from members.choices import TransferDirection
from members.letters import document, letter_of
from members.models import Transfer, TransferBatch
from members.services.viewing import record_downloads, record_views
from members.views.members import require_right
from members.views.transfers import crumbs, visible_transfer
from organizations.access import Right, require


@require_GET
def transfer_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The three parts of a letter, or the reply to one that was brought."""
    transfer = _papered(request, pk)
    return _page(request, [transfer], transfer.get_absolute_url())


@require_GET
def transfer_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a Word document."""
    transfer = _papered(request, pk)
    word = "介绍信" if transfer.serial else "回执"
    return _document(request, [transfer], f"{word}{transfer.number}")


@require_GET
def batch_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """All letters of a batch, a page each."""
    batch, transfers = _batch(request, pk)
    return _page(request, transfers, batch.get_absolute_url())


@require_GET
def batch_document(request: HttpRequest, pk: int) -> HttpResponse:
    batch, transfers = _batch(request, pk)
    return _document(request, transfers, f"{batch.title}介绍信{len(transfers)}封")


def _papered(request: HttpRequest, pk: int) -> Transfer:
    transfer = visible_transfer(request, pk)
    require(request.user, Right.ISSUE_LETTERS, transfer.place)
    if not transfer.serial and transfer.direction != TransferDirection.IN:
        raise Http404
    return transfer


def _batch(request: HttpRequest, pk: int) -> tuple[TransferBatch, list[Transfer]]:
    """A batch and its numbered letters of branches whose letters the user issues."""
    batch = get_object_or_404(TransferBatch.objects.visible_to(request.user), pk=pk)
    require_right(request, Right.ISSUE_LETTERS)
    transfers = [
        transfer
        for transfer in Transfer.objects.visible_to(request.user)
        .filter(batch=batch, serial__isnull=False)
        .select_related("member", "source", "target", "issuer")
        .order_by("serial")
        if request.user.has_right_at(Right.ISSUE_LETTERS, transfer.place)
    ]
    if not transfers:
        raise Http404
    return batch, transfers


def _page(
    request: HttpRequest, transfers: list[Transfer], back_url: str
) -> HttpResponse:
    record_views(
        members=[transfer.member for transfer in transfers],
        page="letter",
        actor=request.user,
    )
    letters = [letter_of(transfer) for transfer in transfers]
    title = "打印介绍信" if transfers[0].serial else "打印回执"
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(title),
        "letters": letters,
        "back_url": back_url,
    }
    return render(request, "members/transfer_letter.html", context)


def _document(
    request: HttpRequest, transfers: list[Transfer], name: str
) -> HttpResponse:
    user = request.user
    letters = [letter_of(transfer) for transfer in transfers]
    content = document(letters, name, str(user), timezone.localtime())
    digest = hashlib.sha256(content).hexdigest()
    record_downloads(transfers=transfers, sha256=digest, actor=user)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.docx")
    return response

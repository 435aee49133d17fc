"""A report slip on paper, with its acceptance and the receipt to its unit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.slip_paper import paper_of
from members.views.slips import crumbs, visible_slip


@require_GET
def slip_print(request: HttpRequest, pk: int) -> HttpResponse:
    slip = visible_slip(request, pk)
    context = {
        "page_title": "打印报到单",
        "breadcrumbs": crumbs(slip.name),
        "paper": paper_of(slip),
        "back_url": slip.get_absolute_url(),
    }
    return render(request, "members/slip_print.html", context)

"""Opening cards at once for members in post who reported and have none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from liaison.alerts.loop import without_card
from liaison.forms.cards import MissingCardsForm
from liaison.services import cards as service
from liaison.views.cards import LIST
from members.models import Affiliation, Member
from organizations.access import Right, require_right

# One branch's people, or a good part of a community's, on one page.
MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def missing_cards(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_CARDS)
    rows = _rows(request)
    ready = [row.member_id for row in rows[:MOST] if row.member.home_unit_id]
    form = MissingCardsForm(
        request.POST if request.method == "POST" else None,
        member_ids=ready,
        initial={"starts_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        opened, refused = _open(request, form.cleaned_data)
        if opened:
            messages.success(request, f"已建立 {opened} 张联系卡。")
        for line in refused:
            messages.error(request, line)
        return redirect("liaison:card-missing")
    ticked = set(request.POST.getlist("members"))
    context = {
        "page_title": "为未建卡的在职党员建卡",
        "breadcrumbs": [(LIST, reverse("liaison:card-list")), ("批量建卡", "")],
        "form": form,
        "rows": [(row, str(row.member_id) in ticked) for row in rows[:MOST]],
        "has_more": len(rows) > MOST,
        "has_ready": bool(ready),
    }
    status = 422 if form.errors else 200
    return render(request, "liaison/card_missing.html", context, status=status)


def _rows(request: HttpRequest) -> Sequence[Affiliation]:
    missing: QuerySet[Affiliation] = without_card(request.user, timezone.localdate())
    return list(
        missing.select_related("member__home_unit", "organization").order_by(
            "organization__path", "member__name_pinyin", "pk"
        )[: MOST + 1]
    )


def _open(request: HttpRequest, data: dict[str, Any]) -> tuple[int, list[str]]:
    """Open card after card; what one refuses does not undo the others."""
    names = dict(
        Member.objects.visible_to(request.user)
        .filter(pk__in=data["members"])
        .values_list("pk", "name")
    )
    opened, refused = 0, []
    for member_id, name in names.items():
        try:
            service.open_card(
                member_id=member_id, starts_on=data["starts_on"], actor=request.user
            )
        except ValidationError as error:
            refused.append(f"{name}：{'；'.join(error.messages)}")
        else:
            opened += 1
    return opened, refused

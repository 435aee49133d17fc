"""Many people of one branch go the same way: choose them, then see them through."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from members.choices import (
    AffiliationKind,
    MembershipStatus,
    TransferDirection,
    TransferState,
)
from members.forms.members import add_service_error
from members.forms.transfers import TransferForm
from members.models import Affiliation, Transfer, TransferBatch
from members.services.transfers_together import draft_transfers
from members.views.members import require_right
from members.views.transfers import (
    chosen_way,
    crumbs,
    rows_of,
    together_for,
    way_tabs,
)
from organizations.access import Right
from organizations.models import Organization

TITLE = "批量转接"
_NOTES = {
    TransferDirection.WITHIN: "登记后送接收支部，由对方一次接收。",
    TransferDirection.OUT: "每人一封介绍信；党费交至的月份不同的，登记后可逐人修改。",
}


@require_http_methods(["GET", "POST"])
def batch_add(request: HttpRequest) -> HttpResponse:
    """Choose a branch, then who of it goes, and where to."""
    require_right(request, Right.EDIT_MEMBERS)
    mine = (
        Organization.objects.with_right(request.user, Right.EDIT_MEMBERS)
        .open()
        .branches()
        .order_by("path")
    )
    asked = request.GET.get("organization", "")
    if asked.isdigit():
        branch = get_object_or_404(mine, pk=asked)
    elif len(first := list(mine[:2])) == 1:
        branch = first[0]
    else:
        context = {
            "page_title": TITLE,
            "breadcrumbs": crumbs(TITLE),
            "branches": mine.select_related("parent"),
        }
        return render(request, "members/transfer_branches.html", context)
    way = chosen_way(request)
    form = TransferForm(request.POST or None, user=request.user, branch=branch, way=way)
    people = _people(request, branch)
    chosen = {int(pk) for pk in request.POST.getlist("person") if pk.isdigit()}
    if request.method == "POST" and form.is_valid():
        try:
            batch = draft_transfers(
                affiliation_ids=chosen & {each.pk for each in people},
                course=form.course(),
                dues_paid_to=form.cleaned_data["dues_paid_to"],
                title=f"{branch}批量转接",
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已登记{batch.transfers.count()}人。")
            return redirect(batch)
    for each in people:
        each.is_chosen = each.pk in chosen
    context = {
        "page_title": TITLE,
        "breadcrumbs": crumbs(TITLE),
        "tabs": way_tabs(way, organization=str(branch.pk)),
        "branch": branch,
        "people": people,
        "note": _NOTES[way],
        "form": form,
        "cancel_url": reverse("members:transfer-list"),
    }
    status = 422 if form.errors else 200
    return render(request, "members/transfer_batch_form.html", context, status=status)


def _people(request: HttpRequest, branch: Organization) -> list[Affiliation]:
    """Who is on the roll of the branch and has no transfer on its way."""
    under_way = Transfer.objects.visible_to(request.user).waiting()
    waiting = under_way.filter(source=branch).values("member")
    return list(
        Affiliation.objects.visible_to(request.user)
        .open()
        .filter(
            organization=branch,
            kind=AffiliationKind.ON_ROLL,
            member__status=MembershipStatus.NORMAL,
        )
        .exclude(member__in=waiting)
        .select_related("member")
        .order_by("member__name_pinyin", "pk")
    )


@require_GET
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(TransferBatch.objects.visible_to(request.user), pk=pk)
    transfers = rows_of(
        list(
            Transfer.objects.visible_to(request.user)
            .filter(batch=batch)
            .select_related("member", "source", "target", "issuer")
            .order_by("serial", "pk")
        )
    )
    counts = {
        state.label: sum(each.state == state for each in transfers)
        for state in TransferState
    }
    context = {
        "page_title": batch.title,
        "breadcrumbs": crumbs(batch.title),
        "batch": batch,
        "rows": transfers,
        "summary": "，".join(f"{label}{n}人" for label, n in counts.items() if n),
        "together": together_for(request.user, transfers),
        "may_print": request.user.has_right(Right.ISSUE_LETTERS)
        and any(each.serial for each in transfers),
    }
    return render(request, "members/transfer_batch.html", context)

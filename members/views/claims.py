"""The queue of people entered twice, for street staff."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from members.choices import AffiliationKind, ClaimState
from members.forms.members import (
    ClaimAcceptForm,
    ClaimRefuseForm,
    add_service_error,
)
from members.models import Affiliation, DuplicateClaim
from members.services.claims import accept_claim, on_roll_of, refuse_claim
from organizations.access import Right

TITLE = "重复认领"
LATEST = 100


@require_GET
def claim_list(request: HttpRequest) -> HttpResponse:
    if not request.user.has_right(Right.SETTLE_CLAIMS):
        raise PermissionDenied("重复认领由街道工作人员处理。")
    is_settled = request.GET.get("state") == "settled"
    claims = DuplicateClaim.objects.visible_to(request.user).select_related(
        "member", "organization", "claimed_by", "settled_by"
    )
    open_count = claims.open().count()
    if is_settled:
        claims = claims.exclude(state=ClaimState.OPEN).order_by("-settled_at")
    else:
        claims = claims.open().order_by("claimed_at")
    held = Affiliation.objects.visible_to(request.user).open()
    claims = claims.prefetch_related(
        Prefetch(
            "member__affiliations",
            queryset=held.select_related("organization"),
            to_attr="held",
        )
    )
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("党员名册", reverse("members:list")), (TITLE, "")],
        "claims": claims[:LATEST],
        "is_settled": is_settled,
        "tabs": [
            {
                "label": "待处理",
                "url": reverse("members:claim-list"),
                "is_current": not is_settled,
                "count": open_count,
            },
            {
                "label": "已处理",
                "url": reverse("members:claim-list") + "?state=settled",
                "is_current": is_settled,
            },
        ],
    }
    return render(request, "members/claim_list.html", context)


@require_http_methods(["GET", "POST"])
def claim_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept (starts the relation) or refuse with words."""
    claim = get_object_or_404(
        DuplicateClaim.objects.visible_to(request.user)
        .open()
        .select_related("member", "organization", "claimed_by"),
        pk=pk,
    )
    is_refusal = request.POST.get("decision") == "refuse"
    today = timezone.localdate()
    accept = ClaimAcceptForm(
        request.POST if request.method == "POST" and not is_refusal else None,
        initial={"starts_on": today},
        auto_id="id_accept_%s",
    )
    refuse = ClaimRefuseForm(
        request.POST if request.method == "POST" and is_refusal else None,
        auto_id="id_refuse_%s",
    )
    form = refuse if is_refusal else accept
    if request.method == "POST" and form.is_valid():
        service = refuse_claim if is_refusal else accept_claim
        try:
            service(claim_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            done = (
                f"没有受理{claim.organization}对{claim.member.name}的认领，"
                "请把处理意见转告支部。"
                if is_refusal
                else f"已受理，{claim.member.name}编入{claim.organization}。"
            )
            messages.success(request, done)
            return redirect("members:claim-list")
    roll = on_roll_of(claim.member)
    context = {
        "page_title": "处理重复认领",
        "breadcrumbs": [
            ("党员名册", reverse("members:list")),
            (TITLE, reverse("members:claim-list")),
            (claim.member.name, ""),
        ],
        "claim": claim,
        "facts": _facts(claim, roll),
        "accept_form": accept,
        "refuse_form": refuse,
        "needs_transfer": roll is not None
        and claim.kind == AffiliationKind.ON_ROLL
        and roll.organization_id != claim.organization_id,
        "roll": roll,
    }
    status = 422 if form.errors else 200
    return render(request, "members/claim_settle.html", context, status=status)


def _facts(claim: DuplicateClaim, roll: Affiliation | None) -> list[tuple[str, object]]:
    return [
        ("姓名", claim.member.name),
        ("公民身份号码", claim.member.masked_id_number),
        ("申请党支部", claim.organization),
        ("隶属方式", claim.get_kind_display()),
        ("现在册于", roll.organization if roll else "街道内没有在册支部"),
        ("党籍状态", claim.member.get_status_display()),
        ("申请人", claim.claimed_by or "系统"),
        ("来源", claim.source),
        ("申请时间", timezone.localtime(claim.claimed_at).strftime("%Y-%m-%d %H:%M")),
    ]

"""Gifts: the register, one gift, its receipt and its certificate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import confirm_page, form_page
from config.lib.money import capitals, yuan
from config.lib.paging import page_by_key, total_of
from members.choices.mutual import DONORS, DonorKind
from members.forms.donations import DonationFilterForm, DonationForm
from members.forms.mutual import MutualReasonForm
from members.models import Donation
from members.parameters.mutual import CERTIFICATE_ABOVE
from members.rules.mutual import is_honoured
from members.services.donations import record_donation, withdraw_donation
from members.views.mutual_pages import (
    fund_crumbs,
    gift_crumbs,
    may_confirm_at,
    seen_fund,
    seen_gift,
)
from organizations import parameters
from organizations.access import Right, require

_COPIES = ("存根", "交捐赠人")


@require_safe
def donation_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The register of an account, for whoever keeps it."""
    fund = seen_fund(request, pk)
    gifts = Donation.objects.visible_to(request.user).filter(fund=fund)
    form = DonationFilterForm(request.GET, user=request.user, fund=fund)
    drive = form.cleaned_data["drive"] if form.is_valid() else None
    if drive is not None:
        gifts = gifts.filter(drive=drive)
    page = page_by_key(
        gifts.select_related("member", "unit", "drive"), request.GET, descending=True
    )
    context = {
        "page_title": f"{fund}捐赠明细",
        "breadcrumbs": fund_crumbs(fund, ("捐赠明细", "")),
        "fund": fund,
        "form": form,
        "is_filtered": drive is not None,
        "clear_url": request.path,
        "page": page,
        "total": total_of(page, gifts),
        "is_open": fund.closed_on is None,
    }
    return render(request, "members/donation_list.html", context)


@require_safe
def donation(request: HttpRequest, pk: int) -> HttpResponse:
    gift = seen_gift(request, pk)
    may_withdraw = gift.withdrawn_at is None and may_confirm_at(request, gift.fund)
    context = {
        "page_title": gift.number,
        "breadcrumbs": gift_crumbs(gift),
        "gift": gift,
        "facts": _facts_of(gift),
        "may_withdraw": may_withdraw and gift.entered_by != request.user,
        "is_own": may_withdraw and gift.entered_by == request.user,
        "is_gift": _is_gift(gift),
        "is_honoured": _is_honoured(gift),
    }
    return render(request, "members/donation.html", context)


def _facts_of(gift: Donation) -> list[tuple[str, Any]]:
    kind = gift.get_donor_kind_display()
    facts: list[tuple[str, Any]] = [
        ("账户", gift.fund),
        (
            "捐赠人" if _is_gift(gift) else "来源",
            kind if gift.donor == kind else f"{gift.donor}（{kind}）",
        ),
        ("捐赠日期" if _is_gift(gift) else "入账日期", gift.donated_on),
        ("金额" if not gift.quantity else "折价", f"{yuan(gift.amount)} 元"),
    ]
    if gift.quantity:
        facts.append(("物品", gift.goods))
    if _is_gift(gift):
        facts += [
            ("捐助活动", gift.drive or "平时捐赠"),
            ("捐赠人的意愿", gift.wish),
        ]
    facts.append(("登记人", gift.entered_by))
    return facts


def _is_gift(gift: Donation) -> bool:
    """Whether somebody gave it; an office that puts money in gets no thanks."""
    return gift.donor_kind in DONORS


def _is_honoured(gift: Donation) -> bool:
    limit = parameters.get(CERTIFICATE_ABOVE)
    is_gift = _is_gift(gift) and gift.donor_kind != DonorKind.ANONYMOUS
    return is_gift and gift.withdrawn_at is None and is_honoured(gift.amount, limit)


@require_safe
def donation_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt on A4: a stub to keep and a part for whoever gave."""
    gift = seen_gift(request, pk)
    context = {
        "page_title": f"{'收据' if _is_gift(gift) else '入账凭单'} {gift.number}",
        "gift": gift,
        "is_gift": _is_gift(gift),
        "capitals": capitals(gift.amount),
        "copies": _COPIES if _is_gift(gift) else _COPIES[:1],
    }
    return render(request, "members/donation_receipt.html", context)


@require_safe
def donation_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate beside the receipt of a large gift; 404 where there is none."""
    gift = seen_gift(request, pk)
    if not _is_honoured(gift):
        raise Http404
    context = {
        "page_title": f"荣誉证书 {gift.number}",
        "gift": gift,
        "capitals": capitals(gift.amount),
    }
    return render(request, "members/donation_certificate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def donation_add(request: HttpRequest, pk: int) -> HttpResponse:
    fund = seen_fund(request, pk)
    initial = {"drive": request.GET.get("drive", "")}
    form = DonationForm(
        request.POST or None, user=request.user, fund=fund, initial=initial
    )

    def save(data: dict[str, Any]) -> Donation:
        return record_donation(
            fund_id=pk,
            facts=form.facts(),
            drive_id=data["drive"].pk if data["drive"] else None,
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记捐赠",
        fund_crumbs(fund, ("登记捐赠", "")),
        fund.get_absolute_url(),
        save,
        "已登记，收据编号已给出，可以打印。",
        then=lambda gift: gift.get_absolute_url(),
        form_note="捐赠自愿，多少不限。保存以后不能修改，填错的撤回重登。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def donation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    gift = seen_gift(request, pk)
    require(request.user, Right.CONFIRM_AID, gift.fund.organization)
    consequences = ["收据作废，编号和原因留存，不再计入余额；编号不会再给别的捐赠。"]
    if gift.drive is not None and gift.drive.published_on is not None:
        consequences.append("这次捐助活动已经公示，撤回以后请重新公示。")
    return confirm_page(
        request,
        MutualReasonForm(request.POST or None),
        "撤回捐赠",
        gift_crumbs(gift, "撤回捐赠"),
        gift.get_absolute_url(),
        f"撤回{gift.number}？",
        consequences,
        lambda data: withdraw_donation(donation_id=pk, actor=request.user, **data),
        "已撤回。",
        facts=_facts_of(gift),
    )

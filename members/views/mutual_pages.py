"""What pages of mutual aid share: crumbs and scope."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from members.models import AidDrive, AidFund, AidPayment, Donation
from organizations.access import Right

TITLE = "互助金"


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("members:mutual-list")), *steps]


def fund_crumbs(fund: AidFund, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    return crumbs((fund.name, fund.get_absolute_url()), *steps)


def drive_crumbs(drive: AidDrive, here: str) -> list[tuple[str, str]]:
    return fund_crumbs(drive.fund, (drive.name, drive.get_absolute_url()), (here, ""))


def gift_crumbs(gift: Donation, here: str = "") -> list[tuple[str, str]]:
    """Down to the gift, or to `here`, a page of it."""
    books = reverse("members:donation-list", args=[gift.fund_id])
    steps = [("捐赠明细", books), (gift.number, gift.get_absolute_url()), (here, "")]
    return fund_crumbs(gift.fund, *steps[: 3 if here else 2])


def payment_crumbs(payment: AidPayment, here: str = "") -> list[tuple[str, str]]:
    books = reverse("members:aid-payment-list", args=[payment.fund_id])
    address = payment.get_absolute_url()
    steps = [("支出明细", books), (str(payment), address), (here, "")]
    return fund_crumbs(payment.fund, *steps[: 3 if here else 2])


def seen_fund(request: HttpRequest, pk: int) -> Any:
    """The account with its sums, in scope."""
    rows = AidFund.objects.visible_to(request.user).with_money()
    return get_object_or_404(rows.select_related("organization"), pk=pk)


def seen_drive(request: HttpRequest, pk: int) -> Any:
    rows = AidDrive.objects.visible_to(request.user).with_money()
    return get_object_or_404(rows.select_related("fund__organization"), pk=pk)


def seen_gift(request: HttpRequest, pk: int) -> Donation:
    rows = Donation.objects.visible_to(request.user).select_related(
        "fund__organization",
        *("drive", "member", "unit", "entered_by", "withdrawn_by"),
    )
    return get_object_or_404(rows, pk=pk)


def seen_payment(request: HttpRequest, pk: int) -> AidPayment:
    rows = AidPayment.objects.visible_to(request.user).select_related(
        "fund__organization",
        *("drive", "member", "case", "lot", "entered_by"),
        *("confirmed_by", "withdrawn_by"),
    )
    return get_object_or_404(rows, pk=pk)


def may_confirm_at(request: HttpRequest, fund: AidFund) -> bool:
    right = Right.CONFIRM_AID
    return fund.closed_on is None and request.user.has_right_at(
        right, fund.organization
    )


def bare_form(request: HttpRequest) -> forms.Form:
    """A form of nothing but the yes: what is posted may be empty."""
    return forms.Form(request.POST if request.method == "POST" else None)

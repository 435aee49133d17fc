"""Mutual aid: the accounts, one account, its drives, what is made public."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import confirm_page, form_page
from config.lib.money import yuan
from members.choices.mutual import DONORS
from members.forms.mutual import (
    DriveAmendForm,
    DriveForm,
    FundAmendForm,
    FundForm,
    MutualFilterForm,
    MutualReasonForm,
    PublishForm,
)
from members.models import AidDrive, AidFund, AidPayment, Donation
from members.services.mutual import (
    add_drive,
    amend_drive,
    amend_fund,
    close_fund,
    open_fund,
    publish_drive,
)
from members.views.mutual_pages import (
    TITLE,
    crumbs,
    drive_crumbs,
    fund_crumbs,
    seen_drive,
    seen_fund,
)
from organizations.access import Right, require_right


@require_safe
def mutual_list(request: HttpRequest) -> HttpResponse:
    """All accounts in scope, and what they hold."""
    require_right(request.user, Right.KEEP_AID)
    rows = AidFund.objects.visible_to(request.user).with_money()
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "rows": list(
            rows.select_related("organization").order_by("organization__path", "pk")
        ),
        "waiting": AidPayment.objects.visible_to(request.user).waiting().count(),
    }
    return render(request, "members/mutual_list.html", context)


@require_safe
def mutual_fund(request: HttpRequest, pk: int) -> HttpResponse:
    fund = seen_fund(request, pk)
    drives = AidDrive.objects.visible_to(request.user).filter(fund=fund)
    stock = Donation.objects.visible_to(request.user).filter(fund=fund)
    payments = AidPayment.objects.visible_to(request.user).filter(fund=fund)
    context = {
        "page_title": fund.name,
        "breadcrumbs": crumbs((fund.name, "")),
        "fund": fund,
        "facts": _facts_of(fund),
        "drives": list(drives.with_money().order_by("-starts_on", "-pk")),
        "stock": list(stock.in_stock().order_by("donated_on", "pk")),
        "waiting": payments.waiting().count(),
        "is_open": fund.closed_on is None,
    }
    return render(request, "members/mutual_fund.html", context)


def _facts_of(fund: Any) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        ("党组织", fund.organization),
        ("设立日期", fund.opened_on),
        ("管理和监督小组", fund.steering),
        ("说明", fund.note),
        ("收到钱款", f"{yuan(fund.came)} 元"),
        ("已支出", f"{yuan(fund.paid)} 元"),
        ("待确认", f"{yuan(fund.reserved)} 元"),
        ("余额", f"{yuan(fund.balance)} 元"),
        ("收到物品折价", f"{yuan(fund.goods_came)} 元"),
        ("库存物品折价", f"{yuan(fund.stock_value)} 元"),
    ]
    if fund.closed_on:
        facts += [("关闭日期", fund.closed_on), ("关闭原因", fund.closed_reason)]
    return facts


@require_http_methods(["GET", "HEAD", "POST"])
def mutual_add(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_AID)
    form = FundForm(request.POST or None, user=request.user)

    def save(data: dict[str, Any]) -> AidFund:
        return open_fund(
            organization_id=data["organization"].pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "设立互助金账户",
        crumbs(("设立账户", "")),
        reverse("members:mutual-list"),
        save,
        "已设立。",
        then=lambda fund: fund.get_absolute_url(),
        form_note="互助金单独记账，不和办公经费、党费混在一起；"
        "原来已有余额的，设立以后登记一笔“原有结存”。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mutual_edit(request: HttpRequest, pk: int) -> HttpResponse:
    fund = seen_fund(request, pk)
    form = FundAmendForm(request.POST or None, instance=fund, user=request.user)
    return form_page(
        request,
        form,
        "修改账户",
        fund_crumbs(fund, ("修改账户", "")),
        fund.get_absolute_url(),
        lambda data: amend_fund(
            fund_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: seen_fund(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mutual_close(request: HttpRequest, pk: int) -> HttpResponse:
    fund = seen_fund(request, pk)
    return confirm_page(
        request,
        MutualReasonForm(request.POST or None),
        "关闭账户",
        fund_crumbs(fund, ("关闭账户", "")),
        fund.get_absolute_url(),
        f"关闭“{fund}”？",
        ["关闭以后不能再登记捐赠和支出，已有的记录照旧能看。"],
        lambda data: close_fund(fund_id=pk, actor=request.user, **data),
        "已关闭。",
        facts=[("余额", f"{yuan(fund.balance)} 元")],
    )


# Drives ------------------------------------------------------------------------------


@require_safe
def mutual_drive(request: HttpRequest, pk: int) -> HttpResponse:
    drive = seen_drive(request, pk)
    today = timezone.localdate()
    is_open = drive.fund.closed_on is None and drive.published_on is None
    context = {
        "page_title": drive.name,
        "breadcrumbs": fund_crumbs(drive.fund, (drive.name, "")),
        "drive": drive,
        "facts": [
            ("账户", drive.fund),
            ("捐赠用途", drive.purpose),
            ("起止日期", f"{drive.starts_on} 至 {drive.ends_on}"),
            ("捐赠人次", donors_text(drive)),
            ("收到钱款", f"{yuan(drive.came)} 元"),
            ("收到物品折价", f"{yuan(drive.goods_came)} 元"),
            ("已用（含物品）", f"{yuan(drive.paid)} 元"),
            ("受助", f"{drive.helped} 人（户）次"),
            ("公示", _published_text(drive)),
        ],
        "is_open": is_open,
        "may_give": is_open and drive.starts_on <= today,
        "may_publish": is_open and drive.ends_on < today,
    }
    return render(request, "members/mutual_drive.html", context)


def donors_text(drive: Any) -> str:
    """How many gave, by kind; never who."""
    counted = [(kind.label, getattr(drive, f"from_{kind.value}")) for kind in DONORS]
    said = "、".join(f"{label} {number}" for label, number in counted if number)
    return said or "还没有"


def _published_text(drive: AidDrive) -> str:
    if drive.published_on is None:
        return "还没有"
    return f"{drive.published_on}，{drive.published_where}"


@require_http_methods(["GET", "HEAD", "POST"])
def mutual_drive_add(request: HttpRequest, pk: int) -> HttpResponse:
    fund = seen_fund(request, pk)
    form = DriveForm(request.POST or None)
    return form_page(
        request,
        form,
        "发起捐助活动",
        fund_crumbs(fund, ("发起捐助活动", "")),
        fund.get_absolute_url(),
        lambda data: add_drive(
            fund_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已发起。",
        then=lambda drive: drive.get_absolute_url(),
        form_note="捐助坚持自愿，不定数额、不排名、不公布个人捐了多少。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mutual_drive_edit(request: HttpRequest, pk: int) -> HttpResponse:
    drive = seen_drive(request, pk)
    form = DriveAmendForm(request.POST or None, instance=drive)
    return form_page(
        request,
        form,
        "修改捐助活动",
        drive_crumbs(drive, "修改捐助活动"),
        drive.get_absolute_url(),
        lambda data: amend_drive(
            drive_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: seen_drive(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mutual_drive_publish(request: HttpRequest, pk: int) -> HttpResponse:
    drive = seen_drive(request, pk)
    form = PublishForm(request.POST or None, instance=drive)
    return form_page(
        request,
        form,
        "登记公示",
        drive_crumbs(drive, "登记公示"),
        drive.get_absolute_url(),
        lambda data: publish_drive(drive_id=pk, actor=request.user, **data),
        "已公示，列入公示清单，可以打印张贴。",
        latest=lambda: seen_drive(request, pk),
        form_note="公示只写捐赠人次、合计金额和受助人次，不写姓名和个人数额；"
        "公示以后这次活动不再登记捐赠。",
    )


@require_safe
def mutual_published(request: HttpRequest) -> HttpResponse:
    """What anybody may read: drives and accounts of a year, without a name."""
    require_right(request.user, Right.KEEP_AID)
    form = MutualFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    year = data.get("year") or today.year
    place = data.get("organization")
    drives = AidDrive.objects.visible_to(request.user).published()
    funds = AidFund.objects.visible_to(request.user)
    if place is not None:
        drives = drives.lying_below([place.path], drives.place)
        funds = funds.lying_below([place.path], funds.place)
    found = drives.filter(ends_on__year=year).with_money().order_by("ends_on", "pk")
    rows = list(found.select_related("fund__organization")) if data else []
    for drive in rows:
        drive.donors = donors_text(drive)
    accounts = funds.of_year(year).with_year(year)
    address = reverse("members:mutual-published")
    within = f"organization={place.pk}&" if place else ""
    context = {
        "page_title": "互助金公示",
        "breadcrumbs": crumbs(("公示", "")),
        "form": form,
        "tabs": [
            {
                "label": f"{each}年",
                "url": f"{address}?{within}year={each}",
                "is_current": each == year,
            }
            for each in sorted({today.year - back for back in range(4)} | {year})[::-1]
        ],
        "year": year,
        "left_label": "年末余额" if year < today.year else "余额",
        "place": place,
        "drives": rows,
        "funds": list(accounts.select_related("organization")) if data else [],
        "today": today,
        "is_filtered": place is not None,
        "clear_url": f"{address}?year={year}",
    }
    return render(request, "members/mutual_published.html", context)

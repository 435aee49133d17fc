"""The register of transfers, one of them, writing one down and mending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.paging import group_tabs, page_by_key
from config.lib.versions import StaleError, stale_response
from members.choices import AffiliationKind, TransferDirection, TransferState
from members.forms.members import add_service_error
from members.forms.transfers import TransferAmendForm, TransferForm
from members.models import Affiliation, DuesStanding, Member, Transfer
from members.services.transfers import amend_transfer, draft_transfer
from members.views.members import member_crumbs, require_right
from members.views.transfer_steps import STEPS, TOGETHER, holds
from organizations.access import Right, require

TITLE = "组织关系转接"
_STUCK, _RECEIPT = "stuck", "receipt"
_GROUPS = {
    "": ("在办", [TransferState.DRAFTED, TransferState.ISSUED]),
    _STUCK: ("过期和遗失", [TransferState.EXPIRED, TransferState.LOST]),
    _RECEIPT: ("待回执", [TransferState.ACCEPTED]),
    "all": ("全部", list(TransferState)),
}
TONES = {
    TransferState.DRAFTED: "info",
    TransferState.ISSUED: "info",
    TransferState.ACCEPTED: "ok",
    TransferState.RECEIPTED: "ok",
    TransferState.EXPIRED: "bad",
    TransferState.LOST: "bad",
    TransferState.WITHDRAWN: "mute",
}
WAYS = (TransferDirection.WITHIN, TransferDirection.OUT)


@require_GET
def transfer_list(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.VIEW_MEMBERS)
    group = request.GET.get("group", "")
    if group not in _GROUPS:
        group = ""
    transfers = Transfer.objects.visible_to(request.user)
    found = transfers.filter(state__in=_GROUPS[group][1])
    if group == _RECEIPT:
        found = found.exclude(direction=TransferDirection.WITHIN)
    elif group == _STUCK:  # what another letter stands for is done with
        found = found.filter(replaced_by=None)
    page = page_by_key(
        found.select_related("member", "source", "target"),
        request.GET,
        descending=True,
    )
    address = reverse("members:transfer-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("党员名册", reverse("members:list")), (TITLE, "")],
        "page": page,
        "rows": rows_of(page.rows),
        "together": together_for(request.user, page.rows),
        "group": group,
        "may_add": request.user.has_right(Right.EDIT_MEMBERS),
        "tabs": group_tabs(
            address, ((key, label) for key, (label, _states) in _GROUPS.items()), group
        ),
    }
    return render(request, "members/transfer_list.html", context)


def rows_of(transfers: list[Transfer]) -> list[Transfer]:
    """The rows with the tone of their state."""
    for row in transfers:
        row.tone = TONES[row.state]
    return transfers


def together_for(user: Any, transfers: list[Transfer]) -> list[dict[str, str]]:
    """The steps that `user` may take for some of the rows in one go."""
    return [
        {
            "label": step.label,
            "url": reverse("members:transfers-together", args=[name]),
        }
        for name, step in TOGETHER.items()
        if user.has_right(step.right)
        and any(STEPS[name].fits(transfer) for transfer in transfers)
    ]


def _paid_to(request: HttpRequest, member: Member) -> dict[str, Any]:
    """The month dues are paid to, as far as the branch's ledger tells."""
    found = DuesStanding.objects.visible_to(request.user).filter(member=member)
    standing = found.first()
    return {"dues_paid_to": standing.paid_to} if standing else {}


@require_http_methods(["GET", "POST"])
def transfer_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a transfer of the relation `pk`."""
    affiliation = get_object_or_404(
        Affiliation.objects.visible_to(request.user)
        .open()
        .select_related("member", "organization"),
        pk=pk,
    )
    require(request.user, Right.EDIT_MEMBERS, affiliation.organization)
    if affiliation.kind != AffiliationKind.ON_ROLL:
        raise Http404
    member = affiliation.member
    waiting = Transfer.objects.visible_to(request.user).waiting()
    if under_way := waiting.filter(member=member).first():
        messages.info(request, f"{member.name}已有一件转接正在办理，请先办结或撤回。")
        return redirect(under_way)
    way = chosen_way(request)
    form = TransferForm(
        request.POST or None,
        user=request.user,
        branch=affiliation.organization,
        way=way,
        initial=_paid_to(request, member),
    )
    if request.method == "POST" and form.is_valid():
        try:
            transfer = draft_transfer(
                affiliation_id=pk,
                course=form.course(),
                dues_paid_to=form.cleaned_data["dues_paid_to"],
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, _drafted(transfer))
            return redirect(transfer)
    context = {
        "page_title": TITLE,
        "breadcrumbs": member_crumbs(member, TITLE),
        "tabs": way_tabs(way),
        "form": form,
        "is_draft": True,
        "cancel_url": member.get_absolute_url(),
        "form_note": f"{member.name}，现在册于{affiliation.organization}。"
        "接收之前仍由现支部负责。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/transfer_form.html", context, status=status)


def chosen_way(request: HttpRequest) -> str:
    way = request.GET.get("way", "")
    return way if way in WAYS else TransferDirection.WITHIN


def way_tabs(way: str, **more: str) -> list[dict[str, Any]]:
    """Tabs for the two ways a relation of a branch can go."""
    rest = "".join(f"&{name}={value}" for name, value in more.items())
    return [
        {"label": each.label, "url": f"?way={each}{rest}", "is_current": each == way}
        for each in WAYS
    ]


def _drafted(transfer: Transfer) -> str:
    if transfer.direction == TransferDirection.WITHIN:
        return f"已送{transfer.target}，等待对方接收。"
    return "已登记，等待街道开具介绍信。"


@require_http_methods(["GET", "POST"])
def transfer_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a transfer whose letter has no number yet."""
    transfer = visible_transfer(request, pk)
    require(request.user, Right.EDIT_MEMBERS, transfer.place)
    if transfer.state != TransferState.DRAFTED:
        messages.info(
            request, "这件转接已经开出，不能再修改；写错了的请撤回后重新登记。"
        )
        return redirect(transfer)
    form = TransferAmendForm(request.POST or None, instance=transfer, user=request.user)
    title, back = "修改转接", transfer.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            amend_transfer(
                transfer_id=pk,
                course=form.course(),
                dues_paid_to=form.cleaned_data["dues_paid_to"],
                version=form.cleaned_data["version"],
                actor=request.user,
            )
        except StaleError:
            fresh = visible_transfer(request, pk)
            return stale_response(request, form, fresh, title=title, cancel_url=back)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(transfer)
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(title),
        "form": form,
        "is_draft": True,
        "cancel_url": back,
        "form_note": f"{transfer.member.name}，由{transfer.origin_name}转出。"
        "开具介绍信以后不能再改。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_GET
def transfer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    transfer = visible_transfer(request, pk)
    user = request.user
    may_print = holds(user, Right.ISSUE_LETTERS, transfer) and (
        transfer.serial or transfer.direction == TransferDirection.IN
    )
    may_amend = transfer.state == TransferState.DRAFTED and holds(
        user, Right.EDIT_MEMBERS, transfer
    )
    context = {
        "page_title": f"{transfer.member.name}的转接",
        "breadcrumbs": crumbs(transfer.member.name),
        "transfer": transfer,
        "tone": TONES[transfer.state],
        "facts": facts_of(transfer),
        "steps": [
            {
                "label": step.label_for(transfer),
                "url": reverse("members:transfer-step", args=[pk, name]),
                "is_main": step.is_main,
            }
            for name, step in STEPS.items()
            if step.is_open(transfer, user)
        ],
        "paper_label": "介绍信" if transfer.serial else "回执",
        "may_print": may_print,
        "may_amend": may_amend,
        "new": Transfer.objects.visible_to(user).filter(replaces=transfer).first(),
    }
    return render(request, "members/transfer_detail.html", context)


def visible_transfer(request: HttpRequest, pk: int) -> Transfer:
    return get_object_or_404(
        Transfer.objects.visible_to(request.user).select_related(
            "member", "source", "target", "issuer", "replaces", "batch"
        ),
        pk=pk,
    )


def crumbs(last: str) -> list[tuple[str, str]]:
    return [
        ("党员名册", reverse("members:list")),
        (TITLE, reverse("members:transfer-list")),
        (last, ""),
    ]


def facts_of(transfer: Transfer) -> list[tuple[str, object]]:
    is_in = transfer.direction == TransferDirection.IN
    facts: list[tuple[str, object]] = [
        ("姓名", transfer.member.name),
        ("人员类别", transfer.member.get_member_type_display()),
        ("转接方式", transfer.get_direction_display()),
        ("转出党组织", transfer.origin_name),
        ("转往", transfer.destination_name),
        ("转入依据" if is_in else "去向", transfer.get_destination_display()),
        ("党费交至", f"{transfer.dues_paid_to:%Y-%m}"),
    ]
    if transfer.direction != TransferDirection.WITHIN:
        facts += [
            ("来函编号" if is_in else "介绍信编号", transfer.number),
            ("开具日期", transfer.issued_on or ""),
            ("有效期至", transfer.last_day or ""),
        ]
    if transfer.direction == TransferDirection.OUT:
        facts.append(("介绍信抬头", transfer.addressee))
    facts += [
        ("接收日期", transfer.accepted_on or ""),
        ("回执寄出日期" if is_in else "回执日期", transfer.receipt_on or ""),
        ("转接原因", transfer.reason),
    ]
    if transfer.closing_note:
        facts.append(("办结说明", transfer.closing_note))
    return facts

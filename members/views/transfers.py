"""Moving the formal relation: the register, one transfer, its steps and its letter."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.paging import page_by_key
from config.lib.versions import StaleError
from members import rules
from members.choices import AffiliationKind, TransferDirection, TransferState
from members.forms.members import add_service_error
from members.forms.transfers import TransferForm
from members.models import Affiliation, Transfer
from members.parameters import USUAL_DAYS
from members.rules import transfers as transfer_rules
from members.services.transfers import draft_transfer
from members.services.viewing import record_view
from members.views.members import member_crumbs, require_right
from members.views.transfer_steps import STEPS, holds
from organizations import parameters
from organizations.access import Right, require

TITLE = "组织关系转接"
_STUCK, _RECEIPT = "stuck", "receipt"
_GROUPS = {
    "": ("在办", [TransferState.DRAFTED, TransferState.ISSUED]),
    _STUCK: ("过期和遗失", [TransferState.EXPIRED, TransferState.LOST]),
    _RECEIPT: ("待回执", [TransferState.ACCEPTED]),
    "all": ("全部", list(TransferState)),
}
_TONES = {
    TransferState.DRAFTED: "info",
    TransferState.ISSUED: "info",
    TransferState.ACCEPTED: "ok",
    TransferState.RECEIPTED: "ok",
    TransferState.EXPIRED: "bad",
    TransferState.LOST: "bad",
    TransferState.WITHDRAWN: "mute",
}


@require_GET
def transfer_list(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.VIEW_MEMBERS)
    group = request.GET.get("group", "")
    if group not in _GROUPS:
        group = ""
    transfers = Transfer.objects.visible_to(request.user)
    found = transfers.filter(state__in=_GROUPS[group][1])
    if group == _RECEIPT:
        found = found.filter(direction=TransferDirection.OUT)
    elif group == _STUCK:  # what another letter stands for is done with
        found = found.filter(replaced_by=None)
    page = page_by_key(
        found.select_related("member", "source", "target"),
        request.GET,
        descending=True,
    )
    for row in page.rows:
        row.tone = _TONES[row.state]
    address = reverse("members:transfer-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("党员名册", reverse("members:list")), (TITLE, "")],
        "page": page,
        "group": group,
        "tabs": [
            {
                "label": label,
                "url": f"{address}?group={key}" if key else address,
                "is_current": key == group,
            }
            for key, (label, _states) in _GROUPS.items()
        ],
    }
    return render(request, "members/transfer_list.html", context)


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
    way = request.GET.get("way", "")
    way = way if way in TransferDirection.values else TransferDirection.WITHIN
    form = TransferForm(
        request.POST or None, user=request.user, affiliation=affiliation, way=way
    )
    if request.method == "POST" and form.is_valid():
        try:
            transfer = draft_transfer(
                affiliation_id=pk, actor=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, _drafted(transfer))
            return redirect(transfer)
    context = {
        "page_title": TITLE,
        "breadcrumbs": member_crumbs(member, TITLE),
        "tabs": [
            {"label": each.label, "url": f"?way={each}", "is_current": each == way}
            for each in (TransferDirection.WITHIN, TransferDirection.OUT)
        ],
        "form": form,
        "is_draft": True,
        "cancel_url": member.get_absolute_url(),
        "form_note": f"{member.name}，现在册于{affiliation.organization}。"
        "接收之前仍由现支部负责。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/transfer_form.html", context, status=status)


def _drafted(transfer: Transfer) -> str:
    if transfer.direction == TransferDirection.WITHIN:
        return f"已送{transfer.target}，等待对方接收。"
    return "已登记，等待街道开具介绍信。"


@require_GET
def transfer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    transfer = _visible(request, pk)
    context = {
        "page_title": f"{transfer.member.name}的转接",
        "breadcrumbs": _crumbs(transfer.member.name),
        "transfer": transfer,
        "tone": _TONES[transfer.state],
        "facts": _facts(transfer),
        "steps": [
            {
                "label": step.label,
                "url": reverse("members:transfer-step", args=[pk, name]),
                "is_main": step.is_main,
            }
            for name, step in STEPS.items()
            if step.is_open(transfer, request.user)
        ],
        "letter_url": reverse("members:transfer-letter", args=[pk])
        if transfer.serial and holds(request.user, Right.ISSUE_LETTERS, transfer)
        else "",
        "new": Transfer.objects.visible_to(request.user)
        .filter(replaces=transfer)
        .first(),
    }
    return render(request, "members/transfer_detail.html", context)


@require_GET
def transfer_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The three parts of a letter on paper; whoever opens it is written down."""
    transfer = _visible(request, pk)
    require(request.user, Right.ISSUE_LETTERS, transfer.source)
    if not transfer.serial:
        raise Http404
    record_view(member=transfer.member, page="letter", actor=request.user)
    member = transfer.member
    context = {
        "page_title": "打印介绍信",
        "breadcrumbs": _crumbs("打印介绍信"),
        "transfer": transfer,
        "member": member,
        "age": rules.age_on(member.born_on, transfer.issued_on),
        "days": transfer_rules.in_capitals(transfer.valid_days),
    }
    return render(request, "members/transfer_letter.html", context)


@require_http_methods(["GET", "POST"])
def transfer_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a transfer: asked for on GET, taken on POST."""
    transfer = _visible(request, pk)
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
                return redirect(done)
        except StaleError as error:
            # What was typed stays; the page shows how things stand by now.
            status, transfer = 409, _visible(request, pk)
            form.data = form.data.copy()
            form.data["version"] = transfer.version
            form.add_error(None, error)
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "title": wanted.label,
        "page_title": wanted.label,
        "breadcrumbs": _crumbs(wanted.label),
        "question": wanted.question.format(
            transfer=transfer, name=transfer.member.name
        ),
        "consequences": wanted.consequences,
        "facts": _facts(transfer),
        "form": form,
        "confirm_label": wanted.label,
        "is_danger": wanted.is_danger,
        "cancel_url": transfer.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


def _visible(request: HttpRequest, pk: int) -> Transfer:
    return get_object_or_404(
        Transfer.objects.visible_to(request.user).select_related(
            "member", "source", "target", "issuer", "replaces"
        ),
        pk=pk,
    )


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [
        ("党员名册", reverse("members:list")),
        (TITLE, reverse("members:transfer-list")),
        (last, ""),
    ]


def _facts(transfer: Transfer) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("姓名", transfer.member.name),
        ("人员类别", transfer.member.get_member_type_display()),
        ("转出党支部", transfer.source),
        ("转往", transfer.destination_name),
        ("去向", transfer.get_destination_display()),
        ("党费交至", f"{transfer.dues_paid_to:%Y-%m}"),
    ]
    if transfer.direction == TransferDirection.OUT:
        facts += [
            ("介绍信编号", transfer.number),
            ("介绍信抬头", transfer.addressee),
            ("开具日期", transfer.issued_on or ""),
            ("有效期至", transfer.last_day or ""),
        ]
    facts += [
        ("接收日期", transfer.accepted_on or ""),
        ("回执日期", transfer.receipt_on or ""),
        ("转接原因", transfer.reason),
    ]
    if transfer.closing_note:
        facts.append(("办结说明", transfer.closing_note))
    return facts

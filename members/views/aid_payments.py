"""What goes out of mutual aid: entered, waiting for a second person, confirmed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import confirm_page, form_page
from config.lib.money import yuan
from config.lib.paging import page_by_key, total_of
from config.lib.paths import ancestors
from members.choices.mutual import RecipientKind
from members.forms.mutual import (
    HouseholdPaymentForm,
    MemberPaymentForm,
    MutualReasonForm,
    TakeAidForm,
)
from members.models import AidFund, AidPayment, HardshipAid, HardshipCase, Member
from members.mutual import HIDDEN, may_name, name_of, record_named
from members.services.aid_payments import (
    confirm_payment,
    enter_member_payment,
    enter_payment,
    pay_recorded_aid,
    withdraw_payment,
)
from members.services.hardship import roll_of
from members.services.viewing import record_cases
from members.views.mutual_pages import (
    bare_form,
    crumbs,
    fund_crumbs,
    may_confirm_at,
    payment_crumbs,
    seen_fund,
    seen_payment,
)
from organizations.access import Right, require, require_right
from organizations.fund_choices import PaymentState

_WAITING = "互助金支出待确认"
_DONE = "已登记，金额已预留，等另一个人确认。"
_NO_FUND = "还没有能用的互助金账户，请先在“互助金”里设立。"


@require_safe
def aid_payment_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The register of an account; whom each helped stands on no list."""
    fund = seen_fund(request, pk)
    found = AidPayment.objects.visible_to(request.user).filter(fund=fund)
    title = "支出明细"
    is_open = fund.closed_on is None
    return _listed(
        request,
        found,
        f"{fund}{title}",
        fund_crumbs(fund, (title, "")),
        pay_url=reverse("members:aid-pay", args=[pk]) if is_open else "",
    )


@require_safe
def aid_payment_waiting(request: HttpRequest) -> HttpResponse:
    """Payments that wait, of all accounts in scope."""
    require_right(request.user, Right.KEEP_AID)
    found = AidPayment.objects.visible_to(request.user).waiting()
    return _listed(request, found, _WAITING, crumbs((_WAITING, "")))


def _listed(
    request: HttpRequest,
    found: Any,
    title: str,
    where: list[tuple[str, str]],
    **more: Any,
) -> HttpResponse:
    page = page_by_key(
        found.select_related("fund", "lot", "entered_by"), request.GET, descending=True
    )
    context = {
        "page_title": title,
        "breadcrumbs": where,
        "page": page,
        "total": total_of(page, found),
        **more,
    }
    return render(request, "members/aid_payment_list.html", context)


@require_safe
def aid_payment(request: HttpRequest, pk: int) -> HttpResponse:
    payment = seen_payment(request, pk)
    is_own = payment.entered_by == request.user
    may_confirm = may_confirm_at(request, payment.fund)
    is_waiting = payment.state == PaymentState.WAITING
    is_paid = payment.state == PaymentState.PAID
    is_open = payment.fund.closed_on is None
    context = {
        "page_title": str(payment),
        "breadcrumbs": payment_crumbs(payment),
        "payment": payment,
        "facts": [*_told(request, payment), *_hands(payment)],
        "is_own": is_own,
        "may_confirm": is_waiting and may_confirm and not is_own,
        "may_withdraw": (is_waiting and is_open)
        or (is_paid and may_confirm and not is_own),
    }
    return render(request, "members/aid_payment.html", context)


def _hands(payment: AidPayment) -> list[tuple[str, Any]]:
    """Who entered and who confirmed it."""
    return [
        ("登记", _signed(payment.entered_by, payment.entered_at)),
        ("确认", _signed(payment.confirmed_by, payment.confirmed_at) or "还没有"),
    ]


def _signed(who: Any, when: Any) -> str:
    return f"{who}，{timezone.localtime(when):%Y-%m-%d %H:%M}" if who else ""


def _told(request: HttpRequest, payment: AidPayment) -> list[tuple[str, Any]]:
    """What this user is told of it; a look at whom it helped is written down."""
    is_named = may_name(payment, request.user)
    if is_named:
        record_named(payment, request.user)
    facts: list[tuple[str, Any]] = [
        ("账户", payment.fund),
        ("用于", payment.get_recipient_kind_display()),
        ("受助人或去向", name_of(payment) if is_named else HIDDEN),
        ("支出日期", payment.paid_on),
        ("金额" if payment.lot is None else "折价", f"{yuan(payment.amount)} 元"),
        ("凭证号", payment.voucher),
        ("捐助活动", payment.drive or "不指明"),
    ]
    if payment.lot is not None:
        what = f"{payment.lot.item} {payment.quantity} {payment.lot.measure}"
        facts.insert(5, ("物品", what))
    if is_named:
        facts.append(("事由", payment.words))
    if is_named and payment.recipient_kind == RecipientKind.MEMBER:
        facts += [("帮扶形式", payment.kind), ("走访人", payment.visitors)]
        facts.append(("急难原因", payment.urgent_reason))
    return facts


@require_http_methods(["GET", "HEAD", "POST"])
def aid_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """To a household, for whoever sees hardship there; or to another account."""
    fund = seen_fund(request, pk)
    form = HouseholdPaymentForm(
        request.POST or None,
        user=request.user,
        funds=AidFund.objects.visible_to(request.user).filter(pk=pk),
        may_help=request.user.has_right_at(Right.VIEW_HARDSHIP, fund.organization),
    )

    def save(data: dict[str, Any]) -> AidPayment:
        return enter_payment(
            fund_id=pk,
            recipient_kind=data["recipient_kind"],
            recipient=data["recipient"],
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记支出",
        fund_crumbs(fund, ("登记支出", "")),
        fund.get_absolute_url(),
        save,
        _DONE,
        form_note=f"“{fund}”可用 {yuan(fund.balance)} 元（已扣除待确认的）。"
        "发给党员的，请从这位党员的“困难帮扶”页登记；"
        "发给谁只有社区书记和困难帮扶专干能登记、能看到。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def aid_pay_member(request: HttpRequest, pk: int) -> HttpResponse:
    """To a member; his open case, where there is one, gets it once it is confirmed."""
    require_right(request.user, Right.KEEP_AID)
    member = get_object_or_404(Member.objects.cared_for_by(request.user), pk=pk)
    cases = HardshipCase.objects.visible_to(request.user).open()
    known = list(cases.filter(member=member))
    record_cases(cases=known, page="hardship-member", actor=request.user)
    funds = _funds_for(request, member)
    form = MemberPaymentForm(request.POST or None, user=request.user, funds=funds)
    # His record of aid has one; of a member without a case it may stay open.
    form.fields["kind"].required = bool(known)

    def save(data: dict[str, Any]) -> AidPayment:
        return enter_member_payment(
            fund_id=data["fund"].pk,
            member_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        )

    back = reverse("members:member-hardship", args=[pk])
    joined = "确认以后自动记入帮扶记录，不用再登记。" if known else ""
    return form_page(
        request,
        form,
        "从互助金支出",
        [(member.name, member.get_absolute_url()), ("从互助金支出", "")],
        back,
        save,
        _DONE,
        form_note=f"{member.name}。{joined or _NOT_JOINED}"
        + ("" if funds else _NO_FUND),
    )


_NOT_JOINED = "这位党员没有在办的困难帮扶，只记在互助金里。"


def _funds_for(request: HttpRequest, member: Member) -> Any:
    """Accounts that help this member: those his branch lies below."""
    branch = roll_of(member.pk)
    if branch is None:
        raise Http404
    rows = AidFund.objects.visible_to(request.user).open()
    above = rows.filter(organization__path__in=ancestors(branch.path))
    return above.with_money().order_by("organization__path", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
def aid_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Aid that stands in a case already was paid from an account."""
    require_right(request.user, Right.KEEP_AID)
    rows = HardshipAid.objects.visible_to(request.user).counted()
    aid = get_object_or_404(rows.select_related("case__member"), pk=pk)
    record_cases(cases=[aid.case], page="hardship", actor=request.user)
    funds = _funds_for(request, aid.case.member)
    form = TakeAidForm(request.POST or None, user=request.user, funds=funds)
    return form_page(
        request,
        form,
        "记入互助金支出",
        [(aid.case.member.name, aid.case.get_absolute_url()), ("记入互助金支出", "")],
        aid.case.get_absolute_url(),
        lambda data: pay_recorded_aid(
            fund_id=data["fund"].pk, aid_id=pk, actor=request.user
        ),
        _DONE,
        form_note=f"{aid.given_on} {aid.kind} {yuan(aid.amount)} 元，"
        f"凭证号 {aid.voucher_number or '没有'}。日期、金额和凭证号照帮扶记录。"
        + ("" if funds else _NO_FUND),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def aid_payment_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    payment = seen_payment(request, pk)
    require(request.user, Right.CONFIRM_AID, payment.fund.organization)
    consequences = ["确认以后算作已付；撤回要由没有登记这笔的人办理。"]
    if payment.recipient_kind == RecipientKind.MEMBER and payment.case_id:
        consequences.append("同时记入受助党员的帮扶记录。")
    return confirm_page(
        request,
        bare_form(request),
        "确认支出",
        payment_crumbs(payment, "确认支出"),
        payment.get_absolute_url(),
        "凭证和金额已核对，确认这笔支出？",
        consequences,
        lambda data: confirm_payment(payment_id=pk, actor=request.user),
        "已确认。",
        is_danger=False,
        facts=[*_told(request, payment), ("登记人", payment.entered_by)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def aid_payment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    payment = seen_payment(request, pk)
    consequences = ["记录连同原因留存，钱和物品回到账户。"]
    if payment.wrote_aid:
        consequences.append("受助党员的帮扶记录一起撤回。")
    return confirm_page(
        request,
        MutualReasonForm(request.POST or None),
        "撤回支出",
        payment_crumbs(payment, "撤回支出"),
        payment.get_absolute_url(),
        f"撤回“{payment}”？",
        consequences,
        lambda data: withdraw_payment(payment_id=pk, actor=request.user, **data),
        "已撤回。",
        facts=_told(request, payment),
    )

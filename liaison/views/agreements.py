"""Joint-building agreements: the list, one agreement, drafting, signing, ending."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from config.lib.docx import CONTENT_TYPE
from config.lib.errors import RuleError
from config.lib.paging import group_tabs, page_by_key, total_of
from liaison import agreement_text
from liaison.choices.agreements import (
    AGREEMENT_TONES,
    AgreementGroup,
    AgreementState,
)
from liaison.forms.agreements import (
    AgreementAmendForm,
    AgreementFilterForm,
    AgreementForm,
    DiscardForm,
    EndForm,
    ScanForm,
    SignForm,
)
from liaison.models import Agreement
from liaison.parameters.agreements import EXPIRING_DAYS
from liaison.services.agreements import (
    add_scan,
    amend_agreement,
    discard_draft,
    draft_agreement,
    end_agreement,
    sign_agreement,
)
from liaison.services.renewals import renew_agreement
from liaison.views.agreement_detail import detail_context
from liaison.views.agreement_pages import (
    TITLE,
    agreement_crumbs,
    confirm,
    crumbs,
    draft,
    kept_agreement,
    parties_of,
)
from members.views.asking import form_page
from organizations import parameters
from organizations.access import Right, require_right

_TABS = [("", "履行中"), *AgreementGroup.choices]


@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_AGREEMENTS)
    form = AgreementFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group, today = data.get("group", ""), timezone.localdate()
    found = _found(request, data, group) if data else Agreement.objects.none()
    page = page_by_key(
        found.with_numbers(today)
        .select_related("organization")
        .prefetch_related("parties__unit"),
        request.GET,
        "ends_on",
        descending=group in {AgreementGroup.PAST, AgreementGroup.ALL},
    )
    days = parameters.get(EXPIRING_DAYS)
    for agreement in page.rows:
        _show_state(agreement, today, days)
    address = reverse("liaison:agreement-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(
            data.get(name) for name in ("organization", "unit", "field")
        ),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _TABS, group),
    }
    return render(request, "liaison/agreement_list.html", context)


def _show_state(agreement: Agreement, today: date, expiring_days: int) -> None:
    """Set `state`, `state_label` and `state_tone`."""
    state = agreement.state_on(today, expiring_days)
    agreement.state = state
    agreement.state_label = AgreementState(state).label
    agreement.state_tone = AGREEMENT_TONES[AgreementState(state)]


def _found(request: HttpRequest, data: dict[str, Any], group: str) -> Any:
    found, today = Agreement.objects.visible_to(request.user), timezone.localdate()
    found = found.standing()
    if group == AgreementGroup.DRAFT:
        found = found.drafts()
    elif group == AgreementGroup.EXPIRING:
        found = found.expiring(today, parameters.get(EXPIRING_DAYS))
    elif group == AgreementGroup.PAST:
        found = found.past(today)
    elif group != AgreementGroup.ALL:
        found = found.running(today)
    if place := data["organization"]:
        found = found.lying_below([place.path])
    if data["unit"]:
        found = found.filter(parties__unit=data["unit"])
    if data["field"]:
        found = found.filter(pk__in=_in_field(request, data["field"]))
    return found


def _in_field(request: HttpRequest, field: str) -> Any:
    """Ids of agreements with a clause of that field."""
    return (
        Agreement.objects.visible_to(request.user)
        .filter(clauses__field=field)
        .order_by()
        .values("pk")
    )


@require_safe
def agreement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = kept_agreement(request, pk)
    _show_state(agreement, timezone.localdate(), parameters.get(EXPIRING_DAYS))
    context = {
        "page_title": agreement.title,
        "breadcrumbs": crumbs((agreement.title, "")),
        **detail_context(request, agreement),
    }
    return render(request, "liaison/agreement_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_add(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_AGREEMENTS)
    form = AgreementForm(request.POST or None, user=request.user)

    def save(data: dict[str, Any]) -> Agreement:
        return draft_agreement(
            organization_id=data["organization"].pk,
            facts=form.facts(),
            unit_ids=form.unit_ids(),
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "起草共建协议",
        crumbs(("起草共建协议", "")),
        reverse("liaison:agreement-list"),
        save,
        "草稿已保存，接着添加条款。",
        then=lambda agreement: agreement.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = draft(request, pk)
    form = AgreementAmendForm(
        request.POST or None, instance=agreement, user=request.user
    )

    def save(data: dict[str, Any]) -> Agreement:
        return amend_agreement(
            agreement_id=pk,
            facts=form.facts(),
            unit_ids=form.unit_ids(),
            version=data["version"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "修改草稿",
        agreement_crumbs(agreement, "修改草稿"),
        agreement.get_absolute_url(),
        save,
        "已保存。",
        latest=lambda: draft(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_discard(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = draft(request, pk)
    form = DiscardForm(request.POST or None, initial={"version": agreement.version})
    return confirm(
        request,
        form,
        "作废草稿",
        agreement,
        f"作废草稿“{agreement}”？",
        ["作废后不再列出，也不能恢复；系统留存备查。"],
        lambda data: discard_draft(agreement_id=pk, actor=request.user, **data),
        "草稿已作废。",
        latest=lambda: draft(request, pk),
        then=reverse("liaison:agreement-list"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_sign(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = draft(request, pk)
    form = SignForm(
        request.POST or None,
        request.FILES or None,
        parties=parties_of(agreement),
        initial={
            "version": agreement.version,
            "signed_on": min(timezone.localdate(), agreement.starts_on),
        },
    )

    def save(data: dict[str, Any]) -> Agreement:
        return sign_agreement(
            agreement_id=pk,
            signed_on=data["signed_on"],
            signatory=data["signatory"],
            unit_signatories=form.signatories(),
            upload=data["scan"],
            version=data["version"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记签订",
        agreement_crumbs(agreement, "登记签订"),
        agreement.get_absolute_url(),
        save,
        "已登记签订，各条款的应办事项已列出。",
        latest=lambda: draft(request, pk),
        form_note="登记签订以后条款不能再改，各条款按频次列出应办事项，到期前列入待办。",
        submit_label="登记签订",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_scan(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = kept_agreement(request, pk)
    form = ScanForm(request.POST or None, request.FILES or None)
    return form_page(
        request,
        form,
        "上传扫描件",
        agreement_crumbs(agreement, "上传扫描件"),
        agreement.get_absolute_url(),
        lambda data: add_scan(agreement_id=pk, upload=data["scan"], actor=request.user),
        "扫描件已保存。",
        submit_label="上传",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_end(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = kept_agreement(request, pk)
    form = EndForm(request.POST or None, initial={"version": agreement.version})
    return confirm(
        request,
        form,
        "提前终止",
        agreement,
        f"提前终止“{agreement}”？",
        [
            "从这一天起到期的应办事项不用再办；以前的照旧，逾期的仍算逾期。",
            "资源、需求和项目清单不再变动，已登记的都保留。",
        ],
        lambda data: end_agreement(agreement_id=pk, actor=request.user, **data),
        "已登记提前终止。",
        latest=lambda: kept_agreement(request, pk),
    )


@require_POST
def agreement_renew(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = kept_agreement(request, pk)
    try:
        new = renew_agreement(agreement_id=agreement.pk, actor=request.user)
    except RuleError as error:
        messages.error(request, error.messages[0])
        return redirect(agreement)
    messages.success(request, "续签的草稿已起草，单位、条款和清单照原协议，请核对。")
    return redirect(new)


@require_safe
def agreement_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The text in the street's wording, to be signed on paper."""
    agreement = kept_agreement(request, pk)
    content = agreement_text.document(
        agreement, str(agreement.organization), timezone.localtime()
    )
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{agreement.title}.docx"
    )
    return response

"""What agreements owe: the list, evidence, waivers, quarterly reports."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from activities.choices import ActivityState
from activities.models import Activity
from config.lib.errors import RuleError
from config.lib.paging import group_tabs, page_by_key, total_of
from liaison.forms.agreements import EvidenceForm, ReasonForm
from liaison.models import Evidence, Obligation, ResourceUse
from liaison.parameters.agreements import SOON_DAYS
from liaison.services.obligations import (
    give_evidence,
    take_evidence_back,
    waive_obligation,
)
from liaison.views.agreement_detail import show_state
from liaison.views.agreement_pages import (
    agreement_crumbs,
    confirm,
    crumbs,
    kept_agreement,
)
from members.forms.refusals import refusals
from organizations import parameters
from organizations.access import Right, require_right

MOST_OFFERED = 200
_LIST = "应办事项"
_TABS = [("", "逾期未办"), ("soon", "即将到期"), ("all", "全部未办")]


@require_safe
def obligation_list(request: HttpRequest) -> HttpResponse:
    """What is owed and not done, the longest overdue first."""
    require_right(request.user, Right.KEEP_AGREEMENTS)
    group = request.GET.get("group", "")
    found = _found(request, group)
    page = page_by_key(
        found.select_related(
            "agreement__organization", "clause__party__unit", "item__party__unit"
        ),
        request.GET,
        "due_on",
    )
    for obligation in page.rows:
        show_state(obligation)
    address = reverse("liaison:obligation-list")
    context = {
        "page_title": "共建应办事项",
        "breadcrumbs": crumbs((_LIST, "")),
        "page": page,
        "total": total_of(page, found),
        "tabs": group_tabs(address, _TABS, group),
    }
    return render(request, "liaison/obligation_list.html", context)


def _found(request: HttpRequest, group: str) -> QuerySet[Obligation]:
    today = timezone.localdate()
    mine = Obligation.objects.visible_to(request.user).owed().unmet()
    if group == "all":
        return mine
    if group == "soon":
        last = today + timedelta(days=parameters.get(SOON_DAYS))
        return mine.filter(due_on__gte=today, due_on__lte=last)
    return mine.filter(due_on__lt=today)


@require_http_methods(["GET", "HEAD", "POST"])
def obligation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One due date with its evidence; what else was recorded is offered to be added."""
    obligation = visible_obligation(request, pk)
    agreement = kept_agreement(request, obligation.agreement_id)
    offered = _offered(request, obligation)
    form = EvidenceForm(request.POST or None, offered=offered)
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: obligation) as refusal:
            if form.is_valid():
                give_evidence(obligation_id=pk, actor=request.user, **form.chosen())
                messages.success(request, "已作为履行依据。")
                return redirect(obligation)
        status = refusal.status
    is_void = agreement.ended_on is not None and obligation.due_on >= agreement.ended_on
    context = {
        "page_title": f"{obligation.clause or '清单项目'}应办事项",
        "breadcrumbs": agreement_crumbs(agreement, _LIST),
        "agreement": agreement,
        "obligation": obligation,
        "evidence": _evidence(request, obligation),
        "form": form,
        "has_offers": bool(offered),
        "may_add": obligation.waived_at is None and not is_void,
        "is_void": is_void,
    }
    return render(request, "liaison/obligation_detail.html", context, status=status)


def visible_obligation(request: HttpRequest, pk: int) -> Obligation:
    obligation = get_object_or_404(
        Obligation.objects.visible_to(request.user)
        .with_progress()
        .select_related("clause__party__unit", "item__party__unit"),
        pk=pk,
    )
    show_state(obligation)
    return obligation


def _evidence(request: HttpRequest, obligation: Obligation) -> list[Evidence]:
    rows = Evidence.objects.visible_to(request.user).filter(obligation=obligation)
    found = list(rows.select_related("activity", "use__item"))
    counted = set(rows.counted().values_list("pk", flat=True))
    for row in found:
        row.is_counted = row.pk in counted
    return found


def _offered(request: HttpRequest, obligation: Obligation) -> list[tuple[str, str]]:
    """Activities held in the time and resources used, those given already left out."""
    agreement, today = obligation.agreement, timezone.localdate()
    given = obligation.evidence.all()
    uses = (
        ResourceUse.objects.visible_to(request.user)
        .counted()
        .filter(item__agreement=agreement, used_on__gte=obligation.starts_on)
        .exclude(pk__in=[each.use_id for each in given if each.use_id])
        .select_related("item")
    )
    activities = (
        Activity.objects.visible_to(request.user)
        .lying_below([agreement.organization.path])
        .filter(
            state=ActivityState.HELD,
            held_on__gte=obligation.starts_on,
            held_on__lte=today,
        )
        .exclude(pk__in=[each.activity_id for each in given if each.activity_id])
        .select_related("organization")
        .order_by("-held_on", "-pk")
    )
    return [
        *(
            (f"use-{use.pk}", f"{use.used_on} 使用“{use.item}”：{use.words}")
            for use in uses[:MOST_OFFERED]
        ),
        *(
            (
                f"activity-{each.pk}",
                f"{each.held_on} {each.title}（{each.organization.short_name}）",
            )
            for each in activities[:MOST_OFFERED]
        ),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def obligation_waive(request: HttpRequest, pk: int) -> HttpResponse:
    obligation = visible_obligation(request, pk)
    agreement = kept_agreement(request, obligation.agreement_id)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        "登记免办",
        agreement,
        f"{obligation.due_on}到期的“{obligation.words}”这一次不用办？",
        ["只免这一次，条款照旧；免办的不算逾期，也不算已办。"],
        lambda data: waive_obligation(obligation_id=pk, actor=request.user, **data),
        "已登记免办。",
        then=obligation.get_absolute_url(),
    )


@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    obligation = evidence.obligation
    try:
        take_evidence_back(evidence_id=pk, actor=request.user)
    except RuleError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "已不再作为这一项的依据；原来的记录不变。")
    return redirect(obligation)

"""The board of the way into the Party, and one applicant with the next step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.paging import page_by_key, total_of
from config.lib.versions import StaleError, stale_response
from members import rules as people
from members.choices import AffiliationKind, MembershipStatus, MemberType
from members.choices.development import Stage, StepKind
from members.development import (
    TONES,
    applicant_facts,
    next_step,
    timeline,
    with_next,
)
from members.forms.development import (
    ApplicantAddForm,
    ApplicantEditForm,
    DevelopmentSearchForm,
    DevelopmentStepForm,
)
from members.forms.members import add_service_error
from members.forms.refusals import refusals
from members.models import Applicant, DevelopmentStep, Member
from members.parameters.development import development_limits
from members.rules import development as rules
from members.services.development import (
    facts_of,
    record_step,
    register_applicant,
    update_applicant,
)
from members.services.viewing import record_applicant_view
from members.views.members import require_right
from organizations.access import Right, require

TITLE = "发展党员"
_PROBATION, _OVER = "probation", "over"
_GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("申请人", (Stage.APPLICANT,)),
    Stage.ACTIVIST: ("积极分子", (Stage.ACTIVIST,)),
    Stage.CANDIDATE: ("发展对象", (Stage.CANDIDATE,)),
    Stage.PASSED: ("待审批", (Stage.PASSED,)),
    _PROBATION: ("预备党员", ()),
    _OVER: ("已接收和已终止", (Stage.ADMITTED, Stage.CLOSED)),
}


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Who stands where, and who is due for what next."""
    require_right(request, Right.VIEW_MEMBERS)
    today, user = timezone.localdate(), request.user
    group = request.GET.get("stage", "")
    group = group if group in _GROUPS else ""
    form = DevelopmentSearchForm(request.GET)
    word = form.cleaned_data["q"] if form.is_valid() else None
    found: QuerySet
    if group == _PROBATION:
        found = _named(probationers(user), word)
        page = page_by_key(found.with_branch(), request.GET, "joined_on")
        rows = page.rows
    else:
        everybody = Applicant.objects.visible_to(user)
        found = _named(everybody.filter(stage__in=_GROUPS[group][1]), word)
        page = page_by_key(
            found.select_related("organization").prefetch_related("steps"),
            request.GET,
            "applied_on",
            descending=group == _OVER,
        )
        rows = page.rows if group == _OVER else with_next(page.rows, today)
    tabs = _tabs(user, group)
    whole = next(tab["count"] for tab in tabs if tab["is_current"])
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("党员名册", reverse("members:list")), (TITLE, "")],
        "tabs": tabs,
        "form": form,
        "page": page,
        "rows": rows,
        "total": whole if word == "" else total_of(page, found),
        "today": today,
        "is_probation": group == _PROBATION,
        "is_over": group == _OVER,
        "may_add": user.has_right(Right.EDIT_MEMBERS),
    }
    return render(request, "members/development.html", context)


def probationers(user: Any) -> QuerySet[Member]:
    """Members on probation of the rolls in scope."""
    return Member.objects.visible_to(user, kind=AffiliationKind.ON_ROLL).filter(
        member_type=MemberType.PROBATIONARY, status=MembershipStatus.NORMAL
    )


def _named(found: QuerySet, word: str | None) -> QuerySet:
    """Those whose name holds the word; nobody for one that no name can hold."""
    if word is None:
        return found.none()
    if not word:
        return found
    letters = word.strip().lower()
    return found.filter(
        Q(name__contains=word.strip()) | Q(name_initials__startswith=letters)
    )


def _tabs(user: Any, group: str) -> list[dict[str, Any]]:
    counted = Applicant.objects.visible_to(user).order_by().values_list("stage")
    numbers = dict(counted.annotate(number=Count("pk")))
    address = reverse("members:development")
    return [
        {
            "key": key,
            "label": label,
            "url": f"{address}?stage={key}" if key else address,
            "is_current": key == group,
            "count": probationers(user).count()
            if key == _PROBATION
            else sum(numbers.get(stage, 0) for stage in stages),
        }
        for key, (label, stages) in _GROUPS.items()
    ]


@require_http_methods(["GET", "POST"])
def applicant_add(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.EDIT_MEMBERS)
    form = ApplicantAddForm(
        request.POST or None,
        user=request.user,
        initial={"ethnicity": "Han", "applied_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            applicant = register_applicant(
                organization_id=data["organization"].pk,
                applied_on=data["applied_on"],
                actor=request.user,
                **form.values(),
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已登记{applicant.name}的入党申请。")
            return redirect(applicant)
    title = "登记入党申请人"
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(title),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "cancel_url": reverse("members:development"),
        "form_note": "收到入党申请书后登记；一个月内派人谈话。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_GET
def applicant_detail(request: HttpRequest, pk: int) -> HttpResponse:
    applicant = visible_applicant(request, pk)
    record_applicant_view(applicant=applicant, actor=request.user)
    context = _page_of(request, applicant)
    return render(request, "members/applicant.html", context)


def _page_of(request: HttpRequest, applicant: Applicant) -> dict[str, Any]:
    user, today = request.user, timezone.localdate()
    limits, facts = development_limits(), facts_of(applicant)
    is_open = applicant.stage not in {Stage.ADMITTED, Stage.CLOSED}
    may_edit = user.has_right_at(Right.EDIT_MEMBERS, applicant.organization)
    coming = next_step(facts, limits, today) if is_open else None
    may_next = coming is not None and _may(user, applicant, coming.kind)
    context: dict[str, Any] = {
        "page_title": applicant.name,
        "breadcrumbs": crumbs(applicant.name),
        "applicant": applicant,
        "tone": TONES[Stage(applicant.stage)],
        "facts": applicant_facts(applicant, people.age_on(applicant.born_on, today)),
        "entries": timeline(applicant, user, limits),
        "coming": coming,
        "may_next": may_next,
        "may_edit": may_edit and is_open,
    }
    if coming is not None:
        kinds = rules.choices(facts)
        context["others"] = [
            (StepKind(kind).label, _step_url(applicant, kind))
            for kind in kinds
            if kind != coming.kind and _may(user, applicant, kind)
        ]
        context["remaining"] = [
            StepKind(kind).label
            for kind in rules.WAY[rules.WAY.index(coming.kind) + 1 :]
            if not rules.is_done(facts, kind)
        ]
        if may_next and coming.kind in kinds:
            context["form"] = _form(request, applicant, coming.kind, None)
            context["action"] = _step_url(applicant, coming.kind)
    return context


def _may(user: Any, applicant: Applicant, kind: str) -> bool:
    is_above = kind in rules.COMMITTEE_STEPS
    right = Right.APPROVE_STANDING if is_above else Right.EDIT_MEMBERS
    return user.has_right_at(right, applicant.organization)


def _step_url(applicant: Applicant, kind: str) -> str:
    return reverse("members:applicant-step", args=[applicant.pk, kind])


def _form(
    request: HttpRequest, applicant: Applicant, kind: str, data: Any
) -> DevelopmentStepForm:
    return DevelopmentStepForm(
        data,
        user=request.user,
        kind=kind,
        person=applicant,
        branch=applicant.organization,
    )


@require_http_methods(["GET", "POST"])
def applicant_step(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One step of an applicant: what it asks on GET, written down on POST."""
    applicant = visible_applicant(request, pk)
    if kind not in rules.WAY:
        raise Http404
    if not _may(request.user, applicant, kind):
        raise PermissionDenied("您的岗位不能办理这一步，请联系街道工作人员。")
    form = _form(request, applicant, kind, request.POST or None)
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: visible_applicant(request, pk)) as refusal:
            if form.is_valid():
                step = record_step(
                    applicant_id=pk,
                    deed=form.deed(),
                    version=form.cleaned_data["version"],
                    actor=request.user,
                )
                return _stepped(request, step)
        status, applicant = refusal.status, refusal.latest or applicant
    label = StepKind(kind).label
    context = {
        "page_title": f"{applicant.name}：{label}",
        "breadcrumbs": [
            *crumbs(applicant.name)[:-1],
            (applicant.name, applicant.get_absolute_url()),
            (label, ""),
        ],
        "form": form,
        "submit_label": "登记",
        "error_title": "没有登记，请先改正",
        "cancel_url": applicant.get_absolute_url(),
        "form_note": f"依据{rules.source_of(kind)}。"
        + _missing_words(facts_of(applicant), kind),
    }
    return render(request, "members/member_form.html", context, status=status)


def _missing_words(facts: list[rules.Fact], kind: str) -> str:
    needed = rules.missing(facts, kind)
    return f"还须先完成：{'、'.join(needed)}。" if needed else ""


def _stepped(request: HttpRequest, step: DevelopmentStep) -> HttpResponse:
    applicant = step.applicant
    assert applicant is not None
    applicant.refresh_from_db()
    if applicant.member is not None:
        messages.success(
            request,
            f"已批准，{applicant.name}自{applicant.closed_on}起为预备党员，党员档案已建立。",
        )
        return redirect("members:standing", applicant.member_id)
    messages.success(request, f"已登记“{step.get_kind_display()}”。")
    return redirect(applicant)


@require_http_methods(["GET", "POST"])
def applicant_edit(request: HttpRequest, pk: int) -> HttpResponse:
    applicant = visible_applicant(request, pk)
    require(request.user, Right.EDIT_MEMBERS, applicant.organization)
    form = ApplicantEditForm(
        request.POST or None, instance=applicant, user=request.user
    )
    title, back = f"修改{applicant.name}的培养档案", applicant.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            update_applicant(
                applicant_id=pk,
                version=form.cleaned_data["version"],
                actor=request.user,
                **form.values(),
            )
        except StaleError:
            fresh = visible_applicant(request, pk)
            return stale_response(request, form, fresh, title=title, cancel_url=back)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(back)
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(title),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "cancel_url": back,
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


def visible_applicant(request: HttpRequest, pk: int) -> Applicant:
    return get_object_or_404(
        Applicant.objects.visible_to(request.user).select_related("organization"),
        pk=pk,
    )


def crumbs(last: str) -> list[tuple[str, str]]:
    return [
        ("党员名册", reverse("members:list")),
        (TITLE, reverse("members:development")),
        (last, ""),
    ]

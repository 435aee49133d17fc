"""What households asked for: the list that is followed up, one of them, its steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from activities.choices.households import MatterAct, MatterState
from activities.forms.visits import MatterFilterForm, StepForm
from activities.models import MatterStep, VisitMatter
from activities.querysets.households import UNSETTLED
from activities.rules.households import acts_of
from activities.services.visits import take_step
from activities.views.households import (
    MATTER_TONES,
    crumbs,
    require_right,
)
from config.lib.paging import group_tabs, page_by_key, total_of
from config.lib.versions import StaleError, renew
from members.forms.members import add_service_error
from organizations.access import Right, require

TITLE = "走访事项"
_SETTLED = [MatterState.SOLVED, MatterState.REFERRED, MatterState.NOT_POSSIBLE]
_GROUPS: dict[str, tuple[str, dict[str, Any]]] = {
    "": ("待办理", {"state__in": UNSETTLED}),
    "to-answer": ("待答复", {"state__in": _SETTLED, "answered_on__isnull": True}),
    "closed": ("已答复", {"answered_on__isnull": False}),
    "all": ("全部", {}),
}
_HELP = {
    MatterAct.PROGRESS: "做了什么，下一步谁来办",
    MatterAct.SOLVE: "怎样解决的",
    MatterAct.REFER: "转给哪个部门、谁接收的",
    MatterAct.DECLINE: "为什么暂不能解决，以后怎样关照",
    MatterAct.ANSWER: "怎样答复的，住户是否满意",
    MatterAct.REOPEN: "住户不满意在哪里，为什么重新办理",
}


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [crumbs("")[0], (TITLE, reverse("activities:visit-matters")), (last, "")]


@require_GET
def matter_list(request: HttpRequest) -> HttpResponse:
    """What is to be done, the most pressing first."""
    require_right(request, Right.VISIT_HOUSEHOLDS)
    today = timezone.localdate()
    form = MatterFilterForm(request.GET, user=request.user, today=today)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "") if data.get("group") in _GROUPS else ""
    found = VisitMatter.objects.visible_to(request.user).counted()
    found = found.filter(**_GROUPS[group][1]) if form.is_valid() else found.none()
    if data.get("kind"):
        found = found.filter(kind=data["kind"])
    if data.get("organization"):
        found = found.filter(visit__organization__in=form.organizations())
    if month := data.get("month"):
        found = found.filter(
            visit__visited_on__gte=month.start, visit__visited_on__lt=month.end
        )
    page = page_by_key(
        found.select_related("visit__household__community", "visit__organization"),
        request.GET,
        "due_on",
        descending=group in {"closed", "all"},
    )
    for row in page.rows:
        row.tone = MATTER_TONES[row.state]
        row.is_overdue = not row.is_closed and row.due_on < today
    address = reverse("activities:visit-matters")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [crumbs("")[0], (TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": form.is_filtered,
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(
            address,
            ((key, label) for key, (label, _condition) in _GROUPS.items()),
            group,
        ),
    }
    return render(request, "activities/visit_matter_list.html", context)


@require_GET
def matter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    matter = _visible_matter(request, pk)
    acts = acts_of(matter.state, matter.is_closed)
    if matter.visit.is_withdrawn:
        acts = ()
    steps = MatterStep.objects.visible_to(request.user).filter(matter=matter)
    today = timezone.localdate()
    context = {
        "page_title": f"{matter.visit.household.door}：{matter.get_kind_display()}",
        "breadcrumbs": _crumbs(matter.visit.household.door),
        "matter": matter,
        "tone": MATTER_TONES[matter.state],
        "is_overdue": not matter.is_closed and matter.due_on < today,
        "facts": _facts(matter),
        "steps": list(steps.select_related("recorded_by")),
        "acts": [
            {
                "label": MatterAct(act).label,
                "url": reverse("activities:visit-matter-step", args=[pk, act]),
                "is_main": act in {MatterAct.SOLVE, MatterAct.ANSWER},
            }
            for act in acts
        ],
    }
    return render(request, "activities/visit_matter.html", context)


@require_http_methods(["GET", "POST"])
def matter_step(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One step of a matter: asked for on GET, taken on POST."""
    if act not in MatterAct.values:
        raise Http404
    matter = _visible_matter(request, pk)
    require(request.user, Right.VISIT_HOUSEHOLDS, matter.visit.household.organization)
    label = str(MatterAct(act).label)
    form = StepForm(request.POST or None, instance=matter)
    form.fields["words"].help_text = _HELP[MatterAct(act)]
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                take_step(
                    matter_id=pk,
                    act=act,
                    taken_on=form.cleaned_data["day"],
                    words=form.cleaned_data["words"],
                    version=form.cleaned_data["version"],
                    actor=request.user,
                )
                messages.success(request, "已登记。")
                return redirect(matter)
        except VisitMatter.DoesNotExist as error:
            raise Http404 from error
        except StaleError as error:
            status, matter = 409, _visible_matter(request, pk)
            renew(form, matter.version, error)
        except ValidationError as error:
            add_service_error(form, error)
    context = {
        "title": label,
        "page_title": label,
        "breadcrumbs": _crumbs(label),
        "question": f"{label}：{matter.content}",
        "facts": _facts(matter),
        "form": form,
        "confirm_label": f"保存“{label}”",
        "cancel_url": matter.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


def _visible_matter(request: HttpRequest, pk: int) -> VisitMatter:
    rows = VisitMatter.objects.visible_to(request.user).select_related(
        *("visit__household__community", "visit__household__organization"),
        "visit__organization",
    )
    return get_object_or_404(rows, pk=pk)


def _facts(matter: VisitMatter) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("住户", matter.visit.household.door),
        ("类别", matter.get_kind_display()),
        ("事项", matter.content),
        ("走访日期", matter.visit.visited_on),
        ("承办人", matter.handler),
        ("承诺办结日期", matter.due_on),
    ]
    if matter.settled_on:
        facts.append(("办结日期", matter.settled_on))
    if matter.answered_on:
        facts.append(("答复日期", matter.answered_on))
    return facts

"""Units with another rhythm of feedback than their street's."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.paging import page_by_key
from liaison.choices import PeriodKind
from liaison.forms.rounds import ScheduleForm
from liaison.models import UnitSchedule
from liaison.services.periods import streets_of
from liaison.services.schedules import next_starts, set_schedule
from liaison.views.periods import LIST
from members.views.asking import form_page
from organizations import parameters
from organizations.access import Right, require_right
from organizations.models import Organization, WorkUnit

TITLE = "另定反馈周期的单位"


@require_GET
def schedule_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.ISSUE_FEEDBACK)
    today = timezone.localdate()
    rows = (
        UnitSchedule.objects.visible_to(request.user)
        .not_over(today)
        .select_related("work_unit", "set_by")
    )
    page = page_by_key(rows, request.GET, "pk")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(LIST, reverse("liaison:period-list")), (TITLE, "")],
        "page": page,
        "total": rows.count(),
        "today": today,
        "general": PeriodKind(parameters.get("liaison.feedback_period")).label,
    }
    return render(request, "liaison/schedule_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another rhythm for one unit, or the street's own again."""
    require_right(request.user, Right.ISSUE_FEEDBACK)
    unit = get_object_or_404(WorkUnit.objects.visible_to(request.user), pk=pk)
    street = next(iter(streets_of(request.user)), None)
    if street is None:
        raise Http404
    latest = UnitSchedule.objects.filter(
        organization=street, work_unit=unit, ends_on__isnull=True
    ).first()
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        general=parameters.get("liaison.feedback_period"),
        initial={"kind": latest.kind, "reason": latest.reason} if latest else None,
    )
    crumbs = [
        (LIST, reverse("liaison:period-list")),
        (TITLE, reverse("liaison:schedule-list")),
        (unit.name, ""),
    ]

    def save(data: dict[str, Any]) -> None:
        set_schedule(
            street=street,
            unit_id=unit.pk,
            kind=data["kind"],
            reason=data["reason"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        f"{unit.name}的反馈周期",
        crumbs,
        reverse("liaison:schedule-list"),
        save,
        "已保存。",
        form_note=_note(street, unit),
    )


def _note(street: Organization, unit: WorkUnit) -> str:
    """Say from when a change to each rhythm would hold."""
    found = next_starts(street, unit)
    starts = {kind.label: found[kind.value] for kind in PeriodKind}
    if len(days := set(starts.values())) == 1:
        return f"已经写过的期次不变，改动自 {days.pop():%Y-%m-%d} 起。"
    told = "，".join(
        f"改为{label}自 {day:%Y-%m-%d} 起" for label, day in starts.items()
    )
    return f"已经写过的期次不变。{told}。"

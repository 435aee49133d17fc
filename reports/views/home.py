"""The first page: a dashboard for who sees reports, the way to work for others."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.lib import registry
from config.lib.errors import RuleError
from config.lib.periods import Month
from organizations import parameters
from organizations.access import Right
from organizations.forms.parameters import shown_value
from reports import dashboard, todo
from reports.monthly import month_of
from reports.services import summaries


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    if not user.has_right(Right.VIEW_REPORTS):
        context = {"todos": todo.todos(user, today), "page_title": "工作台"}
        return render(request, "reports/home_plain.html", context)
    organization = dashboard.chosen_organization(
        user, request.GET.get("organization", "")
    )
    if organization is None:
        raise Http404
    months = summaries.kept_months(today)
    month = _month(request.GET.get("month", ""), months)
    with parameters.together():
        board = dashboard.dashboard(user, organization, month, today)
        todos = todo.todos(user, today)
    roots = dashboard.roots(user)
    context: dict[str, Any] = {
        "board": board,
        "breadcrumbs": board.breadcrumbs if len(board.breadcrumbs) > 1 else [],
        "roots": [
            {
                "label": str(root),
                "url": f"?organization={root.pk}",
                "is_current": root == organization,
            }
            for root in roots
        ]
        if len(roots) > 1
        else [],
        "todos": todos,
        "months": months[::-1],
        "is_current": month == months[-1],
        "may_export": user.has_right_at(Right.EXPORT, organization),
    }
    return render(request, "reports/home.html", context)


def _month(label: str, months: list[Month]) -> Month:
    """The month asked for; this month for nonsense and for months not kept."""
    try:
        asked = month_of(label) if label else months[-1]
    except RuleError:
        return months[-1]
    return asked if asked in months else months[-1]


@require_GET
def alert(request: HttpRequest, key: str) -> HttpResponse:
    """List what one warning asks to do, fifty a page."""
    user, today = request.user, timezone.localdate()
    try:
        found = registry.alert(key)
    except KeyError:
        raise Http404 from None
    if not user.has_right(found.right):
        raise PermissionDenied("您的岗位不办理这类事项。")
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isdigit() and 1 <= int(asked) < 10_000 else 1
    lines, has_more = todo.lines(found, user, today, page)
    if found.record_shown is not None:
        found.record_shown(user, [line.item.subject for line in lines])
    context = {
        "alert": found,
        "tone": todo.TONES[found.level],
        "level": todo.LEVELS[found.level],
        "lines": lines,
        "total": todo.count(found, user, today),
        "previous_url": f"?page={page - 1}" if page > 1 else "",
        "next_url": f"?page={page + 1}" if has_more else "",
    }
    return render(request, "reports/alert.html", context)


@require_GET
def definitions(request: HttpRequest) -> HttpResponse:
    """Every figure, share and warning with its definition, source and threshold."""
    specs = {spec.key: spec for spec in parameters.specs()}
    with parameters.together():
        values = {key: parameters.get(key) for key in specs}
        alerts = [
            (
                each,
                todo.LEVELS[each.level],
                [
                    f"{specs[key].label}：{shown_value(specs[key], values[key])}"
                    for key in each.parameters
                    if key in specs
                ],
            )
            for each in registry.alerts()
        ]
    names = {each.key: each.name for each in registry.indicators()}
    context = {
        "indicators": registry.indicators(),
        "rates": [
            (rate, names[rate.part], names[rate.whole]) for rate in registry.rates()
        ],
        "alerts": alerts,
    }
    return render(request, "reports/definitions.html", context)

"""One page with everything of a work unit in a year; printed, its summary."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.lib.errors import RuleError
from config.lib.htmx import render_page_or_fragment
from config.lib.periods import Year
from liaison import unit_year as reading
from organizations.access import Right
from organizations.models import WorkUnit


@require_GET
def unit_year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The people's half; the unit's own comes after, as a part of the page."""
    unit, wanted = _asked(request, pk, year)
    context = {
        **_head(request, unit, year),
        "found": reading.unit_people(request.user, unit, wanted),
        "earlier": year - 1,
        "later": year + 1 if year < timezone.localdate().year else None,
        "joint_url": reverse("liaison:unit-joint", args=[pk, year]),
    }
    return render(request, "liaison/unit_year.html", context)


@require_GET
def unit_joint(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """What the unit itself did: a part of its page, or a page where no script runs."""
    unit, wanted = _asked(request, pk, year)
    context = {
        **_head(request, unit, year),
        "found": reading.unit_joint(request.user, unit, wanted),
    }
    return render_page_or_fragment(
        request, "liaison/unit_joint.html", "liaison/_unit_joint.html", context
    )


def _asked(request: HttpRequest, pk: int, year: int) -> tuple[WorkUnit, Year]:
    if not reading.may_see(request.user):
        raise PermissionDenied("单位的共建情况由社区和街道查看。")
    unit = get_object_or_404(WorkUnit.objects.visible_to(request.user), pk=pk)
    try:
        return unit, Year(year)
    except RuleError as error:
        raise Http404 from error


def _head(request: HttpRequest, unit: WorkUnit, year: int) -> dict[str, Any]:
    return {
        "page_title": f"{unit.name}{year}年共建情况",
        "breadcrumbs": [
            ("工作单位", reverse("organizations:work-unit-list")),
            (unit.name, unit.get_absolute_url()),
            (f"{year}年", ""),
        ],
        "unit": unit,
        "year": year,
        "sees_all": request.user.has_right(Right.ISSUE_FEEDBACK),
    }

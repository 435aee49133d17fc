"""One page with everything of a work unit in a year; printed, its summary."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.lib.errors import RuleError
from config.lib.periods import Year
from liaison import unit_year as reading
from organizations.access import Right
from organizations.models import WorkUnit


@require_GET
def unit_year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """What the unit's people and the unit did, in the user's scope."""
    user = request.user
    if not reading.may_see(user):
        raise PermissionDenied("单位共建全貌由社区和街道查看。")
    unit = get_object_or_404(WorkUnit.objects.visible_to(user), pk=pk)
    this_year = timezone.localdate().year
    try:
        wanted = Year(year)
    except RuleError as error:
        raise Http404 from error
    found = reading.unit_year(user, unit, wanted)
    sees_all = user.has_right(Right.ISSUE_FEEDBACK)
    context = {
        "page_title": f"{unit.name}{year}年共建情况",
        "breadcrumbs": [
            ("工作单位", reverse("organizations:work-unit-list")),
            (unit.name, unit.get_absolute_url()),
            (f"{year}年", ""),
        ],
        "unit": unit,
        "found": found,
        "facts": list(reading.facts(found)),
        "year": year,
        "earlier": year - 1,
        "later": year + 1 if year < this_year else None,
        "sees_all": sees_all,
        "today": timezone.localdate(),
    }
    return render(request, "liaison/unit_year.html", context)

"""Coverage of two-new units: the rates, the list, one unit."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.lib.dates import clean_text
from config.lib.paging import group_tabs, page_by_key, total_of
from members import coverage as reads
from members.forms.coverage import UnitFilterForm, UnitGroup
from members.parameters.coverage import CENSUS_DAYS
from organizations import parameters
from organizations.access import Right, require_right
from organizations.coverage_choices import CoverageForm, UnitState
from organizations.coverage_reads import kept_units, known_units
from organizations.models import RegistryDifference, WorkUnit

TITLE, UNITS = "两新覆盖", "两新单位"
_TABS = [("", "全部"), *UnitGroup.choices]
_TONES = {"": "mute", CoverageForm.NONE: "bad"}
SHOWN = 20


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("members:coverage")), *steps]


def unit_crumbs(unit: WorkUnit, here: str) -> list[tuple[str, str]]:
    return crumbs(
        (UNITS, reverse("members:coverage-units")),
        (unit.name, reverse("members:coverage-unit", args=[unit.pk])),
        (here, ""),
    )


def kept_unit(request: HttpRequest, pk: int) -> WorkUnit:
    """The unit, where the user keeps its coverage."""
    units = known_units(request.user)
    units = units.select_related("community__organization", "organization")
    return get_object_or_404(units, pk=pk)


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Both rates on both bases, by form and by community."""
    require_right(request.user, Right.KEEP_COVERAGE)
    units = reads.with_facts(kept_units(request.user))
    communities = reads.rates_by_community(units)
    total = reads.sum_of(communities)
    forms = dict(reads.by_form(units))
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "total": total,
        "communities": communities,
        "forms": [
            (label, forms.get(value, 0), value)
            for value, label in [*CoverageForm.choices, ("", "还没有核定")]
        ],
    }
    return render(request, "members/coverage_board.html", context)


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    form = UnitFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "")
    found = _found(request, data, group) if data else WorkUnit.objects.none()
    page = page_by_key(reads.in_words(found) if data else found, request.GET, "name")
    offered: set[int] = set()
    if group == UnitGroup.UNDECIDED:
        shown = found.filter(pk__in=[unit.pk for unit in page.rows])
        offered = set(
            reads.followable(shown, request.user).values_list("pk", flat=True)
        )
    for unit in page.rows:
        unit.may_follow = unit.pk in offered
        unit.form_label = _form_label(unit.form)
        unit.form_tone = _TONES.get(unit.form, "ok")
        unit.state_label = UnitState(unit.state).label if unit.state else "没有表"
    address = reverse("members:coverage-units")
    context = {
        "page_title": UNITS,
        "breadcrumbs": crumbs((UNITS, "")),
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(data.get(n) for n in ("q", "community", "kind", "form")),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _TABS, group),
        "group": group,
        "may_follow": bool(offered),
        "today": timezone.localdate(),
    }
    return render(request, "members/coverage_units.html", context)


def _form_label(form: str) -> str:
    return CoverageForm(form).label if form else "还没有核定"


def _found(request: HttpRequest, data: dict[str, Any], group: str) -> Any:
    found = narrowed(reads.with_facts(kept_units(request.user)), group)
    if text := clean_text(data["q"]):
        found = found.filter(Q(name__icontains=text) | Q(credit_code__istartswith=text))
    if data["community"]:
        found = found.filter(community=data["community"])
    if data["kind"]:
        found = found.filter(kind=data["kind"])
    if data["form"]:
        found = reads.operating(found).filter(form=data["form"])
    return found


def narrowed(units: Any, group: str) -> Any:
    """Units of a tab of the list."""
    today = timezone.localdate()
    if group == UnitGroup.OVERDUE:
        return reads.overdue(units, today)
    if group == UnitGroup.UNSURVEYED:
        return reads.unsurveyed(units, today, parameters.get(CENSUS_DAYS))
    if group == UnitGroup.VISIT:
        return reads.to_visit_again(units, today)
    plain = {
        UnitGroup.UNBUILT: reads.unbuilt,
        UnitGroup.UNCOVERED: reads.uncovered,
        UnitGroup.UNDECIDED: reads.undecided,
        UnitGroup.OUT: reads.out_of_business,
    }
    return plain[group](units) if group else units


@require_safe
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    unit = kept_unit(request, pk)
    sheets = list(unit.census_sheets.select_related("recorded_by")[:SHOWN])
    rows = list(unit.coverages.select_related("organization", "decided_by")[:SHOWN])
    sheet = sheets[0] if sheets and sheets[0].ends_on is None else None
    current = rows[0] if rows and rows[0].ends_on is None else None
    today = timezone.localdate()
    proposal = reads.proposal_for(unit, sheet)
    differences = RegistryDifference.objects.visible_to(request.user).open()
    context = {
        "page_title": unit.name,
        "breadcrumbs": crumbs(
            (UNITS, reverse("members:coverage-units")), (unit.name, "")
        ),
        "unit": unit,
        "sheet": sheet,
        "sheets": sheets,
        "current": current,
        "rows": rows,
        "visits": list(unit.door_visits.select_related("recorded_by")[:SHOWN]),
        "proposal": proposal,
        "is_struck": not (unit.is_active and unit.is_resident),
        "is_operating": sheet is not None and sheet.state == UnitState.OPERATING,
        "is_late": current is not None
        and current.due_on is not None
        and current.due_on < today,
        "guiding": unit.instructor_postings.open()
        .select_related("instructor")
        .with_last_days()
        .first(),
        "differences": list(differences.filter(unit=unit).select_related("registry")),
    }
    return render(request, "members/coverage_unit.html", context)

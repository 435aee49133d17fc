"""What pages of funds share: crumbs, scope, tabs of years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from organizations.access import Right, require
from organizations.forms.funds import ReasonlessForm
from organizations.models import FundLine, FundPayment, FundProject, FundYear

TITLE = "经费"


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("organizations:fund-list")), *steps]


def year_crumbs(fund_year: FundYear, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    return crumbs((str(fund_year), fund_year.get_absolute_url()), *steps)


def line_crumbs(line: FundLine, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    return year_crumbs(line.fund_year, (str(line), line.get_absolute_url()), *steps)


def project_crumbs(project: FundProject, here: str = "") -> list[tuple[str, str]]:
    """Down to the project, or to `here`, a page of it."""
    address = project.get_absolute_url() if here else ""
    steps = [(project.title, address), (here, "")][: 2 if here else 1]
    return year_crumbs(project.line.fund_year, *steps)


def year_tabs(address: str, years: Iterable[int], current: int) -> list[dict[str, Any]]:
    """Tabs by year, the latest first; `address` ends where the year is put."""
    return [
        {
            "label": f"{year}年",
            "url": f"{address}{year}",
            "is_current": year == current,
        }
        for year in sorted({*years, current}, reverse=True)
    ]


def seen_line(request: HttpRequest, pk: int) -> Any:
    """The line with its sums, in scope."""
    rows = FundLine.objects.visible_to(request.user).with_money().with_came()
    return get_object_or_404(rows.select_related("fund_year__organization"), pk=pk)


def kept_line(request: HttpRequest, pk: int) -> Any:
    line = seen_line(request, pk)
    require(request.user, Right.KEEP_FUNDS, line.fund_year.organization)
    return line


def seen_project(request: HttpRequest, pk: int) -> Any:
    rows = FundProject.objects.visible_to(request.user).with_money()
    found = rows.select_related("organization", "line__fund_year__organization")
    return get_object_or_404(found, pk=pk)


def kept_project(request: HttpRequest, pk: int) -> Any:
    project = seen_project(request, pk)
    require(request.user, Right.KEEP_FUNDS, project.organization)
    return project


def seen_payment(request: HttpRequest, pk: int) -> FundPayment:
    rows = FundPayment.objects.visible_to(request.user).select_related(
        "line__fund_year__organization",
        *("project", "scan", "entered_by", "confirmed_by", "withdrawn_by"),
    )
    return get_object_or_404(rows, pk=pk)


def may_at(request: HttpRequest, right: Right, fund_year: FundYear) -> bool:
    """Whether something may still be done in the year, and by this user."""
    place = fund_year.organization
    is_open = place.is_open and not fund_year.is_closed
    return is_open and request.user.has_right_at(right, place)


def bare_form(request: HttpRequest) -> ReasonlessForm:
    """A form of nothing but the yes: what is posted may be empty."""
    return ReasonlessForm(request.POST if request.method == "POST" else None)

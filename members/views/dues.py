"""Dues of many: the branches of a month, a branch's month, and what people pay from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.errors import RuleError
from config.lib.paging import page_by_key, total_of
from config.lib.periods import Month, parse_period
from members import search
from members.choices import AffiliationKind, MembershipStatus
from members.dues import (
    KINDS,
    base_rows,
    bases_in,
    branch_months,
    sheet_of,
    standing_words,
    unmarked,
)
from members.forms.dues import (
    CHOSEN_KINDS,
    BasesForm,
    BranchFilterForm,
    MarkForm,
    PeopleFilterForm,
)
from members.models import Member
from members.parameters.dues import MARK_DAY
from members.rules import dues as rules
from members.search import WHOLE_NUMBER_HINT, is_whole_number
from members.services.dues import mark_month
from members.services.dues_bases import set_bases
from members.services.dues_rows import RowsError
from members.views.members import require_right
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization

TITLE = "党费"
MONTHS_SHOWN = 13


def usual_month(today: date) -> Month:
    """The month that is being collected: the last one until its day has passed."""
    month = Month.containing(today)
    return month if today.day > parameters.get(MARK_DAY) else month.previous()


def month_of(label: str) -> Month:
    try:
        period = parse_period(label)
    except RuleError:
        raise Http404 from None
    if not isinstance(period, Month):
        raise Http404
    return period


@require_GET
def dues_branches(request: HttpRequest) -> HttpResponse:
    """How far the branches are with a month."""
    require_right(request, Right.VIEW_MEMBERS)
    usual = usual_month(timezone.localdate())
    shown = [
        Month.containing(rules.step(usual.start, 1 - n)) for n in range(MONTHS_SHOWN)
    ]
    asked = request.GET.copy()
    asked.setdefault("month", usual.label)
    form = BranchFilterForm(
        asked,
        user=request.user,
        months=[(month.label, month.title) for month in shown],
    )
    month, branches = usual, Organization.objects.none()
    if form.is_valid():
        data = form.cleaned_data
        month = month_of(data["month"]) if data["month"] else usual
        branches = (
            Organization.objects.with_members_visible_to(request.user).branches().open()
        )
        if data["organization"]:
            branches = branches.within([data["organization"].path])
        if data["only"]:
            branches = unmarked(branches, month.start)
    page = page_by_key(branches, request.GET, "path")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "tabs": _tabs("branches"),
        "form": form,
        "is_filtered": bool(request.GET.get("organization") or request.GET.get("only")),
        "clear_url": reverse("members:dues-branches"),
        "month": month,
        "page": page,
        "rows": branch_months(page.rows, month.start),
        "total": total_of(page, branches),
        "may_edit": request.user.has_right(Right.EDIT_MEMBERS),
    }
    return render(request, "members/dues_branches.html", context)


@require_GET
def dues_people(request: HttpRequest) -> HttpResponse:
    """How the people stand: paid up to which month, behind by how many."""
    require_right(request, Right.VIEW_MEMBERS)
    today = timezone.localdate()
    if is_whole_number(request.GET.get("q", "")):
        # Away at once, so that the number stays in no address, history or log.
        messages.warning(request, WHOLE_NUMBER_HINT)
        return redirect("members:find")
    form = PeopleFilterForm(request.GET, user=request.user)
    people = Member.objects.none()
    if form.is_valid():
        people = _people(request.user, form.cleaned_data, today)
    columns = ("pk", "name", "branch_name", "dues_standing__paid_to")
    page = page_by_key(
        people.with_branch().values(*columns), request.GET, "name_pinyin"
    )
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, reverse("members:dues-branches")), ("按人", "")],
        "tabs": _tabs("people"),
        "form": form,
        "is_filtered": any(request.GET.get(k) for k in ("organization", "behind")),
        "clear_url": reverse("members:dues-people"),
        "page": page,
        "rows": _standings(page.rows, today),
        "total": total_of(page, people),
    }
    return render(request, "members/dues_people.html", context)


def _people(user: Any, data: dict[str, Any], today: date) -> Any:
    people = Member.objects.visible_to(
        user, kind=AffiliationKind.ON_ROLL, below=data["organization"]
    ).exclude(status=MembershipStatus.SUSPENDED)
    if (found := search.condition(data["q"])) is not None:
        people = people.filter(found)
    if data["behind"] == "none":
        return people.filter(dues_standing=None)
    if data["behind"]:
        latest = rules.step(rules.last_due(today), -int(data["behind"]))
        return people.filter(dues_standing__paid_to__lte=latest)
    return people


def _standings(people: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    bases = bases_in([row["pk"] for row in people], today.replace(day=1))
    for row in people:
        paid_to, base = row["dues_standing__paid_to"], bases.get(row["pk"])
        row["paid_to"] = paid_to
        row["state"], row["tone"] = standing_words(paid_to, today)
        row["kind"] = KINDS[base.kind] if base else ""
        row["due"] = base.monthly if base else None
    return people


@require_http_methods(["GET", "POST"])
def dues_mark(request: HttpRequest, pk: int, label: str) -> HttpResponse:
    """A branch's month: everybody ticked, one button."""
    branch, may_edit = _branch(request, pk)
    month, today = month_of(label), timezone.localdate()
    sheet = sheet_of(request.user, branch, month.start)
    form = MarkForm(request.POST or None, sheet=sheet)
    if request.method == "POST" and form.is_valid():
        try:
            marked = mark_month(
                organization_id=pk,
                month=month.start,
                payments=form.payments,
                paid_on=form.cleaned_data["paid_on"],
                actor=request.user,
            )
        except ValidationError as error:
            _refuse(form, error)
        else:
            again = f"；{marked.known}人此前已经登记" if marked.known else ""
            messages.success(
                request,
                f"已登记{branch}{month.title}党费：{marked.new}人，"
                f"合计{marked.total}元{again}。",
            )
            return redirect("members:dues-mark", pk, month.label)
    context = {
        "page_title": f"{branch}{month.title}党费",
        "breadcrumbs": _crumbs(f"{month.title}登记"),
        "tabs": _branch_tabs(branch, month, "mark"),
        "branch": branch,
        "month": month,
        "is_future": month.start > today,
        "steps": _steps("members:dues-mark", branch, month),
        "sheet": sheet,
        "today": today,
        "form": form,
        "may_edit": may_edit,
    }
    status = 422 if form.errors else 200
    return render(request, "members/dues_mark.html", context, status=status)


@require_http_methods(["GET", "POST"])
def dues_bases(request: HttpRequest, pk: int, label: str) -> HttpResponse:
    """What the people of a branch pay from, from a month on, all in one table."""
    branch, may_edit = _branch(request, pk)
    month = month_of(label)
    rows = base_rows(request.user, branch, month.start)
    form = BasesForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        try:
            number = set_bases(
                organization_id=pk,
                month=month.start,
                bases=form.bases,
                actor=request.user,
            )
        except ValidationError as error:
            _refuse(form, error)
        else:
            text = f"已核定{number}人，从{month.title}起执行。"
            messages.success(request, text if number else "没有变化，未改动。")
            return redirect("members:dues-bases", pk, month.label)
    context = {
        "page_title": f"{branch}党费核定",
        "breadcrumbs": _crumbs("核定基数"),
        "tabs": _branch_tabs(branch, month, "bases"),
        "branch": branch,
        "month": month,
        "steps": _steps("members:dues-bases", branch, month),
        "rows": rows,
        "kinds": CHOSEN_KINDS,
        "form": form,
        "may_edit": may_edit,
    }
    status = 422 if form.errors else 200
    return render(request, "members/dues_bases.html", context, status=status)


def _branch(request: HttpRequest, pk: int) -> tuple[Organization, bool]:
    """The branch in scope and whether one may write there; 404, or 403 for a POST."""
    branch = get_object_or_404(
        Organization.objects.with_members_visible_to(request.user).branches(), pk=pk
    )
    may_edit = request.user.has_right_at(Right.EDIT_MEMBERS, branch)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied("您的岗位不能登记这个支部的党费。")
    return branch, may_edit


def _refuse(form: MarkForm | BasesForm, error: ValidationError) -> None:
    if isinstance(error, RowsError):
        form.refuse(error.rows)
    form.add_error("paid_on" if error.code == "paid_on" else None, error)


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [(TITLE, reverse("members:dues-branches")), (last, "")]


def _steps(name: str, branch: Organization, month: Month) -> list[dict[str, str]]:
    """The month before and the month after."""
    return [
        {"label": other.title, "url": reverse(name, args=[branch.pk, other.label])}
        for other in (month.previous(), month.next())
    ]


def _tabs(current: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": reverse(f"members:dues-{name}"),
            "is_current": name == current,
        }
        for name, label in (("branches", "按支部"), ("people", "按人"))
    ]


def _branch_tabs(
    branch: Organization, month: Month, current: str
) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": reverse(f"members:dues-{name}", args=[branch.pk, month.label]),
            "is_current": name == current,
        }
        for name, label in (("mark", "按月登记"), ("bases", "核定基数"))
    ]

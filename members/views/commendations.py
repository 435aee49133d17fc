"""Commendations: the list of a year, writing one down, taking one back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.paging import page_by_key, total_of
from config.lib.periods import Year
from members.forms.commendations import CommendationFilterForm, CommendationForm
from members.models import Commendation, Member
from members.services.commendations import commend, withdraw_commendation
from members.views.members import member_crumbs, require_right
from organizations.access import Right
from organizations.querysets import within

TITLE = "表彰"
# A year's list is printed as one: no street commends more in a year.
YEAR_SIZE = 300
PATH = "organization__path"


@require_GET
def commendation_list(request: HttpRequest) -> HttpResponse:
    """Who was commended in a year, branch by branch."""
    require_right(request, Right.VIEW_MEMBERS)
    this_year = timezone.localdate().year
    asked = request.GET.copy()
    asked.setdefault("year", str(this_year))
    form = CommendationFilterForm(asked, user=request.user, this_year=this_year)
    found = Commendation.objects.visible_to(request.user).counted()
    year = Year(this_year)
    if form.is_valid():
        data = form.cleaned_data
        year = Year(int(data["year"] or this_year))
        found = found.filter(awarded_on__gte=year.start, awarded_on__lt=year.end)
        if data["organization"]:
            found = found.filter(within([data["organization"].path], PATH))
        for name in ("title", "level"):
            if data[name]:
                found = found.filter(**{name: data[name]})
    else:
        found = found.none()
    page = page_by_key(
        found.select_related("member", "organization"),
        request.GET,
        PATH,
        size=YEAR_SIZE,
    )
    context = {
        "page_title": f"{year.title}表彰",
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "is_filtered": any(
            request.GET.get(name) for name in ("organization", "title", "level")
        ),
        "clear_url": reverse("members:commendation-list"),
        "year": year,
        "page": page,
        "total": total_of(page, found),
    }
    return render(request, "members/commendation_list.html", context)


@require_http_methods(["GET", "POST"])
def commendation_add(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    if not Member.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("您的岗位不能为这位党员登记表彰。")
    form = CommendationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = commend(member_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(error.code if error.code in form.fields else None, error)
        else:
            messages.success(request, f"已登记{member.name}的表彰：{row.title}。")
            return redirect("members:dues", pk)
    context = {
        "page_title": f"登记{member.name}的表彰",
        "breadcrumbs": member_crumbs(member, "登记表彰"),
        "form": form,
        "is_draft": True,
        "submit_label": "登记",
        "cancel_url": reverse("members:dues", args=[pk]),
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def commendation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Commendation.objects.visible_to(request.user)
        .counted()
        .select_related("member", "organization"),
        pk=pk,
    )
    if not request.user.has_right_at(Right.EDIT_MEMBERS, row.organization):
        raise PermissionDenied("您的岗位不能撤回这项表彰。")
    if request.method == "POST":
        withdraw_commendation(row_id=pk, actor=request.user)
        messages.success(request, "已撤回，不再列入年度名单。")
        return redirect("members:commendation-list")
    context = {
        "title": "撤回表彰登记",
        "page_title": "撤回表彰登记",
        "breadcrumbs": member_crumbs(row.member, "撤回表彰登记"),
        "question": f"撤回{row.member.name}“{row.title}”的登记？",
        "facts": [
            ("表彰日期", row.awarded_on),
            ("表彰单位", row.approver),
            ("文号", row.document_number),
        ],
        "consequences": ["登记保留并注明已撤回，不再列入名单和月报。"],
        "confirm_label": "确认撤回",
        "cancel_url": reverse("members:commendation-list"),
    }
    return render(request, "confirm.html", context)

"""Elections of committees: recorded, looked at, approved, taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import GONE
from members.electable import Electable, electable_in
from members.forms.members import add_service_error
from members.forms.teams import (
    PEOPLE_LIST,
    ApprovalForm,
    CandidateFormSet,
    ElectionForm,
    WithdrawForm,
)
from members.models import Candidate
from members.services.elections import (
    approve_election,
    record_election,
    withdraw_election,
)
from members.teams import electing
from members.views.asking import confirm_page, form_page
from members.views.teams import kept_place, may_approve, team_crumbs
from organizations.access import Right
from organizations.models import Election, Organization
from organizations.services.terms import years_of


@require_http_methods(["GET", "HEAD", "POST"])
def election_add(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole result on one page, as the election report has it."""
    place = kept_place(request, pk)
    people = electable_in(place, request.user)
    if request.method == "POST":
        form = ElectionForm(request.POST, user=request.user)
        rows = CandidateFormSet(request.POST, prefix="rows")
        if election := _saved(request, place, form, rows, people):
            elected = election.candidates.filter(is_elected=True).count()
            messages.success(request, f"已登记选举，当选 {elected} 人。")
            return redirect("members:election", election.pk)
    else:
        last = place.terms.current().first()
        initial = {
            "eligible": people.number,
            "term_number": last.number + 1 if last else None,
        }
        form = ElectionForm(user=request.user, initial=initial)
        rows = CandidateFormSet(prefix="rows")
    context = {
        "page_title": "登记选举",
        "breadcrumbs": team_crumbs(place, "登记选举"),
        "place": place,
        "years": years_of(place),
        "form": form,
        "rows": rows,
        "people_list": PEOPLE_LIST,
        "people": people.offered,
        "cancel_url": reverse("members:team", args=[place.pk]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "members/election_form.html", context, status=status)


def _saved(
    request: HttpRequest,
    place: Organization,
    form: ElectionForm,
    rows: Any,
    people: Electable,
) -> Election | None:
    """The election as written down, or None with the reasons on the form."""
    if not (form.is_valid() and rows.is_valid()):
        return None
    votes = rows.votes_of(people)
    if any(row.errors for row in rows):
        return None
    data = form.cleaned_data
    try:
        return record_election(
            organization_id=place.pk,
            ballot=form.ballot(),
            forum=data["forum"],
            votes=votes,
            term_number=data["term_number"],
            note=data["note"],
            request_id=data["request_id"],
            actor=request.user,
            today=timezone.localdate(),
        )
    except ValidationError as error:
        add_service_error(form, error)
    except ObjectDoesNotExist:
        form.add_error(None, GONE)
    return None


def _seen(request: HttpRequest, pk: int) -> Election:
    places = electing(request.user).order_by().values("pk")
    found = Election.objects.visible_to(request.user).counted()
    found = found.filter(organization__in=places)
    found = found.select_related("organization__parent", "recorded_by")
    return get_object_or_404(found, pk=pk)


@require_safe
def election(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    place = found.organization
    is_kept = request.user.has_right_at(Right.KEEP_TEAMS, place)
    is_open = found.approved_on is None
    context = {
        "page_title": f"{found.held_on:%Y-%m-%d} {found.get_kind_display()}",
        "breadcrumbs": team_crumbs(place, "选举记录"),
        "election": found,
        "facts": _facts(found),
        "candidates": list(
            Candidate.objects.visible_to(request.user)
            .filter(election=found)
            .select_related("member")
            .order_by("-is_elected", "-votes", "pk")
        ),
        "may_withdraw": is_kept and is_open,
        "may_approve": is_kept and is_open and may_approve(request, place),
    }
    return render(request, "members/election.html", context)


def _facts(found: Election) -> list[tuple[str, Any]]:
    share = found.present * 100 / found.eligible if found.eligible else 0
    return [
        ("党组织", str(found.organization)),
        ("选举会议", found.get_forum_display()),
        ("应选人数", f"{found.seats} 人"),
        ("应到会", f"{found.eligible} 人"),
        ("实到会", f"{found.present} 人（{share:.1f}%）"),
        ("选票", f"发出 {found.issued}，收回 {found.returned}，有效 {found.valid}"),
        ("批复日期", found.approved_on),
        ("批复文号", found.approval),
        ("说明", found.note),
        ("登记人", str(found.recorded_by)),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def election_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The higher organization's answer."""
    found = _seen(request, pk)
    place = found.organization
    if not may_approve(request, place):
        raise PermissionDenied
    back = reverse("members:election", args=[pk])
    return form_page(
        request,
        ApprovalForm(request.POST or None),
        "登记批复",
        team_crumbs(place, "登记批复"),
        back,
        lambda data: approve_election(
            election_id=pk, actor=request.user, today=timezone.localdate(), **data
        ),
        "已登记批复。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def election_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    place = found.organization
    if not request.user.has_right_at(Right.KEEP_TEAMS, place):
        raise PermissionDenied
    return confirm_page(
        request,
        WithdrawForm(request.POST or None),
        "撤回选举登记",
        team_crumbs(place, "撤回登记"),
        reverse("members:election", args=[pk]),
        f"撤回{place} {found.held_on:%Y-%m-%d} 的{found.get_kind_display()}登记？",
        ["这次选举带来的任职取消，原来的班子和任期恢复。", "记录保留备查。"],
        lambda data: withdraw_election(
            election_id=pk, reason=data["reason"], actor=request.user
        ),
        "已撤回选举登记。",
        then=reverse("members:team", args=[place.pk]),
    )

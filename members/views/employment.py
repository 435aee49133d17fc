"""Who is out of work, the ledger of deeds, and one person's record of employment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.lib.htmx import render_page_or_fragment
from config.lib.paging import page_by_key, total_of
from config.lib.panels import panels_for
from members.employment import (
    TONES,
    LeadTotals,
    disagreement,
    employment_page,
    leads,
    spell_rows,
)
from members.forms.employment import EmploymentFilterForm, LeadFilterForm
from members.models import EmploymentNeed, EmploymentSpell, HelpStep, Lead, Member
from members.services.viewing import record_view
from members.tabs import tabs
from members.views.members import member_crumbs, require_right
from organizations.access import Right

LIST, LEDGER = "就业帮扶", "“双带”台账"


@require_GET
def employment_list(request: HttpRequest) -> HttpResponse:
    """Members out of work: needs, last help, last contact."""
    require_right(request, Right.VIEW_MEMBERS)
    form = EmploymentFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else None
    context = {
        "page_title": LIST,
        "breadcrumbs": [("党员名册", reverse("members:list")), (LIST, "")],
        "form": form,
        "page": employment_page(request.user, data, request.GET, timezone.localdate()),
        "may_edit": request.user.has_right(Right.EDIT_MEMBERS),
        "here": request.get_full_path(),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "clear_url": reverse("members:employment-list"),
        "fragment_target": "#employment-list",
    }
    return render_page_or_fragment(
        request,
        "members/employment_list.html",
        "members/_employment_list.html",
        context,
    )


@require_GET
def lead_list(request: HttpRequest) -> HttpResponse:
    """The ledger of people led into work and services opened."""
    require_right(request, Right.VIEW_MEMBERS)
    form = LeadFilterForm(request.GET, user=request.user, today=timezone.localdate())
    if form.is_valid():
        rows, totals = leads(request.user, form.cleaned_data)
    else:
        rows, totals = Lead.objects.none(), LeadTotals(0, 0, 0, 0)
    page = page_by_key(
        rows.select_related("member", "organization"),
        request.GET,
        "starts_on",
        descending=True,
    )
    context = {
        "page_title": LEDGER,
        "breadcrumbs": [(LIST, reverse("members:employment-list")), (LEDGER, "")],
        "form": form,
        "page": page,
        "total": total_of(page, rows),
        "totals": totals,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "clear_url": reverse("members:lead-list"),
    }
    return render(request, "members/lead_list.html", context)


@require_GET
def employment(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: how it stood and stands, needs, help, deeds."""
    user = request.user
    member = get_object_or_404(Member.objects.visible_to(user), pk=pk)
    record_view(member=member, page="employment", actor=user)
    spells = spell_rows(
        list(EmploymentSpell.objects.visible_to(user).filter(member=member))
    )
    steps = list(
        HelpStep.objects.visible_to(user)
        .filter(member=member)
        .select_related("organization")
    )
    for step in steps:
        step.tone = TONES[step.result]
    context = {
        "page_title": member.name,
        "breadcrumbs": member_crumbs(member, LIST),
        "tabs": tabs(member, "employment", user),
        "member": member,
        "spells": spells,
        "disagreement": disagreement(member, spells),
        "needs": list(
            EmploymentNeed.objects.visible_to(user)
            .filter(member=member)
            .select_related("recorded_by")
        ),
        "steps": steps,
        "leads": list(
            Lead.objects.visible_to(user)
            .filter(member=member)
            .select_related("organization")
        ),
        "panels": panels_for("employment", user, member),
        "may_edit": Member.objects.editable_by(user).filter(pk=pk).exists(),
    }
    return render(request, "members/employment.html", context)

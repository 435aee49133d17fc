"""A card's year: its plan by month, its figures, and the community's summary."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from activities.choices import ActivityState
from activities.models import Activity
from config.lib.periods import Year
from config.lib.versions import StaleError, renew
from liaison.forms.years import InvitationForm, SummaryForm
from liaison.models import CardSummary, LiaisonCard, PlannedInvitation, PostClaim
from liaison.parameters.years import INVITATIONS_A_MONTH
from liaison.rules.years import too_many
from liaison.service_record import records
from liaison.services import years as service
from liaison.views.cards import card_crumbs, kept_card, readable_card
from liaison.year_figures import suggested_summary, year_facts
from members.forms.members import add_service_error
from organizations import parameters
from organizations.access import Right, require

MOST_ACTIVITIES = 100


@require_safe
def card_year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    return _page(request, readable_card(request, pk), _checked(year))


@require_POST
def invitation_add(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    card, year = kept_card(request, pk), _checked(year)
    form = _invitation_form(request, card, year, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            invitation = service.plan_invitation(
                card_id=pk,
                month=data["month"],
                content=data["content"],
                activity_id=data["activity"],
                request_id=data["request_id"],
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已列入年度计划。")
            return redirect("liaison:card-year", pk, invitation.month.year)
    return _page(request, card, year, invitation_form=form)


@require_POST
def invitation_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    invitations = PlannedInvitation.objects.visible_to(request.user)
    invitation = get_object_or_404(
        invitations.select_related("card__organization"), pk=pk
    )
    require(request.user, Right.KEEP_CARDS, invitation.card.organization)
    service.cancel_invitation(invitation_id=pk, actor=request.user)
    messages.success(request, f"已取消“{invitation.content}”的邀请。")
    return redirect("liaison:card-year", invitation.card_id, invitation.month.year)


@require_POST
def summary_write(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    card, year = kept_card(request, pk), _checked(year)
    form = SummaryForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            service.write_summary(
                card_id=pk,
                year=year,
                words=data["words"],
                version=data["version"],
                actor=request.user,
            )
        except StaleError as error:
            latest = _summary(request, card, year)
            renew(form, latest.version if latest else 0, error)
            return _page(request, card, year, summary_form=form, status=409)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "年度小结已保存。")
            return redirect("liaison:card-year", pk, year)
    return _page(request, card, year, summary_form=form)


def _page(
    request: HttpRequest,
    card: LiaisonCard,
    year: int,
    *,
    invitation_form: InvitationForm | None = None,
    summary_form: SummaryForm | None = None,
    status: int = 422,
) -> HttpResponse:
    """The year's page; with a refused form it is 422, or 409 after a quicker one."""
    span = Year(year)
    record = records([card], span.start, span.end)[card.pk]
    planned = list(
        PlannedInvitation.objects.visible_to(request.user)
        .filter(card=card, cancelled_at=None)
        .filter(month__gte=span.start, month__lt=span.end)
    )
    held = PostClaim.objects.visible_to(request.user).filter(
        Q(ends_on=None) | Q(ends_on__gte=span.start), card=card, starts_on__lt=span.end
    )
    summary = _summary(request, card, year)
    may_keep = request.user.has_right_at(Right.KEEP_CARDS, card.organization)
    if may_keep and summary_form is None:
        words = summary.words if summary else suggested_summary(year, record)
        version = summary.version if summary else 0
        summary_form_shown = SummaryForm(initial={"words": words, "version": version})
    else:
        summary_form_shown = summary_form
    may_plan = may_keep and card.ends_on is None
    context = {
        "page_title": f"{card.member.name}的联系卡 {year}年",
        "breadcrumbs": card_crumbs(card, f"{year}年"),
        "card": card,
        "year": year,
        "facts": year_facts(record, len(planned), held.count()),
        "months": _by_month(planned, year),
        "warnings": too_many(
            (row.month for row in planned), parameters.get(INVITATIONS_A_MONTH.key)
        ),
        "summary": summary,
        "summary_form": summary_form_shown,
        "form": (invitation_form or _invitation_form(request, card, year))
        if may_plan
        else None,
        "earlier": year - 1 if year > card.starts_on.year else 0,
        "later": year + 1 if year <= timezone.localdate().year else 0,
        "may_plan": may_plan,
        "may_keep": may_keep,
        "summary_url": reverse("liaison:summary-write", args=[card.pk, year]),
        "plan_url": reverse("liaison:invitation-add", args=[card.pk, year]),
    }
    if invitation_form is None and summary_form is None:
        status = 200
    return render(request, "liaison/card_year.html", context, status=status)


def _by_month(
    planned: list[PlannedInvitation], year: int
) -> list[tuple[int, list[PlannedInvitation]]]:
    found: dict[int, list[PlannedInvitation]] = {}
    for row in planned:
        found.setdefault(row.month.month, []).append(row)
    return sorted(found.items())


def _summary(request: HttpRequest, card: LiaisonCard, year: int) -> Any:
    summaries = CardSummary.objects.visible_to(request.user)
    return summaries.filter(card=card, year=year).select_related("written_by").first()


def _invitation_form(
    request: HttpRequest, card: LiaisonCard, year: int, data: Any = None
) -> InvitationForm:
    today = timezone.localdate()
    coming = (
        Activity.objects.visible_to(request.user)
        .filter(organization=card.organization_id, state=ActivityState.PLANNED)
        .filter(held_on__gte=today)
        .order_by("held_on", "pk")
        .values_list("pk", "held_on", "title")
    )
    month = today if today.year == year else date(year, 1, 1)
    return InvitationForm(
        data,
        year=year,
        activities=[
            (pk, f"{day:%m-%d} {title}") for pk, day, title in coming[:MOST_ACTIVITIES]
        ],
        initial={"month": month.replace(day=1).isoformat()},
    )


def _checked(year: int) -> int:
    if not 1990 <= year <= timezone.localdate().year + 1:
        raise Http404
    return year

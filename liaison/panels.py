"""What the pages of a member and of a work unit show of liaison cards."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from config.lib.panels import register_panel
from config.lib.periods import Year
from liaison import unit_year
from liaison.models import FeedbackPacket, UnitSchedule
from liaison.service_record import open_card_record
from members.choices import Category
from members.models import Member
from organizations.access import Right
from organizations.models import User, WorkUnit

SHOWN = 5


def card_panel(user: User, member: Member) -> dict[str, Any] | None:
    """The open card with this year's times and hours, or the way to one."""
    year = Year.containing(timezone.localdate())
    found = open_card_record(user, member, year.start, year.end)
    if found is None:
        may_open = (
            member.category == Category.IN_POST
            and member.status == Member.Status.NORMAL
            and user.has_right(Right.KEEP_CARDS)
        )
        if not may_open:
            return None
        return {"card": None, "add_url": reverse("liaison:card-add", args=[member.pk])}
    card, record = found
    return {"card": card, "year": year.year, "record": record}


def unit_panel(user: User, unit: WorkUnit) -> dict[str, Any] | None:
    """The way to the unit's year; for those who issue feedback, its packets too."""
    if not unit_year.may_see(user):
        return None
    year = timezone.localdate().year
    context: dict[str, Any] = {
        "year": year,
        "year_url": reverse("liaison:unit-year", args=[unit.pk, year]),
        "is_issuer": user.has_right(Right.ISSUE_FEEDBACK),
    }
    if not context["is_issuer"]:
        return context
    packets = list(
        FeedbackPacket.objects.visible_to(user)
        .filter(work_unit=unit)
        .with_state()
        .select_related("period")
        .order_by("-period__starts_on")[:SHOWN]
    )
    url = reverse("liaison:unit-history", args=[unit.pk])
    schedule = (
        UnitSchedule.objects.visible_to(user)
        .not_over(timezone.localdate())
        .filter(work_unit=unit)
        .last()
    )
    return context | {
        "packets": packets,
        "history_url": url,
        "schedule": schedule,
        "schedule_url": reverse("liaison:schedule-edit", args=[unit.pk]),
    }


register_panel(
    page="member",
    order=30,
    template="liaison/_member_panel.html",
    context_builder=card_panel,
)
register_panel(
    page="work_unit",
    order=30,
    template="liaison/_unit_panel.html",
    context_builder=unit_panel,
)

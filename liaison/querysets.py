"""Reads of the liaison app: cards by their branch, packets by the street or the unit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from organizations.models import Organization
from organizations.querysets import within

if TYPE_CHECKING:
    from config.lib.periods import Period
    from organizations.models import User


class LiaisonCardQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> LiaisonCardQuerySet:
        """Cards of branches in the subtrees where `user` sees members."""
        return self.filter(
            organization__in=Organization.objects.with_members_visible_to(user)
        )

    def open(self) -> LiaisonCardQuerySet:
        return self.filter(ends_on__isnull=True)

    def active_during(self, start: date, end: date) -> LiaisonCardQuerySet:
        """Cards in force at any time of [start, end)."""
        return self.filter(starts_on__lt=end).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=start)
        )


class CardEntryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> CardEntryQuerySet:
        return self.filter(
            card__organization__in=Organization.objects.with_members_visible_to(user)
        )

    def counted(self) -> CardEntryQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def during(self, period: Period) -> CardEntryQuerySet:
        return self.filter(occurred_on__gte=period.start, occurred_on__lt=period.end)


class FeedbackPeriodQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> FeedbackPeriodQuerySet:
        """Rounds of the streets above or at the places where `user` sees members."""
        streets = {path[:6] for path in user.member_paths}
        wanted = within(streets, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()


class FeedbackRemarkQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> FeedbackRemarkQuerySet:
        return self.filter(
            card__organization__in=Organization.objects.with_members_visible_to(user)
        )


class FeedbackPacketQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> FeedbackPacketQuerySet:
        """Packets of streets where `user` issues feedback, or of the user's own unit.

        A packet joins members of many branches, so a branch never reads one whole.
        """
        wanted = within(
            user.rights_paths("issue_feedback"), "period__organization__path"
        )
        own = Q(work_unit__in=user.contact_unit_ids, sent_at__isnull=False)
        return self.filter(own if wanted is None else wanted | own)


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> DeliveryQuerySet:
        wanted = within(
            user.rights_paths("issue_feedback"), "packet__period__organization__path"
        )
        return self.filter(wanted) if wanted is not None else self.none()

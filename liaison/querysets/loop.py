"""Reads of the liaison app: cards by branch, packets by street or unit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)

from liaison.choices import DeliveryState, FeedbackState, PacketState
from members import search
from organizations.models import Organization
from organizations.querysets import BelowQuerySet, within

if TYPE_CHECKING:
    from config.lib.periods import Period
    from organizations.models import User


def in_force_during(start: Any, end: Any, card: str = "") -> Q:
    """Cards in force on any day of [start, end), dates or expressions.

    A card is in force on [starts_on, ends_on): not any more on the day it is closed,
    so that one closed on the day it was opened, a slip, never was. `card` is the way
    to the card from the rows asked, with its underscores.
    """
    starts_on, ends_on = f"{card}starts_on", f"{card}ends_on"
    was_in_force = Q(**{f"{ends_on}__gt": start}) & Q(
        **{f"{ends_on}__gt": F(starts_on)}
    )
    return Q(**{f"{starts_on}__lt": end}) & (
        Q(**{f"{ends_on}__isnull": True}) | was_in_force
    )


class LiaisonCardQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> LiaisonCardQuerySet:
        """Cards of branches in the subtrees where `user` sees members."""
        return self.lying_below(user.member_paths)

    def open(self) -> LiaisonCardQuerySet:
        return self.filter(ends_on__isnull=True)

    def matching(self, text: str) -> LiaisonCardQuerySet:
        """Cards whose number begins with `text`, or whose member is found by it."""
        by_number = Q(number__startswith=text.upper())
        wanted = search.condition(text)
        if wanted is None:
            return self.filter(by_number)
        members = self.model._meta.get_field("member").related_model.objects
        return self.filter(by_number | Q(member__in=members.filter(wanted)))


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

    def issued_by(self, user: User) -> FeedbackPeriodQuerySet:
        """Rounds of the streets where `user` issues feedback."""
        wanted = within(user.rights_paths("issue_feedback"), "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def open(self) -> FeedbackPeriodQuerySet:
        return self.filter(state=FeedbackState.OPEN)


class FeedbackRemarkQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> FeedbackRemarkQuerySet:
        return self.filter(
            card__organization__in=Organization.objects.with_members_visible_to(user)
        )

    def counted(self) -> FeedbackRemarkQuerySet:
        """Remarks on cards that were in force during their round."""
        return self.filter(
            in_force_during(F("period__starts_on"), F("period__ends_on"), "card__")
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

    def originals(self) -> FeedbackPacketQuerySet:
        """Packets themselves, without the supplements that correct them."""
        return self.filter(supplement_number=0)

    def with_state(self) -> FeedbackPacketQuerySet:
        """Annotate `board_state` (a PacketState) and `last_error` of the last attempt.

        What came back counts before what was sent, a failure before an older success.
        """
        last = self._deliveries().order_by("-attempt")
        opened = self._deliveries().filter(opened_at__isnull=False)
        receipts = self.model._meta.get_field("receipt").related_model.objects
        return self.annotate(
            last_state=Subquery(last.values("state")[:1]),
            last_error=Subquery(last.values("error")[:1]),
            board_state=Case(
                When(
                    Exists(receipts.filter(packet=OuterRef("pk"))),
                    then=Value(PacketState.CONFIRMED.value),
                ),
                When(Exists(opened), then=Value(PacketState.OPENED.value)),
                When(
                    last_state=DeliveryState.FAILED,
                    then=Value(PacketState.FAILED.value),
                ),
                When(
                    last_state__in=[DeliveryState.PENDING, DeliveryState.SENDING],
                    then=Value(PacketState.SENDING.value),
                ),
                When(sent_at__isnull=False, then=Value(PacketState.SENT.value)),
                default=Value(PacketState.UNSENT.value),
                output_field=CharField(),
            ),
        )

    def to_hand_over(self) -> FeedbackPacketQuerySet:
        """Packets that nothing was sent of, and whose last attempt is no riddle.

        An attempt broken off half-way may have arrived: a person decides on those. A
        supplement waits until what it corrects has gone.
        """
        last = self._deliveries().order_by("-attempt")
        return self.annotate(
            last_state=Subquery(last.values("state")[:1]),
            last_broken=Subquery(last.values("is_broken_off")[:1]),
        ).filter(
            Q(last_state__isnull=True)
            | Q(last_state=DeliveryState.FAILED, last_broken=False),
            Q(corrects__isnull=True) | Q(corrects__sent_at__isnull=False),
            sent_at__isnull=True,
            receipt__isnull=True,
        )

    def _deliveries(self) -> DeliveryQuerySet:
        model = self.model._meta.get_field("deliveries").related_model
        return model.objects.filter(packet=OuterRef("pk"))


class UnitScheduleQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> UnitScheduleQuerySet:
        """Rhythms set by the streets where `user` issues feedback."""
        wanted = within(user.rights_paths("issue_feedback"), "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def not_over(self, day: date) -> UnitScheduleQuerySet:
        """In force on `day`, or to begin later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def in_force_on(self, day: date) -> UnitScheduleQuerySet:
        return self.not_over(day).filter(starts_on__lte=day)


class FeedbackCheckQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> FeedbackCheckQuerySet:
        return self.filter(
            organization__in=Organization.objects.with_members_visible_to(user)
        )


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> DeliveryQuerySet:
        wanted = within(
            user.rights_paths("issue_feedback"), "packet__period__organization__path"
        )
        return self.filter(wanted) if wanted is not None else self.none()


class ReminderQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ReminderQuerySet:
        """Reminders of the streets where `user` issues feedback."""
        wanted = within(
            user.rights_paths("issue_feedback"),
            "delivery__packet__period__organization__path",
        )
        return self.filter(wanted) if wanted is not None else self.none()

    def reached(self) -> ReminderQuerySet:
        """Reminders that went out, or that may have: only a plain refusal did not."""
        return self.exclude(state=DeliveryState.FAILED, is_broken_off=False)

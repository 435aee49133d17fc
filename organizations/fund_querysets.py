"""Reads of funds: they lie at the organization whose money it is.

Sums are asked of the entries themselves; nothing stores a balance.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, OuterRef, Q, Value

from organizations.fund_choices import FundStage, PaymentState, ReceiptKind
from organizations.querysets import BelowQuerySet
from organizations.sums import exact, total_by

if TYPE_CHECKING:
    from organizations.models import User

# The queryset may not import what holds the rights: organizations.access names it.
_VIEW = "view_funds"


class FundQuerySet(BelowQuerySet):
    """Rows of funds, where `place` leads to the organization whose money it is."""

    place = "line__fund_year__organization"

    def visible_to(self, user: User) -> Self:
        return self.lying_below(user.rights_paths(_VIEW), self.place)

    def with_right(self, user: User, right: str) -> Self:
        return self.lying_below(user.rights_paths(right), self.place)


class FundYearQuerySet(FundQuerySet):
    place = "organization"

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class StepQuerySet(FundQuerySet):
    place = "project__organization"

    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class ReceiptQuerySet(FundQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class PaymentQuerySet(FundQuerySet):
    def waiting(self) -> Self:
        return self.filter(state=PaymentState.WAITING)

    def paid(self) -> Self:
        return self.filter(state=PaymentState.PAID)

    def standing(self) -> Self:
        """Those that take money: paid, or reserved until somebody confirms."""
        return self.exclude(state=PaymentState.WITHDRAWN)


class FundLineQuerySet(FundQuerySet):
    place = "fund_year__organization"

    def with_money(self) -> Self:
        """Annotate `allotted`, `reserved`, `paid`, `earmarked`, `balance`, `free`.

        `allotted` is what came less what was taken back or carried over.
        """
        payments, projects = self._rows("payments"), self._rows("projects")
        of_projects = payments.standing().filter(project__line=OuterRef("pk"))
        return self.annotate(
            allotted=total_by(self._rows("receipts").standing(), "line", "amount"),
            reserved=total_by(payments.waiting(), "line", "amount"),
            paid=total_by(payments.paid(), "line", "amount"),
            granted=total_by(projects.all(), "line", F("allotted") - F("returned")),
            spent=total_by(of_projects, "project__line", "amount"),
        ).annotate(
            earmarked=exact(F("granted") - F("spent")),
            balance=exact(F("allotted") - F("reserved") - F("paid")),
            free=exact(
                F("allotted") - F("reserved") - F("paid") - F("granted") + F("spent")
            ),
        )

    def with_came(self) -> Self:
        """Annotate `came`: what came for the year, whether or not it was carried on."""
        receipts = self._rows("receipts").standing()
        stayed = receipts.exclude(kind=ReceiptKind.CARRIED_OUT)
        return self.annotate(came=total_by(stayed, "line", "amount"))

    def unspent(self, year: int, percent: int) -> Self:
        """Lines of an open year of whose money at least `percent` is not paid."""
        rows = self.filter(fund_year__year=year, fund_year__closed_at__isnull=True)
        return rows.with_money().filter(
            allotted__gt=0,
            paid__lte=exact(F("allotted") * Value(100 - percent) / Value(100)),
        )

    def _rows(self, name: str) -> Any:
        return self.model._meta.get_field(name).related_model.objects


class FundProjectQuerySet(FundQuerySet):
    place = "organization"

    def with_money(self) -> Self:
        """Annotate `reserved`, `paid`, and `left` of what was allotted."""
        payments = self.model._meta.get_field("payments").related_model.objects
        return self.annotate(
            reserved=total_by(payments.waiting(), "project", "amount"),
            paid=total_by(payments.paid(), "project", "amount"),
        ).annotate(
            left=exact(F("allotted") - F("returned") - F("reserved") - F("paid"))
        )

    def under_way(self) -> Self:
        return self.filter(published_on__isnull=True, stopped_on__isnull=True)

    def late(self, today: date) -> Self:
        """Past the planned end and not accepted."""
        return self.under_way().filter(planned_end__lt=today, accepted_on__isnull=True)

    def unpublished(self, before: date | None = None) -> Self:
        """Accepted, before a day where one is given, and not published."""
        rows = self.under_way().filter(stage=FundStage.ACCEPTED)
        return rows.filter(accepted_on__lt=before) if before else rows

    def published(self) -> Self:
        return self.filter(published_on__isnull=False)

    def stopped(self) -> Self:
        return self.filter(stopped_on__isnull=False)

    def of_year(self, year: int) -> Self:
        return self.filter(Q(line__fund_year__year=year))

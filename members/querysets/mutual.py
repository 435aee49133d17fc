"""Reads of mutual aid: accounts lie at the organization that keeps them.

Sums are asked of the entries themselves; nothing stores a balance. Whom a payment
helped is told by `members.mutual.may_name`, not by these.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from members.choices.mutual import DONORS, HELPED, GiftForm
from organizations.fund_choices import PaymentState
from organizations.querysets import BelowQuerySet
from organizations.sums import exact, total_by

if TYPE_CHECKING:
    from organizations.models import User

# The queryset may not import what holds the rights: organizations.access names it.
_KEEP = "keep_aid"


class OfFundQuerySet(BelowQuerySet):
    """Rows of an account, where `place` leads to the organization that keeps it."""

    place = "fund__organization"

    def visible_to(self, user: User) -> Self:
        return self.with_right(user, _KEEP)

    def with_right(self, user: User, right: str) -> Self:
        return self.lying_below(user.rights_paths(right), self.place)

    def _rows(self, name: str) -> Any:
        return self.model._meta.get_field(name).related_model.objects


class AidFundQuerySet(OfFundQuerySet):
    place = "organization"

    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def of_year(self, year: int) -> Self:
        """Those that were open on some day of the year."""
        lasted = Q(closed_on__isnull=True) | Q(closed_on__year__gte=year)
        return self.filter(lasted, opened_on__year__lte=year)

    def with_money(self) -> Self:
        """Annotate `came`, `reserved`, `paid`, `balance` of money, and goods' worth.

        `stock_value` is the worth of goods still there.
        """
        gifts, payments = self._rows("donations").standing(), self._rows("payments")
        money, goods = gifts.filter(form=GiftForm.MONEY), gifts.goods()
        of_money = payments.filter(lot__isnull=True)
        given_out = payments.standing().filter(lot__isnull=False)
        return self.annotate(
            came=total_by(money, "fund", "amount"),
            goods_came=total_by(goods, "fund", "amount"),
            reserved=total_by(of_money.waiting(), "fund", "amount"),
            paid=total_by(of_money.paid(), "fund", "amount"),
            goods_out=total_by(given_out, "fund", "amount"),
        ).annotate(
            balance=exact(F("came") - F("reserved") - F("paid")),
            stock_value=exact(F("goods_came") - F("goods_out")),
        )

    def with_year(self, year: int) -> Self:
        """Annotate what came and went out in a year, as it is made public.

        `year_left` is money at its end, or so far; what waits is not paid yet.
        """
        gifts, payments = self._rows("donations").standing(), self._rows("payments")
        money, paid = gifts.filter(form=GiftForm.MONEY), payments.paid()
        of_money = paid.filter(lot__isnull=True)
        came, went = {"donated_on__year": year}, {"paid_on__year": year}
        ever = money.filter(donated_on__year__lte=year)
        gone = of_money.filter(paid_on__year__lte=year)
        return self.annotate(
            year_came=total_by(money.filter(**came), "fund", "amount"),
            year_goods=total_by(gifts.goods().filter(**came), "fund", "amount"),
            year_paid=total_by(of_money.filter(**went), "fund", "amount"),
            year_given=total_by(
                paid.filter(lot__isnull=False, **went), "fund", "amount"
            ),
            year_helped=_count(paid.helping().filter(**went), "fund"),
            year_left=exact(
                total_by(ever, "fund", "amount") - total_by(gone, "fund", "amount")
            ),
        )


class AidDriveQuerySet(OfFundQuerySet):
    def with_money(self) -> Self:
        """Annotate what came, from how many, and what of it went out.

        `left` is money that is for this drive and not paid or reserved.
        """
        gifts, payments = self._rows("donations").standing(), self._rows("payments")
        standing = payments.standing()
        return self.annotate(
            came=total_by(gifts.filter(form=GiftForm.MONEY), "drive", "amount"),
            goods_came=total_by(gifts.goods(), "drive", "amount"),
            spent=total_by(standing.filter(lot__isnull=True), "drive", "amount"),
            paid=total_by(payments.paid(), "drive", "amount"),
            **{f"from_{kind}": _count(gifts.of_kind(kind), "drive") for kind in DONORS},
            helped=_count(payments.paid().helping(), "drive"),
        ).annotate(left=exact(F("came") - F("spent")))

    def unpublished(self, before: date) -> Self:
        """Over before that day, and not published."""
        return self.filter(ends_on__lt=before, published_on__isnull=True)

    def received(self) -> Self:
        """Those to which something was given: the rest has nothing to publish."""
        gifts = self._rows("donations").standing()
        return self.filter(Exists(gifts.filter(drive=OuterRef("pk"))))

    def published(self) -> Self:
        return self.filter(published_on__isnull=False)


class DonationQuerySet(OfFundQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def goods(self) -> Self:
        return self.filter(form=GiftForm.GOODS)

    def of_kind(self, kind: str) -> Self:
        return self.filter(donor_kind=kind)

    def by_donors(self) -> Self:
        """Gifts, without what offices put in."""
        return self.filter(donor_kind__in=DONORS)

    def with_left(self) -> Self:
        """Annotate `left` pieces in stock, and `value_left`, of goods."""
        given_out = self._rows("given_out").standing()
        pieces = given_out.order_by().filter(lot=OuterRef("pk")).values("lot")
        counted = Subquery(pieces.annotate(n=Sum("quantity")).values("n"))
        return self.annotate(
            left=F("quantity") - Coalesce(counted, Value(0), output_field=_WHOLE),
            value_left=exact(F("amount") - total_by(given_out, "lot", "amount")),
        )

    def in_stock(self) -> Self:
        return self.standing().goods().with_left().filter(left__gt=0)


class AidPaymentQuerySet(OfFundQuerySet):
    def waiting(self) -> Self:
        return self.filter(state=PaymentState.WAITING)

    def paid(self) -> Self:
        return self.filter(state=PaymentState.PAID)

    def standing(self) -> Self:
        """Those that take something: paid, or reserved until somebody confirms."""
        return self.exclude(state=PaymentState.WITHDRAWN)

    def helping(self) -> Self:
        return self.filter(recipient_kind__in=HELPED)


_WHOLE: Any = IntegerField()


def _count(rows: Any, by: str) -> Coalesce:
    found = rows.order_by().filter(**{by: OuterRef("pk")}).values(by)
    number = Subquery(found.annotate(n=Count("pk")).values("n"))
    return Coalesce(number, Value(0), output_field=_WHOLE)

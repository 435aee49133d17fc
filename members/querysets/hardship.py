"""Reads of the care for members in difficulty.

Two doors and no other: the branch where somebody is on the roll, and, once he is on
none, whoever recognizes cases above the branch that filed his.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from members.choices import AffiliationKind
from members.choices.hardship import CaseState
from members.rules.hardship import OPEN_STATES, WAITING_STATES
from organizations.querysets import LiesBelow

if TYPE_CHECKING:
    from organizations.models import User

_SEES, _RECOGNIZES = "view_hardship", "recognize_hardship"


class HardshipCaseQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> HardshipCaseQuerySet:
        """Cases of people on the roll where `user` may see hardship."""
        roots = tuple(user.rights_paths(_SEES))
        if not roots:
            return self.none()
        rolls = _rolls(self.model)
        seen = Q(member__in=rolls.filter(LiesBelow(roots)).values("member"))
        if above := tuple(user.rights_paths(_RECOGNIZES)):
            seen |= Q(LiesBelow(above)) & ~Q(member__in=rolls.values("member"))
        return self.filter(seen)

    def open(self) -> HardshipCaseQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> HardshipCaseQuerySet:
        return self.filter(state__in=WAITING_STATES)

    def recognized(self) -> HardshipCaseQuerySet:
        return self.filter(state=CaseState.RECOGNIZED)

    def with_branch(self) -> HardshipCaseQuerySet:
        """Annotate `branch_id` and `branch_name`: of the roll, else that filed it."""
        roll = _rolls(self.model).filter(member=OuterRef("member"))
        return self.annotate(
            is_gone=~Exists(roll),
            branch_id=Coalesce(
                Subquery(roll.values("organization")[:1]),
                F("organization"),
                output_field=models.BigIntegerField(),
            ),
            branch_name=Coalesce(
                Subquery(roll.values("organization__short_name")[:1]),
                F("organization__short_name"),
            ),
        )

    def with_aid_of(self, year: int) -> HardshipCaseQuerySet:
        """Annotate `aid_count` and `aid_sum` of a year; None for no aid."""
        aids = self.model._meta.get_field("aids").related_model.objects
        given = (
            aids.counted()
            .filter(case=OuterRef("pk"), given_on__year=year)
            .order_by()
            .values("case")
        )
        return self.annotate(
            aid_count=Subquery(given.annotate(n=models.Count("pk")).values("n")),
            aid_sum=Subquery(given.annotate(n=models.Sum("amount")).values("n")),
        )

    def with_last_finding(self) -> HardshipCaseQuerySet:
        """Annotate `found_on`: when the case was recognized or reviewed last."""
        findings = self.model._meta.get_field("findings").related_model.objects
        latest = findings.filter(case=OuterRef("pk")).order_by("-starts_on", "-pk")
        return self.annotate(found_on=Subquery(latest.values("starts_on")[:1]))


class OfCaseQuerySet(models.QuerySet):
    """Rows that belong to a case and are seen with it."""

    def visible_to(self, user: User) -> OfCaseQuerySet:
        cases = self.model._meta.get_field("case").related_model.objects
        return self.filter(case__in=cases.visible_to(user).values("pk"))


class HardshipAidQuerySet(OfCaseQuerySet):
    def counted(self) -> HardshipAidQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def with_paid(self) -> HardshipAidQuerySet:
        """Annotate `is_paid`: it goes out of an account of mutual aid."""
        payments = self.model._meta.get_field("payments").related_model.objects
        return self.annotate(
            is_paid=Exists(payments.standing().filter(aid=OuterRef("pk")))
        )


def _rolls(model: type[models.Model]) -> models.QuerySet:
    """Open affiliations on a roll, by the relation: this is loaded before them."""
    member = model._meta.get_field("member").related_model
    affiliations = member._meta.get_field("affiliations").related_model.objects
    return affiliations.open().filter(kind=AffiliationKind.ON_ROLL).order_by()

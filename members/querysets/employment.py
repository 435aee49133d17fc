"""Reads of employment and of the help given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef

from members.rules.employment import AT_WORK, OUT_OF_WORK
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


class OfMemberQuerySet(models.QuerySet):
    """Rows that go with a person: whoever sees him reads them, past branches no more.

    A new branch helps on from where the old one stopped.
    """

    def visible_to(self, user: User) -> Self:
        people = self.model._meta.get_field("member").related_model.objects
        return self.filter(member__in=people.visible_to(user).order_by().values("pk"))


class EmploymentQuerySet(OfMemberQuerySet):
    def counted(self) -> Self:
        """Those that were not withdrawn or corrected."""
        return self.filter(withdrawn_at__isnull=True)

    def written_in(self, user: User) -> Self:
        """Those that branches wrote down where `user` sees members: to be counted."""
        wanted = within(user.member_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()


class EmploymentSpellQuerySet(EmploymentQuerySet):
    def current(self) -> Self:
        """The latest of each person: how it is today."""
        later = self.model.objects.counted().filter(
            member=OuterRef("member"), starts_on__gt=OuterRef("starts_on")
        )
        return self.counted().filter(~Exists(later))

    def out_of_work(self) -> Self:
        return self.filter(status__in=OUT_OF_WORK)

    def reemployed(self) -> Self:
        """Spells of work of somebody who was out of it before."""
        before = self.model.objects.counted().filter(
            member=OuterRef("member"),
            starts_on__lt=OuterRef("starts_on"),
            status__in=OUT_OF_WORK,
        )
        return self.filter(Exists(before), status__in=AT_WORK)

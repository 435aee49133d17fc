"""Reads of projects of community services: they lie where their branch does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from organizations.access import Right
from organizations.querysets import BelowQuerySet, LiesBelow

if TYPE_CHECKING:
    from organizations.models import User


class TakenQuerySet(BelowQuerySet):
    """Rows of a project, where `branch` leads to the branch that keeps it."""

    branch = "organization"

    def visible_to(self, user: User) -> Self:
        """Those of branches where `user` sees members."""
        return self._below(user.member_paths)

    def kept_by(self, user: User) -> Self:
        """Those that `user` may change: as employment, by who looks after members."""
        return self._below(user.rights_paths(Right.EDIT_MEMBERS))

    def counted(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def _below(self, paths: Iterable[str]) -> Self:
        roots = tuple(paths)
        return self.filter(LiesBelow(roots, self.branch)) if roots else self.none()


class ServiceProjectQuerySet(TakenQuerySet):
    def running(self) -> Self:
        return self.counted().filter(closed_on__isnull=True)

    def with_numbers(self) -> Self:
        """Annotate `places` of the open posts and `filled`, who works there now."""
        posts = self.model._meta.get_field("posts").related_model.objects.open()
        placed = posts.model._meta.get_field("placements").related_model.objects
        mine = posts.filter(project=OuterRef("pk")).order_by().values("project")
        working = (
            placed.working()
            .filter(post__project=OuterRef("pk"))
            .order_by()
            .values("post__project")
        )
        return self.annotate(
            places=_number(mine.annotate(number=Sum("places"))),
            filled=_number(working.annotate(number=Count("pk"))),
        )


class ServicePostQuerySet(TakenQuerySet):
    branch = "project__organization"

    def open(self) -> Self:
        return self.counted().filter(ended_on__isnull=True)

    def with_numbers(self) -> Self:
        """Annotate `filled`, and `free_since`: the later of set up and left last."""
        placed = self.model._meta.get_field("placements").related_model.objects
        mine = placed.counted().filter(post=OuterRef("pk")).order_by().values("post")
        working = mine.filter(ends_on__isnull=True).annotate(number=Count("pk"))
        left = mine.annotate(last=Max("ends_on")).values("last")
        last = Subquery(left, output_field=DateField())
        return self.annotate(
            filled=_number(working),
            free_since=Greatest("created_on", Coalesce(last, "created_on")),
        )

    def free(self) -> Self:
        """Posts of running projects at which somebody could still begin."""
        return (
            self.open()
            .filter(project__closed_on__isnull=True)
            .with_numbers()
            .filter(filled__lt=F("places"))
        )


class PlacementQuerySet(TakenQuerySet):
    branch = "post__project__organization"

    def working(self) -> Self:
        return self.counted().filter(ends_on__isnull=True)

    def with_names(self, user: User) -> Self:
        """Annotate `is_named`: whether `user` may read who it is."""
        return self.annotate(is_named=_is_named(self, user))

    def of_people_seen_by(self, user: User) -> Self:
        """Those of members whom `user` sees, wherever they work."""
        return self.filter(_seen(self, user))


class ProjectFounderQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Founders of projects of branches where `user` sees members, and these."""
        roots = tuple(user.member_paths)
        if not roots:
            return self.none()
        return self.filter(
            Q(LiesBelow(roots, "project__organization")) | _seen(self, user)
        )

    def with_names(self, user: User) -> Self:
        """The same of founders."""
        return self.annotate(is_named=_is_named(self, user))


def _number(rows: models.QuerySet) -> Coalesce:
    counted = Subquery(rows.values("number"), output_field=IntegerField())
    return Coalesce(counted, 0)


def _seen(rows: models.QuerySet, user: User) -> Q:
    people = rows.model._meta.get_field("member").related_model.objects
    return Q(member__in=people.visible_to(user).order_by().values("pk"))


def _is_named(rows: models.QuerySet, user: User) -> Case:
    named = When(Q(member__isnull=True) | _seen(rows, user), then=Value(True))
    return Case(named, default=Value(False), output_field=BooleanField())

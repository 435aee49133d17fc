"""Reads of volunteer teams, their rosters and their members' free time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from config.lib.paths import ancestors, successor
from organizations.access import Right
from organizations.querysets import BelowQuerySet, LiesBelow

if TYPE_CHECKING:
    from organizations.models import Organization, User


class VolunteerTeamQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> VolunteerTeamQuerySet:
        """Teams of organizations where `user` sees members."""
        return self.lying_below(user.member_paths)

    def kept_by(self, user: User) -> VolunteerTeamQuerySet:
        """Teams that `user` may act for."""
        return self.lying_below(user.rights_paths(Right.RECORD_ACTIVITIES))

    def open(self) -> VolunteerTeamQuerySet:
        return self.filter(closed_on__isnull=True)

    def serving(self, organization: Organization) -> VolunteerTeamQuerySet:
        """Teams an activity of `organization` may name: its own, above, and below."""
        path = organization.path
        below = Q(organization__path__gte=path, organization__path__lt=successor(path))
        return self.filter(below | Q(organization__path__in=ancestors(path)))

    def with_numbers(self) -> VolunteerTeamQuerySet:
        """Annotate `people`, who is in the team today."""
        now = Q(places__left_on__isnull=True)
        return self.annotate(people=Count("places", filter=now))

    def leaderless(self) -> VolunteerTeamQuerySet:
        places = self.model._meta.get_field("places").related_model.objects
        leaders = places.current().filter(team=OuterRef("pk"), is_leader=True)
        return self.filter(~Exists(leaders))


class TeamPlaceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> TeamPlaceQuerySet:
        """Places in teams that `user` sees."""
        roots = tuple(user.member_paths)
        if not roots:
            return self.none()
        return self.filter(LiesBelow(roots, "team__organization"))

    def current(self) -> TeamPlaceQuerySet:
        return self.filter(left_on__isnull=True)

    def on(self, day: date) -> TeamPlaceQuerySet:
        """Places that hold on `day`."""
        is_left = Q(left_on__isnull=True) | Q(left_on__gt=day)
        return self.filter(is_left, joined_on__lte=day)


class AvailabilityQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AvailabilityQuerySet:
        """Free times of members that `user` sees."""
        from_members = self.model._meta.get_field("member").related_model.objects
        return self.filter(member__in=from_members.visible_to(user))

"""Reads of activities, of who took part, and of programs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery

from activities.choices import ActivityState, Presence
from organizations.models import Organization
from organizations.querysets import BelowQuerySet

if TYPE_CHECKING:
    from config.lib.periods import Period
    from organizations.models import User


class ActivityQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> ActivityQuerySet:
        """Activities organized in the subtrees where `user` sees members."""
        return self.lying_below(user.member_paths)

    def held(self) -> ActivityQuerySet:
        return self.filter(state=ActivityState.HELD)

    def during(self, period: Period) -> ActivityQuerySet:
        return self.filter(held_on__gte=period.start, held_on__lt=period.end)

    def with_present_count(self) -> ActivityQuerySet:
        """Annotate `present_count`; None where nobody was present."""
        participations = self.model._meta.get_field("participations").related_model
        present = (
            participations.objects.filter(
                activity=OuterRef("pk"), presence=Presence.PRESENT
            )
            .order_by()
            .values("activity")
            .annotate(times=Count("pk"))
        )
        return self.annotate(present_count=Subquery(present.values("times")))


class ParticipationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ParticipationQuerySet:
        """Participations of visible members; the activity may be another branch's."""
        from_members = self.model._meta.get_field("member").related_model.objects
        return self.filter(member__in=from_members.visible_to(user))

    def counted(self) -> ParticipationQuerySet:
        """Present at an activity that was held."""
        return self.filter(
            presence=Presence.PRESENT, activity__state=ActivityState.HELD
        )

    def during(self, period: Period) -> ParticipationQuerySet:
        return self.filter(
            activity__held_on__gte=period.start, activity__held_on__lt=period.end
        )


class ActivityPhotoQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ActivityPhotoQuerySet:
        """Photos of activities organized where `user` sees members."""
        return self.filter(
            activity__organization__in=Organization.objects.with_members_visible_to(
                user
            )
        )


class ProgramQuerySet(models.QuerySet):
    def in_force(self, today: date) -> ProgramQuerySet:
        return self.filter(valid_from__lte=today).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=today)
        )

    def of_line(self, line: str) -> ProgramQuerySet:
        """All versions of one program: wu-ge-yi, wu-ge-yi-v2"""
        return self.filter(Q(key=line) | Q(key__startswith=f"{line}-v"))


class AchievementQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AchievementQuerySet:
        from_members = self.model._meta.get_field("member").related_model.objects
        return self.filter(member__in=from_members.visible_to(user))

    def standing(self) -> AchievementQuerySet:
        """Those not withdrawn, confirmed or not."""
        return self.filter(withdrawn_at__isnull=True)

    def waiting(self) -> AchievementQuerySet:
        """Those that the branch has not confirmed yet."""
        return self.standing().filter(confirmed_at__isnull=True)

    def counted(self) -> AchievementQuerySet:
        return self.standing().filter(confirmed_at__isnull=False)

    def during(self, period: Period) -> AchievementQuerySet:
        return self.filter(achieved_on__gte=period.start, achieved_on__lt=period.end)

"""What ends with an organization: its posts, its places, itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.functions import Greatest

from config.lib.versions import save_versioned
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import Community, Organization, Post, WorkUnit
from organizations.services.census import follow_places, hand_over_coverage
from organizations.services.outlines import hand_over_outline

if TYPE_CHECKING:
    from organizations.services.structure import Actor


def mark_closed(
    organization: Organization,
    on_date: date,
    *,
    reason: str,
    merged_into: Organization | None = None,
) -> None:
    """Write the closing; the caller has checked it and holds the lock."""
    organization.closed_on = on_date
    organization.closed_reason = reason
    organization.merged_into = merged_into
    organization.full_clean(validate_unique=False)
    fields = ["closed_on", "closed_reason", "merged_into"]
    save_versioned(organization, version=None, update_fields=fields)
    organization.terms.current().update(ended_on=Greatest(F("starts_on"), on_date))


def end_posts(organization: Organization, on_date: date, actor: Actor) -> None:
    """End the posts held at a closed organization, with one event for each.

    A post that had not begun by then lasts its first day: there is nothing left to
    see, and the row stays as a record.
    """
    posts = Post.objects.filter(organization=organization)
    ending = list(posts.in_force_after(on_date).select_related("user"))
    posts.in_force_after(on_date).update(ends_on=Greatest(F("starts_on"), on_date))
    for post in ending:
        audit.record(
            actor=actor,
            action=AuditAction.POST_ENDED,
            target=post,
            organization=organization,
            details={"user": post.user.username, "role": post.role, "by": "closing"},
        )


def hand_over(source: Organization, target: Organization) -> None:
    """Give the source's community and work units to the target.

    Two communities stay two places on paper; the closed one keeps its name only.
    """
    for unit in WorkUnit.objects.filter(organization=source):
        unit.organization = target
        unit.save(update_fields=["organization"])
    hand_over_coverage(source, target)
    place = Community.objects.filter(organization=source).first()
    if place is None:
        return
    other = Community.objects.filter(organization=target).first()
    if other is None:
        place.organization = target
        place.save(update_fields=["organization"])
        follow_places({source.pk, target.pk})
        return
    known = other.buildings.values_list("name", flat=True)
    place.buildings.exclude(name__in=list(known)).update(community=other)
    for unit in place.work_units.all():
        unit.community = other
        unit.save(update_fields=["community"])
    hand_over_outline(place, other)
    follow_places({source.pk, target.pk})

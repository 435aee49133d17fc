"""How many of those entitled to vote came to a members' meeting."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from activities.choices import ActivityKind, Presence
from activities.models import Activity, Participation
from activities.places import in_force_on
from activities.rules.minutes import is_quorate
from members.choices import AffiliationKind, MembershipStatus, MemberType
from members.models import Affiliation
from organizations.models import Organization


@dataclass(frozen=True)
class Turnout:
    expected: int
    present: int

    @property
    def is_quorate(self) -> bool:
        return is_quorate(self.expected, self.present)


def voting_turnout(activity: Activity) -> Turnout | None:
    """Numbers of a members' meeting, None for any other: counted, not named."""
    if activity.kind != ActivityKind.MEMBERS_MEETING:
        return None
    return turnout_of(activity)


def turnout_of(activity: Activity) -> Turnout:
    """How many of those entitled to vote came; counted, not named.

    Entitled are full members on the organizer's roll that day, in good standing.
    """
    entitled = Affiliation.objects.filter(
        in_force_on(activity.held_on),
        kind=AffiliationKind.ON_ROLL,
        organization__in=Organization.objects.subtree(activity.organization),
        member__member_type=MemberType.FULL,
        member__status=MembershipStatus.NORMAL,
    )
    came = Participation.objects.filter(
        activity=activity, presence=Presence.PRESENT, member=OuterRef("member")
    )
    return Turnout(
        **entitled.aggregate(
            expected=Count("pk"), present=Count("pk", filter=Q(Exists(came)))
        )
    )

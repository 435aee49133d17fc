"""Taking part in an activity counts as a contact with the member."""

from activities.choices import ActivityState, Presence
from activities.models import Participation
from members.contact_sources import ContactSource, register_source

register_source(
    ContactSource(
        "参加活动",
        lambda: Participation.objects.filter(
            presence=Presence.PRESENT, activity__state=ActivityState.HELD
        ),
        "activity__held_on",
    )
)

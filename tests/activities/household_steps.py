"""What tests do with households: put on the list, visited, followed up."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from activities.models import Household, Visit, VisitMatter
from activities.services.households import HouseholdFacts, add_household
from activities.services.visits import (
    MatterFacts,
    VisitFacts,
    record_visit,
    take_step,
)
from organizations.models import Community


def community_of(organization) -> Community:
    return Community.objects.get(organization=organization)


def listed(place, actor, room="101", building="1号楼", **changes) -> Household:
    """A household on the list of a community's organization."""
    values = {
        "community": community_of(place),
        "building": building,
        "room": room,
        "householder": "欧阳春花",
        "phone": "13800001111",
        "circumstances": ["lives_alone"],
    }
    return add_household(facts=HouseholdFacts(**values | changes), actor=actor)


def visited(household, actor, days_ago=0, matters=(), request_id=None, **changes):
    """A visit to it, some days ago."""
    values = {
        "visited_on": timezone.localdate() - timedelta(days=days_ago),
        "visitors": "支一平、居委干部",
        "situation": "老人独居，身体尚好",
        "matters": [
            MatterFacts(kind="housing", content=words, handler="物业")
            for words in matters
        ],
    }
    return record_visit(
        household_id=household.pk,
        facts=VisitFacts(**values | changes),
        request_id=request_id or uuid4(),
        actor=actor,
    )


def asked(household, actor, words="楼道灯不亮", **changes) -> VisitMatter:
    """What a household asked for on a visit."""
    visit: Visit = visited(household, actor, matters=[words], **changes)
    return visit.matters.get()


def stepped(matter, act, actor, taken_on=None, words="已联系物业", version=None):
    return take_step(
        matter_id=matter.pk,
        act=act,
        taken_on=taken_on or timezone.localdate(),
        words=words,
        version=version,
        actor=actor,
    )

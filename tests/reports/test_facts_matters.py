"""Delegated matters say that figures changed, for every month and organization."""

from datetime import timedelta

import pytest

from organizations.services.matter_steps import (
    take_matter_step_back,
    withdraw_arrival,
)
from organizations.services.matters import amend_matter
from organizations.services.structure import merge_organizations
from tests.organizations.matter_steps import applied, arrived, stepped, terms

pytestmark = pytest.mark.django_db


def test_every_step_of_a_matter(tree, months, holds, committee_staff, today):
    actor, place, begin = committee_staff, tree[1], months[5].start
    days = {"starts_on": months[3].start, "money_due_on": months[3].start}
    matter = applied(place, actor, applied_on=begin, **days)
    refused = applied(place, actor, applied_on=begin, title="二", **days)
    stepped(refused, actor, "refused", day=begin + timedelta(days=3))
    stepped(matter, actor, "examined", "admitted", day=begin + timedelta(days=40))
    holds()
    first = arrived(matter, actor, "1000.25", day=months[2].start)
    arrived(matter, actor, "5", day=months[1].start)
    earlier = terms(**days | {"starts_on": months[4].start})
    amend_matter(matter_id=matter.pk, facts=earlier, reason="提前", actor=actor)
    holds()
    withdraw_arrival(arrival_id=first.pk, reason="错", actor=actor)
    stepped(matter, actor, "ended", day=months[1].start)
    holds()
    take_matter_step_back(matter_id=matter.pk, reason="错", actor=actor)
    take_matter_step_back(matter_id=refused.pk, reason="错", actor=actor)
    holds()
    merge_organizations(
        source_id=place.pk, target_id=tree[2].pk, on_date=today, actor=actor
    )
    holds()

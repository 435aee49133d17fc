"""Activity rooms say that figures changed, for every month and organization."""

from datetime import time

import pytest

from config.lib.dates import months_after
from organizations.services.room_use import (
    OpeningFacts,
    record_opening,
    withdraw_opening,
)
from organizations.services.rooms import (
    RoomFacts,
    amend_room,
    close_room,
    create_room,
    reopen_room,
)
from organizations.services.structure import merge_organizations

pytestmark = pytest.mark.django_db


def test_every_step_of_a_room(tree, months, holds, committee_staff, today):
    actor, begin = committee_staff, months[4].start
    room = create_room(
        organization_id=tree[3].pk,
        facts=RoomFacts(name="活动室", opened_on=months[5].start),
        actor=actor,
    )
    asked = {"room_id": room.pk, "actor": actor}
    holds()
    amend_room(**asked, facts=RoomFacts(name="活动室", opened_on=begin))
    holds()
    openings = [
        record_opening(
            **asked,
            facts=OpeningFacts(
                months_after(begin, number),
                *(time(9), time(10), "阅览"),
                *(1, 2, 3, 4),
            ),
        )
        for number in range(3)
    ]
    holds()
    withdraw_opening(opening_id=openings[2].pk, reason="误记", actor=actor)
    holds()
    close_room(**asked, on_date=months_after(begin, 2), reason="装修")
    holds()
    reopen_room(**asked)
    holds()
    merge_organizations(
        source_id=tree[3].pk, target_id=tree[4].pk, on_date=today, actor=actor
    )
    holds()

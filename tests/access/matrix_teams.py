"""Who may what with volunteer teams and residents' requests."""

from collections.abc import Callable

from tests.access.cast import Actor, line_of
from tests.access.matrix_activities import RECORDS, SEES, recorded
from tests.access.policies import (
    ABSENT,
    FORBIDDEN,
    OK,
    Entry,
    Policy,
    right,
    scoped,
)
from tests.access.world import Planted


def published(may: Callable[[Actor, Planted], bool] = lambda a, p: True) -> Policy:
    """What was published is seen in all the street, by whoever sees members there."""

    def policy(actor: Actor, planted: Planted | None) -> str:
        streets = {line_of(key)[-1] for key in actor.places(SEES)}
        if planted is None or line_of(planted.org)[-1] not in streets:
            return ABSENT
        return OK if may(actor, planted) else FORBIDDEN

    return policy


# Whose request it is goes on with it; the resident is shown to those alone.
kept = published(lambda actor, planted: planted.org in actor.places(RECORDS))

ENTRIES = [
    Entry("activities:team-list", right(SEES)),
    Entry(
        "activities:team-add",
        right(RECORDS),
        right(RECORDS),
        data=lambda world, planted: {
            "organization": world.orgs["x1"].pk,
            "name": "某某服务队",
            "founded_on": "2026-09-01",
        },
    ),
    Entry("activities:team", scoped(SEES), at="team"),
    Entry(
        "activities:team-edit",
        recorded,
        recorded,
        at="team",
        data=lambda world, planted: {
            "name": "某某服务队",
            "founded_on": "2026-08-01",
            "version": 1,
        },
    ),
    Entry(
        "activities:team-close",
        recorded,
        recorded,
        at="team",
        data=lambda world, planted: {"closed_on": "2026-10-01", "version": 1},
    ),
    Entry(
        "activities:team-members",
        recorded,
        recorded,
        at="team",
        data=lambda world, planted: {"members": [world.rows["member-x1"].pk]},
    ),
    Entry("activities:team-leave", None, recorded, at="place"),
    Entry("activities:team-lead", None, recorded, at="place"),
    Entry(
        "activities:availability",
        recorded,
        recorded,
        at="member",
        arg="member_pk",
        data=lambda world, planted: {"times": ["weekends"]},
    ),
    # Residents' requests
    Entry("activities:request-list", right(SEES)),
    Entry("activities:match", right(RECORDS)),
    Entry(
        "activities:request-add",
        right(RECORDS),
        right(RECORDS),
        data=lambda world, planted: {
            "organization": world.orgs["x1"].pk,
            "community": world.communities["x"].pk,
            "kind": "wish",
            "source": "desk",
            "asked": "想要一盏台灯",
            "received_on": "2026-10-01",
            "name": "某某",
        },
    ),
    Entry("activities:request", published(), at="request"),
    Entry(
        "activities:request-reveal",
        published(),
        published(),
        at="request",
        more={"field": "phone"},
        # Too short a reason: what a reveal shows is tried in test_requests.py.
        data=lambda world, planted: {"reason": "看"},
    ),
    Entry(
        "activities:request-step",
        kept,
        kept,
        at="request",
        more={"step": "withdraw"},
        data=lambda world, planted: {"words": "不需要了", "version": 1},
    ),
]

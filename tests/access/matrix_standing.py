"""Who may what about lost contact and decisions about a membership."""

from typing import Any

from tests.access.matrix_members import SEES, edited
from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

approved = scoped(SEES, do="approve_standing")


def _lost(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"since": "2026-01-05", "reason": "moved", "circumstances": "搬走"}


ENTRIES = [
    Entry("members:standing-list", right(SEES)),
    Entry("members:lost-add", edited, edited, at="seeker", data=_lost),
    Entry(
        "members:lost",
        scoped(SEES),
        edited,
        at="lost",
        data=lambda world, planted: {
            "way": "phone",
            "taken_on": "2026-10-01",
            "result": "空号",
        },
    ),
    Entry(
        "members:lost-amend",
        edited,
        edited,
        at="lost",
        data=lambda world, planted: _lost(world, planted) | {"version": 1},
    ),
    Entry(
        "members:lost-found",
        edited,
        edited,
        at="lost",
        data=lambda world, planted: {"found_on": "2026-10-02", "words": "已联系"},
    ),
    Entry(
        "members:decision-add",
        edited,
        edited,
        at="seeker",
        data=lambda world, planted: {"meeting_on": "2026-10-01", "facts": "讨论"},
    ),
    Entry("members:decision", scoped(SEES), at="decision"),
    Entry(
        "members:decision-step",
        approved,
        approved,
        at="decision",
        more={"step": "refuse"},
        data=lambda world, planted: {"words": "材料不全"},
    ),
    Entry(
        "members:death-add",
        edited,
        edited,
        at="seeker",
        data=lambda world, planted: {"died_on": "2026-10-01"},
    ),
]

"""Who may what with pairs: communities their own, the street all of them."""

from typing import Any

from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

KEEPS = "keep_agreements"
kept = scoped(KEEPS)


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _begun(world: World, planted: Planted | None) -> dict[str, Any]:
    """Of a place of the other street, which nobody else may choose."""
    return {
        "organization": world.orgs["x1"].pk,
        "units": [world.units["u3"].pk],
        "field": "culture",
        "starts_on": "2026-01-05",
    }


def _amended(world: World, planted: Planted | None) -> dict[str, Any]:
    return _begun(world, planted) | {"version": 1}


_TASK = _form(words="某事", due_on="2026-12-20")
_ON = "joint-pair"

ENTRIES = [
    Entry("liaison:pair-list", right(KEEPS)),
    Entry("liaison:pair-suggestions", right(KEEPS)),
    Entry("liaison:pair-map", right(KEEPS)),
    Entry("liaison:pair-add", right(KEEPS), right(KEEPS), data=_begun),
    Entry("liaison:pair", kept, at=_ON),
    Entry("liaison:pair-edit", kept, kept, at=_ON, data=_amended),
    Entry(
        "liaison:pair-end",
        kept,
        kept,
        at=_ON,
        data=_form(ended_on="2026-10-20", reason="搬迁", version=1),
    ),
    Entry("liaison:pair-task-add", kept, kept, at=_ON, data=_TASK),
    Entry("liaison:pair-task-edit", kept, kept, at="pair-task", data=_TASK),
    Entry(
        "liaison:pair-task-waive",
        kept,
        kept,
        at="pair-task",
        data=_form(reason="不办"),
    ),
    Entry(
        "liaison:pair-activity-add",
        kept,
        kept,
        at=_ON,
        data=_form(activity="0", task=""),
    ),
    Entry("liaison:pair-activity-remove", None, kept, at="pair-activity"),
    Entry(
        "liaison:pair-outcome",
        kept,
        kept,
        at=_ON,
        more={"year": 2026},
        data=_form(words="办成了", version=1),
    ),
]

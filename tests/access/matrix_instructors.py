"""Who may what with instructors: communities their own and those of their units."""

from typing import Any

from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

KEEPS = "keep_coverage"
kept = scoped(KEEPS, gate=KEEPS)


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _foreign(world: World, planted: Planted | None) -> dict[str, Any]:
    """Sent by an organization of the other street, which nobody else may choose."""
    return _ABOUT | {"organization": world.orgs["x1"].pk, "known": "outside"}


def _foreign_unit(world: World, planted: Planted | None) -> dict[str, Any]:
    other = world.planted["two-new"]["x1"]
    return {"unit": other.pk, "starts_on": "2026-06-05"}


_ABOUT = {
    "name": "某人",
    "source": "retired",
    "starts_on": "2024-01-05",
    "ends_on": "2026-12-01",
    "version": 1,
}
_ONE = "instructor"

ENTRIES = [
    Entry("members:instructor-list", right(KEEPS)),
    Entry("members:instructor-add", right(KEEPS), right(KEEPS), data=_foreign),
    Entry("members:instructor", kept, at=_ONE),
    Entry("members:instructor-edit", kept, kept, at=_ONE, data=_form(**_ABOUT)),
    Entry(
        "members:instructor-end",
        kept,
        kept,
        at=_ONE,
        data=_form(on_date="2026-06-05", reason="调走", version=1),
    ),
    Entry("members:instructor-unit-add", kept, kept, at=_ONE, data=_foreign_unit),
    Entry(
        "members:instructor-record-add",
        kept,
        kept,
        at=_ONE,
        data=_form(kind="report", held_on="2026-06-05", words="某事"),
    ),
    Entry(
        "members:instructor-appraise",
        kept,
        kept,
        at=_ONE,
        data=_form(year="2026", grade="basic", decided_on="2026-06-05"),
    ),
    Entry(
        "members:instructor-unit-end",
        kept,
        kept,
        at="instructor-unit",
        data=_form(on_date="2026-06-05"),
    ),
    Entry(
        "members:instructor-record-withdraw",
        kept,
        kept,
        at="instructor-record",
        data=_form(reason="错"),
    ),
]

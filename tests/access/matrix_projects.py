"""Who may what with projects of services: as with the employment of their people."""

from typing import Any

from tests.access.matrix_employment import EDITS, SEES, edited
from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World


def _opened(world: World, planted: Planted | None) -> dict[str, Any]:
    """By somebody of the other street: he is not on the list."""
    return {
        "founder": world.rows["member-x1"].pk,
        "name": "某某店",
        "field": "repair",
        "community": world.communities["x"].pk,
        "place": "某处",
        "opened_on": "2026-09-01",
    }


def _placed(world: World, planted: Planted | None) -> dict[str, Any]:
    place = planted.org if planted else "x1"
    return {
        "post": world.rows[f"post-{place}"].pk,
        "founder": world.rows[f"founder-{place}"].pk,
        "person_name": "某某",
        "way": "by_unit",
        "starts_on": "2026-10-01",
    }


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _amended(world: World, planted: Planted | None) -> dict[str, Any]:
    return _opened(world, planted) | {"version": 1}


_WRONG = _form(reason="登记有误")

ENTRIES = [
    Entry("activities:project-list", right(SEES)),
    Entry("activities:project-add", right(EDITS), right(EDITS), data=_opened),
    Entry("activities:project", scoped(SEES), at="project"),
    Entry("activities:project-edit", edited, edited, at="project", data=_amended),
    Entry(
        "activities:project-close",
        edited,
        edited,
        at="project",
        data=_form(closed_on="2026-10-20", reason="到期", version=1),
    ),
    Entry("activities:project-withdraw", edited, edited, at="project", data=_WRONG),
    Entry(
        "activities:post-add",
        edited,
        edited,
        at="project",
        data=_form(name="送货", places="2", created_on="2026-09-01"),
    ),
    Entry("activities:placement-add", edited, edited, at="project", data=_placed),
    Entry(
        "activities:post-edit",
        edited,
        edited,
        at="service-post",
        data=_form(name="缝纫", places="4", version=1),
    ),
    Entry(
        "activities:post-end",
        edited,
        edited,
        at="empty-post",
        data=_form(ended_on="2026-10-20"),
    ),
    Entry("activities:post-withdraw", edited, edited, at="empty-post", data=_WRONG),
    Entry(
        "activities:placement-end",
        edited,
        edited,
        at="placement",
        data=_form(ends_on="2026-10-20", reason="quit"),
    ),
    Entry("activities:placement-withdraw", edited, edited, at="placement", data=_WRONG),
]

"""Who may what about employment: of the members one looks after."""

from typing import Any

from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

SEES, EDITS = "view_members", "edit_members"
edited = scoped(SEES, do=EDITS)


def _needs(world: World, planted: Planted | None) -> dict[str, Any]:
    """Over the words that stand there."""
    version = world.rows[f"need-{planted.org}"].pk if planted else 0
    return {"needs": "离家近", "version": version}


def _form(**values: Any) -> Any:
    return lambda world, planted: values


ENTRIES = [
    Entry("members:employment-list", right(SEES)),
    Entry("members:lead-list", right(SEES)),
    Entry("members:employment", scoped(SEES), at="member"),
    Entry(
        "members:spell-add",
        edited,
        edited,
        at="member",
        data=_form(status="retired", starts_on="2026-10-20"),
    ),
    Entry(
        "members:spell-amend",
        edited,
        edited,
        at="spell",
        data=_form(status="retired", starts_on="2026-10-21"),
    ),
    Entry("members:needs", edited, edited, at="member", data=_needs),
    Entry(
        "members:help-add",
        edited,
        edited,
        at="member",
        data=_form(kind="policy", given_on="2026-10-20", result="succeeded"),
    ),
    Entry(
        "members:help-result",
        edited,
        edited,
        at="help",
        data=_form(result="succeeded", result_on="2026-10-20", version=1),
    ),
    Entry(
        "members:lead-add",
        edited,
        edited,
        at="member",
        data=_form(
            kind="people", starts_on="2026-10-20", title="到小店做工", people_count=1
        ),
    ),
    Entry("members:spell-withdraw", edited, edited, at="spell"),
    Entry("members:help-withdraw", edited, edited, at="help"),
    Entry("members:lead-withdraw", edited, edited, at="lead"),
]

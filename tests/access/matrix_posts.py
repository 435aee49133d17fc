"""Who may what with posts that card holders claim, and with the claims."""

from typing import Any

from tests.access.policies import Entry, linked, right, scoped
from tests.access.world import Planted, World

SEES, KEEPS = "view_members", "keep_cards"
kept = scoped(SEES, do=KEEPS)


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _set_up(world: World, planted: Planted | None) -> dict[str, Any]:
    """For a place of the other street: it is not on the list."""
    return {
        "organization": world.orgs["x1"].pk,
        "category": "社区治理",
        "title": "巡查",
        "duties": "查",
        "places": "2",
        "opened_on": "2026-10-01",
        "version": 1,
    }


def _claimed(world: World, planted: Planted | None) -> dict[str, Any]:
    place = planted.org if planted else "x1"
    return {"chosen": world.rows[f"card-{place}"].pk, "proposed_on": "2026-10-01"}


def _chosen(world: World, planted: Planted | None) -> dict[str, Any]:
    place = planted.org if planted else "x1"
    chosen = world.planted["claim-post"][place].pk
    return {"chosen": chosen, "proposed_on": "2026-10-01"}


def _year(world: World, planted: Planted | None) -> int:
    return 2026


_invited = _form(
    month="2026-11-01",
    activity="",
    content="清扫",
    request_id="6f1c1f43-6d6e-4b07-9f3c-5a2b1d8c0002",
)

ENTRIES = [
    Entry("liaison:post-list", right(SEES)),
    Entry("liaison:post-add", right(KEEPS), right(KEEPS), data=_set_up),
    Entry("liaison:post-print", right(KEEPS)),
    Entry("liaison:post", scoped(SEES), at="claim-post"),
    Entry("liaison:post-edit", kept, kept, at="claim-post", data=_set_up),
    Entry(
        "liaison:post-close",
        kept,
        kept,
        at="claim-post",
        data=_form(closed_on="2026-10-20", reason="不设", version=1),
    ),
    Entry("liaison:post-match", kept, at="claim-post"),
    Entry("liaison:claim-add", kept, kept, at="claim-post", data=_claimed),
    # Without a post to choose the page leads back to the card.
    Entry("liaison:card-claim", kept, kept, at="card", data=_chosen, got=(200, 302)),
    Entry(
        "liaison:claim-decide",
        kept,
        kept,
        at="post-claim",
        data=_form(decision="agree", starts_on="2026-10-20"),
    ),
    Entry(
        "liaison:claim-end",
        kept,
        kept,
        at="post-claim",
        data=_form(ends_on="2026-10-20", end_reason="quit"),
    ),
    # A card's year
    Entry("liaison:card-year", scoped(SEES), at="card", more={"year": _year}),
    Entry(
        "liaison:invitation-add",
        None,
        kept,
        at="card",
        more={"year": _year},
        data=_invited,
    ),
    Entry("liaison:invitation-cancel", None, kept, at="invitation"),
    Entry(
        "liaison:summary-write",
        None,
        kept,
        at="card",
        more={"year": _year},
        data=_form(words="热心", version="1"),
    ),
    # A member's own view, and the branch's side of it
    Entry("liaison:card-link", kept, kept, at="card"),
    Entry("liaison:card-link-end", None, kept, at="card"),
    Entry(
        "liaison:proposal-settle",
        kept,
        kept,
        at="proposal",
        data=_form(decision="decline", reason="不属实"),
    ),
    Entry("liaison:my-card", linked, linked, at="card-link", arg="token"),
    # The door must be opened first: until then it leads back there.
    Entry(
        "liaison:my-proposal",
        None,
        linked,
        at="card-link",
        arg="token",
        data=_form(kind="service", occurred_on="2026-10-05", hours="1", content="扫"),
    ),
]

"""Who may what with democratic reviews: for others they are as if not there."""

from typing import Any

from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

SEES, WRITES, APPROVES = "view_reviews", "write_reviews", "approve_reviews"
seen = scoped(SEES)
written = scoped(SEES, do=WRITES)
approved = scoped(SEES, do=APPROVES)
# The branch's own board leads to its review; what is not yet there, back to it.
LED = (200, 302)


def _ballots(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"activity": "1", "handed_out": "1", "returned": "1", "version": 1}


ENTRIES = [
    Entry("activities:reviews", right(SEES), got=LED),
    Entry(
        "activities:review-add",
        right(WRITES),
        right(WRITES),
        data=lambda world, planted: {
            "organization": world.orgs["x1"].pk,
            "year": "2026",
        },
    ),
    Entry("activities:review", seen, at="review"),
    Entry(
        "activities:review-people",
        written,
        written,
        at="review",
        data=lambda world, planted: {"members": [world.rows["member-x1"].pk]},
    ),
    Entry("activities:review-paper", seen, at="review"),
    Entry("activities:review-ballots", written, written, at="review", data=_ballots),
    Entry(
        "activities:review-verdicts",
        written,
        written,
        at="review-voted",
        data=lambda world, planted: {"version": 1},
    ),
    Entry("activities:review-letters", seen, at="review-approved"),
    Entry(
        "activities:review-step",
        approved,
        approved,
        at="review-decided",
        more={"step": "return"},
        # Too short a reason: what is given back is tried in test_reviews.py.
        data=lambda world, planted: {"words": " ", "version": 1},
    ),
    Entry(
        "activities:review-result",
        seen,
        written,
        at="review-result",
        data=lambda world, planted: {"self_grade": "best", "version": 1},
    ),
    Entry(
        "activities:review-remove",
        written,
        written,
        at="review-result",
        data=lambda world, planted: {"words": " "},
    ),
    Entry(
        "activities:review-correction",
        written,
        written,
        at="review-unqualified",
        data=lambda world, planted: {"correction": "corrected", "version": 1},
    ),
    Entry("activities:member-reviews", seen, at="member"),
]

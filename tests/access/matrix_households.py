"""Who may what with households, visits and what was promised there."""

from tests.access.policies import Entry, own, right, scoped

VISITS, KEEPS = "visit_households", "keep_households"
visited = scoped(VISITS)
kept = scoped(VISITS, do=KEEPS)
revealed = scoped(VISITS, do="reveal_contact")

ENTRIES = [
    Entry("activities:household-list", right(VISITS)),
    Entry(
        "activities:household-add",
        right(KEEPS),
        right(KEEPS),
        data=lambda world, planted: {
            "community": world.communities["x"].pk,
            "building": "1幢",
            "room": "101",
        },
    ),
    Entry("activities:household", visited, at="door"),
    Entry(
        "activities:household-amend",
        kept,
        kept,
        at="door",
        data=lambda world, planted: {
            "community": world.communities["x"].pk,
            "organization": world.orgs["x1"].pk,
            "building": "1幢",
            "room": "101",
            "version": 1,
        },
    ),
    Entry(
        "activities:household-end",
        kept,
        kept,
        at="door",
        data=lambda world, planted: {
            "day": "2026-10-01",
            "reason": "moved",
            "version": 1,
        },
    ),
    Entry(
        "activities:household-reveal",
        revealed,
        revealed,
        at="door",
        more={"field": "phone"},
        # Too short a reason: what is shown then is tried in test_households.py.
        data=lambda world, planted: {"reason": "看"},
    ),
    Entry("activities:ledger-template", right(KEEPS)),
    Entry("activities:ledger-upload", right(KEEPS), right(KEEPS)),
    Entry("activities:ledger-preview", own(KEEPS), own(KEEPS), at="ledger"),
    Entry("activities:visit-board", right(VISITS)),
    Entry("activities:visit-record", right(VISITS), right(VISITS)),
    Entry("activities:visit-list", right(VISITS)),
    Entry("activities:visit", visited, at="visit"),
    Entry(
        "activities:visit-withdraw",
        visited,
        visited,
        at="visit-untouched",
        data=lambda world, planted: {"words": "记错了住户"},
    ),
    Entry("activities:visit-matters", right(VISITS)),
    Entry("activities:visit-matter", visited, at="visit-matter"),
    Entry(
        "activities:visit-matter-step",
        visited,
        visited,
        at="visit-matter",
        more={"act": "solve"},
        data=lambda world, planted: {
            "day": "2026-10-01",
            "words": "已修好",
            "version": 1,
        },
    ),
]

"""Who may what with slips, plaques and residents' comments."""

from tests.access.matrix_members import EDITS, SEES, SETTLES, edited, paired
from tests.access.policies import Entry, own, right, scoped

_SLIP = {
    "name": "某某",
    "id_number": "330199198001010017",
    "source": "self",
    "reported_on": "2026-10-01",
    "unit_name": "某单位",
    "member_type": "full",
    "ethnicity": "Han",
    "version": 1,
}

ENTRIES = [
    Entry("members:slip-list", right(SEES)),
    Entry(
        "members:slip-add",
        right(EDITS),
        right(EDITS),
        data=lambda world, planted: _SLIP | {"organization": world.orgs["x1"].pk},
    ),
    Entry("members:slip-template", right(EDITS)),
    Entry("members:slip-upload", right(EDITS), right(EDITS)),
    Entry("members:slip-preview", own(EDITS), own(EDITS), at="slip-sheet"),
    Entry("members:slip", scoped(SEES), at="slip"),
    Entry("members:slip-print", scoped(SEES), at="slip"),
    Entry(
        "members:slip-amend",
        edited,
        edited,
        at="slip",
        data=lambda world, planted: _SLIP | {"id_number": ""},
    ),
    Entry(
        "members:slip-step",
        edited,
        edited,
        at="slip",
        more={"step": "refuse"},
        data=lambda world, planted: {"version": 1, "words": "不住在本社区"},
    ),
    # Reported twice: for those who settle.
    Entry("members:double-list", right(SETTLES)),
    Entry(
        "members:keep-slip",
        paired,
        paired,
        at="slip",
        data=lambda world, planted: {"words": "住在这里"},
    ),
    Entry(
        "members:keep-relation",
        paired,
        paired,
        at="reported",
        data=lambda world, planted: {"words": "住在这里", "end_reason": "mistake"},
    ),
    # Plaques
    Entry("members:plaque-list", right(SEES)),
    Entry("members:plaque-rates", right(SEES)),
    Entry("members:plaque", scoped(SEES), at="plaque"),
    Entry(
        "members:plaque-amend",
        edited,
        edited,
        at="plaque",
        data=lambda world, planted: {
            "community": world.communities["x"].pk,
            "hung_on": "2026-09-22",
            "version": 1,
        },
    ),
    Entry(
        "members:plaque-down",
        edited,
        edited,
        at="plaque",
        data=lambda world, planted: {
            "day": "2026-10-01",
            "words": "迁出",
            "version": 1,
        },
    ),
    Entry(
        "members:household-join",
        None,
        edited,
        at="plaque",
        posted=(302, 404),  # of the other street's member nobody may be added
        data=lambda world, planted: {"member": world.rows["member-x1"].pk},
    ),
    Entry("members:household-leave", None, edited, at="household"),
    Entry(
        "members:plaque-add",
        edited,
        edited,
        at="member",
        data=lambda world, planted: {
            "community": world.communities["x"].pk,
            "address": "1号",
            "hung_on": "2026-09-22",
        },
    ),
    # Residents' comments
    Entry("members:comment-list", right(SEES)),
    Entry("members:comment", scoped(SEES), at="comment"),
    Entry(
        "members:comment-step",
        edited,
        edited,
        at="comment",
        more={"step": "answer"},
        data=lambda world, planted: {
            "day": "2026-10-01",
            "words": "已当面答复",
            "version": 1,
        },
    ),
    Entry(
        "members:comment-add",
        edited,
        edited,
        at="member",
        data=lambda world, planted: {
            "kind": "praise",
            "source": "call",
            "received_on": "2026-10-01",
            "content": "热心",
            "organization": world.orgs["x1"].pk,
        },
    ),
    Entry("members:reports", scoped(SEES), at="member"),
]

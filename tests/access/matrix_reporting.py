"""Who may what with slips, plaques and residents' comments."""

from tests.access.matrix_members import EDITS, SEES, edited
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
]

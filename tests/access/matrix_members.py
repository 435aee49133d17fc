"""Who may what under /members/."""

from typing import Any

from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

SEES, EDITS, IMPORTS = "view_members", "edit_members", "import_members"
SETTLES, ISSUES = "settle_claims", "issue_letters"
CARES, FILES = "view_hardship", "file_hardship"
edited = scoped(SEES, do=EDITS)
filed = scoped(CARES, do=FILES)
imported = scoped(IMPORTS, gate=IMPORTS)
paired = scoped(SETTLES, gate=SETTLES)


def _to_foreign(world: World, planted: Planted | None) -> dict[str, Any]:
    """Into the branch of the other street."""
    return {
        "organization": world.orgs["x1"].pk,
        "kind": "co_managed",
        "start_reason": "reported_in",
        "starts_on": "2026-10-01",
        "moved_on": "2026-10-01",
    }


def _found(world: World, planted: Planted | None) -> dict[str, Any]:
    """The whole number of a member of b1."""
    return {"id_number": world.rows["member-b1"].id_number}


def _revealed(world: World, planted: Planted | None) -> dict[str, Any]:
    # Too short a reason: what a reveal shows is tried in test_reveal.py.
    return {"reason": "看"}


def _reveal(name: str, field: str) -> Entry:
    return Entry(
        "members:reveal",
        scoped(SEES),
        scoped(SEES),
        at="member",
        more={"field": field},
        data=_revealed,
    )


def _letter_to_foreign(world: World, planted: Planted | None) -> dict[str, Any]:
    """A letter for the branch of the other street."""
    return _to_foreign(world, planted) | {"foreign_number": "1", "source_name": "某"}


def _all_ticked(world: World, planted: Planted | None) -> dict[str, Any]:
    """Every letter of both streets."""
    letters = world.planted["letter"].values()
    return {"transfer": [each.pk for each in letters], "confirmed": "1"}


def _merged(world: World, planted: Planted | None) -> dict[str, Any]:
    """The first is right in everything."""
    names = ("id_number", "name", "phone", "address", "household_address", "note")
    more = ("degree", "job_title", "native_place", "joined_on", "confirmed_on")
    chosen = dict.fromkeys((*names, *more), "kept")
    return chosen | {"kept_version": 1, "gone_version": 1}


def _paid_by_foreign(world: World, planted: Planted | None) -> dict[str, Any]:
    """A member of b1, paying in whatever branch it is."""
    member = world.rows["member-b1"]
    return {"paid_on": "2026-10-05", f"paid-{member.pk}": "1", f"sum-{member.pk}": "1"}


def _basis_of_foreign(world: World, planted: Planted | None) -> dict[str, Any]:
    member = world.rows["member-b1"]
    return {f"kind-{member.pk}": "retired", f"value-{member.pk}": "3000"}


def _care(world: World, planted: Planted | None) -> dict[str, Any]:
    """An application as a secretary writes it."""
    return {
        "version": 1,
        "applied_on": "2026-10-01",
        "kinds": ["因病"],
        "criteria": ["因重大疾病住院"],
        "household_size": "3",
        "income_per_head": "800",
        "words": "住院",
    }


def _aid(world: World, planted: Planted | None) -> dict[str, Any]:
    return {
        "request_id": "6f1c1f43-6d6e-4b07-9f3c-5a2b1d8c0009",
        "kind": "慰问金",
        "amount": "500",
        "given_on": "2026-10-01",
    }


ENTRIES = [
    Entry("members:list", right(SEES)),
    Entry("members:add", right(EDITS), right(EDITS), data=_to_foreign),
    Entry("members:find", right(SEES), right(SEES), data=_found),
    Entry("members:detail", scoped(SEES), at="member"),
    Entry("members:history", scoped(SEES), at="member"),
    Entry(
        "members:edit",
        edited,
        edited,
        at="member",
        data=lambda world, planted: {"name": "新姓名", "version": 1},
    ),
    _reveal("members:reveal", "id_number"),
    Entry("members:affiliation-add", edited, edited, at="member", data=_to_foreign),
    Entry("members:affiliation-end", edited, edited, at="affiliation"),
    Entry(
        "members:affiliation-move", edited, edited, at="affiliation", data=_to_foreign
    ),
    Entry(
        "members:affiliation-reopen",
        scoped(SEES, do=SETTLES),
        scoped(SEES, do=SETTLES),
        at="ended",
    ),
    # Transfers: of the branches a relation leaves or comes to.
    Entry("members:transfer-add", edited, edited, at="affiliation"),
    Entry("members:transfer-list", right(SEES)),
    Entry("members:transfer", scoped(SEES), at="transfer"),
    Entry("members:transfer-letter", scoped(SEES, do=ISSUES), at="letter"),
    Entry("members:transfer-document", scoped(SEES, do=ISSUES), at="letter"),
    Entry("members:transfer-in", right(EDITS), right(EDITS), data=_letter_to_foreign),
    Entry(
        "members:transfer-amend",
        scoped(SEES, do=EDITS),
        edited,
        at="transfer",
        data=lambda world, planted: {
            "version": 1,
            "destination": "residence",
            "addressee": "某工委",
            "target_name": "某支部",
            "valid_days": "30",
            "dues_paid_to": "2026-09",
        },
    ),
    # Whoever is ticked out of scope is as if he were not there.
    Entry(
        "members:transfers-together",
        None,
        right(EDITS),
        more={"step": "accept"},
        data=_all_ticked,
    ),
    Entry(
        "members:transfer-batch-add",
        right(EDITS),
        right(EDITS),
        data=lambda world, planted: {"person": [world.rows["roll-b1"]]},
    ),
    Entry("members:transfer-batch", scoped(SEES), at="batch"),
    Entry("members:batch-letters", scoped(SEES, do=ISSUES), at="batch"),
    Entry("members:batch-document", scoped(SEES, do=ISSUES), at="batch"),
    Entry(
        "members:transfer-step",
        edited,
        edited,
        at="transfer",
        more={"step": "withdraw"},
        data=lambda world, planted: {"version": 1, "words": "登记有误"},
    ),
    # Contacts
    Entry("members:call", right(EDITS)),
    Entry(
        "members:contacts",
        scoped(SEES),
        edited,
        at="member",
        data=lambda world, planted: {
            "way": "phone",
            "contacted_on": "2026-10-01",
            "content": "近况",
        },
    ),
    Entry("members:dial", None, scoped(SEES, do="reveal_contact"), at="callee"),
    Entry("members:called", None, edited, at="member"),
    Entry("members:contact-withdraw", edited, edited, at="contact"),
    # How a membership stands
    Entry("members:standing", scoped(SEES), at="member"),
    # The way into the Party
    Entry("members:development", right(SEES)),
    Entry("members:development-ledger", right(SEES)),
    Entry("members:applicant-add", right(EDITS), right(EDITS), data=_to_foreign),
    Entry("members:applicant", scoped(SEES), at="applicant"),
    Entry(
        "members:applicant-edit",
        edited,
        edited,
        at="applicant",
        data=lambda world, planted: {
            "name": "新姓名",
            "ethnicity": "Han",
            "category": "other",
            "version": 1,
        },
    ),
    Entry(
        "members:applicant-step",
        edited,
        edited,
        at="applicant",
        more={"kind": "activist"},
        data=lambda world, planted: {"taken_on": "2026-10-01", "version": 1},
    ),
    Entry(
        "members:applicant-close",
        edited,
        edited,
        at="applicant",
        data=lambda world, planted: {
            "reason": "withdrew",
            "closed_on": "2026-10-01",
            "note": "本人提出",
            "version": 1,
        },
    ),
    Entry(
        "members:applicant-hand-over",
        edited,
        edited,
        at="applicant",
        data=lambda world, planted: {
            "target": "J0006",
            "moved_on": "2026-10-01",
            "version": 1,
        },
    ),
    Entry(
        "members:development-withdraw",
        edited,
        edited,
        at="devstep",
        data=lambda world, planted: {"note": "登记有误"},
    ),
    Entry(
        "members:probation-step",
        edited,
        edited,
        at="probationer",
        more={"kind": "observed"},
        data=lambda world, planted: {
            "taken_on": "2026-10-01",
            "outcome": "yes",
            "version": 1,
        },
    ),
    # Quality of records
    Entry("members:quality", right(SEES)),
    Entry("members:who-sees", scoped(SEES), at="member"),
    Entry("members:pair-list", right(SETTLES)),
    Entry(
        "members:pair-apart",
        paired,
        paired,
        at="pair",
        data=lambda world, planted: {"words": "证件不同"},
    ),
    Entry("members:pair-merge", paired, paired, at="pair", data=_merged),
    Entry("members:merge-undo", paired, paired, at="merge"),
    Entry("members:claim-list", right(SETTLES)),
    Entry(
        "members:claim-settle",
        scoped(SETTLES),
        scoped(SETTLES),
        at="claim",
        data=lambda world, planted: {"decision": "refuse", "words": "同一人"},
    ),
    # Dues, of the roll; commendations
    Entry("members:dues-branches", right(SEES)),
    Entry("members:dues-people", right(SEES)),
    Entry(
        "members:dues-mark",
        scoped(SEES),
        edited,
        at="dues-branch",
        more={"label": "2026-10"},
        data=_paid_by_foreign,
    ),
    Entry(
        "members:dues-bases",
        scoped(SEES),
        edited,
        at="dues-branch",
        more={"label": "2026-10"},
        data=_basis_of_foreign,
    ),
    Entry("members:dues", scoped(SEES), at="member"),
    Entry(
        "members:dues-pay",
        edited,
        edited,
        at="member",
        data=lambda world, planted: {
            "first": "2026-10",
            "last": "2026-11",
            "paid_on": "2026-10-05",
        },
    ),
    Entry(
        "members:dues-reduction",
        edited,
        edited,
        at="member",
        data=lambda world, planted: {
            "first": "2027-01",
            "last": "2027-02",
            "monthly": "0",
            "reason": "困难",
            "approver": "某党委",
            "approved_on": "2026-10-01",
        },
    ),
    Entry(
        "members:dues-opening",
        edited,
        edited,
        at="member",
        data=lambda world, planted: {
            "opened_to": "2026-07",
            "words": "党费证",
            "version": 1,
        },
    ),
    Entry("members:dues-withdraw", edited, edited, at="dues-month"),
    Entry("members:dues-reduction-withdraw", edited, edited, at="dues-reduction"),
    Entry("members:commendation-list", right(SEES)),
    Entry(
        "members:commendation-add",
        edited,
        edited,
        at="member",
        data=lambda world, planted: {
            "title": "优秀共产党员",
            "level": "street",
            "awarded_on": "2026-07-01",
            "approver": "某工委",
            "deed": "事迹",
        },
    ),
    Entry("members:commendation-withdraw", edited, edited, at="commendation"),
    # Rosters: of the branches where one may import.
    Entry("members:roster-upload", right(IMPORTS), right(IMPORTS)),
    Entry("members:roster-mapping", imported, imported, at="roster-mapping"),
    Entry("members:roster-preview", imported, at="roster-checked"),
    Entry("members:roster-confirm", None, imported, at="roster-checked"),
    Entry("members:roster-cancel", None, imported, at="roster-checked"),
    Entry("members:roster-result", imported, at="roster-imported"),
    Entry("members:roster-file", imported, at="roster-imported"),
    Entry("members:roster-undo", imported, imported, at="roster-imported"),
    # Members in difficulty: for whoever sees hardship, for others as if not there.
    Entry("members:hardship-list", right(CARES)),
    Entry("members:hardship-year", right(CARES)),
    Entry("members:hardship", scoped(CARES), at="hardship"),
    Entry("members:hardship-amend", filed, filed, at="hardship", data=_care),
    Entry(
        "members:hardship-step",
        scoped(CARES),
        scoped(CARES),
        at="hardship",
        more={"step": "withdraw"},
        data=lambda world, planted: {"version": 1, "words": "本人撤回"},
    ),
    Entry(
        "members:aid-add",
        scoped(CARES),
        scoped(CARES),
        at="hardship-recognized",
        data=_aid,
    ),
    Entry(
        "members:aid-withdraw",
        scoped(CARES),
        scoped(CARES),
        at="aid",
        data=lambda world, planted: {"words": "登记重复"},
    ),
    Entry("members:member-hardship", scoped(CARES), at="member"),
    Entry("members:hardship-apply", filed, filed, at="member", data=_care),
]

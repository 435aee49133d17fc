"""Who may what under /liaison/: cards of branches, rounds of streets, packets."""

from typing import Any
from uuid import uuid4

from tests.access.policies import (
    Entry,
    known,
    linked,
    of_unit,
    public,
    right,
    scoped,
    street_of,
    then,
)
from tests.access.world import Planted, World

SEES, KEEPS, ISSUES = "view_members", "keep_cards", "issue_feedback"
CHECKS = "check_feedback"
kept = scoped(SEES, do=KEEPS)
# A round is seen from anywhere in its street and led by the street's staff.
in_street = street_of(SEES)
led = then(in_street, do=ISSUES)
# A packet joins members of many branches: no branch reads one whole.
issued = of_unit(see=ISSUES, do=ISSUES)
received = of_unit()


def _reason(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"reason": "登记有误", "ends_on": "2026-10-01", "end_reason": "other"}


def _entry(world: World, planted: Planted | None) -> dict[str, Any]:
    return {
        "kind": "service",
        "occurred_on": "2026-10-05",
        "hours": "2",
        "content": "扫",
        "resident_words": "",
    }


def _receipt(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"name": "收件人", "words": "收到"}


def _bounce(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"attempt": 1, "reason": "full"}


def _rhythm(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"kind": "year", "reason": "单位要求"}


def _correction(world: World, planted: Planted | None) -> dict[str, Any]:
    """The first line gets other words."""
    unit = planted.unit if planted else "u3"
    packet = world.rows[f"packet-{unit or 'u3'}"]
    data = {"request_id": str(uuid4()), "version": 0, "reason": "漏记"}
    for line in packet.content["people"]:
        data |= {f"grade-{line['card']}": "合格", f"words-{line['card']}": "较好"}
    return data


def _told(world: World, planted: Planted | None) -> dict[str, Any]:
    return {
        "request_id": str(uuid4()),
        "kind": "new",
        "card": "",
        "person_name": "某某",
        "about": "十月到岗",
        "told_by": "收件人",
    }


def _settled(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"version": 1, "outcome": "laid_aside", "reply": "不属实"}


def _passed_on(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"version": 1, "place": world.orgs["x1"].pk}


def _open_round(world: World, planted: Planted | None) -> int:
    return world.rows["open-s"].pk


ENTRIES = [
    Entry("liaison:card-list", right(SEES)),
    Entry("liaison:card-missing", right(KEEPS), right(KEEPS)),
    Entry(
        "liaison:card-add",
        scoped(SEES, do=KEEPS, gate=KEEPS),
        scoped(SEES, do=KEEPS, gate=KEEPS),
        at="member",
        arg="member_id",
    ),
    Entry("liaison:card-detail", scoped(SEES), at="card"),
    Entry("liaison:card-edit", kept, kept, at="card"),
    Entry("liaison:card-close", kept, kept, at="card", data=_reason),
    Entry("liaison:card-print", scoped(SEES), at="card"),
    Entry("liaison:card-set", scoped(SEES), at="card"),
    Entry("liaison:entry-add", None, kept, at="card", data=_entry),
    Entry("liaison:entry-withdraw", kept, kept, at="entry", data=_reason),
    # Rounds
    Entry("liaison:period-list", right(SEES)),
    Entry("liaison:period-open", None, right(ISSUES)),
    Entry("liaison:period-detail", in_street, at="period"),
    Entry("liaison:period-units", led, at="built"),
    Entry("liaison:period-close", led, led, at="period"),
    Entry("liaison:period-build", None, led, at="built"),
    Entry("liaison:period-approve", None, led, at="built"),
    Entry("liaison:period-deliver", None, led, at="built"),
    Entry("liaison:period-archive", None, led, at="built"),
    Entry("liaison:period-paper", led, led, at="built"),
    Entry(
        "liaison:remarks",
        scoped(SEES),
        scoped(SEES, do="word_feedback"),
        at="branch",
        arg="organization_id",
        more={"period_id": _open_round},
    ),
    # The community's check, and units with a rhythm of their own
    Entry(
        "liaison:words-pass",
        None,
        scoped(SEES, do=CHECKS),
        at="branch",
        arg="organization_id",
        more={"period_id": _open_round},
    ),
    Entry(
        "liaison:words-return",
        scoped(SEES, do=CHECKS),
        scoped(SEES, do=CHECKS),
        at="branch",
        arg="organization_id",
        more={"period_id": _open_round},
        data=_reason,
    ),
    Entry("liaison:schedule-list", right(ISSUES)),
    Entry(
        "liaison:schedule-edit",
        known(gate=ISSUES),
        known(gate=ISSUES),
        at="unit",
        data=_rhythm,
    ),
    # Packets, from the street's side
    Entry("liaison:packet-detail", issued, at="packet"),
    Entry("liaison:packet-deliver", None, issued, at="packet"),
    Entry("liaison:packet-remind", None, issued, at="packet"),
    Entry("liaison:packet-receipt", None, issued, at="packet", data=_receipt),
    Entry("liaison:packet-bounce", None, issued, at="packet", data=_bounce),
    Entry("liaison:packet-file", issued, at="packet"),
    Entry("liaison:packet-letter", issued, at="packet"),
    Entry("liaison:packet-supplement", issued, issued, at="packet", data=_correction),
    # and from the unit's: by a link without an account, or by the contact's own.
    Entry("liaison:unit-done", public),
    Entry("liaison:unit-packet", linked, linked, at="link", arg="token"),
    # The door must be opened first: until then the file leads back to it.
    Entry("liaison:unit-packet-file", linked, at="link", arg="token", got=(302,)),
    Entry("liaison:unit-confirm", None, linked, at="link", arg="token", data=_receipt),
    Entry("liaison:unit-tell", None, linked, at="link", arg="token", data=_told),
    Entry("liaison:own-tell", None, received, at="packet", data=_told),
    Entry("liaison:own-packets", right("view_own_packets")),
    Entry("liaison:own-packet", received, received, at="packet", data=_receipt),
    Entry("liaison:own-packet-file", received, at="packet"),
    # Over the years
    Entry(
        "liaison:unit-year",
        known(gate="keep_agreements"),
        at="unit",
        more={"year": 2026},
    ),
    Entry(
        "liaison:unit-joint",
        known(gate="keep_agreements"),
        at="unit",
        more={"year": 2026},
    ),
    Entry("liaison:unit-history", known(gate=ISSUES), at="unit"),
    Entry(
        "liaison:member-history",
        scoped(SEES, gate=SEES),
        at="colleague",
        arg="member_id",
    ),
    # What units told, for who keeps the cards.
    Entry("liaison:report-list", right(KEEPS)),
    Entry("liaison:report-detail", scoped(KEEPS), at="unit-report"),
    Entry(
        "liaison:report-settle", None, scoped(KEEPS), at="unit-report", data=_settled
    ),
    Entry(
        "liaison:report-pass-on", None, scoped(KEEPS), at="unit-report", data=_passed_on
    ),
]

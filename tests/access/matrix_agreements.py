"""Who may what with agreements: communities their own, the street all of them."""

from typing import Any

from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

KEEPS = "keep_agreements"
kept = scoped(KEEPS)


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _drafted(world: World, planted: Planted | None) -> dict[str, Any]:
    """Of a place of the other street, which nobody else may choose."""
    return {
        "organization": world.orgs["x1"].pk,
        "title": "某协议",
        "units": [world.units["u3"].pk],
        "starts_on": "2026-01-05",
        "ends_on": "2027-01-04",
    }


def _amended(world: World, planted: Planted | None) -> dict[str, Any]:
    return _drafted(world, planted) | {"version": 1}


_CLAUSE = _form(field="culture", words="某条", rhythm="month", times="1")
_REASON = _form(reason="登记有误")
_ON = "agreement"
_DRAFT = "agreement-draft"

ENTRIES = [
    Entry("liaison:agreement-list", right(KEEPS)),
    Entry("liaison:agreement-reports", right(KEEPS)),
    Entry("liaison:agreement-add", right(KEEPS), right(KEEPS), data=_drafted),
    Entry("liaison:agreement", kept, at=_ON),
    Entry("liaison:agreement-document", kept, at=_ON),
    Entry("liaison:agreement-edit", kept, kept, at=_DRAFT, data=_amended),
    Entry("liaison:agreement-discard", kept, kept, at=_DRAFT, data=_form(version=1)),
    Entry(
        "liaison:agreement-sign",
        kept,
        kept,
        at=_DRAFT,
        data=_form(signed_on="2026-01-05", signatory="某", version=1),
    ),
    Entry("liaison:agreement-scan", kept, kept, at=_ON),
    Entry(
        "liaison:agreement-end",
        kept,
        kept,
        at=_ON,
        data=_form(ended_on="2026-10-20", reason="搬迁", version=1),
    ),
    Entry("liaison:agreement-renew", None, kept, at=_ON),
    Entry(
        "liaison:agreement-report",
        kept,
        kept,
        at=_ON,
        more={"label": "2026Q1"},
        data=_form(words="办了"),
    ),
    Entry("liaison:clause-add", kept, kept, at=_DRAFT, data=_CLAUSE),
    Entry("liaison:clause-edit", kept, kept, at="clause", data=_CLAUSE),
    Entry("liaison:clause-remove", kept, kept, at="clause", data=_form(version=1)),
    Entry(
        "liaison:item-add",
        kept,
        kept,
        at=_ON,
        data=_form(kind="need", category="place", words="某"),
    ),
    Entry("liaison:item-remove", kept, kept, at="list-item-spare", data=_REASON),
    Entry("liaison:item-meet", kept, kept, at="list-need", data=_form(met_by="")),
    Entry(
        "liaison:use-add",
        kept,
        kept,
        at="list-item",
        data=_form(used_on="2026-03-04", words="某用"),
    ),
    Entry("liaison:use-withdraw", kept, kept, at="resource-use", data=_REASON),
    Entry("liaison:obligation-list", right(KEEPS)),
    Entry(
        "liaison:obligation", kept, kept, at="obligation", data=_form(evidence="use-1")
    ),
    Entry("liaison:obligation-waive", kept, kept, at="obligation", data=_REASON),
    Entry("liaison:evidence-remove", None, kept, at="evidence-row"),
]

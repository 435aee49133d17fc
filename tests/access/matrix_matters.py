"""Who may what with delegated matters; admission is the street's."""

from typing import Any

from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

KEEPS, ADMITS = "keep_matters", "admit_matters"
kept = scoped(KEEPS)
admits = scoped(KEEPS, ADMITS)


def _form(**values: Any) -> Any:
    return lambda world, planted: values


_TERMS = {
    "title": "某事项",
    "department": "某部门",
    "kind": "assisted",
    "span": "long",
    "legal_basis": "某办法",
    "starts_on": "2026-09-01",
    "applied_on": "2026-08-01",
}


def _matter(world: World, planted: Planted | None) -> dict[str, Any]:
    """Of a place of the other street, which nobody else may choose."""
    return _TERMS | {"organization": world.orgs["x1"].pk}


_REASON = _form(reason="登记错了", version=1)


ENTRIES = [
    Entry("organizations:matter-list", right(KEEPS)),
    Entry("organizations:matter-add", right(KEEPS), right(KEEPS), data=_matter),
    Entry("organizations:matter", kept, at="matter"),
    Entry(
        "organizations:matter-edit",
        admits,
        admits,
        at="matter",
        data=_form(**_TERMS, reason="改期", version=1),
    ),
    Entry(
        "organizations:matter-handover",
        kept,
        kept,
        at="matter",
        data=_form(power="登记", staff_posted=1, version=1),
    ),
    # Refusing and taking back are the community's too; tests/organizations tries them.
    Entry(
        "organizations:matter-step",
        admits,
        admits,
        at="matter-waiting",
        more={"step": "examined"},
        data=_form(done_on="2026-10-20", decided_by="某会", version=1),
    ),
    Entry("organizations:matter-back", admits, admits, at="matter", data=_REASON),
    Entry(
        "organizations:matter-arrival-add",
        kept,
        kept,
        at="matter",
        data=_form(amount="10", received_on="2026-10-20"),
    ),
    Entry(
        "organizations:matter-arrival-withdraw",
        kept,
        kept,
        at="matter-arrival",
        data=_REASON,
    ),
]

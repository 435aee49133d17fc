"""Who may what with funds: communities their own, the street all; branches nothing."""

from typing import Any

from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

SEES = "view_funds"
KEEPS = "keep_funds"
CONFIRMS = "confirm_funds"
seen = scoped(SEES)
kept = scoped(SEES, KEEPS)


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _line(world: World, planted: Planted | None) -> dict[str, Any]:
    """Of a place of the other street, which nobody else may choose."""
    return {
        "organization": world.orgs["x1"].pk,
        "year": 2026,
        "source": "finance",
        "name": "专项",
        "budget": "100",
    }


_AMENDED = _form(
    source="finance", name="专项", budget="100", reason="压减", version="1"
)
_RECEIPT = _form(kind="allotted", amount="10", received_on="2026-10-20")
_PAYMENT = _form(
    paid_on="2026-10-20", amount="5", voucher="记9", payee="某店", purpose="某物"
)
_PROJECT = _form(
    title="某项目", category="service", budget="10", planned_end="2026-12-20"
)
_STEP = _form(
    done_on="2026-10-20", decided_by="某会", decision="同意", amount="5", version=1
)
_REASON = _form(reason="登记错了", version=1)
_YEAR: dict[str, Any] = {"arg": "organization_pk", "more": {"year": 2026}}

ENTRIES = [
    Entry("organizations:fund-list", right(SEES)),
    Entry("organizations:fund-project-list", right(SEES)),
    Entry("organizations:fund-published", right(SEES)),
    Entry("organizations:fund-payment-list", right(SEES)),
    Entry("organizations:fund-year", seen, at="organization", **_YEAR),
    Entry("organizations:fund-year-close", kept, kept, at="fund-year", **_YEAR),
    Entry("organizations:fund-line-add", right(KEEPS), right(KEEPS), data=_line),
    Entry("organizations:fund-line", seen, at="fund-line"),
    Entry("organizations:fund-line-edit", kept, kept, at="fund-line", data=_AMENDED),
    Entry("organizations:fund-receipt-add", kept, kept, at="fund-line", data=_RECEIPT),
    Entry("organizations:fund-line-pay", kept, kept, at="fund-line", data=_PAYMENT),
    Entry("organizations:fund-project-add", kept, kept, at="fund-line", data=_PROJECT),
    Entry(
        "organizations:fund-receipt-withdraw",
        kept,
        kept,
        at="fund-receipt",
        data=_REASON,
    ),
    Entry("organizations:fund-project", seen, at="fund-project"),
    Entry(
        "organizations:fund-project-edit",
        kept,
        kept,
        at="fund-project",
        data=lambda world, planted: (
            _PROJECT(world, planted) | {"reason": "压减", "version": 1}
        ),
    ),
    Entry("organizations:fund-project-step", kept, kept, at="fund-project", data=_STEP),
    Entry(
        "organizations:fund-project-back", kept, kept, at="fund-project", data=_REASON
    ),
    Entry(
        "organizations:fund-project-stop", kept, kept, at="fund-project", data=_REASON
    ),
    Entry(
        "organizations:fund-project-pay", kept, kept, at="fund-project", data=_PAYMENT
    ),
    Entry("organizations:fund-payment", seen, at="fund-payment"),
    Entry(
        "organizations:fund-payment-confirm",
        scoped(SEES, CONFIRMS),
        scoped(SEES, CONFIRMS),
        at="fund-payment",
    ),
    Entry(
        "organizations:fund-payment-withdraw",
        seen,
        seen,
        at="fund-payment",
        data=_REASON,
    ),
]

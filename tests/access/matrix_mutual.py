"""Who may what with mutual aid: who keeps it, and who may know whom it helped."""

from typing import Any

from tests.access.policies import Entry, right, scoped

KEEPS = "keep_aid"
CONFIRMS = "confirm_aid"
CARES = "view_hardship"
kept = scoped(KEEPS)
confirmed = scoped(KEEPS, CONFIRMS)
# Beginning with a person: for whoever may know him in difficulty and keeps aid.
helped = scoped(CARES, gate=KEEPS)


def _form(**values: Any) -> Any:
    return lambda world, planted: values


_OPENED = {"opened_on": "2026-01-01"}
_DRIVE = {"purpose": "救助", "starts_on": "2026-10-01", "ends_on": "2026-10-20"}
_GIFT = _form(donor_kind="anonymous", form="money", amount="5", donated_on="2026-10-20")
_PAYMENT = {"amount": "5", "paid_on": "2026-10-20", "voucher": "记9"}
_REASON = _form(reason="登记错了")


def _fund(world: Any, planted: Any) -> dict[str, Any]:
    """Of a place of the other street, which nobody else may choose."""
    return {"organization": world.orgs["x1"].pk, "name": "互助金", **_OPENED}


def _to_member(world: Any, planted: Any) -> dict[str, Any]:
    """From an account of the other street."""
    fund = world.planted["aid-fund"]["x1"].pk
    return {"fund": fund, "kind": "慰问金", **_PAYMENT}


def _entry(name: str, policy: Any, at: str = "aid-fund", data: Any = None) -> Entry:
    post = policy if data is not None else None
    return Entry(f"members:{name}", policy, post, at=at, data=data)


ENTRIES = [
    Entry("members:mutual-list", right(KEEPS)),
    Entry("members:mutual-published", right(KEEPS)),
    Entry("members:aid-payment-waiting", right(KEEPS)),
    Entry("members:mutual-add", right(KEEPS), right(KEEPS), data=_fund),
    _entry("mutual-fund", kept),
    _entry("donation-list", kept),
    _entry("aid-payment-list", kept),
    _entry("mutual-edit", kept, data=_form(name="互助金", version=1, **_OPENED)),
    _entry("mutual-close", kept, data=_REASON),
    _entry("mutual-drive-add", kept, data=_form(name="献爱心", **_DRIVE)),
    _entry("donation-add", kept, data=_GIFT),
    _entry(
        "aid-pay",
        kept,
        data=_form(
            recipient_kind="household", recipient="某家", words="失火", **_PAYMENT
        ),
    ),
    _entry("mutual-drive", kept, "aid-drive"),
    _entry(
        "mutual-drive-edit",
        kept,
        "aid-drive",
        _form(name="献爱心", version=1, **_DRIVE),
    ),
    _entry(
        "mutual-drive-publish",
        kept,
        "aid-drive",
        _form(published_on="2026-10-20", published_where="公示栏", version=1),
    ),
    _entry("donation", kept, "donation"),
    _entry("donation-receipt", kept, "donation"),
    _entry("donation-certificate", kept, "donation"),
    _entry("donation-withdraw", confirmed, "donation", _REASON),
    _entry("aid-payment", kept, "aid-payment"),
    _entry("aid-payment-confirm", confirmed, "aid-payment", _form()),
    _entry("aid-payment-withdraw", kept, "aid-payment", _REASON),
    _entry("aid-pay-member", helped, "member", _to_member),
    _entry("aid-take", helped, "aid", _to_member),
]

"""Who may what with authorities: the street's staff and nobody else."""

from typing import Any

from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

KEEPS = "keep_authorities"
kept = scoped(KEEPS)


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _registered(world: World, planted: Planted | None) -> dict[str, Any]:
    """Of the other street, which nobody else may choose."""
    return {
        "organization": world.orgs["x"].pk,
        "name": "某局",
        "kind": "civil",
        "since": "2026-01-05",
    }


_ON, _CONTACT, _EXCHANGE = "authority", "authority-contact", "exchange"
_AMENDED = _form(name="某局", kind="civil", since="2026-01-05", version=1)

ENTRIES = [
    Entry("liaison:authority-list", right(KEEPS)),
    Entry("liaison:exchange-list", right(KEEPS)),
    Entry("liaison:authority-add", right(KEEPS), right(KEEPS), data=_registered),
    Entry("liaison:authority", kept, at=_ON),
    Entry("liaison:authority-edit", kept, kept, at=_ON, data=_AMENDED),
    Entry(
        "liaison:authority-retire",
        kept,
        kept,
        at=_ON,
        data=_form(reason="合并", version=1),
    ),
    Entry("liaison:contact-add", kept, kept, at=_ON, data=_form(name="某")),
    Entry(
        "liaison:contact-edit",
        kept,
        kept,
        at=_CONTACT,
        data=_form(name="某", version=1),
    ),
    Entry("liaison:contact-end", kept, kept, at=_CONTACT, data=_form(version=1)),
    Entry(
        "liaison:exchange-add",
        kept,
        kept,
        at=_ON,
        data=_form(direction="sent", held_on="2026-03-04", matter="某单"),
    ),
    Entry("liaison:exchange", kept, at=_EXCHANGE),
    Entry(
        "liaison:exchange-answer",
        kept,
        kept,
        at=_EXCHANGE,
        data=_form(answered_on="2026-03-09", words="某答", version=1),
    ),
    Entry(
        "liaison:exchange-withdraw",
        kept,
        kept,
        at=_EXCHANGE,
        data=_form(reason="错", version=1),
    ),
]

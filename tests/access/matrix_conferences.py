"""Who may what with joint conferences: communities their own, the street all."""

from typing import Any

from tests.access.cast import RIGHTS, Actor, line_of
from tests.access.policies import ABSENT, OK, Entry, linked, right, scoped
from tests.access.world import MISSING_ID, Planted, World

KEEPS, REVEALS = "keep_agreements", "reveal_contact"
kept = scoped(KEEPS)
# Where a secretary of a branch reveals contacts he keeps no conference.
revealed = scoped(KEEPS, do=REVEALS)


def reads(actor: Actor, planted: Planted | None) -> str:
    """A briefing: whoever keeps it, and secretaries who work below its place."""
    if planted is None:
        return ABSENT
    works = {
        place
        for role, at in actor.posts
        if "view_members" in RIGHTS[role]
        for place in line_of(at)
    }
    is_mine = planted.places & (actor.places(KEEPS) | works)
    return OK if is_mine else ABSENT


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _founded(world: World, planted: Planted | None) -> dict[str, Any]:
    """Of a place of the other street, which nobody else may choose."""
    return {"organization": world.orgs["x1"].pk, "founded_on": "2026-01-05"}


def _seat(world: World, planted: Planted | None) -> int:
    return world.rows[f"seat-{planted.org}"].pk if planted else MISSING_ID


_REASON = _form(reason="登记有误")
_NOTICE = {
    "title": "某会",
    "meets_on": "2027-03-20",
    "begins_at": "09:00",
    "place": "某处",
    "chair": "某人",
    "notice": "某事",
}
_AT = "conference"

ENTRIES = [
    Entry("liaison:conference-list", right(KEEPS)),
    Entry("liaison:conference-add", right(KEEPS), right(KEEPS), data=_founded),
    Entry("liaison:conference", kept, at=_AT),
    Entry(
        "liaison:conference-edit",
        kept,
        kept,
        at=_AT,
        data=_form(founded_on="2026-01-05", version=1),
    ),
    Entry(
        "liaison:conference-end",
        kept,
        kept,
        at=_AT,
        data=_form(ended_on="2026-10-20", reason="合并", version=1),
    ),
    Entry("liaison:seat-add", kept, kept, at=_AT, data=_form(joined_on="2026-02-02")),
    Entry("liaison:seat", kept, at="seat"),
    Entry(
        "liaison:seat-delegate",
        kept,
        kept,
        at="seat",
        more={"role": "substitute"},
        data=_form(name="某人", starts_on="2026-02-02"),
    ),
    Entry(
        "liaison:seat-leave",
        kept,
        kept,
        at="seat-spare",
        data=_form(left_on="2026-10-20", reason="搬迁"),
    ),
    # Too short a reason: what is shown then is tried in test_conferences.py.
    Entry(
        "liaison:delegate-reveal",
        revealed,
        revealed,
        at="delegate",
        data=_form(reason="看"),
    ),
    Entry("liaison:meeting-call", kept, kept, at=_AT, data=_form(**_NOTICE)),
    Entry("liaison:meeting", kept, at="meeting"),
    Entry(
        "liaison:meeting-edit",
        kept,
        kept,
        at="meeting",
        data=_form(version=1, **_NOTICE),
    ),
    Entry(
        "liaison:meeting-cancel",
        kept,
        kept,
        at="meeting",
        data=_form(reason="改期", version=1),
    ),
    Entry("liaison:meeting-letters", kept, at="meeting"),
    Entry("liaison:meeting-link", kept, kept, at="meeting", more={"seat_id": _seat}),
    Entry("liaison:topic-add", kept, kept, at="meeting", data=_form(title="某议题")),
    Entry("liaison:topic-withdraw", kept, kept, at="topic", data=_REASON),
    Entry(
        "liaison:agenda-set",
        kept,
        kept,
        at="meeting",
        data=_form(own="某议题", version=1),
    ),
    Entry("liaison:attendance-mark", kept, kept, at="meeting", data=_form(version=1)),
    Entry("liaison:attendance-sheet", kept, at="meeting"),
    Entry(
        "liaison:minutes-write",
        kept,
        kept,
        at="meeting",
        data=_form(chair="某", recorder="某", version=1),
    ),
    Entry("liaison:minutes-document", kept, at="meeting-held"),
    Entry("liaison:decision-list", right(KEEPS)),
    Entry(
        "liaison:decision-add",
        kept,
        kept,
        at="meeting-held",
        data=_form(words="某事项", due_on="2027-03-20"),
    ),
    Entry("liaison:decision", kept, kept, at="resolution", data=_form(words="某进展")),
    Entry(
        "liaison:decision-edit",
        kept,
        kept,
        at="resolution",
        data=_form(words="某事项", due_on="2027-03-20", version=1),
    ),
    Entry(
        "liaison:decision-close",
        kept,
        kept,
        at="resolution",
        data=_form(closed_on="2026-11-01", outcome="办了", version=1),
    ),
    Entry(
        "liaison:briefing-add",
        kept,
        kept,
        at="meeting-held",
        data=_form(title="某通报", words="某内容"),
    ),
    Entry("liaison:briefing-list", right("view_members")),
    Entry("liaison:briefing", reads, reads, at="briefing"),
    Entry("liaison:my-meeting", linked, linked, at="meeting-link", arg="token"),
    # The door must be opened first: until then it leads back there.
    Entry(
        "liaison:my-topic",
        None,
        linked,
        at="meeting-link",
        arg="token",
        data=_form(title="某议题"),
    ),
]

"""Who may what of the Party school: seen along the line, kept where it is run."""

from tests.access.cast import Actor
from tests.access.policies import FORBIDDEN, OK, Entry, Policy, right, scoped
from tests.access.world import Planted

SEES, RECORDS = "view_members", "record_activities"


def run_by(see: Policy, do: str) -> Policy:
    """Seen by `see`; changed by whoever holds `do` at the place that runs it."""

    def policy(actor: Actor, planted: Planted | None) -> str:
        outcome = see(actor, planted)
        if outcome == OK and planted.org not in actor.places(do):
            return FORBIDDEN
        return outcome

    return policy


def records(actor: Actor, planted: Planted | None) -> str:
    """Seen along the line; for whoever records activities somewhere."""
    outcome = scoped(SEES)(actor, planted)
    return FORBIDDEN if outcome == OK and RECORDS not in actor.rights else outcome


kept = run_by(scoped(SEES), RECORDS)


def opens(actor: Actor, planted: Planted | None) -> str:
    """For whoever records activities of a street or community."""
    above = {"s", "a", "b", "x"} & actor.places(RECORDS)
    return OK if above else FORBIDDEN


ENTRIES = [
    Entry("activities:term-list", right(SEES)),
    Entry("activities:term-add", opens, opens),
    Entry("activities:term", scoped(SEES), at="term"),
    Entry("activities:term-edit", kept, kept, at="term"),
    Entry("activities:course-add", kept, kept, at="term"),
    Entry("activities:course-edit", kept, kept, at="course"),
    Entry("activities:course-session", records, at="course", got=(200, 302)),
]

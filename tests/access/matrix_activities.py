"""Who may what under /activities/."""

from typing import Any

from django.utils import timezone

from tests.access.policies import (
    ABSENT,
    Entry,
    known,
    linked,
    opened,
    right,
    scoped,
)
from tests.access.world import Planted, World

SEES, RECORDS, KEEPS = "view_members", "record_activities", "manage_programs"
PLANS = "manage_plans"
recorded = scoped(SEES, do=RECORDS)
kept = known(gate=KEEPS)
planned = scoped(SEES, do=PLANS)


def _arranged(world: World, planted: Planted | None) -> dict[str, Any]:
    return {
        "kind": "theme_day",
        "title": "学习党章",
        "starts_at": f"{timezone.localdate()}T23:00",
        "hours": "1",
        "place": "某处",
        "version": 1,
    }


opens = scoped(RECORDS, gate=RECORDS)
gone = opened(lambda actor, planted: ABSENT)
reason = {"data": lambda world, planted: {"reason": "登记有误"}}

ENTRIES = [
    Entry("activities:list", right(SEES)),
    Entry("activities:record", right(RECORDS), right(RECORDS)),
    Entry("activities:arrange", right(RECORDS), right(RECORDS)),
    Entry("activities:duties", right(SEES)),
    # Plans bind all below them, who therefore read them; above them are no canaries.
    Entry("activities:plans", right(SEES)),
    Entry("activities:plan", scoped(SEES), at="plan"),
    Entry("activities:plan-add", right(PLANS), right(PLANS)),
    Entry("activities:plan-edit", planned, planned, at="plan"),
    Entry("activities:plan-withdraw", planned, planned, at="plan", **reason),
    Entry("activities:calendar", right(SEES)),
    Entry("activities:feed", right(SEES), right(SEES)),
    Entry("activities:feed-ics", linked, at="feed", arg="token"),
    Entry("activities:sheet", right(RECORDS), got=(200, 302)),
    Entry("activities:participations", right(SEES)),
    Entry("activities:detail", scoped(SEES), at="activity"),
    Entry("activities:edit", recorded, recorded, at="activity"),
    Entry("activities:move", recorded, recorded, at="planned", data=_arranged),
    Entry("activities:minutes", recorded, recorded, at="activity"),
    Entry("activities:hours", recorded, recorded, at="activity"),
    Entry("activities:cancel", recorded, recorded, at="activity", **reason),
    Entry("activities:attendance-sheet", scoped(SEES), at="activity"),
    Entry("activities:paper-add", recorded, recorded, at="seminar"),
    Entry("activities:paper-withdraw", recorded, recorded, at="paper", **reason),
    Entry("activities:photo-remove", recorded, recorded, at="photo"),
    Entry("activities:completion", right(SEES)),
    Entry("activities:completion-reminder", right(SEES), got=(200, 302)),
    Entry(
        "activities:achievement-add", recorded, recorded, at="member", arg="member_pk"
    ),
    Entry(
        "activities:achievement-withdraw",
        recorded,
        recorded,
        at="achievement",
        **reason,
    ),
    Entry("activities:achievement-waiting", right(RECORDS), right(RECORDS)),
    Entry("activities:pledges", recorded, recorded, at="member", arg="member_pk"),
    Entry("activities:sign-in-open", opens, opens, at="organization"),
    Entry("activities:sign-in-session", recorded, at="sign-in-session"),
    # Without the code of the moment the page is not there; tests/activities has it.
    Entry(
        "activities:sign-in", gone, gone, arg="slug", more={"code": "c", "slug": "s"}
    ),
    Entry("activities:program-list", right(SEES)),
    Entry("activities:program-add", right(KEEPS), right(KEEPS)),
    Entry("activities:program-edit", kept, kept, at="program"),
    Entry("activities:program-new-version", kept, kept, at="program"),
]

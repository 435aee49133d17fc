"""Who may what of study: of the members one sees, and records activities for."""

from typing import Any

from tests.access.policies import Entry, right, scoped

SEES, RECORDS = "view_members", "record_activities"
recorded = scoped(SEES, do=RECORDS)


def _form(**values: Any) -> Any:
    return lambda world, planted: values


ENTRIES = [
    Entry("activities:study", right(SEES)),
    Entry("activities:member-study", scoped(SEES), at="member"),
    Entry("activities:self-study-list", right(SEES)),
    Entry(
        "activities:self-study-add",
        recorded,
        recorded,
        at="member",
        arg="member_pk",
        data=_form(studied_on="2026-10-20", hours="1", material="党章"),
    ),
    Entry(
        "activities:self-study-answer",
        recorded,
        recorded,
        at="self-study",
        data=_form(answered_by="讲师", answer="如下", answered_on="2026-10-20"),
    ),
    Entry(
        "activities:self-study-withdraw",
        recorded,
        recorded,
        at="self-study",
        data=_form(reason="登记有误"),
    ),
]

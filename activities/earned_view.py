"""The view that says what earned which member which item.

It stands between migrations only: one that alters a table below a view is refused by
PostgreSQL, and SQLite cannot make such a table anew.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from activities.choices import ActivityState, EarnedBy, Presence
from members.choices.employment import LeadKind
from members.rules.employment import AT_WORK, OUT_OF_WORK


def _listed(values: Any) -> str:
    return ", ".join(f"'{value}'" for value in sorted(str(each) for each in values))


# The achievement first: PostgreSQL takes the type of the evidence from there.
_ROWS = f"""
SELECT h.member_id, h.item_id, h.achieved_on AS earned_on, 1 AS times,
       'achievement' AS source, h.id AS source_id,
       CAST(h.content AS text) AS words, h.evidence_id AS evidence
FROM activities_achievement h
WHERE h.withdrawn_at IS NULL AND h.confirmed_at IS NOT NULL
UNION ALL
SELECT p.member_id, c.programitem_id, v.held_on, 1,
       'activity', v.id, CAST(v.title AS text), NULL
FROM activities_activity v
JOIN activities_activity_items c ON c.activity_id = v.id
JOIN activities_participation p ON p.activity_id = v.id
WHERE v.state = '{ActivityState.HELD.value}'
  AND p.presence = '{Presence.PRESENT.value}'
UNION ALL
SELECT s.member_id, i.id, s.starts_on, 1,
       'spell', s.id, CAST(s.status AS text), NULL
FROM members_employmentspell s
JOIN activities_programitem i ON i.earned_by = '{EarnedBy.REEMPLOYMENT.value}'
WHERE s.withdrawn_at IS NULL AND s.status IN ({_listed(AT_WORK)})
  AND EXISTS (
    SELECT 1 FROM members_employmentspell b
    WHERE b.member_id = s.member_id AND b.starts_on < s.starts_on
      AND b.withdrawn_at IS NULL AND b.status IN ({_listed(OUT_OF_WORK)})
  )
UNION ALL
SELECT l.member_id, i.id, l.starts_on, l.people_count,
       'lead', l.id, CAST(l.people_count AS text), NULL
FROM members_lead l
JOIN activities_programitem i ON i.earned_by = '{EarnedBy.PEOPLE_LED.value}'
WHERE l.withdrawn_at IS NULL AND l.kind = '{LeadKind.PEOPLE.value}'
"""


def drop_view(using: str = "default", **kwargs: Any) -> None:
    """Take the view away before tables change below it."""
    with connections[using].cursor() as cursor:
        cursor.execute("DROP VIEW IF EXISTS activities_earned")


def create_view(using: str = "default", **kwargs: Any) -> None:
    """Let the view stand again over the tables as they are now."""
    drop_view(using)
    with connections[using].cursor() as cursor:
        cursor.execute(f"CREATE VIEW activities_earned AS {_ROWS}")

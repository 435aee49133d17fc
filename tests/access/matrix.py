"""The whole matrix: one entry a URL name, in three parts that may run side by side."""

from __future__ import annotations

from collections import Counter

from tests.access import (
    matrix_activities,
    matrix_admin,
    matrix_agreements,
    matrix_api,
    matrix_authorities,
    matrix_committees,
    matrix_conferences,
    matrix_coverage,
    matrix_employment,
    matrix_funds,
    matrix_households,
    matrix_instructors,
    matrix_liaison,
    matrix_matters,
    matrix_members,
    matrix_mobile,
    matrix_mutual,
    matrix_organizations,
    matrix_pairs,
    matrix_posts,
    matrix_projects,
    matrix_reporting,
    matrix_reports,
    matrix_reviews,
    matrix_rooms,
    matrix_school,
    matrix_standing,
    matrix_study,
    matrix_teams,
)
from tests.access.policies import Entry

PORTAL: list[Entry] = [
    *matrix_organizations.ENTRIES,
    *matrix_funds.ENTRIES,
    *matrix_rooms.ENTRIES,
    *matrix_matters.ENTRIES,
    *matrix_members.ENTRIES,
    *matrix_committees.ENTRIES,
    *matrix_mobile.ENTRIES,
    *matrix_mutual.ENTRIES,
    *matrix_employment.ENTRIES,
    *matrix_reporting.ENTRIES,
    *matrix_standing.ENTRIES,
    *matrix_activities.ENTRIES,
    *matrix_school.ENTRIES,
    *matrix_study.ENTRIES,
    *matrix_households.ENTRIES,
    *matrix_teams.ENTRIES,
    *matrix_reviews.ENTRIES,
    *matrix_projects.ENTRIES,
    *matrix_coverage.ENTRIES,
    *matrix_instructors.ENTRIES,
]
LIAISON: list[Entry] = [
    *matrix_liaison.ENTRIES,
    *matrix_posts.ENTRIES,
    *matrix_agreements.ENTRIES,
    *matrix_authorities.ENTRIES,
    *matrix_pairs.ENTRIES,
    *matrix_conferences.ENTRIES,
    *matrix_reports.ENTRIES,
    *matrix_api.ENTRIES,
]
ADMIN: list[Entry] = matrix_admin.ENTRIES
ENTRIES = [*PORTAL, *LIAISON, *ADMIN]


def mismatches(names: set[str], entries: list[Entry]) -> list[str]:
    """Addresses without an entry, entries without an address, entries given twice."""
    counted = Counter(entry.name for entry in entries)
    return [
        *(f"no entry for the URL {name}" for name in sorted(names - set(counted))),
        *(f"no URL for the entry {name}" for name in sorted(set(counted) - names)),
        *(f"two entries for {name}" for name, n in sorted(counted.items()) if n > 1),
    ]

"""Who may what under /api/v1/: read-only, for systems that log in like people."""

from tests.access.matrix_reports import FIGURES
from tests.access.policies import Entry, known, right, scoped

TREE, SEES, STAFF = "view_organizations", "view_members", "manage_organizations"


def _api(name: str, see: str, at: str) -> tuple[Entry, Entry]:
    policy = known(gate=see) if at == "unit" else scoped(see, gate=see)
    return (
        Entry(f"api:{name}-list", right(see), style="api"),
        Entry(f"api:{name}-detail", policy, at=at, style="api"),
    )


ENTRIES = [
    *_api("organization", TREE, at="organization"),
    *_api("work-unit", TREE, at="unit"),
    *_api("member", SEES, at="member"),
    *_api("activity", SEES, at="activity"),
    *_api("liaison-card", SEES, at="card"),
    Entry(
        "api:summary",
        scoped("view_reports"),
        at="organization",
        arg="organization_id",
        style="api",
        writes=FIGURES,
    ),
    # Administrators and committee staff: they who maintain the tree.
    Entry("api:schema", right(STAFF), style="api"),
]

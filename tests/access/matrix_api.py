"""Who may what under /api/v1/: read-only, for systems that log in like people."""

from tests.access.policies import Entry, Policy, known, right, scoped


def _api(
    name: str, list_policy: Policy, detail_policy: Policy, at: str
) -> tuple[Entry, Entry]:
    return (
        Entry(f"api:{name}-list", list_policy, style="api"),
        Entry(f"api:{name}-detail", detail_policy, at=at, style="api"),
    )


def _scoped(see: str) -> tuple[Policy, Policy]:
    return right(see), scoped(see, gate=see)


_STAFF = ("manage_organizations",)

ENTRIES = [
    *_api("organization", *_scoped("view_organizations"), at="organization"),
    *_api(
        "work-unit",
        right("view_organizations"),
        known(gate="view_organizations"),
        at="unit",
    ),
    *_api("member", *_scoped("view_members"), at="member"),
    *_api("activity", *_scoped("view_members"), at="activity"),
    # Administrators and committee staff: who maintain the tree.
    Entry("api:schema", right("manage_organizations"), style="api"),
]

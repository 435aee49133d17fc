"""Who may what in the browser admin: five addresses for each model."""

from tests.access.policies import (
    Entry,
    Policy,
    anybody,
    known,
    nobody,
    right,
    scoped,
)
from tests.access.walk import CATCH_ALL, OLD_CHANGE

TREE, KEEPS = "view_organizations", "manage_organizations"
USERS, SEES, EDITS = "manage_users", "view_members", "edit_members"


def model(
    name: str,
    *,
    at: str,
    view: Policy,
    one: Policy,
    add: Policy = nobody,
    change: Policy = nobody,
    gate: str = "",
) -> list[Entry]:
    """`view` opens the list, `one` an object, `change` saves it; nobody deletes."""

    def entry(action: str, *policies: Policy | None, **more: object) -> Entry:
        if action not in {"changelist", "add"}:
            more |= {"at": at, "arg": "object_id"}
        return Entry(f"admin:{name}_{action}", *policies, style="admin", **more)

    return [
        entry("changelist", view, view, posted=(200, 302)),
        entry("add", add, add),
        entry("change", one, change),
        entry("history", one, one),
        entry("delete", nobody, nobody),
    ]


_in_tree = scoped(TREE)
_kept = scoped(TREE, do=KEEPS)
_user = scoped(USERS)

ENTRIES = [
    Entry("admin:index", anybody, anybody, style="admin"),
    Entry("admin:login", None, None, style="admin"),
    Entry("admin:logout", anybody, anybody, style="admin"),
    Entry("admin:password_change", anybody, anybody, style="admin"),
    Entry("admin:password_change_done", anybody, anybody, style="admin"),
    Entry("admin:autocomplete", nobody, nobody, style="admin"),
    Entry("admin:jsi18n", anybody, anybody, style="admin"),
    Entry("admin:view_on_site", None, None, style="admin"),
    Entry("admin:app_list", None, None, style="admin"),
    Entry(f"admin:{OLD_CHANGE}", None, None, style="admin"),
    Entry(f"admin:{CATCH_ALL}", None, None, style="admin"),
]

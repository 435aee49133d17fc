"""The actor of management commands: whoever runs them already holds the database."""

from __future__ import annotations

from config.lib.paths import merge_roots
from organizations.models import Organization


class SystemActor:
    """Stands where a service asks for a user; only commands and tests import it.

    It has no row: audit writes 系统, history no user. Every right holds everywhere,
    and it alone may make a root, since no post can exist before one does.
    """

    pk = None
    id = None
    is_active = True
    is_authenticated = True

    def __str__(self) -> str:
        return "系统"

    def rights_paths(self, right: str) -> list[str]:
        roots = Organization.objects.filter(parent__isnull=True)
        return merge_roots(roots.values_list("path", flat=True))

    @property
    def structure_paths(self) -> list[str]:
        return self.rights_paths("")

    @property
    def member_paths(self) -> list[str]:
        return self.rights_paths("")

    @property
    def contact_unit_ids(self) -> list[int]:
        return []

    def has_right(self, right: str) -> bool:
        return True

    def has_right_at(self, right: str, organization: Organization) -> bool:
        return True


SYSTEM = SystemActor()

"""What the tree page shows: the open nodes' children, level by level."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Q

from config.lib.paths import STEP, ancestors, depth, parent_path
from organizations.models import Organization, User


@dataclass
class Node:
    organization: Organization
    child_count: int
    is_expanded: bool = False
    children: list[Node] = field(default_factory=list)


def open_tree(user: User, chosen: Organization | None) -> list[Node]:
    """Return the nodes at the top of the user's scope, opened down to `chosen`.

    Without a choice the tops are open. Closed organizations are left out. Two
    queries, however deep the tree.
    """
    tops = user.structure_paths
    opened = set(ancestors(chosen.path)) if chosen else set(tops)
    rows = (
        Organization.objects.visible_to(user)
        .open()
        .filter(Q(path__in=tops) | Q(parent__path__in=opened))
        .annotate(count=Count("children", filter=Q(children__closed_on__isnull=True)))
        .order_by("path")
    )
    nodes = {
        row.path: Node(row, row.count, is_expanded=row.path in opened and row.count > 0)
        for row in rows
    }
    roots = []
    for path, node in nodes.items():
        above = nodes.get(parent_path(path)) if depth(path) > 1 else None
        if path in tops or above is None:
            roots.append(node)
        elif above.is_expanded:
            above.children.append(node)
    return roots


def visible_ancestors(organization: Organization, user: User) -> list[Organization]:
    """Return what stands above and may be seen, root first, without itself."""
    above = organization.path[:-STEP]
    if not above:
        return []
    rows = Organization.objects.ancestors_of(above)
    return list(rows & Organization.objects.visible_to(user))

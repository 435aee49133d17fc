"""What the tree page shows: the open nodes' children, level by level."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.urls import reverse

from config.lib.paths import STEP, ancestors, depth, parent_path
from organizations.models import Organization, User

# No more of each than a row of the tree shows.
_SHOWN = ("pk", "path", "name", "short_name", "code", "kind")
# Nobody looks through more in a tree; the list below it has filters and pages.
MOST_IN_A_ROW = 200


@dataclass
class Node:
    organization: Organization
    child_count: int
    url: str
    is_expanded: bool = False
    children: list[Node] = field(default_factory=list)

    @property
    def hidden_count(self) -> int:
        """How many of an open node's children are not shown."""
        return self.child_count - len(self.children) if self.is_expanded else 0


def open_tree(user: User, chosen: Organization | None) -> list[Node]:
    """Return the nodes at the top of the user's scope, opened down to `chosen`.

    Without a choice the tops are open. Closed organizations are left out, and of very
    many in a row those behind the first, but for the way to what is open. Two
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
        .values_list("count", *_SHOWN)
    )
    # Looked up once: for each node it is most of what drawing the tree costs.
    address = reverse("organizations:detail", args=[0]).removesuffix("0/")
    nodes: dict[str, Node] = {}
    roots = []
    for count, *values in rows:
        row = dict(zip(_SHOWN, values, strict=True))
        path = row["path"]
        above = nodes.get(parent_path(path)) if depth(path) > 1 else None
        if path in tops or above is None:
            siblings = roots
        elif not above.is_expanded:
            continue
        else:
            siblings = above.children
            if len(siblings) >= MOST_IN_A_ROW and path not in opened:
                continue
        url, is_expanded = f"{address}{row['pk']}/", path in opened and count > 0
        node = Node(Organization(**row), count, url, is_expanded)
        nodes[path] = node
        siblings.append(node)
    return roots


def visible_ancestors(organization: Organization, user: User) -> list[Organization]:
    """Return what stands above and may be seen, root first, without itself."""
    above = organization.path[:-STEP]
    if not above:
        return []
    rows = Organization.objects.ancestors_of(above)
    return list(rows & Organization.objects.visible_to(user))

"""Entry of delegated matters in the navigation."""

from config.lib.nav import register
from organizations.access import Right
from organizations.navigation import TREE

register(
    TREE,
    "准入事项",
    "organizations:matter-list",
    "clipboard-list",
    Right.KEEP_MATTERS,
    order=67,
)

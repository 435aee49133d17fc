"""Entries of funds in the navigation."""

from config.lib.nav import register
from organizations.access import Right
from organizations.navigation import TREE

register(TREE, "经费", "organizations:fund-list", "coin", Right.VIEW_FUNDS, order=66)

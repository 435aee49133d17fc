"""The mechanics of the tree: its lock, the next free place, moving a subtree."""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import Max, Value
from django.db.models.functions import Concat, Substr

from config.lib.paths import STEP, child_path, successor
from organizations import rules
from organizations.models import Organization

# Any fixed number; the first letters of "tree" in hexadecimal.
_LOCK_KEY = 0x74726565


def lock_tree() -> None:
    """Let one transaction at a time change the shape of the tree.

    Taken before any row, so that two changes never wait for each other crosswise. On
    SQLite the transaction itself is the lock: it begins IMMEDIATE.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])


def keep_tree() -> None:
    """Let the tree keep its shape until this transaction ends; readers share this."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK_KEY])


def free_path(parent: Organization | None) -> str:
    """Return a path under `parent` that nobody holds; the tree must be locked.

    Raises RuleError when the parent or the depth is full.
    """
    last = Organization.objects.filter(parent=parent).aggregate(last=Max("path"))
    number = int(last["last"][-STEP:]) + 1 if last["last"] else 1
    path = child_path(parent.path if parent else "", number)
    rules.check_depth(path)
    return path


def rewrite_paths(old: str, new: str) -> int:
    """Give the subtree at `old` the place `new`, in one statement."""
    return Organization.objects.filter(path__gte=old, path__lt=successor(old)).update(
        path=Concat(Value(new), Substr("path", len(old) + 1))
    )


def deepest_path(organization: Organization) -> str:
    """Return the longest path in the subtree, for the check of depth."""
    paths = Organization.objects.subtree(organization).values_list("path", flat=True)
    return max(paths, key=len)


def free_code(short_name: str) -> str:
    """Return a short code nobody has: letters of the name and a number, JBSQ01.

    The tree must be locked. Codes of closed organizations are not used again.
    """
    prefix = rules.code_prefix(short_name)
    taken = Organization.objects.filter(code__startswith=prefix)
    numbers = [
        int(found[1])
        for code in taken.values_list("code", flat=True)
        if (found := re.fullmatch(rf"{prefix}(\d+)", code))
    ]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"

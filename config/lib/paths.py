"""Positions in the organization tree as fixed-width digits, six a level.

A subtree is one range, ``path >= p and path < successor(p)``: a single index
search in every collation, which ``startswith`` is not on SQLite.
"""

from collections.abc import Iterable

from config.lib.errors import RuleError

STEP = 6
# The last number stays free, so that every path has a successor of its length.
LAST_CHILD = 10**STEP - 2


def successor(path: str) -> str:
    """Return the exclusive upper bound of the subtree at ``path``."""
    _require(path)
    following = int(path[-STEP:]) + 1
    if following > LAST_CHILD + 1:
        raise ValueError(f"{path!r} has no successor: its last number is reserved.")
    return f"{path[:-STEP]}{following:0{STEP}d}"


def child_path(parent_path: str, number: int) -> str:
    """Return the path of child ``number`` (from 1); '' is above the root."""
    if parent_path:
        _require(parent_path)
    if number < 1:
        raise ValueError(f"A child's number starts at 1, not {number}.")
    if number > LAST_CHILD:
        raise RuleError(
            f"同一上级下最多设{LAST_CHILD}个组织，已没有可用的编号，请联系管理员。",
            code="path_full",
        )
    return f"{parent_path}{number:0{STEP}d}"


def parent_path(path: str) -> str:
    """Return the path one level up, '' for a root."""
    _require(path)
    return path[:-STEP]


def ancestors(path: str) -> list[str]:
    """Return the paths from the root down to ``path``, itself included."""
    _require(path)
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]


def depth(path: str) -> int:
    """Return the level, 1 for a root."""
    _require(path)
    return len(path) // STEP


def is_within(path: str, root: str) -> bool:
    """Whether ``path`` is ``root`` or lies under it."""
    _require(path)
    _require(root)
    return path.startswith(root)


def merge_roots(paths: Iterable[str]) -> list[str]:
    """Return the fewest roots that cover the same subtrees, in order."""
    merged: list[str] = []
    for path in sorted(set(paths)):
        _require(path)
        if not merged or not path.startswith(merged[-1]):
            merged.append(path)
    return merged


def below(roots: Iterable[str], path: str) -> list[str]:
    """Return the roots of what ``roots`` cover at ``path`` and under it."""
    roots = list(roots)
    if any(is_within(path, root) for root in roots):
        return [path]
    return [root for root in roots if is_within(root, path)]


def _require(path: str) -> None:
    # An empty root would silently mean everybody.
    if not path or len(path) % STEP or not (path.isascii() and path.isdigit()):
        raise ValueError(f"{path!r} is not a path of {STEP} digits a level.")

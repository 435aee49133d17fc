"""Rules of the quality of records: pure."""

from __future__ import annotations

from config.lib.errors import RuleError

# Stands on a relation that ended because two records became one.
MERGED_NOTE = "重复建档，已合并"


def completeness(filled: int, wanted: int) -> int:
    """Return what share of the items is filled, in whole percent, never rounded up.

    100 means that nothing is missing; of nothing wanted nothing is missing.
    """
    return 100 if not wanted else filled * 100 // wanted


def differing(one: str, other: str) -> tuple[str, str]:
    """Return two numbers with all they share as stars, but for what tells them apart.

    Two spellings of one ID number differ in a digit or two: those are what whoever
    chooses between them must compare with the card, and no more is shown.
    """
    if len(one) != len(other):
        return _ends(one), _ends(other)
    pairs = list(zip(one, other, strict=True))
    return (
        "".join(a if a != b else "*" for a, b in pairs),
        "".join(b if a != b else "*" for a, b in pairs),
    )


def _ends(number: str) -> str:
    return f"{number[:1]}{'*' * max(len(number) - 2, 0)}{number[-1:]}"


def check_pair(first_id: int, second_id: int) -> None:
    """Raise RuleError unless these are two records."""
    if first_id == second_id:
        raise RuleError("这是同一份档案，不需要合并。", code="same_record")


def check_undo(days_ago: int, most: int) -> None:
    """Raise RuleError once a merger is too old to be taken back."""
    if days_ago > most:
        raise RuleError(
            f"合并已超过{most}天，不能再撤销；确有错误的，请分别登记、改正。",
            code="undo_late",
        )

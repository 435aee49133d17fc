"""What a supplement says: the lines it corrects, and how a reader sees them.

Pure: contents are the frozen JSON of packets, `now` what the record says today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from config.lib.errors import RuleError
from liaison import rules

Line = dict[str, Any]
CORRECTED, REMOVED, ADDED = "corrected", "removed", "added"
# What the record makes of a line, and what the community judges.
_RECORD = ("times", "hours", "deeds")
_JUDGED = ("grade", "words")
_SHOWN = (
    ("times", "次数"),
    ("hours", "时长（小时）"),
    ("grade", "等次"),
    ("words", "评语"),
)


@dataclass(frozen=True)
class Correction:
    """What is to become of one line, found by its card's number.

    `takes_record` takes over times, hours and deeds as they stand now; `is_out` takes
    the line off, and of somebody left out `is_in` takes it up.
    """

    card: str
    grade: str = ""
    words: str = ""
    takes_record: bool = False
    is_out: bool = False
    is_in: bool = False


def lines_in_force(
    original: Mapping[str, Any], supplements: Iterable[Mapping[str, Any]]
) -> dict[str, Line]:
    """The lines of a packet by card, after the supplements issued so far, in order."""
    lines = {line["card"]: line for line in original["people"]}
    for content in supplements:
        for line in content["people"]:
            if line["change"] == REMOVED:
                lines.pop(line["card"], None)
            else:
                lines[line["card"]] = _plain(line)
    return lines


def _plain(line: Line) -> Line:
    return {key: line[key] for key in line if key not in {"change", "before"}}


def has_other_record(line: Line, now: Line | None) -> bool:
    return now is not None and any(line[key] != now[key] for key in _RECORD)


def corrected_lines(
    before: Mapping[str, Line],
    now: Mapping[str, Line],
    corrections: Iterable[Correction],
    grades: list[str],
) -> list[Line]:
    """The lines of a supplement: only what differs. Raises RuleError."""
    lines = []
    for wanted in corrections:
        line = before.get(wanted.card)
        if line is None:
            if wanted.is_in and wanted.card in now:
                lines.append(now[wanted.card] | {"change": ADDED})
        elif wanted.is_out:
            lines.append(line | {"change": REMOVED})
        else:
            changed = _corrected(line, now.get(wanted.card), wanted, grades)
            if changed != line:
                lines.append(
                    changed
                    | {
                        "change": CORRECTED,
                        "before": {key: line[key] for key, _ in _SHOWN},
                    }
                )
    if not lines:
        raise RuleError(
            "没有一处与原材料不同，请先改正要更正的内容。", code="nothing_corrected"
        )
    return lines


def _corrected(
    line: Line, now: Line | None, wanted: Correction, grades: list[str]
) -> Line:
    changed = dict(line)
    judged = {"grade": wanted.grade, "words": wanted.words.strip()}
    if judged != {key: line[key] for key in _JUDGED}:
        try:
            rules.check_remark(wanted.grade, wanted.words, grades)
        except RuleError as error:
            raise RuleError(f"{line['name']}：{error}", code=error.code) from error
        changed |= judged
    if wanted.takes_record and now is not None:
        changed |= {key: now[key] for key in _RECORD}
    return changed


@dataclass(frozen=True)
class Change:
    """One corrected line as a reader sees it."""

    name: str
    card: str
    branch: str
    label: str
    sentences: tuple[str, ...]


_LABELS = {CORRECTED: "更正", REMOVED: "撤销", ADDED: "补列"}


def changes(content: Mapping[str, Any]) -> list[Change]:
    """The corrections of a supplement's content; none of a packet itself."""
    if not content.get("supplement"):
        return []
    return [
        Change(
            line["name"],
            line["card"],
            line["branch"],
            _LABELS[line["change"]],
            tuple(_sentences(line)),
        )
        for line in content["people"]
    ]


def _sentences(line: Line) -> list[str]:
    if line["change"] == REMOVED:
        return ["原材料误列此人，予以撤销。"]
    if line["change"] == ADDED:
        return [f"{label}：{_text(key, line[key])}" for key, label in _SHOWN]
    before = line["before"]
    found = [
        f"{label}：{_text(key, before[key])} → {_text(key, line[key])}"
        for key, label in _SHOWN
        if before[key] != line[key]
    ]
    return found or ["服务明细有更正，次数和时长不变。"]


def _text(key: str, value: Any) -> str:
    if key == "hours":
        return f"{float(value):g}"
    return str(value) if value != "" else "未评定"

"""One row of a roster on its way from the sheet to the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from members.choices import RowVerdict


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a cell; `place` is its 0-based column."""

    code: str
    message: str
    column: str = ""
    place: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message,
            "column": self.column,
            "place": self.place,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Finding:
        return cls(**stored)


@dataclass(slots=True)
class Line:
    """A row with its number in Excel, and what will become of it.

    `values` are typed cells of fields that were filled in. `stored` holds the columns
    of a new member in the order of `values.STORED`, `changes` column → [old, new] of a
    known one, both ready for JSON with encrypted columns as tokens.
    """

    sheet: str
    number: int
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    verdict: str = RowVerdict.UNCHANGED
    organization_id: int | None = None
    id_index: str = ""
    member_id: int | None = None
    version: int | None = None
    stored: list[Any] = field(default_factory=list)
    changes: dict[str, list] = field(default_factory=dict)
    starts_affiliation: bool = False
    needs_street: bool = False
    written_version: int | None = None

    def refuse(self, finding: Finding) -> None:
        self.errors.append(finding)
        self.verdict = RowVerdict.ERROR

    @property
    def is_good(self) -> bool:
        return not self.errors

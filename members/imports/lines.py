"""One row of a roster on its way from the sheet to the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from config.lib.dates import PartialDate
from config.lib.identity import IdNumber
from members.choices import RowVerdict
from organizations.models import Organization


class Typed(NamedTuple):
    """The cells of a row as typed values, None where nothing was filled in.

    In the order of `layout.FIELDS`. A tuple, since rows are made of columns and
    columns of rows for ten thousand people at a time.
    """

    name: str | None = None
    id_number: IdNumber | None = None
    sex: str | None = None
    ethnicity: str | None = None
    born_on: PartialDate | None = None
    branch: Organization | None = None
    member_type: str | None = None
    joined_on: PartialDate | None = None
    confirmed_on: PartialDate | None = None
    education: str | None = None
    degree: str | None = None
    phone: str | None = None
    job_post: str | None = None
    job_title: str | None = None
    home_unit: str | None = None
    on_post: bool | None = None
    address: str | None = None
    household_address: str | None = None
    native_place: str | None = None
    status: str | None = None
    is_lost: bool | None = None
    lost_since: PartialDate | None = None
    is_mobile: bool | None = None


_NOTHING = Typed()


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

    `stored` holds the columns of a new member in the order of `values.STORED`,
    `changes` column → [old, new] of a known one, both ready for JSON with encrypted
    columns as tokens.
    """

    sheet: str
    number: int
    name: str = ""
    values: Typed = _NOTHING
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

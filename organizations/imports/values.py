"""From a register's raw cells to values, with every error of a row at once."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from config.lib.dates import EMPTY_WORDS, clean_text, parse_date
from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from config.lib.names import normalize_name
from config.lib.xlsx import Formula
from organizations import rules
from organizations.choices import OrganizationField, OrganizationKind, UnitSituation
from organizations.imports.reading import SheetRow
from organizations.models import Organization

_Kind = OrganizationKind


def _labels(choices: Any, **others: str) -> dict[str, str]:
    known = {label: value for value, label in choices.choices}
    return known | {
        alias: value for value, text in others.items() for alias in text.split()
    }


KIND_WORDS = _labels(
    OrganizationKind,
    work_committee="党工委 工委 街道党工委 工作委员会",
    committee="基层党委 社区党委 党的基层委员会 党的委员会",
    general_branch="总支 党总支部 总支部 党的总支部委员会",
    branch="支部 联合党支部 党的支部委员会 支部委员会",
    group="小组",
)
SITUATION_WORDS = _labels(
    UnitSituation, same_as_parent="与上级相同", legal_entity="法人", joint="联合支部"
)
FIELD_WORDS = _labels(OrganizationField, non_public="非公 非公企业", social="社团")


def parse_row(row: SheetRow) -> None:
    """Fill `row.values` with what is written and `row.errors` with what cannot be.

    A blank cell, or one of the words for nothing, gives no value.
    """
    for name, cell in row.cells.items():
        if isinstance(cell, Formula):
            row.refuse(name, "formula", "这一格是公式，请先粘贴为数值再上传。")
        elif clean_text(cell) not in EMPTY_WORDS:
            _parse_cell(row, name, cell)
    if "name" not in row.values and not row.has_error("name"):
        row.refuse("name", "name_missing", "没有填写党组织全称，请补上。")
    try:
        rules.check_dates(row.values.get("founded_on"), row.values.get("term_ends_on"))
    except RuleError as error:
        row.refuse("term_ends_on", error.code, error.text)


def _parse_cell(row: SheetRow, name: str, cell: Any) -> None:
    try:
        row.values[name] = _READERS[name](row, cell)
    except RuleError as error:
        row.refuse(name, error.code, error.text)


def _text(field: str) -> Callable[[SheetRow, Any], str]:
    limit = Organization._meta.get_field(field).max_length

    def read(row: SheetRow, cell: Any) -> str:
        text = clean_text(cell)
        text = normalize_name(text) if field == "contact_name" else text
        if len(text) > limit:
            raise RuleError(
                f"有{len(text)}个字，最多{limit}个字，请缩短。", code="too_long"
            )
        return text

    return read


def _word(words: dict[str, str], shown: str) -> Callable[[SheetRow, Any], str]:
    def read(row: SheetRow, cell: Any) -> str:
        text = clean_text(cell).replace(" ", "")
        if text not in words:
            raise RuleError(
                f"“{text[:20]}”不在可选范围内，请填写：{shown}。", code="choice"
            )
        return words[text]

    return read


def _founded_on(row: SheetRow, cell: Any) -> date:
    return parse_date(cell, today=timezone.localdate()).date


def _term_ends_on(row: SheetRow, cell: Any) -> date:
    """Read the end of a term; a bare month or year ends with its last day."""
    parsed = parse_date(cell)
    if parsed.precision == "day":
        return parsed.date
    year, month = parsed.date.year, parsed.date.month
    if parsed.precision == "year":
        month = 12
    last = date(year, month, calendar.monthrange(year, month)[1])
    row.warn("term_ends_on", "date_imprecise", f"没有写到日，按{last}计。")
    return last


def _shown(choices: Any) -> str:
    return "、".join(choices.labels)


_READERS: dict[str, Callable[[SheetRow, Any], Any]] = {
    "name": _text("name"),
    "parent": _text("name"),
    "short_name": _text("short_name"),
    "contact_name": _text("contact_name"),
    "contact_phone": lambda row, cell: normalize_phone(cell),
    "kind": _word(KIND_WORDS, _shown(OrganizationKind)),
    "field": _word(FIELD_WORDS, _shown(OrganizationField)),
    "unit_situation": _word(SITUATION_WORDS, _shown(UnitSituation)),
    "founded_on": _founded_on,
    "term_ends_on": _term_ends_on,
}

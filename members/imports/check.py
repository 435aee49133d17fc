"""Rules of one row, and of rows that name the same person."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from config.lib.dates import PartialDate
from config.lib.identity import IdNumber, region_warning
from members.choices import MembershipStatus, MemberType, Sex
from members.imports.layout import FIELDS, SheetLayout
from members.imports.lines import Finding, Line
from members.imports.places import Places
from members.rules import ADULT_AGE, identity_index

# Someone of another status has left the roll; that is a procedure, not an import.
ON_THE_ROLL = frozenset({MembershipStatus.NORMAL, MembershipStatus.SUSPENDED})


def last_day(partial: PartialDate) -> date:
    """Return the last day of what a partial date claims."""
    day = partial.date
    if partial.precision == "year":
        return day.replace(month=12, day=31)
    if partial.precision == "month":
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day


@dataclass(slots=True)
class Checker:
    """Checks rows in their order; remembers the persons it has met."""

    places: Places
    today: date
    _seen: dict[str, Line] = field(default_factory=dict)

    def check(self, line: Line, layout: SheetLayout) -> None:
        """Add what is wrong with the row, and keep what the rules decided."""
        cells = _Cells(line, layout)
        self._need(cells)
        number = line.values.id_number
        if number is not None:
            line.id_index = identity_index(number.digits)
            _compare_with_id(cells, number)
        _check_dates(cells, number)
        _check_status(cells)
        self._place(cells)
        if number is not None:
            self._meet(cells)

    def _need(self, cells: _Cells) -> None:
        for key, code in (
            ("name", "name_missing"),
            ("id_number", "id_missing"),
            ("joined_on", "joined_missing"),
        ):
            if getattr(cells.values, key) is None and not cells.has_error(key):
                label = cells.heading(key)
                cells.error(
                    key, code, f"没有填写{FIELDS[key].label}，请补填“{label}”。"
                )
        if cells.values.ethnicity is not None or cells.has_error("ethnicity"):
            return
        # Of a column that is not there the sheet is told once.
        if cells.layout.place_of("ethnicity") is not None:
            cells.warn("ethnicity", "ethnicity_missing", "没有填写民族，请尽快补填。")

    def _place(self, cells: _Cells) -> None:
        branch = cells.values.branch
        if branch is None and not cells.has_error("branch"):
            branch = self.places.default
            if branch is None:
                cells.error(
                    "branch",
                    "organization_missing",
                    "没有填写所在党支部，请填写党支部的全称或简称。",
                )
        if branch is not None:
            cells.line.organization_id = branch.pk

    def _meet(self, cells: _Cells) -> None:
        """Refuse a second row of one person, unless the first was in error."""
        line = cells.line
        earlier = self._seen.get(line.id_index)
        if earlier is None or (not earlier.is_good and earlier.name == line.name):
            self._seen[line.id_index] = line
            return
        where = f"第{earlier.number}行"
        if earlier.sheet != line.sheet:
            where = f"工作表“{earlier.sheet}”{where}"
        if earlier.name != line.name:
            text = f"身份证号与{where}相同而姓名不同，请核对是哪一行填错。"
            cells.error("id_number", "duplicate_id", text)
        elif earlier.values != line.values:
            text = f"此人在{where}已出现且内容不同，请只保留一行。"
            cells.error("id_number", "duplicate_id", text)
        else:
            cells.warn("id_number", "duplicate_row", f"与{where}重复，按一行处理。")


class _Cells:
    """A row with the words to report on it."""

    __slots__ = ("layout", "line", "values")

    def __init__(self, line: Line, layout: SheetLayout) -> None:
        self.line, self.layout, self.values = line, layout, line.values

    def replace(self, **changes: Any) -> None:
        self.line.values = self.values = self.values._replace(**changes)

    def heading(self, key: str) -> str:
        return self.layout.heading_of(key)

    def has_error(self, key: str) -> bool:
        place = self.layout.place_of(key)
        return place is not None and any(e.place == place for e in self.line.errors)

    def error(self, key: str, code: str, message: str) -> None:
        self.line.refuse(self._finding(key, code, message))

    def warn(self, key: str, code: str, message: str) -> None:
        self.line.warnings.append(self._finding(key, code, message))

    def _finding(self, key: str, code: str, message: str) -> Finding:
        return Finding(code, message, self.heading(key), self.layout.place_of(key))


def _compare_with_id(cells: _Cells, number: IdNumber) -> None:
    """Birth date and sex follow from the ID number; a difference is told."""
    born = cells.values.born_on
    if born is not None and not born.agrees_with(number.born_on):
        cells.warn(
            "born_on",
            "birth_mismatch",
            "出生日期与身份证号不一致，将以身份证号中的出生日期为准，请核对。",
        )
    sex = cells.values.sex
    if sex is not None and sex != number.sex:
        label = Sex(number.sex).label
        cells.warn(
            "sex",
            "sex_mismatch",
            f"性别与身份证号不一致，将以身份证号为准（{label}），请核对。",
        )
    if region := region_warning(number.digits):
        cells.warn("id_number", "id_region", region)


def _check_dates(cells: _Cells, number: IdNumber | None) -> None:
    joined, confirmed = cells.values.joined_on, cells.values.confirmed_on
    if joined and confirmed and confirmed.date < joined.date:
        if last_day(confirmed) < joined.date:
            cells.error(
                "confirmed_on",
                "confirmed_before_joined",
                "转正日期不能早于入党日期，请核对这两个日期。",
            )
        else:
            # 1999 after 1999-05-12: the stored day may not lie before joining.
            same = PartialDate(joined.date, confirmed.precision)
            cells.replace(confirmed_on=same)
    if (
        confirmed
        and cells.values.member_type == MemberType.PROBATIONARY
        and not cells.has_error("confirmed_on")
    ):
        cells.error(
            "confirmed_on",
            "probationary_confirmed",
            "预备党员没有转正日期：请清空转正日期，或把人员类别改为正式党员。",
        )
    if joined and number:
        _check_age(cells, joined, number.born_on)


def _check_age(cells: _Cells, joined: PartialDate, born_on: date) -> None:
    if joined.date.year - born_on.year > ADULT_AGE:
        return  # whatever the days
    if last_day(joined) <= born_on or joined.date <= born_on:
        cells.error(
            "joined_on", "joined_before_birth", "入党日期应晚于出生日期，请核对。"
        )
        return
    is_leap_day = (born_on.month, born_on.day) == (2, 29)
    grown = born_on.replace(
        year=born_on.year + ADULT_AGE, day=28 if is_leap_day else born_on.day
    )
    if last_day(joined) < grown:
        cells.warn(
            "joined_on", "under_18", f"入党时未满{ADULT_AGE}周岁，请核对入党日期。"
        )


def _check_status(cells: _Cells) -> None:
    status = cells.values.status
    if status is not None and status not in ON_THE_ROLL:
        label = MembershipStatus(status).label
        cells.error(
            "status",
            "status_left",
            f"党籍状态为“{label}”的人员不由花名册导入，请在党员页面办理。",
        )

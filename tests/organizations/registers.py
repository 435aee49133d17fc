"""Small organization registers, written as offices would."""

from pathlib import Path

from openpyxl import Workbook

HEADINGS = (
    "序号",
    "党组织全称",
    "党组织简称",
    "上级党组织",
    "组织类别",
    "成立日期",
    "党组织联系人",
    "联系电话",
    "党组织所在单位情况",
    "任期届满日期",
)
SAMPLE = Path(__file__).parent.parent / "samples" / "organizations.xlsx"


def line(name=None, parent=None, kind="党支部", **cells) -> tuple:
    """One row under HEADINGS; `cells` by heading."""
    values = {"党组织全称": name, "上级党组织": parent, "组织类别": kind} | cells
    return tuple(values.get(heading) for heading in HEADINGS)


def write(path: Path, *rows: tuple, headings=HEADINGS, title_rows=0) -> Path:
    """Save a register; with no title rows the first of `rows` is Excel's row 2."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "党组织信息"
    for _ in range(title_rows):
        sheet.append(["江滨街道党组织信息表"])
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    workbook.save(path)
    return path

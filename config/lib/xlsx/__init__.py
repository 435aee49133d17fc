"""Workbooks in and out; nothing else in the project opens or writes one.

`config.lib.xlsx.designed` (openpyxl) is imported by its own name, since it is slow
to load.
"""

from config.lib.xlsx.annotate import NOTE_HEADER, annotate
from config.lib.xlsx.cells import column_letter
from config.lib.xlsx.csvwriter import write_csv
from config.lib.xlsx.errors import WorkbookError
from config.lib.xlsx.info import ExportInfo
from config.lib.xlsx.limits import Limits
from config.lib.xlsx.pages import Page, SmallWorkbook
from config.lib.xlsx.publish import Saved, atomic_file
from config.lib.xlsx.reader import SheetData, Workbook, read_workbook
from config.lib.xlsx.spool import Formula, Part, Row
from config.lib.xlsx.table import Column, Sheet, write_table

__all__ = [
    "NOTE_HEADER",
    "Column",
    "ExportInfo",
    "Formula",
    "Limits",
    "Page",
    "Part",
    "Row",
    "Saved",
    "Sheet",
    "SheetData",
    "SmallWorkbook",
    "Workbook",
    "WorkbookError",
    "annotate",
    "atomic_file",
    "column_letter",
    "read_workbook",
    "write_csv",
    "write_table",
]

"""Which files may be uploaded, by the extension of their name."""

from __future__ import annotations

from config.lib.xlsx.errors import WorkbookError

ALLOWED = ("xlsx", "xls", "csv")
_OTHER_EXTENSIONS = {
    "xlsb": "二进制工作簿（.xlsb）",
    "ods": "OpenDocument（.ods）",
    "et": "WPS 表格（.et）",
    "numbers": "Numbers",
}


def check_extension(extension: str) -> None:
    """Refuse by name before looking inside."""
    if not extension:
        raise WorkbookError("no_extension")
    if extension in ("xlsm", "xltm", "xlam"):
        raise WorkbookError("macro")
    if extension in _OTHER_EXTENSIONS:
        raise WorkbookError("other_sheet", actual=_OTHER_EXTENSIONS[extension])
    if extension not in ALLOWED:
        raise WorkbookError("extension", extension="." + extension[:12])

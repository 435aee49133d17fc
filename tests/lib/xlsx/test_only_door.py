"""Workbooks are opened and written in config.lib.xlsx and nowhere else."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = ("config", "organizations", "members", "activities", "liaison", "reports")
BANNED = {"openpyxl", "python_calamine", "xlsxwriter", "zipfile", "csv"}


def modules() -> list[Path]:
    door = ROOT / "config" / "lib" / "xlsx"
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if door not in path.parents
    ]


def imported(path: Path) -> set[str]:
    """Return the top names of all imports, those in functions included."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_other_modules_leave_workbooks_to_the_door():
    offenders = {
        str(path.relative_to(ROOT)): sorted(imported(path) & BANNED)
        for path in modules()
        if imported(path) & BANNED
    }
    assert offenders == {}

"""Workbooks are opened and written in config.lib.xlsx and nowhere else."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = ("config", "organizations", "members", "activities", "liaison", "reports")
BANNED = {"openpyxl", "python_calamine", "xlsxwriter", "zipfile", "csv"}
# Who may use which of them all the same, and why.
ALLOWED = {
    # Packs finished packets into one download and opens none.
    "liaison/jobs.py": {"zipfile"},
}


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
    found = {
        name: sorted((imported(path) & BANNED) - ALLOWED.get(name, set()))
        for path in modules()
        for name in [str(path.relative_to(ROOT))]
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}

"""Names and places of the sheets inside an .xlsx; runs in the child."""

from __future__ import annotations

import posixpath
import re
from html import unescape

from config.lib.xlsx.package import Package

_SHEET = re.compile(rb"<(?:[\w.-]+:)?sheet\s([^>]*?)/?>")
_RELATION = re.compile(rb"<(?:[\w.-]+:)?Relationship\s([^>]*?)/?>")
_ATTRIBUTE = re.compile(rb"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def attributes(raw: bytes) -> dict[str, str]:
    """Return the attributes of a tag, prefixes dropped, entities resolved."""
    found = {}
    for name, double, single in _ATTRIBUTE.findall(raw):
        key = name.decode("ascii", "replace").rpartition(":")[2]
        found[key] = unescape((double or single).decode("utf-8", "replace"))
    return found


def main_part(package: Package) -> str:
    """Return the path of the workbook part."""
    for target, kind in _relations(package, ""):
        if kind.endswith("/officeDocument"):
            return target
    return "xl/workbook.xml"


def sheet_parts(package: Package) -> dict[str, str]:
    """Return the part of each sheet by its name, in workbook order."""
    main = main_part(package)
    if main not in package:
        return {}
    targets = _relation_ids(package, main)
    sheets = {}
    for tag in _SHEET.findall(package.read(main)):
        values = attributes(tag)
        if values.get("id") in targets and "name" in values:
            sheets[values["name"]] = targets[values["id"]]
    return sheets


def related_part(package: Package, part: str, kind: str) -> str | None:
    """Return the first part that `part` names as `kind` (its last word)."""
    for target, found in _relations(package, part):
        if found.endswith("/" + kind):
            return target
    return None


def _tags(package: Package, part: str) -> list[dict[str, str]]:
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", name + ".rels")
    if rels not in package:
        return []
    return [attributes(tag) for tag in _RELATION.findall(package.read(rels))]


def _target(part: str, target: str) -> str:
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _relations(package: Package, part: str) -> list[tuple[str, str]]:
    return [
        (_target(part, tag.get("Target", "")), tag.get("Type", ""))
        for tag in _tags(package, part)
    ]


def _relation_ids(package: Package, part: str) -> dict[str, str]:
    return {
        tag.get("Id", ""): _target(part, tag.get("Target", ""))
        for tag in _tags(package, part)
    }

"""The named styles of every sheet written here, and their style sheet.

Each style has a twin with quotePrefix, for text an office program could take for a
formula: the twin's number is the style's plus one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

_FONTS = {
    # name: (typeface, size, bold, colour)
    "plain": ("宋体", 11, False, None),
    "bold": ("宋体", 11, True, None),
    "title": ("黑体", 18, False, None),
    "head": ("黑体", 11, False, None),
    "body": ("仿宋", 11, False, None),
    "body_bold": ("仿宋", 11, True, None),
    "letter": ("仿宋", 16, False, None),
    "letter_title": ("宋体", 22, True, None),
    "error": ("宋体", 11, False, "FFC00000"),
}
_FILLS = {"none": None, "grey125": None, "grey": "FFEDEDED", "red": "FFFFC7CE"}
_FORMATS = {
    "general": (0, None),
    "text": (49, None),
    "int": (1, None),
    "decimal": (2, None),
    "date": (164, "yyyy\\-mm\\-dd"),
    "datetime": (165, "yyyy\\-mm\\-dd\\ hh:mm"),
    "percent": (10, None),
}


@dataclass(frozen=True, slots=True)
class Style:
    """One look of a cell, in names of the tables above."""

    font: str = "plain"
    format: str = "general"
    fill: str = "none"
    border: bool = False
    across: str | None = None
    down: str | None = "center"
    wrap: bool = False
    indent: int = 0

    def xml(self, quoted: bool) -> str:
        """Return the <xf> of this style or of its twin."""
        align = f' horizontal="{self.across}"' if self.across else ""
        align += f' vertical="{self.down}"' if self.down else ""
        align += ' wrapText="1"' if self.wrap else ""
        align += f' indent="{self.indent}"' if self.indent else ""
        quote = ' quotePrefix="1"' if quoted else ""
        return (
            f'<xf numFmtId="{_FORMATS[self.format][0]}"'
            f' fontId="{list(_FONTS).index(self.font)}"'
            f' fillId="{list(_FILLS).index(self.fill)}"'
            f' borderId="{int(self.border)}" xfId="0"{quote} applyNumberFormat="1"'
            ' applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            f"<alignment{align}/></xf>"
        )


def _bordered(**changes: Any) -> Style:
    return replace(Style("body", border=True, wrap=True), **changes)


STYLES: dict[str, Style] = {
    # plain data sheets
    "default": Style(down=None),
    "text": Style(format="text", down=None),
    "int": Style(format="int", down=None),
    "decimal": Style(format="decimal", down=None),
    "date": Style(format="date", down=None, across="center"),
    "datetime": Style(format="datetime", down=None, across="center"),
    "header": Style("bold", "text", "grey", True, "center", wrap=True),
    "error": Style("error", "text", "red", wrap=True),
    "error_date": Style("error", "date", "red", across="center"),
    "error_default": Style("error", fill="red"),
    # designed sheets
    "title": Style("title", across="center", wrap=True),
    "note": Style("body", across="left", wrap=True),
    "note_right": Style("body", across="right"),
    "note_center": Style("body", across="center"),
    "head": Style("head", "general", "grey", True, "center", wrap=True),
    "cell": _bordered(format="text", across="left"),
    "cell_center": _bordered(format="text", across="center"),
    "cell_int": _bordered(format="int", across="center", wrap=False),
    "cell_decimal": _bordered(format="decimal", across="right", wrap=False),
    "cell_date": _bordered(format="date", across="center", wrap=False),
    "cell_percent": _bordered(format="percent", across="center", wrap=False),
    "total": _bordered(font="body_bold", across="center"),
    "total_int": _bordered(font="body_bold", format="int", across="center"),
    "total_decimal": _bordered(font="body_bold", format="decimal", across="right"),
    # letters
    "letter_title": Style("letter_title", across="center", wrap=True),
    "letter": Style("letter", across="left", down="top", wrap=True),
    "letter_right": Style("letter", across="right"),
    "letter_center": Style("letter", across="center"),
}
STYLE_NUMBERS = {name: number * 2 for number, name in enumerate(STYLES)}


def style_sheet() -> str:
    """Return xl/styles.xml; the same bytes each time."""
    formats = [(number, code) for number, code in _FORMATS.values() if code]
    crossed = "".join(
        f'<{side} style="thin"><color auto="1"/></{side}>'
        for side in ("left", "right", "top", "bottom")
    )
    cells = [style.xml(quoted) for style in STYLES.values() for quoted in (False, True)]
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<numFmts count="{len(formats)}">'
        + "".join(
            f'<numFmt numFmtId="{number}" formatCode="{code}"/>'
            for number, code in formats
        )
        + f'</numFmts><fonts count="{len(_FONTS)}">'
        + "".join(_font(*font) for font in _FONTS.values())
        + f'</fonts><fills count="{len(_FILLS)}">'
        + "".join(_fill(name, colour) for name, colour in _FILLS.items())
        + '</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/>'
        f"</border><border>{crossed}<diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="{len(cells)}">'
        + "".join(cells)
        + '</cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0"'
        ' builtinId="0"/></cellStyles></styleSheet>'
    )


def _font(face: str, size: int, bold: bool, colour: str | None) -> str:
    weight = "<b/>" if bold else ""
    tint = f'<color rgb="{colour}"/>' if colour else ""
    return (
        f'<font>{weight}<sz val="{size}"/>{tint}<name val="{face}"/>'
        '<charset val="134"/></font>'
    )


def _fill(name: str, colour: str | None) -> str:
    if colour is None:
        return (
            f'<fill><patternFill patternType="{name.replace("grey", "gray")}"/></fill>'
        )
    return (
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    )

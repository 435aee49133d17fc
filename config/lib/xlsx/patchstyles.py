"""Red twins of the styles a workbook already has; runs in the child."""

from __future__ import annotations

import re

_FONTS = re.compile(
    rb"<((?:[\w.-]+:)?)fonts(?=[\s>])[^>]*>(.*?)</\1fonts\s*>", re.DOTALL
)
_FONT = re.compile(rb"<(?:[\w.-]+:)?font(?:\s*/>|\s*>)")
_FILLS = re.compile(
    rb"<((?:[\w.-]+:)?)fills(?=[\s>])[^>]*>(.*?)</\1fills\s*>", re.DOTALL
)
_FILL = re.compile(rb"<(?:[\w.-]+:)?fill(?:\s*/>|\s*>)")
_CELLS = re.compile(
    rb"<((?:[\w.-]+:)?)cellXfs(?=[\s>])[^>]*>(.*?)</\1cellXfs\s*>", re.DOTALL
)
_XF = re.compile(
    rb"<((?:[\w.-]+:)?)xf(?=[\s/>])([^>]*?)(?:/>|>(.*?)</(?:[\w.-]+:)?xf\s*>)",
    re.DOTALL,
)
_FILL_ATTRIBUTES = re.compile(rb"""\s(?:fillId|applyFill)\s*=\s*["'][^"']*["']""")
_RED = (
    b'<%(p)spatternFill patternType="solid"><%(p)sfgColor rgb="FFFFC7CE"/>'
    b"</%(p)spatternFill>"
)


class StylePatch:
    """A style sheet that grows by the twins asked for.

    Raises LookupError for a style sheet of a shape not known.
    """

    def __init__(self, xml: bytes) -> None:
        cells, fills, fonts = _CELLS.search(xml), _FILLS.search(xml), _FONTS.search(xml)
        if not (cells and fills and fonts):
            raise LookupError("style sheet without cells, fills or fonts")
        self._xml = xml
        self._prefix = cells[1]
        self._formats = [match[0] for match in _XF.finditer(cells[2])]
        self._fill = len(_FILL.findall(fills[2]))
        self._font = len(_FONT.findall(fonts[2]))
        self._red: dict[int, int] = {}
        self._note: int | None = None

    def red(self, style: int) -> int:
        """Return the number of the red twin of a style."""
        if style not in self._red:
            self._formats.append(self._twin(style))
            self._red[style] = len(self._formats) - 1
        return self._red[style]

    def plain_copy(self, style: int) -> int:
        """Return the style itself, if there is such a one."""
        return style if style < len(self._formats) else 0

    def note(self) -> int:
        """Return the number of the style of the messages: red, wrapped text."""
        if self._note is None:
            self._formats.append(
                b'<%(p)sxf numFmtId="49" fontId="%(f)d" fillId="0" borderId="0"'
                b' xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1">'
                b'<%(p)salignment vertical="center" wrapText="1"/></%(p)sxf>'
                % {b"p": self._prefix, b"f": self._font}
            )
            self._note = len(self._formats) - 1
        return self._note

    def _twin(self, style: int) -> bytes:
        source = (
            self._formats[style] if style < len(self._formats) else self._formats[0]
        )
        found = _XF.match(source)
        assert found is not None
        kept = _FILL_ATTRIBUTES.sub(b"", found[2])
        fill = b' fillId="%d" applyFill="1"' % self._fill
        tag = found[1] + b"xf"
        return b"<%s%s%s>%s</%s>" % (tag, kept, fill, found[3] or b"", tag)

    def result(self) -> bytes:
        """Return the style sheet with all that was asked for."""
        names = {b"p": self._prefix}
        font = (
            b'<%(p)sfont><%(p)ssz val="11"/><%(p)scolor rgb="FFC00000"/>'
            b'<%(p)sname val="\xe5\xae\x8b\xe4\xbd\x93"/></%(p)sfont>' % names
        )
        fill = b"<%(p)sfill>" % names + _RED % names + b"</%(p)sfill>" % names
        xml = self._grown(self._xml, _CELLS, b"cellXfs", b"".join(self._formats), False)
        xml = self._grown(xml, _FILLS, b"fills", fill, True)
        return self._grown(xml, _FONTS, b"fonts", font, True)

    def _grown(
        self,
        xml: bytes,
        pattern: re.Pattern[bytes],
        name: bytes,
        more: bytes,
        add: bool,
    ) -> bytes:
        """Add to a list, or replace it; the count attribute is optional: left out."""
        found = pattern.search(xml)
        assert found is not None
        inside = found[2] + more if add else more
        tag = found[1] + name
        return (
            xml[: found.start()]
            + b"<"
            + tag
            + b">"
            + inside
            + b"</"
            + tag
            + b">"
            + xml[found.end() :]
        )

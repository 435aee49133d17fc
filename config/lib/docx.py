"""Papers as Word documents: A4, official type. The one door to python-docx.

Built from nothing, never from a template that somebody uploaded, so that no text of a
person is ever run or read as markup.
"""

from __future__ import annotations

import io
import re
from datetime import datetime

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BODY_FONT, _TITLE_FONT = "仿宋", "宋体"
# What XML cannot hold.
_ILLEGAL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]")


class Paper:
    """A document written from top to bottom."""

    def __init__(self, title: str, author: str, at: datetime) -> None:
        self._document = Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(24)
        section.top_margin = section.bottom_margin = Mm(18)
        known = self._document.core_properties
        known.title, known.author = _clean(title), _clean(author)
        known.created = known.modified = at.replace(tzinfo=None)
        known.comments = ""

    def title(self, text: str) -> None:
        self._add(text, size=16, is_bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)

    def right(self, text: str) -> None:
        self._add(text, align=WD_ALIGN_PARAGRAPH.RIGHT)

    def line(self, text: str) -> None:
        self._add(text)

    def body(self, text: str) -> None:
        """A paragraph whose first line is set in by two characters."""
        paragraph = self._add(text)
        paragraph.paragraph_format.first_line_indent = Pt(2 * _SIZE)

    def cut(self) -> None:
        """A dashed line to cut along."""
        paragraph = self._add("", size=6)
        border = OxmlElement("w:pBdr")
        line = OxmlElement("w:bottom")
        for name, value in (("val", "dashed"), ("sz", "6"), ("space", "1")):
            line.set(qn(f"w:{name}"), value)
        border.append(line)
        paragraph._p.get_or_add_pPr().append(border)

    def new_page(self) -> None:
        self._document.add_page_break()

    def content(self) -> bytes:
        buffer = io.BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()

    def _add(
        self,
        text: str,
        *,
        size: int = 0,
        is_bold: bool = False,
        align: WD_ALIGN_PARAGRAPH | None = None,
    ) -> Paragraph:
        paragraph = self._document.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        form = paragraph.paragraph_format
        form.space_before, form.space_after, form.line_spacing = Pt(0), Pt(3), 1.3
        run = paragraph.add_run(_clean(text))
        run.bold, run.font.size = is_bold, Pt(size or _SIZE)
        font = _TITLE_FONT if is_bold else _BODY_FONT
        run.font.name = font
        # Chinese letters take their font from an attribute of their own.
        fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), font)
        return paragraph


_SIZE = 12


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)

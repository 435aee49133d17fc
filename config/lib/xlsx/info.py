"""Where an exported workbook came from: sheet 说明, properties, page footer."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from config.lib.xlsx.cells import CHINA, clean_text

INFO_TITLE = "说明"
# Without an export the date is fixed: the same data gives the same bytes.
_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_FOOTER = 255  # characters Excel allows


@dataclass(frozen=True, slots=True)
class ExportInfo:
    """Who exported what, when, from which scope, for what purpose.

    `exported_at` is aware. `row_count` None means: counted while writing. `extra`
    adds (label, value) lines, such as definitions of figures.
    """

    number: str
    exported_by: str
    unit: str
    exported_at: datetime.datetime
    scope: str
    filters: str = "无"
    purpose: str = ""
    row_count: int | None = None
    extra: Sequence[tuple[str, str]] = ()

    @property
    def moment(self) -> str:
        """Return the time as an office reads it, with its offset."""
        return self.exported_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S +08:00")

    def lines(self, counted: int) -> list[tuple[str, str]]:
        """Return the rows of sheet 说明."""
        count = counted if self.row_count is None else self.row_count
        return [
            ("编号", self.number),
            ("导出人", self.exported_by),
            ("单位", self.unit),
            ("导出时间", self.moment),
            ("数据范围", self.scope),
            ("筛选条件", self.filters or "无"),
            ("数据行数", str(count)),
            ("用途", self.purpose or "未填写"),
            *self.extra,
            (
                "提示",
                "非涉密系统，严禁存储、处理、传输国家秘密。含个人信息，请妥善保管。",
            ),
        ]


def footer_text(info: ExportInfo | None) -> str:
    """Return the page footer in Excel's codes; & in a value is doubled."""
    if info is None:
        return "&C第 &P 页，共 &N 页"
    left = _doubled(f"编号 {info.number}  {info.exported_by}", 90)
    right = _doubled(f"{info.moment[:16]} {info.purpose}", 90)
    return f"&L{left}&C第 &P 页，共 &N 页&R{right}"[:_FOOTER]


def _doubled(text: str, limit: int) -> str:
    text = clean_text(text).replace("\n", " ").replace("\r", " ")
    cut = text[:limit].replace("&", "&&")
    while len(cut) > limit:
        text = text[: len(text[:limit]) - 1]
        cut = text.replace("&", "&&")
    return cut


def core_properties(info: ExportInfo | None, title: str = "") -> str:
    """Return docProps/core.xml."""
    moment = (info.exported_at if info else _EPOCH).astimezone(datetime.UTC)
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = [("dc:title", title)]
    if info:
        fields += [
            ("dc:subject", info.scope),
            ("dc:creator", f"{info.exported_by}（{info.unit}）"),
            ("cp:keywords", info.number),
            ("dc:description", f"用途：{info.purpose}；筛选：{info.filters}"),
            ("dc:identifier", info.number),
        ]
    body = "".join(
        f"<{name}>{escape(clean_text(value))}</{name}>"
        for name, value in fields
        if value
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        "<cp:coreProperties xmlns:cp="
        '"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'{body}<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified>'
        "</cp:coreProperties>"
    )

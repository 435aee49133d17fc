"""Template tags and filters of the portal: `{% load portal %}`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.base import Node, NodeList, Parser, Token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from config.lib import money
from config.lib.markup import fill_rows
from config.lib.nav import NavSection

register = template.Library()

RING_RADIUS = "15.9155"
"""Radius whose circumference is 100, so that dash lengths are percentages."""


# Blocks and small marks -------------------------------------------------------


class CaptureNode(Node):
    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: template.Context) -> str:
        # Every variable inside was escaped when the node list rendered.
        context[self.name] = mark_safe(self.nodelist.render(context).strip())
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """Keep what stands between `{% capture name %}` and `{% endcapture %}` in `name`.

    Lets one block fill both `<title>` and `<h1>`.
    """
    _, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)


class RowsNode(Node):
    def __init__(self, rows: template.base.FilterExpression, nodelist: NodeList):
        self.rows = rows
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        pattern = self.nodelist.render(context).strip()
        return fill_rows(pattern, self.rows.resolve(context))


@register.tag
def rows(parser: Parser, token: Token) -> RowsNode:
    """Draw what stands between `{% rows page.rows %}` and `{% endrows %}` for each row.

    `{name}` in it is the text of that key of the row, escaped. For the long tables:
    a `for` with a variable a cell costs ten times as much.
    """
    _, name = token.split_contents()
    nodelist = parser.parse(("endrows",))
    parser.delete_first_token()
    return RowsNode(parser.compile_filter(name), nodelist)


@register.simple_tag
def nav_sections(sections: Iterable[NavSection]) -> SafeString:
    """Draw the sections of the navigation, which stands twice on every page."""
    return _drawn_nav(tuple((one.label, tuple(one.items)) for one in sections))


@lru_cache(maxsize=512)
def _drawn_nav(sections: tuple[tuple[str, tuple[Any, ...]], ...]) -> SafeString:
    """Kept by everything that it shows: labels, addresses, icons, the current one."""
    return render_to_string("_nav.html", {"sections": sections})


@register.simple_tag
@lru_cache(maxsize=128)
def asset(path: str) -> str:
    """Return the address of a static file; kept, since each page names fifteen."""
    return static(path)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is hidden from screen readers."""
    address = f"{asset('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            address,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address
    )


@register.simple_tag
def state(text: Any, tone: str = "mute") -> SafeString:
    """Draw a status mark; tones: ok, warn, bad, info, gold, mute."""
    return format_html('<span class="state state--{}">{}</span>', tone, text)


# Numbers ------------------------------------------------------------------------


def _percent(done: Any, total: Any) -> int:
    """Return 0–100; 100 only when nothing is missing, 0 when nothing was asked."""
    if not total or done is None or done <= 0:
        return 0
    return 100 if done >= total else min(99, round(done * 100 / total))


@register.filter
def percent_of(done: Any, total: Any) -> str:
    """`{{ done|percent_of:total }}` → `67%`; an em dash where the total is nought."""
    return f"{_percent(done, total)}%" if total else "—"


@register.filter
def yuan(value: Any) -> str:
    """Show money as 12,000.00; an em dash for none."""
    return "—" if value is None or value == "" else money.yuan(value)


@register.inclusion_tag("_ring.html")
def ring(done: Any, total: Any, label: str = "完成") -> dict[str, Any]:
    """Draw how much of `total` is done as a ring, with the two numbers inside."""
    percent = _percent(done, total)
    return {
        "done": done,
        "total": total,
        "label": label,
        "percent": percent,
        "radius": RING_RADIUS,
        "is_complete": percent == 100,
    }


@register.inclusion_tag("_progress.html")
def progress(done: Any, total: Any, label: str = "进度") -> dict[str, Any]:
    """Draw a labelled `<progress>` with its percentage beside it."""
    return {
        "done": done,
        "total": total,
        "label": label,
        "percent": _percent(done, total),
    }


# Text and dates -----------------------------------------------------------------


@register.filter
def dash(value: Any) -> Any:
    """Show an em dash for an empty value, the value itself otherwise (0 stays 0)."""
    return "—" if value is None or value == "" else value


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """Show a date as 2026年10月5日."""
    if not value:
        return "—"
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def cn_datetime(value: datetime | None) -> str:
    """Show a moment as 2026年10月5日 09:30, Shanghai time."""
    if not value:
        return "—"
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{cn_date(local)} {local:%H:%M}"


# Forms ----------------------------------------------------------------------------


def _prepare_widget(bound: BoundField) -> None:
    """Give the widget the browser's own picker and keyboard.

    `type=date` needs ISO values, while zh-hans would format them with slashes.
    """
    widget, source = bound.field.widget, bound.field
    kinds = (
        (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
        (forms.DateInput, "date", "%Y-%m-%d"),
        (forms.TimeInput, "time", "%H:%M"),
    )
    for kind, input_type, iso_format in kinds:
        if isinstance(widget, kind):
            widget.input_type, widget.format = input_type, iso_format
            return
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
        widget.attrs["rows"] = "4"
    if isinstance(widget, forms.NumberInput):
        is_whole = isinstance(source, forms.IntegerField) and not isinstance(
            source, forms.FloatField | forms.DecimalField
        )
        widget.attrs.setdefault("inputmode", "numeric" if is_whole else "decimal")


def _widget_kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.ClearableFileInput | forms.FileInput):
        return "file"
    if isinstance(widget, forms.Select):
        return "select"
    return "input"


WIDGET_CLASSES = {
    "group": "",
    "check": "form-check-input",
    "select": "form-select",
    "input": "form-control",
    "file": "form-control",
}


def _described_by(bound: BoundField) -> str:
    ids = []
    if bound.help_text:
        ids.append(f"{bound.auto_id}_helptext")
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(ids)


@register.simple_tag
def field(bound: BoundField, hide_label: bool = False) -> SafeString:
    """Draw a form field: label, mark of a needed field, widget, help, errors."""
    _prepare_widget(bound)
    widget = bound.field.widget
    kind = _widget_kind(widget)
    attrs = {} if kind == "group" else _control_attrs(bound, kind)
    control = bound.as_widget(attrs=attrs)
    if bound.is_hidden:
        return control
    is_password = isinstance(widget, forms.PasswordInput)
    has_notes = bool(bound.errors or bound.help_text)
    if kind not in {"group", "check"} and not is_password and not has_notes:
        return _plain_field(bound, control, hide_label)
    context = {
        "field": bound,
        "kind": kind,
        "control": control,
        "hide_label": hide_label,
        "is_password": is_password,
    }
    return render_to_string("_field.html", context)


def _control_attrs(bound: BoundField, kind: str) -> dict[str, Any]:
    classes = [bound.field.widget.attrs.get("class", ""), WIDGET_CLASSES[kind]]
    attrs: dict[str, Any] = {}
    if bound.errors:
        classes.append("is-invalid")
        attrs["aria-invalid"] = "true"
    if described_by := _described_by(bound):
        attrs["aria-describedby"] = described_by
    return {"class": " ".join(filter(None, classes)), **attrs}


def _plain_field(
    bound: BoundField, control: SafeString, hide_label: bool
) -> SafeString:
    """The last branch of `_field.html`, which most fields of most forms take."""
    return format_html(
        '<div class="field">'
        '<label class="field__label{}" for="{}">{}{}</label>{}</div>',
        " visually-hidden" if hide_label else "",
        bound.id_for_label,
        bound.label,
        _NEEDED if bound.field.required else "",
        control,
    )


_NEEDED = SafeString('<span class="field__needed">必填</span>')


@register.filter
def error_target(bound: BoundField) -> str:
    """Return the id an error message should lead to: the control, or its group."""
    return bound.id_for_label or f"{bound.auto_id}"


# Tables and charts ------------------------------------------------------------------


@register.inclusion_tag("_sort_heading.html", takes_context=True)
def sort_heading(
    context: template.Context, key: str, label: str, numeric: bool = False
) -> dict[str, Any]:
    """Draw a column heading that sorts by `key`: `?sort=key`, then `?sort=-key`.

    Paging starts again from the first page, since the keys of the old order are void.
    """
    params = context["request"].GET.copy()
    current = params.get("sort", "")
    for name in ("sort", "after", "before", "page"):
        params.pop(name, None)
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    params["sort"] = f"-{key}" if current == key else key
    return {
        "label": label,
        "numeric": numeric,
        "direction": direction,
        "url": f"?{params.urlencode()}",
        "target": context.get("fragment_target", ""),
    }


@register.filter
def labelled(cells: Iterable[Any], headings: Iterable[str]) -> list[dict[str, Any]]:
    """Pair each cell of a row with its heading, for the cards shown on a phone."""
    pairs = zip(headings, cells, strict=True)
    return [{"label": label, "value": value} for label, value in pairs]


@register.inclusion_tag("_chart.html")
def chart(chart_id: str, title: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Draw a chart that is also a table.

    `spec`: `kind` (bar, hbar, stacked, line or pie), `categories`, `series` (a list
    of `{"name", "data"}`), optional `unit`. `charts.js` draws it; the same numbers
    stand below in a table for readers without JavaScript, and for print.
    """
    return {
        "data_id": f"{chart_id}-data",
        "title": title,
        "spec": {**spec, "title": title},
        "series_names": [series["name"] for series in spec["series"]],
        "rows": list(_chart_rows(spec)),
        "unit": spec.get("unit", ""),
    }


def _chart_rows(spec: Mapping[str, Any]) -> Iterable[tuple[str, list[Any]]]:
    for index, category in enumerate(spec["categories"]):
        yield category, [series["data"][index] for series in spec["series"]]

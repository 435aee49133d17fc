"""Widgets drawn without templates: a form of a hundred ticks took 50 ms in them.

The markup is that of `django/forms/templates/django/forms/widgets/`, part by part; a
test compares the two. Any other template is Django's own business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]

_FOLDER = "django/forms/widgets/"
_INPUTS = (
    *("checkbox", "color", "date", "datetime", "email", "file", "hidden", "input"),
    *("number", "password", "search", "tel", "text", "time", "url"),
)


class QuickRenderer(DjangoTemplates):
    """Django's renderer of forms, with the small widgets drawn by functions."""

    def render(
        self, template_name: str, context: dict[str, Any], request: Any = None
    ) -> str:
        if template_name in _DRAWN:
            return SafeString(_DRAWN[template_name](self, context["widget"]).strip())
        return super().render(template_name, context, request)

    def part(self, widget: Widget) -> str:
        """An option within a widget; a widget may name its own template for it."""
        return self.render(widget["template_name"], {"widget": widget})


def _text(value: Any) -> str:
    """What `{{ value }}` shows."""
    return conditional_escape(value if isinstance(value, str) else localize(value))


def _plain(value: Any) -> str:
    """What `{{ value|stringformat:'s' }}` shows: numbers as they are sent."""
    return conditional_escape(value if isinstance(value, str) else str(value))


def _attrs(widget: Widget) -> str:
    parts = []
    for name, value in widget["attrs"].items():
        if value is True:
            parts.append(f" {_text(name)}")
        elif value is not False:
            parts.append(f' {_text(name)}="{_plain(value)}"')
    return "".join(parts)


def _input(renderer: QuickRenderer, widget: Widget) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{_plain(value)}"'
    kind, name = _text(widget["type"]), _text(widget["name"])
    return f'<input type="{kind}" name="{name}"{said}{_attrs(widget)}>'


def _input_option(renderer: QuickRenderer, widget: Widget) -> str:
    drawn = _input(renderer, widget)
    if not widget.get("wrap_label"):
        return drawn
    own_id = widget["attrs"].get("id")
    target = f' for="{_text(own_id)}"' if own_id else ""
    return f"<label{target}>{drawn} {_text(widget['label'])}</label>"


def _ticks(renderer: QuickRenderer, widget: Widget) -> str:
    own = widget["attrs"]
    head = "".join(
        f' {name}="{_text(own[name])}"' for name in ("id", "class") if own.get(name)
    )
    lines = [f"<div{head}>"]
    for group, options, _ in widget["optgroups"]:
        drawn = "".join(f"<div>\n    {renderer.part(one)}</div>" for one in options)
        if group:
            drawn = f"\n  <div><label>{_text(group)}</label>{drawn}\n  </div>"
        lines.append(drawn)
    return "".join([*lines, "\n</div>"])


def _select(renderer: QuickRenderer, widget: Widget) -> str:
    lines = [f'<select name="{_text(widget["name"])}"{_attrs(widget)}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            lines.append(f'\n  <optgroup label="{_text(group)}">')
        lines += [f"\n  {renderer.part(one)}" for one in options]
        if group:
            lines.append("\n  </optgroup>")
    return "".join([*lines, "\n</select>"])


def _select_option(renderer: QuickRenderer, widget: Widget) -> str:
    value, label = _plain(widget["value"]), _text(widget["label"])
    return f'<option value="{value}"{_attrs(widget)}>{label}</option>'


def _textarea(renderer: QuickRenderer, widget: Widget) -> str:
    value = _text(widget["value"]) if widget["value"] else ""
    name = _text(widget["name"])
    return f'<textarea name="{name}"{_attrs(widget)}>\n{value}</textarea>'


_DRAWN: dict[str, Callable[[QuickRenderer, Widget], str]] = {
    f"{_FOLDER}{name}.html": draw
    for draw, names in (
        (_input, _INPUTS),
        (_input_option, ("checkbox_option", "radio_option")),
        (_ticks, ("checkbox_select", "radio")),
        (_select, ("select",)),
        (_select_option, ("select_option",)),
        (_textarea, ("textarea",)),
    )
    for name in names
}

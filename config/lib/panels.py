"""Panels that upper apps put on the pages of lower ones.

    # activities/panels.py, found by name when Django starts
    register_panel(
        page="member", order=20, template="activities/_member_panel.html",
        context_builder=member_panel,
    )

`context_builder(user, subject)` returns the template's context, or None for no panel.
It scopes what it shows by `user` and keeps to two queries: a page has twelve in all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ContextBuilder = Callable[[Any, Any], dict[str, Any] | None]


@dataclass(frozen=True, order=True)
class Panel:
    order: int
    template: str
    context_builder: ContextBuilder = field(compare=False)


_panels: dict[str, dict[str, Panel]] = {}


def register_panel(
    *, page: str, order: int, template: str, context_builder: ContextBuilder
) -> None:
    """Announce a panel; registering the same page and template again replaces it."""
    _panels.setdefault(page, {})[template] = Panel(order, template, context_builder)


def panels_for(page: str, user: Any, subject: Any) -> list[dict[str, Any]]:
    """Return `template` and `context` of each panel that has something to show."""
    found = []
    for panel in sorted(_panels.get(page, {}).values()):
        context = panel.context_builder(user, subject)
        if context is not None:
            found.append({"template": panel.template, "context": context})
    return found

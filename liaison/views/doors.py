"""Doors of pages that open by a signed link, without an account.

The link opens a page with one button. Only the button, a POST, lets this browser in:
mail scanners and previews, which fetch links, open nothing. Whatever is wrong with a
link, the answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from config.lib.calls import calls_this_minute

CALLS_A_MINUTE = 30
OPEN_FOR = timedelta(hours=2)
# Pages with a form: the token never stands in a referrer, the origin must, or the
# browser would send "Origin: null" and the form be refused.
FORM_POLICY = "strict-origin"

View = Callable[..., HttpResponse]


def shown_link(request: HttpRequest, path: str) -> dict[str, str]:
    """`url` to copy and `image` to scan, for the page of who hands the link on."""
    url = request.build_absolute_uri(path)
    image = segno.make(url, micro=False).svg_data_uri(scale=4, border=2)
    return {"url": url, "image": image}


@dataclass(frozen=True)
class Door:
    """One kind of link: `find(token)` gives its row, None for one that is dead."""

    name: str
    find: Callable[[str], Any]
    gone_template: str

    def by_token(self, view: View) -> View:
        """Give `view` the row of the token; everything else answers alike."""

        @login_not_required
        @wraps(view)
        def answer(request: HttpRequest, token: str) -> HttpResponse:
            if calls_this_minute(request, f"liaison.{self.name}") > CALLS_A_MINUTE:
                return plain("liaison/unit_busy.html", 429)
            row = self.find(token)
            if row is None:
                return self.gone()
            response = view(request, token, row)
            response.headers.setdefault("Referrer-Policy", FORM_POLICY)
            return response

        return answer

    def gone(self) -> HttpResponse:
        return plain(self.gone_template, 404)

    def open(self, request: HttpRequest, row: Any) -> None:
        request.session[self._key(row)] = timezone.now().timestamp()

    def close(self, request: HttpRequest, row: Any) -> None:
        request.session.pop(self._key(row), None)

    def is_open(self, request: HttpRequest, row: Any) -> bool:
        """Whether this browser pressed the button less than two hours ago."""
        opened = request.session.get(self._key(row), 0)
        return timezone.now().timestamp() - opened < OPEN_FOR.total_seconds()

    def _key(self, row: Any) -> str:
        return f"liaison.{self.name}.{row.pk}"


def plain(template: str, status: int) -> HttpResponse:
    # Without the request: no form token, so that the bodies are the same.
    body = render_to_string(template)
    headers = {"Referrer-Policy": "no-referrer"}
    return HttpResponse(body, status=status, headers=headers)

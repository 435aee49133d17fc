"""Sending the requests: each in a savepoint, its writes counted, its answer read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.http.cookie import SimpleCookie
from django.test import Client

from tests.access.cast import Actor
from tests.access.world import World

# A visit may always touch these: the session and the audit trail.
_FREE_TABLES = re.compile(r"django_session|organizations_auditevent")
_WRITE = re.compile(
    r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE
)
_CSRF = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*')
_CSRF_HEADER = re.compile(rb"(X-CSRFToken[^a-zA-Z0-9]{1,20})[a-zA-Z0-9]{64}")
HEADERS = {
    "Content-Security-Policy": re.compile(r"default-src '(self|none)'"),
    "Cache-Control": re.compile(r"^no-store$"),
    "X-Content-Type-Options": re.compile(r"^nosniff$"),
    "X-Frame-Options": re.compile(r"^DENY$"),
    "Referrer-Policy": re.compile(r"^(same-origin|no-referrer|strict-origin)$"),
    "Permissions-Policy": re.compile(r"camera=\(\)"),
}


# Differ from answer to answer, and are compared apart or say the time.
_BY_THEMSELVES = {
    "Location",
    "Content-Length",
    "Set-Cookie",
    "Expires",
    "Last-Modified",
}


@dataclass
class Answer:
    response: Any
    body: bytes
    writes: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    @property
    def redirected(self) -> str:
        """Where the browser goes, by itself or by htmx."""
        return self.location or self.response.headers.get("HX-Redirect", "")

    def fingerprint(self, *keys: str) -> tuple[Any, ...]:
        """What two answers must share to look the same to whoever asks.

        The CSRF token differs by itself, and so does the key in an address.
        """
        body = _CSRF_HEADER.sub(rb"\1", _CSRF.sub(rb"\1", self.body))
        location = self.location
        for key in keys:
            location = location.replace(key, "KEY")
        headers = {
            name: value
            for name, value in self.response.headers.items()
            if name not in _BY_THEMSELVES
        }
        return self.status, location, tuple(sorted(headers.items())), body


class Visitor:
    """One client for all actors: making a client costs more than a request."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client = Client(raise_request_exception=False)
        self.count = 0

    def send(
        self,
        actor: Actor,
        method: str,
        url: str,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Answer of one request; whatever it wrote is rolled back."""
        self.count += 1
        cache.clear()  # calls of unit links are counted by the minute
        self.client.cookies = SimpleCookie()
        for name, morsel in self.world.cookies.get(actor.key, {}).items():
            self.client.cookies[name] = morsel.value
        writes: list[str] = []

        def watch(execute, sql, params, many, context):
            if (match := _WRITE.match(sql)) and not _FREE_TABLES.fullmatch(match[1]):
                writes.append(match[1])
            return execute(sql, params, many, context)

        call = getattr(self.client, method.lower())
        with transaction.atomic(), connection.execute_wrapper(watch):
            response = call(url, data, headers=headers)
            if response.streaming:
                body = b"".join(response.streaming_content)
            else:
                body = response.content
            transaction.set_rollback(True)
        return Answer(response, body, writes)

    def faults(self, actor: Actor, answer: Answer) -> list[str]:
        """Leaks and missing headers of an answer, whatever its status."""
        leaks = self.world.canaries.leaks(actor, answer.response, answer.body)
        faults = [f"LEAK {leak}" for leak in leaks]
        for name, pattern in HEADERS.items():
            value = answer.response.headers.get(name, "")
            if not pattern.search(value):
                faults.append(f"header {name}: {value!r}")
        if answer.status >= 500:
            error = getattr(answer.response, "exc_info", None)
            faults.append(f"{answer.status} {error[1]!r}" if error else "server error")
        return faults

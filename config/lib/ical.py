"""Writing a calendar as RFC 5545 text, which every phone and mail program subscribes.

Lines end in CRLF and are folded at 75 octets without cutting a character; text values
are escaped. Moments are written in UTC, so that no table of time zones is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 75  # octets, without the line's end
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Event:
    """One event; `uid` stays the same for as long as it is the same event."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    summary: str
    location: str = ""
    url: str = ""
    is_tentative: bool = False


def calendar_text(name: str, events: Iterable[Event]) -> bytes:
    """Return a whole calendar, ready to be sent."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//portal//calendar//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return b"".join(piece for line in lines for piece in folded(line))


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{utc(event.changed_at)}"
    yield f"LAST-MODIFIED:{utc(event.changed_at)}"
    yield f"DTSTART:{utc(event.starts_at)}"
    yield f"DTEND:{utc(event.ends_at)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.location:
        yield f"LOCATION:{escaped(event.location)}"
    if event.url:
        yield f"URL:{one_line(event.url)}"
    yield f"STATUS:{'TENTATIVE' if event.is_tentative else 'CONFIRMED'}"
    yield "END:VEVENT"


def utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Return a text value: backslash, semicolon, comma and line ends escaped."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return _without_controls(text)


def one_line(text: str) -> str:
    """Return a value that is no text, such as an address: nothing ends its line."""
    return _without_controls(text.replace("\r", "").replace("\n", ""))


def _without_controls(text: str) -> str:
    return "".join(sign for sign in text if sign >= " " and sign != "\x7f")


def folded(line: str) -> Iterator[bytes]:
    """Yield the physical lines of a content line, each with its CRLF.

    A line that goes on begins with a space, which counts among its octets.
    """
    piece, room = b"", LONGEST
    for sign in line:
        octets = sign.encode()
        if len(octets) > room:
            yield piece + b"\r\n"
            piece, room = b" ", LONGEST - 1
        piece += octets
        room -= len(octets)
    yield piece + b"\r\n"

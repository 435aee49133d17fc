"""The calendar text that phones read: folded, escaped, with the right line ends."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from config.lib.dates import SHANGHAI
from config.lib.ical import Event, calendar_text, escaped, folded

NINE = datetime(2026, 10, 5, 9, tzinfo=SHANGHAI)


def unfolded(body: bytes) -> list[str]:
    assert body.endswith(b"\r\n")
    return body.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def event(**changes) -> Event:
    values = {
        "uid": "activity-1@portal",
        "starts_at": NINE,
        "ends_at": NINE + timedelta(hours=2),
        "changed_at": datetime(2026, 9, 1, tzinfo=UTC),
        "summary": "主题党日",
    } | changes
    return Event(**values)


def test_moments_are_written_in_utc():
    lines = unfolded(calendar_text("活动日历", [event()]))
    assert "DTSTART:20261005T010000Z" in lines
    assert "DTEND:20261005T030000Z" in lines
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"


def test_marks_and_line_ends_are_escaped():
    assert escaped("一,二;三\\四\r\n五\x07") == "一\\,二\\;三\\\\四\\n五"
    text = calendar_text("x", [event(summary="会\r\nEND:VEVENT", url="a\r\nX:1")])
    lines = unfolded(text)
    assert lines.count("END:VEVENT") == 1
    assert "URL:aX:1" in lines


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=300))
def test_folding_keeps_75_octets_and_every_sign(text):
    pieces = list(folded(text))
    for piece in pieces:
        assert piece.endswith(b"\r\n")
        assert len(piece) - 2 <= 75
        piece.decode()
    first, *rest = pieces
    assert all(piece.startswith(b" ") for piece in rest)
    whole = first[:-2] + b"".join(piece[1:-2] for piece in rest)
    assert whole.decode() == text


def test_what_is_planned_is_tentative():
    lines = unfolded(calendar_text("x", [event(is_tentative=True)]))
    assert "STATUS:TENTATIVE" in lines

"""Log lines without the data of people.

A database says in its errors which row it refused: names and numbers that must not
lie in a log. Its first line, with the constraint's name, is enough to find the fault.
"""

import logging
import re
from typing import Any

# What PostgreSQL adds to its first line, each with the lines indented under it.
_TOLD = re.compile(
    r"^(DETAIL|CONTEXT|HINT|QUERY|STATEMENT|LINE \d+):.*(\n[ \t].*)*", re.MULTILINE
)


class PlainFormatter(logging.Formatter):
    """The usual line; tracebacks without what the database tells of its rows."""

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return _TOLD.sub(r"\1: (not logged)", super().formatException(ei))

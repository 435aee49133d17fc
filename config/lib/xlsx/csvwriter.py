"""CSV that no office program runs: every cell quoted, formulas defused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from config.lib.xlsx.cells import ILLEGAL
from config.lib.xlsx.publish import Saved, output_file, saved

# The reader takes one ' away from the same texts, so what comes back is equal.
_DEFUSE = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def write_csv(
    target: Path | str | IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> Saved:
    """Write UTF-8 with a byte order mark, which WPS and Excel need."""
    with output_file(target) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerow([_safe(value) for value in header])
        writer.writerows([_safe(value) for value in row] for row in rows)
        text.detach()
        return saved(file)


def _safe(value: object) -> str:
    text = ILLEGAL.sub("", "" if value is None else str(value))
    return "'" + text if _DEFUSE.match(text) else text

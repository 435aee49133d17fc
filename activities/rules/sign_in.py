"""Pure rules of signing in by a code that changes."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta

from config.lib.errors import RuleError

# Set by the portal: a photo of the code is of no use to whoever is not in the room.
CODE_SECONDS = 30
# The code shown and the one before it, for whoever was just scanning.
CODES_VALID = 2
# How long somebody may take over the form once the code was read.
TICKET_SECONDS = 300
# A meeting and its stragglers.
OPEN_FOR = timedelta(hours=3)

_LAST_FOUR = re.compile(r"[0-9]{3}[0-9Xx]")


def code_at(secret: str, moment: datetime) -> str:
    """Return the code of the moment, ten characters that nobody guesses in time."""
    return _code(secret, int(moment.timestamp()) // CODE_SECONDS)


def is_current(secret: str, code: str, moment: datetime) -> bool:
    """Whether `code` is on the screen now, or was just before."""
    window = int(moment.timestamp()) // CODE_SECONDS
    return any(
        hmac.compare_digest(_code(secret, window - back), code)
        for back in range(CODES_VALID)
    )


def check_last_four(text: str) -> str:
    """Return the last four characters of an ID number as stored; RuleError if wrong."""
    if not _LAST_FOUR.fullmatch(text):
        raise RuleError(
            "请填写身份证号码的最后四位：四位数字，最后一位可以是 X。",
            code="last_four",
        )
    return text.upper()


def _code(secret: str, window: int) -> str:
    digest = hmac.new(secret.encode(), str(window).encode(), hashlib.sha256)
    return digest.hexdigest()[:10]

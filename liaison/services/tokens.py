"""Tokens of signed links: made again from what they open, found by their digest.

Only the digest is stored: a copy of the database alone opens nothing.
"""

from __future__ import annotations

import hashlib

from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode


def signed_token(salt: str, value: str) -> str:
    """The token of `value`; links of another kind have another `salt`."""
    return urlsafe_base64_encode(salted_hmac(salt, value, algorithm="sha256").digest())


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

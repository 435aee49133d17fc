"""Personal values encrypted at rest, and their index for exact search.

A token reads ``k1.<base64url of nonce and ciphertext>``: AES-256-GCM under the
key named before the dot. The label of the field is authenticated with it, so a
ciphertext moved into another column does not open.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django import forms
from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.signals import setting_changed
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

_NONCE_BYTES = 12
_KEY_BYTES = 32
_STANDARD = bytes.maketrans(b"-_", b"+/")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_KEY_ID = re.compile(r"[a-z][a-z0-9]{0,7}")


class DecryptError(Exception):
    """A stored token does not open; for developers, never holds the token."""


@dataclass(frozen=True)
class _Keyring:
    active: str
    ciphers: dict[str, AESGCM]
    index: hmac.HMAC


def encrypt(text: str, label: str) -> str:
    """Return the token of ``text`` bound to ``label``; '' stays ''."""
    return encrypt_all([text], label)[0]


def encrypt_all(texts: Iterable[str], label: str) -> list[str]:
    """Return the tokens of many texts, each under a nonce of its own."""
    ring = _keyring()
    seal, bound = ring.ciphers[ring.active].encrypt, label.encode()
    texts = list(texts)
    # One draw of the system's randomness for all: a call each costs as much as sealing.
    draw = os.urandom(_NONCE_BYTES * len(texts))
    sealed = []
    for start, text in zip(count(step=_NONCE_BYTES), texts, strict=False):
        if text:
            nonce = draw[start : start + _NONCE_BYTES]
            raw = nonce + seal(nonce, text.encode(), bound)
            sealed.append(binascii.b2a_base64(raw))
    # Each ends with a line break, which no token holds: the rest is done at once.
    lines = b"".join(sealed).translate(_URL_SAFE).replace(b"=", b"").decode()
    tokens = map(f"{ring.active}.".__add__, lines.splitlines())
    return [next(tokens) if text else "" for text in texts]


def decrypt(token: str, label: str) -> str:
    """Return the text of a token made for the same ``label``.

    Raises DecryptError when the key is missing, or the token is damaged or
    belongs to another field.
    """
    if not token:
        return ""
    key_id, dot, encoded = token.partition(".")
    cipher = _keyring().ciphers.get(key_id) if dot else None
    if cipher is None:
        raise DecryptError(_unknown_key(key_id, label, is_token=bool(dot)))
    try:
        sealed = binascii.a2b_base64(encoded.encode().translate(_STANDARD) + b"==")
        plain = cipher.decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], label.encode()
        )
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise DecryptError(
            f"{label}: a token under key {key_id!r} does not open: it was altered, "
            "comes from another field, or the key has been replaced."
        ) from error
    return plain.decode()


def blind_index(value: str, *, purpose: str) -> str:
    """Return the keyed hash that finds an encrypted value again; '' stays ''.

    Width, case and spaces do not count. ``purpose`` keeps the indexes of two
    fields apart. 43 characters.
    """
    text = value
    if not (value.isascii() and value.isdecimal()):  # as most numbers are written
        text = "".join(unicodedata.normalize("NFKC", value).split()).upper()
    if not text:
        return ""
    digest = _keyring().index.copy()
    digest.update(f"{purpose}\0{text}".encode())
    # 32 bytes leave one sign of padding.
    encoded = binascii.b2a_base64(digest.digest(), newline=False)
    return encoded.translate(_URL_SAFE)[:-1].decode()


def check_keys() -> None:
    """Raise ImproperlyConfigured if the key settings cannot be used."""
    _keyring()


@lru_cache(maxsize=1)
def _keyring() -> _Keyring:
    keys = settings.FIELD_ENCRYPTION_KEYS
    active = settings.FIELD_ENCRYPTION_ACTIVE
    for key_id in keys:
        if not _KEY_ID.fullmatch(key_id):
            raise ImproperlyConfigured(
                f"FIELD_ENCRYPTION_KEYS: {key_id!r} is no key id; use k1, k2, …"
            )
    if active not in keys:
        raise ImproperlyConfigured(
            f"FIELD_ENCRYPTION_ACTIVE names {active!r}, which "
            "FIELD_ENCRYPTION_KEYS does not hold."
        )
    ciphers = {
        key_id: AESGCM(_key_bytes(key, f"FIELD_ENCRYPTION_KEYS[{key_id!r}]"))
        for key_id, key in keys.items()
    }
    index_key = _key_bytes(settings.FIELD_INDEX_KEY, "FIELD_INDEX_KEY")
    # Begun once: a copy is cheaper than taking the key in again.
    return _Keyring(active, ciphers, hmac.new(index_key, digestmod=hashlib.sha256))


def _key_bytes(encoded: str, setting: str) -> bytes:
    standard = encoded.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        key = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise ImproperlyConfigured(f"{setting} must be base64 of {_KEY_BYTES} bytes.")
    return key


def _forget_keys(*, setting: str, **_: object) -> None:
    if setting.startswith("FIELD_"):
        _keyring.cache_clear()


setting_changed.connect(_forget_keys, dispatch_uid="config.lib.crypto")


def _unknown_key(key_id: str, label: str, *, is_token: bool) -> str:
    if not is_token or not _KEY_ID.fullmatch(key_id):
        return f"{label}: the stored value is not a token; was it written raw?"
    return f"{label}: key {key_id!r} is not in FIELD_ENCRYPTION_KEYS."


class EncryptedTextField(models.TextField):
    """Text that only its token ever reaches the database.

    Only ``field=""`` and ``isnull`` can be filtered; search by a blind index
    beside it. ``label`` is bound into the ciphertext. It defaults to
    ``app.Model.field`` and stays that of the main model on a history copy, so
    that tokens can be copied between the two in SQL. Pin it before renaming.
    With ``max_length`` the form shows one line and checks the plain text.
    """

    description = "加密文本"

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        self.label = label
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def contribute_to_class(self, cls: Any, name: str, *args: Any, **kw: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kw)
        self._own_label = f"{cls._meta.app_label}.{cls.__name__}.{name}"
        if not self.label and not cls._meta.abstract:
            self.label = self._own_label

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.label and self.label != getattr(self, "_own_label", ""):
            kwargs["label"] = self.label
        return name, path, list(args), kwargs

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False):
            found.append(
                checks.Error(
                    "An encrypted field can be neither unique nor indexed.",
                    hint="Put a blind index beside it.",
                    obj=self,
                    id="lib.E001",
                )
            )
        return found

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else encrypt(value, self.label)

    def to_token(self, value: str | None) -> str | None:
        """Return what is stored for ``value``, for COPY and raw SQL."""
        return self.get_prep_value(value)

    def to_tokens(self, values: Iterable[str]) -> list[str]:
        """Return what is stored for many values at once."""
        return encrypt_all(values, self.label)

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return decrypt(value, self.label) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return _EmptyOnly
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(_no_filter(self, lookup_name))

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(_no_filter(self, lookup_name))

    def formfield(self, **kwargs: Any) -> Any:
        if self.max_length is not None:
            kwargs.setdefault("widget", forms.TextInput)
        return super().formfield(**kwargs)


class _EmptyOnly(Exact):
    def get_prep_lookup(self) -> Any:
        if self.rhs is None or self.rhs == "":
            return self.rhs
        raise FieldError(_no_filter(self.lhs.output_field, "exact"))


def _no_filter(field: models.Field, lookup_name: str) -> str:
    return (
        f"{field.name} is encrypted: the lookup {lookup_name!r} would find nothing. "
        "Filter by its blind index; only '' and isnull can be asked of it."
    )


def reencrypt_queryset(
    queryset: models.QuerySet,
    fields: Sequence[str],
    *,
    batch: int = 500,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Bring the named fields under the active key; return the rows changed.

    Goes by primary key in its own short transactions and touches only rows
    with another key's token, so it can be stopped and started again. A row
    saved meanwhile keeps what was saved. ``progress`` gets the running total.
    """
    raw = {f"_raw_{name}": Cast(name, models.TextField()) for name in fields}
    stale = models.Q()
    for alias in raw:
        stale |= ~models.Q(**{f"{alias}__startswith": f"{_keyring().active}."}) & (
            models.Q(**{f"{alias}__gt": ""})
        )
    rows = queryset.order_by("pk").annotate(**raw).filter(stale)
    changed, last = 0, None
    while True:
        page = rows if last is None else rows.filter(pk__gt=last)
        found = list(page.values("pk", *raw, *fields)[:batch])
        if not found:
            return changed
        with transaction.atomic(using=queryset.db):
            for row in found:
                same = {alias: row[alias] for alias in raw}
                update = {name: row[name] for name in fields}
                target = queryset.order_by().annotate(**raw)
                changed += target.filter(pk=row["pk"], **same).update(**update)
        last = found[-1]["pk"]
        if progress:
            progress(changed)

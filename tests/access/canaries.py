"""Planted words, and the scanner that looks for them in whatever leaves the portal.

Each word stands in texts of one place and kind. `seen_by` says who may read it; in
front of everybody else it is a leak. `Canaries.secrets` (whole ID numbers, phones,
house numbers of members) may be read by nobody.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from urllib.parse import unquote
from zlib import decompress

from tests.access.cast import Actor, line_of

# What a word is part of, and with it who may read it.
MEMBER = "member"  # whoever sees members at one of its places, or its unit's contact
HARDSHIP = "hardship"  # whoever sees who is in difficulty at one of its places
REVIEW = "review"  # whoever reads democratic reviews at one of its places
FUND = "fund"  # whoever sees funds at one of its places
AID = "aid"  # whoever keeps mutual aid at one of its places
WORK = "work"  # the same, and auditors: titles of activities
JOB = "job"  # the same, and who manages accounts there: titles of jobs
NAME = "name"  # of an organization: whoever sees it or a part of it, and auditors
STRUCTURE = "structure"  # contact persons, reasons: whoever sees the organization
CONTACT = "contact"  # whole phones of offices: whoever maintains them
ACCOUNT = "account"  # names of users: colleagues in scope and below, auditors
UNIT = "unit"  # work units: everybody who works in the tree, and their contacts
PUBLIC = "public"  # communities as places: the same, of the unit that lies there


@dataclass(frozen=True)
class Canary:
    text: str
    kind: str
    places: frozenset[str]
    units: frozenset[str] = frozenset()
    holder: str = ""

    def seen_by(self, actor: Actor) -> bool:
        if actor.is_out:
            return False
        return getattr(self, f"_{self.kind}")(actor)

    def _member(self, actor: Actor) -> bool:
        is_mine = bool(self.units & actor.units)
        return is_mine or bool(self.places & actor.places("view_members"))

    def _hardship(self, actor: Actor) -> bool:
        return bool(self.places & actor.places("view_hardship"))

    def _review(self, actor: Actor) -> bool:
        return bool(self.places & actor.places("view_reviews"))

    def _fund(self, actor: Actor) -> bool:
        return bool(self.places & actor.places("view_funds"))

    def _aid(self, actor: Actor) -> bool:
        return bool(self.places & actor.places("keep_aid"))

    def _work(self, actor: Actor) -> bool:
        return self._member(actor) or "view_audit" in actor.rights

    def _job(self, actor: Actor) -> bool:
        return self._work(actor) or bool(self.places & actor.places("manage_users"))

    def _name(self, actor: Actor) -> bool:
        seen = actor.places("view_organizations")
        lines = {above for key in seen for above in line_of(key)}
        is_mine = bool(self.units & actor.units)
        return is_mine or bool(self.places & lines) or "view_audit" in actor.rights

    def _structure(self, actor: Actor) -> bool:
        return bool(self.places & actor.places("view_organizations"))

    def _contact(self, actor: Actor) -> bool:
        managed = actor.places("manage_organizations")
        return bool(self.places & managed) or bool(self.units and managed)

    def _account(self, actor: Actor) -> bool:
        is_known = actor.key == self.holder or "view_audit" in actor.rights
        # An account without a post anywhere is the managers' to place.
        is_free = not self.places and "manage_users" in actor.rights
        return is_known or is_free or (bool(self.places) and self._name(actor))

    def _unit(self, actor: Actor) -> bool:
        is_mine = bool(self.units & actor.units)
        return is_mine or bool(actor.places("view_organizations"))

    _public = _unit


@dataclass
class Canaries:
    planted: dict[str, Canary] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    _patterns: dict[str, re.Pattern[str]] = field(default_factory=dict)

    def plant(self, text: str, kind: str, *places: str, **more: object) -> str:
        """Register a word and return it, to be put into a text."""
        known = [other for other in self.planted if other in text or text in other]
        assert known in ([], [text]), f"{text} and {known} hide each other"
        self.planted[text] = Canary(text, kind, frozenset(places), **more)
        self._patterns.clear()
        return text

    def secret(self, text: str) -> str:
        """Register a value that nobody may read whole."""
        self.secrets.add(text)
        self._patterns.clear()
        return text

    def forbidden_to(self, actor: Actor) -> re.Pattern[str]:
        if actor.key not in self._patterns:
            words = [t for t, c in self.planted.items() if not c.seen_by(actor)]
            listed = sorted({*words, *self.secrets})
            self._patterns[actor.key] = re.compile("|".join(map(re.escape, listed)))
        return self._patterns[actor.key]

    def leaks(self, actor: Actor, response, body: bytes) -> list[str]:
        """What `actor` must not read in a response: ["body: 雀乙壹"]."""
        pattern = self.forbidden_to(actor)
        found = []
        for part, text in parts_of(response, body):
            for spelled in spellings(text):
                hits = sorted(set(pattern.findall(spelled)))
                found += [f"{part}: {hit}" for hit in hits]
        return sorted(set(found))

    def seen(self, response, body: bytes) -> set[str]:
        """Every planted word in a response, allowed or not."""
        text = "\n".join(
            spelled
            for _, part in parts_of(response, body)
            for spelled in spellings(part)
        )
        return {word for word in (*self.planted, *self.secrets) if word in text}


def parts_of(response, body: bytes) -> Iterator[tuple[str, str]]:
    """Name and text of everything a response carries."""
    for name, value in response.headers.items():
        yield f"header {name}", value
        yield f"header {name}", str(make_header(decode_header(value)))
    for name, morsel in response.cookies.items():
        yield f"cookie {name}", morsel.value
        yield f"cookie {name}", _unsigned(morsel.value)
    yield from unpacked("body", body)


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """The content, or each part of it where it is a workbook or an archive."""
    if not content.startswith(b"PK\x03\x04"):
        yield name, content.decode("utf-8", "replace")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.namelist():
            yield f"{name}!{entry}", entry
            yield from unpacked(f"{name}!{entry}", archive.read(entry))


def spellings(text: str) -> Iterator[str]:
    """The text as it stands, and as HTML, JSON and URLs may have written it."""
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    if "%" in text:
        yield unquote(text)
    if "=" in text and "<" in text:
        # Text of a workbook cut into runs: <t>雀</t><t>甲壹</t>
        yield re.sub(r"<[^>]*>", "", text)


def _unsigned(cookie: str) -> str:
    """What a signed cookie (the messages) holds, "" for one that cannot be read."""
    token = cookie.strip('"').split(":")[0]
    packed = token.startswith(".")
    token = token.lstrip(".")
    try:
        data = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        text = (decompress(data) if packed else data).decode()
        return json.dumps(json.loads(text), ensure_ascii=False)
    except Exception:
        return ""

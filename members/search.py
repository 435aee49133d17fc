"""Finding people: any fragment of a name, pinyin, initials, the last four of an ID.

`name__fragment` answers fragments of one character and more from a GIN index over
the single characters and adjacent pairs of each name (PostgreSQL), where a trigram
index and LIKE are blind to the one or two characters of a Chinese name.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import CharField, Lookup, Q

from config.lib.names import normalize_name

# Left out of names by `portal_name_key` in the database as well.
IGNORED = " ·.-'"
_LATIN = re.compile(r"[a-z]+")
_LAST_FOUR = re.compile(r"[0-9]{4}|[0-9]{3}X", re.IGNORECASE)
_LONG_DIGITS = re.compile(r"[0-9]{11,}")
_DROP = str.maketrans("", "", IGNORED)

WHOLE_NUMBER_HINT = (
    "为保护个人信息，搜索框不查完整的身份证号和手机号。"
    "请用“按身份证号查找”，或只填身份证号后四位。"
)


def name_key(text: str) -> str:
    """Return a name or fragment as it is compared: one spelling, no dots."""
    return normalize_name(text).translate(_DROP).lower()


def is_whole_number(text: str) -> bool:
    """Whether `text` looks like a whole ID or telephone number."""
    return bool(_LONG_DIGITS.search(re.sub(r"[\s-]", "", text)))


def condition(text: str) -> Q | None:
    """Return the condition that finds what was typed; None when it says nothing.

    Latin letters are read as pinyin, initials or a Latin name; three digits and a
    digit or X as the end of an ID number.
    """
    if is_whole_number(text):
        return Q(pk__in=[])
    key = name_key(text)
    if not key:
        return None
    if _LAST_FOUR.fullmatch(key):
        return Q(id_last4=key.upper())
    if _LATIN.fullmatch(key):
        return (
            Q(name_pinyin__startswith=key)
            | Q(name_initials__startswith=key)
            | Q(name__fragment=key)
        )
    return Q(name__fragment=key)


@CharField.register_lookup
class Fragment(Lookup):
    """`name__fragment="雷芳"`: the name contains these characters side by side."""

    lookup_name = "fragment"

    def get_prep_lookup(self) -> Any:
        return name_key(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params, key = self._parts(compiler, connection)
        bare = left
        for char in IGNORED:
            literal = "''''" if char == "'" else f"'{char}'"
            bare = f"REPLACE({bare}, {literal}, '')"
        return f"INSTR(LOWER({bare}), %s) > 0", [*left_params, key]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params, key = self._parts(compiler, connection)
        # The index answers the first. The second is exact, where single characters and
        # pairs would let 张小张 match 小张小. It is the cheaper by far as well, and
        # so tried first where PostgreSQL walks the list in the order of names, as it
        # does for a common character: half a second less for a name late in the order.
        is_one_character = len(key) == 1 and key.upper() == key
        # Without case and neighbours a character stands in the name as it was typed.
        text = left if is_one_character else f"portal_name_key({left})"
        found = (
            f"(portal_name_grams({left}) @> portal_name_grams(%s)"
            f" AND strpos({text}, %s) > 0)"
        )
        return found, [*left_params, key, *left_params, key]

    def _parts(self, compiler: Any, connection: Any) -> tuple[str, list[Any], str]:
        if not self.rhs:
            raise EmptyResultSet
        left, left_params = self.process_lhs(compiler, connection)
        return left, list(left_params), self.rhs

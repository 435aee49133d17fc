"""ID numbers, unified credit codes and telephone numbers.

Messages never repeat the number itself: they end up in logs and workbooks.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from config.lib.dates import EMPTY_WORDS, clean_text
from config.lib.errors import RuleError
from config.lib.masks import mask_id_number

Sex = Literal["male", "female"]

_ID_FORM = re.compile(r"[0-9]{17}[0-9X]")
_SCIENTIFIC = re.compile(r"[0-9]+(\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_JUNK = re.compile(r"[\s'\u2018\u2019`-]+")
# Reading the 17 digits as a number in base 13 gives the standard's weighted
# sum modulo 11, since 13 ≡ 2 (mod 11). Source: GB 11643-1999, 附录A.
_CHECK_BY_BASE_13 = "".join("10X98765432"[2 * r % 11] for r in range(11))

_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[0-9]")

# Source: GB 32100-2015 (no I, O, S, V, Z).
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES = {char: value for value, char in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:0(?:10|2[0-9]|[3-9][0-9]{2})|)[2-8][0-9]{6,7}")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_EXTENSION = re.compile(r"^(.{7,}?)(?:转|分机|-)([0-9]{1,5})$")
_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1[3-9][0-9]{9}$))")
_PHONE_NOISE = re.compile(r"[\s()（）.·\u2010\u2011–—―-]+")
_SEVERAL = re.compile(r"[/、,，;；或]")


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid 18-character citizen identity number."""

    digits: str = field(repr=False)
    born_on: dt.date = field(repr=False)
    sex: Sex = field(repr=False)

    @property
    def last4(self) -> str:
        return self.digits[-4:]

    @property
    def masked(self) -> str:
        return mask_id_number(self.digits)

    @classmethod
    def parse(cls, value: Any, *, today: dt.date | None = None) -> "IdNumber":
        """Read and check a number; an unknown region never blocks.

        Raises RuleError with code ``lost_digits``, ``length``, ``digits``,
        ``birth`` or ``checksum``. With ``today``, a later birth is refused.
        """
        digits = value
        if type(value) is not str or not _ID_FORM.fullmatch(value):
            digits = _id_text(value)
            _refuse_bad_form(digits)
        born_on = _birth_date(digits, today)
        if check_character(digits[:17]) != digits[17]:
            if digits.endswith("000"):
                raise _lost_digits()
            raise RuleError(
                "身份证号的校验码不对，很可能有一位录错，请对照证件逐位核对。",
                code="checksum",
            )
        return cls(digits, born_on, "male" if int(digits[16]) % 2 else "female")


def check_character(body: str) -> str:
    """Return the check character for the first 17 digits."""
    return _CHECK_BY_BASE_13[int(body, 13) % 11]


def region_warning(number: str) -> str | None:
    """Return a sentence if the first two digits name no province."""
    if _PROVINCES.match(number):
        return None
    return "身份证号前两位不是已知的省级代码，请核对。"


def normalize_id_number(value: Any) -> str:
    """Return the number in its stored form without checking it."""
    return _JUNK.sub("", clean_text(value)).upper()


def _id_text(value: Any) -> str:
    if isinstance(value, bool):
        raise _length_error(0)
    if isinstance(value, float) and abs(value) >= 1e15:
        raise _lost_digits()
    digits = normalize_id_number(value)
    if _SCIENTIFIC.fullmatch(digits):
        raise _lost_digits()
    # A number cell keeps 15 digits, the rest are zeros.
    if isinstance(value, int) and len(digits) == 18 and digits.endswith("000"):
        raise _lost_digits()
    return digits


def _refuse_bad_form(digits: str) -> None:
    if len(digits) == 15 and digits.isascii() and digits.isdigit():
        raise RuleError(
            "这是15位的旧身份证号，已停止使用，请填写18位号码。", code="length"
        )
    if len(digits) != 18:
        raise _length_error(len(digits))
    if not _ID_FORM.fullmatch(digits):
        raise RuleError(
            "身份证号前17位只能是数字，最后一位是数字或X，请核对。", code="digits"
        )


def _birth_date(digits: str, today: dt.date | None) -> dt.date:
    try:
        born_on = dt.date.fromisoformat(digits[6:14])
    except ValueError:
        born_on = None
    if born_on is None or born_on.year < 1900:
        raise RuleError("身份证号第7至14位不是有效的出生日期，请核对。", code="birth")
    if today is not None and born_on > today:
        raise RuleError("身份证号中的出生日期晚于今天，请核对。", code="birth")
    return born_on


def _length_error(length: int) -> RuleError:
    if length == 0:
        return RuleError("没有填写身份证号，请填写18位号码。", code="length")
    return RuleError(f"身份证号应为18位，现在是{length}位，请核对。", code="length")


def _lost_digits() -> RuleError:
    return RuleError(
        "身份证号被存成了数字，末尾几位已丢失。请先把该单元格设为文本格式，"
        "再重新录入完整的18位号码。",
        code="lost_digits",
    )


def normalize_credit_code(value: Any) -> str:
    """Return a unified credit code in its stored form without checking it."""
    return _JUNK.sub("", clean_text(value)).upper()


def credit_code_problem(value: Any) -> str | None:
    """Return what is wrong with a unified credit code, or None.

    For warnings only: some genuine codes fail the check character.
    """
    code = normalize_credit_code(value)
    if len(code) != 18:
        return f"统一社会信用代码应为18位，现在是{len(code)}位，请核对。"
    if any(char not in _CREDIT_VALUES for char in code):
        return "统一社会信用代码只含数字和大写字母，且没有I、O、S、V、Z，请核对。"
    pairs = zip(code[:17], _CREDIT_WEIGHTS, strict=True)
    total = sum(_CREDIT_VALUES[char] * weight for char, weight in pairs)
    if _CREDIT_ALPHABET[-total % 31] != code[17]:
        return "统一社会信用代码的校验位不符，请对照证照核对。"
    return None


def normalize_phone(value: Any) -> str:
    """Return a mobile or landline number as digits; empty words give ''.

    An extension stays behind a dash. Raises RuleError with code ``phone``.
    """
    if isinstance(value, str) and _MOBILE.fullmatch(value):
        return value  # as nearly all are written
    text = clean_text(value)
    if text in EMPTY_WORDS:
        return ""
    if _SEVERAL.search(text):
        raise RuleError("一格只能填写一个电话号码，请保留一个。", code="phone")
    plain = _COUNTRY.sub("", _PHONE_NOISE.sub("", text))
    plain = plain[1:] if re.fullmatch(r"01[3-9][0-9]{9}", plain) else plain
    if _is_phone(plain):
        return plain
    if extended := _EXTENSION.match(_COUNTRY.sub("", text)):
        line, extension = _PHONE_NOISE.sub("", extended[1]), extended[2]
        if _LANDLINE.fullmatch(line):
            return f"{line}-{extension}"
    if re.search(r"[^0-9+-]", plain):
        raise RuleError("电话号码中有数字以外的字符，请只填写数字。", code="phone")
    raise RuleError(
        "电话号码的位数或开头不对：手机号为11位，固定电话请带区号。", code="phone"
    )


def _is_phone(digits: str) -> bool:
    return any(form.fullmatch(digits) for form in (_MOBILE, _LANDLINE, _SERVICE))

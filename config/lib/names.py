"""Personal names: one spelling, pinyin, initials and search grams."""

import importlib
import re
import unicodedata
from functools import lru_cache

from config.lib.dates import clean_text

_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_USUAL = re.compile("[\u4e00-\u9fff]{2,4}")
_COMPATIBILITY = re.compile("[\uf900-\ufaff]")
_DOTS = re.compile(r"\s*[·•・‧∙⋅･]\s*")
# A full stop between Han characters stands for the middle dot.
_HAN_STOP = re.compile(rf"(?<=[{_HAN}])\s*\.\s*(?=[{_HAN}])")
_HAN_GAP = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_NOT_SEARCHED = re.compile(r"[\W_]+")


def _table(entries: str) -> dict[str, str]:
    return {entry[0]: entry[1:] for entry in entries.split()}


# Readings of a character as a surname, where the most common one differs.
_SURNAMES = _table(
    "曾zeng 单shan 解xie 查zha 仇qiu 区ou 乐yue 盖ge 朴piao "
    "覃qin 员yun 么yao 洗xian 缪miao 翟zhai 召shao 种chong 繁po "
    "折she 隗wei 炅gui 能nai 秘bi 佴nai 郇xun 卜bu 重chong "
    "句gou 黑he 长chang 祭zhai 乜nie 薄bo 藏zang 阚kan 适kuo "
    "颉xie 都du 会gui 省xing 逢pang 参shen 乘sheng 还huan 说yue "
    "粘nian 荤xun 贠yun 晟cheng"
)
# 单于 is left out: a 单 whose given name begins with 于 is far more likely.
_COMPOUND_SURNAMES = {
    "尉迟": ("yu", "chi"),
    "万俟": ("mo", "qi"),
    "澹台": ("tan", "tai"),
    "长孙": ("zhang", "sun"),
    "乐正": ("yue", "zheng"),
    "宰父": ("zai", "fu"),
}
# Readings usual inside a given name, where the most common one differs.
_GIVEN_NAMES = _table("长chang 晟sheng 薄bo 卜bu 泊bo 率shuai 都du 翟zhai 伽jia 阚kan")


def normalize_name(value: object) -> str:
    """Return the one spelling stored: 雷  芳 is 雷芳, ・ and • are ·.

    Spaces go between Han characters only; a Latin name keeps single ones.
    Compatibility ideographs become the character they stand for.
    """
    if type(value) is str and _USUAL.fullmatch(value):
        return value  # as nearly all are written
    text = _COMPATIBILITY.sub(
        lambda found: unicodedata.normalize("NFC", found[0]), clean_text(value)
    )
    text = _HAN_STOP.sub("·", _DOTS.sub("·", text))
    return _HAN_GAP.sub("", text)


@lru_cache(maxsize=64)  # pinyin and initials of a name are asked for in one breath
def syllables(name: str) -> tuple[str, ...]:
    """Return the reading of each Han character and each Latin word, in order.

    The first character is read as a surname unless a middle dot shows that
    the name is transliterated. A character without a known reading is skipped.
    """
    if "·" in name or " " in name:
        words = re.split(r"[·\s]+", name)
        return tuple(s for word in words for s in _word(word, _GIVEN))
    if compound := _COMPOUND_SURNAMES.get(name[:2]):
        return compound + _word(name[2:], _GIVEN)
    if surname := _SURNAMES.get(name[:1]):
        return (surname, *_word(name[1:], _GIVEN))
    return _word(name, _GIVEN)


def pinyin(name: str) -> str:
    """Return the whole name in lower-case pinyin without spaces; ü is v."""
    return "".join(syllables(name))


def initials(name: str) -> str:
    """Return the first letter of each syllable: lf for 雷芳."""
    return "".join([syllable[0] for syllable in syllables(name)])


def name_grams(name: str) -> list[str]:
    """Return the single characters and adjacent pairs, each once, in order.

    Dots, spaces and case do not count. A fragment is found where all its own
    grams are contained; three characters or more need a recheck.
    """
    text = _NOT_SEARCHED.sub("", name).lower()
    pairs = [text[i : i + 2] for i in range(len(text) - 1)]
    return list(dict.fromkeys([*text, *pairs]))


class _Readings(dict[str, str]):
    """Character to plain syllable, filled on first use of each character."""

    def __missing__(self, char: str) -> str:
        self[char] = reading = _plain(_common_readings().get(ord(char), ""))
        return reading


_GIVEN = _Readings(_GIVEN_NAMES)


def _word(text: str, readings: _Readings) -> tuple[str, ...]:
    if text.isascii():
        letters = _NOT_SEARCHED.sub("", text).lower()
        return (letters,) if letters else ()
    return tuple([s for s in map(readings.__getitem__, text) if s])


@lru_cache(maxsize=1)
def _common_readings() -> dict[int, str]:
    # pypinyin takes 0.3 s to import: only a process that needs it pays.
    return importlib.import_module("pypinyin.constants").PINYIN_DICT


def _plain(toned: str) -> str:
    """Return lǚ,lú as lv: the first reading, without tone marks."""
    first = unicodedata.normalize("NFD", toned.split(",")[0])
    first = first.replace("u\u0308", "v")
    return "".join(char for char in first if not unicodedata.combining(char))

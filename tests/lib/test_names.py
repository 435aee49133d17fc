import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.names import (
    initials,
    name_grams,
    normalize_name,
    pinyin,
    syllables,
)

HAN_NAMES = st.text(
    alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1
)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("雷  芳", "雷芳"),
        ("雷\u3000芳", "雷芳"),
        (" 钱秀珍\u3000", "钱秀珍"),
        ("欧 阳 娜", "欧阳娜"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 ・ 买买提", "阿卜杜拉·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),  # noqa: RUF001
        ("John   Smith", "John Smith"),
        ("Ｊohn", "John"),  # noqa: RUF001
        ("J. Smith", "J. Smith"),
        ("\uf9e1明", "李明"),
        (None, ""),
    ],
)
def test_a_name_has_one_spelling(written, stored):
    assert normalize_name(written) == stored


@given(st.text(max_size=12))
def test_normalizing_twice_changes_nothing(text):
    assert normalize_name(normalize_name(text)) == normalize_name(text)


@pytest.mark.parametrize(
    ("name", "read", "short"),
    [
        ("雷芳", "leifang", "lf"),
        ("曾国强", "zengguoqiang", "zgq"),
        ("单晓曾", "shanxiaoceng", "sxc"),
        ("解放", "xiefang", "xf"),
        ("查良", "zhaliang", "zl"),
        ("仇英", "qiuying", "qy"),
        ("区大", "ouda", "od"),
        ("乐乐", "yuele", "yl"),
        ("盖伟", "gewei", "gw"),
        ("朴善", "piaoshan", "ps"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟强", "moqiqiang", "mqq"),
        ("万俊", "wanjun", "wj"),
        ("欧阳娜", "ouyangna", "oyn"),
        ("吕长江", "lvchangjiang", "lcj"),
        ("阿卜杜拉·买买提", "abudulamaimaiti", "abdlmmt"),
        ("John Smith", "johnsmith", "js"),
        ("", "", ""),
    ],
)
def test_surnames_are_read_as_surnames(name, read, short):
    assert (pinyin(name), initials(name)) == (read, short)


@given(HAN_NAMES)
def test_readings_are_plain_letters_and_initials_match_them(name):
    assert pinyin(name) == "" or (pinyin(name).isascii() and pinyin(name).isalpha())
    assert initials(name) == "".join(s[0] for s in syllables(name))


@given(HAN_NAMES, st.data())
def test_every_fragment_of_two_is_among_the_grams(name, data):
    start = data.draw(st.integers(0, len(name) - 1))
    fragment = name[start : start + 2]
    assert set(name_grams(fragment)) <= set(name_grams(name))


def test_grams_are_characters_and_pairs_without_dots_or_case():
    assert name_grams("雷芳") == ["雷", "芳", "雷芳"]
    assert name_grams("买·提") == ["买", "提", "买提"]
    assert name_grams("Al") == ["a", "l", "al"]
    assert name_grams("") == []

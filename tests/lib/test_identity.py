import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from config.lib.errors import RuleError
from config.lib.identity import (
    IdNumber,
    check_character,
    credit_code_problem,
    normalize_phone,
    region_warning,
)

WEIGHTS = [pow(2, 18 - place, 11) for place in range(1, 18)]
EXAMPLE = "11010519491231002X"  # the example printed in the standard
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def character_by_weights(body):
    total = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


@st.composite
def id_numbers(draw):
    born_on = draw(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
    region = draw(st.integers(0, 999_999))
    body = f"{region:06d}{born_on:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + character_by_weights(body)


def code_of(value, **options):
    with pytest.raises(RuleError) as caught:
        IdNumber.parse(value, **options)
    return caught.value.code


@given(st.from_regex(r"\A[0-9]{17}\Z"))
def test_check_character_equals_the_weights_of_the_standard(body):
    assert check_character(body) == character_by_weights(body)


@given(id_numbers())
def test_a_number_gives_birth_date_and_sex(number):
    parsed = IdNumber.parse(number)
    assert parsed.digits == number
    assert f"{parsed.born_on:%Y%m%d}" == number[6:14]
    assert parsed.sex == ("male" if number[16] in "13579" else "female")


@given(id_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_every_wrong_digit_is_noticed(number, place, shift):
    wrong = str((int(number[place]) + shift) % 10)
    assert code_of(number[:place] + wrong + number[place + 1 :]) in {
        "checksum",
        "birth",
        "lost_digits",
    }


@given(id_numbers(), st.integers(0, 15))
def test_two_swapped_neighbours_are_noticed(number, place):
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert code_of(swapped) in {"checksum", "birth", "lost_digits"}


@given(id_numbers(), st.sampled_from("0123456789X"))
def test_a_wrong_check_character_is_noticed(number, last):
    assume(last != number[17])
    assert code_of(number[:17] + last) in {"checksum", "lost_digits"}


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",  # noqa: RUF001
        "110105-19491231-002X",
        "'11010519491231002X",
        "11010519491231002X\u200b\u3000",
    ],
)
def test_the_ways_offices_write_a_number(written):
    assert IdNumber.parse(written).digits == EXAMPLE


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "length"),
        (None, "length"),
        (True, "length"),
        ("1101051949123100", "length"),
        (EXAMPLE + "1", "length"),
        ("110105491231002", "length"),
        ("11010519491231A02X", "digits"),
        ("X1010519491231002X", "digits"),
        ("१1010519491231002X", "digits"),
        ("11010519490231002X", "birth"),
        ("110105189912310020", "birth"),
        ("110105194912310021", "checksum"),
        (2.20203198411144e17, "lost_digits"),
        ("2.20203E+17", "lost_digits"),
        ("2.20203198411144e+17", "lost_digits"),
        (220203198411144000, "lost_digits"),
        ("220203198411144000", "lost_digits"),
    ],
)
def test_each_fault_has_its_own_code(value, code):
    assert code_of(value) == code


@given(id_numbers(), st.integers(0, 17))
def test_no_message_repeats_the_number(number, place):
    wrong = number[:place] + "A" + number[place + 1 :]
    with pytest.raises(RuleError) as caught:
        IdNumber.parse(wrong)
    assert wrong[-6:] not in caught.value.text
    assert number not in repr(IdNumber.parse(number))


def test_a_birth_after_today_is_refused():
    assert code_of(EXAMPLE, today=dt.date(1949, 12, 30)) == "birth"
    assert IdNumber.parse(EXAMPLE, today=dt.date(1949, 12, 31))


def test_an_old_number_of_15_digits_is_refused_with_a_sentence():
    with pytest.raises(RuleError, match="15位的旧身份证号"):
        IdNumber.parse("110105491231002")


def test_an_unknown_region_only_warns():
    body = "99990019491231002"
    assert IdNumber.parse(body + character_by_weights(body))
    assert "省级代码" in region_warning("00990019491231002X")
    assert region_warning(EXAMPLE) is None


def test_masked_shows_the_two_ends():
    assert IdNumber.parse(EXAMPLE).masked == "1****************X"
    assert IdNumber.parse(EXAMPLE).last4 == "002X"


@given(st.text(alphabet=CREDIT_ALPHABET, min_size=17, max_size=17))
def test_a_credit_code_with_the_right_check_character_passes(body):
    total = sum(CREDIT_ALPHABET.index(c) * 3**i for i, c in enumerate(body))
    right = CREDIT_ALPHABET[(31 - total % 31) % 31]
    problems = {c: credit_code_problem(body + c) for c in CREDIT_ALPHABET}
    assert [c for c, problem in problems.items() if problem is None] == [right]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("91350100", "18位"), ("9135010OM000100Y43", "没有I"), ("", "现在是0位")],
)
def test_a_malformed_credit_code_is_described(code, sentence):
    assert sentence in credit_code_problem(code)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("138-0798-8044", "13807988044"),
        ("+86 138 0798 8044", "13807988044"),
        ("8613807988044", "13807988044"),
        ("１３８０７９８８０４４", "13807988044"),  # noqa: RUF001
        (13807988044.0, "13807988044"),
        (13807988044, "13807988044"),
        ("013807988044", "13807988044"),
        ("（0432）6201-2345", "043262012345"),
        ("010 62345678", "01062345678"),
        ("62012345", "62012345"),
        ("0432-62012345-801", "043262012345-801"),
        ("0432-62012345转801", "043262012345-801"),
        ("400-123-4567", "4001234567"),
        ("无", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_phones_are_stored_in_one_form(written, stored):
    assert normalize_phone(written) == stored


@pytest.mark.parametrize(
    "written",
    ["1380798804", "12807988044", "138079880440", "12345", "1380798804a", "电话同上",
     "13807988044/13807988045", 1.38e30],
)  # fmt: skip
def test_implausible_phones_are_refused(written):
    with pytest.raises(RuleError, match="电话") as caught:
        normalize_phone(written)
    assert caught.value.code == "phone"


@given(st.text(max_size=25))
def test_a_stored_phone_is_stable(text):
    try:
        phone = normalize_phone(text)
    except RuleError:
        return
    assert normalize_phone(phone) == phone

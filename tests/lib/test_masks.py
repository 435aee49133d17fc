import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.masks import mask_address, mask_id_number, mask_phone

id_numbers = st.from_regex(r"\A[0-9]{17}[0-9X]\Z")


@given(id_numbers)
def test_id_mask_depends_on_first_and_last_character_only(number):
    masked = mask_id_number(number)
    assert masked == number[0] + "*" * 16 + number[-1]


@given(st.text(alphabet="0123456789X", max_size=30))
def test_id_mask_never_shows_more_than_two_characters(text):
    assert len(mask_id_number(text).replace("*", "")) <= 2


@given(st.from_regex(r"\A1[3-9][0-9]{9}\Z"))
def test_mobile_shows_three_and_four(phone):
    assert mask_phone(phone) == phone[:3] + "****" + phone[-4:]


@given(st.text(alphabet="0123456789-", max_size=10))
def test_short_phone_shows_at_most_its_last_two_digits(phone):
    assert len(mask_phone(phone).replace("*", "")) <= 2


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("江滨街道江滨社区35号楼3单元666室", "江滨街道江滨社区***"),
        ("吉林市昌邑区解放北路12号", "吉林市昌邑区解放北路***"),
        ("南京路街道福绥小区二号楼", "南京路街道福绥小区***"),
        ("光明大街8号", "光明大街***"),
        ("东关村三组十二号", "***"),
        ("桦甸市夹皮沟镇18号", "桦甸市夹皮沟镇***"),
        ("12号楼江滨小区", "***"),
    ],
)
def test_address_stops_at_the_road_or_estate(address, shown):
    assert mask_address(address) == shown


@given(st.text(alphabet="江滨路街道小区社区市0123456789号楼室一二三 ", max_size=40))
def test_address_mask_never_shows_a_digit_and_always_a_prefix(address):
    masked = mask_address(address)
    assert not any(char.isdigit() for char in masked)
    assert address.strip().startswith(masked.removesuffix("***"))


@pytest.mark.parametrize("mask", [mask_id_number, mask_phone, mask_address])
@pytest.mark.parametrize("empty", ["", None, "  "])
def test_nothing_in_gives_nothing_out(mask, empty):
    assert mask(empty) == ""

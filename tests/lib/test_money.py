"""Amounts as receipts write them. Examples of 《支付结算办法》附一."""

from decimal import Decimal

import pytest

from config.lib.money import capitals


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("105", "壹佰零伍元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("20050", "贰万零伍拾元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("10000001", "壹仟万零壹元整"),
        ("100010000", "壹亿零壹万元整"),
    ],
)
def test_amounts_are_written_out(amount, words):
    assert capitals(Decimal(amount)) == f"人民币{words}"

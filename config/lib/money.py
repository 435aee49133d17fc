"""Money in yuan as it is shown, and as receipts write it out."""

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def yuan(amount: Decimal) -> str:
    """Return 12,000.00: two places, thousands apart."""
    return f"{amount:,.2f}"


def capitals(amount: Decimal) -> str:
    """Return 人民币壹万贰仟元整, as 《支付结算办法》附一 has amounts written.

    `amount` is not negative and has two places.
    """
    whole, fen = divmod(round(amount * 100), 100)
    jiao, fen = divmod(fen, 10)
    words = f"{_whole(whole)}元" if whole else ""
    if not jiao and not fen:
        return f"人民币{words or '零元'}整"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif words:
        words += "零"
    return f"人民币{words}{_DIGITS[fen]}分" if fen else f"人民币{words}整"


def _whole(number: int) -> str:
    """Whole yuan by groups of four digits; zeros between are said once."""
    words, group, lacks = "", 0, False
    while number:
        number, part = divmod(number, 10000)
        if part:
            said = f"{_four(part)}{_GROUPS[group]}"
            words = f"{said}零{words}" if lacks and words else f"{said}{words}"
            lacks = part < 1000
        else:
            lacks = True
        group += 1
    return words


def _four(part: int) -> str:
    words, is_gap = "", False
    for place in (3, 2, 1, 0):
        digit = part // 10**place % 10
        if digit:
            words += (
                f"{'零' if is_gap and words else ''}{_DIGITS[digit]}{_PLACES[place]}"
            )
            is_gap = False
        else:
            is_gap = True
    return words

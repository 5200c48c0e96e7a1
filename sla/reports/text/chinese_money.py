"""大写金额: an amount in the characters that Chinese accounts require beside the figures.

Rules of 支付结算办法, annex 正确填写票据和结算凭证的基本规定: 整 after a whole 元 or 角; one 零 for any
zeros between digits; 零 before 分 where 角 is zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.measure.money import cents

if TYPE_CHECKING:
    from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "兆")
_GROUP = 10_000


def in_characters(amount: Decimal) -> str:
    """`904100.00` → 玖拾万肆仟壹佰元整; a negative amount begins with 负. Up to 9999 兆."""
    rounded = cents(abs(amount))
    yuan, fen = divmod(int(rounded * 100), 100)
    sign = "负" if amount < 0 and (yuan or fen) else ""
    whole = f"{_whole(yuan)}元" if yuan or not fen else ""
    return sign + whole + _small(fen, with_yuan=bool(yuan))


def _small(fen: int, *, with_yuan: bool) -> str:
    jiao, fen = divmod(fen, 10)
    if not jiao and not fen:
        return "整"
    if not fen:
        return f"{_DIGITS[jiao]}角整"
    front = f"{_DIGITS[jiao]}角" if jiao else "零" if with_yuan else ""
    return f"{front}{_DIGITS[fen]}分"


def _whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    groups: list[int] = []
    while number:
        number, group = divmod(number, _GROUP)
        groups.append(group)
    text = ""
    for place in reversed(range(len(groups))):
        group = groups[place]
        if group == 0:
            continue
        gap = text and (group < _GROUP // 10 or groups[place + 1] == 0)
        text += ("零" if gap else "") + _group(group) + _GROUPS[place]
    return text


def _group(number: int) -> str:
    """Up to four digits, without leading zeros."""
    text, zero = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit == 0:
            zero = bool(text)
            continue
        text += ("零" if zero else "") + _DIGITS[digit] + _PLACES[place]
        zero = False
    return text

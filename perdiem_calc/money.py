"""Exact dollars, and the only rounding in the program.

>>> cents(Decimal("89.175"))
Decimal('89.18')
"""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from perdiem_calc.errors import InputError

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

_DOLLARS = re.compile(r"[0-9]{1,7}(\.[0-9]{2})?")


def cents(amount: Decimal) -> Decimal:
    """`amount` (dollars) rounded to the cent, half up: away from zero at the half.

    >>> cents(Decimal("0.005")), cents(Decimal("-0.005")), cents(Decimal("19.8750"))
    (Decimal('0.01'), Decimal('-0.01'), Decimal('19.88'))
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def floor_cents(amount: Decimal) -> Decimal:
    """`amount` (dollars, not negative) rounded down to the cent: a share, so that all shares stay within the bill.

    >>> floor_cents(Decimal("50.009"))
    Decimal('50.00')
    """
    return amount.quantize(CENT, ROUND_DOWN)


def dollars(text: str) -> Decimal:
    """The amount that `text` states, in dollars: digits, then nothing or a point and two decimals.

    Raises InputError for anything else: a sign, three decimals, an exponent, a thousands comma.

    >>> dollars("1250.00"), dollars("75")
    (Decimal('1250.00'), Decimal('75.00'))
    >>> dollars("1e3")
    Traceback (most recent call last):
    ...
    perdiem_calc.errors.InputError: '1e3' is not an amount; write dollars and cents like 159.00
    """
    if not _DOLLARS.fullmatch(text):
        fix = "write dollars and cents like 159.00"
        if "$" in text or "," in text:
            fix += ", without $ or comma"
        raise InputError("amount.invalid", f"{text[:40]!r} is not an amount", fix=fix)
    return Decimal(text).quantize(CENT)


def in_dollars(amount: Decimal) -> str:
    """`amount` as people read it.

    >>> in_dollars(Decimal("1820.56")), in_dollars(Decimal("-78.75"))
    ('$1,820.56', '-$78.75')
    """
    return f"${amount:,.2f}" if amount >= 0 else f"-${-amount:,.2f}"

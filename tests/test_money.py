"""Dollars are exact, and rounded in one way only."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perdiem_calc.errors import InputError
from perdiem_calc.money import cents, dollars, in_dollars

AMOUNTS = st.decimals(Decimal(-(10**7)), Decimal(10**7), places=5)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("89.174", "89.17"),
        ("89.175", "89.18"),
        ("89.185", "89.19"),
        ("-89.175", "-89.18"),
        ("2.5", "2.50"),
        ("0", "0.00"),
    ],
)
def test_half_a_cent_is_rounded_away_from_zero(exact: str, rounded: str) -> None:
    assert str(cents(Decimal(exact))) == rounded


@given(AMOUNTS)
def test_rounding_moves_by_half_a_cent_at_most_and_once_only(amount: Decimal) -> None:
    rounded = cents(amount)
    assert abs(rounded - amount) <= Decimal("0.005")
    assert cents(rounded) == rounded
    assert cents(-amount) == -rounded


@given(AMOUNTS, AMOUNTS)
def test_rounding_keeps_the_order(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert cents(low) <= cents(high)


@given(st.integers(0, 999_999_999))
def test_an_amount_is_read_as_it_was_written(whole_cents: int) -> None:
    text = f"{whole_cents // 100}.{whole_cents % 100:02}"
    assert str(dollars(text)) == text
    assert in_dollars(dollars(text)).replace(",", "") == f"${text}"


@pytest.mark.parametrize(
    "text", ["", "1.", ".50", "1.5", "1.005", "-1.00", "+1.00", "1e3", "NaN", "1,000.00", "1 000"]
)
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(InputError, match=r"is not an amount; write dollars and cents like 159\.00"):
        dollars(text)


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.00", "$0.00"), ("-0.01", "-$0.01"), ("1234567.80", "$1,234,567.80"), ("75", "$75.00")],
)
def test_amounts_as_people_read_them(amount: str, text: str) -> None:
    assert in_dollars(Decimal(amount)) == text

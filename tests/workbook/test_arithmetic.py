"""Plain arithmetic in a cell is computed exactly; anything else is no number, and takes no time or memory."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perdiem_calc.workbook.reading.arithmetic import plain_result, rounded


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("=98", 98),
        ("=90+8", 98),
        ("= 90 + 8 ", 98),
        ("=+90+8", 98),
        ("=-90--8", -82),
        ("=100-1-1", 98),
        ("=2+3*4", 14),
        ("=(2+3)*4", 20),
        ("=100/4/5", 5),
        ("=100/3", Fraction(100, 3)),
        ("=100/3*3", 100),
        ("=.5+1.", Fraction(3, 2)),
        ("=13%*98", Fraction(1274, 100)),
        ("=-50%", Fraction(-1, 2)),
        ("=2*(3-(4-5))", 8),
        ("=-(2-100)", 98),
        ("=" + "(" * 50 + "1" + ")" * 50, 1),
        ("=999999999999", 999_999_999_999),
    ],
)
def test_plain_arithmetic_has_its_exact_result(formula: str, result: Fraction | int) -> None:
    assert plain_result(formula) == result


@pytest.mark.parametrize(
    "formula",
    [
        "=",
        "= ",
        "=A1",
        "=A1+1",
        "=SUM(1,2)",
        "=PI()",
        '="98"',
        "=TRUE",
        "=98=98",
        "=2^3",
        "=1E3",
        "=1,000",
        "=1.2.3",
        "=1 2",
        "=90+",
        "=*2",
        "=()",
        "=(1",
        "=1)",
        "=%",
        "=1/0",
        "=1/(2-2)",
        "=$98",
        "={1,2}",
        "=٩٨",
        "=" + "(" * 51 + "1" + ")" * 51,
        "=" + "-" * 60 + "1",
        "=" + "9" * 21,
        "=1000000000000",
        "=" + "*".join(["99999999999"] * 600),
    ],
)
def test_what_is_not_plain_or_has_no_result_is_nothing(formula: str) -> None:
    assert plain_result(formula) is None


@given(st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7), st.integers(1, 10**4))
def test_sums_products_and_quotients_are_those_of_fractions(one: int, other: int, third: int) -> None:
    assert plain_result(f"=({one})+({other})/{third}") == one + Fraction(other, third)
    assert plain_result(f"={third}*({one}-({other}))/{10**4}%") == Fraction(third * (one - other), 100)


@pytest.mark.parametrize(
    ("result", "cents"),
    [
        (Fraction(1, 200), "0.01"),
        (Fraction(-1, 200), "-0.01"),
        (Fraction(4999, 1_000_000), "0.00"),
        (Fraction(100, 3), "33.33"),
        (Fraction(200, 3), "66.67"),
        (Fraction(98), "98.00"),
    ],
)
def test_a_result_is_rounded_to_the_cent_half_up(result: Fraction, cents: str) -> None:
    assert rounded(result, 2) == Decimal(cents)

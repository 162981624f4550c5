"""The Federal Travel Regulation's functions exactly on a threshold, where a rule is easily off by one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perdiem_calc.rules.ftr import miles_exceed_map


@pytest.mark.parametrize(
    ("miles", "map_miles", "exceed"),
    [
        ("220", "200", False),  # 10 % over, and 20 miles: the share is not passed
        ("220.01", "200", True),
        ("60", "50", False),  # 20 % over, and 10 miles: the tolerance is not passed
        ("60.01", "50", True),
        ("55.01", "50", False),  # more than 10 %, a few miles
        ("1010.01", "1000", False),  # more than 10 miles, a small share
    ],
)
def test_miles_exceed_the_map_by_more_than_ten_percent_and_more_than_ten_miles(
    miles: str, map_miles: str, exceed: bool
) -> None:
    assert miles_exceed_map(Decimal(miles), Decimal(map_miles), Decimal("0.10"), Decimal(10)) is exceed

"""What driving gains beside a comparable cost, and the nights that count for laundry. More: cases/expenses.yaml."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from perdiem_calc.expense_lines import driving_gain, longest_stay
from perdiem_calc.itemizer import itemize
from perdiem_calc.parameters import Law
from perdiem_calc.rates import RateSource
from perdiem_calc.refusals import parse_claim
from tests.case_files import claim_of


@pytest.mark.parametrize(
    ("comparable", "gain", "left"),
    [
        (None, "50.00", "50.00"),  # nothing to compare with
        ("500.00", "50.00", "50.00"),  # 380 and 50 are below the carrier's 500
        ("400.00", "50.00", "20.00"),  # 380 and 20 reach it
        ("380.00", "50.00", "0.00"),  # it is reached already
        ("300.00", "50.00", "0.00"),
    ],
)
def test_a_gain_of_driving_ends_at_the_comparable_cost(
    comparable: str | None, gain: str, left: str, law: Law, ratebook: RateSource
) -> None:
    drive = {"category": "pov_mileage", "miles": "500", "comparable_cost": comparable}  # 500 x 0.76 = 380.00
    claim = parse_claim(claim_of({"case": "", "expenses": [drive]}))
    lines = itemize(claim, ratebook, law).lines
    assert driving_gain(claim, lines, Decimal(gain)) == Decimal(left)


@pytest.mark.parametrize(
    ("nights", "longest"),
    [([], 0), ([4], 1), ([4, 5, 6, 7], 4), ([4, 5, 7, 8, 9], 3), ([9, 8, 4, 8], 2), ([4, 6, 8], 1)],
)
def test_the_longest_stay_is_of_nights_in_a_row(nights: list[int], longest: int) -> None:
    assert longest_stay([date(2026, 10, day) for day in nights]) == longest

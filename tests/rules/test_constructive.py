"""The comparison with the authorized way, where cases/limits.yaml does not reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from perdiem_calc.checks.auditor import audit
from perdiem_calc.claims.model import FurnishedMeals
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.constructive import Comparison, course_days
from perdiem_calc.rules.itemize import itemize
from perdiem_calc.rules.mie import mie_entitlement
from tests.support.case_files import Case, claim_of

ON = date(2026, 10, 5)
BREAKFAST = FurnishedMeals(date=ON, breakfast="host")
WAY = {"category": "pov_mileage", "miles": "500", "comparable_cost": "300.00"}  # 500 x 0.76 = 380.00


@pytest.mark.parametrize(
    ("share", "meals", "amount"),
    [
        ("1", None, "80.00"),
        ("0.75", None, "60.00"),
        ("0.75", BREAKFAST, "40.00"),
        ("0", BREAKFAST, "0.00"),
        ("1", FurnishedMeals(date=ON, breakfast="hotel"), "80.00"),
    ],
)
def test_what_a_day_earns(share: str, meals: FurnishedMeals | None, amount: str, ratebook: Ratebook) -> None:
    assert mie_entitlement(ratebook.rate("Orlando, FL", ON), Decimal(share), meals) == Decimal(amount)


def test_meals_of_unknown_value_are_not_taken_off(ratebook: Ratebook) -> None:
    rate = ratebook.rate("Orlando, FL", ON)
    beyond = replace(rate, mie=replace(rate.mie, meals_known=False))
    assert mie_entitlement(beyond, Decimal(1), BREAKFAST) == Decimal("80.00")


def test_a_day_whose_rate_nobody_knows_earns_nothing() -> None:
    assert mie_entitlement(None, Decimal(1), BREAKFAST) == Decimal("0.00")


def test_what_is_not_payable_at_the_station_is_on_neither_side(law: Law, ratebook: Ratebook) -> None:
    """Per diem in the station's own city is not payable by either way, so that the ways alone are compared."""
    case: Case = {"expenses": [WAY], "rooms": "100.00"}
    case["claim"] = {"trip": {"official_station": {"city": "Orlando", "state": "FL"}}}
    itemized = itemize(parse_claim(claim_of(case)), ratebook, law)
    comparison = itemized.comparison
    assert comparison is not None
    assert (comparison.actual, comparison.constructive) == (Decimal("380.00"), Decimal("300.00"))
    assert itemized.totals.allowable == Decimal("300.00")


def test_a_claim_without_the_cost_of_the_authorized_way_compares_nothing(law: Law, ratebook: Ratebook) -> None:
    itemized = itemize(parse_claim(claim_of({"expenses": [WAY | {"comparable_cost": None}]})), ratebook, law)
    assert itemized.comparison is None
    assert itemized.net_gain([(itemized.line("E1"), Decimal("5.00"))]) == Decimal("5.00")


@pytest.mark.parametrize(
    ("stops", "first", "last"),
    [
        (["Orlando, FL 2026-10-05 to 2026-10-08"], 5, 8),
        (["Moody, AL 2026-10-04 to 2026-10-05 en route", "Orlando, FL 2026-10-05 to 2026-10-08"], 5, 8),
        (["Orlando, FL 2026-10-05 to 2026-10-07", "Moody, AL 2026-10-07 to 2026-10-08 en route"], 5, 7),
        (
            [
                "Orlando, FL 2026-10-04 to 2026-10-05",
                "Moody, AL 2026-10-05 to 2026-10-07 en route",
                "Atlanta, GA 2026-10-07 to 2026-10-08",
            ],
            4,
            8,
        ),
        # Where every stop is called en route, all of them count
        (["Moody, AL 2026-10-04 to 2026-10-06 en route", "Orlando, FL 2026-10-06 to 2026-10-08 en route"], 4, 8),
    ],
)
def test_the_days_of_the_authorized_way_run_from_the_first_course_stop_to_the_last(
    stops: list[str], first: int, last: int
) -> None:
    claim = parse_claim(claim_of({"stops": stops}))
    assert course_days(claim) == [date(2026, 10, day) for day in range(first, last + 1)]


THREE_STOPS = [
    "Moody, AL 2026-10-04 to 2026-10-06",
    "Orlando, FL 2026-10-06 to 2026-10-07",
    "Atlanta, GA 2026-10-07 to 2026-10-08",
]


@pytest.mark.parametrize(
    ("meals", "mie"),
    [
        # 75 % of Moody's 68 and all of it, Orlando's 80, Atlanta's 86, and 75 % of the 86 of the day before
        ({}, "349.50"),
        # All three meals of the last day leave the incidental 5 of its 64.50
        ({"2026-10-08": {"breakfast": "host", "lunch": "host", "dinner": "host"}}, "290.00"),
        # Breakfast of 16 in Moody
        ({"2026-10-04": {"breakfast": "host"}}, "333.50"),
    ],
)
def test_the_authorized_way_has_the_rates_of_each_course_stop_and_75_percent_at_its_ends(
    meals: dict[str, dict[str, str]], mie: str, law: Law, ratebook: Ratebook
) -> None:
    # The course is where the rates are highest, so that each stop keeps its own
    course = {"course": {"place": {"city": "Atlanta", "state": "GA"}}}
    case: Case = {
        "trip": "2026-10-04 to 2026-10-08",
        "stops": THREE_STOPS,
        "meals": meals,
        "expenses": [WAY],
        "claim": course,
    }
    comparison = itemize(parse_claim(claim_of(case)), ratebook, law).comparison
    assert comparison is not None
    assert comparison.constructive - comparison.comparable == Decimal(mie)
    assert comparison.on_both_sides == {"D1", "D2", "D3", "D4", "D5"}


def test_the_second_of_two_days_at_the_course_takes_the_rate_of_the_first(law: Law, ratebook: Ratebook) -> None:
    """The night after it is en route in Moody, at 68; by the authorized way that day is the last: 75 % of 80, too."""
    case: Case = {
        "trip": "2026-10-04 to 2026-10-07",
        "stops": [
            "Moody, AL 2026-10-04 to 2026-10-05 en route",
            "Orlando, FL 2026-10-05 to 2026-10-06",
            "Moody, AL 2026-10-06 to 2026-10-07 en route",
        ],
        "expenses": [WAY],
    }
    comparison = itemize(parse_claim(claim_of(case)), ratebook, law).comparison
    assert comparison is not None
    assert comparison.constructive - comparison.comparable == Decimal("120.00")


def test_a_course_of_personal_days_alone_earns_nothing_by_either_way(law: Law, ratebook: Ratebook) -> None:
    """A night before, at home on the day after: the day at the course is personal."""
    case: Case = {
        "trip": "2026-10-04 to 2026-10-06",
        "stops": ["Orlando, FL 2026-10-05 to 2026-10-05"],
        "claim": {"trip": {"personal_days": ["2026-10-05"]}},
        "expenses": [WAY],
    }
    comparison = itemize(parse_claim(claim_of(case)), ratebook, law).comparison
    assert comparison is not None
    assert comparison.constructive == Decimal("300.00")


def test_a_stop_that_ends_on_the_day_a_return_at_midnight_begins_ends_the_day_before(
    law: Law, ratebook: Ratebook
) -> None:
    """From Sunday noon to Saturday 00:00: both ways earn 60 + 4 x 80 + 60 = 440, and the drive costs 80 too much."""
    case: Case = {
        "trip": "2026-10-04 12:00 to 2026-10-10 00:00",
        "stops": ["Orlando, FL 2026-10-04 to 2026-10-10"],
        "expenses": [WAY],
    }
    itemized = itemize(parse_claim(claim_of(case)), ratebook, law)
    assert itemized.totals.mie == Decimal("440.00")
    assert itemized.line("POV").amount_allowed == Decimal("-80.00")


def test_an_excess_is_what_both_sides_leave() -> None:
    comparison = Comparison(0, Decimal("10.00"), Decimal("150.00"), Decimal("149.99"), frozenset())
    assert comparison.excess == Decimal("0.01")
    assert replace(comparison, constructive=Decimal("150.00")).excess == Decimal("0.00")
    assert replace(comparison, constructive=Decimal("150.01")).excess == Decimal("0.00")


def test_the_finding_says_both_sides_and_what_waiving_it_would_pay(law: Law, ratebook: Ratebook) -> None:
    """380 + 440 of M&IE against 300 + 440: 80 too much, all of it below the limit."""
    itemized = itemize(parse_claim(claim_of({"expenses": [WAY]})), ratebook, law)
    (finding,) = [one for one in audit(itemized, ratebook, law) if one.check == "over-constructive-cost"]
    assert (finding.line_effect, finding.payment_effect) == (Decimal("-80.00"), Decimal("-80.00"))
    assert (str(finding.where), finding.where.lines) == ("expenses[0].comparable_cost", ("POV",))
    assert finding.message.startswith(
        "$80.00 of the trip is not paid, because the trip as it was made cost $820.00 with its per diem, and the "
        "authorized way would have cost $740.00: $300.00 for the way, the rest for the nights and days at the course"
    )

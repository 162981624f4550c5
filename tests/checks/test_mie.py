"""The checks of M&IE: shares of days, furnished meals, statements, what stands beside the allowance."""

from __future__ import annotations

import json

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from tests.support.checking import GONE, ONE_DAY, Desk, Edits, no_room

MEAL = {"date": "2026-11-03", "category": "meals", "amount": "20.00"}
ZEROES = {f"mie_paid.2026-11-{day:02}": "0.00" for day in range(2, 7)}

CASES: list[tuple[str, Edits, list[str]]] = [
    ("the agency paid the first day's 75 %", {"mie_paid.2026-11-02": "51.00"}, []),
    (
        "the agency paid more than that",
        {"mie_paid.2026-11-02": "60.00"},
        ["mie-day-percent adjusts mie_paid.2026-11-02: 60.00 to 51.00"],
    ),
    (
        "the agency paid a dollar less",
        {"mie_paid.2026-11-02": "50.00"},
        ["mie-over-paid info mie_paid.2026-11-02: 51.00 to 50.00"],
    ),
    (
        "the host furnished a lunch",
        {"furnished_meals[0].lunch": "host"},
        ["furnished-meal-deduction info furnished_meals[0].lunch: 68.00 to 49.00"],
    ),
    (
        "the host furnished lunch and dinner on the last day: not below the incidental $5.00",
        {"furnished_meals[3].lunch": "host", "furnished_meals[3].dinner": "host"},
        ["furnished-meal-deduction info furnished_meals[3].lunch: 51.00 to 5.00"],
    ),
    ("the airline furnished a lunch", {"furnished_meals[0].lunch": "carrier"}, []),
    ("meals not answered", {"furnished_meals": GONE}, ["meals-not-answered review furnished_meals"]),
    ("meals answered with none", {"furnished_meals": []}, []),
    (
        "two blank meals of course days",
        {"furnished_meals[0].lunch": None, "furnished_meals[2].dinner": None},
        ["meals-not-answered review furnished_meals[0].lunch, furnished_meals[2].dinner"],
    ),
    (
        "a blank meal on the day before the course",
        {
            "trip.departed_at": "2026-11-01T12:00",
            "trip.stops[0].arrived_on": "2026-11-01",
            "lodging[+]": no_room("2026-11-01"),
            "furnished_meals[+]": {"date": "2026-11-01", "dinner": None},
        },
        [],
    ),
    (
        "meals not answered on a day that earns none",
        {**ONE_DAY, "trip.returned_at": "2026-11-02T17:30", "furnished_meals": GONE},
        ["short-trip info trip.departed_at, trip.returned_at"],
    ),
    (
        "refreshments on two days",
        {"furnished_meals[0].breakfast": "refreshments", "furnished_meals[1].breakfast": "refreshments"},
        ["light-refreshments review furnished_meals[0].breakfast, furnished_meals[1].breakfast"],
    ),
    (
        "a furnished lunch with a statement",
        {"furnished_meals[1].lunch": "registration", "furnished_meals[1].meal_statement": "medical"},
        ["meal-statement review furnished_meals[1].meal_statement"],
    ),
    ("a statement where no meal was furnished", {"furnished_meals[1].meal_statement": "religious"}, []),
    (
        "a furnished lunch with a statement on a personal day",
        {
            "trip.personal_days": ["2026-11-04"],
            "furnished_meals[1].lunch": "host",
            "furnished_meals[1].meal_statement": "official_business",
            "lodging[2].room_rate": "0.00",
            "lodging[2].tax": "0.00",
        },
        [],
    ),
    ("a meal", {"expenses[+]": MEAL}, ["meal-besides-mie info expenses[2].category: 20.00 to 0.00"]),
    (
        "wine",
        {"expenses[+]": {**MEAL, "category": "alcohol"}},
        ["meal-besides-mie info expenses[2].category: 20.00 to 0.00"],
    ),
    (
        "lunch as another expense",
        {"expenses[+]": {**MEAL, "category": "other", "description": "Lunch on the way"}},
        ["meal-besides-mie review expenses[2].description", "other-expense review expenses[2].description"],
    ),
    (
        "tips",
        {"expenses[+]": {**MEAL, "category": "tips"}},
        ["incidentals-besides-mie info expenses[2].category: 20.00 to 0.00"],
    ),
    (
        "a meal, on a day without M&IE",
        {"expenses[+]": MEAL, "mie_paid.2026-11-03": "0.00"},
        [
            "meal-besides-mie info expenses[2].category: 20.00 to 0.00",
            "mie-over-paid info mie_paid.2026-11-03: 68.00 to 0.00",
            "two-methods review mie_paid.2026-11-03",
        ],
    ),
    (
        "a day without M&IE, and no meal",
        {"mie_paid.2026-11-03": "0.00"},
        ["mie-over-paid info mie_paid.2026-11-03: 68.00 to 0.00"],
    ),
]

END_OF_FY2024: Edits = {
    "prepared_on": "2024-10-15",
    "award.letter_date": "2024-04-15",
    "award.mou_on": "2024-05-01",
    "officer.sro_hired_on": "2024-07-06",
    "course.starts_on": "2024-09-27",
    "course.ends_on": "2024-10-01",
    "course.completed_on": "2024-10-01",
    "course.coordinated_on": "2024-08-01",
    "trip.departed_at": "2024-09-27T05:30",
    "trip.returned_at": "2024-10-01T19:40",
    "trip.stops[0].arrived_on": "2024-09-27",
    "trip.stops[0].departed_on": "2024-10-01",
    "lodging": [no_room(f"2024-09-{day}") for day in range(27, 31)],
    "furnished_meals": [],
    "expenses": [],
}


@pytest.mark.parametrize(("edits", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_questioned(edits: Edits, expected: list[str], law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned(edits) == expected


def test_no_day_with_mie_is_one_method(law: Law, ratebook: RateSource) -> None:
    found = Desk(law, ratebook).questioned({"expenses[+]": MEAL, **ZEROES})
    assert [line for line in found if line.startswith("two-methods")] == []


def test_a_return_on_october_1_takes_the_old_years_rate(law: Law, ratebook: RateSource) -> None:
    # Moody, AL: $59.00 in fiscal year 2024, $68.00 in 2025.
    desk = Desk(law, ratebook)
    assert desk.questioned(END_OF_FY2024) == ["fiscal-year-return info trip.returned_at"]
    (finding,) = [f for f in desk.findings(END_OF_FY2024) if f.check == "fiscal-year-return"]
    assert finding.where.lines == ("D5",)
    assert "$59.00" in finding.message
    assert "$68.00" in finding.message


def _later(years: int) -> Edits:
    return json.loads(json.dumps(END_OF_FY2024).replace("2024", str(2024 + years)))  # type: ignore[no-any-return]  # it is what was dumped


def test_a_return_on_october_1_of_equal_rates_is_not_mentioned(law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned(_later(1)) == []


def test_a_return_into_a_year_without_rates_is_not_mentioned(law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned(_later(3), as_of="2027-11-23") == []

"""The checks of transportation and other expenses: by category, by figures, and by words."""

from __future__ import annotations

from typing import Any

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from tests.support.checking import Desk, Edits


def _expense(category: str, amount: str = "30.00", **fields: Any) -> Edits:
    return {"expenses[+]": {"date": "2026-11-03", "category": category, "amount": amount, **fields}}


def _only(category: str, **fields: Any) -> Edits:
    """An expense instead of the drives."""
    return {"expenses": [{"date": "2026-11-02", "category": category, "amount": "30.00", **fields}]}


def _flight(amount: str, **fields: Any) -> Edits:
    """A flight instead of the drives."""
    return {"expenses": [{"date": "2026-11-03", "category": "airfare", "amount": amount, **fields}]}


def _approved(by: str = "Chief Park", on: str = "2026-10-01") -> dict[str, str]:
    return {"approval": by, "approved_on": on}


BAG = {"category": "baggage", "amount": "35.00", "date": "2026-11-02"}
TWO_BAGS = [{**BAG, "receipt": "R8"}, {**BAG, "receipt": "R9"}]
ROUND_TRIP = {"date": "2026-11-02", "category": "pov_mileage", "from": "Rome, GA", "to": "Moody, AL"}
TWO_WAYS = "two-ways review expenses[0].miles, expenses[1].miles"
CAPPED_400 = "cap-applied info previously_reimbursed: 1127.82 to 1000.00"
AVIS = {"vendor": "Avis", "receipt": "R9"}

_APPROVAL = {"approval": "Chief Park", "approved_on": "2026-10-01"}
_CAR = "rental-justification info expenses[0].approval"
# A category, fields, words, and what they question: words never pay or close anything, and a person reads them.
WORDS: list[tuple[str, dict[str, str], str, list[str]]] = [
    *(
        ("airfare", {}, words, ["fare-class review expenses[0].fare_class"])
        for words in ("business class", "First  Class", "Comfort+", "coach with extra legroom", "Acela First")
    ),
    *(("airfare", {}, words, []) for words in ("coach", "first leg, economy", "no upgrade", "Comfort Inn shuttle")),
    *(
        ("baggage", {}, words, ["extra-bag review expenses[0].approval"])
        for words in ("three checked bags", "2nd bag", "2 bags", "bags x2", "2nd large suitcase", "additional bag")
    ),
    ("airfare", {}, "coach, 2 checked bags", ["extra-bag review expenses[0].approval"]),
    ("airfare", {}, "coach with a preferred seat", ["seat-fee review expenses[0].description"]),
    *(
        (category, {}, words, [f"{check} review expenses[0].description"])
        for category, words, check in (
            ("airfare", "$100 travel credit applied", "fare-refunded"),
            ("taxi", "paid by the host agency", "fare-refunded"),
            ("taxi", "to Disney World", "not-allowable"),
            ("parking", "valet at a steakhouse", "meal-besides-mie"),
            ("taxi", "for the bellman", "incidentals-besides-mie"),
            ("tolls", "gas for the trip", "fuel-besides-mileage"),
        )
    ),
    *(("taxi", {}, words, []) for words in ("fare with the tip", "paid by credit card", "hotel to course")),
    *(("baggage", {}, words, []) for words in ("checked bag", "first bag Nov 2", "first checked bag 11/2")),
    ("rental_car", _APPROVAL, "with prepaid fuel", ["prepaid-fuel review expenses[0].description", _CAR]),
    ("rental_car", _APPROVAL, "with LDW", ["rental-insurance review expenses[0].description", _CAR]),
    *(
        ("rental_car", _APPROVAL, words, [_CAR])
        for words in ("prepaid at Expedia", "no prepaid fuel", "LDW declined")
    ),
]

CASES: list[tuple[str, Edits, list[str]]] = [
    ("10 miles over the map's", {"expenses[0].map_miles": "88.5"}, []),
    ("10.5 miles over the map's", {"expenses[0].map_miles": "88"}, ["miles-over-map review expenses[0].miles"]),
    (
        "fuel of the private car",
        _expense("pov_fuel"),
        ["fuel-besides-mileage info expenses[2].category: 30.00 to 0.00"],
    ),
    (
        "fuel of an agency vehicle, and miles of nobody knows which",
        _expense("agency_vehicle_fuel"),
        [
            "agency-vehicle-at-pov-rate info expenses[0].plate: 74.86 to 0.00",
            "agency-vehicle-at-pov-rate info expenses[1].plate: 74.86 to 0.00",
        ],
    ),
    (
        "fuel of an agency vehicle, and miles of another",
        {**_expense("agency_vehicle_fuel", plate="SRO-1"), "expenses[0].plate": "ABC", "expenses[1].plate": "ABC"},
        [],
    ),
    (
        "miles of a patrol car, by its words",
        {"expenses[0].description": "patrol car to the course"},
        ["agency-vehicle-at-pov-rate review expenses[0].description"],
    ),
    (
        "miles because there was no patrol car",
        {"expenses[0].description": "own car, patrol car not available"},
        [],
    ),
    (
        # 98.5 x 0.235 = 23.1475
        "an agency car was assigned",
        {"expenses[0].agency_car_assigned": True},
        ["agency-car-assigned info expenses[0].agency_car_assigned: 74.86 to 23.15"],
    ),
    (
        "driving for $149.72 instead of flying for $100.00",
        {"expenses[0].comparable_cost": "100.00"},
        ["over-constructive-cost info expenses[0].comparable_cost: 0.00 to -49.72"],
    ),
    ("driving for $149.72 instead of flying for as much", {"expenses[0].comparable_cost": "149.72"}, []),
    # 400 x 0.76 = 304.00, and 898.68 - 74.86 + 304.00 = 1127.82
    ("400 miles one way", {"expenses[0].miles": "400"}, [CAPPED_400]),
    (
        "400.5 miles one way",
        {"expenses[0].miles": "400.5"},
        [
            "cap-applied info previously_reimbursed: 1128.20 to 1000.00",
            "comparison-missing review expenses[0].comparable_cost",
        ],
    ),
    (
        "400.5 miles one way, with what a flight would have cost on the other line",
        {"expenses[0].miles": "400.5", "expenses[1].comparable_cost": "900.00"},
        ["cap-applied info previously_reimbursed: 1128.20 to 1000.00"],
    ),
    (
        "800 miles there and back",
        {"expenses": [{**ROUND_TRIP, "miles": "800", "description": "round trip"}]},
        # 748.96 without the drives, and 608.00
        ["cap-applied info previously_reimbursed: 1356.96 to 1000.00"],
    ),
    (
        "801 miles there and back",
        {"expenses": [{**ROUND_TRIP, "miles": "801", "description": "round trip"}]},
        [
            "cap-applied info previously_reimbursed: 1357.72 to 1000.00",
            "comparison-missing review expenses[0].comparable_cost",
        ],
    ),
    (
        "a premium fare",
        _expense("airfare", "90.00", fare_class="premium", receipt="R9"),
        ["fare-class info expenses[2].fare_class: 90.00 to 0.00"],
    ),
    (
        "a premium fare at most the coach fare stated",
        _expense("airfare", "90.00", fare_class="premium", coach_fare="60.00", receipt="R9"),
        ["fare-class info expenses[2].fare_class: 90.00 to 60.00", TWO_WAYS],
    ),
    ("a coach fare", _flight("90.00", receipt="R9"), []),
    ("a seat fee", _expense("seat_fee"), ["seat-fee info expenses[2].approval: 30.00 to 0.00"]),
    (
        "a seat fee with an approval",
        _expense("seat_fee", **_approved()),
        ["seat-fee review expenses[2].approval"],
    ),
    # An approval counts with its day alone
    (
        "a seat fee with an approval that has no day of its own",
        _expense("seat_fee", approval="Chief Park, 2026-10-01"),
        ["seat-fee info expenses[2].approval: 30.00 to 0.00"],
    ),
    (
        "a seat fee that nobody approved on a day",
        _expense("seat_fee", **_approved("n/a")),
        ["seat-fee info expenses[2].approval: 30.00 to 0.00"],
    ),
    (
        "two bags on one day",
        {"expenses": TWO_BAGS},
        ["extra-bag info expenses[1].approval: 35.00 to 0.00"],
    ),
    (
        "two bags on one day, the second approved",
        {"expenses": [TWO_BAGS[0], TWO_BAGS[1] | _approved()]},
        ["extra-bag review expenses[1].approval"],
    ),
    (
        "two bags on one day, both approved: the first is the standard one",
        {"expenses": [bag | _approved() for bag in TWO_BAGS]},
        ["extra-bag review expenses[1].approval"],
    ),
    ("one bag each way", {"expenses": TWO_BAGS, "expenses[1].date": "2026-11-06"}, []),
    (
        "a second bag by its words",
        _expense("baggage", description="2nd checked bag"),
        ["extra-bag review expenses[2].approval"],
    ),
    ("a first bag by its words", _expense("baggage", description="first checked bag"), []),
    (
        "a changed ticket",
        _flight("70.00", description="flight changed to Friday"),
        ["fare-refunded review expenses[0].description"],
    ),
    ("a non-refundable ticket", _flight("70.00", description="non-refundable economy"), []),
    ("a ticket with no refund", _flight("70.00", description="economy, no refunds"), []),
    (
        "a refunded ticket with its credit",
        _flight("70.00", description="partly refunded", credit="20.00"),
        ["credit-applied info expenses[0].credit: 70.00 to 50.00"],
    ),
    (
        "a refunded ticket with a credit for the line",
        {
            **_flight("70.00", description="partly refunded"),
            "credits": [{"source": "Airline", "amount": "20.00", "line": "E1"}],
        },
        ["credit-applied info credits[0].amount: 70.00 to 50.00"],
    ),
    (
        "a refunded ticket with a credit for the total",
        {
            **_flight("70.00", description="partly refunded"),
            "credits": [{"source": "Airline", "amount": "20.00"}],
        },
        ["credit-applied info credits[0].amount: 0.00 to -20.00"],
    ),
    (
        "a rental car without a justification",
        _expense("rental_car", "60.00", **AVIS),
        ["rental-justification review expenses[2].justification"],
    ),
    (
        "a rental car with a justification alone",
        _expense("rental_car", "60.00", justification="no taxi at the course", **AVIS),
        ["rental-justification review expenses[2].justification"],
    ),
    (
        "a rental car approved on the day before the trip",
        _expense("rental_car", "60.00", **_approved(on="2026-11-01"), **AVIS),
        ["rental-justification info expenses[2].approval"],
    ),
    (
        "a rental car approved on the day of departure",
        _expense("rental_car", "60.00", **_approved(on="2026-11-02"), **AVIS),
        ["rental-justification review expenses[2].justification"],
    ),
    (
        "a rental car approved by nobody before the trip",
        _expense("rental_car", "60.00", **_approved("none"), **AVIS),
        ["rental-justification review expenses[2].justification"],
    ),
    (
        "an approved rental car of a larger class",
        _expense("rental_car", "60.00", description="Full-size SUV", **_approved(), **AVIS),
        [
            "rental-class review expenses[2].description",
            "rental-justification info expenses[2].approval",
        ],
    ),
    (
        "an approved compact",
        _expense("rental_car", "60.00", description="compact", **_approved(), **AVIS),
        ["rental-justification info expenses[2].approval"],
    ),
    # Words that disallow are looked at: a person decides whether they were understood
    (
        "a collision waiver",
        _expense("rental_insurance", description="collision damage waiver"),
        ["rental-insurance review expenses[2].category: 30.00 to 0.00"],
    ),
    (
        "accident insurance",
        _expense("rental_insurance", description="Personal accident insurance"),
        ["rental-insurance review expenses[2].description: 30.00 to 0.00"],
    ),
    (
        "prepaid fuel",
        _expense("rental_fuel", description="prepaid tank"),
        ["prepaid-fuel review expenses[2].description: 30.00 to 0.00"],
    ),
    ("fuel of the rental car", _expense("rental_fuel", description="fuel before return"), []),
    (
        "terminal parking above the taxi fares",
        _expense("parking", "40.00", taxi_equivalent="30.00"),
        ["terminal-parking info expenses[2].taxi_equivalent: 40.00 to 30.00"],
    ),
    ("parking of $100.00", _expense("parking", "100.00", receipt="R9"), []),
    (
        "parking of $100.01",
        _expense("parking", "100.01", receipt="R9"),
        ["terminal-parking review expenses[2].taxi_equivalent"],
    ),
    ("hotel parking of $100.01", _expense("parking", "100.01", receipt="R9", vendor="Moody Inn"), []),
    (
        "a taxi to dinner",
        _expense("taxi", description="hotel to dinner"),
        ["taxi-to-meals review expenses[2].description"],
    ),
    ("a taxi to the course", _expense("taxi", description="hotel to course"), []),
    *(
        (f"{category} in the words {words!r}", _only(category, description=words, **fields), asked)
        for category, fields, words, asked in WORDS
    ),
    ("laundry with an approval", _expense("laundry", **_approved()), ["laundry review expenses[2].amount"]),
    (
        "laundry without one, after four nights",
        _expense("laundry"),
        ["laundry review expenses[2].approval: 30.00 to 0.00"],
    ),
    ("a fine", _expense("fine"), ["not-allowable info expenses[2].category: 30.00 to 0.00"]),
    ("a show", _expense("entertainment"), ["not-allowable info expenses[2].category: 30.00 to 0.00"]),
    (
        "a parking ticket as parking",
        _expense("parking", description="parking ticket, city of Moody"),
        ["not-allowable review expenses[2].description"],
    ),
    *(
        (f"{words} as a ride", _expense("taxi", description=words), ["not-allowable review expenses[2].description"])
        for words in ("bar tab, Moody", "ride and happy hour", "Casino night", "two whiskeys")
    ),
    *(
        (f"{words} is a ride", _expense("taxi", description=words), [])
        for words in ("Barstow to Moody", "to the tabernacle", "from Tavernier, FL", "Bourbonnais, IL to the course")
    ),
    (
        "a film as another expense",
        _expense("other", description="in-room movie"),
        ["not-allowable review expenses[2].description", "other-expense review expenses[2].description"],
    ),
]


@pytest.mark.parametrize(("edits", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_questioned(edits: Edits, expected: list[str], law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned(edits) == expected


def test_another_payee_of_the_vehicle_is_not_known(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    assert desk.unjudged({}).count("second-payee-vehicle") == 1
    assert "second-payee-vehicle" not in desk.unjudged({"expenses": []})


def _drive(day: int, origin: str, goal: str, **fields: Any) -> dict[str, Any]:
    return {"date": f"2026-11-0{day}", "category": "pov_mileage", "miles": "20", "from": origin, "to": goal, **fields}


def _ticket(day: int, category: str = "airfare", **fields: Any) -> dict[str, Any]:
    return {"date": f"2026-11-0{day}", "category": category, "amount": "60.00", "one_way": True, **fields}


HOME, AIRPORT, COURSE = "Home", "ATL airport", "Moody, AL"
OUT, BACK = _drive(2, HOME, COURSE), _drive(6, COURSE, HOME)
FLY_OUT, FLY_BACK = _ticket(2), _ticket(6)
RENTAL = {"date": "2026-11-06", "category": "rental_car", "amount": "60.00", "justification": "no train"}

OTHERS = {
    # Round trips above one are commuting on consecutive course days: here beside the rooms of those nights
    "round trips by their count": ["two-ways review expenses[0].round_trips"],
    "flies out and takes a rental car back": ["rental-justification review expenses[1].justification"],
}
"""What else is questioned in some of the claims below."""
CLOSED: list[tuple[str, list[dict[str, Any]]]] = [
    ("nothing driven", []),
    ("out and back", [OUT, BACK]),
    ("back is listed first", [BACK, OUT]),
    ("home is the station's city, written otherwise", [_drive(2, "Rome GA", COURSE), _drive(6, COURSE, "rome, ga")]),
    ("out by way of the airport", [_drive(2, HOME, AIRPORT), _drive(2, AIRPORT, COURSE), BACK]),
    ("one place is written in two ways", [_drive(2, HOME, "ATL airport"), _drive(6, "Atlanta airport", HOME)]),
    ("a round trip in words", [_drive(2, HOME, COURSE, description="Round trip")]),
    ("round trips by their count", [_drive(2, HOME, COURSE, round_trips=5)]),
    ("a drive about the town", [_drive(3, COURSE, COURSE)]),
    ("a drive between home and office", [_drive(3, HOME, "Rome, GA")]),
    ("a return ticket", [_ticket(2, one_way=False)]),
    ("two one-way tickets", [FLY_OUT, FLY_BACK]),
    ("drives out and flies back", [OUT, FLY_BACK]),
    ("drives to the airport, flies, and drives home", [_drive(2, HOME, AIRPORT), FLY_OUT, BACK]),
    ("flies out and takes a rental car back", [FLY_OUT, RENTAL]),
]

OPEN: list[tuple[str, list[dict[str, Any]], str]] = [
    ("only out", [OUT], "expenses[0].to"),
    ("only back", [BACK], "expenses[0].to"),
    ("out twice", [OUT, OUT | {"date": "2026-11-03"}], "expenses[0].to"),
    ("out in two legs", [_drive(2, HOME, "Anniston"), _drive(2, "Anniston", COURSE)], "expenses[0].to"),
    ("out and back, and on somewhere", [OUT, BACK, _drive(6, COURSE, "Birmingham")], "expenses[2].to"),
    ("one one-way ticket", [FLY_OUT], "expenses[0].one_way"),
    (
        "one one-way train, driven to and from the station",
        [_drive(2, HOME, "depot"), _drive(6, "depot", HOME), _ticket(6, "rail_bus")],
        "expenses[2].one_way",
    ),
]


@pytest.mark.parametrize(("name", "expenses"), CLOSED, ids=[name for name, _ in CLOSED])
def test_every_way_leads_back(name: str, expenses: list[dict[str, Any]], law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned({"expenses": expenses}) == OTHERS.get(name, [])


@pytest.mark.parametrize(("expenses", "where"), [pytest.param(*case[1:], id=case[0]) for case in OPEN])
def test_the_way_back_is_missing(expenses: list[dict[str, Any]], where: str, law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned({"expenses": expenses}) == [f"return-leg-missing review {where}"]


OVERNIGHT: Edits = {"trip.departed_at": "2026-11-01T08:00"}
"""On Sunday, through the night to Moody on Monday."""


@pytest.mark.parametrize(
    ("drives", "far"),
    [
        ([("200.5", 1, HOME, "Tulsa"), ("200.5", 2, "Tulsa", COURSE)], ["E1", "E2"]),
        ([("200", 1, HOME, "Tulsa"), ("200", 2, "Tulsa", COURSE)], []),
        ([("200.5", 2, "tulsa", COURSE), ("200.5", 1, HOME, "Tulsa.")], ["E1", "E2"]),
        ([("98.5", 2, HOME, COURSE), ("201", 6, COURSE, "Tulsa"), ("200", 6, "Tulsa", HOME)], ["E2", "E3"]),
        ([("250", 1, HOME, "Tulsa"), ("250", 2, "Memphis", COURSE)], []),  # the second does not lead on
        ([("250", 2, HOME, COURSE), ("250", 2, COURSE, HOME)], []),  # there, and back on the same day
        ([("390", 2, HOME, COURSE), ("20", 3, COURSE, "Birmingham")], []),  # about the course, not to it
        ([("250", 1, "Tulsa", HOME), ("250", 2, HOME, COURSE)], []),  # the way to the course begins at home
        ([("401", 2, HOME, "Office")], ["E1"]),
        ([("401", 2, HOME, COURSE), ("98.5", 6, COURSE, HOME)], ["E1"]),
    ],
)
def test_a_way_of_several_drives_is_measured_as_one(
    drives: list[tuple[str, int, str, str]], far: list[str], law: Law, ratebook: RateSource
) -> None:
    """Above 400 miles one way a drive is compared with the carrier; a way of two days is two rows, each on its day.

    Two drives of 200.5 miles that lead from home to the course are 401 miles one way, two of 200 miles are 400.
    """
    expenses = [_drive(day, origin, goal, miles=miles) for miles, day, origin, goal in drives]
    found = Desk(law, ratebook).findings({**OVERNIGHT, "expenses": expenses})
    lines = [finding.where.lines for finding in found if finding.check == "comparison-missing"]
    assert lines == ([tuple(far)] if far else [])

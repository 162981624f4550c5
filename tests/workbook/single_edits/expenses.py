"""Single edits of what a person states on the sheet Expenses."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.checking import Edits, moody
from tests.support.edits import typed
from tests.support.single_edits import BARRED, Case, case

WITHOUT_DRIVE = "823.82 to 0.00"
"""What a bar takes away where a drive of $74.86 cannot be read."""


def third(category: str, amount: str, **more: Any) -> Edits:
    """A third expense, in row 7, of November 2."""
    return with_expenses({"category": category, "amount": amount, **more})


def with_expenses(*more: dict[str, Any]) -> Edits:
    """Expenses besides the two drives, from row 7 on, of November 2 where nothing else is said."""
    return {"expenses": [*moody()["expenses"], *({"date": "2026-11-02", **expense} for expense in more)]}


TAXI = third("taxi", "34.00", description="station to course", vendor="Taxi")
OTHER = third("other", "34.00", description="printing", vendor="Shop")
FARE = third("airfare", "60.00", description="round trip", vendor="Airline", receipt="R4", ticket="T1")

DRIVES = [
    case("driven another day", typed({"Expenses!B5": date(2026, 11, 4)})),
    case(
        "driven a week before", typed({"Expenses!B5": date(2026, 10, 25)}), "expense-outside-trip review Expenses!B5"
    ),
    case(
        "driven tomorrow",
        typed({"Expenses!B5": date(2026, 11, 24)}),
        "date-in-future blocks Expenses!H5: 74.86 to 0.00",
    ),
    case("driven some day", typed({"Expenses!B5": "some day"}), f"malformed blocks Expenses!B5: {WITHOUT_DRIVE}"),
    case("driven no day", typed({"Expenses!B5": None}), f"malformed blocks Expenses!B5: {WITHOUT_DRIVE}"),
    case("a drive as a taxi", typed({"Expenses!C5": "taxi"}), f"malformed blocks Expenses!J5: {WITHOUT_DRIVE}"),
    case("a drive as nothing", typed({"Expenses!C5": None}), f"malformed blocks Expenses!C5: {WITHOUT_DRIVE}"),
    case("a drive as a car", typed({"Expenses!C5": "car"}), f"malformed blocks Expenses!C5: {WITHOUT_DRIVE}"),
    case("in capitals", typed({"Expenses!C5": "POV_mileage"})),
    case(
        "the patrol car",
        typed({"Expenses!D5": "in the patrol car"}),
        "agency-vehicle-at-pov-rate review Expenses!D5",
    ),
    case("no description", typed({"Expenses!D5": None})),
    case("from nowhere", typed({"Expenses!F5": None}), f"malformed blocks Expenses!F5: {WITHOUT_DRIVE}"),
    case("to nowhere", typed({"Expenses!G6": None}), f"malformed blocks Expenses!G6: {WITHOUT_DRIVE}"),
    case("miles inflated, and no map", typed({"Expenses!H5": 150})),
    case(
        "miles inflated beyond the map",
        typed({"Expenses!H5": 150}),
        "miles-over-map review Expenses!H5",
        claim={"expenses[0].map_miles": "98.5"},
    ),
    case("a shorter way on the map", typed({"Expenses!AB5": 60}), "miles-over-map review Expenses!H5"),
    # 401 miles are $304.76, so that $1,128.58 is allowable.
    case(
        "more than 400 miles",
        typed({"Expenses!H5": 401}),
        "comparison-missing review Expenses!Q5",
        "cap-applied info Claim!K50: 1128.58 to 1000.00",
    ),
    case("miles of three decimals", typed({"Expenses!H5": 98.525}), f"malformed blocks Expenses!H5: {WITHOUT_DRIVE}"),
    case("no miles", typed({"Expenses!H5": 0}), f"malformed blocks Expenses!H5: {WITHOUT_DRIVE}"),
    case("miles in words", typed({"Expenses!H5": "98.5 miles"}), f"malformed blocks Expenses!H5: {WITHOUT_DRIVE}"),
    case(
        "an agency car was assigned",
        typed({"Expenses!AD5": "yes"}),
        "agency-car-assigned info Expenses!AD5: 74.86 to 23.15",
    ),
    case("passengers", typed({"Expenses!AC5": 2})),
    case("half a passenger", typed({"Expenses!AC5": 0.5}), f"malformed blocks Expenses!AC5: {WITHOUT_DRIVE}"),
    case("a plate", typed({"Expenses!P5": "GA 123"})),
    case(
        "driving by choice",
        typed({"Expenses!Q5": 100}),
        "over-constructive-cost info Expenses!Q5: 0.00 to -49.72",
    ),
    case(
        "two comparisons",
        typed({"Expenses!Q6": 300}),
        "comparison-missing review Expenses!Q5:Q6",
        claim={"expenses[0].comparable_cost": "200.00"},
    ),
    case(
        "the way back left out",
        typed({f"Expenses!{letter}6": None for letter in "BCDFGH"}),
        "return-leg-missing review Expenses!G5",
    ),
]

AMOUNTS = [
    case(
        "a dear taxi", typed({"Expenses!J7": 75.01}), "receipt-missing blocks Expenses!K7: 75.01 to 0.00", claim=TAXI
    ),
    case("a taxi at the threshold", typed({"Expenses!J7": 75}), claim=TAXI),
    case("a taxi of no amount", typed({"Expenses!J7": None}), f"malformed blocks Expenses!J7: {BARRED}", claim=TAXI),
    case("a taxi of zero", typed({"Expenses!J7": 0}), f"malformed blocks Expenses!J7: {BARRED}", claim=TAXI),
    case(
        "a taxi in dollars", typed({"Expenses!J7": "$34.00"}), f"malformed blocks Expenses!J7: {BARRED}", claim=TAXI
    ),
    case(
        "a taxi with a comma", typed({"Expenses!J7": "34,00"}), f"malformed blocks Expenses!J7: {BARRED}", claim=TAXI
    ),
    case(
        "a taxi of a date",
        typed({"Expenses!J7": "11/02/2026"}),
        f"malformed blocks Expenses!J7: {BARRED}",
        claim=TAXI,
    ),
    case("a taxi with miles", typed({"Expenses!H7": 10}), f"malformed blocks Expenses!H7: {BARRED}", claim=TAXI),
    case(
        "a receipt removed",
        typed({"Expenses!K7": None}),
        "receipt-missing blocks Expenses!K7: 90.00 to 0.00",
        claim=third("taxi", "90.00", description="to course", receipt="R4"),
    ),
    case(
        "a statement for the receipt",
        typed({"Expenses!M7": "yes"}),
        "receipt-missing review Expenses!M7",
        gone=["receipt-missing blocks Expenses!K7: 90.00 to 0.00"],
        claim=third("taxi", "90.00", description="to course"),
    ),
    case(
        "perhaps a statement",
        typed({"Expenses!M7": "perhaps"}),
        f"malformed blocks Expenses!M7: {BARRED}",
        claim=TAXI,
    ),
    case(
        "a Social Security number for a receipt",
        typed({"Expenses!K7": "078-05-1120"}),
        f"malformed blocks Expenses!K7: {BARRED}",
        claim=TAXI,
    ),
    case(
        "the receipt shows less",
        typed({"Expenses!L7": 30}),
        "receipt-total-differs review Expenses!L7: 34.00 to 30.00",
        claim=TAXI,
    ),
    case("the receipt shows more", typed({"Expenses!L7": 40}), claim=TAXI),
    case(
        "a credit of the line",
        typed({"Expenses!U7": 10}),
        "credit-applied info Expenses!U7: 34.00 to 24.00",
        claim=TAXI,
    ),
    case("another payer", typed({"Expenses!V7": "other"}), "other-payer info Expenses!V7: 34.00 to 0.00", claim=TAXI),
    case("a payer of no kind", typed({"Expenses!V7": "aunt"}), f"malformed blocks Expenses!V7: {BARRED}", claim=TAXI),
    case(
        "one receipt twice",
        typed({"Expenses!K8": "R4"}),
        "duplicate-document blocks Expenses!J8: 21.00 to 0.00",
        claim=with_expenses(
            {"category": "taxi", "amount": "20.00", "receipt": "R4"},
            {"category": "taxi", "amount": "21.00", "receipt": "R5"},
        ),
    ),
    case(
        "one vendor twice",
        typed({"Expenses!E8": "Taxi"}),
        "duplicate-line review Expenses!J8",
        claim=with_expenses(
            {"category": "taxi", "amount": "20.00", "vendor": "Taxi"},
            {"category": "taxi", "amount": "20.00", "vendor": "Cab"},
        ),
    ),
    case(
        "the room once more",
        typed({"Expenses!D7": "hotel"}),
        "lodging-claimed-twice blocks Expenses!J7: 98.00 to 0.00",
        gone=["other-expense review Expenses!D7"],
        claim=third("other", "98.00", description="printing", vendor="Shop", receipt="R4"),
    ),
]


def into(category: str, *new: str) -> Case:
    """The third expense, $34.00, is made one of another category."""
    return case(f"a taxi as {category}", typed({"Expenses!C7": category}), *new, claim=TAXI)


CATEGORIES = [
    into("registration", "registration-not-claimable info Expenses!C7: 34.00 to 0.00"),
    into("pov_fuel", "fuel-besides-mileage info Expenses!C7: 34.00 to 0.00"),
    into("meals", "meal-besides-mie info Expenses!C7: 34.00 to 0.00"),
    into("alcohol", "meal-besides-mie info Expenses!C7: 34.00 to 0.00"),
    into("tips", "incidentals-besides-mie info Expenses!C7: 34.00 to 0.00"),
    into("fine", "not-allowable info Expenses!C7: 34.00 to 0.00"),
    into("entertainment", "not-allowable info Expenses!C7: 34.00 to 0.00"),
    into("seat_fee", "seat-fee info Expenses!T7: 34.00 to 0.00"),
    into("baggage"),
    into("laundry", "laundry review Expenses!T7: 34.00 to 0.00"),
    into("resort_fee", "resort-fee review Expenses!J7"),
    into("rental_car", "rental-justification review Expenses!S7"),
    into("rental_insurance", "rental-insurance review Expenses!C7: 34.00 to 0.00"),
    into("rental_fuel"),
    into("parking"),
    into("tolls"),
    into("other", "other-expense review Expenses!D7"),
    # Neither drive names a plate, so that both could be the agency's.
    into(
        "agency_vehicle_fuel",
        "agency-vehicle-at-pov-rate info Expenses!P5: 74.86 to 0.00",
        "agency-vehicle-at-pov-rate info Expenses!P6: 74.86 to 0.00",
    ),
    into("no category", f"malformed blocks Expenses!C7: {BARRED}"),
]

DETAILS = [
    case(
        "tuition hidden in other",
        typed({"Expenses!D7": "tuition"}),
        "registration-not-claimable review Expenses!D7",
        claim=OTHER,
    ),
    case(
        "a dinner hidden in other",
        typed({"Expenses!D7": "dinner"}),
        "meal-besides-mie review Expenses!D7",
        claim=OTHER,
    ),
    case(
        "a ticket hidden in other",
        typed({"Expenses!D7": "parking ticket"}),
        "not-allowable review Expenses!D7",
        claim=OTHER,
    ),
    case("other of nothing", typed({"Expenses!D7": None}), claim=OTHER),
    case("a taxi to dinner", typed({"Expenses!D7": "to dinner"}), "taxi-to-meals review Expenses!D7", claim=TAXI),
    # A fare of which nothing is paid is no second way.
    case(
        "first class",
        typed({"Expenses!O7": "premium"}),
        "fare-class info Expenses!O7: 60.00 to 0.00",
        gone=["two-ways review Expenses!H5:H6"],
        claim=FARE,
    ),
    case(
        "first class, and the coach fare",
        typed({"Expenses!AJ7": 45}),
        "fare-class info Expenses!O7: 60.00 to 45.00",
        "two-ways review Expenses!H5:H6",
        gone=["fare-class info Expenses!O7: 60.00 to 0.00"],
        claim=third("airfare", "60.00", receipt="R4", fare_class="premium"),
    ),
    case(
        "the fare one way",
        typed({"Expenses!AF7": "yes"}),
        "return-leg-missing review Expenses!AF7",
        "two-ways review Expenses!H5",
        gone=["two-ways review Expenses!H5:H6"],
        claim=FARE,
    ),
    case(
        "a ticket refunded",
        typed({"Expenses!D7": "round trip, refunded"}),
        "fare-refunded review Expenses!D7",
        claim=FARE,
    ),
    case(
        "one ticket twice",
        typed({"Expenses!N8": "T1"}),
        "ticket-twice blocks Expenses!J8: 20.00 to 0.00",
        claim=with_expenses(
            {"category": "airfare", "amount": "20.00", "receipt": "R4", "ticket": "T1"},
            {"category": "airfare", "amount": "20.00", "receipt": "R5", "ticket": "T2"},
        ),
    ),
    case(
        "the fare of the direct dates",
        typed({"Expenses!AK7": 45}),
        "personal-day-paid adjusts Expenses!AK7: 60.00 to 45.00",
        gone=["personal-day-paid review Expenses!AK7"],
        claim={
            **FARE,
            "trip.personal_days": ["2026-11-04"],
            "lodging[2].room_rate": "0.00",
            "lodging[2].tax": "0.00",
        },
    ),
    case(
        "the taxi fares that parking saved",
        typed({"Expenses!R7": 45}),
        "terminal-parking info Expenses!R7: 60.00 to 45.00",
        claim=third("parking", "60.00", description="terminal"),
    ),
    case(
        "dear parking",
        typed({"Expenses!J7": 100.5}),
        "terminal-parking review Expenses!R7",
        claim=third("parking", "60.00", description="terminal", receipt="R4"),
    ),
    case(
        "a rental car without a reason",
        typed({"Expenses!S7": None}),
        claim=third("rental_car", "60.00", justification="no other way"),
    ),
    case(
        "a seat without its approval",
        typed({"Expenses!T7": None}),
        "seat-fee info Expenses!T7: 20.00 to 0.00",
        gone=["seat-fee review Expenses!T7"],
        claim=third("seat_fee", "20.00", approval="chief", approved_on="2026-10-01"),
    ),
    case(
        "a second bag on the day",
        typed({"Expenses!B8": date(2026, 11, 2)}),
        "extra-bag info Expenses!T8: 35.00 to 0.00",
        claim=with_expenses(
            {"category": "baggage", "amount": "35.00"},
            {"category": "baggage", "amount": "35.00", "date": "2026-11-06"},
        ),
    ),
    case(
        "prepaid fuel",
        typed({"Expenses!D7": "prepaid fuel"}),
        "prepaid-fuel review Expenses!D7: 30.00 to 0.00",
        claim=third("rental_fuel", "30.00", description="fuel"),
    ),
]

NEW_LINES = [
    case(
        "a new taxi",
        typed({"Expenses!B7": date(2026, 11, 2), "Expenses!C7": "taxi", "Expenses!J7": 20}),
    ),
    case(
        "a new fine",
        typed({"Expenses!B7": date(2026, 11, 2), "Expenses!C7": "fine", "Expenses!J7": 20}),
        "not-allowable info Expenses!C7: 20.00 to 0.00",
    ),
    case("a category alone", typed({"Expenses!C7": "taxi"}), f"malformed blocks Expenses!B7: {BARRED}"),
    case(
        "a new taxi below the table",
        typed({"Expenses!B49": date(2026, 11, 2), "Expenses!C49": "taxi", "Expenses!J49": 20}),
        f"malformed blocks Expenses!B49: {BARRED}",
    ),
    case("a taxi left out", typed({f"Expenses!{letter}7": None for letter in "BCDEJ"}), claim=TAXI),
]

CASES = DRIVES + AMOUNTS + CATEGORIES + DETAILS + NEW_LINES

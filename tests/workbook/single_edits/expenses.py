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
    case("driven another day", typed({"exp_date[0]": date(2026, 11, 4)})),
    case(
        "driven a week before", typed({"exp_date[0]": date(2026, 10, 25)}), "expense-outside-trip review exp_date[0]"
    ),
    case(
        "driven tomorrow",
        typed({"exp_date[0]": date(2026, 11, 24)}),
        "date-in-future blocks exp_miles[0]: 74.86 to 0.00",
    ),
    case("driven some day", typed({"exp_date[0]": "some day"}), f"malformed blocks exp_date[0]: {WITHOUT_DRIVE}"),
    case("driven no day", typed({"exp_date[0]": None}), f"malformed blocks exp_date[0]: {WITHOUT_DRIVE}"),
    case("a drive as a taxi", typed({"exp_category[0]": "taxi"}), f"malformed blocks exp_amount[0]: {WITHOUT_DRIVE}"),
    case(
        "a drive as nothing", typed({"exp_category[0]": None}), f"malformed blocks exp_category[0]: {WITHOUT_DRIVE}"
    ),
    case("a drive as a car", typed({"exp_category[0]": "car"}), f"malformed blocks exp_category[0]: {WITHOUT_DRIVE}"),
    case("in capitals", typed({"exp_category[0]": "POV_mileage"})),
    case(
        "the patrol car",
        typed({"exp_description[0]": "in the patrol car"}),
        "agency-vehicle-at-pov-rate review exp_description[0]",
    ),
    case("no description", typed({"exp_description[0]": None})),
    case("from nowhere", typed({"exp_from[0]": None}), f"malformed blocks exp_from[0]: {WITHOUT_DRIVE}"),
    case("to nowhere", typed({"exp_to[1]": None}), f"malformed blocks exp_to[1]: {WITHOUT_DRIVE}"),
    case("miles inflated, and no map", typed({"exp_miles[0]": 150})),
    case(
        "miles inflated beyond the map",
        typed({"exp_miles[0]": 150}),
        "miles-over-map review exp_miles[0]",
        claim={"expenses[0].map_miles": "98.5"},
    ),
    case("a shorter way on the map", typed({"exp_map_miles[0]": 60}), "miles-over-map review exp_miles[0]"),
    # 401 miles are $304.76, so that $1,128.58 is allowable.
    case(
        "more than 400 miles",
        typed({"exp_miles[0]": 401}),
        "comparison-missing review exp_comparable[0]",
        "cap-applied info payment_amount[0]: 1128.58 to 1000.00",
    ),
    case(
        "miles of three decimals", typed({"exp_miles[0]": 98.525}), f"malformed blocks exp_miles[0]: {WITHOUT_DRIVE}"
    ),
    case("no miles", typed({"exp_miles[0]": 0}), f"malformed blocks exp_miles[0]: {WITHOUT_DRIVE}"),
    case("miles in words", typed({"exp_miles[0]": "98.5 miles"}), f"malformed blocks exp_miles[0]: {WITHOUT_DRIVE}"),
    case(
        "an agency car was assigned",
        typed({"exp_declined[0]": "yes"}),
        "agency-car-assigned info exp_declined[0]: 74.86 to 23.15",
    ),
    case("passengers", typed({"exp_passengers[0]": 2})),
    case(
        "half a passenger", typed({"exp_passengers[0]": 0.5}), f"malformed blocks exp_passengers[0]: {WITHOUT_DRIVE}"
    ),
    case("a plate", typed({"exp_plate[0]": "GA 123"})),
    case(
        "driving by choice",
        typed({"exp_comparable[0]": 100}),
        "over-constructive-cost info exp_comparable[0]: 0.00 to -49.72",
    ),
    case(
        "two comparisons",
        typed({"exp_comparable[1]": 300}),
        "comparison-missing review exp_comparable[0]:exp_comparable[1]",
        claim={"expenses[0].comparable_cost": "200.00"},
    ),
    case(
        "the way back left out",
        typed({f"exp_{key}[1]": None for key in ("date", "category", "description", "from", "to", "miles")}),
        "return-leg-missing review exp_to[0]",
    ),
]

AMOUNTS = [
    case(
        "a dear taxi",
        typed({"exp_amount[2]": 75.01}),
        "receipt-missing blocks exp_receipt[2]: 75.01 to 0.00",
        claim=TAXI,
    ),
    case("a taxi at the threshold", typed({"exp_amount[2]": 75}), claim=TAXI),
    case(
        "a taxi of no amount", typed({"exp_amount[2]": None}), f"malformed blocks exp_amount[2]: {BARRED}", claim=TAXI
    ),
    case("a taxi of zero", typed({"exp_amount[2]": 0}), f"malformed blocks exp_amount[2]: {BARRED}", claim=TAXI),
    case("a taxi in dollars", typed({"exp_amount[2]": "$34.00"}), claim=TAXI),
    case(
        "a taxi with a comma",
        typed({"exp_amount[2]": "34,00"}),
        f"malformed blocks exp_amount[2]: {BARRED}",
        claim=TAXI,
    ),
    case(
        "a taxi of a date",
        typed({"exp_amount[2]": "11/02/2026"}),
        f"malformed blocks exp_amount[2]: {BARRED}",
        claim=TAXI,
    ),
    case("a taxi with miles", typed({"exp_miles[2]": 10}), f"malformed blocks exp_miles[2]: {BARRED}", claim=TAXI),
    case(
        "a receipt removed",
        typed({"exp_receipt[2]": None}),
        "receipt-missing blocks exp_receipt[2]: 90.00 to 0.00",
        claim=third("taxi", "90.00", description="to course", receipt="R4"),
    ),
    case(
        "a statement for the receipt",
        typed({"exp_statement[2]": "yes"}),
        "receipt-missing review exp_statement[2]",
        gone=["receipt-missing blocks exp_receipt[2]: 90.00 to 0.00"],
        claim=third("taxi", "90.00", description="to course"),
    ),
    case(
        "perhaps a statement",
        typed({"exp_statement[2]": "perhaps"}),
        f"malformed blocks exp_statement[2]: {BARRED}",
        claim=TAXI,
    ),
    case(
        "a Social Security number for a receipt",
        typed({"exp_receipt[2]": "078-05-1120"}),
        f"malformed blocks exp_receipt[2]: {BARRED}",
        claim=TAXI,
    ),
    case(
        "the receipt shows less",
        typed({"exp_receipt_total[2]": 30}),
        "receipt-total-differs review exp_receipt_total[2]: 34.00 to 30.00",
        claim=TAXI,
    ),
    case("the receipt shows more", typed({"exp_receipt_total[2]": 40}), claim=TAXI),
    case(
        "a credit of the line",
        typed({"exp_credit[2]": 10}),
        "credit-applied info exp_credit[2]: 34.00 to 24.00",
        claim=TAXI,
    ),
    case(
        "another payer",
        typed({"exp_paid_by[2]": "other"}),
        "other-payer info exp_paid_by[2]: 34.00 to 0.00",
        claim=TAXI,
    ),
    case(
        "a payer of no kind",
        typed({"exp_paid_by[2]": "aunt"}),
        f"malformed blocks exp_paid_by[2]: {BARRED}",
        claim=TAXI,
    ),
    case(
        "one receipt twice",
        typed({"exp_receipt[3]": "R4"}),
        "duplicate-document blocks exp_amount[3]: 21.00 to 0.00",
        claim=with_expenses(
            {"category": "taxi", "amount": "20.00", "receipt": "R4"},
            {"category": "taxi", "amount": "21.00", "receipt": "R5"},
        ),
    ),
    case(
        "one vendor twice",
        typed({"exp_vendor[3]": "Taxi"}),
        "duplicate-line review exp_amount[3]",
        claim=with_expenses(
            {"category": "taxi", "amount": "20.00", "vendor": "Taxi"},
            {"category": "taxi", "amount": "20.00", "vendor": "Cab"},
        ),
    ),
    case(
        "the room once more",
        typed({"exp_description[2]": "hotel"}),
        "lodging-claimed-twice blocks exp_amount[2]: 98.00 to 0.00",
        gone=["other-expense review exp_description[2]"],
        claim=third("other", "98.00", description="printing", vendor="Shop", receipt="R4"),
    ),
]


def into(category: str, *new: str) -> Case:
    """The third expense, $34.00, is made one of another category."""
    return case(f"a taxi as {category}", typed({"exp_category[2]": category}), *new, claim=TAXI)


CATEGORIES = [
    into("registration", "registration-not-claimable info exp_category[2]: 34.00 to 0.00"),
    into("pov_fuel", "fuel-besides-mileage info exp_category[2]: 34.00 to 0.00"),
    into("meals", "meal-besides-mie info exp_category[2]: 34.00 to 0.00"),
    into("alcohol", "meal-besides-mie info exp_category[2]: 34.00 to 0.00"),
    into("tips", "incidentals-besides-mie info exp_category[2]: 34.00 to 0.00"),
    into("fine", "not-allowable info exp_category[2]: 34.00 to 0.00"),
    into("entertainment", "not-allowable info exp_category[2]: 34.00 to 0.00"),
    into("seat_fee", "seat-fee info exp_approval[2]: 34.00 to 0.00"),
    into("baggage"),
    into("laundry", "laundry review exp_approval[2]: 34.00 to 0.00"),
    into("resort_fee", "resort-fee review exp_amount[2]"),
    into("rental_car", "rental-justification review exp_reason[2]"),
    into("rental_insurance", "rental-insurance review exp_category[2]: 34.00 to 0.00"),
    into("rental_fuel"),
    into("parking"),
    into("tolls"),
    into("other", "other-expense review exp_description[2]"),
    # Neither drive names a plate, so that both could be the agency's.
    into(
        "agency_vehicle_fuel",
        "agency-vehicle-at-pov-rate info exp_plate[0]: 74.86 to 0.00",
        "agency-vehicle-at-pov-rate info exp_plate[1]: 74.86 to 0.00",
    ),
    into("no category", f"malformed blocks exp_category[2]: {BARRED}"),
]

DETAILS = [
    case(
        "tuition hidden in other",
        typed({"exp_description[2]": "tuition"}),
        "registration-not-claimable review exp_description[2]",
        claim=OTHER,
    ),
    case(
        "a dinner hidden in other",
        typed({"exp_description[2]": "dinner"}),
        "meal-besides-mie review exp_description[2]",
        claim=OTHER,
    ),
    case(
        "a ticket hidden in other",
        typed({"exp_description[2]": "parking ticket"}),
        "not-allowable review exp_description[2]",
        claim=OTHER,
    ),
    case("other of nothing", typed({"exp_description[2]": None}), claim=OTHER),
    case(
        "a taxi to dinner",
        typed({"exp_description[2]": "to dinner"}),
        "taxi-to-meals review exp_description[2]",
        claim=TAXI,
    ),
    # A fare of which nothing is paid is no second way.
    case(
        "first class",
        typed({"exp_fare_class[2]": "premium"}),
        "fare-class info exp_fare_class[2]: 60.00 to 0.00",
        gone=["two-ways review exp_miles[0]:exp_miles[1]"],
        claim=FARE,
    ),
    case(
        "first class, and the coach fare",
        typed({"exp_coach_fare[2]": 45}),
        "fare-class info exp_fare_class[2]: 60.00 to 45.00",
        "two-ways review exp_miles[0]:exp_miles[1]",
        gone=["fare-class info exp_fare_class[2]: 60.00 to 0.00"],
        claim=third("airfare", "60.00", receipt="R4", fare_class="premium"),
    ),
    case(
        "the fare one way",
        typed({"exp_one_way[2]": "yes"}),
        "return-leg-missing review exp_one_way[2]",
        "two-ways review exp_miles[0]",
        gone=["two-ways review exp_miles[0]:exp_miles[1]"],
        claim=FARE,
    ),
    case(
        "a ticket refunded",
        typed({"exp_description[2]": "round trip, refunded"}),
        "fare-refunded review exp_description[2]",
        claim=FARE,
    ),
    case(
        "one ticket twice",
        typed({"exp_ticket[3]": "T1"}),
        "ticket-twice blocks exp_amount[3]: 20.00 to 0.00",
        claim=with_expenses(
            {"category": "airfare", "amount": "20.00", "receipt": "R4", "ticket": "T1"},
            {"category": "airfare", "amount": "20.00", "receipt": "R5", "ticket": "T2"},
        ),
    ),
    case(
        "the fare of the direct dates",
        typed({"exp_direct_fare[2]": 45}),
        "personal-day-paid adjusts exp_direct_fare[2]: 60.00 to 45.00",
        gone=["personal-day-paid review exp_direct_fare[2]"],
        claim={
            **FARE,
            "trip.personal_days": ["2026-11-04"],
            "lodging[2].room_rate": "0.00",
            "lodging[2].tax": "0.00",
        },
    ),
    case(
        "the taxi fares that parking saved",
        typed({"exp_taxi[2]": 45}),
        "terminal-parking info exp_taxi[2]: 60.00 to 45.00",
        claim=third("parking", "60.00", description="terminal"),
    ),
    case(
        "dear parking",
        typed({"exp_amount[2]": 100.5}),
        "terminal-parking review exp_taxi[2]",
        claim=third("parking", "60.00", description="terminal", receipt="R4"),
    ),
    case(
        "a rental car without a reason",
        typed({"exp_reason[2]": None}),
        claim=third("rental_car", "60.00", justification="no other way"),
    ),
    case(
        "a seat without its approval",
        typed({"exp_approval[2]": None}),
        "seat-fee info exp_approval[2]: 20.00 to 0.00",
        gone=["seat-fee review exp_approval[2]"],
        claim=third("seat_fee", "20.00", approval="chief", approved_on="2026-10-01"),
    ),
    case(
        "a second bag on the day",
        typed({"exp_date[3]": date(2026, 11, 2)}),
        "extra-bag info exp_approval[3]: 35.00 to 0.00",
        claim=with_expenses(
            {"category": "baggage", "amount": "35.00"},
            {"category": "baggage", "amount": "35.00", "date": "2026-11-06"},
        ),
    ),
    case(
        "prepaid fuel",
        typed({"exp_description[2]": "prepaid fuel"}),
        "prepaid-fuel review exp_description[2]: 30.00 to 0.00",
        claim=third("rental_fuel", "30.00", description="fuel"),
    ),
]

NEW_LINES = [
    case(
        "a new taxi",
        typed({"exp_date[2]": date(2026, 11, 2), "exp_category[2]": "taxi", "exp_amount[2]": 20}),
    ),
    case(
        "a new fine",
        typed({"exp_date[2]": date(2026, 11, 2), "exp_category[2]": "fine", "exp_amount[2]": 20}),
        "not-allowable info exp_category[2]: 20.00 to 0.00",
    ),
    case("a category alone", typed({"exp_category[2]": "taxi"}), f"malformed blocks exp_date[2]: {BARRED}"),
    case(
        "a new taxi below the table",
        typed({"exp_date[44]": date(2026, 11, 2), "exp_category[44]": "taxi", "exp_amount[44]": 20}),
        f"malformed blocks exp_amount[44]: {BARRED}",
    ),
    case(
        "a taxi left out",
        typed({f"exp_{key}[2]": None for key in ("date", "category", "description", "vendor", "amount")}),
        claim=TAXI,
    ),
]

CASES = DRIVES + AMOUNTS + CATEGORIES + DETAILS + NEW_LINES

"""Single edits of what the workbook computes, or the program filled in, on the sheet Expenses."""

from __future__ import annotations

from tests.support.checking import Edits
from tests.support.edits import as_value, formula, typed
from tests.support.single_edits import Case, case, sums
from tests.workbook.single_edits.expenses import OTHER, TAXI, third, with_expenses

# $149.72 of driving, of which $100.00 is paid.
COMPARED: Edits = {"expenses[0].comparable_cost": "100.00"}
# 98.5 miles at $0.235 instead of $0.76: $23.15.
ASSIGNED: Edits = {"expenses[0].agency_car_assigned": True}


def paid(name: str, check: str, stated: float, due: str, claim: Edits, cell: str = "W7") -> Case:
    """A line paid as if its rule were not there."""
    return case(
        name,
        typed({f"Expenses!{cell}": stated}),
        f"{check} adjusts Expenses!{cell}: {stated:.2f} to {due}",
        claim=claim,
    )


MILEAGE = [
    # 98.5 x 0.85 = 83.725, and 98.5 x 0.67 = 65.995.
    case(
        "a higher mileage rate",
        typed({"Expenses!I5": 0.85}),
        "mileage-rate-not-in-force adjusts Expenses!I5: 83.73 to 74.86",
    ),
    case(
        "a lower mileage rate",
        typed({"Expenses!I5": 0.67}),
        "mileage-rate-not-in-force adjusts Expenses!I5: 66.00 to 74.86",
    ),
    case(
        "a higher mileage rate above the comparable cost",
        typed({"Expenses!I5": 0.85}),
        "mileage-rate-not-in-force adjusts Expenses!I5: 83.73 to 74.86, payment 0.00",
        claim=COMPARED,
    ),
    case("a mileage rate in words", typed({"Expenses!I5": "IRS"}), "mileage-rate-not-in-force adjusts Expenses!I5"),
    case(
        "a mileage rate of a taxi",
        typed({"Expenses!I7": 0.76}),
        "mileage-rate-not-in-force adjusts Expenses!I7",
        claim=TAXI,
    ),
    case("a mileage rate of nothing", typed({"Expenses!I9": 0.76}), "mileage-rate-not-in-force adjusts Expenses!I9"),
    case("an amount for the miles", typed({"Expenses!J5": 100}), "formula-overwritten adjusts Expenses!J5"),
]

AMOUNTS = [
    case(
        "more for a drive",
        typed({"Expenses!AG5": 100}),
        "formula-overwritten adjusts Expenses!AG5: 100.00 to 74.86",
    ),
    case(
        "more for a taxi",
        typed({"Expenses!AG7": 50}),
        "formula-overwritten adjusts Expenses!AG7: 50.00 to 34.00",
        claim=TAXI,
    ),
    case(
        "so much for a taxi that it needs a receipt",
        typed({"Expenses!AG7": 80}),
        "formula-overwritten adjusts Expenses!AG7: 0.00 to 34.00",
        claim=TAXI,
    ),
    case("an amount of nothing", typed({"Expenses!AG9": 50}), "formula-overwritten adjusts Expenses!AG9"),
    paid("more allowed for a drive", "formula-overwritten", 100, "74.86", {}, "W5"),
    paid("less allowed for a drive", "formula-overwritten", 50, "74.86", {}, "W5"),
    case("allowed for nothing", typed({"Expenses!W9": 50}), "formula-overwritten adjusts Expenses!W9"),
    paid(
        "a premium fare",
        "fare-class",
        60,
        "45.00",
        third("airfare", "60.00", receipt="R4", ticket="T1", fare_class="premium", coach_fare="45.00"),
    ),
    paid("the course fee", "registration-not-claimable", 60, "0.00", third("registration", "60.00")),
    paid("a meal besides M&IE", "meal-besides-mie", 20, "0.00", third("meals", "20.00")),
    paid("tips besides M&IE", "incidentals-besides-mie", 20, "0.00", third("tips", "20.00")),
    paid("fuel besides the mileage", "fuel-besides-mileage", 20, "0.00", third("pov_fuel", "20.00")),
    paid("a fine", "not-allowable", 20, "0.00", third("fine", "20.00")),
    paid("a taxi without its receipt", "formula-overwritten", 90, "0.00", third("taxi", "90.00")),
    paid("a credit not taken off", "credit-applied", 34, "24.00", {**TAXI, "expenses[2].credit": "10.00"}),
    paid("what another paid", "other-payer", 34, "0.00", {**TAXI, "expenses[2].paid_by": "other"}),
    paid(
        "parking above the taxi fares",
        "terminal-parking",
        60,
        "45.00",
        third("parking", "60.00", description="terminal", taxi_equivalent="45.00"),
    ),
    paid(
        "more than the receipt shows",
        "receipt-total-differs",
        34,
        "30.00",
        {**TAXI, "expenses[2].receipt_total": "30.00"},
    ),
    paid("the full rate though a car was assigned", "agency-car-assigned", 74.86, "23.15", ASSIGNED, "W5"),
    paid("a seat without approval", "seat-fee", 20, "0.00", third("seat_fee", "20.00")),
    paid(
        "a second bag",
        "extra-bag",
        35,
        "0.00",
        with_expenses({"category": "baggage", "amount": "35.00"}, {"category": "baggage", "amount": "35.00"}),
        "W8",
    ),
]

CARRIED = [
    case(
        "a taxi in no group",
        typed({"Expenses!AH7": "meals"}),
        "formula-overwritten adjusts Expenses!AH7: 0.00 to 34.00",
        claim=TAXI,
    ),
    case(
        "a taxi in the other group",
        typed({"Expenses!AH7": "other"}),
        "formula-overwritten adjusts Expenses!AH7",
        claim=TAXI,
    ),
    case(
        "printing among the transportation",
        typed({"Expenses!AH7": "transportation"}),
        "formula-overwritten adjusts Expenses!AH7",
        claim=OTHER,
    ),
    case("nothing in a group", typed({"Expenses!AH9": "other"}), "formula-overwritten adjusts Expenses!AH9"),
    case(
        "a bar of nobody's",
        typed({"Expenses!X7": "no receipt"}),
        "formula-overwritten adjusts Expenses!X7: 0.00 to 34.00",
        claim=TAXI,
    ),
    case(
        "a bar of nobody's on a drive",
        typed({"Expenses!X5": "no receipt"}),
        "formula-overwritten adjusts Expenses!X5: 0.00 to 74.86",
    ),
    # A taxi of $34.00, allowed by now.
    case(
        "an old bar",
        typed({"Expenses!X7": "ticket-twice"}),
        claim=TAXI,
        computes={"Expenses!W7": 0, "transportation_allowed_total": 149.72, **sums(898.68)},
        shown="total-does-not-foot adjusts Expenses!W7, Claim!G5: 898.68 to 932.68",
    ),
    case(
        "the total claimed",
        typed({"Expenses!J3": 500}),
        "total-does-not-foot adjusts Expenses!J3: 500.00 to 149.72, payment 0.00",
    ),
    case(
        "the total allowed",
        typed({"Expenses!W3": 100}),
        "total-does-not-foot adjusts Expenses!W3: 100.00 to 149.72, payment 0.00",
    ),
    case(
        "another formula for what is allowed",
        formula("Expenses!W5", "AG5*2", 149.72),
        "formula-overwritten adjusts Expenses!W5: 149.72 to 74.86",
        keeps=["Expenses!W5"],
    ),
    case(
        "another formula for the total",
        formula("Expenses!W3", "SUM(W5:W45)+8", 157.72),
        "formula-overwritten adjusts Expenses!W3: 157.72 to 149.72, payment 0.00",
        keeps=["Expenses!W3"],
    ),
    case("a formula replaced by its value", as_value("Expenses!W5")),
    # A drive of $74.86 is in no sum any more.
    case(
        "a computed cell cleared",
        typed({"Expenses!W5": None}),
        computes={"Expenses!W3": 74.86, "transportation_allowed_total": 74.86, **sums(823.82)},
        shown="total-does-not-foot adjusts Expenses!W5, Claim!G5: 823.82 to 898.68",
    ),
    case(
        "words that nothing is computed from",
        typed({"Expenses!A5": "one", "Expenses!Y5": "x", "Expenses!Z5": "y", "Expenses!AA5": "z"}),
    ),
]

CASES = MILEAGE + AMOUNTS + CARRIED

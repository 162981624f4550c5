"""Single edits of what the workbook computes: values typed over formulas, other formulas, and kept values.

$898.68 is payable: rooms of $392.00, taxes of $50.96, M&IE of $306.00, drives of $149.72.
"""

from __future__ import annotations

from tests.support.edits import Value, as_value, formula, kept, name_gone, name_moved, typed
from tests.support.moved_rows import row_inserted
from tests.support.single_edits import BLOCKED, OVER, Case, case

FOOT, OVERWRITTEN = "total-does-not-foot adjusts", "formula-overwritten adjusts"


def foot(name: str, value: float, due: str, payment: str = "0.00") -> Case:
    """A total typed over with so many dollars; `payment` is what that would take from the payment."""
    line = f"{FOOT} {name}: {value:.2f} to {due}"
    return case(f"{name}: {value}", typed({name: value}), line if not payment else f"{line}, payment {payment}")


TOTALS = [
    foot("claimed_total", 1000, "898.68"),
    foot("allowable_total", 950, "898.68", ""),
    foot("allowable_total", 800, "898.68", ""),
    # Above the limit only $101.32 of it would be paid.
    foot("allowable_total", 1200, "898.68", "-101.32"),
    foot("payable", 950, "898.68", ""),
    foot("payable", 800, "898.68", ""),
    foot("agency_share", 10, "0.00"),
    foot("lodging_claimed_total", 500, "392.00"),
    foot("lodging_allowed_total", 400, "392.00", ""),
    foot("lodging_tax_allowed_total", 60, "50.96", ""),
    foot("mie_allowed_total", 340, "306.00", ""),
    foot("transportation_allowed_total", 100, "149.72", ""),
    foot("other_allowed_total", 30, "0.00", ""),
    foot("cap_left", 600, "1000.00", "298.68"),
    foot("over_ceiling_total", 5, "0.00"),
    foot("not_allowable_total", 5, "0.00"),
    foot("over_cap_total", 5, "0.00"),
    foot("top_payable", 950, "898.68", ""),
    foot("top_claimed_total", 950, "898.68"),
    foot("days_total", 800, "748.96"),
    foot("exp_total_allowed", 160, "149.72"),
    # --- above the limit: $500.00 is left of it
    case(
        "more payable than the limit leaves",
        typed({"payable": 898.68}),
        "cap-applied adjusts payable: 898.68 to 500.00",
        claim=OVER,
    ),
    case(
        "a higher limit",
        typed({"cap_limit": 1200}),
        "cap-applied adjusts cap_limit: 1200.00 to 1000.00",
        claim=OVER,
    ),
    case("a payment of a barred claim", typed({"payable": 898.68}), f"{FOOT} payable: 898.68 to 0.00", claim=BLOCKED),
    case("the right amount typed over", typed({"payable": 898.68})),
]

LINES = [
    case("more of a room", typed({"day_room_ok[0]": 120}), f"{OVERWRITTEN} day_room_ok[0]: 120.00 to 98.00"),
    case("less of a tax", typed({"day_tax_ok[1]": 10}), f"{OVERWRITTEN} day_tax_ok[1]: 10.00 to 12.74"),
    case(
        "the whole M&IE of a day",
        typed({"day_mie_ok[0]": 68}),
        "mie-day-percent adjusts day_mie_ok[0]: 68.00 to 51.00",
    ),
    # Breakfast, $16.00, was the hotel's: nothing is taken off for it.
    case(
        "a breakfast of the hotel deducted",
        typed({"day_mie_ok[1]": 52}),
        "complimentary-meal-deducted adjusts day_mie_ok[1]: 52.00 to 68.00",
    ),
    case("more of a drive", typed({"exp_allowed[0]": 80}), f"{OVERWRITTEN} exp_allowed[0]: 80.00 to 74.86"),
    # What only shows a figure of Workings changes no amount.
    case("a higher room limit", typed({"day_ceiling[0]": 199}), "lodging-rate-not-in-force adjusts day_ceiling[0]"),
    case("a higher M&IE", typed({"day_mie[0]": 80}), "mie-rate-not-in-force adjusts day_mie[0]"),
    case("a full share", typed({"day_share[0]": 1}), "mie-day-percent adjusts day_share[0]"),
    case("a higher mileage rate", typed({"exp_rate[0]": 0.9}), "mileage-rate-not-in-force adjusts exp_rate[0]"),
    case("another place", typed({"day_place[0]": "Orlando, FL"}), f"{OVERWRITTEN} day_place[0]"),
    case("another day of the week", typed({"day_weekday[0]": "Sun"}), f"{OVERWRITTEN} day_weekday[0]"),
]

FORMULAS = [
    case(
        "another formula", formula("payable", "SUM(A1:A2)+1500", 898.68), f"{OVERWRITTEN} payable", keeps=["payable"]
    ),
    case("our formula as text", as_value("payable")),
    case("a formula in a check", formula("check_result[1]", '"OK"', "OK"), f"{OVERWRITTEN} check_result[1]"),
    case("a check typed over", typed({"check_result[1]": "OK"}), f"{OVERWRITTEN} check_result[1]"),
    case("a document not needed", typed({"doc_needed[1]": "No"}), f"{OVERWRITTEN} doc_needed[1]"),
    case("a cell of Workings", typed({"w_ceiling[5]": 19900}), f"{OVERWRITTEN} w_ceiling[5]"),
    case("a formula of Workings", formula("w_ceiling[5]", "19900", 19900), f"{OVERWRITTEN} w_ceiling[5]"),
    case("a figure of Workings", typed({"claim_blocked": False}), f"{OVERWRITTEN} claim_blocked"),
    case("a name elsewhere", name_moved("payable", "Claim!$D$30"), f"{OVERWRITTEN} payable"),
    case("a name gone", name_gone("mie_allowed_total"), f"{OVERWRITTEN} mie_allowed_total"),
]

INPUTS = [
    # Plain arithmetic counts with what it gives, whatever value was kept with it.
    case(
        "arithmetic in a room",
        formula("day_room[0]", "90+8", 98),
        "input-formula review day_room[0]",
        keeps=["day_room[0]"],
    ),
    case(
        "arithmetic that shows something else",
        formula("day_room[0]", "90+8", 113),
        "input-formula review day_room[0]",
        keeps=["day_room[0]"],
    ),
    case("another cell in a room", formula("day_room[0]", "H8", 98), "malformed blocks day_room[0]: 787.94 to 0.00"),
]

CONSTANTS = [
    case("a room limit of Rates", typed({"rate_lodging[3]": 999}), "rate-edited adjusts rate_lodging[3]"),
    case("an area of Rates", typed({"rate_key[3]": "AL|Rome"}), "rate-edited adjusts rate_key[3]"),
    case("a ZIP", typed({"zip_row[5]": 3}), "rate-edited adjusts zip_row[5]"),
    case("the limit", typed({"officer_limit": 5000}), f"{OVERWRITTEN} officer_limit"),
    case("a mileage rate", typed({"mileage_rate[0]": 9}), "mileage-rate-not-in-force adjusts mileage_rate[0]"),
    case("a choice of meals", typed({"code_meals[1]": "hotel"}), f"{OVERWRITTEN} code_meals[1]"),
]


def shows(name: str, values: dict[str, Value], *new: str) -> Case:
    """Values kept with formulas of ours: what the sender saw."""
    return case(name, kept(values), *new, keeps=list(values))


KEPT = [
    shows("more payable", {"payable": 950}, f"{FOOT} payable: 950.00 to 898.68"),
    shows("a cent more payable", {"payable": 898.69}, f"{FOOT} payable: 898.69 to 898.68"),
    shows("what binary numbers add", {"payable": 898.6800000000001}),
    shows("no value", {"payable": None}),
    shows("an error", {"payable": "#NAME?"}, f"{FOOT} payable"),
    # The difference begins at the day: the sheet gave it all of its M&IE.
    shows(
        "the whole M&IE of the first day",
        {"day_mie_ok[0]": 68, "mie_allowed_total": 323, "allowable_total": 915.68, "payable": 915.68},
        f"{FOOT} day_mie_ok[0], payable: 915.68 to 898.68",
    ),
    shows("a night that no total has", {"day_room_ok[1]": 108}, f"{FOOT} day_room_ok[1]: 108.00 to 98.00"),
    shows("the top of the page alone", {"top_payable": 1000}, f"{FOOT} top_payable: 1000.00 to 898.68"),
]

ROWS = [
    # Everything is found by its name, wherever it stands.
    case("a blank row among the days", row_inserted("Days", 9)),
    case("a blank row above the days", row_inserted("Days", 3)),
    case("a blank row among the expenses", row_inserted("Expenses", 8)),
    case("a blank row on Claim", row_inserted("Claim", 20)),
]

CASES = TOTALS + LINES + FORMULAS + INPUTS + CONSTANTS + KEPT + ROWS

"""Single edits of what the workbook computes on the sheet Claim."""

from __future__ import annotations

from datetime import date

from tests.support.edits import as_value, formula, typed
from tests.support.single_edits import BLOCKED, OVER, Case, case


def foot(name: str, cell: str, value: float, due: str, payment: str = "0.00") -> Case:
    """A total typed over with so many dollars."""
    line = f"total-does-not-foot adjusts Claim!{cell}: {value:.2f} to {due}"
    return case(f"{name}: {value}", typed({name: value}), line if not payment else f"{line}, payment {payment}")


TOTALS = [
    # Total, cell, typed, due; what is payable follows from the allowed totals, up to the limit.
    foot("claimed_total", "A5", 1000, "898.68"),
    foot("allowable_total", "D5", 950, "898.68", ""),
    foot("allowable_total", "D5", 800, "898.68", ""),
    foot("allowable_total", "D5", 1200, "898.68", "-101.32"),
    foot("payable", "G5", 950, "898.68", ""),
    foot("payable", "G5", 800, "898.68", ""),
    foot("payable", "G5", 1200, "898.68", ""),
    foot("agency_share", "J5", 10, "0.00"),
    foot("lodging_claimed_total", "E50", 500, "392.00"),
    foot("lodging_allowed_total", "F50", 400, "392.00", ""),
    foot("lodging_tax_claimed_total", "E51", 60, "50.96"),
    foot("lodging_tax_allowed_total", "F51", 60, "50.96", ""),
    foot("mie_claimed_total", "E52", 400, "306.00"),
    foot("mie_allowed_total", "F52", 340, "306.00", ""),
    foot("transportation_claimed_total", "E53", 200, "149.72"),
    foot("transportation_allowed_total", "F53", 100, "149.72", ""),
    foot("other_claimed_total", "E55", 30, "0.00"),
    foot("other_allowed_total", "F55", 30, "0.00", ""),
    foot("credits_off_total", "F56", -5, "0.00", ""),
    foot("cap_left", "K51", 600, "1000.00", "298.68"),
    foot("cap_adjustment", "K52", -100, "0.00"),
    foot("payable_if_mended", "K53", 1000, "898.68"),
    foot("over_ceiling_total", "K54", 5, "0.00"),
    foot("not_allowable_total", "K55", 5, "0.00"),
    foot("over_cap_total", "K56", 5, "0.00"),
]

COMPUTED = [
    # --- above the limit: $500.00 is left of it
    case(
        "more payable than the limit leaves",
        typed({"payable": 898.68}),
        "cap-applied adjusts Claim!G5: 898.68 to 500.00",
        claim=OVER,
    ),
    case(
        "less payable than the limit leaves",
        typed({"payable": 400}),
        "total-does-not-foot adjusts Claim!G5: 400.00 to 500.00",
        claim=OVER,
    ),
    case(
        "more allowable above the limit",
        typed({"allowable_total": 2000}),
        "total-does-not-foot adjusts Claim!D5: 2000.00 to 898.68, payment 0.00",
        claim=OVER,
    ),
    case(
        "a higher limit",
        typed({"cap_limit": 1200}),
        "cap-applied adjusts Claim!K49: 1200.00 to 1000.00",
        claim=OVER,
    ),
    case(
        "more left of the limit",
        typed({"cap_left": 1000}),
        "cap-applied adjusts Claim!K51: 1000.00 to 500.00, payment -398.68",
        claim=OVER,
    ),
    case(
        "a higher limit that changes nothing",
        typed({"cap_limit": 1200}),
        "formula-overwritten adjusts Claim!K49: 1200.00 to 1000.00, payment 0.00",
    ),
    case(
        "a lower limit",
        typed({"cap_limit": 800}),
        "formula-overwritten adjusts Claim!K49: 800.00 to 1000.00, payment 98.68",
    ),
    # --- barred
    case(
        "a barred claim that is payable",
        typed({"payable": 898.68}),
        "total-does-not-foot adjusts Claim!G5: 898.68 to 0.00",
        claim=BLOCKED,
    ),
    case(
        "a barred claim that says it is not",
        typed({"claim_blocked": False}),
        "formula-overwritten adjusts Claim!D57: 0.00 to 0.00, payment -898.68",
        claim=BLOCKED,
    ),
    case(
        "a barred claim that says it is not, as LibreOffice writes it",
        formula("claim_blocked", "FALSE()", False),
        "formula-overwritten adjusts Claim!D57: 0.00 to 0.00, payment -898.68",
        claim=BLOCKED,
    ),
    case(
        "a total of a barred claim",
        typed({"allowable_total": 950}),
        "total-does-not-foot adjusts Claim!D5: 950.00 to 898.68, payment 0.00",
        claim=BLOCKED,
    ),
    case(
        "more left for a barred claim",
        typed({"cap_left": 1200}),
        "total-does-not-foot adjusts Claim!K51: 1200.00 to 1000.00, payment 0.00",
        claim=BLOCKED,
    ),
    case(
        "what bars a barred claim left out",
        typed({"claim_blocked_by": None}),
        claim=BLOCKED,
        computes={"claim_blocked": False, "payable": 898.68, "agency_share": 0, "not_allowable_total": 0},
        shown="total-does-not-foot adjusts Claim!E57, Claim!G5: 898.68 to 0.00",
    ),
    case(
        "a claim that says it is barred",
        typed({"claim_blocked": True}),
        "formula-overwritten adjusts Claim!D57: 0.00 to 0.00, payment 898.68",
    ),
    case(
        "a claim with what bars it",
        typed({"claim_blocked_by": "wrong-course"}),
        "formula-overwritten adjusts Claim!E57: 0.00 to 0.00, payment 898.68",
    ),
    # --- what is taken off the claim as a whole
    case(
        "a credit is not taken off",
        typed({"credits_off_total": 0}),
        "credit-applied adjusts Claim!F56: 0.00 to -50.00",
        claim={"credits": [{"source": "hotel", "amount": "50.00"}]},
    ),
    # --- dates, hours, nights
    case("another first day", typed({"official_first": date(2026, 11, 1)}), "formula-overwritten adjusts Claim!K34"),
    case("another last day", typed({"official_last": date(2026, 11, 7)}), "formula-overwritten adjusts Claim!K36"),
    # A trip of 11 hours would earn no M&IE, $306.00.
    case(
        "fewer hours",
        typed({"trip_hours": 11}),
        "formula-overwritten adjusts Claim!L34: 592.68 to 898.68",
    ),
    case("more hours", typed({"trip_hours": 130}), "formula-overwritten adjusts Claim!L34"),
    case("more nights", typed({"longest_stay": 9}), "formula-overwritten adjusts Claim!L36"),
    case(
        "more nights, for laundry",
        typed({"longest_stay": 4}),
        "formula-overwritten adjusts Claim!L36",
        claim={
            "trip.personal_days": ["2026-11-04"],
            "lodging[2].room_rate": "0.00",
            "lodging[2].tax": "0.00",
            "expenses[+]": {"date": "2026-11-05", "category": "laundry", "amount": "10.00", "receipt": "R7"},
        },
    ),
    case("due later", typed({"due_on": date(2026, 12, 24)}), "formula-overwritten adjusts Claim!I42"),
    case("kept shorter", typed({"keep_until": date(2027, 1, 1)}), "formula-overwritten adjusts Claim!K42"),
    # --- other formulas, and values in their place
    case(
        "another formula for what is payable",
        formula("payable", "allowable_total", 898.68),
        "formula-overwritten adjusts Claim!G5",
        keeps=["payable"],
    ),
    case(
        "another formula that pays more",
        formula("payable", "cap_limit", 1000),
        "formula-overwritten adjusts Claim!G5: 1000.00 to 898.68",
        keeps=["payable"],
    ),
    case(
        "another formula without a value",
        formula("allowable_total", "SUM(F50:F55)"),
        "formula-overwritten adjusts Claim!D5",
    ),
    case(
        "another formula for a date",
        formula("due_on", "course_completed_on+60", 46392),
        "formula-overwritten adjusts Claim!I42",
        keeps=["due_on"],
    ),
    *(
        case(f"the formula of {name} replaced by its value", as_value(name))
        for name in (
            "payable",
            "claimed_total",
            "cap_left",
            "official_first",
            "trip_hours",
            "longest_stay",
            "due_on",
            "claim_blocked",
        )
    ),
    case(
        "what is payable cleared",
        typed({"payable": None}),
        computes={"agency_share": 898.68, "not_allowable_total": 898.68},
        shown="total-does-not-foot adjusts Claim!G5, Claim!J5: 898.68 to 0.00, payment 0.00",
    ),
    case("what is allowable in words", typed({"allowable_total": "n/a"}), "total-does-not-foot adjusts Claim!D5"),
]

CASES = TOTALS + COMPUTED

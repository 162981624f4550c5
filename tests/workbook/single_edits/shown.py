"""What a workbook shows by its own formulas: kept values that are not the rules', as their sender saw them.

`KEPT` are edits of kept values alone, the formulas are ours. `EXPLAINED` are edits that are reported by themselves;
the values that follow from them are not reported again.
"""

from __future__ import annotations

from datetime import date

from tests.support.checking import Edits
from tests.support.edits import Value, both, kept, name_moved, typed
from tests.support.moved_rows import row_inserted
from tests.support.single_edits import BLOCKED, OVER, Case, case, sums
from tests.workbook.single_edits.rows import THREE

FOOT = "total-does-not-foot adjusts"


def shows(name: str, values: dict[str, Value], *new: str, claim: Edits | None = None) -> Case:
    """Values kept with formulas of ours."""
    return case(name, kept(values), *new, claim=claim, keeps=list(values))


# The whole M&IE of the first day, $68.00 instead of $51.00, and what follows from it: $17.00 more.
WHOLE_DAY: dict[str, Value] = {
    "Days!V5": 1,
    "Days!BK5": 68,
    "Days!BL5": 68,
    "Days!AB5": 68,
    "Days!AC5": 178.74,
    "Days!AB3": 323,
    "Days!AC3": 765.96,
    "mie_claimed_total": 323,
    "mie_allowed_total": 323,
    "claimed_total": 915.68,
    **sums(915.68),
}

KEPT = [
    # --- totals
    shows("more payable", {"payable": 950}, f"{FOOT} Claim!G5: 950.00 to 898.68"),
    shows("less payable", {"payable": 800}, f"{FOOT} Claim!G5: 800.00 to 898.68"),
    shows("a cent more payable", {"payable": 898.69}, f"{FOOT} Claim!G5: 898.69 to 898.68"),
    shows("what binary numbers add", {"payable": 898.6800000000001}),
    shows("nothing payable", {"payable": 0}, f"{FOOT} Claim!G5: 0.00 to 898.68"),
    shows("no value", {"payable": None}),
    shows("a total in words", {"payable": "paid"}, f"{FOOT} Claim!G5"),
    shows("an error", {"payable": "#NAME?"}, f"{FOOT} Claim!G5"),
    shows(
        "more allowable, and payable for it",
        {"allowable_total": 950, "payable": 950},
        f"{FOOT} Claim!D5, Claim!G5: 950.00 to 898.68",
    ),
    # What NASRO pays of it is up to the limit, $1,000.00.
    shows("more allowable", {"allowable_total": 1200}, f"{FOOT} Claim!D5: 1200.00 to 898.68, payment -101.32"),
    shows("more claimed", {"claimed_total": 950}, f"{FOOT} Claim!A5: 950.00 to 898.68, payment 0.00"),
    shows("a later due date", {"due_on": date(2026, 12, 24)}, f"{FOOT} Claim!I42"),
    shows("more nights in a row", {"longest_stay": 9}, f"{FOOT} Claim!L36"),
    shows("a higher limit", {"cap_limit": 1200}, f"{FOOT} Claim!K49: 1200.00 to 1000.00, payment 0.00"),
    shows(
        "more payable than the limit leaves",
        {"payable": 898.68},
        f"{FOOT} Claim!G5: 898.68 to 500.00",
        claim=OVER,
    ),
    shows(
        "a barred claim that is payable",
        {"claim_blocked": False, "payable": 898.68},
        f"{FOOT} Claim!D57, Claim!G5: 898.68 to 0.00",
        claim=BLOCKED,
    ),
    # --- a day, a night, a line
    shows("the whole M&IE of the first day", WHOLE_DAY, f"{FOOT} Days!V5, Claim!G5: 915.68 to 898.68"),
    shows(
        "the same, and its day without values",
        WHOLE_DAY | {"Days!BK5": None, "Days!BL5": None, "Days!AB5": None, "mie_allowed_total": None},
        f"{FOOT} Days!V5, Claim!G5: 915.68 to 898.68",
    ),
    shows(
        "more lodging allowed",
        {"Days!N6": 108, "lodging_allowed_total": 402, **sums(908.68)},
        f"{FOOT} Days!N6, Claim!G5: 908.68 to 898.68",
    ),
    shows("a night that no total has", {"Days!N6": 108}, f"{FOOT} Days!N6: 108.00 to 98.00"),
    shows(
        "more of a drive allowed",
        {"Expenses!W5": 84.86, "transportation_allowed_total": 159.72, **sums(908.68)},
        f"{FOOT} Expenses!W5, Claim!G5: 908.68 to 898.68",
    ),
    shows(
        "a mileage rate of another year",
        {"Expenses!I5": 0.725, **dict.fromkeys(("Expenses!AG5", "Expenses!J5", "Expenses!W5"), 71.41), **sums(895.23)}
        | {"transportation_allowed_total": 146.27},
        f"{FOOT} Expenses!I5, Claim!G5: 895.23 to 898.68",
    ),
    shows("an amount in a blank row", {"Expenses!W20": 50}, f"{FOOT} Expenses!W20"),
    shows("the sum above a column", {"Days!AC3": 800}, f"{FOOT} Days!AC3: 800.00 to 748.96, payment 0.00"),
    # --- two differences that have nothing to do with each other lead to one total
    shows(
        "a night and a drive",
        {"Days!N6": 108, "Expenses!W5": 84.86, **sums(918.68)}
        | {"lodging_allowed_total": 402, "transportation_allowed_total": 159.72},
        f"{FOOT} Days!N6, Expenses!W5, Claim!G5: 918.68 to 898.68",
    ),
    shows(
        "four cells, for which there is no total",
        {"Days!N5": 90, "Days!Q6": 10, "Days!AB7": 60, "Expenses!W6": 70},
        f"{FOOT} Days!N5, Days!Q6, Days!AB7, Expenses!W6: 90.00 to 98.00",
    ),
    # --- a blank row among the days: for the formulas it is the first day, which gives the first day all its M&IE
    case(
        "a blank row inserted between the days",
        both(row_inserted("Days", 7), kept({"official_first": 0, "Days!G5": "full day", **WHOLE_DAY})),
        f"{FOOT} Claim!K34, Claim!G5: 915.68 to 898.68",
        keeps=["official_first", "Days!G5", *WHOLE_DAY],
    ),
    case("a blank row inserted, and nothing else is computed", row_inserted("Days", 7)),
]

EXPLAINED = [
    case(
        "a ceiling typed over, and what follows",
        both(
            typed({"Days!I5": 90}),
            kept({"Days!BF5": 90, "Days!N5": 90, "Days!Q5": 11.7, "lodging_allowed_total": 384, **sums(889.64)}),
        ),
        "lodging-rate-not-in-force adjusts Days!I5: 101.70 to 110.74",
        keeps=["Days!BF5", "Days!N5", "Days!Q5", "lodging_allowed_total", "allowable_total", "payable"],
    ),
    case(
        "a ceiling typed over, and a drive that does not follow",
        both(typed({"Days!I5": 90}), kept({"Expenses!W5": 84.86})),
        "lodging-rate-not-in-force adjusts Days!I5: 101.70 to 110.74",
        f"{FOOT} Expenses!W5: 84.86 to 74.86",
        keeps=["Expenses!W5"],
    ),
    case(
        "a limit typed over on Rates, and what follows",
        both(typed({"limit_for_each_officer": 500}), kept({"cap_limit": 500, "cap_left": 500, "payable": 500})),
        "rate-edited adjusts Rates!E19: 0.00 to 0.00, payment 398.68",
        keeps=["cap_limit", "cap_left", "payable"],
    ),
    case(
        "a name that points elsewhere, and what follows",
        both(
            name_moved("credit_amounts", "Claim!$H$46:$H$48"),
            kept({"Days!N5": 98, "lodging_allowed_total": 362, **sums(868.68)}),
        ),
        "formula-overwritten adjusts Claim!H45",
        shown="total-does-not-foot adjusts Days!N5: 98.00 to 48.00",
        claim=THREE,
        keeps=["Days!N5", "lodging_allowed_total", "allowable_total", "payable", "payable_if_mended"],
    ),
]

CASES = KEPT + EXPLAINED

"""Rows inserted and deleted on the sheet Claim, in its lists and elsewhere; and above the tables.

`THREE` credits stand in rows 45 to 47, and row 48 is blank: $50.00 off the first night of $98.00, $20.00 off the
second, $10.00 off the third. $80.00 less are payable, $818.68. `EARLIER` payments of $60.00 and $40.00 stand in rows
45 and 46; they are $100.00 in K50 and leave $900.00 of the limit, so that nothing is cut. `TWO_STOPS` are in Moody
until November 4, and in Moody from then on.
"""

from __future__ import annotations

from datetime import date

from tests.support.checking import Edits
from tests.support.edits import Edit, Package, Value, both, name_gone, name_moved, typed
from tests.support.moved_rows import row_deleted, row_inserted
from tests.support.single_edits import BARRED as PAID
from tests.support.single_edits import UNREAD, case, refused

THREE: Edits = {
    "credits": [
        {"source": "hotel", "amount": "50.00", "line": "N1"},
        {"source": "airline", "amount": "20.00", "line": "N2"},
        {"source": "host", "amount": "10.00", "line": "N3"},
    ]
}
EARLIER: Edits = {
    "previously_reimbursed": "100.00",
    "previous_claims": [
        {"claim_id": "2026-MDY-0001", "paid_on": "2026-06-01", "amount": "60.00"},
        {"claim_id": "2026-MDY-0002", "paid_on": "2026-06-02", "amount": "40.00"},
    ],
}
MOODY = {"city": "Moody", "state": "AL"}
TWO_STOPS: Edits = {
    "trip.stops": [
        {"place": MOODY, "arrived_on": "2026-11-02", "departed_on": "2026-11-04"},
        {"place": MOODY, "arrived_on": "2026-11-04", "departed_on": "2026-11-06"},
    ]
}


ALL_THREE = "credit-applied info Claim!H45:H47: 294.00 to 214.00"
# The tax of 12.74 goes with the room that is left of 98.00: 6.24 of 48.00, 10.14 of 78.00, 11.44 of 88.00.
ALL_TAXES = "lodging-tax-over-share info Days!O5:O7: 38.22 to 27.82"
"""What is said of the three; the cause is one, and so is the finding."""


def credit(row: int, **others: Value) -> Edit:
    """A credit of $5.00 off the fourth night typed into a row; and values for other columns of it."""
    cells: dict[str, Value] = {"E": "insurer", "H": 5, "I": "N4", **others}
    return typed({f"Claim!{column}{row}": value for column, value in cells.items()})


def cut_and_pasted(package: Package) -> None:
    """The cells of the second credit cut out of the list and pasted into row 70."""
    for column in "EFGHIJKL":
        cell = package.cell(f"Claim!{column}46")
        cell.set("r", f"{column}70")
        package.row("Claim", 70).append(cell)
    for key, column in {"source": "E", "on": "G", "amount": "H", "line": "I", "note": "J"}.items():
        package.name(f"credits_1_{key}").text = f"Claim!${column}$70"


CREDITS = [
    case(
        "the first credit's row deleted",
        row_deleted("Claim", 45),
        "credit-applied info Claim!H45:H46: 196.00 to 166.00",
        "lodging-tax-over-share info Days!O6:O7: 25.48 to 21.58",
        gone=[ALL_THREE, ALL_TAXES],
        claim=THREE,
    ),
    case(
        "the second credit's row deleted",
        row_deleted("Claim", 46),
        "credit-applied info Claim!H45:H46: 196.00 to 136.00",
        "lodging-tax-over-share info Days!O5, Days!O7: 25.48 to 17.68",
        gone=[ALL_THREE, ALL_TAXES],
        claim=THREE,
    ),
    case(
        "the last credit's row deleted",
        row_deleted("Claim", 47),
        "credit-applied info Claim!H45:H46: 196.00 to 126.00",
        "lodging-tax-over-share info Days!O5:O6: 25.48 to 16.38",
        gone=[ALL_THREE, ALL_TAXES],
        claim=THREE,
    ),
    case("the blank row below the credits deleted", row_deleted("Claim", 48), claim=THREE),
    case("a blank row deleted where nothing is listed", row_deleted("Claim", 46)),
    case(
        "a credit in an inserted row",
        both(row_inserted("Claim", 46), credit(46)),
        "credit-applied info Claim!H45:H48: 392.00 to 307.00",
        "lodging-tax-over-share info Days!O5:O8: 50.96 to 39.91",
        gone=[ALL_THREE, ALL_TAXES],
        claim=THREE,
    ),
    # The names of the columns stay below a row that is inserted above the first, and the workbook's sums lack it.
    case(
        "a credit in a row inserted above the first",
        both(row_inserted("Claim", 45), credit(45)),
        "credit-applied info Claim!H45:H48: 392.00 to 307.00",
        "lodging-tax-over-share info Days!O5:O8: 50.96 to 39.91",
        "formula-overwritten adjusts Claim!I45",
        gone=[ALL_THREE, ALL_TAXES],
        claim=THREE,
    ),
    case(
        "a credit in a row inserted below the last",
        both(row_inserted("Claim", 49), credit(49)),
        "credit-applied info Claim!H45:H47, Claim!H49: 392.00 to 307.00",
        "lodging-tax-over-share info Days!O5:O8: 50.96 to 39.91",
        "formula-overwritten adjusts Claim!I45",
        gone=[ALL_THREE, ALL_TAXES],
        claim=THREE,
    ),
    # The credits stand in other rows; nothing else is said.
    case(
        "a blank row inserted between credits",
        row_inserted("Claim", 46),
        "credit-applied info Claim!H45, Claim!H47:H48: 294.00 to 214.00",
        gone=[ALL_THREE],
        claim=THREE,
    ),
    case(
        "a blank row inserted above the credits",
        row_inserted("Claim", 45),
        "credit-applied info Claim!H46:H48: 294.00 to 214.00",
        gone=[ALL_THREE],
        claim=THREE,
    ),
    case("a blank row inserted below the credits", row_inserted("Claim", 49), claim=THREE),
    case("a blank row inserted where nothing is listed", row_inserted("Claim", 46)),
    # The cells of an inserted row are not merged.
    case(
        "a source typed beside its cell",
        both(row_inserted("Claim", 46), credit(46, E=None, F="insurer")),
        f"malformed blocks Claim!F46: {PAID}",
    ),
    case(
        "a credit without a source in an inserted row",
        both(row_inserted("Claim", 46), credit(46, E=None)),
        f"malformed blocks Claim!E46: {PAID}",
    ),
    # Barred, the credits that are read change no payment.
    case(
        "a credit cut out of the list",
        cut_and_pasted,
        "malformed blocks Claim!E70: 830.88 to 0.00",
        "credit-applied info Claim!H45, Claim!H47: 196.00 to 136.00, payment 0.00",
        "lodging-tax-over-share info Days!O5, Days!O7: 25.48 to 17.68, payment 0.00",
        gone=[ALL_THREE, ALL_TAXES],
        claim=THREE,
    ),
    # --- the names of cells and columns, where the rows stay
    case(
        "a name of a credit deleted",
        name_gone("credits_1_amount"),
        "formula-overwritten adjusts Claim!H46",
        claim=THREE,
    ),
    case(
        "a name of a credit that points elsewhere",
        name_moved("credits_1_amount", "Claim!$H$45"),
        "formula-overwritten adjusts Claim!H46",
        claim=THREE,
    ),
    case(
        "the sums leave a credit out",
        name_moved("credit_amounts", "Claim!$H$46:$H$48"),
        "formula-overwritten adjusts Claim!H45",
        claim=THREE,
    ),
    case(
        "the sums are of another column",
        name_moved("credit_amounts", "Claim!$G$45:$G$48"),
        "formula-overwritten adjusts Claim!H45",
        claim=THREE,
    ),
    case("the sums are of nothing", name_gone("credit_amounts"), "formula-overwritten adjusts Claim!H45"),
    # --- what a list is known by
    case("the credits' captions deleted", row_deleted("Claim", 44), f"malformed blocks Claim!A43: {PAID}"),
    case(
        "what stands below the credits deleted",
        row_deleted("Claim", 48),
        f"malformed blocks Claim!A48: {PAID}",
    ),
    case("a caption of the credits changed", typed({"Claim!I44": "Line"})),
    case(
        "what stands below the credits changed", typed({"Claim!A48": "Sums"}), f"malformed blocks Claim!A48: {PAID}"
    ),
    case(
        "what stands below the credits far below",
        typed({"Claim!A48": None, "Claim!A900": "How the payment comes about"}),
        f"malformed blocks Claim!A48: {PAID}",
    ),
    case(
        "an earlier claim whose id is what stands below the list",
        typed({"previous_claims_0_claim_id": "How the payment comes about"}),
        claim={**EARLIER, **THREE},
    ),
]

EARLIER_CLAIMS = [
    # The other payment is no longer all that was paid before, $100.00.
    case(
        "an earlier payment's row deleted",
        row_deleted("Claim", 45),
        f"malformed blocks Claim!K49: {PAID}",
        gone=[UNREAD],
        claim=EARLIER,
    ),
    case(
        "an earlier payment in an inserted row",
        both(
            row_inserted("Claim", 46),
            typed({"Claim!A46": "2026-MDY-0003", "Claim!C46": date(2026, 6, 3), "Claim!D46": 30}),
        ),
        f"malformed blocks Claim!K51: {PAID}",
        gone=[UNREAD],
        claim=EARLIER,
    ),
    case("a blank row deleted below the earlier payments", row_deleted("Claim", 47), claim=EARLIER),
    case("a blank row inserted between the earlier payments", row_inserted("Claim", 46), claim=EARLIER),
    case(
        "all that was paid before deleted",
        row_deleted("Claim", 50),
        f"malformed blocks Claim!K50: {PAID}",
        "formula-overwritten adjusts Claim!E50",
        "formula-overwritten adjusts Claim!F50",
        gone=[UNREAD],
        claim=EARLIER,
    ),
]

STOPS = [
    refused("the only stop's row deleted", row_deleted("Claim", 38), "malformed blocks Claim!A38"),
    refused(
        "the first stop's row deleted",
        row_deleted("Claim", 38),
        "stops-not-continuous blocks Claim!A38",
        claim=TWO_STOPS,
    ),
    refused(
        "the last stop's row deleted",
        row_deleted("Claim", 39),
        "stops-not-continuous blocks Claim!A38",
        claim=TWO_STOPS,
    ),
    case("a blank row between the stops", row_inserted("Claim", 39), claim=TWO_STOPS),
    case("a blank row above the stops", row_inserted("Claim", 38), claim=TWO_STOPS),
    case("a blank row below the stops", row_inserted("Claim", 41), claim=TWO_STOPS),
    case("a blank row of the stops deleted", row_deleted("Claim", 39)),
    case("the last blank row of the stops deleted", row_deleted("Claim", 40)),
    case(
        "a stop in an inserted row, without days",
        both(row_inserted("Claim", 39), typed({"Claim!A39": "Macon", "Claim!D39": "GA"})),
        f"malformed blocks Claim!H39: {PAID}",
        f"malformed blocks Claim!J39: {PAID}",
        claim=TWO_STOPS,
    ),
    case("the stops' captions deleted", row_deleted("Claim", 37), f"malformed blocks Claim!A36: {PAID}"),
]

ELSEWHERE = [
    refused(
        "the row of the return deleted",
        row_deleted("Claim", 36),
        "malformed blocks Claim!A36",
    ),
    case("a blank row above the lists", row_inserted("Claim", 37)),
    refused("a row inserted above the days", row_inserted("Days", 1), "malformed blocks Days!A5"),
    refused("a row deleted above the days", row_deleted("Days", 3), "malformed blocks Days!A3"),
    refused("a row inserted above the expenses", row_inserted("Expenses", 4), "malformed blocks Expenses!A5"),
]

CASES = CREDITS + EARLIER_CLAIMS + STOPS + ELSEWHERE

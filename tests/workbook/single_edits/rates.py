"""Single edits of the figures and lists on the sheet Rates, and of the names that lead to them.

The rate is that of Alabama in November of fiscal year 2027, in row 4; the mileage rates follow from row 7 on, with
$0.76 from July 1, 2026 in row 16; figures of the law from row 19 on; the categories from row 34 on.
"""

from __future__ import annotations

from datetime import date

from tests.support.checking import Edits
from tests.support.edits import Value, name_gone, name_moved, typed
from tests.support.single_edits import OVER, Case, case
from tests.workbook.single_edits.day_cells import DEAR, LUNCH, SHORT
from tests.workbook.single_edits.expense_cells import ASSIGNED
from tests.workbook.single_edits.expenses import third

LATE: Edits = {"received_on": "2026-12-07"}
BY_GOVERNMENT: Edits = {"furnished_meals[0].lunch": "government"}


def figure(name: str, cell: str, value: Value, amounts: str = "", claim: Edits | None = None) -> Case:
    """A figure of the law typed over."""
    return case(name, typed({f"Rates!{cell}": value}), f"rate-edited adjusts Rates!{cell}{amounts}", claim=claim)


PER_DIEM = [
    # The room at $98.00 is below either ceiling.
    case("a higher lodging rate", typed({"Rates!E4": 199}), "rate-edited adjusts Rates!E4"),
    # Four nights at $90.00 with tax of 12.74 x 90 / 98 = 11.70, instead of 98.00 and 12.74.
    case("a lower lodging rate", typed({"Rates!E4": 90}), "rate-edited adjusts Rates!E4: 406.80 to 442.96"),
    case("a lodging rate in words", typed({"Rates!E4": "n/a"}), "rate-edited adjusts Rates!E4: 0.00 to 442.96"),
    # 60.00, three times 80.00, 60.00.
    case("a higher M&IE rate", typed({"Rates!F4": 80}), "rate-edited adjusts Rates!F4: 360.00 to 306.00"),
    case("a breakfast worth more", typed({"Rates!G4": 20}), "rate-edited adjusts Rates!G4"),
    case(
        "a furnished lunch worth less",
        typed({"Rates!H4": 9}),
        "rate-edited adjusts Rates!H4: 297.00 to 287.00",
        claim=LUNCH,
    ),
    case("higher incidentals", typed({"Rates!J4": 6}), "rate-edited adjusts Rates!J4"),
    case("more on the first and last day", typed({"Rates!K4": 60}), "rate-edited adjusts Rates!K4"),
    case("a rate by another name", typed({"Rates!A4": "Orlando, FL"})),
    case("another source of a rate", typed({"Rates!M4": "a letter", "Rates!O4": "x"})),
]

MILEAGE = [
    # Twice 83.73 instead of 74.86.
    case(
        "a higher mileage rate",
        typed({"Rates!E16": 0.85}),
        "mileage-rate-not-in-force adjusts Rates!E16: 916.42 to 898.68",
    ),
    case("a higher mileage rate of spring", typed({"Rates!E15": 0.9}), "mileage-rate-not-in-force adjusts Rates!E15"),
    case(
        "a higher rate where a car was assigned, and none was",
        typed({"Rates!F16": 0.5}),
        "mileage-rate-not-in-force adjusts Rates!F16",
    ),
    # 98.5 x 0.50 = 49.25 instead of 23.15.
    case(
        "a higher rate where a car was assigned",
        typed({"Rates!F16": 0.5}),
        "mileage-rate-not-in-force adjusts Rates!F16: 873.07 to 846.97",
        claim=ASSIGNED,
    ),
    case(
        "mileage rates that begin later",
        typed({"Rates!C16": date(2026, 8, 1)}),
        "formula-overwritten adjusts Rates!C16",
    ),
    case(
        "mileage rates that end earlier",
        typed({"Rates!D16": date(2026, 10, 31)}),
        "formula-overwritten adjusts Rates!D16",
    ),
    case("mileage rates that never begin", typed({"Rates!C16": "soon"}), "formula-overwritten adjusts Rates!C16"),
]

FIGURES = [
    figure("a higher limit that changes nothing", "E19", 1200),
    figure("a higher limit", "E19", 1200, ": 0.00 to 0.00, payment -200.00", OVER),
    figure("a lower limit", "E19", 800, ": 0.00 to 0.00, payment 98.68"),
    figure("receipts above $100.00", "E20", 100, ": 988.68 to 898.68", third("taxi", "90.00")),
    figure("the first and last day in full", "E21", 1, ": 932.68 to 898.68"),
    figure("M&IE above 4 hours, for days", "E22", 4),
    figure("M&IE above 10 hours, for 11", "E22", 10, ": 200.72 to 149.72", SHORT),
    # Five days at 75 %.
    figure("full days from 200 hours", "E23", 200, ": 847.68 to 898.68"),
    figure("four times the per diem", "E24", 4),
    # Approved laundry is paid after any number of nights.
    figure(
        "laundry from nine nights",
        "E25",
        9,
        claim={
            "expenses[+]": {
                "date": "2026-11-05",
                "category": "laundry",
                "amount": "10.00",
                "receipt": "R7",
                "approval": "Chief Gray",
                "approved_on": "2026-10-30",
            },
        },
    ),
    figure("a course of 30 hours", "E26", 30),
    figure("a course of 50 hours", "E26", 50, ": 0.00 to 0.00, payment 898.68"),
    figure("20 days to submit", "E27", 20),
    figure("more days than a calendar has", "E27", 99_999_999_999),
    figure("half a day to submit", "E27", 0.5),
    figure("days before the beginning", "E27", -3),
    figure("days in words", "E27", "thirty"),
    figure("12 months to keep", "E28", 12),
    figure("lodging refused, and none is dear", "E29", "refused"),
    # $122.60 of the first night is lost.
    figure("dear lodging refused", "E29", "refused", ": 787.94 to 910.54", DEAR),
    figure("no setting for dear lodging", "E29", "perhaps", claim=DEAR),
    figure("a number for a setting", "E29", 0, claim=DEAR),
    figure("a late claim barred, and none is late", "E30", "blocks"),
    case(
        "a late claim barred",
        typed({"Rates!E30": "blocks"}),
        "rate-edited adjusts Rates!E30: 0.00 to 0.00, payment 898.68",
        claim=LATE,
        as_of=date(2026, 12, 8),
    ),
    case(
        "a bar at the build of nobody's",
        typed({"Rates!E31": "wrong-course"}),
        "formula-overwritten adjusts Rates!E31: 0.00 to 0.00, payment 898.68",
    ),
    case("a bar of the day of the build", typed({"Rates!E31": "date-in-future"})),
    case("a label retyped", typed({"Rates!A19": "Cap"})),
]

LISTS = [
    case(
        "meals are paid, none was claimed",
        typed({"Rates!A52": "snacks"}),
        "formula-overwritten adjusts Rates!A52",
    ),
    case(
        "meals are paid",
        typed({"Rates!A52": "snacks"}),
        "formula-overwritten adjusts Rates!A52: 918.68 to 898.68",
        claim=third("meals", "20.00"),
    ),
    case("airfare in the other group", typed({"Rates!D34": "other"}), "formula-overwritten adjusts Rates!D34"),
    case("a category renamed", typed({"Rates!A34": "plane"}), "formula-overwritten adjusts Rates!A34"),
    case(
        "the government's lunch is not deducted",
        typed({"Rates!A59": "nobody"}),
        "formula-overwritten adjusts Rates!A59: 898.68 to 879.68",
        claim=BY_GOVERNMENT,
    ),
    case("a never for nothing", typed({"Rates!C40": "never"})),
]

NAMES = [
    *(
        case(f"the name {name} {how}", edit, f"formula-overwritten adjusts {cell}")
        for name, cell, elsewhere in (
            ("never_paid", "Rates!A50", "Rates!$A$49:$A$54"),
            ("meals_deducted", "Rates!A59", "Rates!$A$59:$A$60"),
            ("rate_lodging", "Rates!E4", "Rates!$F$4"),
            ("mileage_until", "Rates!D16", "Rates!$D$15"),
            ("limit_for_each_officer", "Rates!E19", "Rates!$E$20"),
            ("blocks_at_build", "Rates!E31", "Rates!$E$30"),
            ("claim_blocked", "Claim!D57", "Claim!$E$57"),
        )
        for how, edit in (("moved", name_moved(name, elsewhere)), ("gone", name_gone(name)))
    ),
]


CASES = PER_DIEM + MILEAGE + FIGURES + LISTS + NAMES

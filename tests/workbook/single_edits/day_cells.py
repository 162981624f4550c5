"""Single edits of what the workbook computes, or the program filled in, on the sheet Days."""

from __future__ import annotations

from tests.support.checking import ONE_DAY, Edits
from tests.support.edits import as_value, formula, typed
from tests.support.single_edits import BARRED, case, refused, sums

# $150.00 for the first night: $113.00 of it, and of its tax 12.74 x 113 / 150 = 9.60.
DEAR: Edits = {"lodging[0].room_rate": "150.00"}
# Two officers: $49.00 and $6.37 are this one's part.
SHARED: Edits = {"lodging[0].sharers": 2}
CREDIT: Edits = {"credits": [{"source": "hotel", "amount": "50.00", "line": "N1"}]}
LUNCH: Edits = {"furnished_meals[0].lunch": "registration"}
PAID_LESS: Edits = {"mie_paid": {"2026-11-03": "60.00"}}
PERSONAL: Edits = {"trip.personal_days": ["2026-11-04"], "lodging[2].room_rate": "0.00", "lodging[2].tax": "0.00"}
SHORT: Edits = {**ONE_DAY, "trip.returned_at": "2026-11-02T17:00"}
COMMUTER: Edits = {
    **ONE_DAY,
    "trip.day_trips": [{"date": "2026-11-02", "left_at": "06:00", "returned_at": "17:00"}],
}
WASHINGTON = "2026-DCA-0003"

COMPUTED = [
    case("a full day", typed({"Days!G5": "full day"}), "mie-day-percent adjusts Days!G5: 68.00 to 51.00"),
    case("no kind of day", typed({"Days!G6": "holiday"}), "mie-day-percent adjusts Days!G6: 0.00 to 68.00"),
    case("a higher ceiling", typed({"Days!I5": 199}), "lodging-rate-not-in-force adjusts Days!I5"),
    # At $90.00: the tax is 12.74 x 90 / 98 = 11.70.
    case("a lower ceiling", typed({"Days!I5": 90}), "lodging-rate-not-in-force adjusts Days!I5: 101.70 to 110.74"),
    case(
        "a higher ceiling of a dear room",
        typed({"Days!I5": 150}),
        "lodging-rate-not-in-force adjusts Days!I5: 162.74 to 122.60",
        claim=DEAR,
    ),
    case("a ceiling of half a cent more", typed({"Days!I5": 113.005}), "lodging-rate-not-in-force adjusts Days!I5"),
    case("a ceiling in words", typed({"Days!I5": "none"}), "lodging-rate-not-in-force adjusts Days!I5"),
    case("a ceiling on the day of return", typed({"Days!I9": 113}), "lodging-rate-not-in-force adjusts Days!I9"),
    case("more lodging allowed", typed({"Days!N5": 120}), "formula-overwritten adjusts Days!N5: 120.00 to 98.00"),
    case("less lodging allowed", typed({"Days!N5": 50}), "formula-overwritten adjusts Days!N5: 50.00 to 98.00"),
    case(
        "the ceiling is not applied",
        typed({"Days!N5": 150}),
        "lodging-over-ceiling adjusts Days!N5: 150.00 to 113.00",
        claim=DEAR,
    ),
    case(
        "the ceiling is not quite applied",
        typed({"Days!N5": 130}),
        "lodging-over-ceiling adjusts Days!N5: 130.00 to 113.00",
        claim=DEAR,
    ),
    case(
        "less than the ceiling",
        typed({"Days!N5": 100}),
        "formula-overwritten adjusts Days!N5: 100.00 to 113.00",
        claim=DEAR,
    ),
    case(
        "the whole tax of a dear room",
        typed({"Days!Q5": 12.74}),
        "lodging-tax-over-share adjusts Days!Q5: 12.74 to 9.60",
        claim=DEAR,
    ),
    case("more tax allowed", typed({"Days!Q5": 20}), "formula-overwritten adjusts Days!Q5: 20.00 to 12.74"),
    case(
        "the whole room of two",
        typed({"Days!N5": 98}),
        "shared-room-split adjusts Days!N5: 98.00 to 49.00",
        claim=SHARED,
    ),
    case(
        "the whole room of two claimed",
        typed({"Days!BG5": 98}),
        "shared-room-split adjusts Days!BG5: 104.37 to 55.37",
        claim=SHARED,
    ),
    case(
        "the whole tax of two claimed",
        typed({"Days!BH5": 12.74}),
        "shared-room-split adjusts Days!BH5: 12.74 to 6.37",
        claim=SHARED,
    ),
    case(
        "own home paid",
        typed({"Days!N5": 98}),
        "lodging-type adjusts Days!N5: 98.00 to 0.00",
        claim={"lodging[0].type": "own_home"},
    ),
    case(
        "another's room paid",
        typed({"Days!N5": 98}),
        "other-payer adjusts Days!N5: 98.00 to 0.00",
        claim={"lodging[0].paid_by": "other"},
    ),
    case(
        "a room paid without its folio",
        typed({"Days!N5": 98}),
        "formula-overwritten adjusts Days!N5: 98.00 to 0.00",
        claim={"lodging[0].receipt": None},
    ),
    case(
        "a credit not taken off the room",
        typed({"Days!N5": 98}),
        "credit-applied adjusts Days!N5: 98.00 to 48.00",
        claim=CREDIT,
    ),
    case(
        "a room on a personal day",
        typed({"Days!N7": 98}),
        "personal-day-paid adjusts Days!N7: 98.00 to 0.00",
        claim={**PERSONAL, "lodging[2].night": "2026-11-06"},
    ),
    case(
        "a room on the day of return", typed({"Days!N9": 98}), "formula-overwritten adjusts Days!N9: 149.00 to 51.00"
    ),
    case("lodging claimed on the day of return", typed({"Days!BG9": 98}), "formula-overwritten adjusts Days!BG9"),
    # --- M&IE
    case("a higher M&IE rate", typed({"Days!U6": 80}), "mie-rate-not-in-force adjusts Days!U6: 80.00 to 68.00"),
    case(
        "a lower one on the last day", typed({"Days!U9": 60}), "mie-rate-not-in-force adjusts Days!U9: 45.00 to 51.00"
    ),
    case("a day at 100 %", typed({"Days!V5": 1}), "mie-day-percent adjusts Days!V5: 68.00 to 51.00"),
    case("a day at 75 %", typed({"Days!V6": 0.75}), "mie-day-percent adjusts Days!V6: 51.00 to 68.00"),
    case(
        "a full day at less where no meal was answered",
        typed({"Days!AB6": 52}),
        "mie-day-percent adjusts Days!AB6: 52.00 to 68.00",
        claim={"furnished_meals": None},
    ),
    case(
        "a lunch worth more on a personal day",
        typed({"Days!BA7": 25}),
        "mie-rate-not-in-force adjusts Days!BA7",
        claim=PERSONAL,
    ),
    case("a share in words", typed({"Days!V5": "all"}), "mie-day-percent adjusts Days!V5"),
    case("the first day in full", typed({"Days!AB5": 68}), "mie-day-percent adjusts Days!AB5: 68.00 to 51.00"),
    case("a full day at less", typed({"Days!AB6": 60}), "mie-day-percent adjusts Days!AB6: 60.00 to 68.00"),
    case(
        "the hotel's breakfast deducted",
        typed({"Days!AB6": 52}),
        "complimentary-meal-deducted adjusts Days!AB6: 52.00 to 68.00",
    ),
    case(
        "the carrier's lunch deducted, the hotel's breakfast not",
        typed({"Days!AB6": 49}),
        "complimentary-meal-deducted adjusts Days!AB6: 49.00 to 68.00",
        claim={"furnished_meals[0].lunch": "carrier"},
    ),
    # 51 - 16 - 19 - 28 is below the incidentals of $5.00.
    case(
        "three meals of carriers deducted, down to the incidentals",
        typed({"Days!AB5": 5}),
        "complimentary-meal-deducted adjusts Days!AB5: 5.00 to 51.00",
        claim={
            "furnished_meals[+]": {
                "date": "2026-11-02",
                "breakfast": "carrier",
                "lunch": "carrier",
                "dinner": "carrier",
            }
        },
    ),
    case(
        "the entitlement with the hotel's breakfast deducted",
        typed({"Days!BK6": 52}),
        "complimentary-meal-deducted adjusts Days!BK6: 52.00 to 68.00",
    ),
    case(
        "a furnished lunch not deducted",
        typed({"Days!AB6": 68}),
        "furnished-meal-deduction adjusts Days!AB6: 68.00 to 49.00",
        claim=LUNCH,
    ),
    case(
        "a furnished lunch worth less",
        typed({"Days!BA6": 9}),
        "mie-rate-not-in-force adjusts Days!BA6: 59.00 to 49.00",
        claim=LUNCH,
    ),
    case("a lunch worth more", typed({"Days!BA6": 25}), "mie-rate-not-in-force adjusts Days!BA6"),
    case("a breakfast worth more", typed({"Days!AZ6": 20}), "mie-rate-not-in-force adjusts Days!AZ6"),
    case("a dinner worth more", typed({"Days!BB6": 30}), "mie-rate-not-in-force adjusts Days!BB6"),
    case("higher incidentals", typed({"Days!BC6": 6}), "mie-rate-not-in-force adjusts Days!BC6"),
    case(
        "more than the agency paid",
        typed({"Days!AB6": 68}),
        "mie-over-paid adjusts Days!AB6: 68.00 to 60.00",
        claim=PAID_LESS,
    ),
    case(
        "more claimed than the agency paid",
        typed({"Days!BL6": 68}),
        "mie-over-paid adjusts Days!BL6: 68.00 to 60.00",
        claim=PAID_LESS,
    ),
    case(
        "all that the agency paid",
        typed({"Days!AB6": 100}),
        "mie-day-percent adjusts Days!AB6: 100.00 to 68.00",
        claim={"mie_paid": {"2026-11-03": "100.00"}},
    ),
    case("a higher entitlement", typed({"Days!BK6": 80}), "mie-day-percent adjusts Days!BK6: 80.00 to 68.00"),
    case(
        "a higher entitlement than was paid",
        typed({"Days!BK6": 80}),
        "mie-day-percent adjusts Days!BK6",
        claim=PAID_LESS,
    ),
    case("less M&IE claimed", typed({"Days!BL6": 50}), "mie-day-percent adjusts Days!BL6: 50.00 to 68.00"),
    case(
        "M&IE on a personal day",
        typed({"Days!AB7": 68}),
        "personal-day-paid adjusts Days!AB7: 68.00 to 0.00",
        claim=PERSONAL,
    ),
    case(
        "a personal day at 100 %",
        typed({"Days!V7": 1}),
        "personal-day-paid adjusts Days!V7: 68.00 to 0.00",
        claim=PERSONAL,
    ),
    case("M&IE for 11 hours", typed({"Days!AB5": 51}), "short-trip adjusts Days!AB5: 51.00 to 0.00", claim=SHORT),
    case("11 hours at 75 %", typed({"Days!V5": 0.75}), "short-trip adjusts Days!V5: 51.00 to 0.00", claim=SHORT),
    case(
        "11 hours as a short trip",
        typed({"Days!G5": "short trip"}),
        "short-trip adjusts Days!G5: 51.00 to 0.00",
        claim=SHORT,
    ),
    case(
        "13 hours of 11",
        typed({"Days!BD5": 780}),
        "formula-overwritten adjusts Days!BD5: 51.00 to 0.00",
        claim=COMMUTER,
    ),
    case(
        "a few minutes more of 11 hours",
        typed({"Days!BD5": 670}),
        "formula-overwritten adjusts Days!BD5",
        claim=COMMUTER,
    ),
    # --- what only carries on
    case(
        "a day's total",
        typed({"Days!AC5": 200}),
        "total-does-not-foot adjusts Days!AC5: 200.00 to 161.74, payment 0.00",
    ),
    case("another M&IE rate number", typed({"Days!AY6": 2}), "mie-rate-not-in-force adjusts Days!AY6"),
    case("minutes of no day trip", typed({"Days!BD6": 5}), "formula-overwritten adjusts Days!BD6"),
    case("more nights in a row", typed({"Days!BE6": 5}), "formula-overwritten adjusts Days!BE6"),
    case("a higher ceiling applied", typed({"Days!BF6": 150}), "lodging-rate-not-in-force adjusts Days!BF6"),
    case(
        "a lower ceiling applied",
        typed({"Days!BF6": 90}),
        "lodging-rate-not-in-force adjusts Days!BF6: 101.70 to 110.74",
    ),
    case("more lodging claimed", typed({"Days!BG6": 150}), "formula-overwritten adjusts Days!BG6: 125.74 to 110.74"),
    case("more room tax claimed", typed({"Days!BH6": 20}), "formula-overwritten adjusts Days!BH6"),
    case("less room tax claimed", typed({"Days!BH6": 10}), "formula-overwritten adjusts Days!BH6: 10.00 to 12.74"),
    case("more flat tax claimed", typed({"Days!BI6": 20}), "formula-overwritten adjusts Days!BI6: 32.74 to 12.74"),
    case("more over the ceiling", typed({"Days!BJ6": 20}), "formula-overwritten adjusts Days!BJ6"),
    case(
        "the total of lodging",
        typed({"Days!N3": 500}),
        "total-does-not-foot adjusts Days!N3: 500.00 to 392.00, payment 0.00",
    ),
    case(
        "the total of tax",
        typed({"Days!Q3": 60}),
        "total-does-not-foot adjusts Days!Q3: 60.00 to 50.96, payment 0.00",
    ),
    case(
        "the total of M&IE",
        typed({"Days!AB3": 300}),
        "total-does-not-foot adjusts Days!AB3: 300.00 to 306.00, payment 0.00",
    ),
    case(
        "the total of days",
        typed({"Days!AC3": 800}),
        "total-does-not-foot adjusts Days!AC3: 800.00 to 748.96, payment 0.00",
    ),
    # --- formulas
    case(
        "another formula for a ceiling",
        formula("Days!I5", "100+99", 199),
        "formula-overwritten adjusts Days!I5",
        keeps=["Days!I5"],
    ),
    case(
        "another formula for M&IE",
        formula("Days!AB5", "U5", 68),
        "formula-overwritten adjusts Days!AB5: 68.00 to 51.00",
        keeps=["Days!AB5"],
    ),
    case(
        "another formula for a total",
        formula("Days!N3", "SUM(N5:N9)+8", 400),
        "formula-overwritten adjusts Days!N3: 400.00 to 392.00, payment 0.00",
        keeps=["Days!N3"],
    ),
    case("a formula replaced by its value", as_value("Days!AB5")),
    # $51.00 of M&IE are in no sum any more, as the sender sees it.
    case(
        "a computed cell cleared",
        typed({"Days!AB5": None}),
        computes={"Days!AC5": 110.74, "Days!AB3": 255, "mie_allowed_total": 255, **sums(847.68)},
        shown="total-does-not-foot adjusts Days!AB5, Claim!G5: 847.68 to 898.68",
    ),
]

FILLED_IN = [
    case(
        "a bar of nobody's", typed({"Days!AD5": "no receipt"}), "formula-overwritten adjusts Days!AD5: 0.00 to 110.74"
    ),
    # The workbook leaves a night of $98.00 and $12.74 out that did not lie in the future on any day of a build.
    case(
        "an old bar",
        typed({"Days!AD5": "date-in-future"}),
        computes={"Days!N5": 0, "Days!Q5": 0, "lodging_allowed_total": 294, **sums(787.94)},
        shown="total-does-not-foot adjusts Days!N5, Days!Q5, Claim!G5: 787.94 to 898.68",
    ),
    case("a rate number without a rate", typed({"Days!AX5": 2}), "lodging-rate-not-in-force adjusts Days!AX5"),
    case("no rate number", typed({"Days!AX5": None}), "lodging-rate-not-in-force adjusts Days!AX5"),
    case("a rate number in words", typed({"Days!AX9": "one"}), "lodging-rate-not-in-force adjusts Days!AX9"),
    # September has $275.00 and October $287.00; M&IE is $92.00 in both. The night at $301.00 with $48.01 tax is worth
    # 275.00 + 43.86 or 287.00 + 45.78; more than $1,000.00 is allowable in any case.
    case(
        "the rate number of the month after",
        typed({"Days!AX8": 2}),
        "lodging-rate-not-in-force adjusts Days!I8: 332.78 to 318.86, payment 0.00",
        of=WASHINGTON,
    ),
    case(
        "an alternate ceiling",
        typed({"Days!AV5": 200}),
        "lodging-rate-not-in-force adjusts Days!AV5",
        claim={"lodging[0].approval": {"by": "nasro", "on": "2026-10-01", "ceiling": "150.00", "reason": "full"}},
    ),
    case(
        "an alternate ceiling that the agency alone approved",
        typed({"Days!AV5": 120}),
        claim={
            "lodging[0].room_rate": "130.00",
            "lodging[0].approval": {"by": "agency", "on": "2026-10-01", "reason": "no other room"},
            "lodging[0].alternate_place": {"city": "Birmingham", "state": "AL"},
        },
    ),
    case(
        "an alternate ceiling that nobody approved",
        typed({"Days!AV5": 120}),
        claim={"lodging[0].room_rate": "130.00", "lodging[0].alternate_place": {"city": "Birmingham", "state": "AL"}},
    ),
    case("an alternate ceiling that counts for nothing", typed({"Days!AV5": 200})),
    case(
        "an alternate ceiling typed over",
        typed({"Days!AV5": 120}),
        # 120.00 + 12.74 x 120 / 130 = 11.76 of 142.74.
        "lodging-rate-not-in-force adjusts Days!AV5: 131.76 to 142.74",
        claim={
            "lodging[0].room_rate": "130.00",
            "lodging[0].approval": {"by": "nasro", "on": "2026-10-01", "reason": "no other room"},
            "lodging[0].alternate_place": {"city": "Birmingham", "state": "AL"},
        },
    ),
    case("the line of a night that nobody names", typed({"Days!AT5": "N9"})),
    case(
        "the line of a night that a credit names",
        typed({"Days!AT5": "N9"}),
        f"malformed blocks Claim!I45: {BARRED}",
        gone=["credit-applied info Claim!H45: 98.00 to 48.00", "lodging-tax-over-share info Days!O5: 12.74 to 6.24"],
        claim=CREDIT,
    ),
    case("the line of a day gone", typed({"Days!AU6": None}), f"stops-not-continuous blocks Days!A5: {BARRED}"),
    case(
        "words that nothing is computed from",
        typed({"Days!B5": "Friday", "Days!C5": "Orlando, FL", "Days!F5": "x", "Days!AF5": "y", "Days!AG5": "z"}),
    ),
    refused("a header retyped", typed({"Days!K4": "Price"}), "malformed blocks Days!A4"),
    case("a header of a computed column retyped", typed({"Days!N4": "Paid"})),
]

CASES = COMPUTED + FILLED_IN

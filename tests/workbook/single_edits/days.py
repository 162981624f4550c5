"""Single edits of what a person states on the sheet Days: rooms, meals, personal days, dates."""

from __future__ import annotations

from datetime import date, datetime, time

from tests.support.checking import Edits
from tests.support.edits import typed
from tests.support.single_edits import BARRED, case, refused, sums

WITHOUT_N1 = "787.94 to 0.00"
"""The same, where a night of $98.00 with $12.74 tax cannot be read."""
N1_CUT = "110.74 to 0.00"

# $140.00 for the first night, approved up to $150.00: nothing to question.
APPROVED: Edits = {
    "lodging[0].room_rate": "140.00",
    "lodging[0].approval": {"by": "nasro", "on": "2026-10-01", "ceiling": "150.00", "reason": "no other room"},
}
# At the hotel's own place, Birmingham at $135.00, for the first night.
ALTERNATE: Edits = {
    "lodging[0].room_rate": "130.00",
    "lodging[0].approval": {"by": "nasro", "on": "2026-10-01", "reason": "no other room"},
    "lodging[0].alternate_place": {"city": "Birmingham", "state": "AL"},
}
LUNCH: Edits = {"furnished_meals[0].lunch": "registration"}
LUNCH_CUT = "furnished-meal-deduction info Days!X6: 68.00 to 49.00"

ROOMS = [
    # Tax of 120.00: 12.74 x 113 / 120 = 11.997.
    case(
        "a room above the ceiling",
        typed({"Days!K5": 120}),
        "lodging-over-ceiling info Days!K5: 120.00 to 113.00",
        "lodging-tax-over-share info Days!O5: 12.74 to 12.00",
    ),
    case("a room at the ceiling", typed({"Days!K5": 113})),
    case("a cheaper room", typed({"Days!K5": 90})),
    case(
        "a free room",
        typed({"Days!K5": 0}),
        "lodging-tax-high review Days!O5",
        "lodging-tax-over-share info Days!O5: 12.74 to 0.00",
    ),
    case(
        "a night left out",
        typed({"Days!K6": None, "Days!O6": None, "Days!S6": None}),
        "night-unanswered review Days!K5:K9",
    ),
    # Above the limit: 898.68 + 110.74 are 9.42 too much.
    case(
        "a night on the day of return",
        typed({"Days!K9": 98, "Days!O9": 12.74, "Days!S9": "R1"}),
        "lodging-night-not-in-trip blocks Days!K9, Days!O9: 110.74 to 0.00, payment -101.32",
    ),
    case("no room rate", typed({"Days!K5": None}), f"malformed blocks Days!K5: {WITHOUT_N1}"),
    case("a room rate in words", typed({"Days!K5": "ninety-eight"}), f"malformed blocks Days!K5: {WITHOUT_N1}"),
    case("a currency typed as text", typed({"Days!K5": "$98.00"}), f"malformed blocks Days!K5: {WITHOUT_N1}"),
    case("a decimal comma", typed({"Days!K5": "98,00"}), f"malformed blocks Days!K5: {WITHOUT_N1}"),
    case("a thousands comma", typed({"Days!K5": "1,098.00"}), f"malformed blocks Days!K5: {WITHOUT_N1}"),
    case("a number typed as text", typed({"Days!K5": "98.00"})),
    case("less than nothing", typed({"Days!K5": -98}), f"malformed blocks Days!K5: {WITHOUT_N1}"),
    case("three decimals", typed({"Days!K5": 98.005}), f"malformed blocks Days!K5: {WITHOUT_N1}"),
    case("yes for a room rate", typed({"Days!K5": True}), f"malformed blocks Days!K5: {WITHOUT_N1}"),
    case("so large a number", typed({"Days!K5": 1e300}), f"malformed blocks Days!K5: {WITHOUT_N1}"),
    case("more than a fifth of tax", typed({"Days!O5": 25}), "lodging-tax-high review Days!O5"),
    case("no tax", typed({"Days!O5": None})),
    case("a flat tax", typed({"Days!P5": 2}), "flat-tax review Days!P5"),
    case("two share", typed({"Days!L5": 2}), "shared-room-split info Days!K5, Days!O5: 110.74 to 55.37"),
    case("two in words", typed({"Days!L5": "two"}), f"malformed blocks Days!L5: {WITHOUT_N1}"),
    # A single room at $80.00: the tax is 12.74 x 80 / 98 = 10.40.
    case("a companion", typed({"Days!AH5": 80}), "shared-room-split info Days!K5, Days!O5: 110.74 to 90.40"),
    case(
        "a companion and an officer",
        typed({"Days!AH5": 80}),
        f"malformed blocks Days!AH5: {WITHOUT_N1}",
        gone=["shared-room-split info Days!K5, Days!O5: 110.74 to 55.37"],
        claim={"lodging[0].sharers": 2},
    ),
    case("with friends", typed({"Days!M5": "friends_family"}), "lodging-type review Days!M5"),
    case("home-sharing", typed({"Days!M5": "home_sharing"}), "lodging-type review Days!M5"),
    case("a dormitory", typed({"Days!M5": "dormitory"}), "lodging-type review Days!M5"),
    # The night between November 2 and 3 takes the M&IE of both, 51.00 + 68.00.
    case(
        "own home",
        typed({"Days!M5": "own_home"}),
        f"lodging-type info Days!K5, Days!O5: {N1_CUT}",
        "commuting blocks Days!M5: 119.00 to 0.00",
    ),
    case("a castle", typed({"Days!M5": "castle"}), f"malformed blocks Days!M5: {WITHOUT_N1}"),
    case("no folio", typed({"Days!S5": None}), f"lodging-receipt-missing blocks Days!S5: {N1_CUT}"),
    case(
        "a statement for the folio",
        typed({"Days!T5": "yes"}),
        "lodging-receipt-missing review Days!T5",
        gone=[f"lodging-receipt-missing blocks Days!S5: {N1_CUT}"],
        claim={"lodging[0].receipt": None},
    ),
    case("another payer", typed({"Days!AJ5": "other"}), f"other-payer info Days!AJ5: {N1_CUT}"),
    case("the hotel's name", typed({"Days!R5": "Inn"})),
    # --- approvals
    case(
        "approved on the day of departure",
        typed({"Days!AL5": date(2026, 11, 2)}),
        "above-ceiling-approval review Days!J5",
        claim=APPROVED,
    ),
    case(
        "approved by the agency alone",
        typed({"Days!AK5": "agency"}),
        "above-ceiling-approval review Days!J5",
        "lodging-over-ceiling info Days!K5: 140.00 to 113.00",
        "lodging-tax-over-share info Days!O5: 12.74 to 10.28",
        claim=APPROVED,
    ),
    case(
        "less approved",
        typed({"Days!J5": 120}),
        "lodging-over-ceiling info Days!K5: 140.00 to 120.00",
        "lodging-tax-over-share info Days!O5: 12.74 to 10.92",
        claim=APPROVED,
    ),
    # 3 x (113 + 68) - 68 = 475.
    case(
        "more approved than can be",
        typed({"Days!J5": 475.01}),
        "above-ceiling-approval review Days!J5",
        claim=APPROVED,
    ),
    case("all approved that can be", typed({"Days!J5": 475}), claim=APPROVED),
    case(
        "approved without a reason", typed({"Days!AM5": None}), "justification-empty review Days!AM5", claim=APPROVED
    ),
    case(
        "the hotel's place without a rate",
        typed({"Days!AN5": "Moody"}),
        # What was filled in at the build is Birmingham's.
        "lodging-rate-not-in-force adjusts Days!AV5: 142.74 to 124.07",
        "lodging-over-ceiling info Days!K5: 130.00 to 113.00",
        "lodging-tax-over-share info Days!O5: 12.74 to 11.07",
        claim=ALTERNATE,
    ),
    refused(
        "the hotel's place nowhere",
        typed({"Days!AN5": "Nowhereville"}),
        "rate-unresolved blocks Days!AN5",
        claim=ALTERNATE,
    ),
    case(
        "the hotel's place without an approval",
        typed({"Days!AK5": "agency"}),
        "above-ceiling-approval review Days!J5",
        "lodging-over-ceiling info Days!K5: 130.00 to 113.00",
        "lodging-tax-over-share info Days!O5: 12.74 to 11.07",
        claim=ALTERNATE,
    ),
]

MEALS = [
    case(
        "a furnished breakfast", typed({"Days!W6": "host"}), "furnished-meal-deduction info Days!W6: 68.00 to 52.00"
    ),
    case(
        "a furnished lunch",
        typed({"Days!X6": "registration"}),
        "furnished-meal-deduction info Days!X6: 68.00 to 49.00",
    ),
    case(
        "a furnished dinner",
        typed({"Days!Y6": "government"}),
        "furnished-meal-deduction info Days!Y6: 68.00 to 40.00",
    ),
    # 51 - 28, the whole value off the reduced amount.
    case(
        "a furnished dinner on the first day",
        typed({"Days!Y5": "host"}),
        "furnished-meal-deduction info Days!Y5: 51.00 to 23.00",
    ),
    case("a meal unticked", typed({"Days!X6": "none"}), gone=[LUNCH_CUT], claim=LUNCH),
    case(
        "a statement for the meal",
        typed({"Days!Z6": "medical"}),
        "meal-statement review Days!Z6",
        gone=[LUNCH_CUT],
        claim=LUNCH,
    ),
    case("a meal of the hotel less", typed({"Days!W6": "none"})),
    case("a meal not answered", typed({"Days!W6": None}), "meals-not-answered review Days!W6"),
    case(
        "no meal answered",
        typed({f"Days!{letter}{row}": None for letter in "WXY" for row in range(5, 10)}),
        "meals-not-answered review Days!W5:Y9",
    ),
    case("refreshments", typed({"Days!W6": "refreshments"}), "light-refreshments review Days!W6"),
    case("a waiter", typed({"Days!W6": "waiter"}), f"malformed blocks Days!W6: {BARRED}"),
    case(
        "a waiter at lunch that is deducted",
        typed({"Days!X6": "waiter"}),
        f"malformed blocks Days!X6: {BARRED}",
        gone=[LUNCH_CUT],
        claim=LUNCH,
    ),
    case("the agency paid less", typed({"Days!AA6": 60}), "mie-over-paid info Days!AA6: 68.00 to 60.00"),
    case("the agency paid nothing", typed({"Days!AA6": 0}), "mie-over-paid info Days!AA6: 68.00 to 0.00"),
    case("the agency paid more", typed({"Days!AA6": 100}), "mie-day-percent adjusts Days!AA6: 100.00 to 68.00"),
    case("the agency paid all", typed({"Days!AA6": "all"}), f"malformed blocks Days!AA6: {BARRED}"),
]

DATES = [
    # Of a personal day neither room nor M&IE is paid; at the start the day after becomes the first.
    case(
        "a personal day at the start",
        typed({"Days!H5": "yes"}),
        f"personal-day-paid adjusts Days!K5, Days!O5: {N1_CUT}",
        "personal-day-expense review Expenses!B5",
    ),
    case(
        "a personal day in between",
        typed({"Days!H7": "yes"}),
        f"personal-day-paid adjusts Days!K7, Days!O7: {N1_CUT}",
    ),
    case(
        "a personal day at the end",
        typed({"Days!H9": "yes"}),
        f"personal-day-paid adjusts Days!K8, Days!O8: {N1_CUT}",
        "personal-day-expense review Expenses!B6",
    ),
    case("perhaps a personal day", typed({"Days!H6": "maybe"}), f"malformed blocks Days!H6: {BARRED}"),
    case("no personal day", typed({"Days!H6": "no"})),
    # Both rows are left out until one of them is corrected: two nights of $110.74 fewer.
    case(
        "a day twice",
        typed({"Days!A5": date(2026, 11, 3)}),
        "stops-not-continuous blocks Days!A5, Days!A6: 677.20 to 0.00",
    ),
    case(
        "a day after the trip",
        typed({"Days!A9": date(2026, 11, 9)}),
        f"stops-not-continuous blocks Days!A9: {BARRED}",
    ),
    case("a day without a date", typed({"Days!A6": None}), f"malformed blocks Days!A6: {WITHOUT_N1}"),
    case("a day by its name", typed({"Days!A6": "Tuesday"}), f"malformed blocks Days!A6: {WITHOUT_N1}"),
    case(
        "a day with a time",
        typed({"Days!A6": datetime(2026, 11, 3, 10)}),
        f"malformed blocks Days!A6: {WITHOUT_N1}",
    ),
    # The formulas take no text for a date: the night of November 3, $110.74, is none for them.
    case(
        "a day as text",
        typed({"Days!A6": "2026-11-03"}),
        computes={
            "Days!BE6": 0,
            "Days!BF6": 0,
            "Days!N6": 0,
            "Days!Q6": 0,
            "lodging_allowed_total": 294,
            **sums(787.94),
        },
        shown="total-does-not-foot adjusts Days!BE6, Days!BF6, Claim!G5: 787.94 to 898.68",
    ),
    case("half a day trip", typed({"Days!AR5": time(6)}), f"malformed blocks Days!AS5: {BARRED}"),
    # Day trips belong to a stop of one date.
    refused(
        "a day trip beside nights", typed({"Days!AR5": time(6), "Days!AS5": time(19)}), "malformed blocks Claim!J38"
    ),
    case(
        "a night below the table",
        typed({"Days!A11": date(2026, 11, 3), "Days!K11": 98, "Days!S11": "R1"}),
        f"malformed blocks Days!A11: {BARRED}",
    ),
    case("a room rate below the table", typed({"Days!K11": 98}), f"malformed blocks Days!A11: {BARRED}"),
]

CASES = ROOMS + MEALS + DATES

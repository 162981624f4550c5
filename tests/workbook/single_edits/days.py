"""Single edits of what a person states on the sheet Days: rooms, meals, personal days, dates."""

from __future__ import annotations

from datetime import date, time

from tests.support.checking import Edits
from tests.support.edits import typed
from tests.support.single_edits import BARRED, case, refused

NIGHT, SECOND = date(2026, 11, 2), date(2026, 11, 3)
"""The first night, and the second day."""
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
LUNCH_CUT = "furnished-meal-deduction info day_lunch[1]: 68.00 to 49.00"

ROOMS = [
    # Tax of 120.00: 12.74 x 113 / 120 = 11.997.
    case(
        "a room above the ceiling",
        typed({"day_room[0]": 120}),
        "lodging-over-ceiling info day_room[0]: 120.00 to 113.00",
        "lodging-tax-over-share info day_tax[0]: 12.74 to 12.00",
    ),
    case("a room at the ceiling", typed({"day_room[0]": 113})),
    case("a cheaper room", typed({"day_room[0]": 90})),
    case(
        "a free room",
        typed({"day_room[0]": 0}),
        "lodging-tax-high review day_tax[0]",
        "lodging-tax-over-share info day_tax[0]: 12.74 to 0.00",
    ),
    case(
        "a night left out",
        typed({"day_room[1]": None, "day_tax[1]": None, "day_receipt[1]": None}),
        "night-unanswered review day_room[0]:day_room[4]",
    ),
    # Above the limit: 898.68 + 110.74 are 9.42 too much.
    case(
        "a night on the day of return",
        typed({"day_room[4]": 98, "day_tax[4]": 12.74, "day_receipt[4]": "R1"}),
        "lodging-night-not-in-trip blocks day_room[4], day_tax[4]: 110.74 to 0.00, payment -101.32",
    ),
    case("no room rate", typed({"day_room[0]": None}), f"malformed blocks day_room[0]: {WITHOUT_N1}"),
    case(
        "a room rate in words", typed({"day_room[0]": "ninety-eight"}), f"malformed blocks day_room[0]: {WITHOUT_N1}"
    ),
    case("a currency typed as text", typed({"day_room[0]": "$98.00"})),
    case("a decimal comma", typed({"day_room[0]": "98,00"}), f"malformed blocks day_room[0]: {WITHOUT_N1}"),
    # 12.74 x 113 / 1098 = 1.31 of the tax.
    case(
        "a thousands comma",
        typed({"day_room[0]": "1,098.00"}),
        "lodging-over-ceiling info day_room[0]: 1098.00 to 113.00, payment -97.75",
        "lodging-tax-over-share info day_tax[0]: 12.74 to 1.31",
    ),
    case("a number typed as text", typed({"day_room[0]": "98.00"})),
    case("less than nothing", typed({"day_room[0]": -98}), f"malformed blocks day_room[0]: {WITHOUT_N1}"),
    case("three decimals", typed({"day_room[0]": 98.005}), f"malformed blocks day_room[0]: {WITHOUT_N1}"),
    case("yes for a room rate", typed({"day_room[0]": True}), f"malformed blocks day_room[0]: {WITHOUT_N1}"),
    case("so large a number", typed({"day_room[0]": 1e300}), f"malformed blocks day_room[0]: {WITHOUT_N1}"),
    case("more than a fifth of tax", typed({"day_tax[0]": 25}), "lodging-tax-high review day_tax[0]"),
    case("no tax", typed({"day_tax[0]": None})),
    case("a flat tax", typed({"room_from[0]": NIGHT, "room_flat[0]": 2}), "flat-tax review room_flat[0]"),
    case(
        "two share",
        typed({"room_from[0]": NIGHT, "room_sharers[0]": 2}),
        "shared-room-split info day_room[0], day_tax[0]: 110.74 to 55.37",
    ),
    case(
        "two in words",
        typed({"room_from[0]": NIGHT, "room_sharers[0]": "two"}),
        f"malformed blocks room_sharers[0]: {WITHOUT_N1}",
    ),
    # A single room at $80.00: the tax is 12.74 x 80 / 98 = 10.40.
    case(
        "a companion",
        typed({"room_from[0]": NIGHT, "room_single[0]": 80}),
        "shared-room-split info day_room[0], day_tax[0]: 110.74 to 90.40",
    ),
    case(
        "a companion and an officer",
        typed({"room_single[0]": 80}),
        f"malformed blocks room_single[0]: {WITHOUT_N1}",
        gone=["shared-room-split info day_room[0], day_tax[0]: 110.74 to 55.37"],
        claim={"lodging[0].sharers": 2},
    ),
    case(
        "with friends",
        typed({"room_from[0]": NIGHT, "room_type[0]": "friends_family"}),
        "lodging-type review room_type[0]",
    ),
    case(
        "home-sharing",
        typed({"room_from[0]": NIGHT, "room_type[0]": "home_sharing"}),
        "lodging-type review room_type[0]",
    ),
    case(
        "a dormitory", typed({"room_from[0]": NIGHT, "room_type[0]": "dormitory"}), "lodging-type review room_type[0]"
    ),
    # The night between November 2 and 3 takes the M&IE of both, 51.00 + 68.00.
    case(
        "own home",
        typed({"room_from[0]": NIGHT, "room_type[0]": "own_home"}),
        f"lodging-type info day_room[0], day_tax[0]: {N1_CUT}",
        "commuting blocks room_type[0]: 119.00 to 0.00",
    ),
    case(
        "a castle",
        typed({"room_from[0]": NIGHT, "room_type[0]": "castle"}),
        f"malformed blocks room_type[0]: {WITHOUT_N1}",
    ),
    case("no folio", typed({"day_receipt[0]": None}), f"lodging-receipt-missing blocks day_receipt[0]: {N1_CUT}"),
    case(
        "a statement for the folio",
        typed({"room_from[0]": NIGHT, "room_statement[0]": "yes"}),
        "lodging-receipt-missing review room_statement[0]",
        gone=[f"lodging-receipt-missing blocks day_receipt[0]: {N1_CUT}"],
        claim={"lodging[0].receipt": None},
    ),
    case(
        "another payer",
        typed({"room_from[0]": NIGHT, "room_paid_by[0]": "other"}),
        f"other-payer info room_paid_by[0]: {N1_CUT}",
    ),
    case("the hotel's name", typed({"room_from[0]": NIGHT, "room_hotel[0]": "Inn"})),
    # --- approvals
    case(
        "approved on the day of departure",
        typed({"room_on[0]": date(2026, 11, 2)}),
        "above-ceiling-approval review room_by[0]",
        claim=APPROVED,
    ),
    case(
        "approved by the agency alone",
        typed({"room_by[0]": "agency"}),
        "above-ceiling-approval review room_by[0]",
        "lodging-over-ceiling info day_room[0]: 140.00 to 113.00",
        "lodging-tax-over-share info day_tax[0]: 12.74 to 10.28",
        claim=APPROVED,
    ),
    case(
        "less approved",
        typed({"room_ceiling[0]": 120}),
        "lodging-over-ceiling info day_room[0]: 140.00 to 120.00",
        "lodging-tax-over-share info day_tax[0]: 12.74 to 10.92",
        claim=APPROVED,
    ),
    # 3 x (113 + 68) - 68 = 475.
    case(
        "more approved than can be",
        typed({"room_ceiling[0]": 475.01}),
        "above-ceiling-approval review room_by[0]",
        claim=APPROVED,
    ),
    case("all approved that can be", typed({"room_ceiling[0]": 475}), claim=APPROVED),
    case(
        "approved without a reason",
        typed({"room_why[0]": None}),
        "justification-empty review room_why[0]",
        claim=APPROVED,
    ),
    case(
        "the hotel's place without a rate",
        typed({"room_city[0]": "Moody"}),
        # The rate area beside it is still Birmingham's.
        "lodging-rate-not-in-force adjusts room_area[0]: 142.74 to 124.07",
        "lodging-over-ceiling info day_room[0]: 130.00 to 113.00",
        "lodging-tax-over-share info day_tax[0]: 12.74 to 11.07",
        claim=ALTERNATE,
    ),
    refused(
        "the hotel's place nowhere",
        typed({"room_city[0]": "Nowhereville"}),
        "rate-unresolved blocks room_city[0]",
        claim=ALTERNATE,
    ),
    case(
        "the hotel's place without an approval",
        typed({"room_by[0]": "agency"}),
        "above-ceiling-approval review room_by[0]",
        "lodging-over-ceiling info day_room[0]: 130.00 to 113.00",
        "lodging-tax-over-share info day_tax[0]: 12.74 to 11.07",
        claim=ALTERNATE,
    ),
]

MEALS = [
    case(
        "a furnished breakfast",
        typed({"day_breakfast[1]": "host"}),
        "furnished-meal-deduction info day_breakfast[1]: 68.00 to 52.00",
    ),
    case(
        "a furnished lunch",
        typed({"day_lunch[1]": "registration"}),
        "furnished-meal-deduction info day_lunch[1]: 68.00 to 49.00",
    ),
    case(
        "a furnished dinner",
        typed({"day_dinner[1]": "government"}),
        "furnished-meal-deduction info day_dinner[1]: 68.00 to 40.00",
    ),
    # 51 - 28, the whole value off the reduced amount.
    case(
        "a furnished dinner on the first day",
        typed({"day_dinner[0]": "host"}),
        "furnished-meal-deduction info day_dinner[0]: 51.00 to 23.00",
    ),
    case("a meal unticked", typed({"day_lunch[1]": "none"}), gone=[LUNCH_CUT], claim=LUNCH),
    case(
        "a statement for the meal",
        typed({"miex_from[0]": SECOND, "miex_excuse[0]": "medical"}),
        "meal-statement review miex_excuse[0]",
        gone=[LUNCH_CUT],
        claim=LUNCH,
    ),
    case("a meal of the hotel less", typed({"day_breakfast[1]": "none"})),
    case("a meal not answered", typed({"day_breakfast[1]": None}), "meals-not-answered review day_breakfast[1]"),
    case(
        "no meal answered",
        typed({f"day_{meal}[{row}]": None for meal in ("breakfast", "lunch", "dinner") for row in range(5)}),
        "meals-not-answered review day_breakfast[0]:day_dinner[4]",
    ),
    case("refreshments", typed({"day_breakfast[1]": "refreshments"}), "light-refreshments review day_breakfast[1]"),
    case("a waiter", typed({"day_breakfast[1]": "waiter"}), f"malformed blocks day_breakfast[1]: {BARRED}"),
    case(
        "a waiter at lunch that is deducted",
        typed({"day_lunch[1]": "waiter"}),
        f"malformed blocks day_lunch[1]: {BARRED}",
        gone=[LUNCH_CUT],
        claim=LUNCH,
    ),
    case(
        "the agency paid less",
        typed({"miex_from[0]": SECOND, "miex_paid[0]": 60}),
        "mie-over-paid info miex_paid[0]: 68.00 to 60.00",
    ),
    case(
        "the agency paid nothing",
        typed({"miex_from[0]": SECOND, "miex_paid[0]": 0}),
        "mie-over-paid info miex_paid[0]: 68.00 to 0.00",
    ),
    case(
        "the agency paid more",
        typed({"miex_from[0]": SECOND, "miex_paid[0]": 100}),
        "mie-day-percent adjusts miex_paid[0]: 100.00 to 68.00",
    ),
    case(
        "the agency paid all",
        typed({"miex_from[0]": SECOND, "miex_paid[0]": "all"}),
        f"malformed blocks miex_paid[0]: {BARRED}",
    ),
]

DATES = [
    # Of a personal day neither room nor M&IE is paid; at the start the day after becomes the first.
    case(
        "a personal day at the start",
        typed({"day_personal[0]": "yes"}),
        f"personal-day-paid adjusts day_room[0], day_tax[0]: {N1_CUT}",
        "personal-day-expense review exp_date[0]",
    ),
    case(
        "a personal day in between",
        typed({"day_personal[2]": "yes"}),
        f"personal-day-paid adjusts day_room[2], day_tax[2]: {N1_CUT}",
    ),
    case(
        "a personal day at the end",
        typed({"day_personal[4]": "yes"}),
        f"personal-day-paid adjusts day_room[3], day_tax[3]: {N1_CUT}",
        "personal-day-expense review exp_date[1]",
    ),
    case(
        "perhaps a personal day", typed({"day_personal[1]": "maybe"}), f"malformed blocks day_personal[1]: {BARRED}"
    ),
    case("no personal day", typed({"day_personal[1]": "no"})),
    # --- the number of a row says which day it is
    case(
        "a day by its name",
        typed({"day_day[1]": "Tuesday"}),
        f"malformed blocks day_day[0]: {WITHOUT_N1}",
        f"malformed blocks day_room[1]: {WITHOUT_N1}",
    ),
    case(
        "a day twice",
        typed({"day_day[1]": 1}),
        f"malformed blocks day_day[0]: {WITHOUT_N1}",
        f"malformed blocks day_day[1]: {WITHOUT_N1}",
    ),
    refused(
        "half a day trip",
        typed({"dtrip_left[0]": time(6)}),
        "malformed blocks dtrip_date[0]",
        "malformed blocks dtrip_back[0]",
    ),
    # A commuter has no nights: four rooms of $110.74 with the tax.
    case(
        "a day trip beside nights",
        typed({"dtrip_date[0]": NIGHT, "dtrip_left[0]": time(6), "dtrip_back[0]": time(19)}),
        "lodging-night-not-in-trip blocks day_room[0]:day_room[3], day_tax[0]:day_tax[3]: 442.96 to 0.00",
    ),
    case(
        "a room rate on a row that is no day", typed({"day_room[6]": 98}), f"malformed blocks day_room[6]: {BARRED}"
    ),
]

CASES = ROOMS + MEALS + DATES

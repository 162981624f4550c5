"""Single edits that put a formula where a person types: plain arithmetic is computed, all else cannot be read."""

from __future__ import annotations

from tests.support.edits import both, formula, kept
from tests.support.single_edits import BARRED, Case, case, sums
from tests.workbook.single_edits.expenses import TAXI

N1 = "malformed blocks Days!K5: 787.94 to 0.00"
"""A night of $98.00 with $12.74 tax that cannot be read."""
SEEN = {"lodging_claimed_total": 407, "lodging_allowed_total": 407, "claimed_total": 913.68, **sums(913.68)}
"""What the workbook computes with $113.00 for the first night."""


def asks(name: str, cell: str, text: str, value: str | float | bool | None = None, *new: str) -> Case:
    """A formula that is computed: a person decides."""
    return case(name, formula(cell, text, value), f"input-formula review {cell}", *new)


PLAIN = [
    asks("a sum", "Days!K5", "90+8", 98),
    asks("a sum kept as another", "Days!K5", "90+8", 113),
    asks("a sum kept as nothing", "Days!K5", "90+8"),
    asks("a sum kept in words", "Days!K5", "90+8", "free"),
    asks("an amount alone", "Days!K5", "98", 98),
    asks("an accountant's sum", "Days!K5", "+90+8", 98),
    asks("spaces and parentheses", "Days!K5", " ( 100 - 2 ) * 1 ", 98),
    asks("a sign before parentheses", "Days!K5", "-(2-100)", 98),
    asks("a third, to the cent", "Days!K5", "293.99/3", 97.9966666),
    asks("half a cent up", "Days!K5", "97.995", 97.995),
    asks("a tax by its rate", "Days!O5", "98*13%", 12.74),
    asks("miles there and back", "Expenses!H5", "197/2", 98.5),
    asks("hours of a week", "Claim!F27", "5*8", 40),
    asks("a day by its number", "Claim!I10", "46346-1", 46345),
    asks("the day after", "Days!A6", "46328+1", 46329),
    asks("the number of a folio", "Days!S5", "4000+17", 4017),
    # $113.00 is the ceiling; of $120.00 it is all that is allowed, and of the tax 12.74 x 113 / 120 = 12.00.
    asks("a room at the ceiling kept as a cheaper one", "Days!K5", "100+13", 98),
    asks(
        "a room above the ceiling kept as a cheaper one",
        "Days!K5",
        "100+20",
        98,
        "lodging-over-ceiling info Days!K5: 120.00 to 113.00",
        "lodging-tax-over-share info Days!O5: 12.74 to 12.00",
    ),
    # The workbook computes with the value that it keeps: the difference is that of the formula.
    case(
        "a sum kept as another, and what follows",
        both(formula("Days!K5", "90+8", 113), kept({"Days!BG5": 113, "Days!N5": 113, **SEEN})),
        "input-formula review Days!K5",
        keeps=["Days!K5", "Days!BG5", "Days!N5", *SEEN],
    ),
    # LibreOffice writes so what was typed as TRUE.
    case("a truth", formula("course_coordinated", "TRUE()", True)),
    case(
        "a truth that bars",
        formula("course_coordinated", "FALSE()", False),
        f"not-coordinated blocks Claim!E31: {BARRED}",
    ),
]

OTHERS = [
    case("another cell", formula("Days!K5", "K6", 98), N1),
    case("another cell in a sum", formula("Days!K5", "K6+0", 98), N1),
    case("a function", formula("Days!K5", "SUM(90,8)", 98), N1),
    case("a text", formula("Days!K5", '"98.00"', "98.00"), N1),
    case("a power", formula("Days!K5", "98^1", 98), N1),
    case("a comparison", formula("Days!K5", "98=98", True), N1),
    case("a sum that ends in a sign", formula("Days!K5", "90+8+", 98), N1),
    case("an open parenthesis", formula("Days!K5", "(90+8", 98), N1),
    case("two numbers", formula("Days!K5", "90 8", 98), N1),
    case("nothing through nothing", formula("Days!K5", "1/0", 98), N1),
    case("less than nothing", formula("Days!K5", "90-98", 98), N1),
    case("more than any amount", formula("Days!K5", "9999999*9999999", 98), N1),
    case("a third of a mile", formula("Expenses!H5", "100/3", 98.5), "malformed blocks Expenses!H5: 823.82 to 0.00"),
    case("half an officer", formula("Days!L5", "5/2", 2), "malformed blocks Days!L5: 787.94 to 0.00"),
    case("today", formula("received_on", "TODAY()", 46345), f"malformed blocks Claim!K10: {BARRED}"),
    case(
        "a status by a formula",
        formula("Checklist!C6", '"attached"', "attached"),
        f"malformed blocks Checklist!C6: {BARRED}",
    ),
    case("yes by a formula", formula("Days!H5", '"no"', "no"), f"malformed blocks Days!H5: {BARRED}"),
    # The amount of a drive is the workbook's own formula.
    case(
        "arithmetic for a drive's own formula",
        formula("Expenses!J5", "70+4.86", 74.86),
        "formula-overwritten adjusts Expenses!J5",
    ),
    case("an amount of a taxi", formula("Expenses!J7", "30+4", 34), "input-formula review Expenses!J7", claim=TAXI),
    case(
        "an amount of a taxi without a value",
        formula("Expenses!J7", "30+4"),
        "input-formula review Expenses!J7",
        claim=TAXI,
    ),
    case(
        "an amount of a taxi by another cell",
        formula("Expenses!J7", "J5"),
        "malformed blocks Expenses!J7: 898.68 to 0.00",
        claim=TAXI,
    ),
]

CASES = PLAIN + OTHERS

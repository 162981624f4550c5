"""What a submitted workbook states beside the claim: under which check, and what it would change in the payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.cell_wording import describe_concealed, describe_input_formula
from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.checks.submission import Concealed, Shown, StatedCell, StatedRate, Submission, Value
from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from perdiem_calc.text import Worded
from tests.support.checking import ONE_DAY, Desk, Edits, no_room, said
from tests.support.claim_data import sample

ORLANDO = sample("2026-ORL-0001")
"""$1,741.81 is allowable of it, and the limit leaves $1,000.00."""
DEAR: Edits = {"lodging[0].room_rate": "120.00"}
"""A room $7.00 above the ceiling of $113.00, with $12.74 tax."""
MEALS: Edits = {"furnished_meals[0].breakfast": "hotel", "furnished_meals[1].lunch": "registration"}
"""A breakfast of $16 in the hotel's price on November 3; on the 4th a lunch of $19 in the course fee."""
PERSONAL: Edits = {"trip.personal_days": ["2026-11-04"], "lodging[2]": no_room("2026-11-04")}
REFUND: Edits = {"credits": [{"source": "Hotel", "amount": "20.00"}]}
SHORT: Edits = {**ONE_DAY, "trip.departed_at": "2026-11-02T08:00"}
"""A trip of ten hours, for which no M&IE is due."""


def cell(key: str, due: str | None, stated: str | None, line: str = "", **more: object) -> StatedCell:
    """A computed cell that was typed over; amounts as they are written, other texts as they are."""
    found = StatedCell(key, "the amount", "Days!K7", _value(due), line, date(2026, 11, 3), _value(stated))
    return replace(found, **more)  # type: ignore[arg-type]  # each test gives a field its own type


def _value(text: str | None) -> Value | None:
    return Decimal(text) if text is not None and text.lstrip("-").replace(".", "").isdigit() else text


def stated_of(
    desk: Desk, submission: Submission, edits: Edits | None = None, claim: dict[str, object] | None = None
) -> list[Finding]:
    """The findings that a submission adds to those of its claim."""
    itemized = desk.itemized(edits or {}, claim=claim)
    own = audit(itemized, desk.rates, desk.law)
    return [one for one in audit(itemized, desk.rates, desk.law, submission=submission) if one not in own]


@pytest.fixture
def desk(law: Law, ratebook: RateSource) -> Desk:
    """The claim to Moody: $898.68 is payable, $101.32 below the limit."""
    return Desk(law, ratebook)


# --- which check, and what it changes ------------------------------------------------------------------------------

LINES: Sequence[tuple[str, Edits, StatedCell, str]] = [
    ("a room allowed at $15 more", {}, cell("lodging_allowed", "98", "113", "N1"),
     "formula-overwritten adjusts lodging[0].room_rate: 113.00 to 98.00"),
    ("and at $8 less", {}, cell("lodging_allowed", "98", "90", "N1"),
     "formula-overwritten adjusts lodging[0].room_rate: 90.00 to 98.00"),
    ("the room above the ceiling", DEAR, cell("lodging_allowed", "113", "120", "N1"),
     "lodging-over-ceiling adjusts lodging[0].room_rate: 120.00 to 113.00"),
    # The tax counts as to the ceiling: $12.74 * 113 / 120 = $12.00.
    ("all its tax", DEAR, cell("tax_allowed", "12.00", "12.74", "T1"),
     "lodging-tax-over-share adjusts lodging[0].tax: 12.74 to 12.00"),
    ("an expense allowed at more", {}, cell("allowed", "74.86", "100", "E1"),
     "formula-overwritten adjusts expenses[0].miles: 100.00 to 74.86"),
    ("M&IE in full on the first day", {}, cell("mie_allowed", "51", "68", "D1"),
     "mie-day-percent adjusts trip.departed_at: 68.00 to 51.00"),
    ("and less than is due", {}, cell("mie_allowed", "68", "40", "D2"),
     "mie-day-percent adjusts furnished_meals.2026-11-03: 40.00 to 68.00"),
    ("a breakfast in the hotel's price taken off", MEALS, cell("mie_allowed", "68", "52", "D2"),
     "complimentary-meal-deducted adjusts furnished_meals[0]: 52.00 to 68.00"),
    ("a lunch in the course fee not taken off", MEALS, cell("mie_allowed", "49", "68", "D3"),
     "furnished-meal-deduction adjusts furnished_meals[1].lunch: 68.00 to 49.00"),
    ("M&IE on a personal day", PERSONAL, cell("mie_allowed", "0", "68", "D3"), "personal-day-paid adjusts"),
    ("a room on a day that has no night", {}, cell("lodging_allowed", None, "98", "D5"),
     "formula-overwritten adjusts"),
    ("a room on a personal day", PERSONAL, cell("lodging_allowed", None, "98", "D3"), "personal-day-paid adjusts"),
    ("M&IE for a trip of ten hours", SHORT, cell("mie_allowed", "0", "51", "D1"), "short-trip adjusts"),
]  # fmt: skip
"""An amount allowed that was typed over: the claim, the cell, and the finding."""


@pytest.mark.parametrize(
    ("edits", "stated", "finding"), [case[1:] for case in LINES], ids=[case[0] for case in LINES]
)
def test_an_amount_allowed_counts_as_it_is_stated(desk: Desk, edits: Edits, stated: StatedCell, finding: str) -> None:
    (found,) = stated_of(desk, Submission((stated,)), edits)
    excess = stated.excess
    assert said(found).startswith(finding.partition(" adjusts ")[0])
    assert found.severity is Severity.ADJUSTS
    assert (found.where.cells, found.where.lines) == (("Days!K7",), (stated.line,))
    assert (found.claimed - found.allowed, found.payment_effect) == (excess, -excess)
    if ": " in finding:
        assert said(found).endswith(finding.rpartition(": ")[2])


SHOWN_ONLY = [
    ("the ceiling", "lodging-rate-not-in-force", cell("lodging_ceiling", "113", "199", "N1")),
    ("the ceiling of a day without a night", "lodging-rate-not-in-force", cell("lodging_ceiling", None, "199", "D5")),
    ("M&IE a day", "mie-rate-not-in-force", cell("mie_rate", "68", "80", "D2")),
    ("the share of a first day", "mie-day-percent", cell("mie_percent", "0.75", "1", "D1", unit="share")),
    ("the kind of a day", "mie-day-percent", cell("day_type", "first day", "full day", "D1", unit="text")),
    ("the rate a mile", "mileage-rate-not-in-force", cell("mileage_rate", "0.76", "0.85", "E1")),
    ("what a line claims", "formula-overwritten", cell("line_amount", "74.86", "100", "E1")),
    ("the total of a day", "total-does-not-foot", cell("day_total", "178.74", "200", "D2")),
    ("the place of a day", "formula-overwritten", cell("place", "Moody, AL", "Rome, GA", "D2", unit="text")),
    ("a cell that was cleared", "formula-overwritten", cell("allowed", "74.86", None, "E1")),
    ("a name that points elsewhere", "formula-overwritten", cell("payable", "Claim!K43", "Claim!K42", how="moved")),
    ("a room limit on the sheet Rates", "rate-edited", cell("rates.amount", "113", "150", how="changed")),
    ("a ZIP", "rate-edited", cell("rates.zip", "340", "341", how="changed", unit="number")),
    ("a mileage rate of Lists", "mileage-rate-not-in-force", cell("mileage_rate", "0.76", "1", how="changed")),
    ("a choice", "formula-overwritten", cell("list_meals", "Snacks only", "Snacks", how="changed", unit="text")),
    ("a formula of Workings", "formula-overwritten",
     cell("w_room_ok", None, "98", how="formula", formula="=98", unit="text")),
    ("the refunds as a text", "total-does-not-foot", cell("credits_allowed_total", "0", "none")),
    ("a total of a page", "total-does-not-foot", cell("days_total", "748.96", "900")),
]  # fmt: skip
"""A cell from which no amount follows, and the check that names it."""


@pytest.mark.parametrize(("check", "stated"), [case[1:] for case in SHOWN_ONLY], ids=[case[0] for case in SHOWN_ONLY])
def test_a_cell_that_only_shows_an_amount_changes_nothing(desk: Desk, check: str, stated: StatedCell) -> None:
    (found,) = stated_of(desk, Submission((stated,)))
    assert (found.check, found.severity, found.where.cells) == (check, Severity.ADJUSTS, ("Days!K7",))
    assert found.payment_effect == 0
    assert found.line_effect == 0 or found.check == "total-does-not-foot"


def test_a_ceiling_is_that_of_the_room_and_its_tax(desk: Desk) -> None:
    (found,) = stated_of(desk, Submission((cell("lodging_ceiling", "113", "199", "N1"),)))
    assert (found.where.lines, found.claimed, found.allowed) == (("N1", "T1"), Decimal("110.74"), Decimal("110.74"))


@pytest.mark.parametrize(
    ("key", "due", "stated", "check", "payment"),
    [
        ("payable", "898.68", "950.00", "total-does-not-foot", "-51.32"),
        ("top_payable", "898.68", "950.00", "total-does-not-foot", "-51.32"),
        ("allowable_total", "898.68", "900.00", "total-does-not-foot", "-1.32"),
        ("lodging_allowed_total", "392.00", "400.00", "total-does-not-foot", "-8.00"),
        # The limit leaves $101.32 more than is payable.
        ("allowable_total", "898.68", "1998.68", "total-does-not-foot", "-101.32"),
        ("claimed_total", "898.68", "900.00", "total-does-not-foot", "0.00"),
        ("agency_share", "0.00", "10.00", "total-does-not-foot", "0.00"),
        ("cap_limit", "1000.00", "2000.00", "formula-overwritten", "0.00"),
        ("cap_left", "1000.00", "500.00", "total-does-not-foot", "398.68"),
        ("previously_reimbursed", "0.00", "600.00", "earlier-payment-differs", "498.68"),
    ],
)
def test_a_total_counts_as_it_is_stated(
    desk: Desk, key: str, due: str, stated: str, check: str, payment: str
) -> None:
    (found,) = stated_of(desk, Submission((cell(key, due, stated),)))
    assert (found.check, str(found.payment_effect)) == (check, payment)
    assert (found.claimed, found.allowed) == (Decimal(stated), Decimal(due))


@pytest.mark.parametrize(
    ("key", "due", "stated", "payment"),
    [
        ("payable", "1000.00", "1250.00", "-250.00"),
        ("top_payable", "1000.00", "1250.00", "-250.00"),
        ("cap_limit", "1000.00", "2000.00", "-741.81"),
        ("cap_left", "1000.00", "1100.00", "-100.00"),
    ],
)
def test_more_than_the_limit_leaves_is_the_limits_finding(
    desk: Desk, key: str, due: str, stated: str, payment: str
) -> None:
    (found,) = stated_of(desk, Submission((cell(key, due, stated),)), claim=ORLANDO)
    assert (found.check, found.scope, str(found.payment_effect)) == ("cap-applied", "claim", payment)


def test_less_than_the_limit_leaves_is_a_total_that_does_not_foot(desk: Desk) -> None:
    (found,) = stated_of(desk, Submission((cell("payable", "1000.00", "900.00"),)), claim=ORLANDO)
    assert (found.check, str(found.payment_effect)) == ("total-does-not-foot", "100.00")


def test_a_limit_changes_nothing_where_nothing_is_payable(desk: Desk) -> None:
    (found,) = stated_of(desk, Submission((cell("cap_left", "1000.00", "500.00"),)), {"course.hours": 39})
    assert str(found.payment_effect) == "0.00"


def test_a_refund_left_out_is_named_as_that(desk: Desk) -> None:
    (found,) = stated_of(desk, Submission((cell("credits_allowed_total", "-20.00", "0.00"),)), REFUND)
    assert (found.check, found.scope, str(found.payment_effect)) == ("credit-applied", "claim", "-20.00")


# --- rates of another place ----------------------------------------------------------------------------------------

OF_NIGHTS = StatedRate(
    True,
    ("Claim!D27",),
    "Nowhere, AL",
    {"lodging": Decimal(90)},
    {"lodging": Decimal(113)},
    tuple(f"{kind}{night}" for night in range(1, 5) for kind in "NT"),
    tuple(date(2026, 11, day) for day in range(2, 6)),
)
OF_DAYS = StatedRate(
    False,
    ("Claim!D27",),
    "Nowhere, AL",
    {"total": Decimal(80), **{part: Decimal(of) for part, of in
     {"breakfast": 20, "lunch": 22, "dinner": 33, "incidental": 5}.items()}},
    {"total": Decimal(68)},
    tuple(f"D{day}" for day in range(1, 6)),
    tuple(date(2026, 11, day) for day in range(2, 7)),
)  # fmt: skip


def test_the_rates_of_another_place_count_as_they_are_stated(desk: Desk) -> None:
    """Four rooms at $90.00 instead of $98.00, their tax 90/98 of $12.74; M&IE of $80.00 instead of $68.00."""
    lodging, mie = sorted(stated_of(desk, Submission(rates=(OF_NIGHTS, OF_DAYS))), key=lambda one: one.check)
    assert (lodging.check, mie.check) == ("lodging-rate-not-in-force", "mie-rate-not-in-force")
    assert (str(lodging.line_effect), str(lodging.payment_effect)) == ("36.16", "36.16")
    assert (lodging.claimed, lodging.allowed) == (Decimal("406.80"), Decimal("442.96"))
    # $9.00 more on the first and last day, $12.00 on three others.
    assert (str(mie.line_effect), str(mie.payment_effect)) == ("-54.00", "-54.00")
    assert (lodging.scope, lodging.where.cells, set(lodging.where.lines)) == (
        "line",
        ("Claim!D27",),
        set(OF_NIGHTS.lines),
    )
    assert lodging.message == (
        "The lodging rate of 2026-11-02 to 2026-11-05 is that of Nowhere, AL, $90.00, where $113.00 is in force: "
        "choose the rate area in which the place lies."
    )


def test_meals_are_taken_off_at_the_other_places_values(desk: Desk) -> None:
    """The lunch of $19.00 in the course fee is $22.00 there: $3.00 less of the $54.00."""
    (mie,) = stated_of(desk, Submission(rates=(OF_DAYS,)), {"furnished_meals[1].lunch": "registration"})
    assert str(mie.payment_effect) == "-51.00"


# --- what the workbook shows ---------------------------------------------------------------------------------------


def test_what_is_shown_is_one_finding_at_its_total(desk: Desk) -> None:
    first = tuple(
        cell("lodging_allowed", "98", "113", f"N{night}", cell=f"Days!K{6 + night}") for night in range(1, 5)
    )
    total = cell("payable", "898.68", "958.68", cell="Claim!K43")
    (found,) = stated_of(desk, Submission(shown=Shown(first, ("Days!K7:K10",), total)))
    assert (found.check, found.where.cells) == ("total-does-not-foot", ("Days!K7:K10", "Claim!K43"))
    assert (str(found.claimed), str(found.payment_effect)) == ("958.68", "-60.00")
    assert found.message.count("due $98.00") == 3
    assert ", and 1 more)" in found.message
    assert found.message.endswith("open the workbook, let it compute, and save it.")


def test_what_reaches_no_total_is_told_by_itself(desk: Desk) -> None:
    kind = cell("day_type", "first day", "full day", "D1", unit="text")
    (found,) = stated_of(desk, Submission(shown=Shown((kind,), ("Days!E7",), kind)))
    assert (found.where.cells, found.claimed, found.payment_effect) == (("Days!E7",), Decimal(0), Decimal(0))
    assert 'shows The amount of 2026-11-03 (Days!K7) as "full day", and the rules give "first day": ' in found.message


# --- in words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (
            cell("allowed", "74.86", "100", "E1"),
            "The amount of 2026-11-03 (Days!K7) is typed over with $100.00, and the rules give $74.86 (",
        ),
        (
            cell("mileage_rate", "0.76", "0.8", "E1", unit="dollars a mile"),
            "is typed over with $0.800 a mile, and the rules give $0.760 a mile: put the form's own formula back, or "
            "copy the claim into a new form.",
        ),
        (
            cell("mie_percent", "0.75", "1", "D1", unit="share"),
            "is typed over with 100 %, and the rules give 75 % (",
        ),
        (
            cell("payable", "898.68", "900.125", how="formula", formula="=900.125"),
            '(Days!K7) holds another formula, "=900.125", and gives $900.125; the rules give $898.68: put the form',
        ),
        (
            cell("w_room_ok", None, None, how="formula", formula="=1", unit="text"),
            'The amount (Days!K7) holds another formula, "=1": put the form\'s own formula back',
        ),
        (
            cell("tier_lunch", "19", "22", how="changed", unit="number"),
            "The amount (Days!K7) was changed to 22, and 19 is due there: nobody fills this in; copy the claim",
        ),
        (
            cell("list_meals", "Snacks only", "x" * 70, how="changed", unit="text"),
            f'was changed to "{"x" * 57}...", and "Snacks only" is due there',
        ),
        (
            cell("payable", "Claim!K43", "Claim!K42", how="moved"),
            'The amount (the name "payable") points to Claim!K42, and belongs to Claim!K43: put the name back',
        ),
        (cell("payable", "Claim!K43", None, how="moved"), 'The amount (the name "payable") is gone, and belongs to'),
        (cell("allowed", "74.86", None, "E1"), "is typed over with nothing, and the rules give $74.86"),
    ],
)
def test_the_message_says_what_the_cell_holds_what_is_due_and_the_fix(
    desk: Desk, stated: StatedCell, message: str
) -> None:
    (found,) = stated_of(desk, Submission((stated,)))
    assert message in found.message


def test_a_meal_with_the_rooms_price_is_said_to_be_no_deduction(desk: Desk) -> None:
    (found,) = stated_of(desk, Submission((cell("mie_allowed", "68", "52", "D2"),)), MEALS)
    assert "the rules give $68.00, since a meal that a hotel or carrier gave with its price is not deducted: " in (
        found.message
    )


def test_a_days_meals_that_nobody_answered_deduct_nothing(desk: Desk) -> None:
    (found,) = stated_of(desk, Submission((cell("mie_allowed", "68", "52", "D2"),)), {"furnished_meals": None})
    assert found.check == "mie-day-percent"


def test_a_message_of_two_readers_is_never_printed_as_it_is() -> None:
    with pytest.raises(TypeError, match="two readers"):
        str(Worded("for NASRO", "for the agency"))


def test_a_formula_that_was_typed_and_cells_not_seen_are_described() -> None:
    sum_of = cell("lodging[0].room_rate", "98", "90", how="formula", formula="=90+8")
    assert describe_input_formula(sum_of).reviewer == (
        'The amount (Days!K7) holds the formula "=90+8" and counts as $98.00 to the cent, not as the $90.00 that is '
        "shown: compare it with its document, and type the value itself."
    )
    many = Concealed(sum_of, tuple(f"Days!K{row}" for row in range(7, 15)), "it is white")
    assert "(Days!K7, Days!K8, Days!K9, Days!K10, Days!K11, Days!K12 and 2 more) are not seen" in (
        describe_concealed(many).reviewer
    )
    assert describe_concealed(replace(many, cells=("Days!K7",))).reviewer.startswith(
        "The amount (Days!K7) holds $90.00, but it is white: what a cell holds counts"
    )


def test_a_higher_amount_on_a_line_that_is_barred_would_pay_nothing(desk: Desk) -> None:
    """The officer's own city: nothing is allowed there, and what is stated changes nothing of that."""
    home = {"city": "Moody", "state": "AL"}
    stated = cell("lodging_allowed", "0", "98", "N1")
    found = stated_of(desk, Submission((stated,)), {"trip.official_station": home})
    assert [(one.check, one.payment_effect) for one in found] == [("formula-overwritten", Decimal(0))]

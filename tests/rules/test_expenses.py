"""What of expenses is paid, in odd cases. More: cases/expenses.yaml."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.expenses import barred_expenses, longest_stay
from perdiem_calc.rules.itemize import itemize
from perdiem_calc.rules.outside import Bar
from tests.support.case_files import claim_of


def allowed(law: Law, rates: RateSource, *expenses: dict[str, Any], **case: Any) -> list[str]:
    """What is allowed of the expenses of a claim for the week in Orlando."""
    claim = parse_claim(claim_of({"case": "", "expenses": list(expenses), **case}))
    lines = itemize(claim, rates, law).lines
    return [str(line.amount_allowed) for line in lines if line.id.startswith("E")]


def ticket(number: str, amount: str) -> dict[str, str]:
    return {"category": "airfare", "amount": amount, "ticket": number}


def taxi(receipt: str, **more: str) -> dict[str, str]:
    return {"category": "taxi", "amount": "34.00", "receipt": receipt, **more}


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("001-2345678901", "0012345678901", True),
        ("001 2345678901", "Ticket no. 001-2345678901", True),
        ("001-2345678901", "001-2345678902", False),
        ("T1", "t1", True),
        ("T1-1", "T11", False),
    ],
)
def test_one_ticket_is_paid_once_however_its_number_is_written(
    first: str, second: str, is_one: bool, law: Law, ratebook: RateSource
) -> None:
    """A ticket number stands on the ticket in groups and in the booking without; it is one ticket and paid once.

    Of two tickets of $70.00 and $60.00 both are paid, $130.00; of one that is on two lines the first, $70.00.
    """
    paid = allowed(law, ratebook, ticket(first, "70.00"), ticket(second, "60.00"))
    assert paid == (["70.00", "0.00"] if is_one else ["70.00", "60.00"])


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("R8", "r8", True),
        ("R 8", "R8", True),
        ("Receipt no. 88213", "88-213", True),
        ("Receipt 8", "Invoice 8", False),  # the clerk's own numbers, of two kinds of papers
        ("R8-1", "R81", False),
        ("R8", "R9", False),
    ],
)
def test_one_receipt_is_paid_once_however_its_number_is_written(
    first: str, second: str, is_one: bool, law: Law, ratebook: RateSource
) -> None:
    """Two taxis of $34.00 on one day with one receipt are one taxi, $34.00; with two receipts they are $68.00."""
    assert allowed(law, ratebook, taxi(first), taxi(second)) == ["34.00", "0.00" if is_one else "34.00"]


@pytest.mark.parametrize(
    ("amount", "paid"),
    [
        ("90.00", "0.00"),
        ("96.16", "0.00"),
        ("180.00", "0.00"),
        ("192.33", "0.00"),
        ("91.00", "91.00"),
        # Both nights on another receipt are no night's amount: a person looks (`other-expense`), nothing is blocked
        ("192.32", "192.32"),
    ],
)
def test_an_officers_part_of_a_shared_room_claimed_again_is_not_paid(
    amount: str, paid: str, law: Law, ratebook: RateSource
) -> None:
    """Two nights that two officers share at $180.00 with $12.33 tax: one's part is $90.00 and $6.16, $96.16 a night.

    An expense in words of lodging, of a night's date and over its part or the whole of it, $192.33, is lodging again.
    """
    night = {"room_rate": "180.00", "tax": "12.33", "sharers": "2"}
    again = {"category": "other", "amount": amount, "description": "my half of the hotel", "receipt": "R9"}
    assert allowed(law, ratebook, again, lodging=[night, night]) == [paid]


@pytest.mark.parametrize(
    ("expense", "is_blocked"),
    [
        # The same receipt: the folio's amounts, of one night or of all, or words of lodging
        ({"amount": "112.00", "receipt": "R1", "date": "2026-10-09"}, True),
        ({"amount": "224.00", "receipt": "R1", "date": "2026-10-09"}, True),
        ({"amount": "15.00", "receipt": "r 1", "description": "hotel, late checkout"}, True),
        # The same receipt for another cost: a folio also carries internet
        ({"amount": "15.00", "receipt": "R1", "description": "internet"}, False),
        # The same date and amount
        ({"amount": "112.00", "receipt": None}, True),
        ({"amount": "100.00", "receipt": "none"}, True),
        ({"amount": "112.00", "receipt": "R9", "description": "Hotel Orlando"}, True),
        # Another receipt without words of lodging, another date, another amount
        ({"amount": "112.00", "receipt": "R9", "description": "course materials"}, False),
        ({"amount": "112.00", "receipt": "R9", "description": "Hotel Orlando", "date": "2026-10-06"}, False),
        ({"amount": "111.99", "receipt": "R9", "description": "Hotel Orlando"}, False),
        # A hotel's charge that is no night
        (
            {"amount": "112.00", "receipt": "R9", "description": "hotel, early departure", "category": "lodging_fee"},
            False,
        ),
        # A night without a room has no bill
        ({"amount": "100.00", "receipt": "R1", "date": "2026-10-09", "category": "taxi"}, False),
    ],
)
def test_lodging_is_claimed_twice_by_the_same_bill_alone(
    expense: dict[str, Any], is_blocked: bool, law: Law, ratebook: RateSource
) -> None:
    """Two nights, October 4 and 5, at $100.00 with $12.00 tax on folio R1."""
    night = {"room_rate": "100.00", "tax": "12.00"}
    data = claim_of({"case": "", "lodging": [night, night], "expenses": [{"category": "other"} | expense]})
    line = itemize(parse_claim(data), ratebook, law).line("E1")
    assert ([step.check for step in line.steps] == ["lodging-claimed-twice"]) is is_blocked


def test_a_folio_and_a_total_cover_the_lines_of_a_receipt_however_its_number_is_written(
    law: Law, ratebook: RateSource
) -> None:
    """One receipt may carry several costs: the folio of the nights, and one whose total each of its lines states.

    Folio 88213 carries the room, parking of $20.00 and a mandatory fee of $15.00, both paid; receipt 99001 over
    $39.00 carries a taxi of $34.00 and tolls of $5.00, both paid.
    """
    paid = allowed(
        law,
        ratebook,
        {"category": "parking", "amount": "20.00", "receipt": "88213"},
        {"category": "resort_fee", "amount": "15.00", "receipt": "folio 88-213"},
        taxi("99001", receipt_total="39.00"),
        {"category": "tolls", "amount": "5.00", "receipt": "99-001", "receipt_total": "39.00"},
        lodging=[{"room_rate": "100.00", "receipt": "Folio 88213"}],
    )
    assert paid == ["20.00", "15.00", "34.00", "5.00"]


@pytest.mark.parametrize(
    ("category", "description", "paid"),
    [
        ("resort_fee", "Mandatory resort fee, not optional", "30.00"),
        ("resort_fee", "Non-optional destination fee", "30.00"),
        ("resort_fee", "Optional resort fee", "0.00"),
        ("resort_fee", "Optional resort fee, not refunded", "0.00"),
        ("rental_fuel", "Refuelled before return, not prepaid", "30.00"),
        ("rental_fuel", "Prepaid declined: filled up at Shell", "30.00"),
        ("rental_fuel", "Pre-paid fuel, tank not full", "0.00"),
    ],
)
def test_words_that_say_no_are_heard(
    category: str, description: str, paid: str, law: Law, ratebook: RateSource
) -> None:
    """A mandatory resort fee and the fuel of a rental are paid, an optional fee and prepaid fuel are not.

    Who writes that a fee was not optional, or the fuel not prepaid, says the former.
    """
    expense = {"category": category, "amount": "30.00", "description": description}
    assert allowed(law, ratebook, expense) == [paid]


def bag(amount: str, approval: str = "") -> dict[str, str]:
    approved = {"approval": approval, "approved_on": "2026-09-30"} if approval else {}
    return {"category": "baggage", "amount": amount} | approved


@pytest.mark.parametrize(
    ("bags", "paid"),
    [
        ([bag("35.00"), bag("60.00", "memo")], ["35.00", "60.00"]),
        ([bag("60.00", "memo"), bag("35.00")], ["60.00", "35.00"]),
        ([bag("60.00", "memo"), bag("35.00"), bag("45.00")], ["60.00", "35.00", "0.00"]),
        ([bag("35.00"), bag("60.00", "memo"), bag("45.00")], ["35.00", "60.00", "0.00"]),
        ([bag("60.00", "memo"), bag("70.00", "memo")], ["60.00", "70.00"]),
        ([bag("35.00"), bag("60.00", "none")], ["35.00", "0.00"]),
        ([bag("35.00"), bag("60.00", "pending")], ["35.00", "0.00"]),
    ],
)
def test_the_standard_bag_is_paid_beside_an_approved_one_whatever_their_order(
    bags: list[dict[str, str]], paid: list[str], law: Law, ratebook: RateSource
) -> None:
    """Rule `baggage-fee`: the first standard bag is paid, and bags after it need an approval.

    An officer with a bag of $35.00 and a heavy one of $60.00 that was approved is paid $95.00, in whatever order
    the two stand; a third bag of $45.00 without an approval is not paid.
    """
    assert allowed(law, ratebook, *bags) == paid


def fuel(plate: str | None) -> dict[str, str | None]:
    return {"category": "agency_vehicle_fuel", "amount": "61.20", "plate": plate}


@pytest.mark.parametrize(
    ("of_agency", "driven", "paid"),
    [
        ("ABC 123", "abc-123", "0.00"),
        ("ABC123", "ABC 123", "0.00"),
        ("ABC 123", "ABC 124", "152.00"),
        ("ABC 123", "-", "0.00"),  # no plate at all
        (None, "ABC 123", "152.00"),
        ("-", "ABC 123", "152.00"),
    ],
)
def test_an_agency_vehicle_is_known_however_its_plate_is_written(
    of_agency: str | None, driven: str, paid: str, law: Law, ratebook: RateSource
) -> None:
    """Rule `agency-vehicle`: its fuel is paid, $61.20, and never its miles; 200 miles at $0.76 would be $152.00.

    A plate is one plate in capitals or not, with a space, a hyphen or neither.
    """
    drive = {"category": "pov_mileage", "miles": "200", "plate": driven}
    assert allowed(law, ratebook, fuel(of_agency), drive) == ["61.20", paid]


@pytest.mark.parametrize(
    ("amount", "paid"),
    [("114.00", "0.00"), ("112.00", "0.00"), ("100.00", "0.00"), ("113.00", "113.00"), ("228.00", "228.00")],
)
def test_lodging_claimed_again_with_its_flat_charge_is_not_paid(
    amount: str, paid: str, law: Law, ratebook: RateSource
) -> None:
    """Two nights at $100.00 with $12.00 tax and a flat charge of $2.00: the hotel's bill is $114.00 a night.

    An expense in words of lodging over a night's amount is the lodging again; $113.00 is none, nor is the amount of
    both nights on a receipt that is not the folio's.
    """
    night = {"room_rate": "100.00", "tax": "12.00", "flat_tax": "2.00"}
    again = {"category": "other", "amount": amount, "description": "hotel bill", "receipt": "R9"}
    assert allowed(law, ratebook, again, lodging=[night, night]) == [paid]


@pytest.mark.parametrize(
    ("comparable", "gain", "left"),
    [
        (None, "50.00", "50.00"),  # nothing to compare with
        ("500.00", "50.00", "50.00"),  # 380 and 50 are below the carrier's 500
        ("400.00", "50.00", "20.00"),  # 380 and 20 reach it
        ("380.00", "50.00", "0.00"),  # it is reached already
        ("300.00", "50.00", "0.00"),
    ],
)
def test_a_gain_of_driving_ends_at_the_comparable_cost(
    comparable: str | None, gain: str, left: str, law: Law, ratebook: RateSource
) -> None:
    drive = {"category": "pov_mileage", "miles": "500", "comparable_cost": comparable}  # 500 x 0.76 = 380.00
    itemized = itemize(parse_claim(claim_of({"case": "", "expenses": [drive]})), ratebook, law)
    assert itemized.net_gain([(itemized.line("E1"), Decimal(gain))]) == Decimal(left)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("N1", "0.00"),  # the night en route, which the authorized way would not have had
        ("N2", "50.00"),  # a night at the course, on both sides
        ("T2", "50.00"),
        ("D3", "50.00"),
        ("D1", "0.00"),  # the day on the way
        ("E2", "50.00"),  # a local taxi, on neither side
    ],
)
def test_a_gain_counts_on_the_side_where_its_line_does(line: str, left: str, law: Law, ratebook: RateSource) -> None:
    """A drive that reached its comparable cost, with a night on the way out: what gains there gains nothing."""
    case = {
        "case": "",
        "stops": ["Moody, AL 2026-10-04 to 2026-10-05 en route", "Orlando, FL 2026-10-05 to 2026-10-09"],
        "rooms": "100.00 + 10.00",
        "expenses": [
            {"category": "pov_mileage", "miles": "500", "comparable_cost": "380.00"},
            {"category": "taxi", "amount": "30.00"},
        ],
    }
    itemized = itemize(parse_claim(claim_of(case)), ratebook, law)
    assert itemized.net_gain([(itemized.line(line), Decimal("50.00"))]) == Decimal(left)


@pytest.mark.parametrize(
    ("nights", "longest"),
    [([], 0), ([4], 1), ([4, 5, 6, 7], 4), ([4, 5, 7, 8, 9], 3), ([9, 8, 4, 8], 2), ([4, 6, 8], 1)],
)
def test_the_longest_stay_is_of_nights_in_a_row(nights: list[int], longest: int) -> None:
    assert longest_stay([date(2026, 10, day) for day in nights]) == longest


@pytest.mark.parametrize(("zip_code", "is_barred"), [("99501", True), ("96813", True), ("35004", False)])
def test_laundry_outside_the_contiguous_states_is_known_by_the_zip_alone(
    zip_code: str, is_barred: bool, law: Law
) -> None:
    """Five nights in Anchorage (99501), Honolulu (96813) or Moody, AL (35004): laundry is paid in the last only."""
    of_2025 = "2025-10-05 to 2025-10-10"
    data = claim_of({"case": "", "trip": of_2025, "expenses": [{"category": "laundry", "amount": "15.00"}]})
    data["trip"]["stops"][0]["place"] = {"zip": zip_code}
    why = "laundry is paid in the contiguous states only, after enough nights there"
    bar = Bar("laundry", "laundry", why, "category")
    assert barred_expenses(parse_claim(data), law, as_of=None) == ({0: bar} if is_barred else {})


def test_since_december_8_2025_laundry_asks_for_an_approval_alone_wherever_the_trip_goes(law: Law) -> None:
    laundry = {"category": "laundry", "amount": "15.00", "approval": "the chief", "approved_on": "2026-10-01"}
    data = claim_of({"case": "", "expenses": [laundry]})
    data["trip"]["stops"][0]["place"] = {"zip": "99501"}
    assert barred_expenses(parse_claim(data), law, as_of=None) == {}

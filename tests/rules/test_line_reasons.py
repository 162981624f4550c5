"""What a line says of its amount, each sentence in full: a clerk reads why less is paid, and how to fix it.

The claim is the week in Orlando of case_files.py: October 4 to 9, 2026; a night $145.00 at most, a day $80.00 with
breakfast $20.00, lunch $22.00 and dinner $33.00, a mile $0.76.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import RateUnavailable
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from tests.support.case_files import claim_of, law_of

Case = dict[str, Any]

TWO_NIGHTS = "2026-10-04 08:00 to 2026-10-06 18:00"
PERSONAL = {"trip": {"personal_days": ["2026-10-07"]}}
FOLIO = "lodging always needs a receipt: enter the folio's number, or sign a missing-receipt statement"
NOT_ITS_TAX = "the night itself is not paid, so neither is its tax"


def itemized(case: Case, law: Law, ratebook: RateSource) -> ItemizedClaim:
    """A case of case_files.py, itemized."""
    as_of = date.fromisoformat(case["as_of"]) if "as_of" in case else None
    return itemize(parse_claim(claim_of(case)), ratebook, law_of(case, law), as_of=as_of)


def one(category: str, amount: str = "30.00", **fields: Any) -> dict[str, Any]:
    """An expense."""
    return {"category": category, "amount": amount, **fields}


def drive(**fields: Any) -> dict[str, Any]:
    """A drive of 100 miles: $76.00."""
    return {"category": "pov_mileage", "miles": "100", "from": "Jacksonville, IL", "to": "Orlando, FL", **fields}


def credit(line: str) -> Case:
    return {"credits": [{"source": "the airline", "amount": "5.00", "line": line}]}


EXPENSES: list[tuple[Case, str, str, str]] = [
    ({"expenses": [one("taxi")]}, "E1", "30.00", "allowed as claimed"),
    (
        {"expenses": [one("airfare", "300.00", receipt="R9", fare_class="premium")]},
        "E1",
        "0.00",
        "only the coach fare is paid; enter what coach would have cost as the coach fare",
    ),
    (
        {"expenses": [one("airfare", "300.00", receipt="R9", fare_class="premium", coach_fare="200.00")]},
        "E1",
        "200.00",
        "only the coach fare is paid",
    ),
    (
        {"expenses": [one("airfare", "300.00", receipt="R9", direct_fare="250.00")], "claim": PERSONAL},
        "E1",
        "250.00",
        "with personal days the carriers are paid up to the fare on the direct dates, and $250.00 is left",
    ),
    (
        {"expenses": [one("rental_insurance", description="personal accident insurance")]},
        "E1",
        "0.00",
        "insurance of the person is not paid",
    ),
    (
        {"expenses": [one("rental_fuel", description="prepaid fuel")]},
        "E1",
        "0.00",
        "prepaid fuel is never paid",
    ),
    (
        {"expenses": [one("rental_insurance", description="collision waiver")]},
        "E1",
        "0.00",
        "a collision waiver or theft insurance is not paid for travel in the contiguous states",
    ),
    ({"expenses": [one("resort_fee", description="optional fee")]}, "E1", "0.00", "an optional fee is not paid"),
    ({"expenses": [one("seat_fee")]}, "E1", "0.00", "a seat fee needs an approval, by whom and on what day"),
    (
        {"expenses": [one("baggage"), one("baggage", "35.00")]},
        "E2",
        "0.00",
        "bags after the first one of a direction need an approval, by whom and on what day",
    ),
    (
        {"expenses": [one("parking", "60.00", taxi_equivalent="40.00")]},
        "E1",
        "40.00",
        "terminal parking is paid up to the taxi fares it saved, $40.00",
    ),
    (
        {"trip": TWO_NIGHTS, "expenses": [one("laundry")]},
        "E1",
        "0.00",
        "laundry needs an approval, by whom and on what day",
    ),
    (
        {"trip": "2025-10-05 08:00 to 2025-10-07 18:00", "expenses": [one("laundry")]},
        "E1",
        "0.00",
        "laundry is paid after 4 consecutive nights; this trip has 2",
    ),
    (
        {"expenses": [one("lodging_fee", "160.00", receipt="R9")]},
        "E1",
        "145.00",
        "a hotel's charge is paid up to the lodging ceiling of its night, $145.00",
    ),
    (
        {"expenses": [one("agency_vehicle_fuel"), drive()]},
        "E2",
        "0.00",
        "an agency vehicle is paid by its fuel, not by the mile; name the plate of a private car",
    ),
    (
        {"expenses": [drive(agency_car_assigned="true")]},
        "E1",
        "23.50",
        "an agency car was assigned, so the lower rate of $0.235 a mile applies",
    ),
    ({"expenses": [one("taxi", receipt_total="20.00")]}, "E1", "20.00", "the receipt shows $20.00"),
    (
        {"expenses": [one("taxi", "75.01")]},
        "E1",
        "0.00",
        "an expense over $75.00 needs a receipt: enter its number, or sign a missing-receipt statement",
    ),
    (
        {"expenses": [one("taxi", "75.01", receipt="lost 11/5")]},
        "E1",
        "0.00",
        'an expense over $75.00 needs a receipt, and "lost 11/5" says that there is none: enter its number, '
        "or sign a missing-receipt statement",
    ),
    (
        {"expenses": [one("taxi", paid_by="other")]},
        "E1",
        "0.00",
        "another payer bore this expense, so it is not paid again",
    ),
    ({"expenses": [one("taxi", credit="5.00")]}, "E1", "25.00", "credited: $5.00"),
    (
        {"expenses": [one("taxi", receipt_total="20.00", credit="5.00")]},
        "E1",
        "15.00",
        "the receipt shows $20.00; credited: $5.00",
    ),
    (
        {"expenses": [one("taxi")], "claim": credit("E1")},
        "E1",
        "25.00",
        "credited: $5.00 from the airline",
    ),
    (
        {"expenses": [one("taxi", credit="2.00")], "claim": credit("E1")},
        "E1",
        "23.00",
        "credited: $2.00, $5.00 from the airline",
    ),
    (
        {"expenses": [one("taxi", date="2026-10-06")], "as_of": "2026-10-05"},
        "E1",
        "0.00",
        "the expense is dated 2026-10-06, after 2026-10-05: correct the date",
    ),
    (
        {"expenses": [one("airfare", ticket="T-1"), one("airfare", "31.00", ticket="T-1")]},
        "E2",
        "0.00",
        "ticket T-1 is claimed in E1 already: leave one out",
    ),
    (
        {"rooms": "60.00 + 5.00", "expenses": [one("other", "65.00", description="hotel room")]},
        "E1",
        "0.00",
        "this looks like lodging that is claimed by the night already: leave one of them out",
    ),
    (
        {"expenses": [one("taxi", receipt="R9"), one("tolls", "4.00", receipt="R9")]},
        "E2",
        "0.00",
        "receipt R9 is claimed in E1 already: leave out a cost that is entered twice; if one receipt carries several "
        "costs, enter its total as the receipt total of each of its lines",
    ),
    (
        {"expenses": [drive(miles="500", comparable_cost="300.00")]},
        "POV",
        "-80.00",
        # 500 x 0.76 = 380.00 and 440.00 of M&IE; 300.00 and the same M&IE
        "the trip as it was made cost $820.00 with its per diem, and the authorized way would have cost $740.00: "
        "$300.00 for the way, the rest for the nights and days at the course",
    ),
]


def approval(by: str, ceiling: str) -> dict[str, str]:
    """A written approval of a ceiling, of a month before the trip."""
    return {"by": by, "on": "2026-09-01", "ceiling": ceiling}


ROOM = {"room_rate": "140.00", "tax": "14.00"}
DEAR = {"room_rate": "159.00", "tax": "19.88"}
LODGING: list[tuple[Case, str, str, str]] = [
    ({"rooms": "140.00 + 14.00"}, "N1", "140.00", "the room is within the ceiling of $145.00"),
    ({"rooms": "140.00 + 14.00"}, "T1", "14.00", "tax on lodging that is paid in full"),
    (
        {"rooms": "159.00 + 19.88"},
        "N1",
        "145.00",
        "the room at $159.00 is above the ceiling of $145.00 for Orlando",
    ),
    # 19.88 x 145.00 / 159.00 = 18.1295...
    ({"rooms": "159.00 + 19.88"}, "T1", "18.13", "tax counts on $145.00 of the room's $159.00 only"),
    (
        {"lodging": [ROOM | {"room_rate": "190.00", "approval": approval("nasro", "200.00")}]},
        "N1",
        "190.00",
        "the room is within the ceiling of $200.00, approved by NASRO on 2026-09-01",
    ),
    (
        {"lodging": [ROOM | {"room_rate": "210.00", "approval": approval("cops", "200.00")}]},
        "N1",
        "200.00",
        "the room at $210.00 is above the ceiling of $200.00 for Orlando, approved by the COPS Office on 2026-09-01",
    ),
    # The approval of a ceiling below Orlando's own changes nothing.
    (
        {"lodging": [ROOM | {"approval": approval("nasro", "141.00")}]},
        "N1",
        "140.00",
        "the room is within the ceiling of $145.00",
    ),
    ({"rooms": "0.00 + 5.00"}, "N1", "0.00", "nothing was paid for the room"),
    ({"rooms": "0.00 + 5.00"}, "T1", "0.00", "tax on a free room is not tax on lodging that is paid"),
    (
        {"rooms": "159.00 + 19.88", "law": {"over_rate_lodging": "refused"}},
        "T1",
        "0.00",
        NOT_ITS_TAX,
    ),
    ({"lodging": [ROOM | {"receipt": None}]}, "N1", "0.00", FOLIO),
    (
        {"lodging": [ROOM | {"receipt": "none"}]},
        "N1",
        "0.00",
        'lodging always needs a receipt, and "none" says that there is none: enter the folio\'s number, '
        "or sign a missing-receipt statement",
    ),
    ({"lodging": [{"type": "friends_family"}]}, "N1", "0.00", "the night was with friends or relatives, at no cost"),
    ({"lodging": [{"type": "own_home"}]}, "N1", "0.00", "the night was at home"),
    ({"lodging": [{"type": "in_transit"}]}, "N1", "0.00", "the night was spent traveling"),
    ({"lodging": [{"type": "not_claimed"}]}, "N1", "0.00", "no lodging is claimed for the night"),
    (
        {"lodging": [DEAR | {"receipt": None}]},
        "N1",
        "0.00",
        f"the room at $159.00 is above the ceiling of $145.00 for Orlando; {FOLIO}",
    ),
    (
        {"lodging": [DEAR | {"receipt": None}]},
        "T1",
        "0.00",
        f"tax counts on $145.00 of the room's $159.00 only; {NOT_ITS_TAX}",
    ),
    ({"lodging": [ROOM | {"receipt": None}]}, "T1", "0.00", NOT_ITS_TAX),
    (
        {"lodging": [ROOM | {"paid_by": "other"}]},
        "N1",
        "0.00",
        "another payer bore this night, so it is not paid again",
    ),
    (
        {"lodging": [ROOM | {"sharers": "2"}]},
        "N1",
        "70.00",
        "2 officers share the room, so one claims $70.00 of $140.00",
    ),
    (
        {"lodging": [ROOM | {"sharers": "2"}]},
        "T1",
        "7.00",
        "2 officers share the room, so one claims $7.00 of $14.00",
    ),
    (
        {"lodging": [ROOM | {"single_rate": "130.00"}]},
        "N1",
        "130.00",
        "with a companion who is not an officer, the single room counts: $130.00",
    ),
    (
        {"lodging": [ROOM | {"night": "2026-10-09"}]},
        "N1",
        "0.00",
        "the night of 2026-10-09 is not a night of this trip: correct the date, or leave the night out",
    ),
    (
        {"lodging": [ROOM, ROOM | {"night": "2026-10-04"}]},
        "N2",
        "0.00",
        "the night of 2026-10-04 is claimed twice: leave one entry out",
    ),
    (
        {"lodging": [ROOM, ROOM], "as_of": "2026-10-04"},
        "N2",
        "0.00",
        "the night of 2026-10-05 lies after 2026-10-04: correct the date",
    ),
    (
        {"rooms": "140.00 + 14.00", "claim": PERSONAL},
        "N4",
        "0.00",
        "the night of 2026-10-07 belongs to personal days, which are not paid: leave it out",
    ),
    (
        {"lodging": [ROOM | {"type": "own_home"}]},
        "N1",
        "0.00",
        "lodging in the officer's own home is not paid: leave it out",
    ),
    ({"lodging": [ROOM], "claim": credit("N1")}, "N1", "135.00", "credited: $5.00 from the airline"),
    ({"lodging": [ROOM], "claim": credit("T1")}, "T1", "9.00", "credited: $5.00 from the airline"),
]

FULL, FIRST = "a full day at Orlando's $80.00", "first day: 75% of Orlando's $80.00"
ONE_DAY = "2026-10-05 06:00 to 2026-10-05 18:00"
COMMUTING: Case = {
    "stops": ["Orlando, FL 2026-10-05 to 2026-10-05"],
    "claim": {"trip": {"day_trips": [{"date": "2026-10-05", "left_at": "06:00", "returned_at": "18:30"}]}},
}
MIE: list[tuple[Case, str, str, str]] = [
    ({}, "D1", "60.00", FIRST),
    ({}, "D2", "80.00", FULL),
    ({}, "D6", "60.00", "last day: 75% of Orlando's $80.00"),
    (
        {"meals": {"2026-10-05": {"breakfast": "host", "lunch": "registration"}}},
        "D2",
        "38.00",
        f"{FULL}; furnished breakfast ($20.00) and lunch ($22.00) taken off, "
        "down to no less than the incidental $5.00",
    ),
    (
        {"claim": {"mie_paid": {"2026-10-05": "70.00"}}},
        "D2",
        "70.00",
        f"{FULL}; the agency paid the officer $70.00, and its cost is the limit",
    ),
    (
        {"claim": {"mie_paid": {"2026-10-05": "90.00"}}},
        "D2",
        "80.00",
        f"{FULL}; the agency paid more than the $80.00 that the rules give before meals",
    ),
    ({"claim": PERSONAL}, "D4", "0.00", "a personal day earns no M&IE"),
    (
        {"claim": PERSONAL | {"mie_paid": {"2026-10-07": "80.00"}}},
        "D4",
        "0.00",
        "a personal day earns no M&IE; the agency paid M&IE for a personal day, which earns none",
    ),
    ({"trip": ONE_DAY}, "D1", "0.00", "12 hours or less earn no M&IE"),
    ({"trip": "2026-10-05 06:00 to 2026-10-05 18:30"}, "D1", "60.00", "short trip: 75% of Orlando's $80.00"),
    (
        {"trip": "2026-10-05 to 2026-10-05"},
        "D1",
        "0.00",
        "a trip within one day earns M&IE only when its times show more than 12 hours",
    ),
    ({"trip": "2026-10-05 to 2026-10-06"} | COMMUTING, "D2", "0.00", "a day without travel earns no M&IE"),
]


@pytest.mark.parametrize(("case", "name", "allowed", "reason"), [*EXPENSES, *LODGING, *MIE])
def test_a_line_says_in_full_why_it_is_paid_so_much(
    case: Case, name: str, allowed: str, reason: str, law: Law, ratebook: RateSource
) -> None:
    line = itemized(case, law, ratebook).line(name)
    assert (str(line.amount_allowed), line.reason) == (allowed, reason)


@pytest.mark.parametrize(
    ("case", "name", "basis"),
    [
        ({"expenses": [one("taxi")]}, "E1", "$30.00 was paid on 2026-10-04"),
        (
            {"expenses": [drive(round_trips="2")]},
            "E1",
            "100 miles times 2 round trips on 2026-10-04 at $0.76 a mile "
            "(GSA privately owned vehicle rates from 2026-07-01)",
        ),
        (
            {"expenses": [drive(miles="500", comparable_cost="300.00")]},
            "POV",
            "Another way of travel by choice is paid up to the cost of the authorized way",
        ),
        ({"lodging": [ROOM]}, "N1", "The room cost $140.00 for the night of 2026-10-04"),
        ({"lodging": [ROOM]}, "T1", "The tax on the room was $14.00"),
        (
            {"lodging": [ROOM | {"flat_tax": "3.00"}]},
            "T1",
            "The tax on the room was $14.00, with a flat charge of $3.00",
        ),
        ({}, "D2", "A full day at Orlando's $80.00"),
    ],
)
def test_a_line_says_in_full_from_what_its_amount_began(
    case: Case, name: str, basis: str, law: Law, ratebook: RateSource
) -> None:
    assert itemized(case, law, ratebook).line(name).basis == basis


@pytest.mark.parametrize(
    ("expenses", "rule"),
    [
        ([one("taxi")], "taxi"),
        ([one("other")], "miscellaneous"),
        ([one("taxi", receipt_total="20.00")], "receipts"),
        ([one("parking")], "pov-mileage"),
        ([one("parking"), drive()], "pov-mileage"),
        ([one("parking", taxi_equivalent="40.00")], "terminal-parking"),
        ([one("parking"), one("airfare", receipt="R9")], "terminal-parking"),
        ([one("parking", taxi_equivalent="40.00"), one("airfare", receipt="R9")], "terminal-parking"),
    ],
    ids=["taxi", "another", "cut", "by car", "by car, stated", "instead of a taxi", "with a flight", "with both"],
)
def test_the_rule_of_an_expense_is_the_one_that_cut_it_or_that_of_its_category(
    expenses: list[dict[str, Any]], rule: str, law: Law, ratebook: RateSource
) -> None:
    """Parking of a trip by car goes with its mileage, parking at a terminal has a rule of its own."""
    line = itemized({"expenses": expenses}, law, ratebook).line("E1")
    assert (line.rule, line.citation) == (rule, law.citation(rule, date(2026, 10, 4)))


@pytest.mark.parametrize(
    ("comparable", "taken"), [("74.99", "-1.01"), ("75.00", "-1.00"), ("76.00", None)], ids=["1.01", "1.00", "none"]
)
def test_driving_above_the_comparable_cost_has_a_line_where_it_costs_more(
    comparable: str, taken: str | None, law: Law, ratebook: RateSource
) -> None:
    """100 miles at $0.76 are $76.00."""
    lines = itemized({"expenses": [drive(comparable_cost=comparable)]}, law, ratebook).lines
    found = [(line.group, line.category, line.rule, str(line.amount_allowed)) for line in lines if line.id == "POV"]
    expected = [("transportation", "over_constructive_cost", "constructive-cost", taken)]
    assert found == (expected if taken else [])


def test_the_tax_on_a_room_is_a_category_of_its_own(law: Law, ratebook: RateSource) -> None:
    found = itemized({"lodging": [ROOM]}, law, ratebook)
    lines = [found.line(name) for name in ("N1", "T1")]
    assert [(line.group, line.category) for line in lines] == [("lodging", "lodging"), ("lodging_tax", "lodging_tax")]


def test_a_split_that_is_waived_leaves_the_tax_below_the_ceiling_and_the_whole_flat_charge(
    law: Law, ratebook: RateSource
) -> None:
    """Half a room of $300.00 with $30.00 tax and a flat charge of $4.00: 15 x 145 / 150 + 2 = $16.50.

    Of the whole room it would be 30 x 145 / 300 + 4 = $18.50.
    """
    night = {"room_rate": "300.00", "tax": "30.00", "flat_tax": "4.00", "sharers": "2"}
    split = itemized({"lodging": [night]}, law, ratebook).line("T1").steps[0]
    assert (split.check, split.gain) == ("shared-room-split", Decimal("2.00"))


def test_a_drive_of_a_time_without_a_rate_says_what_to_do(law: Law, ratebook: RateSource) -> None:
    with pytest.raises(RateUnavailable) as refused:
        itemized({"expenses": [drive(date="2018-10-04")]}, law, ratebook)
    said = str(refused.value)
    assert said.startswith("expenses[0].date: no mileage rate is known for 2018-10-04; known: 2019-01-01 to ")
    assert said.endswith("; check the date, or update the program")


def test_round_trips_of_a_time_without_law_name_their_date(law: Law, ratebook: RateSource) -> None:
    """Several round trips may be commuting on the days of the course, whenever the line is dated."""
    with pytest.raises(RateUnavailable) as refused:
        itemized({"expenses": [drive(date="2018-10-04", round_trips="2")]}, law, ratebook)
    assert str(refused.value).startswith("expenses[0].date: no terminal words is known for 2018-10-04")


def test_a_day_leads_to_what_was_paid_for_it_else_to_its_meals(law: Law, ratebook: RateSource) -> None:
    meals = {"2026-10-06": {"lunch": "none"}, "2026-10-05": {"lunch": "host"}}
    found = itemized({"meals": meals, "claim": {"mie_paid": {"2026-10-06": "80.00"}}}, law, ratebook)
    assert [found.line(name).path for name in ("D1", "D2", "D3")] == [
        "furnished_meals",
        "furnished_meals[1]",
        "mie_paid.2026-10-06",
    ]
    assert [step.field for step in found.line("D2").steps] == ["furnished_meals[1].lunch"]


@pytest.mark.parametrize(
    ("day", "paid", "check", "rule"),
    [
        ("2026-10-06", "70.00", "mie-over-paid", "mie-first-last-day"),
        ("2026-10-06", "90.00", "mie-day-percent", "mie-first-last-day"),
        ("2026-10-07", "80.00", "personal-day-paid", "personal-days"),
    ],
)
def test_what_is_taken_for_what_the_agency_paid_leads_there(
    day: str, paid: str, check: str, rule: str, law: Law, ratebook: RateSource
) -> None:
    found = itemized({"claim": PERSONAL | {"mie_paid": {day: paid}}}, law, ratebook)
    (line,) = (line for line in found.lines if line.group == "mie" and str(line.on) == day)
    assert [(step.check, step.rule, step.field) for step in line.steps] == [(check, rule, f"mie_paid.{day}")]
    assert (line.amount_claimed, line.rule) == (Decimal(paid), rule)


@pytest.mark.parametrize(("name", "field"), [("N1", ""), ("T1", ""), ("E1", "credit")])
def test_a_credit_is_taken_off_the_line_it_names_by_its_own_check(
    name: str, field: str, law: Law, ratebook: RateSource
) -> None:
    """The amount claimed is net of the credit; what is stated is the whole cost."""
    case = {"lodging": [ROOM], "expenses": [one("taxi")], "claim": credit(name)}
    line = itemized(case, law, ratebook).line(name)
    assert [(step.check, step.rule, step.field) for step in line.steps] == [("credit-applied", "credits", field)]
    assert (line.cost_stated - line.amount_claimed, line.credit) == (Decimal("5.00"), Decimal("5.00"))
    assert (line.amount_allowed, line.rule) == (line.amount_claimed, "credits")


@pytest.mark.parametrize(
    ("night", "name", "amount", "gain"),
    [
        ({"room_rate": "100.00"}, "N1", "20.00", "20.00"),
        # The ceiling of $145.00 is what is paid with the credit and without it
        ({"room_rate": "180.00"}, "N1", "20.00", "0.00"),
        # 160 - 20 = 140; without the credit, the ceiling
        ({"room_rate": "160.00"}, "N1", "20.00", "5.00"),
        # (200 - 20) / 2 = 90; 200 / 2 = 100
        ({"room_rate": "200.00", "sharers": "2"}, "N1", "20.00", "10.00"),
        # With a companion the single room counts, before the credit and after it
        ({"room_rate": "140.00", "single_rate": "100.00"}, "N1", "20.00", "0.00"),
        ({"room_rate": "100.00", "tax": "12.00"}, "T1", "5.00", "5.00"),
        # (12 - 5) / 2 = 3.50; 12 / 2 = 6
        ({"room_rate": "100.00", "tax": "12.00", "sharers": "2"}, "T1", "5.00", "2.50"),
        # 29 x 145 / 290 = 14.50 of tax counts, below the 29 - 10 = 19 that it cost
        ({"room_rate": "290.00", "tax": "29.00"}, "T1", "10.00", "0.00"),
        # 12 - 14 leaves nothing, and the flat charge of 3 less 2; without the credit 15
        ({"room_rate": "100.00", "tax": "12.00", "flat_tax": "3.00"}, "T1", "14.00", "14.00"),
        # 10 / 2 and 4 / 2 are 7; less the credit of 11 it is (4 - 1) / 2 = 1.50
        ({"room_rate": "100.00", "tax": "10.00", "flat_tax": "4.00", "sharers": "2"}, "T1", "11.00", "5.50"),
        # With a companion 12 x 110 / 140 = 9.43; less the credit 12 - 5 = 7
        ({"room_rate": "140.00", "tax": "12.00", "single_rate": "110.00"}, "T1", "5.00", "2.43"),
    ],
)
def test_a_credit_that_is_waived_gains_what_the_limits_leave_of_it(
    night: dict[str, str], name: str, amount: str, gain: str, law: Law, ratebook: RateSource
) -> None:
    claim = {"credits": [{"source": "the hotel", "amount": amount, "line": name}]}
    steps = itemized({"lodging": [night], "claim": claim}, law, ratebook).line(name).steps
    assert [str(step.gain) for step in steps if step.check == "credit-applied"] == [gain]


def test_a_credit_that_an_expense_states_leads_to_it(law: Law, ratebook: RateSource) -> None:
    (step,) = itemized({"expenses": [one("taxi", credit="5.00")]}, law, ratebook).line("E1").steps
    assert (step.check, step.rule, step.field) == ("credit-applied", "credits", "credit")

"""The checks of dates: the day before, on and after each limit."""

from __future__ import annotations

import pytest

from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from tests.support.checking import ONE_DAY, Desk, Edits, moody, no_room

ROOMS = moody()["lodging"]
"""The four nights of the week, each with a room."""
SATURDAY_OUT: Edits = {
    "expenses": [],
    "lodging": [*ROOMS, no_room("2026-10-31"), no_room("2026-11-01")],
    "trip.departed_at": "2026-10-31T05:30",
    "trip.stops[0].arrived_on": "2026-10-31",
}
NIGHT_TRAIN: Edits = {
    "expenses": [],
    "lodging": [*ROOMS, no_room("2026-10-31", "in_transit"), no_room("2026-11-01")],
    "trip.departed_at": "2026-10-31T20:30",
    "trip.stops[0].arrived_on": "2026-11-01",
}
"""On Saturday evening to a course that begins on Monday: the officer arrives on Sunday, the day before it."""
MOODY = {"place": {"city": "Moody", "state": "AL"}}
SATURDAY_HOME: Edits = {
    "trip.returned_at": "2026-11-07T10:00",
    "trip.stops[0].departed_on": "2026-11-07",
    "lodging": [*ROOMS, no_room("2026-11-06")],
}
HOME_ON_A_PERSONAL_DAY: Edits = {**SATURDAY_HOME, "trip.personal_days": ["2026-11-07"], "lodging": ROOMS}
OTHER = {"category": "other", "amount": "30.00", "description": "course book"}
FLIGHT = {"date": "2026-11-02", "category": "airfare", "amount": "90.00", "receipt": "R9"}
WEEK = [f"2026-11-{day:02}" for day in range(2, 7)]
LOOKED_AT = "other-expense review expenses[2].description"
"""Every other expense is looked at. Rule `miscellaneous`."""


def _on(day: str, **fields: str) -> Edits:
    return {"expenses[+]": {**OTHER, "date": day, **fields}}


def _flies(**fields: str) -> Edits:
    """A flight instead of the drives."""
    return {"expenses": [{**FLIGHT, **fields}]}


def _en_route(*expenses: dict[str, object]) -> Edits:
    """On Saturday to a stop on the way, on Sunday to the course of Monday."""
    return {
        **SATURDAY_OUT,
        "expenses": list(expenses),
        "trip.stops[0].departed_on": "2026-11-01",
        "trip.stops[0].reason": "en_route",
        "trip.stops[+]": {**MOODY, "arrived_on": "2026-11-01", "departed_on": "2026-11-06"},
    }


CASES: list[tuple[str, Edits, list[str]]] = [
    (
        "out on the day before the course",
        {
            "trip.departed_at": "2026-11-01T05:30",
            "trip.stops[0].arrived_on": "2026-11-01",
            "lodging[+]": no_room("2026-11-01"),
        },
        [],
    ),
    ("out two days before the course", SATURDAY_OUT, ["extra-night review trip.departed_at"]),
    # A reason closes no review: a person judges it.
    (
        "with a reason",
        {**SATURDAY_OUT, "trip.extra_night_reason": "the only flight in the week"},
        ["extra-night review trip.departed_at"],
    ),
    ("the first of the two days is personal", {**SATURDAY_OUT, "trip.personal_days": ["2026-10-31"]}, []),
    (
        "the first of the two days leads to a stop en route, which nothing in the claim explains",
        _en_route(),
        ["en-route-nights review trip.stops[0].reason"],
    ),
    (
        "the first of the two days leads to a stop en route, by train",
        _en_route({**FLIGHT, "category": "rail_bus"}),
        [],
    ),
    ("out two days before the course, through the night on the train", NIGHT_TRAIN, []),
    (
        "out two days before the course, with a room on the way that is no stop",
        {**NIGHT_TRAIN, "lodging[4]": {"night": "2026-10-31", "room_rate": "90.00", "receipt": "R1"}},
        ["extra-night review trip.departed_at"],
    ),
    (
        "out three days before the course, through the night on the train",
        {
            **NIGHT_TRAIN,
            "trip.departed_at": "2026-10-30T20:30",
            "trip.stops[0].arrived_on": "2026-10-31",
            "lodging[+]": no_room("2026-10-30", "in_transit"),
        },
        ["extra-night review trip.departed_at"],
    ),
    (
        "through the night on the train to a stop on the way",
        {
            **NIGHT_TRAIN,
            "expenses": [{**FLIGHT, "category": "rail_bus", "amount": "40.00"}],
            "trip.departed_at": "2026-10-30T20:30",
            "lodging[+]": no_room("2026-10-30", "in_transit"),
            "trip.stops": [
                {**MOODY, "arrived_on": "2026-10-31", "departed_on": "2026-11-01", "reason": "en_route"},
                {**MOODY, "arrived_on": "2026-11-01", "departed_on": "2026-11-06"},
            ],
        },
        [],
    ),
    ("home the day after the course", SATURDAY_HOME, ["extra-night review trip.returned_at"]),
    ("home the day after the course, a personal day", HOME_ON_A_PERSONAL_DAY, []),
    (
        "out early and home late",
        {**SATURDAY_HOME, **SATURDAY_OUT, "lodging[+]": no_room("2026-11-06")},
        ["extra-night review trip.departed_at", "extra-night review trip.returned_at"],
    ),
    ("a book two days after the trip", _on("2026-11-08"), [LOOKED_AT]),
    (
        "a book three days after the trip",
        _on("2026-11-09"),
        ["expense-outside-trip review expenses[2].date", LOOKED_AT],
    ),
    ("a book two days before the trip", _on("2026-10-31"), [LOOKED_AT]),
    (
        "a book three days before the trip",
        _on("2026-10-30"),
        ["expense-outside-trip review expenses[2].date", LOOKED_AT],
    ),
    ("a flight booked two months before", _flies(date="2026-09-01"), []),
    (
        "a flight three days after the trip",
        _flies(date="2026-11-09"),
        ["expense-outside-trip review expenses[0].date"],
    ),
    # Words turn no check off: a deposit is a hotel's charge by its category, not by its description.
    (
        "a deposit before the trip, by its words",
        _on("2026-10-01", description="deposit for the course materials"),
        ["expense-outside-trip review expenses[2].date", LOOKED_AT],
    ),
    (
        "a deposit for the hotel before the trip",
        _on("2026-10-01", category="lodging_fee"),
        ["lodging-fee review expenses[2].description"],
    ),
    (
        "a fine outside the trip is not paid anyway",
        _on("2026-10-01", category="fine"),
        ["not-allowable info expenses[2].category: 30.00 to 0.00"],
    ),
    ("a taxi today", _on("2026-11-08", category="taxi"), []),
    (
        "an expense after today, and so not outside the trip as well",
        _on("2026-11-24", category="taxi"),
        ["date-in-future blocks expenses[2].amount: 30.00 to 0.00"],
    ),
    (
        "received after today",
        {"received_on": "2026-11-24"},
        ["date-in-future blocks received_on: 898.68 to 0.00"],
    ),
    (
        "a personal day amid the course, and its night claimed",
        {"trip.personal_days": ["2026-11-04"]},
        ["personal-day-paid adjusts lodging[2].room_rate, lodging[2].tax: 110.74 to 0.00"],
    ),
    (
        "M&IE paid for a personal day, on which the officer drives home",
        {"trip.personal_days": ["2026-11-06"], "mie_paid": {"2026-11-06": "51.00"}, "lodging[3].room_rate": "0.00"},
        [
            "personal-day-expense review expenses[1].date",
            "personal-day-paid adjusts lodging[3].tax: 12.74 to 0.00",
            "personal-day-paid adjusts mie_paid.2026-11-06: 51.00 to 0.00",
        ],
    ),
    (
        "every day is personal",
        {"trip.personal_days": WEEK},
        [
            "personal-day-expense review expenses[0].date",
            "personal-day-expense review expenses[1].date",
            "personal-day-paid adjusts lodging[0].room_rate, lodging[1].room_rate, lodging[2].room_rate, "
            "lodging[3].room_rate, lodging[0].tax, lodging[1].tax, lodging[2].tax, lodging[3].tax: 442.96 to 0.00",
        ],
    ),
    (
        "a flight with a personal day, and no fare of the official dates",
        {**HOME_ON_A_PERSONAL_DAY, **_flies()},
        ["personal-day-paid review expenses[0].direct_fare"],
    ),
    (
        "a flight with a personal day, dearer than that of the official dates",
        {**HOME_ON_A_PERSONAL_DAY, **_flies(direct_fare="80.00")},
        ["personal-day-paid adjusts expenses[0].direct_fare: 90.00 to 80.00"],
    ),
    (
        "a flight with a personal day, no dearer than that of the official dates",
        {**HOME_ON_A_PERSONAL_DAY, **_flies(direct_fare="90.00")},
        [],
    ),
    (
        "flights with a personal day that state two fares of the official dates: together the lower one",
        {
            **HOME_ON_A_PERSONAL_DAY,
            "expenses": [
                {**FLIGHT, "direct_fare": "150.00", "one_way": True},
                {**FLIGHT, "direct_fare": "140.00", "one_way": True, "date": "2026-11-07", "receipt": "R8"},
            ],
        },
        [
            "personal-day-paid adjusts expenses[1].direct_fare: 90.00 to 50.00",
            "personal-day-paid review expenses[0].direct_fare, expenses[1].direct_fare",
        ],
    ),
    (
        "a taxi on a personal day",
        {**HOME_ON_A_PERSONAL_DAY, **_flies(category="taxi", date="2026-11-07")},
        ["personal-day-expense review expenses[0].date"],
    ),
    (
        "a taxi on the day before a personal day",
        {**HOME_ON_A_PERSONAL_DAY, **_flies(category="taxi", date="2026-11-06")},
        [],
    ),
    ("a day of 12.5 hours", ONE_DAY, []),
    (
        "a day of 12 hours",
        {**ONE_DAY, "trip.returned_at": "2026-11-02T17:30"},
        ["short-trip info trip.departed_at, trip.returned_at"],
    ),
    (
        "a day without times",
        {**ONE_DAY, "trip.departed_at": "2026-11-02", "trip.returned_at": "2026-11-02"},
        ["short-trip review trip.departed_at, trip.returned_at"],
    ),
    (
        "a commuter with a long day and a short one",
        {
            **ONE_DAY,
            "trip.returned_at": "2026-11-03T17:30",
            "trip.day_trips": [
                {"date": "2026-11-02", "left_at": "05:30", "returned_at": "18:00"},
                {"date": "2026-11-03", "left_at": "05:30", "returned_at": "17:30"},
            ],
            "course.ends_on": "2026-11-03",
        },
        ["short-trip info trip.day_trips[1]"],
    ),
]


@pytest.mark.parametrize(("edits", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_questioned(edits: Edits, expected: list[str], law: Law, ratebook: RateSource) -> None:
    assert Desk(law, ratebook).questioned(edits) == expected


def test_a_claim_and_its_night_and_drive_after_the_day_of_the_check(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    barred = ["date-in-future blocks prepared_on: 898.68 to 0.00"]
    assert desk.questioned({}, as_of="2026-11-15") == barred
    assert desk.questioned({}, as_of="2026-11-16") == []
    # Of a claim made in the middle of the trip nothing is paid, so its lines change nothing: $713.08 is the week
    # without the last night ($110.74) and the drive home ($74.86).
    early = {"prepared_on": "2026-11-04"}
    assert desk.questioned(early, as_of="2026-11-04") == [
        "course-not-completed blocks course.completed_on: 713.08 to 0.00",
        "date-in-future blocks expenses[1].miles: 74.86 to 0.00, payment 0.00",
        "date-in-future blocks lodging[3].room_rate, lodging[3].tax: 110.74 to 0.00, payment 0.00",
    ]


def test_without_a_day_nothing_lies_in_the_future(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    assert "date-in-future" in desk.unjudged({}, as_of=None)
    assert "date-in-future" not in desk.unjudged({})
    assert desk.questioned({}, as_of=None) == []


def test_a_claim_of_a_trip_a_year_ago(law: Law, ratebook: RateSource) -> None:
    desk = Desk(law, ratebook)
    late = "claim-late review prepared_on"
    assert desk.questioned({"prepared_on": "2027-11-06"}, as_of="2027-12-31") == [late]
    older = "claim-older-than-a-year info prepared_on"
    assert desk.questioned({"prepared_on": "2027-11-07"}, as_of="2027-12-31") == [late, older]
    assert "claim-older-than-a-year info received_on" in desk.questioned(
        {"received_on": "2027-11-07"}, as_of="2027-12-31"
    )


def test_other_trips_are_not_known(law: Law, ratebook: RateSource) -> None:
    assert "trips-overlap" in Desk(law, ratebook).unjudged({})

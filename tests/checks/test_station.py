"""Where the officer was, as the checks say it: each finding's field and words. More: cases/away.yaml."""

from __future__ import annotations

from typing import Any

import pytest

from perdiem_calc.checks.finding import Finding, Outcome
from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from tests.support.checking import Desk, Edits

Fields = dict[str, Any]
NEAR = "near-official-station"
ORLANDO: Fields = {
    "course.place": {"city": "Orlando", "state": "FL"},
    "trip.stops[0].place": {"city": "Orlando", "state": "FL"},
    "expenses": [],
}


def found(check: str, edits: Edits, law: Law, rates: RateSource) -> list[Finding]:
    return [one for one in Desk(law, rates).findings(edits) if one.check == check]


@pytest.mark.parametrize(
    ("edits", "where", "said"),
    [
        (
            {"trip.official_station": {"zip": "32789"}},
            "trip.official_station",
            "The stop of 2026-11-02 in Orlando, FL and the official station in 32789 lie in one per diem "
            "locality, and one of them is "
            "named by "
            "its ZIP alone: enter the city, or explain why the officer had to stay.",
        ),
        (
            {"trip.residence": {"zip": "32789"}},
            "trip.residence",
            "The stop of 2026-11-02 in Orlando, FL and the residence in 32789 lie in one per diem "
            "locality, and one of them is named by "
            "its ZIP "
            "alone: enter the city, or explain why the officer had to stay.",
        ),
        (
            {
                "trip.stops[0].place": {"zip": "32801"},
                "trip.official_station": {"city": "Winter Park", "state": "FL"},
            },
            "trip.stops[0].place",
            "The stop of 2026-11-02 in 32801 and the official station in Winter Park, FL lie in one per diem "
            "locality, and one of them is "
            "named by "
            "its ZIP alone: enter the city, or explain why the officer had to stay.",
        ),
        (
            {"trip.official_station": {"city": "Winter Park", "state": "FL"}},
            "trip.stops[0].place, trip.official_station",
            "The stop of 2026-11-02 to 2026-11-06 in Orlando, FL and the official station in Winter Park, FL lie "
            "in one county, and per diem is "
            "paid away "
            "from home only: explain why the officer had to stay, or correct the place.",
        ),
        (
            {"trip.residence": {"city": "Winter Park", "state": "FL"}},
            "trip.stops[0].place, trip.residence",
            "The stop of 2026-11-02 to 2026-11-06 in Orlando, FL and the residence in Winter Park, FL lie in one "
            "county, and per diem is paid away "
            "from "
            "home only: explain why the officer had to stay, or correct the place.",
        ),
    ],
)
def test_a_home_near_the_course_is_named(edits: Edits, where: str, said: str, law: Law, ratebook: RateSource) -> None:
    (finding,) = found(NEAR, {**ORLANDO, **edits}, law, ratebook)
    assert (finding.severity.value, finding.scope, str(finding.where)) == ("review", "claim", where)
    assert (finding.rule, finding.message) == ("official-station", said)


@pytest.mark.parametrize(
    ("edits", "where", "name"),
    [
        ({"trip.official_station": {"zip": "62650"}}, "trip.official_station", "official station"),
        ({"trip.residence": {"zip": "62650"}}, "trip.residence", "residence"),
        ({"trip.residence": {"zip": "00000"}}, "trip.residence", "residence"),
    ],
)
def test_a_home_named_by_its_zip_alone_is_not_judged(
    edits: Edits, where: str, name: str, law: Law, ratebook: RateSource
) -> None:
    (finding,) = found(NEAR, {**ORLANDO, **edits}, law, ratebook)
    assert (finding.outcome, str(finding.where), finding.rule) == (Outcome.NOT_EVALUATED, where, "official-station")
    zip_code = edits[where]["zip"]
    assert finding.message == (
        f"Not judged: whether the stop of 2026-11-02 in Orlando, FL is at the {name} in {zip_code}; one of them is "
        "named by its ZIP alone: "
        "enter its city."
    )


def test_one_finding_is_enough_for_a_stop_near_both_homes(law: Law, ratebook: RateSource) -> None:
    both = {f"trip.{home}": {"city": "Winter Park", "state": "FL"} for home in ("official_station", "residence")}
    (finding,) = found(NEAR, {**ORLANDO, **both}, law, ratebook)
    assert str(finding.where) == "trip.stops[0].place, trip.official_station"


@pytest.mark.parametrize(
    ("check", "edits", "lines", "said"),
    [
        (
            "at-official-station",
            {
                "trip.official_station": {"city": "Orlando", "state": "FL"},
                "trip.station_approval": {"by": "nasro", "on": "2026-11-01", "reason": "two  night\nsessions"},
            },
            ("N1", "N2", "N3", "N4", "D1", "D2", "D3", "D4", "D5"),
            "Per diem in Orlando, FL, the city of the official station or the residence, is paid because NASRO "
            "approved it on "
            '2026-11-01, who gave the reason "two night sessions": check that the approval is attached.',
        ),
        (
            "night-unanswered",
            {"lodging": []},
            (),
            "There is no lodging entry for the nights of 2026-11-02 to 2026-11-05: enter the room of each night, "
            "or why "
            "there is none (own home, with friends or relatives, traveling, or not claimed).",
        ),
        (
            "folio-on-one-night",
            {"lodging[0].room_rate": "580.00", "lodging[1].room_rate": "0.00", "lodging[1].tax": "0.00"},
            ("N1",),
            "The room of the night of 2026-11-02 cost $580.00, at least twice the ceiling of $145.00, and the "
            "nights of "
            "2026-11-03 of the same stay have no room: if it is the whole folio, divide it by night.",
        ),
        (
            "commuting",
            {"lodging[1].type": "own_home"},
            ("D2", "D3"),
            "M&IE of 2026-11-03 to 2026-11-04 (D2, D3): none of the $160.00 is paid, because the officer slept "
            "at home in "
            "the nights of 2026-11-03, and M&IE is paid away from home only: enter these days as day trips with "
            "their "
            "times, or correct what shows the nights at home.",
        ),
    ],
)
def test_where_the_officer_was_is_said_in_full(
    check: str, edits: Edits, lines: tuple[str, ...], said: str, law: Law, ratebook: RateSource
) -> None:
    (finding,) = found(check, {**ORLANDO, **edits}, law, ratebook)
    assert (finding.message, finding.where.lines) == (said, lines)


NO_ROOM: Fields = {"lodging": []}
CANCELLED: Fields = NO_ROOM | {"course.outcome": "cancelled", "course.completed_on": None}
BELOW_24_HOURS: Fields = NO_ROOM | {
    "trip.departed_at": "2026-11-02T06:00",
    "trip.returned_at": "2026-11-03T05:00",
    "trip.stops[0].departed_on": "2026-11-03",
    "course.ends_on": "2026-11-03",
    "course.completed_on": "2026-11-03",
    "furnished_meals": [],
}


@pytest.mark.parametrize(
    ("edits", "is_asked"),
    [
        pytest.param(NO_ROOM, True, id="an original"),
        pytest.param(NO_ROOM | {"kind": "corrected", "replaces": "A-1"}, True, id="a correction"),
        pytest.param(NO_ROOM | {"kind": "supplemental", "replaces": "A-1"}, False, id="a supplement"),
        pytest.param(CANCELLED | {"course.traveled": True}, True, id="cancelled, and traveled"),
        pytest.param(CANCELLED | {"course.traveled": False}, False, id="cancelled, and not traveled"),
        pytest.param(BELOW_24_HOURS, False, id="23 hours"),
        pytest.param(
            NO_ROOM
            | {
                "trip.day_trips": [{"date": "2026-11-03", "left_at": "06:00", "returned_at": "19:00"}],
                "trip.stops[0].departed_on": "2026-11-02",
            },
            False,
            id="day trips",
        ),
    ],
)
def test_of_which_trips_every_night_is_asked(edits: Edits, is_asked: bool, law: Law, ratebook: RateSource) -> None:
    assert bool(found("night-unanswered", edits, law, ratebook)) == is_asked


COURSE: Fields = {
    "place": {"city": "Moody", "state": "AL"}, "arrived_on": "2026-11-02", "departed_on": "2026-11-06",
}  # fmt: skip
THERE: Fields = {
    "category": "pov_mileage",
    "date": "2026-11-02",
    "from": "Rome, GA",
    "to": "Moody, AL",
    "miles": "98",
}
BACK: Fields = THERE | {"date": "2026-11-06", "from": "Moody, AL", "to": "Rome, GA"}
TAXI: Fields = {"category": "taxi", "date": "2026-11-06", "amount": "12.00"}


def on_the_way(first: str, last: str) -> Fields:
    """A stop en route to the course or home from it."""
    place = {"city": "Birmingham", "state": "AL"}
    return {"place": place, "arrived_on": first, "departed_on": last, "reason": "en_route"}


def to_course(first: str, *expenses: Fields) -> Fields:
    """Nights on the way to the course, from the first one on."""
    stops = [on_the_way(first, "2026-11-02"), COURSE]
    return {"trip.departed_at": f"{first}T05:30", "trip.stops": stops, "expenses": list(expenses)}


def to_home(last: str, *expenses: Fields) -> Fields:
    """Nights on the way home, up to the day of the return."""
    stops = [COURSE, on_the_way("2026-11-06", last)]
    return {"trip.returned_at": f"{last}T19:40", "trip.stops": stops, "expenses": list(expenses)}


ROOM: Fields = {"lodging[+]": {"night": "2026-11-01", "room_rate": "90.00", "tax": "11.70", "receipt": "F-90217"}}
UNEXPLAINED = "no drive or carrier in the claim explains it"


@pytest.mark.parametrize(
    ("edits", "where", "lines", "said"),
    [
        pytest.param(
            to_course("2026-10-31", THERE) | ROOM,
            "trip.stops[0].reason",
            {"N5", "D1", "D2"},
            "On the way to the course: 2 nights en route (2026-10-31 to 2026-11-01), and one each way is usual",
            id="two nights to the course",
        ),
        pytest.param(
            to_home("2026-11-08", BACK),
            "trip.stops[1].reason",
            {"D5", "D6"},
            "On the way home: 2 nights en route (2026-11-06 to 2026-11-07), and one each way is usual",
            id="two nights home",
        ),
        pytest.param(
            to_course("2026-11-01", BACK, TAXI),
            "trip.stops[0].reason",
            {"D1"},
            f"On the way to the course: 1 night en route (2026-11-01), and {UNEXPLAINED}",
            id="one night to the course, and a drive back alone",
        ),
        pytest.param(
            to_home("2026-11-07", THERE, TAXI),
            "trip.stops[1].reason",
            {"D5"},
            f"On the way home: 1 night en route (2026-11-06), and {UNEXPLAINED}",
            id="one night home, a drive there alone, and a taxi",
        ),
        pytest.param(to_course("2026-11-01", THERE), "", set(), "", id="one night, and the drive there"),
        pytest.param(to_home("2026-11-07", BACK), "", set(), "", id="one night, and the drive back"),
    ],
)
def test_nights_on_the_way_in_full(
    edits: Edits, where: str, lines: set[str], said: str, law: Law, ratebook: RateSource
) -> None:
    """A drive on the first or the last day of the course explains one night."""
    told = found("en-route-nights", edits, law, ratebook)
    fix = ": explain the way, or name personal days as such."
    assert [(str(one.where), {*one.where.lines}, one.message) for one in told] == (
        [(where, lines, f"{said}{fix}")] if said else []
    )


def test_an_approval_by_the_cops_office_in_full(law: Law, ratebook: RateSource) -> None:
    approved: Fields = {
        "trip.official_station": {"city": "Orlando", "state": "FL"},
        "trip.station_approval": {"by": "cops", "on": "2026-11-01"},
    }
    (finding,) = found("at-official-station", {**ORLANDO, **approved}, law, ratebook)
    assert (finding.severity.value, str(finding.where)) == ("review", "trip.station_approval.by")
    assert finding.message == (
        "Per diem in Orlando, FL, the city of the official station or the residence, is paid because the COPS Office "
        "approved it on 2026-11-01: check that the approval is attached."
    )

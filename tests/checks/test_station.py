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

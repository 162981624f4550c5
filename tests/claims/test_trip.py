"""What a journey refuses, each refusal in full: the field, what is wrong, how to fix it, and the check it counts to.

The trip is from October 4 to 9, 2026, with one stop in Orlando.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.claims.trip import NOT_CONTINUOUS, Stop, elapsed_hours
from perdiem_calc.errors import InputErrors
from tests.support.claim_data import orlando

ORLANDO = {"place": {"city": "Orlando", "state": "FL"}}
ONE_DATE = [{**ORLANDO, "arrived_on": "2026-10-05", "departed_on": "2026-10-05"}]


def stops(*nights: str) -> dict[str, Any]:
    """Stops in Orlando, each like "05 to 07", in October."""
    return {
        "stops": [
            {**ORLANDO, "arrived_on": f"2026-10-{first}", "departed_on": f"2026-10-{last}"}
            for first, _, last in (text.partition(" to ") for text in nights)
        ]
    }


def day_trips(*times: str) -> dict[str, Any]:
    """Day trips, each like "05 06:00 19:00", in October."""
    return {
        "stops": ONE_DATE,
        "day_trips": [
            {"date": f"2026-10-{day}", "left_at": left, "returned_at": back}
            for day, left, back in (text.split() for text in times)
        ],
    }


REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"returned_at": "2026-10-03"},
        "returned_at",
        "the return 2026-10-03 is not after the departure 2026-10-04; check both dates and times",
        NOT_CONTINUOUS,
    ),
    (
        {"departed_at": "2026-10-09T08:00", "returned_at": "2026-10-09T08:00"},
        "returned_at",
        "the return 2026-10-09 08:00 is not after the departure 2026-10-09 08:00; check both dates and times",
        NOT_CONTINUOUS,
    ),
    (
        {"returned_at": "2027-10-06"},
        "returned_at",
        "the trip lasts more than a year; check the year of both dates",
        "",
    ),
    (
        {"personal_days": ["2026-10-07", "2026-10-10"]},
        "personal_days[1]",
        "2026-10-10 is not within the trip; check the date",
        "",
    ),
    (
        {"personal_days": ["2026-10-07", "2026-10-07"]},
        "personal_days[1]",
        "2026-10-07 is named twice; leave one out",
        "",
    ),
    (day_trips("10 06:00 19:00"), "day_trips[0]", "2026-10-10 is not within the trip; check the date", ""),
    (
        day_trips("05 06:00 09:00", "05 12:00 19:00"),
        "day_trips[1]",
        "2026-10-05 is named twice; leave one out",
        "",
    ),
    (
        day_trips("05 06:00 19:00") | stops("04 to 09"),
        "stops[0].departed_on",
        "day trips go with stops without nights; write 2026-10-04, the day of arrival, here too",
        "",
    ),
    (
        day_trips("05 06:00 19:00", "09 20:00 2026-10-10T06:00"),
        "day_trips[1].returned_at",
        "2026-10-10 06:00 is after the trip's return 2026-10-09; check both",
        "",
    ),
    (
        day_trips("05 18:00 2026-10-06T08:00", "06 07:59 12:00"),
        "day_trips[1].left_at",
        "2026-10-06 07:59 is within the day trip of 2026-10-05; check the times of both",
        "",
    ),
    (
        day_trips("06 07:59 12:00", "05 18:00 2026-10-06T08:00"),
        "day_trips[1].left_at",
        "2026-10-05 18:00 is within the day trip of 2026-10-06; check the times of both",
        "",
    ),
    (
        day_trips("05 06:00 06:00"),
        "day_trips[0].returned_at",
        "06:00:00 is not after left_at 06:00:00; where the return was past midnight, write its date and time",
        "",
    ),
    (
        day_trips("05 06:00 2026-10-06T06:00"),
        "day_trips[0].returned_at",
        "a day trip lasts less than 24 hours; enter a longer one as a trip with a stop",
        "",
    ),
    (
        stops("03 to 09"),
        "stops[0].arrived_on",
        "2026-10-03 is before the departure 2026-10-04",
        NOT_CONTINUOUS,
    ),
    (stops("04 to 10"), "stops[0].departed_on", "2026-10-10 is after the return 2026-10-09", NOT_CONTINUOUS),
    (
        stops("04 to 07", "06 to 09"),
        "stops[1].arrived_on",
        "2026-10-06 overlaps the stop before, which ends on 2026-10-07; a night belongs to one stop",
        NOT_CONTINUOUS,
    ),
    (
        stops("09 to 04"),
        "stops[0].departed_on",
        "2026-10-04 is before arrived_on 2026-10-09; swap the two dates",
        NOT_CONTINUOUS,
    ),
    (
        stops("04 to 05", "06 to 07"),
        "stops",
        "no stop covers the nights 2026-10-07 to 2026-10-08; one night en route is possible: "
        "add the missing stop, correct its dates, or name the personal days",
        NOT_CONTINUOUS,
    ),
    (
        {"official_station": {"state": "IL"}},
        "official_station",
        "a city and state, or a ZIP, are needed to know the place",
        "",
    ),
]


def trip(**changes: Any) -> dict[str, Any]:
    """The claim with fields of its trip set otherwise."""
    base = {"departed_at": "2026-10-04", "returned_at": "2026-10-09", **stops("04 to 09")}
    return orlando() | {"trip": {"official_station": {"city": "Jacksonville", "state": "IL"}, **base, **changes}}


@pytest.mark.parametrize(("changes", "where", "what", "check"), REFUSED, ids=[what[:60] for _, _, what, _ in REFUSED])
def test_what_cannot_be_says_where_and_what_and_its_check(
    changes: dict[str, Any], where: str, what: str, check: str
) -> None:
    with pytest.raises(InputErrors) as refused:
        parse_claim(trip(**changes))
    assert [(error.where, error.what, error.check) for error in refused.value.errors] == [
        (f"trip.{where}", what, check)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"returned_at": "2027-10-05", "stops": [ORLANDO | {"arrived_on": "2026-10-04", "departed_on": "2027-10-05"}]},
        day_trips("05 18:00 2026-10-06T08:00", "06 08:00 12:00"),
        day_trips("06 08:00 12:00", "05 18:00 2026-10-06T08:00"),
        day_trips("09 06:00 2026-10-10T00:00"),
        day_trips("05 06:00 2026-10-06T05:59"),
        stops("04 to 05", "06 to 08"),
    ],
    ids=["a year", "one after the other", "the other before", "midnight", "a minute less", "two nights en route"],
)
def test_what_is_just_possible_is_taken(changes: dict[str, Any]) -> None:
    """A trip of 366 days, day trips that touch, one that is home at midnight, single nights that no stop covers."""
    claim = trip(**changes) | {"lodging": [], "expenses": [], "furnished_meals": None}
    assert parse_claim(claim).trip.departed_on == date(2026, 10, 4)


def test_a_stop_by_itself_says_what_is_wrong() -> None:
    backwards = stops("09 to 04")["stops"][0]
    with pytest.raises(ValidationError) as refused:
        Stop.model_validate(backwards)
    (error,) = refused.value.errors()
    assert error["msg"] == "2026-10-04 is before arrived_on 2026-10-09; swap the two dates"


def test_hours_count_to_the_minute_and_a_part_of_one_counts_for_nothing() -> None:
    start = datetime(2026, 10, 4, 12, 30)
    assert elapsed_hours(start, datetime(2026, 10, 5, 0, 45, 59), changes_clocks=True) == Decimal("12.25")

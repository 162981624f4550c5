"""Random claims that can be read and itemized, for the laws of tests/test_laws.py.

Every place is known, every date lies where rates and mileage rates are in force; what is claimed may be as wrong as
people make it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeVar, get_args

from hypothesis import settings
from hypothesis import strategies as st

from perdiem_calc.claims.model import (
    CARRIERS,
    NO_ROOM,
    Approver,
    Category,
    FurnishedBy,
    LodgingType,
    MealStatement,
    PaidBy,
)
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.rules.law import load_law
from tests.support.case_files import claim_of
from tests.support.house_rules import COSTLY, PROFILE

FIRST, LAST = date(2020, 10, 1), date(2026, 12, 20)
PLACES = ("Orlando, FL", "Moody, AL", "Washington, DC", "Atlanta, GA", "Gulf Shores, AL", "Chicago, IL")
WORDS = ("optional", "prepaid", "personal accident insurance", "hotel", "as agreed")
ENDS = ("A", "B", "Home", "the office", "Orlando, FL", "STL airport")
"""Where drives begin and end: elsewhere, at home, at the course, at a terminal."""

T = TypeVar("T")


def dollars(least: int, most: int) -> st.SearchStrategy[str]:
    """Amounts from `least` to `most` cents, as a claim writes them."""
    return st.integers(least, most).map(lambda cents: f"{cents // 100}.{cents % 100:02}")


def perhaps(values: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """A value, or none."""
    return st.none() | values


def claims() -> st.SearchStrategy[dict[str, Any]]:
    """Claims as JSON states them."""
    return st.integers(0, (LAST - FIRST).days).flatmap(lambda n: _claims(FIRST + timedelta(days=n)))


@st.composite
def _claims(draw: st.DrawFn, departed_on: date) -> dict[str, Any]:
    nights = draw(st.integers(0, 7))
    days = [departed_on + timedelta(days=n) for n in range(nights + 1)]
    hours = draw(st.sampled_from(["", " 00:00 23:59", " 06:00 18:00", " 06:00 18:01", " 19:30 21:00"])).split()
    ends = (
        [f"{day} {hour}" for day, hour in zip((days[0], days[-1]), hours, strict=True)]
        if hours
        else days[:: nights or 1]
    )
    trip = f"{ends[0]} to {ends[-1]}"
    claim = claim_of({"trip": trip, "stops": draw(_stops(days)), "at": PLACES[0]})
    stops = claim["trip"]["stops"]
    if all(stop["arrived_on"] == stop["departed_on"] for stop in stops) and draw(st.booleans()):
        claim["trip"]["day_trips"] = [
            {"date": f"{day}", "left_at": "06:00", "returned_at": draw(st.sampled_from(["18:00", "18:01", "23:00"]))}
            for day in draw(st.sets(st.sampled_from(days), min_size=1))
        ]
    if not draw(st.integers(0, 7)):
        city, _, state = draw(st.sampled_from(PLACES)).partition(", ")
        claim["trip"]["official_station"] = {"city": city, "state": state}
        approved_on = draw(perhaps(st.sampled_from([f"{departed_on - timedelta(days=1)}", f"{departed_on}"])))
        claim["trip"]["station_approval"] = {"by": "nasro", "on": approved_on}
    claim["course"]["ends_at"] = draw(perhaps(st.sampled_from(["12:00", "17:00"])))
    claim["trip"]["personal_days"] = [f"{day}" for day in draw(st.sets(st.sampled_from(days), max_size=2))]
    claim["lodging"] = [draw(_nights(day)) for day in days if draw(st.integers(0, 9))]
    if draw(st.booleans()):
        claim["furnished_meals"] = [draw(_meals(day)) for day in days if draw(st.booleans())]
    claim["mie_paid"] = {f"{day}": draw(dollars(0, 12000)) for day in days if not draw(st.integers(0, 5))}
    claim["expenses"] = draw(st.lists(_expenses(days), max_size=6))
    claim["credits"] = draw(st.lists(_credits(claim), max_size=2))
    claim["previously_reimbursed"] = draw(st.just("0.00") | dollars(0, 120000))
    if not draw(st.integers(0, 4)):
        claim["agency"]["payee_kind"] = "individual"
    return claim


@st.composite
def _stops(draw: st.DrawFn, days: Sequence[date]) -> list[str]:
    """One stop for the whole trip, or two in a row."""
    here, there = draw(st.permutations(PLACES))[:2]
    turn = draw(st.sampled_from(days))
    if draw(st.booleans()):
        return [f"{here} {days[0]} to {days[-1]}"]
    return [f"{here} {days[0]} to {turn}", f"{there} {turn} to {days[-1]}"]


@st.composite
def _nights(draw: st.DrawFn, day: date) -> dict[str, Any]:
    night: dict[str, Any] = {
        "night": f"{day}",
        "room_rate": draw(st.just("0.00") | dollars(1, 40000)),
        "tax": draw(st.just("0.00") | dollars(1, 6000)),
        "flat_tax": draw(st.just("0.00") | dollars(1, 500)),
        "receipt": draw(st.sampled_from(["R1", "R1", "R1", None, "lost", "see file"])),
        "receipt_statement": draw(st.booleans()),
        "type": draw(st.just("hotel") | st.sampled_from(get_args(LodgingType))),
        "paid_by": draw(st.just("agency") | st.sampled_from(get_args(PaidBy))),
    }
    if night["type"] in NO_ROOM:
        night |= {"room_rate": "0.00", "tax": "0.00", "flat_tax": "0.00"}
    if draw(st.booleans()):
        night["sharers"] = draw(st.integers(1, 7))
    else:
        night["single_rate"] = draw(perhaps(dollars(1, 40000)))
    if not draw(st.integers(0, 3)):
        night["approval"] = {
            "by": draw(st.sampled_from(get_args(Approver))),
            "on": draw(perhaps(st.sampled_from([f"{day - timedelta(days=30)}", f"{day}"]))),
            "ceiling": draw(perhaps(dollars(0, 70000))),
        }
    return night


@st.composite
def _meals(draw: st.DrawFn, day: date) -> dict[str, Any]:
    by = perhaps(st.sampled_from(get_args(FurnishedBy)))
    statement = perhaps(st.sampled_from(get_args(MealStatement))) if not draw(st.integers(0, 4)) else st.none()
    meals: dict[str, Any] = {meal: draw(by) for meal in ("breakfast", "lunch", "dinner")}
    return {"date": f"{day}", "meal_statement": draw(statement)} | meals


@st.composite
def _expenses(draw: st.DrawFn, days: Sequence[date]) -> dict[str, Any]:
    category = draw(st.just("pov_mileage") | st.sampled_from(get_args(Category)))
    expense: dict[str, Any] = {
        "date": f"{draw(st.sampled_from(days))}",
        "category": category,
        "description": draw(st.sampled_from(WORDS)),
        "receipt": draw(perhaps(st.sampled_from(["R1", "R2", "R3", "R4", "none", "by mail"]))),
        "receipt_statement": draw(st.booleans()),
        "receipt_total": draw(perhaps(dollars(0, 60000))) if not draw(st.integers(0, 4)) else None,
        "justification": draw(perhaps(st.just("needed"))),
        "approval": draw(perhaps(st.just("memo"))),
        "credit": draw(st.just("0.00") | dollars(1, 10000)),
        "paid_by": draw(st.just("agency") | st.sampled_from(get_args(PaidBy))),
        "ticket": draw(perhaps(st.sampled_from(["T1", "T2"]))),
    }
    if category == "pov_mileage":
        expense |= {
            "miles": draw(st.integers(1, 90000).map(lambda n: f"{n // 100}.{n % 100:02}")),
            "from": draw(st.sampled_from(ENDS)),
            "to": draw(st.sampled_from(ENDS)),
            "round_trips": draw(st.integers(1, 4)),
            "agency_car_assigned": draw(st.booleans()),
            "plate": draw(perhaps(st.just("M 1"))),
            "comparable_cost": draw(st.sampled_from([None, None, "150.00", "20.00"])),
        }
        return expense
    expense |= {
        "amount": draw(dollars(1, 60000)),
        "fare_class": draw(st.sampled_from(["coach", "coach", "premium"])),
        "plate": draw(perhaps(st.just("M 1"))),
        "approved_on": draw(perhaps(st.just(f"{days[0] - timedelta(days=9)}"))),
    }
    if category in CARRIERS:
        expense |= {"coach_fare": draw(perhaps(dollars(0, 50000))), "direct_fare": draw(perhaps(dollars(0, 50000)))}
    elif category == "rental_car":
        expense["comparable_cost"] = draw(perhaps(dollars(0, 90000)))
    elif category == "parking":
        expense["taxi_equivalent"] = draw(perhaps(dollars(0, 9000)))
    return expense


@st.composite
def _credits(draw: st.DrawFn, claim: dict[str, Any]) -> dict[str, Any]:
    lines = {"N": len(claim["lodging"]), "T": len(claim["lodging"]), "E": len(claim["expenses"])}
    names = [f"{kind}{number}" for kind, count in lines.items() for number in range(1, count + 1)]
    line = draw(perhaps(st.sampled_from(names))) if names else None
    return {"source": "refund", "amount": draw(dollars(1, 200000)), "line": line}


# A third of the usual examples a law: a whole claim takes long to make up, and the laws are many.
FEWER = COSTLY if PROFILE == "dev" else settings(max_examples=max(20, settings().max_examples // 3))


def itemized(claim: dict[str, Any], rates: RateSource | None = None) -> ItemizedClaim:
    """A claim's figures, at the embedded rates unless others are given."""
    return itemize(parse_claim(claim), rates or book(), load_law())


def book() -> Ratebook:
    """The embedded rates, opened once."""
    global _opened  # noqa: PLW0603 - one ratebook for thousands of claims
    _opened = _opened or Ratebook.open()
    return _opened


_opened: Ratebook | None = None

"""The days and nights of a trip as the rules take them, before a line is made of them. More: cases/trips.yaml."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.days import TripShape, clock_hours
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from tests.support.case_files import Case, claim_of

ROOM = {"room_rate": "140.00", "tax": "14.00"}
TWO_DAYS = "2026-10-04 08:00 to 2026-10-05 18:00"


def itemized(case: Case, law: Law, rates: RateSource) -> ItemizedClaim:
    return itemize(parse_claim(claim_of(case)), rates, law)


def test_a_trip_of_personal_days_only_has_no_official_day_and_no_length(law: Law, ratebook: RateSource) -> None:
    personal = {"trip": {"personal_days": ["2026-10-04", "2026-10-05"]}}
    shape = itemized({"trip": TWO_DAYS, "claim": personal}, law, ratebook).shape
    assert shape == TripShape((), None, is_full=False, is_entitled=False)
    assert (shape.first, shape.last) == (None, None)


@pytest.mark.parametrize("trip", [TWO_DAYS, "2026-10-05 05:00 to 2026-10-05 18:00"], ids=["two days", "one day"])
def test_the_day_of_return_has_no_night_and_so_no_rate_of_lodging(trip: str, law: Law, ratebook: RateSource) -> None:
    last = itemized({"trip": trip}, law, ratebook).days[-1]
    assert (last.on, last.lodging_rate) == (date(2026, 10, 5), None)
    assert last.mie_rate is not None


def test_a_night_belongs_to_its_day_also_where_it_is_claimed_twice(law: Law, ratebook: RateSource) -> None:
    found = itemized({"trip": TWO_DAYS, "claim": {"lodging": [ROOM | {"night": "2026-10-04"}] * 2}}, law, ratebook)
    assert [night.day for night in found.nights] == [found.days[0], found.days[0]]


@pytest.mark.parametrize("on", ["2026-10-05", "2026-10-06"], ids=["of the return", "after it"])
def test_a_night_outside_the_trip_has_no_ceiling_and_is_not_refused_for_its_price(
    on: str, law: Law, ratebook: RateSource
) -> None:
    (night,) = itemized({"trip": TWO_DAYS, "lodging": [ROOM | {"night": on}]}, law, ratebook).nights
    assert (night.rate, night.approved, night.ceiling, night.limit) == (None, None, Decimal(0), Decimal(0))
    assert night.is_refused is False


@pytest.mark.parametrize(
    ("trip", "personal", "hours"),
    [
        # Over the night of November 1, 2026, 12 hours by the clock are 13
        ("2026-10-31 20:00 to 2026-11-01 08:00", [], "12"),
        ("2026-10-31 20:00 to 2026-11-01", [], "0"),
        # Until the course ended at 17:00 on the last official day
        ("2026-10-31 20:00 to 2026-11-02 08:00", ["2026-11-02"], "21"),
    ],
)
def test_the_hours_by_the_clocks_alone_are_those_that_a_sheet_subtracts(
    trip: str, personal: list[str], hours: str, law: Law, ratebook: RateSource
) -> None:
    claim = {"trip": {"personal_days": personal}, "course": {"ends_at": "17:00"}}
    found = itemized({"trip": trip, "claim": claim}, law, ratebook)
    first, last = found.shape.official[0], found.shape.official[-1]
    assert clock_hours(found.claim.trip, first, last, time(17)) == Decimal(hours)

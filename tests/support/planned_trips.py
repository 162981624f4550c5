"""Planned trips, and the claims they lead to: what the estimate is held against, line by line."""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from perdiem_calc.claims.model import (
    Agency,
    Award,
    Claim,
    Contact,
    Course,
    Expense,
    FurnishedMeals,
    LodgingNight,
    Officer,
    Signature,
    Signatures,
)
from perdiem_calc.claims.trip import ClaimPlace, Stop, Trip
from perdiem_calc.money import ZERO, cents
from perdiem_calc.rates.model import RateSource

Row = Mapping[str, Any]

PLACES = (
    "Orlando, FL",
    "Moab, UT",
    "New York City, NY",
    "Key West, FL",
    "Washington, DC",
    "Boston, MA",
    "Vail, CO",
    "Springfield, IL",
    "Jacksonville, IL",
    "Portland, ME",
    "Aspen, CO",
    "Myrtle Beach, SC",
    "Nags Head, NC",
    "Ottumwa, IA",
)
FIRST_DAY = date(2023, 9, 20)
LAST_DAY = date(2026, 12, 5)
"""The days between which mileage and per diem rates are known and trips may begin."""

_STATION = ClaimPlace(city="Peoria", state="IL")
_ORLANDO = ClaimPlace(city="Orlando", state="FL")
_AGENCY = Agency(name="Peoria Police Department", remit_to="600 SW Adams", contact=Contact(name="Finance"))
_AWARD = Award(number="15JCOPS-24-GG-03715-UHPX", letter_date=date(2023, 8, 1))
_OFFICER = Officer(name="Jordan Reyes", sro_hired_on=date(2023, 8, 1))
_COURSE = Course(
    title="NASRO Basic SRO Course",
    hours=40,
    place=_ORLANDO,
    starts_on=date(2023, 8, 7),
    ends_on=date(2023, 8, 11),
    completed_on=date(2023, 8, 11),
    coordinated_on=date(2023, 8, 1),
)
_SIGNED = Signatures(
    officer=Signature(name="J. Reyes", on=date(2023, 8, 12)), fiscal=Signature(name="D. Cole", on=date(2023, 8, 12))
)


def a_trip(draw: random.Random, trip_id: str = "") -> list[dict[str, Any]]:
    """The rows of a random trip, one a stop: short and long, across seasons and fiscal years."""
    depart = FIRST_DAY + timedelta(days=draw.randrange((LAST_DAY - FIRST_DAY).days))
    if draw.random() < 0.3:
        # The end of a fiscal year, and of most seasons, is where errors hide.
        depart = date(draw.choice((2023, 2024, 2025, 2026)), 9, draw.randrange(20, 31))
    lengths = [draw.choice((0, 1, 1, 2, 3, 5)) for _ in range(draw.choice((1, 1, 1, 1, 2, 3)))]
    if draw.random() < 0.003:
        lengths[-1] = draw.choice((40, 100, 250))
    rows: list[dict[str, Any]] = []
    day = depart
    for index, nights in enumerate(lengths):
        until = day + timedelta(days=nights)
        shared = (
            a_person(draw, sum(lengths)) if index == 0 else {"hours": None, "paid_before": None, "officers": None}
        )
        rows.append({"trip_id": trip_id, "depart_on": day, "return_on": until, **shared, **a_stop(draw)})
        day = until
    if _clocks_change(depart, day):  # the hours between two clocks are then others than those that pass
        rows[0]["hours"] = None
    _furnish(draw, rows, sum(lengths))
    return rows


def _clocks_change(first: date, last: date) -> bool:
    """Whether daylight saving time begins or ends on a day of a trip."""
    zone = ZoneInfo("America/New_York")
    offsets = {datetime.combine(day, time(0), zone).utcoffset() for day in (first, last + timedelta(days=1))}
    return len(offsets) > 1


def a_person(draw: random.Random, nights: int) -> dict[str, Any]:
    """What belongs to the officer and the whole trip."""
    hours = None
    if nights < 2 and draw.random() < 0.6:
        hours = draw.choice((8, 12, 12.25, 13.5, 23.75)) if nights == 0 else draw.choice((6, 12, 12.25, 20, 24, 30))
    paid = draw.choice(("0.00", "0.00", "400.00", "999.99", "1250.00"))
    return {"hours": hours, "paid_before": paid, "officers": draw.choice((1, 1, 2, 30))}


def a_stop(draw: random.Random) -> dict[str, Any]:
    """What one stop costs."""
    return {
        "place": draw.choice(PLACES),
        "room_rate": draw.choice((None, None, "0.00", f"{draw.randrange(4000, 48000) / 100:.2f}")),
        "lodging_tax_rate": draw.choice(("0", "0.125", "0.06875", "0.133333")),
        "miles": draw.choice(("0", "123", f"{draw.randrange(1, 120000) / 100:.2f}")),
        "airfare": draw.choice(("0", "312.40", f"{draw.randrange(1, 90000) / 100:.2f}")),
        "other": draw.choice(("0", "0", "48.50")),
    }


def _furnish(draw: random.Random, rows: list[dict[str, Any]], nights: int) -> None:
    days = meal_days(rows, nights)
    for row, own in zip(rows, days, strict=True):
        for meal in ("breakfasts", "lunches", "dinners"):
            row[meal] = draw.randrange(len(own) + 1) if draw.random() < 0.4 else 0


def meal_days(rows: Sequence[Row], nights: int) -> list[list[date]]:
    """The days of each row on which meals are furnished, in the order they are filled: full days, last, first."""
    first, last = rows[0]["depart_on"], rows[-1]["return_on"]
    if nights == 0:
        return [[first] if row is rows[0] else [] for row in rows]
    found = []
    for row in rows:
        stay = (row["return_on"] - row["depart_on"]).days
        own = [row["depart_on"] + timedelta(days=offset) for offset in range(stay)]
        full = [day for day in own if day != first]
        ends = [last] if stay and row["return_on"] == last else []
        found.append(full + ends + [day for day in own if day == first])
    return found


def claim_of(rows: Sequence[Row], rates: RateSource) -> Claim:
    """The claim that a planned trip leads to, when all goes as planned and every receipt is there."""
    first, last = rows[0]["depart_on"], rows[-1]["return_on"]
    departed, returned = _times(first, last, rows[0]["hours"])
    stops = tuple(
        Stop(place=_place(row["place"]), arrived_on=row["depart_on"], departed_on=row["return_on"]) for row in rows
    )
    trip = Trip(official_station=_STATION, departed_at=departed, returned_at=returned, stops=stops)
    return Claim(
        schema_="perdiem-claim/1",
        claim_id="T1",
        prepared_on=last,
        agency=_AGENCY,
        award=_AWARD,
        officer=_OFFICER,
        course=_COURSE,
        trip=trip,
        lodging=tuple(night for row in rows for night in _nights(row, rates)),
        furnished_meals=tuple(_meals(rows)),
        expenses=tuple(expense for index, row in enumerate(rows) for expense in _expenses(row, index)),
        previously_reimbursed=Decimal(rows[0]["paid_before"]),
        attachments={"certificate": "attached"},
        signatures=_SIGNED,
    )


def _place(text: str) -> ClaimPlace:
    city, state = text.split(", ")
    return ClaimPlace(city=city, state=state)


def _times(first: date, last: date, hours: float | None) -> tuple[date, date]:
    """When the trip begins and ends: not stated, or so that it lasts the hours and touches the days."""
    if hours is None:
        if first < last:
            return first, last
        return datetime.combine(first, time(6)), datetime.combine(last, time(20))
    lasts = timedelta(hours=hours)
    if first == last:
        start = datetime.combine(first, time(0))
        return start, start + lasts
    midnight = datetime.combine(last, time(0))
    start = max(datetime.combine(first, time(0)), midnight - lasts + timedelta(minutes=15))
    return start, start + lasts


def _nights(row: Row, rates: RateSource) -> list[LodgingNight]:
    found = []
    for offset in range((row["return_on"] - row["depart_on"]).days):
        night = row["depart_on"] + timedelta(days=offset)
        planned = row["room_rate"]
        room = rates.rate(_place(row["place"]).place, night).lodging if planned is None else Decimal(planned)
        tax = cents(room * Decimal(row["lodging_tax_rate"]))
        found.append(LodgingNight(night=night, room_rate=room, tax=tax, receipt="R1"))
    return found


def _meals(rows: Sequence[Row]) -> list[FurnishedMeals]:
    nights = (rows[-1]["return_on"] - rows[0]["depart_on"]).days
    by_day: dict[date, dict[str, str]] = {}
    for row, days in zip(rows, meal_days(rows, nights), strict=True):
        for column, meal in (("breakfasts", "breakfast"), ("lunches", "lunch"), ("dinners", "dinner")):
            for day in days[: row[column]]:
                by_day.setdefault(day, {})[meal] = "registration"
    return [FurnishedMeals.model_validate({"date": day, **meals}) for day, meals in by_day.items()]


def _expenses(row: Row, index: int) -> list[Expense]:
    on = row["depart_on"]
    found = []
    if Decimal(row["miles"]):
        driven = {"miles": row["miles"], "from": "Peoria, IL", "to": row["place"]}
        found.append(Expense.model_validate({"date": on, "category": "pov_mileage", **driven}))
    for column in ("airfare", "other"):
        amount = Decimal(row[column]).quantize(ZERO)
        if amount:
            receipt = f"{column}-{index}"
            found.append(Expense(date=on, category=column, amount=amount, receipt=receipt))
    return found


def differences(seed: int, count: int) -> tuple[int, list[str]]:
    """How many rows `count` random trips have, and each trip whose estimate is not what the itemizer gives."""
    import pandas as pd

    from perdiem_calc.planning.estimator import estimate
    from perdiem_calc.rates.ratebook import Ratebook
    from perdiem_calc.rules.law import load_law

    rates, law = Ratebook.open(), load_law()
    draw = random.Random(seed)
    trips = [a_trip(draw, f"T{number}") for number in range(count)]
    estimated = estimate(pd.DataFrame([row for rows in trips for row in rows]), rates, law)
    return len(estimated), [f"seed {seed}: {text}" for text in unlike(estimated, trips, rates, law)]


def unlike(estimated: Any, trips: Sequence[Sequence[Row]], rates: RateSource, law: Any) -> list[str]:
    """What differs between the trips' estimates, a table with a row for each of theirs, and their itemized claims."""
    # Plain lists: a table's own slices and sums, a dozen a trip, take longer than itemizing its claim.
    columns, at, wrong = estimated.to_dict("list"), 0, []
    for rows in trips:
        of_trip = {name: cells[at : at + len(rows)] for name, cells in columns.items()}
        at += len(rows)
        wrong += [f"{rows}: {text}" for text in _unlike(of_trip, rows, rates, law)]
    return wrong


def _unlike(of_trip: Mapping[str, list[Any]], rows: Sequence[Row], rates: RateSource, law: Any) -> list[str]:
    from perdiem_calc.rules.itemize import itemize

    claim = claim_of(rows, rates)
    itemized = itemize(claim, rates, law)
    totals = itemized.totals
    expected = {
        "lodging": sum((night.room_rate for night in claim.lodging), ZERO),
        "lodging_tax": sum((night.tax for night in claim.lodging), ZERO),
        "mie": totals.mie,
        "transportation": totals.transportation,
        "total": totals.claimed,
        "allowable": totals.allowable,
        "reimbursable": totals.payable,
        "agency_share": totals.agency_share,
        "group_total": totals.claimed * rows[0]["officers"],
        "group_reimbursable": totals.payable * rows[0]["officers"],
        "group_agency_share": totals.agency_share * rows[0]["officers"],
    }
    found = [f"status {status}" for status in of_trip["status"] if status != "resolved"]
    for name, amount in expected.items():
        # Of the nearest float of each row's amount to the cent again.
        estimated = sum((Decimal(f"{dollars:.2f}") for dollars in of_trip[name]), ZERO)
        if estimated != amount:
            found.append(f"{name} is {estimated}, itemized {amount}")
    return found


if __name__ == "__main__":
    rows_compared, wrong_trips = differences(int(sys.argv[1]), int(sys.argv[2]))
    print(rows_compared, *wrong_trips[:5], sep="\n")
    sys.exit(bool(wrong_trips))

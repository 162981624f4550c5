"""The trips as whole numbers: what each row plans, and how the rows of one trip hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from perdiem_calc.claims.limits import LONGEST_TRIP
from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator.columns import (
    PERCENT,
    QUANTITIES,
    group_codes,
    place_codes,
    read_days,
    read_quantity,
)
from perdiem_calc.planning.estimator.faults import Faults, Ints, Mask
from perdiem_calc.planning.estimator.names import matched

PLACE_COLUMNS = ("place", "city", "state", "county", "zip")
DATE_COLUMNS = ("depart_on", "return_on")
COLUMNS_IN = (*PLACE_COLUMNS, *DATE_COLUMNS, *QUANTITIES, "trip_id")
"""Every column that an estimate reads; others are left alone."""
TRIP_COLUMNS = (*COLUMNS_IN, "agency")
"""Every column of a table of trips that is read: those of an estimate, and the agency that a budget sums by."""

_HOURS = QUANTITIES["hours"].scale
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Trips:
    """The trips that rows belong to; several rows may be the stops of one.

    `first_row` and `last_row` are, for each row, those of its trip; `order` sorts the rows by trip. All are None
    where each row is a trip of its own.
    """

    order: Ints
    first_row: Ints
    last_row: Ints


@dataclass(frozen=True, slots=True)
class Planned:
    """What the rows plan, an entry a row. Days count from 1970-01-01; amounts are in cents, miles in hundredths.

    `room_rate` is -1 where the ceiling is planned, `lodging_tax_rate` in millionths. `nights` are the row's own,
    `before` those of the same trip's earlier stops, `of_trip` the whole trip's. `departed` and `returned` are the
    trip's first and last day. `hours` is -1 where not stated, in ten-thousandths.
    """

    depart: Ints
    nights: Ints
    before: Ints
    of_trip: Ints
    departed: Ints
    returned: Ints
    hours: Ints
    room_rate: Ints
    lodging_tax_rate: Ints
    meals: tuple[Ints, Ints, Ints]
    miles: Ints
    airfare: Ints
    other: Ints
    paid_before: Ints
    officers: Ints
    place: Ints
    places: list[tuple[object, ...]]
    trips: Trips | None

    def without(self, bad: Mask, good_row: int) -> Planned:
        """The same with nothing planned in the bad rows, so that they can be computed with and set aside."""
        if not bad.any():
            return self
        still = {"nights": 0, "before": 0, "of_trip": 0, "miles": 0}
        anchor = {
            "depart": self.depart[good_row],
            "departed": self.depart[good_row],
            "returned": self.depart[good_row],
        }
        changed = {name: np.where(bad, value, getattr(self, name)) for name, value in (still | anchor).items()}
        breakfasts, lunches, dinners = (np.where(bad, 0, meal) for meal in self.meals)
        return replace(self, **changed, meals=(breakfasts, lunches, dinners))


def place_columns(columns: Sequence[object], known: Sequence[str] = COLUMNS_IN) -> list[str]:
    """The columns that name places. Raises InputError for columns that are missing, or there twice.

    `known` are the columns that such a table may have, for the message.
    """
    names = matched(columns, COLUMNS_IN)
    if {"lodging_tax_rate", PERCENT} <= set(names):
        raise InputError(
            "table.column.repeated",
            f"lodging_tax_rate and {PERCENT} state the same",
            where="columns",
            fix="leave one out",
        )
    named = [name for name in PLACE_COLUMNS if name in names]
    missing = [name for name in DATE_COLUMNS if name not in names]
    if not {"place", "zip"} & set(named) and not ("state" in named and {"city", "county"} & set(named)):
        missing.insert(0, "place")
    if missing:
        said = (
            f"the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} {'are' if len(missing) > 1 else 'is'}"
        )
        raise InputError(
            "table.column.missing", f"{said} missing", where="columns", fix=_meant(missing, names, known)
        )
    return named


def read_planned(trips: pd.DataFrame, faults: Faults) -> Planned:
    """The rows as whole numbers; what cannot be read is blamed on its row. Raises InputError for the columns."""
    named = place_columns(list(trips.columns))
    depart, back = (read_days(trips[name], name, faults) for name in DATE_COLUMNS)
    amounts = {name: _quantity(trips, name, faults) for name in QUANTITIES}
    codes, places = place_codes(trips, named)
    faults.blame_rows(
        faults.good & (back < depart), "return_on: the return is before the departure; swap or correct the two dates"
    )
    nights = back - depart
    group = _trips(trips, depart, back, amounts, faults)
    if group is None:
        before, departed, returned = np.zeros(len(trips), dtype=np.int64), depart, back
    else:
        departed, returned = depart[group.first_row], back[group.last_row]
        before = depart - departed
    of_trip = returned - departed
    hours = amounts["hours"]
    too_long = of_trip > LONGEST_TRIP.days
    faults.blame_rows(
        faults.good & too_long, "return_on: the trip lasts more than a year; check the year of both dates"
    )
    _check_hours(hours, of_trip, faults)
    if group is not None:
        faults.spread(group.first_row)
    return Planned(
        depart=depart,
        nights=nights,
        before=before,
        of_trip=of_trip,
        departed=departed,
        returned=returned,
        hours=hours,
        room_rate=amounts["room_rate"],
        lodging_tax_rate=amounts[PERCENT if PERCENT in trips else "lodging_tax_rate"],
        meals=(amounts["breakfasts"], amounts["lunches"], amounts["dinners"]),
        miles=amounts["miles"],
        airfare=amounts["airfare"],
        other=amounts["other"],
        paid_before=amounts["paid_before"],
        officers=amounts["officers"],
        place=codes,
        places=places,
        trips=group,
    )


def check_meals(meals: tuple[Ints, Ints, Ints], days: Ints, faults: Faults) -> None:
    """Blame rows that furnish a meal on more days than they have."""
    for name, count in zip(("breakfasts", "lunches", "dinners"), meals, strict=True):
        text = f"{name}: more than the days of this row; count each day's once"
        faults.blame_rows(faults.good & (count > days), text)


def _quantity(trips: pd.DataFrame, name: str, faults: Faults) -> Ints:
    quantity = QUANTITIES[name]
    if name not in trips:
        return np.full(len(trips), quantity.blank, dtype=np.int64)
    return read_quantity(trips[name], quantity, faults)


def _check_hours(hours: Ints, nights: Ints, faults: Faults) -> None:
    """A trip over `nights` midnights lasts more than all the whole days between, and less than all its days."""
    stated = hours >= 0
    least, most = (nights - 1) * _HOURS_A_DAY * _HOURS, (nights + 1) * _HOURS_A_DAY * _HOURS
    impossible = stated & ((hours <= np.maximum(least, 0)) | (hours >= most))
    text = "hours: do not fit the dates of departure and return; correct them, or leave the cell empty"
    faults.blame_rows(faults.good & impossible, text)


def _trips(trips: pd.DataFrame, depart: Ints, back: Ints, amounts: dict[str, Ints], faults: Faults) -> Trips | None:
    """How the rows hang together by `trip_id`; blames stops that do not follow on one another.

    What belongs to the officer or the whole trip (`officers`, `paid_before`, `hours`) is taken from its first row.
    """
    if "trip_id" not in trips or not len(trips):
        return None
    group = group_codes(trips["trip_id"], faults)
    order = np.argsort(group, kind="stable")
    begins = np.diff(group[order], prepend=-1) != 0
    if begins.all():
        return None
    starts = np.flatnonzero(begins)
    sizes = np.diff(starts, append=len(trips))
    first_row, last_row = np.empty_like(order), np.empty_like(order)
    first_row[order] = np.repeat(order[starts], sizes)
    last_row[order] = np.repeat(order[starts + sizes - 1], sizes)
    follows = np.zeros(len(trips), dtype=bool)
    follows[order[1:]] = ~begins[1:] & (depart[order[1:]] != back[order[:-1]])
    text = "depart_on: is not the day the stop before ends; a night between two stops is a stop of its own"
    faults.blame_rows(faults.good & follows, text)
    for name in ("officers", "paid_before", "hours"):
        if name in trips:
            _same_in_trip(name, amounts, first_row, faults)
    return Trips(order, first_row, last_row)


def _same_in_trip(name: str, amounts: dict[str, Ints], first_row: Ints, faults: Faults) -> None:
    """Take a trip's figure from its first row; another row may repeat it or leave it blank."""
    values = amounts[name]
    of_trip = values[first_row]
    differs: Mask = (values != of_trip) & (values != QUANTITIES[name].blank)
    faults.blame_rows(faults.good & differs, f"{name}: differs from the trip's first row; state it once")
    amounts[name] = of_trip


def _meant(missing: Sequence[str], names: Sequence[str], known: Sequence[str]) -> str:
    near: list[Any] = [match for name in missing for match in get_close_matches(name, names, n=1)]
    if near:
        return f"rename {' and '.join(near)}"
    return f"the columns are {', '.join(known)}"

"""What planned trips will cost, what NASRO will reimburse, what the agency is left with: table in, table out.

>>> from datetime import date
>>> from perdiem_calc.rules.law import load_law
>>> from perdiem_calc.rates.ratebook import Ratebook
>>> trips = pd.DataFrame({"place": ["Orlando, FL", "Springfield"], "depart_on": [date(2026, 10, 4)] * 2,
...                       "return_on": [date(2026, 10, 9)] * 2, "airfare": [312.40, 0]})
>>> costs = estimate(trips, Ratebook.open(), load_law())
>>> print(costs[["locality", "total", "reimbursable", "agency_share"]].head(1).to_string(index=False))
   locality  total  reimbursable  agency_share
Orlando, FL 1477.4        1000.0         477.4
>>> costs["status"].to_list(), costs["reason"][1][:31]
(['resolved', 'ambiguous'], 'place: Springfield is in 28 sta')

A row is a trip of one officer, or of `officers` who travel alike; rows with the same `trip_id` are the stops of one
trip, in order. The figures are those that `itemize` gives of the claim such a trip leads to, to the cent, as property
tests show. They are computed in whole cents; the table holds the nearest float of each amount.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator.arithmetic import Costs, Days, costs, mileage, reimbursed, segments
from perdiem_calc.planning.estimator.columns import QUANTITIES
from perdiem_calc.planning.estimator.faults import ERROR, STATUSES, UNAVAILABLE, Faults, Ints, Mask
from perdiem_calc.planning.estimator.in_force import MICRO, Calendar, always, calendar, day_of
from perdiem_calc.planning.estimator.names import matched, read_names
from perdiem_calc.planning.estimator.planned import (
    COLUMNS_IN,
    TRIP_COLUMNS,
    Planned,
    check_meals,
    place_columns,
    read_planned,
)
from perdiem_calc.planning.estimator.priced import Priced, price, row_days_of
from perdiem_calc.planning.estimator.ratetable import RateTable
from perdiem_calc.planning.estimator.results import AMOUNTS, COLUMNS_OUT, Results
from perdiem_calc.planning.estimator.what_if import WhatIf
from perdiem_calc.rates.model import RateSource, SeasonalSource

__all__ = [
    "AMOUNTS",
    "COLUMNS_IN",
    "COLUMNS_OUT",
    "ERROR",
    "STATUSES",
    "UNAVAILABLE",
    "ColumnsNotAsNamed",
    "Estimator",
    "WhatIf",
    "estimate",
]

_HOURS = QUANTITIES["hours"].scale
_BLOCK = 1 << 18


class ColumnsNotAsNamed(UserWarning):
    """Columns of a table that are understood by their meaning, or are not read."""


def estimate(
    trips: pd.DataFrame,
    rates: RateSource,
    law: Law,
    *,
    limit: Decimal | int | None = None,
    rooms: Decimal | int | None = None,
) -> pd.DataFrame:
    """The cost of each planned trip: a row for each row of `trips`, with its index, and the columns `COLUMNS_OUT`.

    A row that cannot be priced stays, without amounts, with a `status` other than `resolved` and the `reason`, which
    names the column. Amounts are dollars for one officer; those of a group are for all its `officers`. The stops of
    one trip each have their own part, and use up the officer's limit one after the other. Where a reason names
    another row, it is by its label in the index of `trips`. Names of columns are read whatever their capitals, with
    spaces or hyphens for underscores, and by their meaning (`Flight` is airfare); a warning, and
    `attrs["columns"]` of the result, say how they were understood and which are not read.

    What if: `limit` is another limit for an officer, dollars; `rooms` the percent by which every room costs more, or
    less below 0.

    Mileage on a day without a known rate is at the latest one, and the reason says *planning rate*.
    Raises InputError where `trips` is no table, a column that is needed is missing, or one appears twice.
    """
    estimator = Estimator(rates, law, WhatIf.of(limit=limit, rooms=rooms))
    costs = estimator.estimate(trips)
    read = read_names(trips.columns, TRIP_COLUMNS)
    costs.attrs["columns"] = read.record()
    if said := " ".join(read.sentences()):
        warnings.warn(said, ColumnsNotAsNamed, stacklevel=2)
    return costs


@dataclass
class Estimator:
    """Estimates one table after another, and keeps the rates that it has met."""

    rates: RateSource
    law: Law
    what_if: WhatIf = field(default_factory=WhatIf)
    _tables: dict[tuple[str, ...], RateTable] = field(default_factory=dict)

    def sources(self) -> list[str]:
        """Where the rates met so far came from: the kind of source, its name, the day of retrieval."""
        met = {source for table in self._tables.values() for source in table.sources}
        return sorted({f"{source.kind} {source.name}, retrieved {source.retrieved_at[:10]}" for source in met})

    def estimate(self, trips: pd.DataFrame) -> pd.DataFrame:
        """The cost of each trip; see `estimate`."""
        _check_table(trips)
        trips = trips.set_axis(matched(trips.columns, TRIP_COLUMNS), axis="columns")
        columns = tuple(place_columns(list(trips.columns)))
        table = self._tables.setdefault(columns, RateTable(self.rates, columns))
        results = Results(len(trips))
        # Blocks that fit a processor's cache are faster, and need no memory for the whole; a trip's rows are not cut.
        size = _BLOCK if "trip_id" not in trips else max(1, len(trips))
        for start in range(0, len(trips), size):
            self._block(trips.iloc[start : start + size], table, results, start)
        return results.frame(trips.index, table.labels())

    def _block(self, trips: pd.DataFrame, table: RateTable, results: Results, start: int) -> None:
        faults = Faults(len(trips), trips.index)
        planned = read_planned(trips, faults)
        good = np.flatnonzero(faults.good)
        if not good.size:
            results.take(start, faults, np.zeros(len(trips), dtype=np.int64), {})
            return
        planned = planned.without(~faults.good, good[0])
        days = self._calendar(int(planned.depart.min()), int(planned.returned.max()))
        priced = price(planned, days, table, faults)
        planned, row_days = row_days_of(planned, days, priced, table)
        check_meals(planned.meals, row_days.between + row_days.has_first + row_days.has_last, faults)
        _check_law(planned, days, faults)
        if planned.trips is not None:
            faults.spread(planned.trips.first_row)
        amounts = _amounts(planned, days, row_days, priced, table, self.what_if.rooms)
        _note_planning_rate(planned, days, faults)
        results.take(start, faults, priced.localities, {"nights": planned.nights, **amounts})

    def _calendar(self, first: int, last: int) -> Calendar:
        changes: Sequence[date] = ()
        if isinstance(self.rates, SeasonalSource):
            changes = self.rates.changes(day_of(first).replace(day=1), day_of(last))
        days = calendar(first, last, self.law, changes)
        return days if self.what_if.limit is None else replace(days, limit=always(self.what_if.limit, days))


def _check_table(trips: object) -> None:
    if not isinstance(trips, pd.DataFrame):
        said = f"a {type(trips).__name__} is not a table of trips"
        raise InputError("python.trips.invalid", said, where="trips", fix="give a pandas.DataFrame")


def _check_law(planned: Planned, days: Calendar, faults: Faults) -> None:
    """Blame rows on whose days a rule has no value in force."""
    departed, returned = planned.departed - days.first, planned.returned - days.first
    for value, at in (
        (days.share, departed),
        (days.full_from, departed),
        (days.more_than, departed),
        (days.limit, returned),
    ):
        if not value.known.all():
            text = "depart_on: the rules in force on these days are not known; check the dates"
            faults.blame_rows(faults.good & ~value.known[at], text, UNAVAILABLE)
    if planned.miles.any() and not days.mileage.known.all():
        text = "miles: no mileage rate is known for the day of departure; check the dates"
        lacking = (planned.miles > 0) & ~days.mileage.known[planned.depart - days.first]
        faults.blame_rows(faults.good & lacking, text, UNAVAILABLE)


def _note_planning_rate(planned: Planned, days: Calendar, faults: Faults) -> None:
    if not (days.mileage.planned.any() and planned.miles.any()):
        return
    at = planned.depart - days.first
    rows = faults.good & (planned.miles > 0) & days.mileage.planned[at]
    if rows.any():
        rate = days.mileage.values[-1] / MICRO
        faults.note(rows, f"miles: planning rate of ${rate:g} a mile, the latest known")


def _amounts(
    planned: Planned, days: Calendar, row_days: Days, priced: Priced, table: RateTable, rooms: int
) -> dict[str, Ints]:
    """The columns of amounts, in cents."""
    departed = planned.departed - days.first
    shares, share_of = np.unique(days.share.values, return_inverse=True)
    first_last = np.stack([table.first_last_day(int(share)) for share in shares])
    of_row = costs(
        planned,
        row_days,
        segments(planned, days, priced.rate_of),
        table.arrays(),
        first_last,
        share_of[departed],
        rooms,
    )
    if planned.hours.max() >= 0:
        of_row.mie[~_earns_mie(planned, days)] = 0
    return _columns(planned, days, of_row)


def _columns(planned: Planned, days: Calendar, of_row: Costs) -> dict[str, Ints]:
    transportation = planned.airfare
    if planned.miles.any():
        transportation = transportation + mileage(planned, days.mileage.values[planned.depart - days.first])
    fixed = of_row.mie + transportation + planned.other
    total = of_row.lodging + of_row.lodging_tax + fixed
    allowable = of_row.lodging_allowed + of_row.lodging_tax_allowed + fixed
    reimbursable = reimbursed(planned, allowable, days.limit.values[planned.returned - days.first])
    share = total - reimbursable
    return {
        "lodging": of_row.lodging,
        "lodging_tax": of_row.lodging_tax,
        "mie": of_row.mie,
        "transportation": transportation,
        "total": total,
        "allowable": allowable,
        "reimbursable": reimbursable,
        "agency_share": share,
        "group_total": total * planned.officers,
        "group_reimbursable": reimbursable * planned.officers,
        "group_agency_share": share * planned.officers,
    }


def _earns_mie(planned: Planned, days: Calendar) -> Mask:
    """Whether a trip earns M&IE (rule `entitlement-12-hours`); without hours, more than 12 are planned."""
    departed = planned.departed - days.first
    stated = planned.hours >= 0
    is_full = planned.hours >= days.full_from.values[departed] * _HOURS
    is_long = planned.hours > days.more_than.values[departed] * _HOURS
    return ~stated | is_full | is_long

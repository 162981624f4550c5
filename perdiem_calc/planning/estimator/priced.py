"""From the places and days of the trips to the rate of each: a Python step for each distinct one, none for a row."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from perdiem_calc.planning.estimator.arithmetic import Days
from perdiem_calc.planning.estimator.faults import Faults, Ints, Mask
from perdiem_calc.planning.estimator.in_force import Calendar, day_of
from perdiem_calc.planning.estimator.planned import Planned
from perdiem_calc.planning.estimator.ratetable import RateTable
from perdiem_calc.rates.model import fiscal_year


@dataclass(frozen=True, slots=True)
class Priced:
    """The number of the rate by place and period (0: none), and of each row's first locality (from 1; 0: none)."""

    rate_of: Ints
    localities: Ints


def price(planned: Planned, days: Calendar, table: RateTable, faults: Faults) -> Priced:
    """The rates of the places and periods that the good rows need; a row whose rate is not known gets the fault."""
    first = days.period[planned.depart - days.first]
    last = days.period[np.maximum(planned.depart, planned.depart + planned.nights - 1) - days.first]
    longest = int((last - first).max()) + 1
    needed = np.zeros((len(planned.places), days.starts.size), dtype=bool)
    for step in range(longest):
        rows = faults.good if step == 0 else faults.good & (first + step <= last)
        needed[planned.place[rows], first[rows] + step] = True
    locality_of = _localities(planned, days, table, needed)
    rate_of = _rates(days, table, needed, locality_of)
    if (rate_of < 0).any():
        found = np.zeros(planned.depart.size, dtype=np.int64)
        for step in range(longest):
            rows = np.flatnonzero(faults.good & (first + step <= last) & (found == 0))
            found[rows] = np.maximum(-rate_of[planned.place[rows], first[rows] + step], 0)
        _blame(found, table, faults)
    return Priced(np.maximum(rate_of, 0), np.maximum(locality_of[planned.place, first] + 1, 0))


def row_days_of(planned: Planned, days: Calendar, priced: Priced, table: RateTable) -> tuple[Planned, Days]:
    """Which days of its trip each row has, and the meals of those days."""
    away = planned.nights > 0
    has_first = away & (planned.before == 0)
    has_last: Mask = np.where(away, planned.before + planned.nights == planned.of_trip, planned.of_trip == 0)
    if planned.trips is not None:
        shared = np.flatnonzero((planned.of_trip == 0) & (planned.trips.first_row != planned.trips.last_row))
        if shared.size:
            number = priced.rate_of[planned.place[shared], days.period[planned.depart[shared] - days.first]]
            planned = _share_a_day(planned, shared, planned.trips.first_row[shared], number, table, has_last)
    return planned, Days(has_first, has_last, planned.nights - has_first)


def _share_a_day(
    planned: Planned, shared: Ints, trip: Ints, number: Ints, table: RateTable, has_last: Mask
) -> Planned:
    """Give the one day of trips with several stops within a day, and its meals, to the dearest stop."""
    rates = table.arrays()
    dearest = np.lexsort((shared, -rates.lodging[number], -rates.mie[number], trip))
    begins = np.flatnonzero(np.diff(trip[dearest], prepend=-1) != 0)
    chosen = shared[dearest[begins]]
    has_last[shared] = False
    has_last[chosen] = True
    meals = []
    for count in planned.meals:
        moved = count.copy()
        moved[shared] = 0
        moved[chosen] = np.add.reduceat(count[shared[dearest]], begins)
        meals.append(moved)
    return replace(planned, meals=(meals[0], meals[1], meals[2]))


def _localities(planned: Planned, days: Calendar, table: RateTable, needed: Mask) -> Ints:
    """The number of each needed place's locality in each period; -1 - f where it has failure f, -1 not needed."""
    years = np.array([fiscal_year(day_of(int(start))) for start in days.starts])
    found = np.full(needed.shape, -1, dtype=np.int64)
    for year in np.unique(years):
        periods = np.flatnonzero(years == year)
        on = day_of(int(days.starts[periods[0]]))
        places = np.flatnonzero(needed[:, periods].any(axis=1))
        numbers = [table.locality_number(planned.places[place], on) for place in places]
        of_place = np.array([number if number >= 0 else number - 1 for number in numbers], dtype=np.int64)
        found[np.ix_(places, periods)] = of_place[:, None]
        for place in (place for place in places if table.changes_by_month(planned.places[place])):
            for period in periods[needed[place, periods]]:
                number = table.locality_number(planned.places[place], day_of(int(days.asked[period])))
                found[place, period] = number if number >= 0 else number - 1
    return found


def _rates(days: Calendar, table: RateTable, needed: Mask, locality_of: Ints) -> Ints:
    """The number of the rate of each needed place and period; -f where it has failure f."""
    found = np.where(needed & (locality_of < -1), locality_of + 1, 0)
    places, periods = np.nonzero(needed & (locality_of >= 0))
    keys, which = np.unique(locality_of[places, periods] * days.starts.size + periods, return_inverse=True)
    asked = [day_of(int(day)) for day in days.asked]
    numbers = [table.rate_number(key // len(asked), asked[key % len(asked)]) for key in keys.tolist()]
    found[places, periods] = np.array(numbers, dtype=np.int64)[which]
    return found


def _blame(found: Ints, table: RateTable, faults: Faults) -> None:
    texts = [failure.text for failure in table.failures]
    for status in dict.fromkeys(failure.status for failure in table.failures[1:]):
        same = np.array([failure.status == status for failure in table.failures])
        faults.blame(found * same[found], texts, status)

"""What is in force on each day of the trips, as arrays over the days, so that a row's figure is one look-up.

Days are counted from 1970-01-01. A *period* is a run of days at one rate: a calendar month, cut where a setting of
the law or, as in Alaska, a rate changes within it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from perdiem_calc.dated import Dated, Law
from perdiem_calc.planning.estimator.columns import EPOCH
from perdiem_calc.planning.estimator.faults import Ints, Mask

CENTS = 100
MICRO = 1_000_000
_LONG_AGO = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class InForce:
    """A dated number on each day: its value in steps (0 where none is in force), and whether one is.

    `planned` are the days after the last known value, which then take that one.
    """

    values: Ints
    known: Mask
    planned: Mask


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days from `first` on, an entry a day.

    `period` numbers the runs of days at one rate, `ends` is each run's first day after it and `starts` its first;
    `asked` is the day for which a run's rate is asked, the same for every run of a month at one rate.
    Amounts are in cents; `share` and `mileage` in millionths (of one; of a dollar a mile); hours in hours.
    """

    first: int
    period: Ints
    starts: Ints
    ends: Ints
    asked: Ints
    refuses_over_rate: Mask
    share: InForce
    limit: InForce
    mileage: InForce
    full_from: InForce
    more_than: InForce


def day_of(number: int) -> date:
    """The date of a day's number.

    >>> day_of(0)
    datetime.date(1970, 1, 1)
    """
    return EPOCH + timedelta(days=number)


def calendar(first: int, last: int, law: Law, changes: Iterable[date] = ()) -> Calendar:
    """The calendar of the days from `first` to `last`, both inclusive.

    `changes` are the days on which a rate may change beside the first of a month, from the first's month on.
    """
    days = np.arange(first, last + 1, dtype=np.int64)
    over_rate = law.rules["chp-settings"].values["over_rate_lodging"]
    setting = _entries(over_rate, days)
    asked = _asked(days, changes)
    period = np.concatenate(([0], np.cumsum((np.diff(asked) != 0) | (np.diff(setting) != 0)))).astype(np.int64)
    starts = np.flatnonzero(np.diff(period, prepend=-1)) + first
    refusing = [entry.value == "refused" for entry in over_rate.entries]
    return Calendar(
        first=first,
        period=period,
        starts=starts,
        ends=np.append(starts[1:], last + 1),
        asked=asked[starts - first],
        refuses_over_rate=np.array(refusing, dtype=bool)[setting],
        share=_in_force(law, "mie-first-last-day", "share", days, MICRO),
        limit=_in_force(law, "chp-cap", "limit", days, CENTS),
        mileage=_in_force(law, "pov-mileage", "car_no_gov_vehicle", days, MICRO, plan=True),
        full_from=_in_force(law, "entitlement-12-hours", "full_from_hours", days, 1),
        more_than=_in_force(law, "entitlement-12-hours", "more_than_hours", days, 1),
    )


def always(value: int, days: Calendar) -> InForce:
    """A value of all the days of a calendar, as a plan may suppose."""
    known = np.ones(days.period.size, dtype=bool)
    return InForce(np.full(days.period.size, value, dtype=np.int64), known, ~known)


def _asked(days: Ints, changes: Iterable[date]) -> Ints:
    """The day for which each day's rate is asked: the first of its month, or the last change since then."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    cuts = np.array([_LONG_AGO, *sorted((day - EPOCH).days for day in changes)], dtype=np.int64)
    asked: Ints = np.maximum(months, cuts[np.searchsorted(cuts, days, side="right") - 1])
    return asked


@lru_cache(maxsize=4096)
def exact(value: object, scale: int) -> int:
    """A rate or amount in whole steps of 1/scale. Raises ValueError where it does not go into them.

    >>> exact(Decimal("0.725"), MICRO)
    725000
    """
    steps = Decimal(str(value)) * scale
    if steps != int(steps):
        raise ValueError(f"{value} is not a whole number of 1/{scale}")
    return int(steps)


def _entries(dated: Dated[Any], days: Ints) -> Ints:
    """The index of the last entry that begins on or before each day; 0 before the first."""
    begins = [(entry.effective_from - EPOCH).days for entry in dated.entries]
    found: npt.NDArray[np.int64] = np.searchsorted(begins, days, side="right") - 1
    return np.maximum(found, 0)


def _in_force(law: Law, rule: str, name: str, days: Ints, scale: int, *, plan: bool = False) -> InForce:
    dated = law.rules[rule].values[name]
    entries = dated.entries
    ended = entries[-1].effective_to
    after = np.zeros(days.size, dtype=bool) if ended is None else days > (ended - EPOCH).days
    before = days < (entries[0].effective_from - EPOCH).days
    values = np.array([exact(entry.value, scale) for entry in entries], dtype=np.int64)[_entries(dated, days)]
    if not plan:
        before |= after
        after = np.zeros(days.size, dtype=bool)
    values[before] = 0
    return InForce(values, ~before, after)

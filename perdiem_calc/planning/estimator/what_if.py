"""What a plan supposes: another limit, dearer rooms, the same trips in another fiscal year.

>>> WhatIf.of(limit=1500, rooms=20).sentences()
['a limit of $1,500.00 for each officer', 'every room 20% dearer']
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pandas as pd

from perdiem_calc.errors import InputError
from perdiem_calc.money import in_dollars
from perdiem_calc.planning.estimator.columns import EPOCH, FIRST_DAY, LAST_DAY, QUANTITIES, group_codes, read_days
from perdiem_calc.planning.estimator.faults import Faults, Ints
from perdiem_calc.planning.estimator.in_force import CENTS, MICRO, day_of, exact
from perdiem_calc.rates.model import fiscal_year

FISCAL_YEAR = "fiscal_year"
"""The column of results that says in which fiscal year a trip was planned."""
_PERCENT = MICRO // 100
_MOST_PERCENT = 1000
_LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`limit` for an officer in cents, or None for that in force; `rooms` in millionths of their rate."""

    limit: int | None = None
    rooms: int = MICRO

    @classmethod
    def of(cls, *, limit: Decimal | int | None = None, rooms: Decimal | int | None = None) -> WhatIf:
        """From dollars, and the percent by which rooms cost more. Raises InputError for what neither can be."""
        cents = (
            None if limit is None else _steps(limit, CENTS, 0, QUANTITIES["other"].most, "limit", "dollars like 1500")
        )
        dearer = (
            0 if rooms is None else _steps(rooms, _PERCENT, -99, _MOST_PERCENT, "rooms", "a percent like 20 or -10")
        )
        return cls(cents, MICRO + dearer)

    def sentences(self) -> list[str]:
        """What is supposed, in words; none where nothing is."""
        said = (
            [] if self.limit is None else [f"a limit of {in_dollars(Decimal(self.limit) / CENTS)} for each officer"]
        )
        if self.rooms != MICRO:
            percent = Decimal(abs(self.rooms - MICRO)) / _PERCENT
            said.append(f"every room {percent:f}% {'dearer' if self.rooms > MICRO else 'cheaper'}")
        return said


def _steps(value: object, scale: int, least: int, most: int, where: str, like: str) -> int:
    """A number in steps. Raises InputError."""
    try:
        number = Decimal(str(value))
        if isinstance(value, bool) or not least <= number <= most:
            raise ValueError("out of bounds")
        return exact(number, scale)
    except (InvalidOperation, ValueError):
        raise InputError(
            "estimate.what-if.invalid",
            f"{str(value)[:40]!r} cannot be supposed",
            where=where,
            fix=f"give {like}, from {least} to {most:,}",
        ) from None


def in_fiscal_year(trips: pd.DataFrame, year: int) -> pd.DataFrame:
    """The same trips on the same month and day of a fiscal year, with as many nights.

    The stops of a trip (`trip_id`) move together. A trip that begins on February 29 begins on the 28th of another
    year. Dates that cannot be read stay as they are, for the estimate to blame.

    >>> moved = in_fiscal_year(pd.DataFrame({"depart_on": ["2026-10-04"], "return_on": ["2026-10-09"]}), 2025)
    >>> moved["depart_on"][0], moved["return_on"][0]
    (datetime.date(2024, 10, 4), datetime.date(2024, 10, 9))
    """
    faults = Faults(len(trips))
    columns = {name: read_days(trips[name], name, faults) for name in ("depart_on", "return_on")}
    begins = columns["depart_on"]
    if "trip_id" in trips and len(trips):
        group = group_codes(trips["trip_id"], Faults(len(trips)))
        begins = begins[np.unique(group, return_index=True)[1]][np.unique(group, return_inverse=True)[1]]
    distinct, which = np.unique(begins, return_inverse=True)
    by = np.array([_days_to(int(day), year) for day in distinct], dtype=np.int64)[which]
    moved = {name: _dates(days + by, trips[name], faults) for name, days in columns.items()}
    return trips.assign(**moved)


def _days_to(day: int, year: int) -> int:
    """From a day to the same one of a fiscal year."""
    on = day_of(day)
    to = on.year + year - fiscal_year(on)
    there = date(to, 2, 28) if (on.month, on.day) == _LEAP_DAY else on.replace(year=to)
    return (there - on).days


def _dates(days: Ints, written: pd.Series[Any], faults: Faults) -> pd.Series[Any]:
    """Days as dates, but for what cannot be read, or is no date any more."""
    distinct, which = np.unique(days, return_inverse=True)
    readable = faults.good & (days >= FIRST_DAY) & (days <= LAST_DAY)
    bounded = np.clip(distinct, FIRST_DAY, LAST_DAY).tolist()
    dates = np.array([EPOCH + timedelta(days=day) for day in bounded], dtype=object)[which]
    return pd.Series(np.where(readable, dates, written.astype(object)), index=written.index, dtype=object)

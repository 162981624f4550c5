"""What a budget comes to: the amounts of many estimated trips, together and by locality, month and agency.

Sums are of whole cents, so they are exact however many rows there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from perdiem_calc.planning.estimator.columns import EPOCH, cell_codes, read_days, text_of
from perdiem_calc.planning.estimator.faults import MEANINGS, Faults, Ints, Mask, Meaning
from perdiem_calc.planning.estimator.in_force import CENTS
from perdiem_calc.rates.places import RESOLVED

SUMMED = ("group_total", "group_reimbursable", "group_agency_share")
"""The amounts that a budget sums."""

NOT_STATED = "(not stated)"
"""The group of rows without an agency, or without a date that can be read."""
NOT_PRICED = "(not priced)"
"""The group of rows without a locality."""
PLANNING_RATE = "planning rate"
_NO_DAY = np.iinfo(np.int64).min


@dataclass
class Group:
    """A group of rows: how many are priced and not priced, and their amounts in cents in the order of SUMMED."""

    rows: int = 0
    not_priced: int = 0
    cents: Ints = field(default_factory=lambda: np.zeros(len(SUMMED), dtype=np.int64))

    def dollars(self) -> tuple[float, ...]:
        """The amounts in dollars, each the nearest float."""
        return tuple(float(amount) / CENTS for amount in self.cents)


@dataclass
class Budget:
    """The sums of the tables added to it.

    `statuses` counts the rows by status; `capped` those whose allowable amount the limit cuts, `planned` those at a
    mileage rate that is not known yet. Months are those of departure, as 2026-10. Each grouping has all
    rows, those that are not priced too.
    """

    rows: int = 0
    capped: int = 0
    planned: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    total: Group = field(default_factory=Group)
    localities: dict[str, Group] = field(default_factory=dict)
    months: dict[str, Group] = field(default_factory=dict)
    agencies: dict[str, Group] = field(default_factory=dict)

    @property
    def priced(self) -> int:
        """How many rows are priced."""
        return self.total.rows

    def not_priced(self) -> list[tuple[Meaning, int]]:
        """Why rows are not priced, in words, and how many."""
        return [
            (meaning, self.statuses[status])
            for status, meaning in MEANINGS.items()
            if status != RESOLVED and status in self.statuses
        ]

    def add(self, trips: pd.DataFrame, costs: pd.DataFrame) -> None:
        """Add trips and the costs that `estimate` gives of them."""
        self.rows += len(costs)
        for status, count in costs["status"].value_counts().items():
            self.statuses[str(status)] = self.statuses.get(str(status), 0) + int(count)
        priced = costs["total"].notna().to_numpy()
        self.capped += int((costs["allowable"] > costs["reimbursable"]).sum())
        remarked = costs["reason"][priced & (costs["reason"] != "").to_numpy()]
        self.planned += int(remarked.str.contains(PLANNING_RATE).sum())
        cents = [np.rint(costs[name].fillna(0.0).to_numpy() * CENTS) for name in SUMMED]
        self.total.rows += int(priced.sum())
        self.total.not_priced += int((~priced).sum())
        self.total.cents += np.array([int(amounts.sum()) for amounts in cents])
        _add_groups(self.localities, costs["locality"], priced, cents)
        _add_groups(self.months, _months(trips), priced, cents)
        if "agency" in trips:
            _add_groups(self.agencies, _agencies(trips), priced, cents)
        else:
            self.agencies = {NOT_STATED: self.total}


def _months(trips: pd.DataFrame) -> pd.Series[Any]:
    faults = Faults(len(trips))
    days = read_days(trips["depart_on"], "depart_on", faults)
    codes, distinct = pd.factorize(np.where(faults.good, days, _NO_DAY))
    return pd.Series([_month(int(day)) for day in distinct], dtype=object).take(codes)


def _month(day: int) -> str:
    return NOT_STATED if day == _NO_DAY else f"{EPOCH + timedelta(days=day):%Y-%m}"


def _agencies(trips: pd.DataFrame) -> pd.Series[Any]:
    codes, distinct = cell_codes(trips["agency"])
    return pd.Series([text_of(name) or NOT_STATED for name in distinct]).take(codes)


def _add_groups(groups: dict[str, Group], keys: pd.Series[Any], priced: Mask, cents: list[Any]) -> None:
    """Add each row's cents to its key's group. Doubles hold whole cents exactly up to 90 trillion dollars."""
    codes, distinct = pd.factorize(keys)
    counts, all_of = np.bincount(codes[priced], minlength=len(distinct)), np.bincount(codes)
    sums = [np.bincount(codes, weights=amounts) for amounts in cents]
    for number, key in enumerate(distinct):
        group = groups.setdefault(str(key) or NOT_PRICED, Group())
        group.rows += int(counts[number])
        group.not_priced += int(all_of[number] - counts[number])
        group.cents += np.array([int(amounts[number]) for amounts in sums])

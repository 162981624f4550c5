"""What a budget comes to: the amounts of many estimated trips, together and in groups (GROUPINGS).

Sums are of whole cents, so they are exact however many rows there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator.arithmetic import half_up
from perdiem_calc.planning.estimator.columns import (
    EPOCH,
    QUANTITIES,
    cell_codes,
    group_codes,
    place_codes,
    read_days,
    read_quantity,
    text_of,
)
from perdiem_calc.planning.estimator.faults import MEANINGS, Faults, Ints, Mask, Meaning
from perdiem_calc.planning.estimator.in_force import CENTS
from perdiem_calc.planning.estimator.names import matched
from perdiem_calc.planning.estimator.planned import PLACE_COLUMNS, TRIP_COLUMNS
from perdiem_calc.planning.estimator.ratetable import cell_text
from perdiem_calc.rates.places import RESOLVED

SUMMED = ("group_total", "group_reimbursable", "group_agency_share")
"""The amounts that a budget sums."""

NOT_STATED = "(not stated)"
"""The group of rows without an agency, or without a date that can be read."""
NOT_PRICED = "(not priced)"
"""The group of rows without a locality."""
GROUPINGS = ("state", "agency", "site", "month", "locality")
"""What the rows can be grouped by: a site is a place as it is written, a month that of departure."""
PLANNING_RATE = "planning rate"
_NO_DAY = np.iinfo(np.int64).min
_Keys = tuple[Ints, Sequence[str]]
"""The number of each row's group, and the names of the groups by number; one name may have several numbers."""


@dataclass
class Group:
    """A group of rows: how many are priced and not priced, and their amounts in cents in the order of SUMMED."""

    rows: int = 0
    not_priced: int = 0
    cents: Ints = field(default_factory=lambda: np.zeros(len(SUMMED), dtype=np.int64))

    def dollars(self) -> tuple[float, ...]:
        """The amounts in dollars, each the nearest float."""
        return tuple(float(amount) / CENTS for amount in self.cents)


def _groups() -> dict[str, dict[str, Group]]:
    return {name: {} for name in GROUPINGS}


@dataclass
class Budget:
    """The sums of the tables added to it.

    `statuses` counts the rows by status; `capped` those whose allowable amount the limit cuts, `planned` those at a
    mileage rate that is not known yet; `officers` are those of the priced rows, each trip's once. Months are those of
    departure, as 2026-10. Each grouping of `groups` has all rows, those that are not priced too.
    """

    rows: int = 0
    capped: int = 0
    planned: int = 0
    officers: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    total: Group = field(default_factory=Group)
    groups: dict[str, dict[str, Group]] = field(default_factory=_groups)

    @property
    def priced(self) -> int:
        """How many rows are priced."""
        return self.total.rows

    def per_officer(self) -> tuple[float, ...] | None:
        """The amounts an officer, dollars to the cent in the order of SUMMED; None where there is no officer."""
        if not self.officers:
            return None
        return tuple(float(amount) / CENTS for amount in half_up(self.total.cents, self.officers))

    def use_of(self, limit: Decimal) -> float | None:
        """The part of all officers' limits that NASRO's reimbursement uses; None without an officer or a limit."""
        whole = int(limit * CENTS) * self.officers
        return int(self.total.cents[SUMMED.index("group_reimbursable")]) / whole if whole else None

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
        self.officers += _officers(trips, priced)
        codes, localities = pd.factorize(costs["locality"])
        names = [str(name) for name in localities]
        keys: dict[str, _Keys] = {
            "state": (codes, [name.rpartition(", ")[2] for name in names]),
            "agency": _agencies(trips),
            "site": _sites(trips),
            "month": _months(trips),
            "locality": (codes, names),
        }
        for name in GROUPINGS:
            _add_groups(self.groups[name], *keys[name], priced, cents)


def _sites(trips: pd.DataFrame) -> _Keys:
    columns = [name for name in PLACE_COLUMNS if name in trips]
    if not columns:
        return np.zeros(len(trips), dtype=np.int64), [NOT_STATED]
    codes, places = place_codes(trips, columns)
    return codes, [", ".join(filter(None, map(cell_text, cells))) or NOT_STATED for cells in places]


def _officers(trips: pd.DataFrame, priced: Mask) -> int:
    """The officers of the priced rows; those of a trip of several rows once."""
    quantity = QUANTITIES["officers"]
    count = np.ones(len(trips), dtype=np.int64)
    if "officers" in trips:
        count = read_quantity(trips["officers"], quantity, Faults(len(trips)))
    once = priced.copy()
    if "trip_id" in trips:
        first = np.unique(group_codes(trips["trip_id"], Faults(len(trips))), return_index=True)[1]
        once = np.zeros_like(priced)
        once[first] = priced[first]
    return int(count[once].sum())


def _months(trips: pd.DataFrame) -> _Keys:
    faults = Faults(len(trips))
    days = read_days(trips["depart_on"], "depart_on", faults)
    codes, distinct = pd.factorize(np.where(faults.good, days, _NO_DAY))
    return codes, [_month(int(day)) for day in distinct]


def _month(day: int) -> str:
    return NOT_STATED if day == _NO_DAY else f"{EPOCH + timedelta(days=day):%Y-%m}"


def _agencies(trips: pd.DataFrame) -> _Keys:
    if "agency" not in trips:
        return np.zeros(len(trips), dtype=np.int64), [NOT_STATED]
    codes, distinct = cell_codes(trips["agency"])
    return codes, [text_of(name) or NOT_STATED for name in distinct]


def sums_by(trips: pd.DataFrame, costs: pd.DataFrame, by: str) -> pd.DataFrame:
    """The amounts of estimated trips in groups (GROUPINGS), as `--by` prints them: a row a group.

    Raises InputError for another grouping.
    """
    if by not in GROUPINGS:
        fix = f"use {', '.join(GROUPINGS)}"
        raise InputError("estimate.grouping.unknown", f"{by!r} is no grouping", where="by", fix=fix)
    budget = Budget()
    budget.add(trips.set_axis(matched(trips.columns, TRIP_COLUMNS), axis="columns"), costs)
    groups = in_order(by, budget.groups[by])
    rows = [(group.rows, group.not_priced, *group.dollars()) for _, group in groups]
    index = pd.Index([name for name, _ in groups], name=by)
    return pd.DataFrame(rows, columns=["rows", "not_priced", *SUMMED], index=index)


def in_order(name: str, groups: Mapping[str, Group]) -> list[tuple[str, Group]]:
    """The groups of a grouping: months in order, others the dearest first; rows without one last."""
    if name == "month":
        return sorted(groups.items(), key=lambda item: (item[0] == NOT_STATED, item[0]))
    return sorted(groups.items(), key=lambda item: (-int(item[1].cents[0]), item[0]))


def _add_groups(groups: dict[str, Group], codes: Ints, names: Sequence[str], priced: Mask, cents: list[Any]) -> None:
    """Add each row's cents to the group of its code. Doubles hold whole cents exactly up to 90 trillion dollars."""
    counts, all_of = (np.bincount(found, minlength=len(names)) for found in (codes[priced], codes))
    sums = [np.bincount(codes, weights=amounts, minlength=len(names)) for amounts in cents]
    for number in np.flatnonzero(all_of).tolist():
        group = groups.setdefault(names[number] or NOT_PRICED, Group())
        group.rows += int(counts[number])
        group.not_priced += int(all_of[number] - counts[number])
        group.cents += np.array([int(amounts[number]) for amounts in sums])

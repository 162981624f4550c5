"""What a year of officers may cost: many possible years, drawn from stated assumptions, and how they are spread.

Every draw sends each officer to a site in a week, by car or by airplane, to a room below, at or above the ceiling,
and estimates the trip like any other. What a site states of its own is not drawn. The same seed gives the same
forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from perdiem_calc.errors import InputError, RateUnavailable
from perdiem_calc.planning.estimator import COLUMNS_IN, ERROR, Estimator
from perdiem_calc.planning.estimator.columns import PERCENT, text_of
from perdiem_calc.planning.estimator.faults import Faults, Ints
from perdiem_calc.planning.estimator.in_force import CENTS
from perdiem_calc.planning.estimator.planned import PLACE_COLUMNS
from perdiem_calc.planning.sites import (
    FIRST_ROW,
    STATED,
    TOTAL,
    Floats,
    filled_rows,
    named,
    not_compared,
    plan_sites,
    row_and_name,
    stated,
)
from perdiem_calc.text import counted

PERCENTILES = (50, 90, 95)
MOST_OFFICERS = 1_000_000
MOST_TRIPS = 100_000_000
"""Officers times draws, at most."""

_AT_ONCE = 1_000_000
_OWN = (*STATED, PERCENT)
"""The quantities that a site may state, tax in percent too."""
Triangle = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The distributions that are drawn from. A triangle is its least, likeliest and greatest value.

    They are a planner's guesses, not rules: change them to what your officers do.
    """

    room_of_ceiling: Triangle = (0.85, 1.0, 1.35)
    lodging_tax_rate: Triangle = (0.08, 0.125, 0.16)
    drives: float = 0.6
    miles: Triangle = (80.0, 350.0, 1000.0)
    airfare: Triangle = (180.0, 340.0, 750.0)
    with_airfare: Triangle = (60.0, 130.0, 240.0)
    breakfasts: tuple[int, int] = (0, 5)

    def sentences(self, officers: int, sites: int, weeks: int) -> list[str]:
        """The assumptions in words, to show with the result."""
        return [
            f"{counted(officers, 'officer')}, each to one of {counted(sites, 'site')} (by its weight) "
            f"in one of {counted(weeks, 'week')} at random",
            f"room rate: {_spread(self.room_of_ceiling, '{:.0%}')} of the lodging ceiling",
            f"lodging tax: {_spread(self.lodging_tax_rate, '{:.1%}')} of the room rate",
            f"{self.drives:.0%} drive, {_spread(self.miles, '{:,.0f}')} miles there and back, one mileage rate",
            f"the others fly at {_spread(self.airfare, '${:,.0f}')}, "
            f"with {_spread(self.with_airfare, '${:,.0f}')} for bags, taxis and parking",
            f"{self.breakfasts[0]} to {self.breakfasts[1]} breakfasts furnished, alike likely",
            "no officer was paid anything before",
        ]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The draws, dollars a year: NASRO's reimbursement and the agencies' share, an entry a draw.

    `binds` is the part of all trips in which the limit binds, `planned` that at a planning rate for mileage;
    `left_out` are the sites that could not be priced, with the reason.
    """

    reimbursable: Floats
    agency_share: Floats
    binds: float
    planned: float
    officers: int
    assumptions: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    def summary(self) -> pd.DataFrame:
        """Mean and percentiles of the reimbursement, the agencies' share and the total."""
        columns = {
            "NASRO reimburses": self.reimbursable,
            "Agencies pay": self.agency_share,
            "Total cost": self.reimbursable + self.agency_share,
        }
        rows: dict[str, list[float]] = {"mean": [float(values.mean()) for values in columns.values()]}
        for percentile in PERCENTILES:
            rows[f"{percentile}th percentile"] = [
                float(np.percentile(values, percentile)) for values in columns.values()
            ]
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns)).round(2)


def forecast(
    sites: pd.DataFrame,
    weeks: Sequence[date],
    estimator: Estimator,
    *,
    officers: int,
    seed: int,
    draws: int = 1000,
    assumptions: Assumptions | None = None,
    step: Callable[[str], None] = lambda done: None,
) -> Forecast:
    """Draw `draws` years of `officers` trips each; `step` is called `parts` times with the progress.

    `sites` name the places, and maybe a `weight` (how likely each is; equally likely without the column).
    Of what a site states itself (STATED), all its trips have the lodging, the meals and `other`, those by car its
    `miles` and those by airplane its `airfare`; what is blank is drawn. Rows without a single entry are passed over.
    A site that cannot be priced in every week, or has a cell that cannot be read, is left out and named. Raises
    InputError for counts out of bounds and weights that are none, and that or RateUnavailable where no site is left.
    """
    assumed = assumptions or Assumptions()
    check_counts(officers, draws, seed)
    sites = named(sites)
    rows = filled_rows(sites)
    weights = _weights(sites, rows)
    unused = [name for name in sites if name in COLUMNS_IN and name not in (*PLACE_COLUMNS, *_OWN)]
    plan = plan_sites(sites.drop(columns=unused), weeks, estimator, {})
    plan, left_out = _priced_sites(plan, estimator)
    kept = np.isin(rows + FIRST_ROW, plan["row"])
    rows, weights = rows[kept], _normal(weights[kept])
    # The miles and the airfare of a plan are those of the cheaper way: both are read again.
    own = {name: stated(sites.iloc[rows], name, Faults(len(rows))) for name in _OWN if name in sites}
    if PERCENT in own:
        own["lodging_tax_rate"] = own.pop(PERCENT) / 100
    own = {name: values for name, values in own.items() if not np.isnan(values).all()}
    ceilings = _ceilings(plan, estimator)
    draw = np.random.default_rng(seed)
    sums: list[Floats] = []
    binds = planned = 0
    years = parts(officers, draws)
    for start in years:
        step(f"{start:,} of {counted(draws, 'year')}")
        count = min(years.step, draws - start)
        trips = _draw(plan, ceilings, weights, len(weeks), count * officers, draw, assumed, own)
        costs = estimator.estimate(trips)
        binds += int((costs["allowable"] > costs["reimbursable"]).sum())
        planned += int((costs["reason"] != "").sum())
        cents = [np.rint(costs[name].to_numpy() * CENTS) for name in ("reimbursable", "agency_share")]
        sums.append(np.stack([amounts.reshape(count, officers).sum(axis=1) / CENTS for amounts in cents]))
    reimbursable, agency_share = np.concatenate(sums, axis=1)
    said = [*assumed.sentences(officers, len(rows), len(weeks)), *_of_sites(own, unused)]
    said += estimator.what_if.sentences()
    binds_in, planned_in = (count / (draws * officers) for count in (binds, planned))
    return Forecast(reimbursable, agency_share, binds_in, planned_in, officers, tuple(said), tuple(left_out))


def parts(officers: int, draws: int) -> range:
    """The years that each part of a forecast begins with; a part fits the memory."""
    return range(0, draws, max(1, _AT_ONCE // officers))


def check_counts(officers: int, draws: int, seed: int) -> None:
    """Raises InputError for counts or a seed that cannot be drawn with."""
    if officers < 1 or draws < 1:
        raise InputError(
            "forecast.officers.missing",
            "a forecast needs officers and draws",
            where="officers",
            fix="give one or more of each",
        )
    if officers > MOST_OFFICERS:
        raise InputError(
            "forecast.officers.too-many",
            f"{officers:,} are too many",
            where="officers",
            fix=f"give at most {MOST_OFFICERS:,}",
        )
    if officers * draws > MOST_TRIPS:
        raise InputError(
            "forecast.draws.too-many",
            f"{draws:,} draws of {counted(officers, 'officer')} are too many",
            where="draws",
            fix=f"give at most {MOST_TRIPS // officers:,}: a forecast draws at most {MOST_TRIPS:,} trips",
        )
    if seed < 0:
        raise InputError(
            "forecast.seed.negative", f"{seed} is negative", where="seed", fix="give a whole number from 0 on"
        )


def _of_sites(own: Mapping[str, Floats], unused: Sequence[str]) -> list[str]:
    """What the table of sites itself has to do with the result, in words."""
    said = []
    if own:
        said.append(f"where a site states its {' or '.join(own)}, that is taken")
    if unused:
        said.append(f"columns of the sites that a forecast does not use: {', '.join(unused)}")
    return said


def _weights(sites: pd.DataFrame, rows: Ints) -> Floats:
    given = sites["weight"].iloc[rows] if "weight" in sites else pd.Series(np.ones(len(rows)))
    weights: Floats = pd.to_numeric(given, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    for position in np.flatnonzero(~(np.isfinite(weights) & (weights >= 0))).tolist():
        cell = text_of(given.iloc[position])
        raise InputError(
            "forecast.weight.invalid",
            f"weight: {cell[:40]!r} is not a number from 0 on" if cell else "weight: blank",
            where=f"sites, row {rows[position] + FIRST_ROW}",
            fix="write how likely the site is compared with the others, like 1 or 2.5, or 0 for never",
        )
    return weights


def _normal(weights: Floats) -> Floats:
    """Weights that add up to one. Raises InputError where all are zero."""
    if not weights.sum():
        raise InputError(
            "forecast.weight.all-zero",
            "weight: all are 0, so no site can be chosen",
            where="sites",
            fix="give one a greater weight",
        )
    normal: Floats = weights / weights.sum()
    return normal


def _priced_sites(plan: pd.DataFrame, estimator: Estimator) -> tuple[pd.DataFrame, list[str]]:
    """The trips to the sites that are priced in each week, and which sites are not, with the reason.

    Raises InputError or RateUnavailable, by the first reason, where no site is left.
    """
    costs = estimator.estimate(plan[[name for name in plan if name in COLUMNS_IN]])
    found = plan.join(costs[["status", "reason", TOTAL]])
    lost = found[found[TOTAL].isna()]
    kept = plan[~plan["row"].isin(lost["row"])].reset_index(drop=True)
    if kept.empty:
        first = lost.iloc[0]
        site = f"sites, {row_and_name(first['row'], first['site'])}"
        if first["status"] == ERROR:
            raise InputError("forecast.site.invalid", str(first["reason"]), where=site)
        raise RateUnavailable("forecast.site.no-rate", str(first["reason"]), where=f"{site}, week of {first['week']}")
    return kept, not_compared(found)


def _ceilings(plan: pd.DataFrame, estimator: Estimator) -> Floats:
    """The mean ceiling of the nights of each site and week."""
    costs = estimator.estimate(plan[[name for name in plan if name in COLUMNS_IN and name != "room_rate"]])
    nightly: Floats = (costs["lodging"] / costs["nights"]).to_numpy(dtype=np.float64)
    return nightly


def _draw(
    plan: pd.DataFrame,
    ceilings: Floats,
    weights: Floats,
    weeks: int,
    count: int,
    draw: np.random.Generator,
    assumed: Assumptions,
    own: Mapping[str, Floats],
) -> pd.DataFrame:
    """`count` trips, drawn; `own` is what each site states, not a number where it states nothing."""
    chosen = draw.choice(len(weights), count, p=weights) * weeks + draw.integers(0, weeks, count)
    drives = draw.random(count) < assumed.drives
    places = [name for name in plan if name in PLACE_COLUMNS]
    columns: dict[str, Any] = {name: plan[name].take(chosen).array for name in (*places, "depart_on", "return_on")}
    columns["room_rate"] = np.round(draw.triangular(*assumed.room_of_ceiling, count) * ceilings[chosen], 2)
    columns["lodging_tax_rate"] = np.round(draw.triangular(*assumed.lodging_tax_rate, count), 4)
    columns["miles"] = np.where(drives, np.round(draw.triangular(*assumed.miles, count)), 0.0)
    columns["airfare"] = np.where(drives, 0.0, np.round(draw.triangular(*assumed.airfare, count), 2))
    columns["other"] = np.where(drives, 0.0, np.round(draw.triangular(*assumed.with_airfare, count), 2))
    columns["breakfasts"] = draw.integers(assumed.breakfasts[0], assumed.breakfasts[1] + 1, count)
    travels = {"miles": drives, "airfare": ~drives}
    for name, values in own.items():
        of_site = values[chosen // weeks]
        taken = ~np.isnan(of_site) & travels.get(name, True)
        columns[name] = np.where(taken, of_site, columns.get(name, 0))
    return pd.DataFrame(columns)


def _spread(triangle: Triangle, form: str) -> str:
    least, likeliest, greatest = (form.format(value) for value in triangle)
    return f"{least} to {greatest} (likeliest {likeliest})"

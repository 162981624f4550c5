"""Which course site and week leaves the agency least out of pocket: every site in every week, ranked.

A course runs from Monday to Friday; the officer leaves the day before and returns on the last day. Distances are
planning estimates and never part of a claim: a claim states the miles that were driven.

>>> course_weeks(date(2027, 1, 4), date(2027, 1, 20))
[datetime.date(2027, 1, 4), datetime.date(2027, 1, 11), datetime.date(2027, 1, 18)]
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator import AMOUNTS, COLUMNS_IN, ColumnsNotAsNamed, Estimator
from perdiem_calc.planning.estimator.columns import QUANTITIES, is_blank, read_quantity, text_of
from perdiem_calc.planning.estimator.faults import Faults, Ints
from perdiem_calc.planning.estimator.names import read_names
from perdiem_calc.planning.estimator.planned import DATE_COLUMNS, PLACE_COLUMNS, place_columns
from perdiem_calc.planning.estimator.ratetable import cell_text
from perdiem_calc.planning.estimator.summary import PLANNING_RATE
from perdiem_calc.rates.places import STANDARD_ID, STANDARD_NAME, UNRESOLVED, Locality
from perdiem_calc.text import some

ROAD_FACTOR = 1.2
"""Road miles for each mile of the great circle: about the average of the United States; a planning assumption."""

EARTH_MILES = 3958.8
COURSE_DAYS = 5
FIRST_ROW = 2
"""Rows of sites are counted as a spreadsheet does: the first is below the header."""

AGENCY, TOTAL = "agency_share", "total"
ORDERS = {"agency": AGENCY, "total": TOTAL}
DRIVE, FLY, NOT_PLANNED = "drive", "fly", "not planned"
NO_WAY = "no way to it is planned: add miles or an airfare to its row, or say where the officer sets out (--from)"

STATED = ("miles", "airfare", "other", "room_rate", "lodging_tax_rate", "breakfasts", "lunches", "dinners")
"""The quantities that a site may state of its own."""

SITE_COLUMNS = ("name", *PLACE_COLUMNS, *STATED, "weight")
"""The columns of a table of sites."""
KNOWN = tuple(dict.fromkeys((*SITE_COLUMNS, *COLUMNS_IN)))
"""Every column that such a table may have: those of trips too."""

Floats = npt.NDArray[np.float64]

Coordinates = tuple[float, float]
Distances = Mapping[str, int | str]
"""Planning miles one way by site name, or in words why they are not known."""


def course_weeks(first: date, last: date) -> list[date]:
    """The days on which courses begin: the first, and each seventh day up to the last.

    Raises InputError where the last is before the first, or the first is no Monday.
    """
    if first == date.min:
        raise InputError("sites.weeks.too-early", f"no day is before {first}", where="weeks", fix="check the year")
    if last < first:
        raise InputError(
            "sites.weeks.reversed", f"{last} is before {first}", where="weeks", fix="write the earlier day first"
        )
    if first.weekday():
        monday = first + timedelta(days=7 - first.weekday())
        raise InputError(
            "sites.weeks.not-monday",
            f"{first} is a {first:%A}",
            where="weeks",
            fix=f"a course begins on a Monday, like {monday}",
        )
    return [first + timedelta(days=days) for days in range(0, (last - first).days + 1, 7)]


def planning_miles(here: Coordinates, there: Coordinates) -> int:
    """Road miles one way, estimated: the great circle between two points (degrees) times ROAD_FACTOR.

    >>> planning_miles((39.80, -89.64), (28.54, -81.38))
    1091
    >>> planning_miles((39.80, -89.64), (39.80, -89.64))
    0
    """
    (lat, lon), (other_lat, other_lon) = (tuple(map(radians, point)) for point in (here, there))
    arc = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return round(2 * EARTH_MILES * asin(sqrt(arc)) * ROAD_FACTOR)


def named(sites: pd.DataFrame) -> pd.DataFrame:
    """The table with the known names of its columns; a warning says which are understood and which are not read."""
    read = read_names(sites.columns, KNOWN)
    if said := " ".join(read.sentences()):
        warnings.warn(said, ColumnsNotAsNamed, stacklevel=3)
    return sites.set_axis(read.names, axis="columns")


def site_names(sites: pd.DataFrame) -> list[str]:
    """What to call each site: its `name`; where that is blank its place, and where that is too its row."""
    names = []
    for row, cells in enumerate(sites.to_dict("records"), start=FIRST_ROW):
        place = [cell_text(cells.get(column)) for column in PLACE_COLUMNS]
        names.append(text_of(cells.get("name")) or ", ".join(filter(None, place)) or f"row {row}")
    return names


def compare_sites(
    sites: pd.DataFrame,
    weeks: Sequence[date],
    estimator: Estimator,
    *,
    distances: Distances | None = None,
    order: str = AGENCY,
) -> pd.DataFrame:
    """Every site in every week, the cheapest first by `order` (`agency_share` or `total`).

    `sites` has the columns of an estimate but for the dates, and maybe `name`; `miles` are those of the whole
    trip. Rows without a single entry are passed over. `distances` are for sites without `miles`; one whose distance
    is not known is compared by its airfare, and without one is not comparable. Where a site has both miles and an
    airfare, the cheaper is planned. Where some site has either, one that has neither is not comparable; 0 miles say
    that no travel is needed.

    Columns: `rank`, `site`, its `row`, `week`, `mode`, `miles`, those of an estimate, and `why`, a sentence. What is
    not comparable comes last, without amounts, with the reason, even if that is a cell that cannot be read.
    Raises InputError for a table without sites or without their places, and for two sites of one name.
    """
    planned = plan_sites(named(sites), weeks, estimator, distances or {})
    costs = estimator.estimate(planned[[name for name in planned if name in COLUMNS_IN]])
    _blank(costs, (planned["mode"] == NOT_PLANNED) & (planned["unknown"] != ""), planned["unknown"])
    table = pd.concat([planned[["site", "row", "week", "mode", "miles", "unknown"]], costs], axis=1)
    table["miles"] = pd.to_numeric(table["miles"].where(costs[TOTAL].notna()))
    table["on_average"] = _on_average(planned, costs, estimator)
    by = [order, TOTAL if order == AGENCY else AGENCY, "week", "site"]
    table = table.sort_values(by, kind="stable", na_position="last", ignore_index=True)
    table.insert(0, "rank", table[order].rank(method="min").astype("Int64"))
    table["why"] = [_why(row, order, table[order].min()) for row in table.to_dict("records")]
    return table.drop(columns=["unknown", "on_average"])


def _blank(costs: pd.DataFrame, rows: pd.Series[Any], reasons: pd.Series[Any]) -> None:
    """Take the costs of priced rows back, for a reason."""
    rows = rows & costs[TOTAL].notna()
    costs.loc[rows, [*AMOUNTS, "nights"]] = None
    costs.loc[rows, "locality"] = ""
    costs.loc[rows, "status"] = UNRESOLVED
    costs.loc[rows, "reason"] = reasons[rows]


def _on_average(planned: pd.DataFrame, costs: pd.DataFrame, estimator: Estimator) -> pd.Series[Any]:
    """Whether the nights of a trip cost differently: the first, as often as there are nights, is not their sum."""
    first = planned[[name for name in planned if name in (*PLACE_COLUMNS, "depart_on", "room_rate")]]
    night = estimator.estimate(first.assign(return_on=[day + timedelta(days=1) for day in first["depart_on"]]))
    return (night["lodging"] * costs["nights"]).round(2) != costs["lodging"]


def row_and_name(row: object, site: object) -> str:
    """A site of a table as a person finds it.

    >>> row_and_name(3, "Springfield"), row_and_name(4, "row 4")
    ('row 3, Springfield', 'row 4')
    """
    return f"row {row}" if site == f"row {row}" else f"row {row}, {site}"


def not_compared(table: pd.DataFrame, most: int | None = None) -> list[str]:
    """Which sites are not comparable in every week of a comparison, and why: a sentence for each reason.

    A sentence names `most` sites at most, and how many more there are.
    """
    weeks = table["week"].nunique()
    alike: dict[tuple[str, str], list[str]] = {}
    for (row, site, reason), lost in table[table[TOTAL].isna()].groupby(["row", "site", "reason"]):
        of_weeks = "" if len(lost) == weeks else f" ({len(lost)} of {weeks} weeks, the first {lost['week'].min()})"
        alike.setdefault((of_weeks, str(reason)), []).append(row_and_name(row, site))
    return [f"{some(named, most or len(named))}{of_weeks}: {reason}" for (of_weeks, reason), named in alike.items()]


def alike(table: pd.DataFrame, order: str) -> pd.DataFrame:
    """Each comparable site in its best week, of several the earliest, and in how many weeks it is as good.

    Columns: those of the comparison, `weeks_alike`, and `is_tied`: whether another site is as good.
    """
    comparable = table.dropna(subset=[TOTAL])
    least = comparable.groupby("site")[order].transform("min")
    same = comparable[comparable[order] == least]
    best = same.drop_duplicates("site").copy()
    best["weeks_alike"] = best["site"].map(same.groupby("site")["week"].nunique())
    best["is_tied"] = best.duplicated(order, keep=False)
    best["rank"] = best[order].rank(method="min").astype("Int64")
    return best


def plan_sites(
    sites: pd.DataFrame, weeks: Sequence[date], estimator: Estimator, distances: Distances
) -> pd.DataFrame:
    """A trip to every site in every week, by the cheaper of car and airplane.

    Beside the columns of an estimate: `site`, its `row`, `week`, `mode`, and why the miles are `unknown`, blank where
    they are not. Miles and airfare that cannot be read stand as they are, for the estimate to say so.
    """
    rows = filled_rows(sites)
    place_columns([*(name for name in sites if name not in DATE_COLUMNS), *DATE_COLUMNS], SITE_COLUMNS)
    called = site_names(sites)
    cells, names = sites.iloc[rows], [called[row] for row in rows]
    _refuse_twins(names, rows)
    faults = Faults(len(cells))
    miles, airfare = stated(cells, "miles", faults), stated(cells, "airfare", faults)
    known, unknown = _both_ways(names, miles, airfare, distances)
    plan = cells.loc[np.repeat(cells.index, len(weeks)), [name for name in cells if name in COLUMNS_IN]]
    plan = plan.reset_index(drop=True)
    as_written = plan.reindex(columns=["miles", "airfare"])
    begins = pd.Series(list(weeks) * len(cells))
    plan["site"] = np.repeat(names, len(weeks))
    plan["row"] = np.repeat(rows + FIRST_ROW, len(weeks))
    plan["unknown"] = np.repeat(unknown, len(weeks))
    plan["week"] = begins
    plan["depart_on"] = [week - timedelta(days=1) for week in begins]
    plan["return_on"] = [week + timedelta(days=COURSE_DAYS - 1) for week in begins]
    plan["miles"] = np.repeat(known, len(weeks))
    plan["airfare"] = np.repeat(np.nan_to_num(airfare), len(weeks))
    by_car = _by_car(plan, estimator)
    plan["mode"] = np.select([by_car, plan["airfare"] > 0], [DRIVE, FLY], NOT_PLANNED)
    plan["miles"] = plan["miles"].where(by_car, 0.0)
    plan["airfare"] = plan["airfare"].where(~by_car, 0.0)
    wrong = np.repeat(~faults.good, len(weeks))
    for name in as_written:
        plan[name] = np.where(wrong, as_written[name].astype(object), plan[name].astype(object))
    return plan


def _both_ways(
    names: Sequence[str], miles: Floats, airfare: Floats, distances: Distances
) -> tuple[list[float], list[str]]:
    """The miles of each site there and back, as stated or else planned, and why they are not known."""
    no_way = np.isnan(miles) & np.isnan(airfare) & [name not in distances for name in names]
    ways = not no_way.all()
    known, unknown = [], []
    for name, own, none in zip(names, miles, no_way, strict=True):
        one_way = distances.get(name, NO_WAY if none and ways else 0) if np.isnan(own) else own / 2
        known.append(0.0 if isinstance(one_way, str) else 2.0 * one_way)
        unknown.append(one_way if isinstance(one_way, str) else "")
    return known, unknown


def _by_car(plan: pd.DataFrame, estimator: Estimator) -> pd.Series[Any]:
    """Whether driving is planned: the miles are known, and there is no cheaper airfare."""
    columns = [name for name in plan if name in COLUMNS_IN and name != "airfare"]
    mileage = estimator.estimate(plan[columns])["transportation"].fillna(0.0)
    return (plan["miles"] > 0) & ((plan["airfare"] == 0) | (mileage <= plan["airfare"]))


def filled_rows(sites: pd.DataFrame) -> Ints:
    """The positions of the rows with an entry. Raises InputError where there are none.

    >>> filled_rows(pd.DataFrame({"place": ["Orlando, FL", " ", None], "miles": [None, None, 5]})).tolist()
    [0, 2]
    """
    rows: Ints = np.flatnonzero(~sites.map(is_blank).all(axis=1))
    if not len(rows):
        raise InputError("sites.none", "the table has no sites", where="sites", fix="write a row for each site")
    return rows


def stated(sites: pd.DataFrame, name: str, faults: Faults) -> Floats:
    """What each site states of a quantity, not a number where it states none; what cannot be read is blamed."""
    if name not in sites:
        return np.full(len(sites), np.nan)
    steps = read_quantity(sites[name], QUANTITIES[name], faults)
    return np.where(sites[name].map(is_blank), np.nan, steps / QUANTITIES[name].scale)


def _refuse_twins(names: Sequence[str], rows: Ints) -> None:
    first: dict[str, int] = {}
    for row, name in zip(rows, names, strict=True):
        if first.setdefault(name, row) != row:
            raise InputError(
                "sites.name.repeated",
                f"{name} is the name of row {first[name] + FIRST_ROW} too",
                where=f"sites, row {row + FIRST_ROW}",
                fix="give each site a name of its own in the column name",
            )


def _describe_place(locality: str) -> str:
    """Where the nights were, in a sentence: the standard rate is no place."""
    name, _, state = locality.partition(", ")
    if name == STANDARD_NAME:
        return ", " + Locality(STANDARD_ID, name, state).in_words
    return f" in {locality}"


def _describe_rate(reason: str) -> str:
    return f" ({PLANNING_RATE})" if PLANNING_RATE in reason else ""


def _why(row: Mapping[Any, Any], order: str, least: float) -> str:
    """Why a site in a week has its rank."""
    if pd.isna(row[TOTAL]):
        return str(row["reason"])
    nightly = row["lodging"] / row["nights"]
    travel = {
        DRIVE: f"{row['miles']:,.0f} miles by car for ${row['transportation']:,.2f}{_describe_rate(row['reason'])}",
        FLY: f"an airfare of ${row['transportation']:,.2f}",
        NOT_PLANNED: "no transportation planned",
    }[row["mode"]]
    each = f"${nightly:,.2f}{' on average' if row['on_average'] else ''}"
    said = (
        f"{row['nights']} nights at {each}{_describe_place(str(row['locality']))}, ${row['mie']:,.2f} M&IE, {travel}"
    )
    if row["reimbursable"] < row["allowable"]:
        paid = f"NASRO's limit binds at ${row['reimbursable']:,.2f}"
    else:
        paid = f"NASRO pays ${row['reimbursable']:,.2f}"
    more = row[order] - least
    compared = "the least of all" if more == 0 else f"${more:,.2f} more than the least"
    what = "the agency pays" if order == AGENCY else "the total is"
    not_by_car = f" Not compared by car: {row['unknown']}." if row["unknown"] else ""
    return f"{said}; {paid}, {what} ${row[order]:,.2f}, {compared}.{not_by_car}"

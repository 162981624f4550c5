"""Pictures of estimates, for files and notebooks: each function gives a matplotlib figure (the extra `analysis`).

The shades are distinct in gray too; every picture has a title, units and its source. Save one with
`save(figure, "sites.png")`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import wraps
from math import ceil, floor
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, ParamSpec
from warnings import catch_warnings, simplefilter

import numpy as np
import numpy.typing as npt

from perdiem_calc.errors import InputError, RateUnavailable
from perdiem_calc.files import how_to_install, unwritable, whole_file
from perdiem_calc.planning.forecast import PERCENTILES
from perdiem_calc.planning.sites import AGENCY, TOTAL, not_compared
from perdiem_calc.rates.model import RateSource
from perdiem_calc.text import counted, on_one_line

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from perdiem_calc.planning.forecast import Forecast
    from perdiem_calc.rates.places import Locality

P = ParamSpec("P")
KINDS = (".png", ".svg", ".pdf")
DARK, LIGHT = "#1F3864", "#F4B183"
# The cheapest is not white: that is the paper, and a week without an amount.
_LEAST, _MOST = "#E4E4E4", "#1A1A1A"
_PALE = "#DCE3F0"
_TWO_DIGITS = 9.95
_FRAME = "#C55A11"
_TILES = """
AK .  .  .  .  .  .  .  .  .  ME
.  .  .  .  .  .  .  .  .  VT NH
WA ID MT ND MN IL WI MI NY RI MA
OR NV WY SD IA IN OH PA NJ CT .
CA UT CO NE MO KY WV VA MD DE .
.  AZ NM KS AR TN NC SC DC .  .
.  .  .  OK LA MS AL GA .  .  .
HI GU .  TX .  .  .  .  FL PR VI
.  MP AS .  .  .  .  .  .  .  .
"""
"""A map on which each state is one tile, about where it lies."""
_MOST_SITES = 14
_MOST_WEEKS = 13
"""So many dates fit next to each other."""
_MOST_NOTES = 3
_NOTE_LETTERS = 170
_NAME_LETTERS = 34
_WHAT = {AGENCY: "What the agency pays", TOTAL: "What a trip costs in total"}


def _plainly(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """A picture whose texts are as they are written: a dollar sign begins no formula."""

    @wraps(draw)
    def drawn(*args: P.args, **options: P.kwargs) -> Figure:
        _figures()
        from matplotlib import rc_context

        with rc_context({"text.parse_math": False}):
            return draw(*args, **options)

    return drawn


@_plainly
def sites_by_week(table: pd.DataFrame, source: str, *, order: str = AGENCY, notes: Sequence[str] = ()) -> Figure:
    """What one officer costs the agency, by site and week of the course; `table` is that of `compare_sites`.

    With `order` as `total` it is what the trip costs in total. `notes` are sentences below the picture.
    """
    figure, axes = _new(10, 5.5)
    priced = _compared(table)
    means = priced.groupby("site", sort=False)[order].mean().sort_values(kind="stable")
    grid = priced.pivot(index="site", columns="week", values=order)
    grid = grid.reindex(index=means.index[:_MOST_SITES], columns=sorted(table["week"].unique()))
    marked = _shade(figure, axes, grid.to_numpy(dtype=float))
    rows = dict(zip(priced["site"], priced["row"], strict=True))
    axes.set_yticks(range(len(grid.index)), [_short(site, rows[site]) for site in grid.index])
    step = ceil(len(grid.columns) / _MOST_WEEKS)
    axes.set_xticks(
        range(0, len(grid.columns), step), [f"{week:%b %d\n%Y}" for week in grid.columns[::step]], fontsize=8
    )
    _titled(axes, "", "the course begins in the week of", "")
    _headed(figure, f"{_WHAT[order]}, by site and week{_of_sites(len(means))}")
    hatched = ["Hatched: not comparable."] if grid.isna().to_numpy().any() else []
    return _sourced(figure, source, [marked, *hatched, *notes, *_notes(table)])


def _shade(figure: Figure, axes: Axes, values: npt.NDArray[np.float64], what: str = "dollars for one officer") -> str:
    """Shade the amounts of a grid, write them where there is room, and frame the least; says what is framed."""
    from matplotlib.colors import LinearSegmentedColormap

    cheapest, dearest = np.nanmin(values), np.nanmax(values)
    least, most = _whole_dollars(values)
    shades = LinearSegmentedColormap.from_list("shades", [_LEAST, _MOST])
    image = axes.imshow(values, aspect="auto", cmap=shades, vmin=least, vmax=most)
    axes.patch.set(hatch="///", edgecolor=_LEAST)
    if values.shape[1] <= _MOST_WEEKS:
        for row, column in np.argwhere(~np.isnan(values)):
            amount = values[row, column]
            ink = "white" if amount - least > (most - least) / 2 else "black"
            axes.text(column, row, f"${amount:,.0f}", ha="center", va="center", fontsize=8, color=ink)
    if cheapest == dearest:
        return f"All are alike: ${cheapest:,.2f}, {what}."
    bar = figure.colorbar(image, ax=axes, format="${x:,.0f}")
    bar.ax.locator_params(axis="y", integer=True, min_n_ticks=1)
    bar.set_label(what)
    _frame(axes, values == cheapest)
    return f"Framed: the least of all, ${cheapest:,.2f}."


def _frame(axes: Axes, cells: npt.NDArray[np.bool_]) -> None:
    """Frame cells of a grid; adjacent ones together."""
    from matplotlib.patches import Rectangle

    edges = np.diff(np.pad(cells, ((0, 0), (1, 1))).astype(int))
    for (row, first), (_, end) in zip(np.argwhere(edges == 1), np.argwhere(edges == -1), strict=True):
        corner, width = (first - 0.47, row - 0.46), end - first - 0.06
        axes.add_patch(Rectangle(corner, width, 0.92, fill=False, edgecolor=_FRAME, linewidth=1.8))


@_plainly
def states_as_tiles(costs: Mapping[Any, float], source: str, *, year: str = "", notes: Sequence[str] = ()) -> Figure:
    """What trips cost in all, by the state of the course: a map of tiles, the dearer the darker.

    `costs` are dollars by state, as `dict(sums_by(trips, costs, "state")["group_total"])`; another key is left out.
    `notes` are sentences below the picture.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize
    from matplotlib.patches import Rectangle

    sums = {str(state): float(cost) for state, cost in costs.items() if state in _TILES.split()}
    figure, axes = _new(10, 7)
    shades = LinearSegmentedColormap.from_list("shades", [_PALE, DARK])
    most = max(sums.values(), default=0.0)
    scale = Normalize(0, most or 1)
    for row, line in enumerate(_TILES.split("\n")[1:-1]):
        for column, state in enumerate(line.split()):
            if state == ".":
                continue
            cost = sums.get(state)
            fill, ink = ("white", "#7F7F7F") if cost is None else (shades(scale(cost)), "black")
            ink = "white" if cost is not None and cost > most / 2 else ink
            axes.add_patch(Rectangle((column, row), 0.94, 0.94, facecolor=fill, edgecolor="#A9A9A9", linewidth=0.8))
            named = {"ha": "center", "va": "center", "color": ink}
            axes.text(column + 0.47, row + (0.47 if cost is None else 0.32), state, fontsize=10, **named)
            if cost is not None:
                axes.text(column + 0.47, row + 0.66, _in_short(cost), fontsize=9, fontweight="bold", **named)
    axes.set(xlim=(-0.1, 11.1), ylim=(9.1, -0.1), aspect="equal")
    axes.axis("off")
    if sums:
        figure.colorbar(
            ScalarMappable(scale, shades), ax=axes, format="${x:,.0f}", shrink=0.6, label="dollars, all officers"
        )
    _headed(figure, f"What the trips cost, by the state of the course{f', {year}' if year else ''}")
    return _sourced(figure, source, [*notes, "White: no trips."])


def _in_short(dollars: float) -> str:
    """An amount for a small tile.

    >>> _in_short(939.0), _in_short(1234.5), _in_short(56_789.0), _in_short(1_234_567.0)
    ('$939', '$1.2K', '$57K', '$1.2M')
    """
    for unit, name in ((1_000_000, "M"), (1000, "K")):
        if dollars >= unit:
            part = dollars / unit
            return f"${part:.0f}{name}" if part >= _TWO_DIGITS else f"${part:.1f}{name}"
    return f"${dollars:,.0f}"


@_plainly
def where_the_limit_binds(table: pd.DataFrame, limit: float, source: str) -> Figure:
    """The allowable cost of each site's cheapest week against the limit for an officer."""
    figure, axes = _new(10, 5.5)
    sites = _compared(table).sort_values("agency_share", kind="stable").drop_duplicates("site")
    best = sites.head(_MOST_SITES).iloc[::-1]
    rows = range(len(best))
    paid, left = best["reimbursable"].to_numpy(dtype=float), best["agency_share"].to_numpy(dtype=float)
    axes.barh(rows, paid, color=DARK, edgecolor="black", linewidth=0.5, label="NASRO reimburses")
    axes.barh(rows, left, left=paid, color=LIGHT, edgecolor="black", linewidth=0.5, label="agency pays")
    axes.axvline(limit, color="black", linestyle="--", linewidth=1.2, label=f"limit for an officer, ${limit:,.0f}")
    axes.set_yticks(
        list(rows),
        [
            f"{_short(site, row)}, {week:%b %d, %Y}"
            for site, row, week in zip(best["site"], best["row"], best["week"], strict=True)
        ],
    )
    axes.xaxis.set_major_formatter("${x:,.0f}")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, frameon=False)
    _titled(axes, "", "dollars for one officer", "")
    _headed(figure, f"Where the limit binds: each site in its cheapest week{_of_sites(len(sites))}")
    return _sourced(figure, source, _notes(table))


@_plainly
def forecast_distribution(forecast: Forecast, source: str) -> Figure:
    """How the year's cost is spread over the draws: NASRO's reimbursement and the agencies' share, side by side."""
    figure, (left, right) = _new(11, 4.5, columns=2)
    for axes, values, name, colour in (
        (left, forecast.reimbursable, "NASRO reimburses", DARK),
        (right, forecast.agency_share, "Agencies pay", LIGHT),
    ):
        _titled(axes, f"{name}, {counted(forecast.officers, 'officer')}", "dollars a year", "")
        if _is_one_bar(values):
            _say_alike(axes, values)
            continue
        axes.hist(values, bins=30, range=_whole_dollars(values), color=colour, edgecolor="black", linewidth=0.4)
        for percentile, line in zip(PERCENTILES, ("-", "--", ":"), strict=True):
            at = float(np.percentile(values, percentile))
            axes.axvline(at, color="black", linestyle=line, linewidth=1.2, label=f"P{percentile}  ${at:,.0f}")
        axes.ticklabel_format(axis="x", useOffset=False)
        axes.xaxis.set_major_formatter("${x:,.0f}")
        axes.locator_params(axis="x", nbins=5, integer=True, min_n_ticks=1)
        axes.locator_params(axis="y", integer=True)
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, frameon=False)
        axes.set_ylabel(f"draws, of {len(values):,}")
    return _sourced(figure, source)


def _is_one_bar(values: npt.NDArray[np.float64]) -> bool:
    """Whether most years come to the same: a histogram of them is a single bar."""
    return int(np.unique(values, return_counts=True)[1].max()) > len(values) / 2


def _say_alike(axes: Axes, values: npt.NDArray[np.float64]) -> None:
    """Say in words what most years come to; a single bar would show nothing."""
    amounts, counts = np.unique(values, return_counts=True)
    most, count = amounts[counts.argmax()], int(counts.max())
    years = counted(len(values), "year")
    said = f"${most:,.2f}\nin {'each of ' if len(values) > 1 else ''}{years} drawn"
    if count < len(values):
        said = f"${most:,.2f}\nin {count:,} of {years} drawn\n${amounts[0]:,.2f} to ${amounts[-1]:,.2f} in all"
    axes.text(0.5, 0.5, said, ha="center", va="center", fontsize=13, linespacing=1.8, transform=axes.transAxes)
    axes.set(xticks=[], yticks=[], xlabel="")
    axes.spines[:].set_visible(False)


@_plainly
def rates_by_month(locality: Locality, years: Sequence[int], rates: RateSource, source: str) -> Figure:
    """A locality's lodging ceiling, a row for each fiscal year. Raises RateUnavailable as `rates` does."""
    figure, axes = _new(10, 1.8 + 0.42 * len(years))
    months = [10, 11, 12, *range(1, 10)]
    grid = [
        [float(rates.rate(locality, date(year - (month > months[-1]), month, 1)).lodging) for month in months]
        for year in years
    ]
    marked = _shade(figure, axes, np.array(grid), "dollars a night")
    axes.set_xticks(range(12), [f"{date(2000, month, 1):%b}" for month in months])
    axes.set_yticks(range(len(years)), [f"FY{year}" for year in years])
    _titled(axes, "", "month of the night; a fiscal year begins in October", "")
    _headed(figure, f"Lodging ceiling of {locality.in_words} by month and fiscal year")
    return _sourced(figure, source, [marked])


def require_picture(path: Path) -> None:
    """Raises InputError where no picture of this name can be drawn: another ending, or no matplotlib."""
    if path.suffix.lower() not in KINDS:
        raise InputError(
            "output.picture.ending",
            f"{path.suffix!r} is not a kind of picture",
            where=str(path),
            fix=f"use {', '.join(KINDS)}",
        )
    _figures()


def save(figure: Figure, path: str | os.PathLike[str]) -> None:
    """Write a figure as .png, .svg or .pdf, in the place of another. Raises InputError for another name, OutputError
    where it cannot be written.
    """
    target = Path(path)
    require_picture(target)
    try:
        with whole_file(target, replaces=True) as made, catch_warnings():
            # A letter that the font does not have is an empty box in the picture.
            simplefilter("ignore", UserWarning)
            figure.savefig(made, dpi=150, format=target.suffix[1:].lower())
    except OSError as error:
        raise unwritable(target, error, "choose a folder you may write to") from error


def _figures() -> type[Figure]:
    """Matplotlib's figures. Raises InputError where it is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError(
            "python.matplotlib.missing", "pictures need matplotlib", fix=f"run: {how_to_install('analysis')}"
        ) from None
    return Figure


def _new(width: float, height: float, columns: int = 1) -> tuple[Figure, Any]:
    figure = _figures()(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(1, columns)


def _titled(axes: Axes, title: str, across: str, up: str) -> None:
    axes.set_title(title, loc="left", fontweight="bold")
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _headed(figure: Figure, title: str) -> None:
    """A title over the whole picture, for one whose axes may be narrow next to long names."""
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")


def _sourced(figure: Figure, source: str, notes: Sequence[str] = ()) -> Figure:
    said = "\n".join(fill(note, _NOTE_LETTERS) for note in (*notes, f"Source: {source}"))
    text: dict[str, Any] = {"fontsize": 7, "color": "#404040"}
    figure.supxlabel(said, x=0.01, ha="left", **text)
    return figure


def _compared(table: pd.DataFrame) -> pd.DataFrame:
    """The comparable rows of a comparison. Raises RateUnavailable where there are none."""
    priced = table.dropna(subset=["total"])
    if priced.empty:
        raise RateUnavailable(
            "sites.comparable.none",
            "no site is comparable, so there is nothing to draw",
            fix="fix the causes in the column why",
        )
    return priced


def _short(site: str, row: int) -> str:
    """A site's name next to a picture; one that is cut ends with its row, so that no two look the same.

    >>> _short("Orlando, FL", 2), _short("The Training Center of the State Police Academy", 7)
    ('Orlando, FL', 'The Training Center of th… (row 7)')
    """
    ending = f" (row {row})"
    return site if len(site) <= _NAME_LETTERS else on_one_line(site, _NAME_LETTERS - len(ending)) + ending


def _of_sites(count: int) -> str:
    return f", the {_MOST_SITES} cheapest of {count} sites" if count > _MOST_SITES else ""


def _notes(table: pd.DataFrame) -> list[str]:
    """What is not in a picture of a comparison, and why."""
    said = not_compared(table, _MOST_NOTES)
    more = [f"... and {len(said) - _MOST_NOTES} more."] if len(said) > _MOST_NOTES else []
    return [f"Not comparable: {sentence}" for sentence in said[:_MOST_NOTES]] + more


def _whole_dollars(values: npt.NDArray[np.float64]) -> tuple[int, int]:
    """The range of some amounts out to whole dollars, so that ticks are distinct whole dollars.

    >>> _whole_dollars(np.array([19_999.99, 20_000.0])), _whole_dollars(np.array([1000.0]))
    ((19999, 20000), (1000, 1001))
    """
    least, most = floor(np.nanmin(values)), ceil(np.nanmax(values))
    return least, max(most, least + 1)

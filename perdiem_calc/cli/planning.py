"""`perdiem sites` and `perdiem forecast`: where a course costs least, and what a year may cost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perdiem_calc.cli.options import (
    AsJsonLines,
    Chart,
    Force,
    Limit,
    Rooms,
    Source,
    check_pictures,
    iso_day,
    rates_of,
    save_picture,
    say,
    say_columns,
    steps,
    what_if,
    whole,
)
from perdiem_calc.errors import InputError, Located, PerdiemError
from perdiem_calc.text import counted, on_one_line

if TYPE_CHECKING:
    import pandas as pd

    from perdiem_calc.planning.forecast import Forecast
    from perdiem_calc.planning.sites import Distances

Sites = Annotated[
    Path,
    typer.Option(
        "--sites",
        metavar="FILE",
        help="The sites: a table with place (or city, state, zip), maybe name, miles, airfare, weight and room_rate.",
    ),
]
Start = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="PLACE",
        help='Where the officer sets out, "Springfield, IL" or a ZIP, for planning distances.',
    ),
]
Weeks = Annotated[
    str,
    typer.Option("--weeks", metavar="FIRST..LAST", help="The days on which the first and the last course may begin."),
]


def sites(
    sites: Sites,
    weeks: Weeks,
    start: Start = None,
    order: Annotated[str, typer.Option("--by", metavar="agency|total", help="What to rank by.")] = "agency",
    top: Annotated[
        int,
        typer.Option("--top", parser=whole(1), metavar="N", help="How many sites to show; all are in the output."),
    ] = 10,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.csv", help="Write every site and week.")
    ] = None,
    limit: Limit = None,
    rooms: Rooms = None,
    chart: Chart = None,
    source: Source = "auto",
    force: Force = False,
    as_json: AsJsonLines = False,
) -> None:
    """Rank course sites and weeks by what the agency has to pay.

    \b
    Example: perdiem sites --from "Springfield, IL" --sites sites.csv --weeks 2027-01-04..2027-06-28
    """
    from perdiem_calc.planning.estimator import Estimator
    from perdiem_calc.planning.sites import ORDERS, compare_sites, not_compared
    from perdiem_calc.planning.tables.write import check_free
    from perdiem_calc.rules.law import load_law

    if order not in ORDERS:
        raise InputError(
            "command.order.unknown", f"{order!r} is not an order", where="--by", fix=f"use {' or '.join(ORDERS)}"
        )
    check_pictures(chart, force=force)
    if output is not None:
        check_free(output, force=force)
    begins = _weeks(weeks)
    table = _read(sites)
    estimator = Estimator(rates_of(source), load_law(), what_if(limit, rooms))
    away = _distances(start, table)
    with _said_of(sites):
        ranked = compare_sites(table, begins, estimator, distances=away, order=ORDERS[order])
    if output is not None:
        _write(ranked, output, force=force)
    caveat = [*(f"Supposed: {sentence}." for sentence in estimator.what_if.sentences()), *_caveat(away)]
    _show_sites(ranked, ORDERS[order], top, len(begins), caveat, as_json=as_json)
    if left_out := not_compared(ranked):
        say("\n  ".join(["\nNot comparable:", *left_out]), err=as_json)
    if chart is not None:
        from perdiem_calc.planning import charts

        sources = "; ".join(estimator.sources())
        save_picture(charts.sites_by_week(ranked, sources, order=ORDERS[order], notes=caveat), chart, force=force)
    raise typer.Exit(3 if left_out else 0)


Draws = Annotated[
    int,
    typer.Option(
        "--draws",
        parser=whole(1),
        metavar="N",
        help="How many possible years to draw; officers times years are at most 100,000,000.",
    ),
]


def forecast(
    sites: Sites,
    officers: Annotated[
        int,
        typer.Option(
            "--officers",
            parser=whole(1),
            metavar="N",
            help="How many officers travel in the year, at most 1,000,000.",
        ),
    ],
    weeks: Weeks = "2027-01-04..2027-06-28",
    seed: Annotated[
        int,
        typer.Option("--seed", parser=whole(0), metavar="N", help="The same number gives the same forecast."),
    ] = 1,
    draws: Draws = 1000,
    limit: Limit = None,
    rooms: Rooms = None,
    chart: Chart = None,
    source: Source = "auto",
    force: Force = False,
    as_json: AsJsonLines = False,
) -> None:
    """Forecast what a year of officers may cost, and how surely.

    \b
    Example: perdiem forecast --officers 230 --sites sites.csv --seed 1
    """
    from perdiem_calc.planning.estimator import Estimator
    from perdiem_calc.planning.forecast import check_counts, parts
    from perdiem_calc.planning.forecast import forecast as draw
    from perdiem_calc.rules.law import load_law

    check_counts(officers, draws, seed)
    check_pictures(chart, force=force)
    estimator = Estimator(rates_of(source), load_law(), what_if(limit, rooms))
    table, begins = _read(sites), _weeks(weeks)
    count = len(parts(officers, draws))
    with _said_of(sites), steps(count) if count > 1 else nullcontext(lambda done: None) as step:
        found = draw(table, begins, estimator, officers=officers, seed=seed, draws=draws, step=step)
    if chart is not None:
        from perdiem_calc.planning import charts

        save_picture(charts.forecast_distribution(found, "; ".join(estimator.sources())), chart, force=force)
    if as_json:
        _print_forecast(found, seed)
    else:
        _show_forecast(found, seed)
    if found.left_out:
        say("\n  ".join(["\nLeft out:", *found.left_out]), err=as_json)
        raise typer.Exit(3)


def _print_forecast(found: Forecast, seed: int) -> None:
    figures = {str(row): {str(k): f"{v:.2f}" for k, v in cells.items()} for row, cells in found.summary().T.items()}
    record = {
        "officers": found.officers,
        "draws": len(found.reimbursable),
        "seed": seed,
        **figures,
        "limit_binds": found.binds,
        "planning_rate": found.planned,
        "assumptions": found.assumptions,
        "left_out": found.left_out,
    }
    typer.echo(json.dumps(record))


def _show_forecast(found: Forecast, seed: int) -> None:
    years = counted(len(found.reimbursable), "possible year")
    typer.echo(f"A year of {counted(found.officers, 'officer')}, in {years} (seed {seed}):\n")
    typer.echo(found.summary().to_string(float_format=lambda amount: f"${amount:,.2f}"))
    typer.echo(f"\nThe limit binds in {_percent(found.binds)} of the trips.")
    if found.planned:
        typer.echo(f"{_percent(found.planned)} of the trips use a planning rate for mileage.")
    typer.echo("Drawn from these assumptions:")
    for sentence in found.assumptions:
        typer.echo(f"  - {sentence}")


def _weeks(text: str) -> list[date]:
    from perdiem_calc.planning.sites import course_weeks

    first, dots, last = text.partition("..")
    begins, ends = iso_day(first, "--weeks"), iso_day(last if dots else first, "--weeks")
    try:
        return course_weeks(begins, ends)
    except InputError as error:
        error.where = "--weeks"
        raise


def _percent(part: float) -> str:
    """A part of many, to a tenth of a percent; only all is 100 % and only none is 0 %.

    >>> _percent(1.0), _percent(0.99996), _percent(0.5), _percent(0.0001), _percent(0.0)
    ('100.0%', 'more than 99.9%', '50.0%', 'less than 0.1%', '0.0%')
    """
    said = f"{part:.1%}"
    if said == "100.0%" and part < 1:
        return "more than 99.9%"
    return "less than 0.1%" if said == "0.0%" and part > 0 else said


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    """A block whose errors are about a table of sites, and name its file; its columns were named before."""
    from warnings import catch_warnings, simplefilter

    from perdiem_calc.planning.estimator import ColumnsNotAsNamed

    try:
        with catch_warnings():
            simplefilter("ignore", ColumnsNotAsNamed)
            yield
    except PerdiemError as error:
        raise error.in_file(path) from None


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    from perdiem_calc.planning.estimator.names import read_names
    from perdiem_calc.planning.sites import FIRST_ROW, KNOWN, SITE_COLUMNS
    from perdiem_calc.planning.tables import open_trips

    source = open_trips(path, KNOWN)
    if not set(source.columns) & set(KNOWN):
        fix = f"the header must be the first row, with names out of {', '.join(SITE_COLUMNS)}"
        raise InputError(
            "table.columns.unknown", "the first row names no column of a table of sites", where=str(path), fix=fix
        )
    say_columns(path, read_names(source.written, KNOWN))
    blocks = list(source.blocks())
    if not blocks:
        raise InputError("table.rows.missing", "has no rows", where=str(path), fix="write a row for each site")
    table = pd.concat(blocks)
    # With the blank rows between them, so that sites have the rows that a spreadsheet shows.
    return table.reindex(range(FIRST_ROW, table.index[-1] + 1)).reset_index(drop=True)


def _distances(start: str | None, table: pd.DataFrame) -> Distances:
    """Planning miles from the officer's town to the sites that state no miles, or why they are not known."""
    if start is None:
        return {}
    from perdiem_calc.planning.distances import distances
    from perdiem_calc.planning.estimator.planned import PLACE_COLUMNS
    from perdiem_calc.planning.estimator.ratetable import cell_text, named_place
    from perdiem_calc.planning.sites import site_names
    from perdiem_calc.rates.places import parse_place

    there = []
    for name, row in zip(site_names(table), table.to_dict("records"), strict=True):
        if not cell_text(row.get("miles")):
            cells = {column: cell_text(row.get(column)) for column in PLACE_COLUMNS}
            # The comparison says what is wrong with a place, and compares the others.
            with suppress(InputError):
                there.append((name, named_place(cells)))
    with Located("--from"):
        return distances(parse_place(start), there)


def _write(ranked: pd.DataFrame, output: Path, *, force: bool) -> None:
    from perdiem_calc.planning.tables import replacing
    from perdiem_calc.planning.tables.write import write_csv

    if output.suffix.lower() != ".csv":
        raise InputError(
            "output.sites.ending", "sites are written as CSV", where=str(output), fix="give a name ending in .csv"
        )
    with replacing(output, force=force) as made:
        write_csv(made, ranked)


def _print_sites(best: pd.DataFrame) -> None:
    from perdiem_calc.planning.estimator import AMOUNTS

    for row in json.loads(best.to_json(orient="records", date_format="iso")):
        amounts = {name: f"{row[name]:.2f}" if row[name] is not None else None for name in AMOUNTS}
        typer.echo(json.dumps({**row, **amounts, "week": str(row["week"])[:10]}))


def _caveat(away: Distances) -> list[str]:
    """What to know of planned miles, where there are any."""
    if not any(isinstance(miles, int) for miles in away.values()):
        return []
    from perdiem_calc.planning.distances import CREDIT
    from perdiem_calc.planning.sites import ROAD_FACTOR

    return [
        f"Miles not stated are a planning estimate: the great circle times {ROAD_FACTOR} ({CREDIT}). "
        "A claim states the miles driven."
    ]


def _show_sites(
    ranked: pd.DataFrame, order: str, top: int, weeks: int, caveat: Sequence[str], *, as_json: bool
) -> None:
    """Print each site in its best week; those that are not comparable only for programs."""
    from perdiem_calc.planning.sites import alike

    best = alike(ranked, order).head(top)
    if as_json:
        _print_sites(best)
        _print_sites(ranked[ranked["total"].isna()].drop_duplicates("site"))
    elif len(best):
        _show_best(best, weeks, caveat)


def _show_best(best: pd.DataFrame, weeks: int, caveat: Sequence[str]) -> None:
    of_weeks = "the week" if weeks == 1 else f"the best of {weeks} weeks"
    typer.echo(f"Each site in {of_weeks}, for one officer:\n")
    typer.echo(f"{'':>4} {'site':<28}{'week of':<12}{'total':>11}{'NASRO':>11}{'agency':>11}")
    for row in best.to_dict("records"):
        texts = "".join(f"{row[name]:>11,.2f}" for name in ("total", "reimbursable", "agency_share"))
        place = f"{row['rank']}{'=' if row['is_tied'] else '.'}"
        typer.echo(f"{place:>4} {on_one_line(row['site'], 27):<28}{row['week']!s:<12}{texts}\n     {row['why']}")
        if row["weeks_alike"] > 1:
            typer.echo(f"     As good in {row['weeks_alike']} of the {weeks} weeks; this is the first.")
    if best["is_tied"].any():
        typer.echo("\n= costs as much as another site.")
    for sentence in caveat:
        typer.echo(f"\n{sentence}")

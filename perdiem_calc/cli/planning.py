"""`perdiem sites` and `perdiem forecast`: where a course costs least, and what a year may cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perdiem_calc.cli.options import Source, rates_of
from perdiem_calc.errors import InputError, Located, PerdiemError

if TYPE_CHECKING:
    import pandas as pd

    from perdiem_calc.sites import Distances

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
Chart = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help="A picture to write: .png, .svg or .pdf.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line, for programs.")]


def sites(
    sites: Sites,
    weeks: Weeks,
    start: Start = None,
    order: Annotated[str, typer.Option("--by", metavar="agency|total", help="What to rank by.")] = "agency",
    top: Annotated[
        int, typer.Option("--top", min=1, metavar="N", help="How many sites to show; all are in the output.")
    ] = 10,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.csv", help="Write every site and week.")
    ] = None,
    chart: Chart = None,
    source: Source = "auto",
    force: Annotated[bool, typer.Option("--force", help="Replace an output that exists.")] = False,
    as_json: AsJson = False,
) -> None:
    """Rank course sites and weeks by what the agency has to pay.

    \b
    Example: perdiem sites --from "Springfield, IL" --sites sites.csv --weeks 2027-01-04..2027-06-28
    """
    from perdiem_calc.estimator import Estimator
    from perdiem_calc.law import load_law
    from perdiem_calc.sites import ORDERS, compare_sites, not_compared

    if order not in ORDERS:
        raise InputError(f"{order!r} is no order", where="--by", mend=f"use {' or '.join(ORDERS)}")
    _check_chart(chart)
    begins = _weeks(weeks)
    table = _read(sites)
    estimator = Estimator(rates_of(source), load_law())
    away = _distances(start, table)
    with _said_of(sites):
        ranked = compare_sites(table, begins, estimator, distances=away, order=ORDERS[order])
    if output is not None:
        _write(ranked, output, force=force)
    best = ranked.drop_duplicates("site")
    comparable = best.dropna(subset=["total"]).head(top)
    if as_json:
        _print_sites(comparable)
        _print_sites(best[best["total"].isna()])
    elif len(comparable):
        _show_sites(comparable, len(begins), planned=any(isinstance(miles, int) for miles in away.values()))
    if left_out := not_compared(ranked):
        typer.echo("\n  ".join(["\nNot comparable:", *left_out]), err=as_json)
    if chart is not None:
        from perdiem_calc import charts

        charts.save(charts.sites_by_week(ranked, "; ".join(estimator.sources())), chart)
    raise typer.Exit(3 if left_out else 0)


def forecast(
    sites: Sites,
    officers: Annotated[
        int, typer.Option("--officers", min=1, metavar="N", help="How many officers travel in the year.")
    ],
    weeks: Weeks = "2027-01-04..2027-06-28",
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same number gives the same forecast.")] = 1,
    draws: Annotated[
        int, typer.Option("--draws", min=1, metavar="N", help="How many possible years to draw.")
    ] = 1000,
    chart: Chart = None,
    source: Source = "auto",
    as_json: AsJson = False,
) -> None:
    """Forecast what a year of officers may cost, and how surely.

    \b
    Example: perdiem forecast --officers 230 --sites sites.csv --seed 1
    """
    from perdiem_calc.estimator import Estimator
    from perdiem_calc.forecast import forecast as draw
    from perdiem_calc.law import load_law

    _check_chart(chart)
    estimator, table, begins = Estimator(rates_of(source), load_law()), _read(sites), _weeks(weeks)
    with _said_of(sites):
        found = draw(table, begins, estimator, officers=officers, seed=seed, draws=draws)
    if chart is not None:
        from perdiem_calc import charts

        charts.save(charts.forecast_distribution(found, "; ".join(estimator.sources())), chart)
    summary = found.summary()
    if as_json:
        figures = {str(row): {str(k): f"{v:.2f}" for k, v in cells.items()} for row, cells in summary.T.items()}
        record = {"officers": officers, "draws": draws, "seed": seed, **figures, "limit_binds": round(found.binds, 4)}
        typer.echo(json.dumps({**record, "assumptions": found.assumptions}, ensure_ascii=False))
        return
    typer.echo(f"A year of {officers:,} officers, in {draws:,} possible years (seed {seed}):\n")
    typer.echo(summary.to_string(float_format=lambda amount: f"${amount:,.2f}"))
    typer.echo(f"\nThe limit binds in {found.binds:.1%} of the trips.")
    if found.planned:
        typer.echo(f"{found.planned:.1%} of the trips use a planning rate for mileage.")
    typer.echo("Drawn from these assumptions:")
    for sentence in found.assumptions:
        typer.echo(f"  - {sentence}")


def _weeks(text: str) -> list[date]:
    from perdiem_calc.cli.rate_answers import iso_day
    from perdiem_calc.sites import course_weeks

    first, dots, last = text.partition("..")
    begins, ends = iso_day(first, "--weeks"), iso_day(last if dots else first, "--weeks")
    try:
        return course_weeks(begins, ends)
    except InputError as error:
        error.where = "--weeks"
        raise


def _check_chart(path: Path | None) -> None:
    """Refuse a picture that cannot be drawn before anything is computed or written."""
    if path is not None:
        from perdiem_calc.charts import require_picture

        require_picture(path)


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    """A block whose errors are about a table of sites, and name its file."""
    try:
        yield
    except PerdiemError as error:
        raise error.in_file(path) from None


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    from perdiem_calc.sites import FIRST_ROW
    from perdiem_calc.tables import open_trips

    blocks = list(open_trips(path).blocks())
    if not blocks:
        raise InputError("has no rows", where=str(path), mend="write a row for each site")
    table = pd.concat(blocks)
    # With the blank rows between them, so that sites have the rows that a spreadsheet shows.
    return table.reindex(range(FIRST_ROW, table.index[-1] + 1)).reset_index(drop=True)


def _distances(start: str | None, table: pd.DataFrame) -> Distances:
    """Planning miles from the officer's town to the sites that state no miles, or why they are not known."""
    if start is None:
        return {}
    from perdiem_calc.distances import distances
    from perdiem_calc.estimator.planned import PLACE_COLUMNS
    from perdiem_calc.estimator.ratetable import cell_text, named_place
    from perdiem_calc.places import parse_place
    from perdiem_calc.sites import site_names

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
    from perdiem_calc.tables import replacing
    from perdiem_calc.tables.write import write_csv

    if output.suffix.lower() != ".csv":
        raise InputError("sites are written as CSV", where=str(output), mend="give a name ending in .csv")
    with replacing(output, force=force) as made:
        write_csv(made, ranked)


def _print_sites(best: pd.DataFrame) -> None:
    from perdiem_calc.estimator import AMOUNTS

    for row in json.loads(best.to_json(orient="records", date_format="iso")):
        amounts = {name: f"{row[name]:.2f}" if row[name] is not None else None for name in AMOUNTS}
        typer.echo(json.dumps({**row, **amounts, "week": str(row["week"])[:10]}, ensure_ascii=False))


def _show_sites(best: pd.DataFrame, weeks: int, *, planned: bool) -> None:
    of_weeks = "the week" if weeks == 1 else f"the best of {weeks} weeks"
    typer.echo(f"Each site in {of_weeks}, for one officer:\n")
    typer.echo(f"{'':>4} {'site':<28}{'week of':<12}{'total':>11}{'NASRO':>11}{'agency':>11}")
    for place, row in enumerate(best.to_dict("records"), start=1):
        texts = "".join(f"{row[name]:>11,.2f}" for name in ("total", "reimbursable", "agency_share"))
        typer.echo(f"{place:>3}. {row['site'][:27]:<28}{row['week']!s:<12}{texts}\n     {row['why']}")
    if planned:
        from perdiem_calc.distances import CREDIT
        from perdiem_calc.sites import ROAD_FACTOR

        typer.echo(
            f"\nMiles not stated are a planning estimate: the great circle times {ROAD_FACTOR} ({CREDIT}). "
            "A claim states the miles driven."
        )

"""`perdiem estimate`: what a table of planned trips will cost, as a table or as a budget workbook."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perdiem_calc.cli.options import AsJson, Force, Source, rates_of, say, say_unread
from perdiem_calc.text import harmless

if TYPE_CHECKING:
    import pandas as pd

    from perdiem_calc.planning.estimator.summary import Budget
    from perdiem_calc.planning.tables import TripTable

SAID = 20
ENGINES = ("pandas", "dask")
BAR_FROM_BYTES = 4 << 20


def estimate(
    trips: Annotated[Path, typer.Argument(metavar="TRIPS", help="Planned trips: a .csv, .xlsx or .parquet file.")],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", metavar="FILE", help="What to write: .xlsx (a budget workbook), .csv or .parquet."
        ),
    ],
    engine: Annotated[
        str,
        typer.Option("--engine", metavar="pandas|dask", help="Where to compute: in this process, or on a cluster."),
    ] = "pandas",
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler", metavar="ADDRESS", help="The cluster of --engine dask; without it, this machine."
        ),
    ] = None,
    source: Source = "auto",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Estimate what planned trips cost, and who pays how much of it.

    \b
    Example: perdiem estimate trips.csv -o budget.xlsx
    """
    from perdiem_calc.planning.estimator.summary import Budget
    from perdiem_calc.planning.tables import open_trips, replacing
    from perdiem_calc.planning.tables.write import check_output

    check_output(output)
    table = open_trips(trips)
    _check_header(table)
    budget, faults = Budget(), Said(trips)
    with _engine(engine, scheduler, source) as computing, replacing(output, force=force) as made:
        _run(table, made, output, budget, faults, computing)
    if as_json:
        typer.echo(json.dumps(_record(trips, output, budget, faults)))
    else:
        faults.more()
        _show(output, budget)
    raise typer.Exit(faults.exit_code)


def _run(table: TripTable, made: Path, output: Path, budget: Budget, faults: Said, computing: Any) -> None:
    from datetime import date

    from perdiem_calc.errors import InputError
    from perdiem_calc.planning.estimator import COLUMNS_OUT
    from perdiem_calc.planning.estimator.planned import place_columns
    from perdiem_calc.planning.tables.write import check_columns, check_output, open_writer
    from perdiem_calc.rules.law import load_law

    kind = check_output(output)
    check_columns(table.columns, COLUMNS_OUT, table.path)
    try:
        place_columns(table.columns)
    except InputError as error:
        raise error.at(str(table.path)) from None
    writer: Any
    if kind == "xlsx":
        from perdiem_calc.planning.budget import BudgetWorkbook

        writer = BudgetWorkbook(made, "Training travel budget", dict(zip(table.columns, table.written, strict=True)))
    else:
        is_text = table.path.suffix.lower() != ".parquet"
        writer = open_writer(made, table.columns, kind=kind, texts=is_text, written=table.written)
    with closing(writer), _bar(table) as step:
        for block, costs in computing.estimates(table.blocks()):
            budget.add(block, costs)
            faults.add(costs)
            writer.write(block, costs)
            step(table.done)
        if not budget.rows:
            raise InputError(
                "table.rows.missing", "has no rows", where=str(table.path), fix="write a row for each planned trip"
            )
        if kind == "xlsx":
            from perdiem_calc.planning.budget import assumptions

            writer.sums(budget, assumptions(date.today(), computing.sources(), load_law()))


def _check_header(table: TripTable) -> None:
    """Say which columns are not read though they are near one that would be. Raises InputError for no header."""
    from perdiem_calc.errors import InputError
    from perdiem_calc.planning.estimator.names import unread
    from perdiem_calc.planning.estimator.planned import TRIP_COLUMNS

    near_ones = unread(table.written, TRIP_COLUMNS)
    if not near_ones and not set(table.columns) & set(TRIP_COLUMNS):
        fix = f"the header must be the first row, with names out of {', '.join(TRIP_COLUMNS)}"
        raise InputError(
            "table.columns.unknown",
            "the first row names no column of a table of trips",
            where=str(table.path),
            fix=fix,
        )
    say_unread(table.path, near_ones)


@contextmanager
def _engine(name: str, scheduler: str | None, source: str) -> Iterator[Any]:
    """What computes: it has `estimates(blocks)` and `sources()`."""
    from perdiem_calc.errors import InputError

    if name not in ENGINES:
        fix = f"use {' or '.join(ENGINES)}"
        raise InputError("command.engine.unknown", f"{name!r} is not an engine", where="--engine", fix=fix)
    if name == "dask":
        from perdiem_calc.planning.cluster import Cluster

        with Cluster(scheduler, source) as cluster:
            yield cluster
    elif scheduler is not None:
        raise InputError(
            "command.scheduler.misplaced",
            "goes with --engine dask",
            where="--scheduler",
            fix="add it, or leave the address out",
        )
    else:
        yield Here(source)


class Here:
    """Estimates in this process."""

    def __init__(self, source: str) -> None:
        from perdiem_calc.planning.estimator import Estimator
        from perdiem_calc.rules.law import load_law

        self._estimator = Estimator(rates_of(source), load_law())
        self.sources = self._estimator.sources

    def estimates(self, blocks: Iterator[pd.DataFrame]) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """Each block with its costs, in order."""
        for block in blocks:
            yield block, self._estimator.estimate(block)


class Said:
    """What is wrong with the rows of a file: the first ones go to standard error, all of them to the output."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0
        self._statuses: set[str] = set()
        self.first: list[dict[str, Any]] = []

    @property
    def exit_code(self) -> int:
        """2 where a row is malformed, 3 where a place or a rate could not be had, else 0."""
        if "error" in self._statuses:
            return 2
        return 3 if self._statuses else 0

    def add(self, costs: pd.DataFrame) -> None:
        """Take note of the rows of a block that are not priced, and say the first of the file."""
        bad = costs[["status", "reason"]][costs["total"].isna()]
        self._count += len(bad)
        self._statuses |= set(bad["status"].unique())
        for row, status, reason in bad.head(max(0, SAID - len(self.first))).itertuples():
            self.first.append({"row": int(row), "status": status, "reason": reason})
            say(f"{harmless(str(self._path))}, row {row}: {reason}", err=True)

    @property
    def left(self) -> int:
        """How many rows that are not priced come after the first ones."""
        return self._count - len(self.first)

    def more(self) -> None:
        """Print how many more rows are wrong."""
        if self.left:
            typer.echo(
                f"{harmless(self._path)}: and {self.left:,} more rows; the column reason of the output has all",
                err=True,
            )


@contextmanager
def _bar(table: TripTable) -> Iterator[Any]:
    """A progress bar on a terminal, where the file is long."""
    if not sys.stderr.isatty() or table.path.stat().st_size < BAR_FROM_BYTES:
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("trips", total=1.0)
        yield lambda done: progress.update(task, completed=done)


def _record(trips: Path, output: Path, budget: Budget, faults: Said) -> dict[str, Any]:
    total, reimbursable, share = (f"{amount:.2f}" for amount in budget.total.dollars())
    return {
        "input": str(trips),
        "output": str(output),
        "rows": budget.rows,
        "priced": budget.priced,
        "statuses": budget.statuses,
        "limit_binds": budget.capped,
        "planning_rate": budget.planned,
        "totals": {"group_total": total, "group_reimbursable": reimbursable, "group_agency_share": share},
        "not_priced": faults.first,
        "not_priced_more": faults.left,
    }


def _show(output: Path, budget: Budget) -> None:
    total, reimbursable, share = (f"${amount:,.2f}" for amount in budget.total.dollars())
    typer.echo(f"{budget.priced:,} of {budget.rows:,} rows priced; the limit binds in {budget.capped:,}.")
    for meaning, count in budget.not_priced():
        typer.echo(f"  {count:,} not priced: {meaning.words}; {meaning.fix}")
    if budget.planned:
        use, their = ("row uses", "its") if budget.planned == 1 else ("rows use", "their")
        typer.echo(f"{budget.planned:,} {use} a planning rate for mileage, since none is known for {their} days yet.")
    for name, amount in (("Total cost", total), ("NASRO reimburses", reimbursable), ("Agency pays", share)):
        typer.echo(f"  {name:<18}{amount:>20}")
    say(f"Written: {harmless(str(output))}")

"""`perdiem estimate`: what a table of planned trips will cost, as a table or as a budget workbook."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perdiem_calc.cli.options import (
    AsJson,
    Chart,
    Force,
    Limit,
    Rooms,
    Source,
    check_pictures,
    rates_of,
    save_picture,
    say,
    say_columns,
    what_if,
)
from perdiem_calc.text import harmless

if TYPE_CHECKING:
    import pandas as pd

    from perdiem_calc.planning.estimator.names import ColumnNames
    from perdiem_calc.planning.estimator.plan import Plan
    from perdiem_calc.planning.estimator.summary import Budget
    from perdiem_calc.planning.estimator.what_if import WhatIf
    from perdiem_calc.planning.tables import TripTable

SAID = 20
ENGINES = ("pandas", "dask")
BAR_FROM_BYTES = 4 << 20
SHOWN = 40
"""So many groups are printed; the workbook and --json have all."""
_YEAR = re.compile(r"20[0-9]{2}")


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
    limit: Limit = None,
    rooms: Rooms = None,
    fiscal_years: Annotated[
        str | None,
        typer.Option(
            "--fiscal-years", metavar="YEAR,YEAR", help="The same trips in each of these years, side by side."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="state|agency|site|month", help="Also print the sums by this; or several: a,b."),
    ] = None,
    chart: Chart = None,
    source: Source = "auto",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Estimate what planned trips cost, and who pays how much of it.

    \b
    Example: perdiem estimate trips.csv -o budget.xlsx --by state
    """
    from perdiem_calc.planning.tables import open_trips, replacing
    from perdiem_calc.planning.tables.write import check_output

    check_output(output)
    check_pictures(chart, force=force)
    years, groupings, supposed = _years(fiscal_years), _groupings(by), what_if(limit, rooms)
    table = open_trips(trips)
    plan, faults = _plan(supposed, _check_header(table), years), Said(trips)
    with _engine(engine, scheduler, source, supposed) as computing, replacing(output, force=force) as made:
        _run(table, made, output, plan, years, faults, computing)
    if chart is not None:
        _draw(plan, "; ".join(computing.sources()), chart, force=force)
    if as_json:
        typer.echo(json.dumps(_record(trips, output, plan, groupings, faults)))
    else:
        faults.more()
        _show(output, plan, groupings)
    raise typer.Exit(faults.exit_code)


def _draw(plan: Plan, source: str, chart: Path, *, force: bool) -> None:
    """Draw what the trips cost by state: of several fiscal years, in the last."""
    from perdiem_calc.planning.charts import states_as_tiles
    from perdiem_calc.text import counted

    lost = plan.last.total.not_priced
    notes = [*plan.supposed(), *([f"{counted(lost, 'row')} not priced, and not on the map."] if lost else [])]
    costs = {state: group.dollars()[0] for state, group in plan.last.groups["state"].items() if group.rows}
    year = next(reversed(plan.budgets))
    save_picture(states_as_tiles(costs, source, year=year, notes=notes), chart, force=force)


def _years(text: str | None) -> list[int]:
    """The fiscal years of an option, in order. Raises InputError for a text that names none, or one twice."""
    from perdiem_calc.errors import InputError

    if text is None:
        return []
    names = [name.strip() for name in text.split(",")]
    if len(set(names)) < len(names) or not all(_YEAR.fullmatch(name) for name in names):
        fix = "write fiscal years, like 2025,2027"
        raise InputError("command.years.invalid", f"{text!r} names no years", where="--fiscal-years", fix=fix)
    return [int(name) for name in names]


def _groupings(text: str | None) -> list[str]:
    """The groupings of an option. Raises InputError for another name."""
    from perdiem_calc.errors import InputError
    from perdiem_calc.planning.estimator.summary import GROUPINGS

    names = [name.strip() for name in text.split(",")] if text is not None else []
    for name in names:
        if name not in GROUPINGS:
            fix = f"use {', '.join(GROUPINGS)}"
            raise InputError("command.grouping.unknown", f"{name!r} is no grouping", where="--by", fix=fix)
    return names


def _plan(supposed: WhatIf, columns: ColumnNames, years: list[int]) -> Plan:
    from datetime import date
    from decimal import Decimal

    from perdiem_calc.planning.estimator.in_force import CENTS
    from perdiem_calc.planning.estimator.plan import Plan
    from perdiem_calc.planning.estimator.summary import Budget
    from perdiem_calc.rules.law import load_law

    cents = supposed.limit
    limit = load_law().number("chp-cap", "limit", date.today()) if cents is None else Decimal(cents) / CENTS
    budgets = {f"FY{year}": Budget() for year in years} or {"": Budget()}
    return Plan(limit, supposed, columns, budgets)


def _run(
    table: TripTable, made: Path, output: Path, plan: Plan, years: list[int], faults: Said, computing: Any
) -> None:
    from datetime import date

    from perdiem_calc.errors import InputError
    from perdiem_calc.planning.estimator import COLUMNS_OUT
    from perdiem_calc.planning.estimator.planned import place_columns
    from perdiem_calc.planning.estimator.what_if import FISCAL_YEAR
    from perdiem_calc.planning.tables.write import check_columns, check_output, open_writer
    from perdiem_calc.rules.law import load_law

    kind = check_output(output)
    check_columns(table.columns, (*COLUMNS_OUT, FISCAL_YEAR) if years else COLUMNS_OUT, table.path)
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
    budgets = list(plan.budgets.values())
    with closing(writer), _bar(table) as step:
        for number, (block, costs) in enumerate(computing.estimates(_in_years(table.blocks(), years))):
            of_year = number % len(budgets)
            budgets[of_year].add(block, costs)
            faults.add(costs, again=of_year > 0)
            if years:
                costs.insert(0, FISCAL_YEAR, years[of_year])
            writer.write(block, costs)
            step(table.done)
        if not plan.first.rows:
            raise InputError(
                "table.rows.missing", "has no rows", where=str(table.path), fix="write a row for each planned trip"
            )
        if kind == "xlsx":
            from perdiem_calc.planning.budget import assumptions

            writer.sums(plan, assumptions(date.today(), computing.sources(), load_law(), plan.limit))


def _in_years(blocks: Iterator[pd.DataFrame], years: list[int]) -> Iterator[pd.DataFrame]:
    """Each block in each of the years, or as it is where none are given."""
    from perdiem_calc.planning.estimator.what_if import in_fiscal_year

    for block in blocks:
        if not years:
            yield block
        yield from (in_fiscal_year(block, year) for year in years)


def _check_header(table: TripTable) -> ColumnNames:
    """How the columns are read, which is printed too. Raises InputError where none is known."""
    from perdiem_calc.errors import InputError
    from perdiem_calc.planning.estimator.names import read_names
    from perdiem_calc.planning.estimator.planned import TRIP_COLUMNS

    columns = read_names(table.written, TRIP_COLUMNS)
    if not set(table.columns) & set(TRIP_COLUMNS):
        fix = f"the header must be the first row, with names out of {', '.join(TRIP_COLUMNS)}"
        raise InputError(
            "table.columns.unknown",
            "the first row names no column of a table of trips",
            where=str(table.path),
            fix=fix,
        )
    say_columns(table.path, columns)
    return columns


@contextmanager
def _engine(name: str, scheduler: str | None, source: str, supposed: WhatIf) -> Iterator[Any]:
    """What computes: it has `estimates(blocks)` and `sources()`."""
    from perdiem_calc.errors import InputError

    if name not in ENGINES:
        fix = f"use {' or '.join(ENGINES)}"
        raise InputError("command.engine.unknown", f"{name!r} is not an engine", where="--engine", fix=fix)
    if name == "dask":
        from perdiem_calc.planning.cluster import Cluster

        with Cluster(scheduler, source, supposed) as cluster:
            yield cluster
    elif scheduler is not None:
        raise InputError(
            "command.scheduler.misplaced",
            "goes with --engine dask",
            where="--scheduler",
            fix="add it, or leave the address out",
        )
    else:
        yield Here(source, supposed)


class Here:
    """Estimates in this process."""

    def __init__(self, source: str, supposed: WhatIf) -> None:
        from perdiem_calc.planning.estimator import Estimator
        from perdiem_calc.rules.law import load_law

        self._estimator = Estimator(rates_of(source), load_law(), supposed)
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
        self._of_block: list[Any] = []
        self.first: list[dict[str, Any]] = []

    @property
    def exit_code(self) -> int:
        """2 where a row is malformed, 3 where a place or a rate could not be had, else 0."""
        if "error" in self._statuses:
            return 2
        return 3 if self._statuses else 0

    def add(self, costs: pd.DataFrame, *, again: bool = False) -> None:
        """Take note of the rows of a block that are not priced, and print the first of the file.

        Where the same block comes `again`, in another fiscal year, rows that were not priced before are not repeated.
        """
        bad = costs[["status", "reason"]][costs["total"].isna()]
        if again:
            bad = bad[~bad.index.isin(self._of_block)]
        self._of_block = [*(self._of_block if again else ()), *bad.index]
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


def _record(trips: Path, output: Path, plan: Plan, groupings: list[str], faults: Said) -> dict[str, Any]:
    from perdiem_calc.planning.estimator.plan import change

    record = {"input": str(trips), "output": str(output), **plan.record(plan.last)}
    record |= {"supposed": plan.what_if.sentences(), "columns": plan.columns.record()}
    if plan.has_years:
        of_year = {name: plan.record(budget) for name, budget in plan.budgets.items()}
        record["fiscal_years"] = of_year
        record["change"] = change(plan.record(plan.first)["totals"], record["totals"])
    record["by"] = {grouping: plan.group_records(grouping) for grouping in groupings}
    return record | {"not_priced": faults.first, "not_priced_more": faults.left}


def _show(output: Path, plan: Plan, groupings: list[str]) -> None:
    from perdiem_calc.planning.estimator.plan import TITLES

    for name, budget in plan.budgets.items():
        _show_rows(f"{name}: " if name else "", budget)
    for sentence in plan.supposed():
        typer.echo(sentence)
    if plan.has_years:
        _show_years(plan)
    else:
        for name, amount in zip(TITLES.values(), plan.last.total.dollars(), strict=True):
            typer.echo(f"  {name:<18}{f'${amount:,.2f}':>20}")
    for name, budget in plan.budgets.items():
        if said := plan.use_of_limit(budget):
            typer.echo(f"  {f'{name}: ' if name else ''}{said}")
    for grouping in groupings:
        _show_groups(plan, grouping)
    say(f"Written: {harmless(str(output))}")


def _show_rows(of_year: str, budget: Budget) -> None:
    """How many rows are priced, in how many the limit binds, and why others are not priced."""
    of_them = f" of the {budget.priced:,} priced" if budget.priced < budget.rows else ""
    priced = f"{budget.priced:,} of {budget.rows:,} rows priced"
    typer.echo(f"{of_year}{priced}; the limit binds in {budget.capped:,}{of_them}.")
    for meaning, count in budget.not_priced():
        typer.echo(f"  {count:,} not priced: {meaning.words}; {meaning.fix}")
    if budget.planned:
        use, their = ("row uses", "its") if budget.planned == 1 else ("rows use", "their")
        typer.echo(f"{budget.planned:,} {use} a planning rate for mileage, since none is known for {their} days yet.")


def _show_years(plan: Plan) -> None:
    """The sums of each fiscal year, and the change from the first to the last."""
    from perdiem_calc.planning.estimator.plan import TITLES, describe_change

    typer.echo(f"  {'':<18}{''.join(f'{name:>17}' for name in plan.budgets)}{'change':>26}")
    for at, title in enumerate(TITLES.values()):
        amounts = [budget.total.dollars()[at] for budget in plan.budgets.values()]
        changed = describe_change(amounts[0], amounts[-1])
        typer.echo(f"  {title:<18}{_in_columns(amounts, 17)}{changed:>26}")


def _in_columns(amounts: Iterable[float], width: int) -> str:
    return "".join(f"${amount:,.2f}".rjust(width) for amount in amounts)


def _show_groups(plan: Plan, grouping: str) -> None:
    """The sums of each group; of several fiscal years the total cost in each, and the change."""
    from perdiem_calc.planning.estimator.plan import TITLES, describe_change
    from perdiem_calc.text import on_one_line

    heads = [f"total {name}" for name in plan.budgets] if plan.has_years else [*TITLES.values()]
    ending = f"{'change':>26}" if plan.has_years else f"{'not priced':>12}"
    typer.echo(f"\n  {f'By {grouping}':<28}{'rows':>7}{''.join(f'{head:>18}' for head in heads)}{ending}")
    groups = plan.groups(grouping)
    for key, sums in groups[:SHOWN]:
        last = sums[next(reversed(sums))]
        amounts = [group.dollars()[0] for group in sums.values()] if plan.has_years else last.dollars()
        end = f"{describe_change(amounts[0], amounts[-1]):>26}" if plan.has_years else f"{last.not_priced or '':>12}"
        say(f"  {on_one_line(key, 27):<28}{last.rows:>7,}{_in_columns(amounts, 18)}{end}".rstrip())
    if len(groups) > SHOWN:
        typer.echo(f"  ... and {len(groups) - SHOWN:,} more; the workbook and --json have all")

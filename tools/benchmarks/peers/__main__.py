"""Prints the table of this program beside the others."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass, field
from importlib import metadata

from rich.console import Console
from rich.table import Table

from tools.benchmarks import SECONDS
from tools.benchmarks.__main__ import as_text
from tools.benchmarks.peers import LIBRARY, OURS, SERVER, TRIPS, YEAR, Material, material, running
from tools.benchmarks.peers.programs import CITY, PROGRAMS, STATE, ZIP
from tools.benchmarks.peers.published import Published, right

WIDTH = 124
"""Columns that the table takes, also where it is not printed to a terminal."""

WEEK_TOTAL, ACROSS_TOTAL = "$1,229.50", "$1,905.00"
"""By hand: 5 x 170 + 69 x 5.5 in Orlando; 3 x 275 + 2 x 287 + 92 x 5.5 in Washington."""

FRAMEWORK = (
    "gsa-perdiem-mcp is a server of tools and loads that framework; its tables alone, without a look-up by city, "
    "import in {alone}"
)
NO_INDEX = "perdiem has no index by ZIP or name: each look-up reads its whole table"
ONE_YEAR = f"perdiem knows fiscal year {YEAR} alone, so all work lies in it"
PART_OF_NAME = "perdiem takes a place for any whose name or county contains it, of which the first is taken here"
REMEMBERED = "perdiem_calc remembers answers; a look-up that was not made before is the row below"
CLAIM = "perdiem_calc reads a claim with five receipts and itemizes it, line by line, under the limit of $1,000"
MONTHS = (
    "gsa-perdiem-mcp takes a month, not dates: all nights at the rate of the month of departure; in binary floats; "
    "no hours, furnished meals, stops, receipts, or trips across a season or fiscal year"
)
SIX_NIGHTS = "perdiem pays a night on the day of return too, and 75 % on the first two days; in binary floats"
FOOT = (
    "Each program in processes of its own, run in turns (A B C, B C A, C A B, ...): the least of {rounds} rounds, of "
    "{few} for many look-ups and many trips. Processor time, so that what else the machine does counts for little; "
    "no program reaches a network. {machine}"
)
ONCE_A_CITY = "perdiem is let look up each of the cities once; with a look-up a trip it would take half an hour"


@dataclass
class Comparison:
    """The rows of the table as they are measured, and the notes they need."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, what: str, figures: dict[str, float], unit: str = SECONDS, *notes: str) -> None:
        """A row: each program's figure, and of the others how many times ours it is."""
        print(what.strip(), file=sys.stderr)
        marks = "".join(f" [{self._note(note)}]" for note in notes)
        cells = [what + marks]
        for name in PROGRAMS:
            cells.append(as_text(figures[name], unit))
            if name != OURS:
                cells.append(times(figures[name] / figures[OURS]))
        self.rows.append(tuple(cells))

    def say(self, what: str, texts: dict[str, str], *notes: str) -> None:
        """A row of words: no figure is a multiple of another."""
        marks = "".join(f" [{self._note(note)}]" for note in notes)
        self.rows.append((what + marks, texts[OURS], texts[SERVER], "", texts[LIBRARY], ""))

    def _note(self, note: str) -> int:
        if note not in self.notes:
            self.notes.append(note)
        return self.notes.index(note) + 1


def times(ratio: float) -> str:
    """A ratio as people read it.

    >>> times(1234.5), times(12.34), times(0.567), times(0.0123)
    ('1,234x', '12x', '0.57x', '0.012x')
    """
    return f"{ratio:,.0f}x" if ratio >= 10 else f"{ratio:.2g}x"


def compare() -> Comparison:
    """Measure everything."""
    of, comparison = material(), Comparison()
    _starting(comparison)
    with running.Workers(of) as workers:
        _warm(comparison, workers, of)
    _many(comparison, of)
    return comparison


def _starting(comparison: Comparison) -> None:
    alone = FRAMEWORK.format(alone=as_text(running.rates_alone(), SECONDS))
    for what, taken in running.imports():
        comparison.add(f"import, for a {what}", taken.seconds, SECONDS, alone)
    by_zip, by_city = running.first("zip"), running.first("city")
    comparison.add(f"first look-up by ZIP, {ZIP}", by_zip.seconds, SECONDS, ONE_YEAR, NO_INDEX)
    comparison.add(f"first look-up by city, {CITY}, {STATE}", by_city.seconds, SECONDS, NO_INDEX, PART_OF_NAME)
    comparison.add("  peak memory of that process", by_city.peak, "MiB", alone)


def _warm(comparison: Comparison, workers: running.Workers, of: Material) -> None:
    published = Published()
    for by, many, expected in (
        ("zip", "zips", published.of_zips(of)),
        ("city", "cities", published.of_cities(of)),
    ):
        name = {"zip": "ZIP", "city": "city"}[by]
        comparison.add(f"warm look-up by {name}, the same again", workers.warm(by).seconds, SECONDS, REMEMBERED)
        others = workers.others(many)
        comparison.add(f"warm look-up by {name}, one not asked before", others.seconds)
        found = {program: right(answers, expected) for program, answers in others.answers.items()}
        comparison.say(f"  of {len(expected)}, as GSA's file has them", found)
    trip = workers.warm("trip")
    comparison.add("a dated trip of five nights", trip.seconds, SECONDS, CLAIM, MONTHS, SIX_NIGHTS)
    totals = {name: f"${answer:,.2f}" for name, answer in trip.answers.items()}
    comparison.say(f"  its total, rightly {WEEK_TOTAL}", totals)
    said = workers.once("said")
    comparison.say(f"  one across fiscal years, rightly {ACROSS_TOTAL}", _of(said, "across"), MONTHS)
    comparison.say("money is counted in", _of(said, "money"))
    comparison.say("fiscal years known", _of(said, "years"), ONE_YEAR)


def _of(said: dict[str, dict[str, str]], what: str) -> dict[str, str]:
    return {name: answer[what] for name, answer in said.items()}


def _many(comparison: Comparison, of: Material) -> None:
    taken, expected = running.trips(of), Published().of_trips(of)
    comparison.add(f"{TRIPS:,} dated trips of five nights", taken.seconds, SECONDS, MONTHS, SIX_NIGHTS, ONCE_A_CITY)
    comparison.add("  peak memory of that process", taken.peak, "MiB")
    found = {name: right(totals, expected) for name, totals in taken.answers.items()}
    comparison.say("  totals that are right", found)


def main() -> None:
    """Prints the table and its notes. Nothing fails where another is faster."""
    try:
        versions = {name: metadata.version(name) for name in (SERVER, LIBRARY)}
    except metadata.PackageNotFoundError as error:
        sys.exit(f"{error.name} is not installed here; it is in the extra bench: make bench")
    comparison = compare()
    table = Table(title="The same work by three programs: seconds of the processor, MiB")
    table.add_column("what")
    table.add_column(OURS, justify="right")
    for name, version in versions.items():
        table.add_column(f"{name} {version}", justify="right")
        table.add_column("times ours", justify="right")
    for row in comparison.rows:
        table.add_row(*row)
    console = Console(markup=False, width=max(WIDTH, Console().width))
    console.print(table)
    for number, note in enumerate(comparison.notes, start=1):
        console.print(f"[{number}] {note}.")
    console.print(FOOT.format(rounds=running.ROUNDS, few=running.LONG_ROUNDS, machine=_machine()))


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {os.cpu_count()} processors{load}."


if __name__ == "__main__":
    main()

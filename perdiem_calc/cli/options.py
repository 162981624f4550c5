"""What several commands share: options (claims, the day, the source of rates, JSON), days as typed, and bars."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perdiem_calc.errors import InputError
from perdiem_calc.plain_text import (
    LONGEST_OPTION,
    harmless,
    harmless_lines,
    why_no_line,
    why_no_name,
    with_blanks,
)

if TYPE_CHECKING:
    from perdiem_calc.identity import SroKey
    from perdiem_calc.known import Listed
    from perdiem_calc.sources import Rates

Source = Annotated[
    str,
    typer.Option(
        "--source",
        metavar="auto|api|ratebook",
        help="The rates: GSA's service when GSA_API_KEY is set, else embedded (auto); or only the one.",
    ),
]


Inputs = Annotated[
    list[Path], typer.Argument(metavar="CLAIM", help="Claims (.json, .toml, .xlsx) or folders of them.")
]


def whole(least: int = -(10**18)) -> Callable[[str | int], int]:
    """A reader of whole numbers in plain digits: Python itself reads 1_2 as 12, and the digits of every script."""

    def read(text: str | int) -> int:
        if not _DIGITS.fullmatch(str(text)) or int(text) < least:
            due = f"a whole number from {least} on" if least >= 0 else "a whole number"
            raise typer.BadParameter(f"{text!r} is not {due}.")
        return int(text)

    return read


AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The day that decides what lies in the future [today]."),
]

RosterFile = Annotated[
    Path | None, typer.Option("--roster", metavar="FILE.csv", help="The officers who are funded: award, officer.")
]

Force = Annotated[bool, typer.Option("--force", help="Replace an output that exists.")]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
AsJsonLines = Annotated[bool, typer.Option("--json", help="Print one JSON object a line, for programs.")]

_DIGITS = re.compile(r"-?[0-9]{1,18}")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_opened: list[Rates] = []


def say(text: object, *, err: bool = False) -> None:
    """Print a text with what stands in it written out where it would take effect on a terminal."""
    typer.echo(harmless_lines(str(text)), err=err)


def line_given(text: str, where: str, *, most: int = LONGEST_OPTION, is_name: bool = False) -> str:
    """A line of text that was given with a command. Raises InputError, with the position, for what no line holds."""
    line = with_blanks(text).strip()
    if why := why_no_line(line, most) or (why_no_name(line) if is_name else ""):
        raise InputError(why, where=where)
    return line


def iso_day(text: str, where: str, *, or_else: str = "") -> date:
    """The date that a text states, strictly year-month-day. Raises InputError; `or_else` says what else mends it."""
    if _ISO_DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise InputError(f"{text} does not exist ({error})", where=where, mend="correct the date") from None
    raise InputError(f"{text!r} is not a date", where=where, mend=f"write year-month-day, like 2026-10-04{or_else}")


def listed_in(roster: Path | None) -> dict[SroKey, Listed] | None:
    """The officers of a roster, where one is given; what was read is said on standard error."""
    if roster is None:
        return None
    from perdiem_calc.roster import read_roster

    read = read_roster(roster)
    say(f"Read from {harmless(roster)}: {read.summary}", err=True)
    return read.listed()


def day_asked(text: str | None, option: str) -> date:
    """The day that an option states; today where it is left out. Raises InputError as `iso_day`."""
    return iso_day(text, option) if text else date.today()


def say_unread(path: Path, columns: Iterable[tuple[str, str]]) -> None:
    """Say of columns that are not read which ones they are near, as `estimator.names.unread` finds them."""
    for name, near in columns:
        say(f"{harmless(str(path))}: the column {harmless(name)} is not read; did you mean {near}?", err=True)


def rates_of(source: str) -> Rates:
    """The rates of a source; what goes wrong with it without harm is said when the command ends."""
    from perdiem_calc.sources import open_rates

    rates = open_rates(source)
    _opened.append(rates)
    return rates


@contextmanager
def steps(count: int) -> Iterator[Callable[[str], None]]:
    """A bar of so many steps while something long runs, on a terminal only; call what it gives at each step."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=count + 1)
        yield lambda step: progress.update(task, advance=1, description=step)


def say_problems() -> None:
    """Say on standard error what went wrong with the sources opened, though every rate is right."""
    while _opened:
        for problem in _opened.pop().problems:
            say(f"perdiem: note: {problem}", err=True)

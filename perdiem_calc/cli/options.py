"""What several commands share: options, days as typed, progress bars, and one command over many claims."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perdiem_calc.errors import InputError, OutputError, PerdiemError
from perdiem_calc.text import (
    LONGEST_OPTION,
    harmless,
    harmless_lines,
    why_no_line,
    why_no_name,
    with_blanks,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from perdiem_calc.auditing.claim_file import ReadClaim
    from perdiem_calc.checks.finding import Finding, Severity
    from perdiem_calc.history.identity import OfficerKey
    from perdiem_calc.history.records import Attendee, Listed
    from perdiem_calc.planning.estimator.names import ColumnNames
    from perdiem_calc.planning.estimator.what_if import WhatIf
    from perdiem_calc.rates.sources import Rates
    from perdiem_calc.rules.itemize import ItemizedClaim


Source = Annotated[
    str,
    typer.Option(
        "--source",
        metavar="auto|api|ratebook|latest",
        help="The rates: GSA's service when GSA_API_KEY is set, else embedded (auto); or only the one. latest: auto, "
        "with the latest list of Alaska, Hawaii and the territories for days whose list is not imported.",
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

AttendanceFile = Annotated[
    Path | None,
    typer.Option(
        "--attendance",
        metavar="FILE.csv",
        help="Who attended: class_id, officer, agency, completed_on, hours.",
    ),
]
Limit = Annotated[
    str | None,
    typer.Option("--limit", metavar="DOLLARS", help="Suppose another limit for each officer, like 1500."),
]
Rooms = Annotated[
    str | None,
    typer.Option("--rooms", metavar="+PERCENT", help="Suppose that every room costs more, like +20%, or less, -10%."),
]

Chart = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help="A picture to write: .png, .svg or .pdf.")
]

Force = Annotated[bool, typer.Option("--force", help="Replace an output that exists.")]

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
AsJsonLines = Annotated[bool, typer.Option("--json", help="Print one JSON object a line, for programs.")]

_DIGITS = re.compile(r"-?[0-9]{1,18}")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_LIMIT = re.compile(r"\$?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7}(?:\.[0-9]{1,2})?)")
_PERCENT = re.compile(r"([+-]?[0-9]{1,4}(?:\.[0-9]{1,2})?) ?%?")

_opened: list[Rates] = []


def say(text: object, *, err: bool = False) -> None:
    """Print a text, with control characters written out so that they have no effect on a terminal."""
    typer.echo(harmless_lines(str(text)), err=err)


def line_given(text: str, where: str, *, most: int | None = LONGEST_OPTION, is_name: bool = False) -> str:
    """A line of text that was given with a command. Raises InputError, with the position, for what no line holds."""
    line = with_blanks(text).strip()
    if why := why_no_line(line, most) or (why_no_name(line) if is_name else ""):
        raise InputError("command.text.invalid", why, where=where)
    return line


def iso_day(text: str, where: str, *, or_else: str = "") -> date:
    """The date that a text states, strictly year-month-day. Raises InputError; `or_else` says what else fixes it."""
    if _ISO_DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise InputError(
                "command.date.impossible", f"{text} does not exist ({error})", where=where, fix="correct the date"
            ) from None
    raise InputError(
        "command.date.invalid",
        f"{text!r} is not a date",
        where=where,
        fix=f"write year-month-day, like 2026-10-04{or_else}",
    )


def listed_in(roster: Path | None) -> dict[OfficerKey, Listed] | None:
    """The officers of a roster, if one is given; standard error reports what was read."""
    if roster is None:
        return None
    from perdiem_calc.auditing.claim_file import read_roster

    read = read_roster(roster)
    say(f"Read from {harmless(roster)}: {read.summary}", err=True)
    return read.listed()


def attended_in(attendance: Path | None) -> tuple[Attendee, ...] | None:
    """The entries of an attendance list, if one is given; standard error reports what was read."""
    if attendance is None:
        return None
    from perdiem_calc.auditing.claim_file import read_attendance

    read = read_attendance(attendance)
    say(f"Read from {harmless(attendance)}: {read.summary}", err=True)
    return read.entries


def day_asked(text: str | None, option: str) -> date:
    """The day that an option states; today where it is left out. Raises InputError as `iso_day`."""
    return iso_day(text, option) if text else date.today()


def say_columns(path: Path, columns: ColumnNames) -> None:
    """Print how the columns of a file were understood, and which are not read."""
    for sentence in columns.sentences():
        say(f"{harmless(str(path))}: {harmless(sentence)}", err=True)


def what_if(limit: str | None, rooms: str | None) -> WhatIf:
    """What a plan supposes, by its options. Raises InputError for texts that are no amounts."""
    from decimal import Decimal

    from perdiem_calc.planning.estimator.what_if import WhatIf

    dollars, percent = _LIMIT.fullmatch(limit or ""), _PERCENT.fullmatch(rooms or "")
    if limit is not None and dollars is None:
        raise InputError(
            "command.limit.invalid", f"{limit!r} is no amount", where="--limit", fix="write dollars, like 1500"
        )
    if rooms is not None and percent is None:
        raise InputError(
            "command.rooms.invalid", f"{rooms!r} is no change", where="--rooms", fix="write a percent, like +20%"
        )
    try:
        return WhatIf.of(
            limit=Decimal(dollars[1].replace(",", "")) if dollars else None,
            rooms=Decimal(percent[1]) if percent else None,
        )
    except InputError as error:
        error.where = f"--{error.where}"
        raise


def check_pictures(*paths: Path | None, force: bool) -> None:
    """Refuse a picture that cannot be drawn, or that exists, before anything is computed or written."""
    from perdiem_calc.planning.tables.write import check_free

    for path in filter(None, paths):
        from perdiem_calc.planning.charts import require_picture

        require_picture(path)
        check_free(path, force=force)


def save_picture(figure: Figure, path: Path, *, force: bool) -> None:
    """Write a picture. Raises OutputError where it exists and may not be replaced."""
    from perdiem_calc.planning.charts import save
    from perdiem_calc.planning.tables.write import check_free

    check_free(path, force=force)
    save(figure, path)


def rates_of(source: str) -> Rates:
    """The rates of a source; its harmless problems are printed when the command ends."""
    from perdiem_calc.rates.sources import open_rates

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


SHOWN_IN_FULL = 3
BAR_FROM = 10


def severity_to_fail_on(text: str | None) -> Severity | None:
    """The severity that --fail-on names. Raises InputError."""
    from perdiem_calc.checks.finding import Severity

    known = {severity.value: severity for severity in Severity if severity is not Severity.INFO}
    if text is not None and text not in known:
        raise InputError(
            "command.severity.unknown",
            f"{text!r} is not a severity",
            where="--fail-on",
            fix="use blocks, adjusts or review",
        )
    return known[text] if text else None


def without_passed_over(found: tuple[list[Path], list[Path]]) -> list[Path]:
    """The claims among what `claim_files` or `submissions` found; standard error lists what was passed over."""
    paths, passed_over = found
    for path in passed_over:
        say(f"passed over, not a claim: {harmless(str(path))}", err=True)
    return paths


def end(codes: Collection[int]) -> None:
    """End the command with the gravest of its exit codes."""
    for code in (2, 3, 1):
        if code in codes:
            raise typer.Exit(code)


class Target:
    """Where the workbooks go: one file, or a folder with one for each claim id."""

    def __init__(self, output: Path, *, several: bool) -> None:
        self._output = output
        self._is_folder = several or output.is_dir()
        self._given: set[str] = set()
        if several and output.suffix.lower() == ".xlsx":
            raise OutputError(
                "output.folder.needed",
                "several claims need a folder",
                where=str(output),
                fix="name a folder, like -o claims/",
            )
        if several and not output.exists():
            from perdiem_calc.files import make_folder

            make_folder(output)
        if not self._is_folder and output.suffix.lower() != ".xlsx":
            raise OutputError(
                "output.workbook.ending",
                "the workbook needs a name ending in .xlsx",
                where=str(output),
                fix=f"write -o {output.with_suffix('.xlsx')}",
            )

    def path_of(self, claim_id: str) -> Path:
        """The workbook of a claim. Raises OutputError when an earlier input had the same claim id."""
        if claim_id in self._given:
            raise OutputError(
                "output.claim-id.repeated",
                f"an earlier input has the claim id {claim_id} too",
                where="claim_id",
                fix="give each claim its own id",
            )
        self._given.add(claim_id)
        return self._output / f"{claim_id}.xlsx" if self._is_folder else self._output


class Run:
    """One command over many claims: a bar while it runs, what each gave, and the exit code at the end.

    `builds` says whether workbooks are built, so that the lines are of interest and not the findings alone.
    """

    def __init__(self, *, as_json: bool, fail_on: str | None, count: int, builds: bool) -> None:
        self._as_json = as_json
        self._in_full = count <= SHOWN_IN_FULL
        self._shows_lines = builds and count == 1
        self._builds = builds
        self._codes: set[int] = set()
        self._path = Path()
        self._claim_id: str | None = None
        self._rows: list[tuple[ItemizedClaim, tuple[Finding, ...]]] = []
        self._fail_on = severity_to_fail_on(fail_on)

    def over(self, paths: list[Path]) -> Iterator[Path]:
        """The paths, one after the other, with a bar on a terminal when there are many."""
        if len(paths) < BAR_FROM or not sys.stderr.isatty():
            yield from paths
            return
        from rich.console import Console
        from rich.progress import track

        yield from track(paths, description="claims", console=Console(stderr=True))

    def one(self, path: Path) -> Run:
        """The work on one input; an error in it is printed, and the others go on."""
        self._path, self._claim_id = path, None
        return self

    def read(self, path: Path) -> ReadClaim:
        """The claim of an input; errors after that name its id."""
        from perdiem_calc.auditing.claim_file import read_with_cells

        read = read_with_cells(path)
        self._claim_id = read.claim.claim_id
        return read

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if not isinstance(error, PerdiemError):
            return False
        error.file = error.file or str(self._path)
        say(error, err=True)
        self._codes.add(error.exit_code)
        if self._as_json:
            record = {"input": str(self._path), "claim_id": self._claim_id, "error": error.as_record()}
            typer.echo(json.dumps(record))
        return True

    def done(
        self,
        path: Path,
        itemized: ItemizedClaim,
        findings: tuple[Finding, ...],
        *,
        workbook: Path | None = None,
    ) -> None:
        """Print what one claim gave."""
        from perdiem_calc.checks.finding import questioned

        if self._fail_on and any(finding.severity >= self._fail_on for finding in questioned(findings)):
            self._codes.add(1)
        if self._as_json:
            typer.echo(json.dumps(self._record(path, itemized, findings, workbook)))
        elif self._in_full:
            from perdiem_calc.cli.show import show_claim

            show_claim(path, itemized, findings, workbook, lines=self._shows_lines)
        else:
            self._rows.append((itemized, findings))

    def _record(
        self, path: Path, itemized: ItemizedClaim, findings: tuple[Finding, ...], workbook: Path | None
    ) -> dict[str, Any]:
        from perdiem_calc.rules.itemize import as_record

        record: dict[str, Any] = {"input": str(path), "claim_id": itemized.claim.claim_id}
        if workbook is not None:
            record["output"] = str(workbook)
        itemization = as_record(itemized)
        if not self._builds:
            itemization = {"totals": itemization["totals"]}
        return {**record, **itemization, "findings": [finding.as_record() for finding in findings]}

    def close(self) -> None:
        """Print the table of many claims, and end with the exit code."""
        if self._rows:
            from perdiem_calc.cli.show import show_many

            show_many(self._rows)
        end(self._codes)

"""`perdiem claim`: prepare, build and check claims; and `perdiem explain`: how a line's amount came about."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perdiem_calc.cli.options import (
    AsJsonLines,
    AsOf,
    Force,
    Inputs,
    Run,
    Source,
    Target,
    day_asked,
    iso_day,
    line_given,
    rates_of,
    say,
    without_passed_over,
)
from perdiem_calc.errors import InputError, PerdiemError, PlaceNotResolved, RateUnavailable
from perdiem_calc.text import harmless

if TYPE_CHECKING:
    from perdiem_calc.auditing.claim_file import ReadClaim
    from perdiem_calc.checks.finding import Finding
    from perdiem_calc.dated import Law
    from perdiem_calc.rates.model import RateSource
    from perdiem_calc.rates.sources import Rates
    from perdiem_calc.rules.itemize import ItemizedClaim

app = typer.Typer(no_args_is_help=True)

FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help="Exit with 1 when a finding of this severity (blocks, adjusts, review) or above is there.",
    ),
]


class Desk:
    """What every claim of one command is itemized with: the rates, the law, and the day."""

    def __init__(self, as_of: str | None, source: str) -> None:
        from perdiem_calc.rules.law import load_law

        self.rates: RateSource = rates_of(source)
        self.law: Law = load_law()
        self.as_of = day_asked(as_of, "--as-of")

    def itemized(self, path: Path) -> ItemizedClaim:
        """The claim of a file, itemized by itself."""
        from perdiem_calc.auditing.claim_file import read_with_cells

        return self._itemized(read_with_cells(path), path)

    def judged(self, read: ReadClaim, path: Path) -> tuple[ItemizedClaim, tuple[Finding, ...]]:
        """The claim of a file, itemized by itself, and its findings; those of a workbook have cells."""
        from perdiem_calc.checks.auditor import audit
        from perdiem_calc.workbook.form.where import located

        itemized = self._itemized(read, path)
        return itemized, tuple(located(audit(itemized, self.rates, self.law), read.cells))

    def _itemized(self, read: ReadClaim, path: Path) -> ItemizedClaim:
        from perdiem_calc.rules.itemize import itemize
        from perdiem_calc.workbook.form.where import place_of

        try:
            return itemize(read.claim, self.rates, self.law, as_of=self.as_of)
        except PerdiemError as error:
            error.where = place_of(error.where, read.cells)
            raise error.in_file(path) from None


@app.callback()
def claim() -> None:
    """Prepare, build and check claims.

    \b
    Example: perdiem claim check data/samples/2026-ORL-0001.json
    """


@app.command("schema")
def print_schema() -> None:
    """Print the fields of a claim, as JSON Schema.

    \b
    Example: perdiem claim schema > claim.schema.json
    """
    from perdiem_calc.claims.model import Claim

    typer.echo(json.dumps(Claim.model_json_schema(by_alias=True), indent=2))


@app.command("form")
def blank_form(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FORM.xlsx", help="The form to write.")],
    fiscal_years: Annotated[
        str | None,
        typer.Option(
            "--fiscal-years",
            metavar="YEARS",
            help="Two fiscal years in a row, like 2026,2027; without it the latest two that are known.",
        ),
    ] = None,
    force: Force = False,
    as_json: AsJsonLines = False,
) -> None:
    """Write the blank form, which needs no program.

    It computes by itself, for any place and dates of two fiscal years. NASRO mails it; an agency fills it in with
    Excel alone and mails it back.

    \b
    Example: perdiem claim form -o claim-form.xlsx --fiscal-years 2026,2027
    """
    from perdiem_calc.rates.ratebook import Ratebook
    from perdiem_calc.rules.law import load_law
    from perdiem_calc.workbook.form.edition import edition_for, years_asked
    from perdiem_calc.workbook.writing.write import write_form

    Target(output, several=False)
    edition = edition_for(years_asked(fiscal_years, Ratebook.open()))
    write_form(output, {}, edition, load_law(), force=force)
    if as_json:
        typer.echo(json.dumps({"output": str(output), "fiscal_years": list(edition.years)}))
        return
    first, last = edition.years
    say(f"The form for fiscal years {first} and {last} is ready: {harmless(str(output))}")
    say("Mail it to the agencies. One that comes back is checked with: perdiem claim check FORM.xlsx")


@app.command("new")
def prefill(
    place: Annotated[str, typer.Option("--place", metavar="PLACE", help='The course\'s place, like "Orlando, FL".')],
    departs: Annotated[str, typer.Option("--from", metavar="DATE", help="The day of departure.")],
    returns: Annotated[str, typer.Option("--to", metavar="DATE", help="The day of return.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FORM.xlsx", help="The form to write.")],
    force: Force = False,
    source: Source = "auto",
    as_json: AsJsonLines = False,
) -> None:
    """Write a form with place and dates filled in.

    The agency types the rest into its yellow cells and mails it.

    \b
    Example: perdiem claim new --place "Orlando, FL" --from 2026-10-04 --to 2026-10-09 -o form.xlsx
    """
    from perdiem_calc.rates.places import parse_place
    from perdiem_calc.rules.law import load_law
    from perdiem_calc.workbook.form.edition import edition_for, years_for
    from perdiem_calc.workbook.writing.fill import cells_of_trip
    from perdiem_calc.workbook.writing.write import write_form

    Target(output, several=False)
    first, last = iso_day(departs, "--from"), iso_day(returns, "--to")
    if last < first:
        fix = "give the day of departure with --from, of return with --to"
        raise InputError("command.dates.reversed", f"{last} is before {first}", where="--to", fix=fix)
    place = line_given(place, "--place", most=None)
    rates = rates_of(source)
    try:
        edition = edition_for(years_for(first))
        cells = cells_of_trip(parse_place(place), first, last, edition, rates)
        write_form(output, cells, edition, load_law(), force=force)
    except PlaceNotResolved as error:
        raise _with_rates(error, place, first, rates) from None
    if as_json:
        typer.echo(json.dumps({"output": str(output)}))
        return
    say(f"The form is ready: {harmless(str(output))}")
    say(f"Fill in the yellow cells, then run: perdiem claim check {harmless(str(output))}")


@app.command("build")
def build(
    inputs: Inputs,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE.xlsx|FOLDER",
            help="The workbook [NAME-built.xlsx beside the claim]; for several claims a folder.",
        ),
    ] = None,
    force: Force = False,
    as_json: AsJsonLines = False,
    as_of: AsOf = None,
    fail_on: FailOn = None,
    source: Source = "auto",
) -> None:
    """Build the claim workbook for NASRO; of many claims, a folder.

    \b
    Example: perdiem claim build data/samples/2026-ORL-0001.json -o claim.xlsx
    """
    from perdiem_calc.workbook.writing.write import write_claim

    desk = Desk(as_of, source)
    paths = _paths(inputs)
    several = len(paths) > 1 or any(path.is_dir() for path in inputs)
    if several and output is None:
        raise InputError(
            "command.output.missing", "several claims need a folder", where="--output", fix="add it, like -o claims/"
        )
    target = Target(output, several=several) if output is not None else None
    run = Run(as_json=as_json, fail_on=fail_on, count=len(paths), builds=True)
    for path in run.over(paths):
        with run.one(path):
            itemized, findings = desk.judged(run.read(path), path)
            beside = path.with_name(f"{path.stem}-built.xlsx")
            workbook = beside if target is None else target.path_of(itemized.claim.claim_id)
            _say_what_is_left(path)
            write_claim(workbook, itemized, desk.rates, desk.law, force=force)
            run.done(path, itemized, findings, workbook=workbook)
    run.close()


@app.command("check")
def check(
    inputs: Inputs,
    as_json: AsJsonLines = False,
    as_of: AsOf = None,
    fail_on: FailOn = None,
    source: Source = "auto",
) -> None:
    """Say what a reviewer would question; nothing is written.

    \b
    Example: perdiem claim check data/samples/2026-ORL-0001.json
    """
    desk = Desk(as_of, source)
    paths = _paths(inputs)
    run = Run(as_json=as_json, fail_on=fail_on, count=len(paths), builds=False)
    for path in run.over(paths):
        with run.one(path):
            run.done(path, *desk.judged(run.read(path), path))
    run.close()


def explain(
    claim: Annotated[Path, typer.Argument(metavar="CLAIM", help="A .json, .toml or .xlsx file.")],
    line: Annotated[str, typer.Argument(metavar="LINE", help="The line's id, like N1, T1, D4, E2, C1 or CAP.")],
    as_json: AsJsonLines = False,
    as_of: AsOf = None,
    source: Source = "auto",
) -> None:
    """Say how the amount of a claim's line came about.

    The rate and its source, each step, the rule and its citation.

    \b
    Example: perdiem explain data/samples/2026-ORL-0001.json N1
    """
    from perdiem_calc.review.explanation import explain as sentences_of

    desk = Desk(as_of, source)
    itemized = desk.itemized(claim)
    try:
        sentences = sentences_of(itemized, line, desk.law)
    except PerdiemError as error:
        raise error.in_file(claim) from None
    if as_json:
        record = {"input": str(claim), "claim_id": itemized.claim.claim_id, "line": line.upper()}
        typer.echo(json.dumps({**record, "sentences": sentences}))
    else:
        say("\n".join(sentences))


def _with_rates(error: PlaceNotResolved, place: str, on: date, rates: Rates) -> RateUnavailable:
    """The error, with the rates between which a person has to choose, as `perdiem rate` shows them."""
    from perdiem_calc.cli.rate_answers import Asked, answer

    said = answer(Asked("", place, "", "", "", on, None), rates) if error.candidates else None
    return RateUnavailable(error.code, said.reason) if said is not None and said.exit_code else error


def _say_what_is_left(path: Path) -> None:
    """Say which cells of a workbook are NASRO's and so do not come along into the one that is built."""
    if path.suffix.lower() == ".xlsx":
        from perdiem_calc.workbook.reading.read import cells_of_nasro

        if left := cells_of_nasro(path):
            say(f"{harmless(str(path))}: filled in by NASRO, not carried over: {', '.join(left)}", err=True)


def _paths(inputs: list[Path]) -> list[Path]:
    from perdiem_calc.auditing.claim_file import claim_files

    return without_passed_over(claim_files(inputs))

"""`perdiem audit`: audit submitted claims, alone or by the folder; and record what was decided on them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from perdiem_calc.cli import ledger as ledgers
from perdiem_calc.cli.claim import FailOn
from perdiem_calc.cli.options import (
    BAR_FROM,
    SHOWN_IN_FULL,
    AsJsonLines,
    AsOf,
    AttendanceFile,
    Force,
    RosterFile,
    Source,
    attended_in,
    day_asked,
    end,
    line_given,
    listed_in,
    say,
    severity_to_fail_on,
    whole,
)
from perdiem_calc.errors import InputError
from perdiem_calc.text import harmless

if TYPE_CHECKING:
    from perdiem_calc.auditing.batch import Around, Basis, Watch
    from perdiem_calc.auditing.outputs import Failed, Item, Places
    from perdiem_calc.auditing.receiving import Intake
    from perdiem_calc.auditing.resuming import Resumed
    from perdiem_calc.checks.finding import Severity
    from perdiem_calc.history.records import Chosen
    from perdiem_calc.ledger import Head
    from perdiem_calc.review.result import AuditedClaim, Unreadable

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH", help="Submitted claims (.xlsx, .json, .toml), mails (.eml), archives (.zip), or folders."
    ),
]
LedgerAt = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="URL",
        envvar="PERDIEM_LEDGER",
        show_envvar=True,
        help="The ledger of what was paid before: a file, or postgresql://user@host/database.",
    ),
]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE.xlsx", help="Write a workbook on all the claims.")
]
Copies = Annotated[
    Path | None, typer.Option("--copies", metavar="FOLDER", help="Write a marked copy of each claim, to decide in.")
]
Letters = Annotated[
    Path | None, typer.Option("--letters", metavar="FOLDER", help="Write one letter to each agency, as text.")
]
SenderFile = Annotated[
    Path | None,
    typer.Option("--sender", metavar="FILE.toml", help="Who sends the letters, as perdiem letters init writes it."),
]
Word = Annotated[bool, typer.Option("--word", help="With --letters: write each as a Word document, too.")]
Resume = Annotated[
    bool, typer.Option("--resume", help="The files are copies that were decided on: record what was decided.")
]
By = Annotated[
    str | None, typer.Option("--by", metavar="NAME", help="With --resume: who records [whoever approved the claim].")
]
AcceptUnquestioned = Annotated[
    bool,
    typer.Option(
        "--accept-unquestioned",
        help="With --resume and --by: accept every copy that leaves nothing to decide and was not changed.",
    ),
]
Sro = Annotated[
    int | None,
    typer.Option("--sro", parser=whole(), metavar="NUMBER", help="With a ledger: the officer is this one on record."),
]
NewSro = Annotated[bool, typer.Option("--new-sro", help="With a ledger: the officer is none on record.")]
Full = Annotated[bool, typer.Option("--full", help="Show every claim in full, not the first three alone.")]
All = Annotated[bool, typer.Option("--all", help="List the claims that leave nothing to decide, too.")]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", parser=whole(1), metavar="COUNT", help="So many processes [as many as pay]."),
]


class Shown(NamedTuple):
    """What is shown of many claims: each in full; or a line for each, and not only of those that need a person."""

    in_full: bool
    every: bool


@dataclass(frozen=True, slots=True)
class Order:
    """What a person ordered, the files apart."""

    basis: Basis
    ledger: str | None
    around: Around
    places: Places
    as_json: bool
    jobs: int | None


def audit(
    inputs: Files,
    ledger: LedgerAt = None,
    roster: RosterFile = None,
    attendance: AttendanceFile = None,
    report: Report = None,
    copies: Copies = None,
    letters: Letters = None,
    sender: SenderFile = None,
    word: Word = False,
    resume: Resume = False,
    by: By = None,
    accept_unquestioned: AcceptUnquestioned = False,
    sro: Sro = None,
    new_sro: NewSro = False,
    force: Force = False,
    full: Full = False,
    every: All = False,
    fail_on: FailOn = None,
    as_json: AsJsonLines = False,
    as_of: AsOf = None,
    source: Source = "auto",
    jobs: Jobs = None,
) -> None:
    """Audit submitted claims: what is payable, what is not, and why.

    Each claim is computed again and compared with what its workbook states, the other claims, the ledger,
    the roster and the attendance list. Decide in the copies; --resume records it.

    \b
    Example: perdiem audit data/samples --report report.xlsx
    """
    from perdiem_calc.auditing.batch import Basis
    from perdiem_calc.auditing.receiving import received

    places = _places(report, copies, letters, sender, as_word=word, force=force)
    basis = Basis(day_asked(as_of, "--as-of"), source)
    around = _around(roster, attendance, ledger, ledgers.chosen(sro, new=new_sro))
    order = Order(basis, ledger, around, places, as_json, jobs)
    severity = severity_to_fail_on(fail_on)
    only_without = {"--report": report, "--copies": copies, "--full": full, "--all": every, "--fail-on": fail_on}
    only_with = {"--by": by, "--accept-unquestioned": accept_unquestioned}
    _refuse(only_without if resume else only_with, f"goes {'without' if resume else 'with'} --resume")
    own = [path for path in (roster, attendance, report, copies, letters, sender) if path is not None]
    with received(inputs, own, copies=resume) as intake:
        _look_over(intake, order)
        if resume:
            recorder = _recorder(by, needed=accept_unquestioned)
            _resume(intake, order, recorder, accepts_unquestioned=accept_unquestioned)
        else:
            _audit(intake, order, Shown(full, every), severity)


def _places(
    report: Path | None,
    copies: Path | None,
    letters: Path | None,
    sender: Path | None,
    *,
    as_word: bool,
    force: bool,
) -> Places:
    """Where the files go that were ordered. Raises OutputError where they cannot go there."""
    from perdiem_calc.auditing.letter_settings import read_sender
    from perdiem_calc.auditing.outputs import NASRO, Places

    if (as_word or sender is not None) and letters is None:
        fix = "name the folder of the letters"
        raise InputError("command.letters.missing", "is missing", where="--letters", fix=fix)
    sends = read_sender(sender) if sender is not None else NASRO
    places = Places(report, copies, letters, force, sends, as_word)
    places.check()
    return places


def _around(roster: Path | None, attendance: Path | None, ledger: str | None, sro: Chosen) -> Around:
    """The sources of the claims' history, but for the ledger, which is opened for the work."""
    from perdiem_calc.auditing.batch import Around

    if sro is not None and not ledger:
        fix = "name the ledger that has the officer"
        raise InputError("command.ledger.missing", "is missing", where="--ledger", fix=fix)
    return Around(None, listed_in(roster), sro, attended_in(attendance))


def _recorder(by: str | None, *, needed: bool) -> str | None:
    """Who records the decisions, where that was said."""
    if needed and not by:
        fix = "name who accepts the claims that leave nothing to decide"
        raise InputError("command.by.missing", "is missing", where="--by", fix=fix)
    return line_given(by, "--by", is_name=True) if by else None


def _look_over(intake: Intake, order: Order) -> None:
    """Name the files that nobody reads. Raises InputError where one officer was named for several claims."""
    for name, what in intake.passed_over:
        say(f"passed over, {what}: {harmless(name)}", err=True)
    for file in intake.files:
        for name in file.origin.same:
            say(f"the same file as {harmless(file.source)}: {harmless(name)}", err=True)
    if order.around.sro is not None and len(intake.files) > 1:
        what = "one officer for several claims"
        raise InputError("command.officer.for-several-claims", what, fix="audit such a claim alone")


def _refuse(options: Mapping[str, object], why: str) -> None:
    for option, value in options.items():
        if value:
            raise InputError("command.option.misplaced", why, where=option, fix="leave it out")


# --- the audit -----------------------------------------------------------------------------------------------------


def _audit(intake: Intake, order: Order, shown: Shown, severity: Severity | None) -> None:
    from perdiem_calc.auditing.batch import audit_files
    from perdiem_calc.auditing.outputs import items_of, write

    files = intake.files
    with ExitStack() as stack:
        ledger = stack.enter_context(ledgers.opened(order.ledger)) if order.ledger else None
        watch = stack.enter_context(_bars(len(files)))
        around = replace(order.around, ledger=ledger)
        run = audit_files(files, order.basis, around, jobs=order.jobs, watch=watch)
        run = replace(run, results=intake.accounted(run.results))
        items = items_of(run.audited, order.places, run.unreadable)
        failed = write(
            items,
            run.unreadable,
            order.places,
            as_of=order.basis.as_of,
            jobs=order.jobs,
            step=partial(watch, "written"),
        )
        head = ledger.head() if ledger is not None else None
    _say_wrong(run.problems, [*run.unreadable, *failed])
    if order.as_json:
        _print_records(run.results, items)
    else:
        _show(run.audited, run.unreadable, shown)
        _say_written(order.places, items, len(run.unreadable), failed)
    _say_head(head, order)
    codes = _codes([*run.unreadable, *failed])
    if severity is not None and any(one.worst >= severity for one in run.audited):
        codes.add(1)
    end(codes)


def _print_records(results: Sequence[AuditedClaim | Unreadable], items: Sequence[Item]) -> None:
    from perdiem_calc.cli.show import audited_record, unaudited_record
    from perdiem_calc.review.result import Unreadable

    left = iter(items)
    for one in results:
        record = unaudited_record(one) if isinstance(one, Unreadable) else audited_record(next(left))
        typer.echo(json.dumps(record))


def _show(audited: Sequence[AuditedClaim], unreadable: Sequence[Unreadable], shown: Shown) -> None:
    """Print a few claims in full and then their sums; of many the sums first, and then a line a claim."""
    from perdiem_calc.cli.show import show_audited, show_batch, show_sums, show_unread

    in_full = shown.in_full or len(audited) <= SHOWN_IN_FULL
    if in_full:
        for number, one in enumerate(audited):
            typer.echo("\n" if number else "", nl=False)
            show_audited(one)
        typer.echo("\n" if len(audited) + len(unreadable) > 1 else "", nl=False)
    if len(audited) + len(unreadable) > 1:
        show_sums(audited, unreadable)
    if not in_full:
        show_batch(audited, every=shown.every)
    show_unread(unreadable)


def _say_written(places: Places, items: Sequence[Item], unread: int, failed: Sequence[Failed]) -> None:
    """Where the files are that were ordered."""
    from perdiem_calc.text import counted

    bad = {one.source for one in failed}
    if places.copies is not None:
        copies = sum(item.copy is not None and item.copy.exists() for item in items)
        say(f"{counted(copies, 'copy', 'copies')} to decide in: {places.copies}")
    if places.letters is not None:
        say(f"Draft letters, one for each agency{_kinds(places)}: {places.letters}")
    if places.report is not None and str(places.report) not in bad:
        say(f"The report is ready: {places.report}")


def _say_head(head: Head | None, order: Order) -> None:
    """With letters, what the ledger was when they were written; a program's own lines are left alone."""
    if head is not None and order.places.letters is not None:
        say(f"Head of the ledger: {head}", err=order.as_json)


def _kinds(places: Places) -> str:
    return ", as text and in Word" if places.as_word else ""


def _codes(wrong: Sequence[Unreadable | Failed]) -> set[int]:
    return {one.error.exit_code for one in wrong}


def _say_wrong(problems: Sequence[str], wrong: Sequence[Unreadable | Failed]) -> None:
    for problem in problems:
        say(f"perdiem: note: {problem}", err=True)
    for one in wrong:
        if not one.error.where:
            one.error.file = one.error.file or one.source
        say(one.error, err=True)


# --- the decisions -------------------------------------------------------------------------------------------------


def _resume(intake: Intake, order: Order, by: str | None, *, accepts_unquestioned: bool) -> None:
    from perdiem_calc.auditing.batch import Batch
    from perdiem_calc.auditing.outputs import Item, items_of, letters_of, write
    from perdiem_calc.auditing.recording import Office
    from perdiem_calc.auditing.resuming import resume
    from perdiem_calc.review.result import Unreadable

    if not order.ledger:
        raise InputError(
            "command.ledger.missing",
            "is missing",
            where="--ledger",
            fix="name the ledger in which the decisions are recorded",
        )
    with ledgers.opened(order.ledger, by) as ledger, _bars(len(intake.files)) as watch:
        around = replace(order.around, ledger=ledger)
        batch = Batch(intake.files, order.basis, around, jobs=order.jobs, watch=watch)
        audited = [one for one in batch.results(watch) if not isinstance(one, Unreadable)]
        # A letter that is there already is looked at when it is known which claims are recorded now.
        anew = replace(order.places, force=True)
        letters = {item.audited.source: item.letter for item in items_of(audited, anew)}
        office = Office(ledger, by or "")
        results = resume(batch, office, accepts_unquestioned=accepts_unquestioned, watch=watch)
        resumed = [one for one in results if not isinstance(one, Unreadable)]
        settled = [one for one in resumed if one.decided is not None]
        every = [Item(one.audited, None, letters[one.audited.source], one.decided) for one in settled]
        new = {one.audited.source for one in settled if one.status == "recorded"}
        decided = letters_of(every, order.places, new)
        failed = write(decided, (), order.places, as_of=order.basis.as_of, step=partial(watch, "written"))
        head = ledger.head()
    unreadable = [one for one in results if isinstance(one, Unreadable)]
    _say_wrong(batch.problems, [*unreadable, *failed])
    _show_resumed(results, decided, order)
    _say_head(head, order)
    stopped = any(one.status in ("refused", "changed") for one in resumed)
    end(_codes([*unreadable, *failed]) | ({2} if stopped else set()))


def _show_resumed(results: Sequence[Resumed | Unreadable], decided: Sequence[Item], order: Order) -> None:
    from perdiem_calc.cli.show import resumed_record, show_resumed, unreadable_record
    from perdiem_calc.review.result import Unreadable
    from perdiem_calc.text import counted

    letters = {item.audited.source: item.letter for item in decided}
    if not order.as_json:
        show_resumed([one for one in results if not isinstance(one, Unreadable)])
        if order.places.letters is not None:
            count = counted(len(set(letters.values())), "letter")
            say(f"{count} on what was decided{_kinds(order.places)}: {order.places.letters}")
        return
    for one in results:
        if isinstance(one, Unreadable):
            record = unreadable_record(one) | {"status": "unreadable"}
        else:
            record = resumed_record(one, letters.get(one.audited.source))
        typer.echo(json.dumps(record))


@contextmanager
def _bars(files: int) -> Iterator[Watch]:
    """A bar for each phase of the work on many files, on a terminal only."""
    if files < BAR_FROM or not sys.stderr.isatty():
        yield lambda phase, count: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, Any] = {}

        def watch(phase: str, count: int) -> None:
            if phase not in tasks:
                tasks[phase] = progress.add_task(phase, total=files)
            progress.advance(tasks[phase], count)

        yield watch

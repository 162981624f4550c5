"""`perdiem ledger`: what was paid for each officer, and what is left of the limit."""

from __future__ import annotations

import getpass
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

from perdiem_calc.cli.options import (
    AsJsonLines,
    AsOf,
    AttendanceFile,
    Force,
    Inputs,
    RosterFile,
    Source,
    attended_in,
    day_asked,
    iso_day,
    line_given,
    listed_in,
    say,
    whole,
)
from perdiem_calc.errors import InputError, PerdiemError
from perdiem_calc.text import harmless, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from perdiem_calc.auditing.recording import Outcome
    from perdiem_calc.history.records import Chosen, Verdict
    from perdiem_calc.ledger import Entry, Head, Ledger
    from perdiem_calc.ledger.accounts import TableName
    from perdiem_calc.ledger.paying import PaymentOrder
    from perdiem_calc.review.result import AuditedClaim

LONGEST_REASON = 1000

app = typer.Typer(no_args_is_help=True)

Where = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="URL",
        envvar="PERDIEM_LEDGER",
        show_envvar=True,
        help="The ledger: a file, or postgresql://user@host/database [ledger.sqlite in the user's data folder].",
    ),
]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", envvar="PERDIEM_REVIEWER", help="Who makes the entry [the user]."),
]
Create = Annotated[bool, typer.Option("--create", help="Begin a new ledger where there is none.")]
Decided = Annotated[
    str | None,
    typer.Option(
        "--verdict",
        metavar="VERDICT",
        help="What a person decided: accept, adjust or return [accept, where nothing is left to decide].",
    ),
]
Amount = Annotated[str | None, typer.Option("--amount", metavar="DOLLARS", help="What to pay, with adjust.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is decided so.")]
PaidOn = Annotated[str | None, typer.Option("--paid-on", metavar="DATE", help="The day of payment.")]
Reference = Annotated[str, typer.Option("--payment-number", metavar="TEXT", help="The number of the payment.")]
OnRecord = Annotated[
    int | None, typer.Option("--sro", parser=whole(), metavar="NUMBER", help="The officer is this one on record.")
]
NotOnRecord = Annotated[bool, typer.Option("--new-sro", help="The officer is none on record.")]
Award = Annotated[str, typer.Argument(metavar="AWARD", help="The award number.")]
OfficerName = Annotated[str, typer.Argument(metavar="OFFICER", help='The officer, like "Jordan Reyes".')]


def opened(where: str | None, by: str | None = None, *, create: bool = False) -> Ledger:
    """The ledger a command works with."""
    from perdiem_calc.ledger import Ledger
    from perdiem_calc.ledger.address import Address
    from perdiem_calc.rules.law import load_law

    place, who = place_of(where, create=create), line_given(by or getpass.getuser(), "--by", is_name=True)
    file = Address.of(place).file
    if create and (file is None or not file.exists()):
        ledger = Ledger.begin(place, load_law(), by=who)
        say(f"A new ledger: {ledger.shown}", err=True)
        return ledger
    return Ledger.open(place, by=who)


@app.callback()
def ledger() -> None:
    """Keep what was paid for each officer, within the limit.

    \b
    Example: perdiem ledger verify --ledger ledger.sqlite
    """


def place_of(where: str | None, *, create: bool = False) -> str:
    """The ledger that is named, or the one in the user's data folder, which is made with `create`."""
    if where:
        return where
    from perdiem_calc.files import user_folder

    folder = user_folder()
    if create:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return str(folder / "ledger.sqlite")


def _say(as_json: bool, record: dict[str, Any], text: str) -> None:
    say(json.dumps(record) if as_json else text)


@app.command("record")
def record(
    claims: Inputs,
    where: Where = None,
    verdict: Decided = None,
    amount: Amount = None,
    reason: Reason = "",
    paid_on: PaidOn = None,
    reference: Reference = "",
    sro: OnRecord = None,
    new_sro: NotOnRecord = False,
    by: By = None,
    create: Create = False,
    roster: RosterFile = None,
    attendance: AttendanceFile = None,
    as_of: AsOf = None,
    source: Source = "auto",
    as_json: AsJsonLines = False,
) -> None:
    """Audit claims, and record what is paid.

    What blocks is not paid; what is questioned waits for --verdict and --reason. A claim is recorded once, and
    within what is left of the officer's limit.

    \b
    Example: perdiem ledger record data/samples/2026-ORL-0001.json --ledger ledger.sqlite --create
    """
    from perdiem_calc.auditing import recording
    from perdiem_calc.auditing.batch import Around, Basis, Batch, submissions
    from perdiem_calc.cli.options import end, without_passed_over

    paths = without_passed_over(submissions(claims))
    if len(paths) > 1 and (amount is not None or sro is not None):
        raise InputError(
            "command.amount.for-several-claims",
            "one amount or officer for several claims",
            fix="record such a claim alone",
        )
    decide = _decision(verdict, amount, reason, paid_on, reference)
    who, basis = chosen(sro, new=new_sro), Basis(day_asked(as_of, "--as-of"), source)
    done: dict[int, Outcome[Any]] = {}
    with opened(where, by, create=create) as ledger:
        around = Around(ledger, listed_in(roster), who, attended_in(attendance))
        batch = Batch(paths, basis, around)
        for number in batch.in_order():
            done[number] = recording.record(batch, number, recording.Office(ledger), decide)
    for problem in batch.problems:
        typer.echo(f"perdiem: note: {problem}", err=True)
    end({_say_recorded(batch.files[number], done[number], as_json=as_json) for number in sorted(done)})


def _decision(
    verdict: str | None, amount: str | None, reason: str, paid_on: str | None, reference: str
) -> Callable[[AuditedClaim], Entry]:
    """What is entered of each audited claim, as the options say."""
    from perdiem_calc.ledger import Entry
    from perdiem_calc.money import dollars

    decided = _verdict(verdict) if verdict is not None else None
    reason = line_given(reason, "--reason", most=LONGEST_REASON)
    reference = line_given(reference, "--payment-number")
    to_pay = dollars(amount) if amount is not None else None
    on = iso_day(paid_on, "--paid-on") if paid_on else None

    def decide(audited: AuditedClaim) -> Entry:
        _refuse_decided(audited.source)
        return Entry(audited, decided, to_pay, reason, on, reference)

    return decide


def _refuse_decided(source: str) -> None:
    """Refuse a copy of the audit that has a decision in it: no decision is ignored."""
    if source.lower().endswith(".xlsx"):
        from perdiem_calc.workbook.reading.decisions import is_decided

        if is_decided(Path(source)):
            fix = "record what was decided in it: perdiem audit --resume"
            raise InputError("ledger.copy.decided", "is a copy of an audit, with a decision in it", fix=fix)


def _say_recorded(path: Path, done: Outcome[Any], *, as_json: bool) -> int:
    """Say what became of a claim; the exit code."""
    recorded = done.recorded
    if recorded is None:
        return _say_refused(path, done, as_json=as_json)
    amounts = {
        "paid": recorded.paid,
        "change": recorded.change,
        "paid_before": recorded.paid_before,
        "limit": recorded.limit,
        "remaining": recorded.remaining,
    }
    about = {"input": str(path), "claim_id": recorded.claim_id, "status": "recorded", "sro": recorded.sro}
    _say(
        as_json,
        {**about, "verdict": recorded.verdict, **{name: str(value) for name, value in amounts.items()}},
        f"{recorded.claim_id}: {recorded}",
    )
    return 0


def _verdict(text: str) -> Verdict:
    from perdiem_calc.history.records import Verdict

    verdicts: tuple[Verdict, ...] = get_args(Verdict)
    for verdict in verdicts:
        if verdict == text:
            return verdict
    raise InputError(
        "command.verdict.unknown", f"{text!r} is not a verdict", where="--verdict", fix="use accept, adjust or return"
    )


def chosen(sro: int | None, *, new: bool) -> Chosen:
    """The officer chosen on the command line. Raises InputError if two are."""
    if sro is not None and new:
        raise InputError(
            "command.options.contradictory", "--sro and --new-sro contradict each other", fix="give one of them"
        )
    return "new" if new else sro


def _say_refused(path: Path, done: Outcome[Any], *, as_json: bool) -> int:
    from perdiem_calc.ledger import AlreadyRecorded
    from perdiem_calc.review.result import AuditedClaim

    error = cast(PerdiemError, done.refused)
    error.file = error.file or str(path)
    say(f"perdiem: {error}", err=True)
    status = "already_recorded" if isinstance(error, AlreadyRecorded) else "refused"
    if as_json:
        claim_id = done.audited.claim_id or None if isinstance(done.audited, AuditedClaim) else None
        record = {"input": str(path), "claim_id": claim_id, "status": status, "error": error.as_record()}
        typer.echo(json.dumps(record))
    return error.exit_code


@app.command("pay")
def pay(
    what: Annotated[
        str,
        typer.Argument(
            metavar="CLAIM|FILE.csv",
            help="A claim's id; or a file of many, with the columns claim_id, number, date and method; maybe status, "
            "amount, reason and sro.",
        ),
    ],
    where: Where = None,
    status: Annotated[
        str, typer.Option("--status", metavar="STATUS", help="scheduled, paid, void, reissued or recovered.")
    ] = "paid",
    number: Annotated[
        str, typer.Option("--number", metavar="TEXT", help="The number of the check or transfer.")
    ] = "",
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day of it.")] = None,
    method: Annotated[str, typer.Option("--method", metavar="TEXT", help="How, like check or ACH.")] = "",
    amount: Annotated[
        str | None,
        typer.Option("--amount", metavar="DOLLARS", help="To compare with the ledger; or what came back."),
    ] = None,
    reason: Reason = "",
    sro: Annotated[
        int | None,
        typer.Option("--sro", parser=whole(), metavar="NUMBER", help="Whose claim it is, where several have the id."),
    ] = None,
    by: By = None,
    as_json: AsJsonLines = False,
) -> None:
    """Record what became of the payment of approved claims.

    A void payment returns its amount to the officer's limit, and the claim stays approved. A file is recorded whole
    or not at all.

    \b
    Example: perdiem ledger pay 2026-ORL-0009 --number CK-1042 --on 2026-11-25 --ledger ledger.sqlite
    """
    asked = {"status": status, "number": number, "date": on or "", "method": method}
    asked |= {"amount": amount or "", "reason": reason, "sro": "" if sro is None else str(sro)}
    orders = _orders(what, asked)
    with opened(where, by) as ledger:
        done = ledger.pay(orders)
    for order, paid in zip(orders, done, strict=True):
        amounts = {"amount": paid.amount, "still_due": paid.still_due, "remaining": paid.remaining}
        record = {"claim_id": paid.claim_id, "status": paid.status, "sro": paid.sro, "number": order.number}
        _say(
            as_json,
            record | {name: str(value) for name, value in amounts.items()},
            f"{paid.claim_id}: {paid}",
        )


def _orders(what: str, asked: dict[str, str]) -> list[PaymentOrder]:
    """The payments of a file; or the one of a claim, by what the options say."""
    from perdiem_calc.ledger.payment_file import order_of, read_payments

    if not what.lower().endswith(".csv"):
        return [order_of(asked | {"claim_id": what})]
    given = [name for name, text in asked.items() if text and (name, text) != ("status", "paid")]
    if given:
        raise InputError(
            "command.option.misplaced", f"{listed(given)} given with a file", fix="write it into the file"
        )
    return read_payments(Path(what))


@app.command("remaining")
def remaining(
    award: Award,
    officer: OfficerName,
    where: Where = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day whose limit counts [today].")
    ] = None,
    as_json: AsJsonLines = False,
) -> None:
    """Say what is left of an officer's limit.

    \b
    Example: perdiem ledger remaining 15JCOPS-25-GG-01234-UHPX "Reyes, Jordan" --ledger ledger.sqlite
    """
    from perdiem_calc.money import in_dollars

    award, officer = line_given(award, "AWARD"), line_given(officer, "OFFICER", is_name=True)
    with opened(where) as ledger:
        found = ledger.balance(award, officer, day_asked(on, "--on"))
    text = f"{found.officer}, award {found.award_number}: "
    if found.sro is not None:
        text += f"{in_dollars(found.remaining)} of {in_dollars(found.limit)} left, "
        text += f"{in_dollars(found.used)} used, {in_dollars(found.paid)} paid"
    else:
        text += f"nothing is recorded; the limit is {in_dollars(found.limit)}"
    if found.near:
        text += "\nWhom it may be, for you to decide:" + "".join(f"\n  {match}" for match in found.near)
    amounts: dict[str, str | None] = {
        "limit": str(found.limit),
        "used": str(found.used),
        "paid": str(found.paid),
        "remaining": str(found.remaining),
    }
    if found.standing == "undecided":
        amounts = {"limit": str(found.limit), "used": None, "paid": None, "remaining": None}
    near = [
        {"sro": one.sro, "award_number": one.award_number, "officer": one.officer, "why": one.why}
        for one in found.near
    ]
    head = {"sro": found.sro, "award_number": found.award_number, "officer": found.officer}
    _say(as_json, {**head, "standing": found.standing, **amounts, "near": near}, text)


@app.command("show")
def show(award: Award, officer: OfficerName, where: Where = None, as_json: AsJsonLines = False) -> None:
    """Show an officer's claims, decisions and payments.

    Each entry has who made it, when and why.

    \b
    Example: perdiem ledger show 15JCOPS-25-GG-01234-UHPX "Jordan Reyes" --ledger ledger.sqlite
    """
    from perdiem_calc.money import in_dollars

    award, officer = line_given(award, "AWARD"), line_given(officer, "OFFICER", is_name=True)
    with opened(where) as ledger:
        found = ledger.balance(award, officer, date.today())
        if found.sro is None:
            near = "".join(f"\n  {match}" for match in found.near)
            raise InputError(
                "ledger.officer.unknown",
                f"nothing is recorded for {officer} of award {award}",
                fix=f"whom it may be:{near}" if near else "check the spelling",
            )
        claims, history = ledger.claims(found.sro), ledger.history(found.sro)
        payments = ledger.payments(found.sro)
        spellings = [f"{one.name}, award {one.award_number}" for one in ledger.spellings(found.sro)]
    fields = ("claim_id", "kind", "replaces", "verdict", "superseded_by", "agency", "recorded_at", "recorded_by")
    records = [
        {
            **{name: getattr(one, name) for name in fields},
            **{name: str(getattr(one, name)) for name in ("claimed", "allowable", "paid", "returned_on")},
        }
        for one in claims
    ]
    if as_json:
        record = {"sro": found.sro, "spellings": spellings, "claims": records, "payments": payments}
        typer.echo(json.dumps(record | {"history": history}))
        return
    say(f"SRO {found.sro}: {'; '.join(spellings)}")
    amounts = f"{in_dollars(found.used)} used, {in_dollars(found.paid)} paid"
    say(f"{in_dollars(found.remaining)} of {in_dollars(found.limit)} left; {amounts}")
    typer.echo(f"\n{'claim':<24}{'verdict':<9}{'claimed':>12}{'allowable':>12}{'counted':>12}")
    for one in claims:
        note = f"  superseded by {one.superseded_by}" if one.superseded_by else ""
        say(f"{one.claim_id:<24}{one.verdict:<9}{one.claimed:>12,.2f}{one.allowable:>12,.2f}{one.paid:>12,.2f}{note}")
    typer.echo(f"\n{'when':<12}{'what':<17}{'claim':<24}{'amount':>12}  by, and why")
    for entry in history:
        row = f"{entry['recorded_at'][:10]:<12}{entry['what'].replace('_', ' '):<17}{entry['claim_id']:<24}"
        say(f"{row}{entry['amount']:>12}  {entry['recorded_by']}{_details(entry)}")


def _details(entry: dict[str, str]) -> str:
    """The number, day, method and reason of an entry, as far as it has them."""
    about = {"number": entry["reference"], "on": entry["paid_on"], "by": entry["method"]}
    parts = [f"{word} {text}" for word, text in about.items() if text]
    return "".join(f"; {text}" for text in (*parts, entry["reason"]) if text)


@app.command("export")
def export(
    output: Annotated[
        Path, typer.Argument(metavar="FILE", help="An .xlsx or .csv file for a table; .jsonl for every entry.")
    ],
    table: Annotated[
        str, typer.Option("--table", metavar="TABLE", help="payables, payments, reconciliation or officers.")
    ] = "payments",
    where: Where = None,
    force: Force = False,
    as_json: AsJsonLines = False,
) -> None:
    """Write the ledger to a file for an accountant.

    \b
    Example: perdiem ledger export payables.xlsx --table payables --ledger ledger.sqlite
    """
    from perdiem_calc.text import counted

    name = _table_name(table)
    with opened(where) as ledger:
        rows, head = _exported(ledger, output, name, force=force), ledger.head()
    _say(
        as_json,
        {"output": str(output), "rows": rows, **_head_record(head)},
        f"{counted(rows, 'row')}: {harmless(output)}\nHead of the ledger: {head}",
    )


def _head_record(head: Head) -> dict[str, int | str]:
    return {"entries": head.entries, "head": head.sha256}


@app.command("head")
def head(where: Where = None, as_json: AsJsonLines = False) -> None:
    """Print how many entries there are, and the last hash.

    Note it where nobody who writes to the ledger can change it: verify --head finds it again.

    \b
    Example: perdiem ledger head --ledger ledger.sqlite
    """
    with opened(where) as ledger:
        found = ledger.head()
    _say(as_json, _head_record(found), f"Head of the ledger: {found}")


def _table_name(text: str) -> TableName:
    from perdiem_calc.ledger.accounts import TABLES

    for name in TABLES:
        if name == text:
            return name
    raise InputError(
        "command.table.unknown",
        f"{text!r} is no table of the ledger",
        where="--table",
        fix=f"use one of: {', '.join(TABLES)}",
    )


def _exported(ledger: Ledger, output: Path, name: TableName, *, force: bool) -> int:
    """Write a table, or every entry; how many rows. The reconciliation's workbook has the officers as well."""
    if output.suffix.lower() != ".xlsx":
        return ledger.export(output, name, force=force)
    from perdiem_calc.auditing.accounts_workbook import write_accounts

    tables = [ledger.table(name)]
    if name == "reconciliation":
        tables.append(ledger.table("officers"))
    write_accounts(output, tables, date.today(), force=force)
    return len(tables[0].rows)


@app.command("import-roster")
def import_roster(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help="The columns award and officer; maybe agency and paid_before.")
    ],
    where: Where = None,
    by: By = None,
    create: Create = False,
    as_json: AsJsonLines = False,
) -> None:
    """Put a roster of funded officers in force.

    What its column paid_before says was paid earlier counts towards the limit.

    \b
    Example: perdiem ledger import-roster roster.csv --ledger ledger.sqlite --create
    """
    from perdiem_calc.auditing.claim_file import read_roster
    from perdiem_calc.rules.law import load_law
    from perdiem_calc.text import counted

    roster = read_roster(file)
    with opened(where, by, create=create) as ledger:
        done = ledger.import_roster(roster, load_law())
    text = f"Read from {harmless(file)}: {roster.summary}\n"
    text += f"{counted(done.officers, 'officer')} on the roster: {done.added} added, {done.removed} removed"
    if done.openings:
        text += f"; earlier payments entered or corrected for {done.openings}"
    if not done.imported:
        text = f"Read from {file}: {roster.summary}\nThis roster is in force already; nothing was written"
    if done.near:
        text += "\nPossible matches; find out before anything is paid:" + "".join(f"\n  {one}" for one in done.near)
    if roster.passed_over:
        text += f"\nColumns passed over: {harmless(', '.join(roster.passed_over))}"
    record = {"input": str(file), "status": "imported" if done.imported else "already_imported"}
    counts = {"officers": done.officers, "added": done.added, "removed": done.removed, "openings": done.openings}
    read = {"rows": len(roster.entries), "paid_before": str(roster.paid_before)}
    near = {"near": list(done.near)}
    _say(as_json, {**record, **read, **counts, **near, "passed_over": list(roster.passed_over)}, text)


@app.command("import-attendance")
def import_attendance(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.csv", help="The columns class_id, officer, agency, completed_on and hours."),
    ],
    where: Where = None,
    by: By = None,
    create: Create = False,
    as_json: AsJsonLines = False,
) -> None:
    """Put attendance lists of classes in force.

    Of each class the list imported last counts; a file may hold several classes.

    \b
    Example: perdiem ledger import-attendance class.csv --ledger ledger.sqlite --create
    """
    from perdiem_calc.auditing.claim_file import read_attendance
    from perdiem_calc.text import counted

    read = read_attendance(file)
    with opened(where, by, create=create) as ledger:
        done = ledger.import_attendance(read)
    text = f"Read from {harmless(file)}: {read.summary}\n"
    text += f"{counted(done.officers, 'officer')} on the lists: {done.added} added, {done.removed} removed"
    if not done.imported:
        text = f"Read from {harmless(file)}: {read.summary}\nThese lists are in force already; nothing was written"
    if read.passed_over:
        text += f"\nColumns passed over: {harmless(', '.join(read.passed_over))}"
    record = {"input": str(file), "status": "imported" if done.imported else "already_imported"}
    counts = {"officers": done.officers, "classes": done.classes, "added": done.added, "removed": done.removed}
    _say(as_json, {**record, **counts, "passed_over": list(read.passed_over)}, text)


@app.command("verify")
def verify(
    where: Where = None,
    noted: Annotated[
        str | None, typer.Option("--head", metavar="HASH", help="A hash that was noted earlier: is it still there?")
    ] = None,
    as_json: AsJsonLines = False,
) -> None:
    """Check that the ledger is whole. Exit 1 if not.

    Readable, guarded, every entry as recorded, every claim approved as decided, nobody above the limit.

    \b
    Example: perdiem ledger verify --ledger ledger.sqlite
    """
    from perdiem_calc.rules.law import load_law

    with opened(where) as ledger:
        found, shown, head = ledger.problems(load_law()), ledger.shown, ledger.head()
        place = ledger.place_of(noted.strip().lower()) if noted is not None else None
    problems = [{"what": one.what, "where": one.where} for one in found]
    if noted is not None and place is None:
        what = "no entry has this hash: entries that were there when it was noted are gone or changed"
        problems.append({"what": what, "where": f"--head {harmless(noted)}"})
    text = "\n".join(harmless(f"{one['where']}: {one['what']}") for one in problems)
    if not problems:
        text = f"The ledger is whole: {shown}\nHead of the ledger: {head}"
        text += f"\nThe hash noted is that of entry {place}" if place is not None else ""
    _say(as_json, {"ledger": shown, "whole": not problems, **_head_record(head), "problems": problems}, text)
    raise typer.Exit(1 if problems else 0)


@app.command("backup")
def backup(
    output: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write: a new SQLite file.")],
    where: Where = None,
    as_json: AsJsonLines = False,
) -> None:
    """Copy the ledger to a file, which is a ledger itself.

    \b
    Example: perdiem ledger backup ledger-2026-11-23.sqlite --ledger ledger.sqlite
    """
    with opened(where) as ledger:
        ledger.backup(output)
    with opened(str(output)) as copy:
        head = copy.head()
    text = f"The backup is ready: {harmless(output)}\nHead of the ledger: {head}"
    _say(as_json, {"output": str(output), **_head_record(head)}, text)


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="BACKUP", help="A backup made by this program.")],
    where: Where = None,
    as_json: AsJsonLines = False,
) -> None:
    """Make a ledger from a backup.

    It becomes a new file, or goes onto a server.

    \b
    Example: perdiem ledger restore ledger-2026-11-23.sqlite --ledger restored.sqlite
    """
    from perdiem_calc.ledger import Ledger
    from perdiem_calc.ledger.looking import look

    Ledger.restore(file, place_of(where, create=True))
    with opened(where):
        seen = look(place_of(where))
    _say(
        as_json,
        {"input": str(file), "ledger": seen.shown, **seen.counts},
        f"The ledger is restored: {seen.shown}\nRead from {harmless(file)}: {seen.content}",
    )

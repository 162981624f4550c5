"""No traceback, anywhere: what is damaged, closed, odd or missing ends in a sentence and an exit code."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from perdiem_calc.cli import claim as claim_commands
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.ledger import Ledger
from perdiem_calc.rates.gsa.cache import AnswerCache
from perdiem_calc.text import harmless
from tests.support.command import Perdiem, Run
from tests.support.house_rules import ROOT
from tests.support.ledgers import AWARD, begun, entry

SAMPLE = ROOT / "data" / "samples" / "2026-ORL-0001.json"
DAY = ("--as-of", "2026-11-23")


def in_words(run: Run) -> bool:
    """Whether a command ended with an exit code of its own, and in words."""
    said = run.out + run.err
    return run.code in (0, 1, 2, 3) and "Traceback" not in said and "the program failed" not in said


# ---- a ledger that is damaged


@pytest.fixture
def place(tmp_path: Path, law: Law) -> Path:
    path = tmp_path / "ledger.sqlite"
    begun(str(path), law, entry("A-1", "700.00")).close()
    return path


def patched(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    assert len(old) == len(new)
    path.write_bytes(content.replace(old, new))


def rewritten(path: Path, statement: str, *values: object) -> None:
    """What somebody does who takes the guards off and puts them back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)
        for _, sql in guards:
            connection.execute(sql)


COMMANDS: tuple[tuple[object, ...], ...] = (
    ("ledger", "verify"),
    ("ledger", "record", SAMPLE, *DAY),
    ("ledger", "remaining", AWARD, "Jordan Reyes"),
    ("ledger", "show", AWARD, "Jordan Reyes"),
    ("ledger", "export", "{}.jsonl"),
    ("ledger", "export", "{}.csv"),
    ("ledger", "backup", "{}.backup"),
    ("audit", SAMPLE, *DAY),
    ("doctor",),
)


def every_command(perdiem: Perdiem, place: Path) -> dict[str, Run]:
    """What the commands say that use a ledger."""
    return {
        " ".join(map(str, command[:2])): perdiem(*(str(part).format(place) for part in command), "--ledger", place)
        for command in COMMANDS
    }


def test_a_ledger_whose_damage_has_a_name_that_is_no_text_crashes_no_command(perdiem: Perdiem, place: Path) -> None:
    """SQLite names what is malformed, and Python cannot read the name."""
    patched(place, b"CREATE TABLE payment", b"CREATE T\xff\xfeLE payment")
    damaged = "the ledger is damaged (malformed: text that is not UTF-8)"
    for command, run in every_command(perdiem, place).items():
        assert in_words(run), command
        assert run.code == (1 if command.startswith("doctor") else 2), command
        assert damaged in " ".join((run.out + run.err).split()), command


def test_a_text_in_a_ledger_that_is_no_text_is_found_by_verify(perdiem: Perdiem, place: Path) -> None:
    patched(place, b"Jordan Reyes", b"Jord\xff\xfe Reyes")
    for command, run in every_command(perdiem, place).items():
        assert in_words(run), command
        assert "Jord" not in run.err, command
    problems = perdiem("ledger", "verify", "--ledger", place, "--json").record["problems"]
    assert {"what": "officer is not text", "where": "sro 1"} in problems
    assert {"what": "its content is not what was recorded", "where": "claim A-1"} in problems


@pytest.mark.parametrize(
    ("statement", "value", "problem"),
    [
        ("UPDATE payment SET counted_on = ?", "soon", "payment 1: no limit was in force on soon"),
        ("UPDATE claim SET departed_on = ?", "\uff12026-10-04", ""),
        ("UPDATE claim SET content = ?", "[" * 100_000, "claim A-1: its content is not what was recorded"),
        ("UPDATE ledger_version SET version = version + ?", 40, "version 41"),
        ("UPDATE cap_limit SET effective_from = ?", "soon", ""),
        ("UPDATE claim SET claimed_cents = ?", 2**62, ""),
        ("UPDATE claim SET claim_id = ?", "A\n-\x1b[31m1", ""),
    ],
)
def test_a_value_that_no_ledger_holds_crashes_no_command(
    perdiem: Perdiem, place: Path, statement: str, value: object, problem: str
) -> None:
    rewritten(place, statement, value)
    for command, run in every_command(perdiem, place).items():
        assert in_words(run), (command, run.err)
        assert "\x1b" not in run.out + run.err, command
    verified = perdiem("ledger", "verify", "--ledger", place)
    assert problem in verified.out + verified.err


@pytest.mark.parametrize("end", ["-journal", "-wal", "-shm"])
def test_a_pipe_next_to_a_ledger_is_not_waited_for(perdiem: Perdiem, place: Path, end: str) -> None:
    os.mkfifo(f"{place}{end}")
    run = perdiem("ledger", "verify", "--ledger", place)
    assert (run.code, run.err) == (2, f"perdiem: {place}{end}: is not a file; name the ledger's file\n")


# ---- names that are no text, or more than a line of it

NAMES = (
    b"caf\xe9.json",
    b"a\nPayable by NASRO $9,999.00.json",
    b"\x1b[31mred.json",
    b"a\rb.json",
    "\u202egnp.json".encode(),
    "zero\u200bwidth.json".encode(),
    b"\xff\xfe.xlsx",
    b"old\xe9.xls",
    b"x" * 250 + b".json",
)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        claim = json.loads(SAMPLE.read_text()) | {"claim_id": f"C-{number}" if number % 4 else "C-0"}
        with open(os.path.join(os.fsencode(folder), name), "w") as file:
            json.dump(claim if number % 3 else {"schema": number}, file)
    return folder


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.slow
def test_files_with_names_that_are_no_text_are_audited_and_shown(
    perdiem: Perdiem, inbox: Path, tmp_path: Path, jobs: int
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    places = ("--report", out / "report.xlsx", "--copies", out / "copies", "--letters", out / "letters")
    run = perdiem("audit", inbox, *places, "--jobs", jobs, "--full", *DAY)
    said = run.out + run.err
    assert (run.code, in_words(run)) == (2, True)
    assert rf"{inbox}/caf\xe9.json" in said
    assert r"\x1b[31mred.json" in said
    assert r"a\nPayable by NASRO $9,999.00.json" in said
    assert not any(line.startswith("Payable by NASRO $9,999") for line in said.splitlines())
    assert not set("\x1b\r\u202e\u200b") & set(said)
    book = openpyxl.load_workbook(out / "report.xlsx")
    files = {str(row[0].value) for row in book["Summary"].iter_rows() if row[0].value}
    cells = {str(cell.value) for row in book["Summary"].iter_rows() for cell in row}
    assert rf"{inbox}/caf\xe9.json" in cells
    assert files
    records = perdiem("audit", inbox, *DAY, "--json").records
    named = {name for record in records for name in (record["input"], *record["same_as"])}
    assert named == {os.path.join(inbox, os.fsdecode(name)) for name in NAMES}


def test_other_commands_show_such_names_as_well(perdiem: Perdiem, inbox: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), b"o\xff\n\x1b[31m")))
    for command in (
        ("claim", "check", inbox),
        ("claim", "build", inbox, "-o", odd),
        ("ledger", "record", inbox, "--ledger", f"{odd}.sqlite", "--create", "--by", "Ann", *DAY),
        ("ledger", "verify", "--ledger", f"{odd}.sqlite"),
        ("ledger", "backup", f"{odd}.backup", "--ledger", f"{odd}.sqlite"),
        ("ledger", "restore", f"{odd}.backup", "--ledger", f"{odd}.restored"),
        ("ledger", "export", f"{odd}.csv", "--ledger", f"{odd}.sqlite"),
        (
            "claim",
            "new",
            "--place",
            "Orlando, FL",
            "--from",
            "2026-10-04",
            "--to",
            "2026-10-09",
            "-o",
            f"{odd}.xlsx",
        ),
        ("rate", "--batch", f"{odd}.none"),
        ("doctor", "--ledger", f"{odd}.sqlite"),
    ):
        run = perdiem(*command)
        assert in_words(run), (command, run.err)
        assert "\x1b" not in run.out + run.err, command


def test_a_roster_and_a_list_of_rates_may_have_such_names(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    roster, rates = (os.path.join(os.fsencode(tmp_path), name) for name in (b"r\xe9\n.csv", b'o\xe9\n".txt'))
    Path(os.fsdecode(roster)).write_text(f"award,officer\n{AWARD},Jo Vale\n")
    Path(os.fsdecode(rates)).write_text("ALASKA;ANCHORAGE;01/01;12/31;329;118;68;30;;;477;01/01/2026\n")
    run = perdiem("ledger", "import-roster", os.fsdecode(roster), "--ledger", tmp_path / "l.sqlite", "--create")
    assert (run.code, run.out.splitlines()[0]) == (
        0,
        rf"Read from {tmp_path}/r\xe9\n.csv: 1 row, 1 officer, $0.00 paid before",
    )
    assert perdiem("ratebook", "import-dtmo", os.fsdecode(rates)).code == 0
    assert perdiem("ratebook", "status").code == 0
    rate = perdiem("rate", "Anchorage, AK", "--on", "2026-11-23", "--json").record
    assert rate["lodging"] == "329.00"


def test_a_name_is_shown_on_one_line() -> None:
    error = InputError("file.unreadable", "is no\nclaim", where="a\nb\x1b", fix="fix it").in_file("c\rd\udce9")
    assert str(error) == "c\\rd\\xe9: a\\nb\\x1b: is no\nc\\rd\\xe9: claim; fix it"
    assert harmless("Mérida\u00a0東京.xlsx") == "Mérida\u00a0東京.xlsx"


# ---- the cache


def _folder(path: Path) -> None:
    path.mkdir()


def _no_text(path: Path) -> None:
    """A database whose damage has a name that is no text."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE responses (key TEXT PRIMARY KEY, value TEXT)")
    patched(path, b"CREATE TABLE responses", b"CREATE T\xff\xfeLE responses")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (os.mkfifo, "the cache is not used: {} is not a file"),
        (_folder, "the cache is not used: {} is not a file"),
        (_no_text, "The file is damaged. It is begun again when the service is next asked."),
        (lambda path: path.symlink_to("/dev/zero"), "the cache is not used: {} is not a file"),
    ],
)
def test_a_cache_that_is_none_is_neither_waited_for_nor_crashed_on(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], object], said: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = tmp_path / "perdiem_calc" / "gsa_answers.sqlite"
    path.parent.mkdir()
    make(path)
    run = perdiem("cache", "status")
    assert (run.code, said.format(path) in run.out) == (0, True)
    assert perdiem("cache", "status", "--json").record["readable"] is False
    assert perdiem("doctor").code == 1
    cache = AnswerCache(path)
    assert cache.read("https://x.example") is None
    assert len(cache.problems) == 1
    assert in_words(perdiem("cache", "clear"))


# ---- where the output goes


def program(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "perdiem_calc", *map(str, arguments)]


@pytest.mark.parametrize(
    "streams", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>/dev/full", "| true", "2>&1 | true"]
)
@pytest.mark.slow
def test_a_stream_that_is_closed_or_full_is_no_traceback_and_no_harm(tmp_path: Path, streams: str) -> None:
    """A file that is opened later must not get the number of a closed stream: it would get the messages too."""
    place = tmp_path / "ledger.sqlite"
    command = " ".join(
        program("ledger", "record", SAMPLE, SAMPLE, "--ledger", place, "--create", "--by", "Ann", *DAY)
    )
    run = subprocess.run(["bash", "-c", f"{command} {streams}"], capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1, 2)
    assert "Traceback" not in run.stderr
    assert "Exception ignored" not in run.stderr
    with Ledger.open(place, by="Ann") as ledger:
        assert ledger.problems() == []
        assert len(ledger.claims(1)) == 1 or run.returncode == 2 or "true" in streams


@pytest.mark.parametrize("columns", ["0", "1", "-1", "many", "", "99999999999999999999", "1e9", " 80"])
def test_a_width_that_is_none_is_the_usual_one(
    perdiem: Perdiem, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    usual = perdiem("audit", SAMPLE, *DAY)
    assert "Payable by NASRO  $1,000.00" in usual.out
    monkeypatch.setenv("COLUMNS", columns)
    assert perdiem("audit", SAMPLE, *DAY) == usual
    for command in (("doctor",), ("--help",), ("audit", "--help")):
        assert in_words(perdiem(*command))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-16", "ascii:strict"])
@pytest.mark.slow
def test_an_old_console_shows_what_it_can(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "M\u00e9rida \u6771.json"
    shutil.copy(SAMPLE, path)
    run = subprocess.run(
        program("audit", path, *DAY),
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )
    assert (run.returncode, run.stderr) == (0, b"")
    shown = run.stdout.decode(encoding.partition(":")[0])
    assert "rida" in shown


# ---- whatever else


@pytest.mark.parametrize(
    ("arguments", "after"),
    [
        (("audit", ""), "audit"),
        (("audit", SAMPLE, "--ledger", ""), "--ledger"),
        (("audit", SAMPLE, "--ledger="), "--ledger"),
        (("audit", SAMPLE, "--as-of", ""), "--as-of"),
        (("audit", SAMPLE, "--letters", ""), "--letters"),
        (("claim", "check", SAMPLE, ""), "2026-ORL-0001.json"),
        (("claim", "build", SAMPLE, "-o", ""), "-o"),
        (("doctor", "--ledger", ""), "--ledger"),
    ],
)
def test_an_argument_that_is_empty_is_refused(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], after: str
) -> None:
    """What a script's blank variable leaves is neither the working folder, nor today, nor an audit with no ledger."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(SAMPLE, tmp_path)
    run = perdiem(*arguments)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("perdiem: an argument is empty: the one after ")
    assert f"{after}; give it, or leave it out" in run.err
    assert [path.name for path in tmp_path.iterdir()] == [SAMPLE.name]


def test_a_name_of_thousands_of_letters_is_not_repeated_whole(perdiem: Perdiem, tmp_path: Path) -> None:
    letters = "k" * 10_000
    for name, text in {
        "field.json": f'{{"schema": "perdiem-claim/1", "{letters}": 1}}',
        "field.toml": f"{letters} = 1",
        "twice.json": f'{{"{letters}": 1, "{letters}": 1}}',
    }.items():
        (tmp_path / name).write_text(text)
        run = perdiem("claim", "check", tmp_path / name)
        assert run.code == 2
        assert max(map(len, run.err.splitlines())) < 300
        assert f"{'k' * 30}" in run.err


@pytest.mark.parametrize("report", [".", "/", ".."])
def test_a_report_without_a_name_is_refused(perdiem: Perdiem, report: str) -> None:
    run = perdiem("audit", SAMPLE, "--report", report)
    assert run.code == 2
    assert run.err == f"perdiem: {report}: is a folder; name a file in it, ending in .xlsx\n"


def test_an_interruption_while_the_program_is_loaded_is_no_traceback() -> None:
    program = (
        "import os, runpy, signal, sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'perdiem_calc.errors':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "runpy.run_module('perdiem_calc', run_name='__main__')\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (-2, "", "")


def test_a_fault_of_the_program_is_one_line(perdiem: Perdiem, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("a\nkey")

    monkeypatch.setattr(claim_commands, "print_schema", broken, raising=False)
    monkeypatch.setattr("perdiem_calc.auditing.claim_file.read_with_cells", broken)
    run = perdiem("claim", "check", SAMPLE)
    assert (run.code, run.out) == (2, "")
    (line,) = run.err.splitlines()
    assert line.startswith("perdiem: the program failed (KeyError at ")
    assert line.endswith("send this line and the input to whoever keeps the program")

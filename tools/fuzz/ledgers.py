"""The target of the ledger's file: edits of a small ledger, five bytes each, of its bytes or of what it holds."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

from perdiem_calc.auditing.claim_file import read_roster
from perdiem_calc.errors import PerdiemError
from perdiem_calc.ledger import Ledger
from perdiem_calc.ledger.looking import look
from perdiem_calc.rules.law import load_law
from tests.support.ledgers import AWARD, DAY, begun, claim, corrects, enter, entry, noon
from tools.fuzz.tables import ROSTER
from tools.fuzz.texts import ODD_TEXTS

EDIT = 5
"""Bytes of one edit: where (three), what is done, with which value."""
MOST_EDITS = 12
VALUES: tuple[object, ...] = (
    None, 0, -1, 2**62, 1.5, b"\xff\xfe", "\x1b[31m", "two\nlines", b"", *ODD_TEXTS,
)  # fmt: skip


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="perdiem_calc_fuzz_"))


@cache
def own() -> bytes:
    """A ledger of three claims and a roster."""
    path, roster = _folder() / "own.sqlite", _folder() / "roster.csv"
    path.unlink(missing_ok=True)
    roster.write_text(ROSTER.replace("Reyes, Jordan", "Ray, Alex"), encoding="utf-8")
    first, other = entry("A-1", "700.00"), entry("B-1", "300.00", officer="Kim Roe")
    again = entry("A-2", "800.00", fields=corrects("A-1"))
    with begun(str(path), load_law(), first, other, again) as ledger:
        ledger.import_roster(read_roster(roster), load_law())
    return path.read_bytes()


def seeds() -> Iterable[bytes]:
    """No edit and a few of each kind."""
    yield b""
    for first in (0, 1):
        yield from (bytes([first, place, 40, 7 * place, kind, place]) for place in range(8) for kind in range(4))


def ledger(data: bytes, path: Path) -> None:
    """Do what every command does with the ledger that the edits make; each may refuse it, in words."""
    if not data:
        return
    edits = [data[at : at + EDIT] for at in range(1, len(data) - EDIT + 1, EDIT)][:MOST_EDITS]
    path.write_bytes(own() if data[0] % 2 else _edited(own(), edits))
    for end in ("-journal", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    if data[0] % 2:
        _write_past(path, edits)
    for use in USES:
        refusal = ""
        try:
            use(path)
        except PerdiemError as error:
            refusal = str(error)
        assert refusal.replace("\n", "").isprintable()


def _edited(content: bytes, edits: Iterable[bytes]) -> bytes:
    """The bytes of a file with some of them changed."""
    changed = bytearray(content)
    for edit in edits:
        at, what, value = int.from_bytes(edit[:3], "big") % len(changed), edit[3] % 4, edit[4]
        if what == 0:
            changed[at] = value
        elif what == 1:
            changed[at : at + 16] = bytes([value]) * len(changed[at : at + 16])
        elif what == 2:
            start = value * 512 % len(changed)
            changed[at : at + 64] = changed[start : start + len(changed[at : at + 64])]
        else:
            del changed[max(at, 4096) :]
    return bytes(changed)


def _write_past(path: Path, edits: Iterable[bytes]) -> None:
    """Change what the tables hold, as somebody can who takes their guards off and puts them back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name, _ in guards:
            connection.execute(f'DROP TRIGGER "{name}"')
        for edit in edits:
            table = tables[edit[0] % len(tables)]
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
            column, value = columns[edit[1] % len(columns)], VALUES[edit[4] % len(VALUES)]
            as_text = "CAST(? AS TEXT)" if edit[3] % 2 else "?"
            change = f'UPDATE OR IGNORE "{table}" SET "{column}" = {as_text} WHERE rowid % 3 = ?'  # noqa: S608 - the names are the ledger's own
            with suppress(sqlite3.Error):  # a constraint may forbid it
                connection.execute(change, (value, edit[2] % 3))
        for _, sql in guards:
            connection.execute(sql)


def _asked(path: Path) -> None:
    with Ledger.open(path, by="Ann", now=noon) as found:
        for officer in ("Jordan Reyes", "Kim Roe", "Nobody"):
            number = found.balance(AWARD, officer, DAY).sro
            if number is not None:
                found.claims(number), found.payments(number), found.spellings(number)
        found.known(claim("A-3"))


def _verified(path: Path) -> None:
    with Ledger.open(path, by="Ann", now=noon) as found:
        for problem in found.problems():
            assert str(problem).isprintable()


def _exported(path: Path) -> None:
    with Ledger.open(path, by="Ann", now=noon) as found:
        for kind in ("jsonl", "csv"):
            found.export(path.with_suffix(f".{kind}"), force=True)


def _copied(path: Path) -> None:
    copy, again = path.with_suffix(".backup.sqlite"), path.with_suffix(".restored.sqlite")
    copy.unlink(missing_ok=True)
    again.unlink(missing_ok=True)
    with Ledger.open(path, by="Ann", now=noon) as found:
        found.backup(copy)
    Ledger.restore(copy, str(again))


def _recorded(path: Path) -> None:
    with Ledger.open(path, by="Ann", now=noon) as found:
        enter(found, entry("C-1", "10.00", officer="Lee Fox"), load_law())


USES: tuple[Callable[[Path], object], ...] = (
    lambda path: look(str(path)),
    _verified,
    _asked,
    _exported,
    _copied,
    _recorded,
)

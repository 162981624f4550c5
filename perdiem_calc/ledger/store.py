"""The ledger as a database: begun, opened, read and written in transactions.

A writer has the ledger to itself from the first thing it reads until it has written; readers see one moment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from perdiem_calc import __version__
from perdiem_calc.errors import InputError, LedgerError
from perdiem_calc.files import not_a_file, unwritable, whole_file
from perdiem_calc.ledger.address import SCHEMA, Address, engine_in_memory, stored, tidy
from perdiem_calc.ledger.chain import AT, extend
from perdiem_calc.ledger.schema import VERSION, Dialect, ledger_version, statements
from perdiem_calc.text import LONGEST_OPTION, why_no_line

# One number for everybody who records on a server: whoever holds its lock is the writer.
_WRITER_LOCK = 0x70657264  # "perd"
CHECK_THE_NAME = "check the name; `perdiem ledger record` and `import-roster` begin a new ledger with --create"


UNSOUND = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
"""What reading an entry ends in where SQLite, which keeps any value in any column, holds another than was written."""


@dataclass(frozen=True)
class Stamp:
    """Who makes an entry, and when: an instant in UTC."""

    by: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise InputError(
                "ledger.recorder.missing", "nobody is named", where="--by", fix="say who records: --by NAME"
            )
        if why := why_no_line(self.by.strip(), LONGEST_OPTION):
            raise InputError("ledger.recorder.invalid", why, where="--by")
        if self.at.tzinfo is None:
            raise ValueError("an instant has a zone")

    @property
    def columns(self) -> dict[str, str]:
        """The two columns that every entry has."""
        at = self.at.astimezone(UTC).strftime(AT)
        return {"recorded_at": at, "recorded_by": self.by.strip()}


class Store:
    """One ledger's database. `begin` and `open` are the ways to one."""

    def __init__(self, address: Address, engine: Engine) -> None:
        self.address = address
        self.engine = engine

    @classmethod
    def begin(cls, address: Address, stamp: Stamp) -> Store:
        """A new, empty ledger. It is whole or not there. Raises LedgerError where something is there already."""
        with address.speaking():
            if address.file is not None:
                _begin_file(address.file, stamp)
                return cls(address, address.engine())
            engine = address.engine()
            try:
                with transaction(engine, writes=True) as connection:
                    if read_version(connection):
                        raise _there_already(address)
                    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                    _make(connection, stamp)
            except BaseException:
                engine.dispose()
                raise
        return cls(address, engine)

    @classmethod
    def open(cls, address: Address) -> Store:
        """The ledger that is there.

        Raises LedgerError where there is none, where it is something else, or of another version than this program's.
        """
        _require_file(address)
        engine = address.engine()
        try:
            with _sound(address), transaction(engine, writes=False) as connection:
                version = read_version(connection)
                is_chained = _has_table(connection, "chain")
            if version == 0:
                raise LedgerError(
                    "ledger.missing",
                    "holds no ledger",
                    where=address.shown,
                    fix=CHECK_THE_NAME,
                )
            if version != VERSION:
                raise LedgerError(
                    "ledger.version.other",
                    f"the ledger has format version {version}, and this program uses version {VERSION}",
                    where=address.shown,
                    fix="use the release of the program that the ledger was begun with; nothing was read or written",
                )
            if not is_chained:
                raise LedgerError(
                    "ledger.chain.missing",
                    "the ledger has no chain of entries: no release of this program made it so",
                    where=address.shown,
                    fix="nothing was read or written; go on with the latest backup",
                )
        except BaseException:
            engine.dispose()
            tidy()
            raise
        return cls(address, engine)

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()
        tidy()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """What the ledger holds at one moment."""
        with _sound(self.address), transaction(self.engine, writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The ledger to oneself; everything is written at the end, or nothing."""
        with self.address.speaking(), transaction(self.engine, writes=True) as connection:
            yield connection


@contextmanager
def _sound(address: Address) -> Iterator[None]:
    """A block that only reads: an entry that no ledger holds, such as a word for an amount, is damage."""
    with address.speaking():
        try:
            yield
        except UnicodeDecodeError:
            raise
        except UNSOUND as error:
            raise LedgerError(
                "ledger.damaged",
                f"the ledger is damaged (an entry cannot be read: {type(error).__name__})",
                where=address.shown,
                fix="keep the file as it is, and go on with the latest backup",
            ) from error


def dialect_of(engine: Engine | Connection) -> Dialect:
    """Which of the two databases an engine or a connection speaks to."""
    return cast(Dialect, engine.dialect.name)


def read_version(connection: Connection) -> int:
    """The version of the tables; 0 where there are none."""
    if not _has_table(connection, "ledger_version"):
        return 0
    return connection.execute(sa.select(sa.func.max(ledger_version.c.version))).scalar() or 0


def _has_table(connection: Connection, name: str) -> bool:
    schema = SCHEMA if dialect_of(connection) == "postgresql" else None
    return sa.inspect(connection).has_table(name, schema=schema)


def _make(connection: Connection, stamp: Stamp) -> None:
    """Make the tables of an empty ledger, within the connection's transaction."""
    for statement in statements(dialect_of(connection)):
        connection.exec_driver_sql(statement)
    entry = {"version": VERSION, "program": __version__, **stamp.columns}
    connection.execute(ledger_version.insert(), entry)
    extend(connection)


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """A transaction that writes, with the ledger to itself, or one that reads one moment of it."""
    options: dict[str, Any] = {"writes": writes}
    if engine.dialect.name == "postgresql":
        # The check of the limit reads what others have committed meanwhile; a reader wants one moment instead.
        options["isolation_level"] = "READ COMMITTED" if writes else "REPEATABLE READ"
        options["postgresql_readonly"] = not writes
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if writes and engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER_LOCK)))
        yield connection


def _begin_file(file: Path, stamp: Stamp) -> None:
    with new_file(file) as engine, transaction(engine, writes=True) as connection:
        _make(connection, stamp)


@contextmanager
def new_file(file: Path) -> Iterator[Engine]:
    """An empty database in memory to fill; it becomes the file when it is whole, and never takes another's place.

    Raises LedgerError where something has that name, and OutputError where it cannot be written.
    """
    if os.path.exists(file):  # which answers for every name, however long
        raise _there_already(Address(file, None))
    if not os.path.isdir(file.parent):
        raise LedgerError(
            "output.folder.missing",
            "its folder does not exist",
            where=str(file),
            fix=f"make the folder {file.parent} first",
        )
    engine = engine_in_memory()
    try:
        yield engine
        try:
            with whole_file(file, replaces=False) as scratch:
                scratch.write_bytes(stored(engine))
        except FileExistsError:
            raise _there_already(Address(file, None)) from None
        except OSError as error:
            raise unwritable(file, error) from None
    finally:
        engine.dispose()


def _require_file(address: Address) -> None:
    """Whether the file can be a ledger at all, before SQLite is asked."""
    file = address.file
    if file is None:
        return
    what, fix = "", ""
    strange = [one for one in (file, *_beside(file)) if not_a_file(one)]
    if strange:
        raise LedgerError(
            "ledger.file.not-regular", not_a_file(strange[0]), where=str(strange[0]), fix="name the ledger's file"
        )
    if not file.exists():
        what, fix = "there is no ledger", CHECK_THE_NAME
    elif file.stat().st_size == 0:
        what, fix = "is empty, and a ledger never is", "restore it from a backup, or remove it to begin a new one"
    if what:
        raise LedgerError("ledger.unreadable", what, where=address.shown, fix=fix)


def _beside(file: Path) -> list[Path]:
    """The files that SQLite keeps next to a database, and would wait for if they were pipes."""
    return [Path(f"{file}{end}") for end in ("-journal", "-wal", "-shm")]


def _there_already(address: Address) -> LedgerError:
    return LedgerError(
        "ledger.exists",
        "there is something already",
        where=address.shown,
        fix="choose another name: nothing that is there is written over",
    )

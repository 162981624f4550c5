"""Copies of a ledger: a backup is a ledger in a SQLite file, whatever the ledger is kept in, and can be restored
into a file or onto a server.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from perdiem_calc.errors import LedgerError
from perdiem_calc.ledger.address import SCHEMA, Address
from perdiem_calc.ledger.schema import metadata, statements
from perdiem_calc.ledger.store import Store, dialect_of, new_file, read_version, transaction
from perdiem_calc.ledger.verifying import problems
from perdiem_calc.text import some

ROWS_AT_ONCE = 1000
_ON_TRIGGERS = "CREATE TRIGGER"


def backup(store: Store, target: Path) -> Path:
    """Copy the ledger, as it is at one moment, to a new SQLite file.

    Raises LedgerError where the name is taken, and for a damaged ledger: its backup would pass for a good one.
    """
    with store.address.speaking():
        if store.address.file is not None:
            with new_file(target) as engine:
                _copy_file(store.address.file, engine)
        else:
            with store.reading() as source:
                _copy_to(Address(target, None), source)
    return target


def restore(source: Path, target: Address) -> None:
    """Make a ledger from a backup where none is yet.

    Raises LedgerError where the place holds one already, and for a backup that does not verify.
    """
    copy = Store.open(Address(source, None))
    try:
        with target.speaking(), copy.reading() as connection:
            wrong = list(problems(connection))
            if wrong:
                raise LedgerError(
                    "ledger.backup.does-not-verify",
                    f"the backup does not verify: {some([str(one) for one in wrong])}",
                    where=str(source),
                    fix="nothing was restored; take an earlier backup",
                )
            _copy_to(target, connection)
    finally:
        copy.close()


def _copy_file(source: Path, engine: Engine) -> None:
    uri = f"{source.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as here, closing(engine.raw_connection()) as there:
        copy: sqlite3.Connection = there.driver_connection  # type: ignore[assignment]  # which is one of sqlite3
        here.backup(copy)
        (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise sqlite3.DatabaseError(f"malformed: {said}")


def _copy_to(target: Address, source: Connection) -> None:
    if target.file is not None:
        with new_file(target.file) as engine:
            _copy_rows(engine, source, target.shown)
        return
    engine = target.engine()
    try:
        _copy_rows(engine, source, target.shown)
    finally:
        engine.dispose()


def _copy_rows(target: Engine, source: Connection, shown: str) -> None:
    """Every row with its number into new tables; what guards them comes last, since the rows were guarded already."""
    with transaction(target, writes=True) as connection:
        if read_version(connection):
            raise LedgerError(
                "ledger.restore.not-empty", "holds a ledger already", where=shown, fix="restore into an empty place"
            )
        on_server = dialect_of(connection) == "postgresql"
        if on_server:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        made = statements(dialect_of(connection))
        for statement in made:
            if not statement.startswith(_ON_TRIGGERS):
                connection.exec_driver_sql(statement)
        for table in metadata.tables.values():
            _copy_table(source, connection, table)
        for statement in made:
            if statement.startswith(_ON_TRIGGERS):
                connection.exec_driver_sql(statement)


def _copy_table(source: Connection, target: Connection, table: sa.Table) -> None:
    rows = source.execution_options(yield_per=ROWS_AT_ONCE).execute(sa.select(table).order_by(table.c.id))
    last = 0
    for part in rows.mappings().partitions(ROWS_AT_ONCE):
        target.execute(table.insert(), [dict(row) for row in part])
        last = part[-1]["id"]
    if last and dialect_of(target) == "postgresql":
        target.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), last)))

"""Whether a ledger is whole: readable, guarded, every claim decided and paid as decided, nobody above the limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.errors import LedgerError
from perdiem_calc.history.records import as_stated, content_sha256
from perdiem_calc.ledger.address import SCHEMA
from perdiem_calc.ledger.reading import decided_amount_of, dollars_of, limit_on, sum_under
from perdiem_calc.ledger.schema import (
    EFFECTS,
    NOT_BELOW_ZERO,
    VERSION,
    WITHIN_LIMIT,
    claim,
    ledger_version,
    metadata,
    payment,
    statements,
)
from perdiem_calc.ledger.store import UNSOUND, dialect_of
from perdiem_calc.money import in_dollars
from perdiem_calc.text import harmless


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a ledger must never show: what, and in which entry."""

    what: str
    where: str

    def __str__(self) -> str:
        return harmless(f"{self.where}: {self.what}")


def problems(connection: Connection) -> Iterator[Problem]:
    """Everything that is wrong with a ledger; nothing is changed. Reads all of it."""
    with _text_as_it_is(connection):
        for part, check in CHECKS.items():
            try:
                yield from check(connection)
            except (sa.exc.SQLAlchemyError, UnicodeDecodeError, *UNSOUND) as error:
                yield Problem(f"cannot be read ({type(getattr(error, 'orig', error)).__name__})", part)


@contextmanager
def _text_as_it_is(connection: Connection) -> Iterator[None]:
    """A block in which SQLite's text that is no UTF-8 is read as well, to be found wrong."""
    driver: Any = connection.connection.driver_connection
    if dialect_of(connection) != "sqlite":
        yield
        return
    driver.text_factory = _decoded
    try:
        yield
    finally:
        driver.text_factory = str


class _NoText(str):
    """What SQLite holds as text, and is none."""


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return _NoText(text.decode(errors="backslashreplace"))


def _texts(connection: Connection) -> Iterator[Problem]:
    """Texts that are none, of which SQLite itself says nothing."""
    if dialect_of(connection) != "sqlite":
        return
    for table in metadata.tables.values():
        for row in connection.execution_options(yield_per=1000).execute(sa.select(table).order_by(table.c.id)):
            for column, value in zip(table.c, row, strict=True):
                kind, due = (int, "a whole number") if isinstance(column.type, sa.Integer) else (str, "text")
                if value is not None and (not isinstance(value, kind) or isinstance(value, _NoText)):
                    yield Problem(f"{column.name} is not {due}", harmless(f"{table.name} {row.id}"))


def _file(connection: Connection) -> Iterator[Problem]:
    if dialect_of(connection) != "sqlite":
        return
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if said != "ok":
            yield Problem(harmless(said), "file")
    for table, row, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Problem("refers to an entry that is not there", harmless(f"{table} {row}"))


def missing_safeguards(connection: Connection) -> Iterator[Problem]:
    """What the database should guard by itself and does not: a trigger or table removed, disabled or another."""
    present = _guards_on_sqlite(connection) if dialect_of(connection) == "sqlite" else _guards_on_server(connection)
    for statement in statements(dialect_of(connection)):
        kind, name = _kind_and_name(statement)
        if kind not in present or name not in present[kind]:
            yield Problem("is missing, or switched off", f"{kind} {name}")
        elif present[kind][name] and present[kind][name] != _bare(statement):
            yield Problem("is not what the program made", f"{kind} {name}")


def _kind_and_name(statement: str) -> tuple[str, str]:
    words = statement.replace("(", " (").split()
    return words[1].lower(), words[2]


def _bare(statement: str) -> str:
    return " ".join(statement.split())


def _guards_on_sqlite(connection: Connection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for kind, name, sql in connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_schema WHERE sql <> ''"):
        found.setdefault(kind, {})[name] = _bare(sql)
    return found


def _guards_on_server(connection: Connection) -> dict[str, dict[str, str]]:
    """Names alone: the server keeps its own wording. A trigger that is switched off is not there."""
    queries = {
        "table": "SELECT tablename FROM pg_tables WHERE schemaname = %s",
        "index": "SELECT indexname FROM pg_indexes WHERE schemaname = %s",
        "function": "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE n.nspname = %s",
        "trigger": "SELECT tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid "
        "JOIN pg_namespace n ON n.oid = relnamespace WHERE n.nspname = %s AND tgenabled IN ('O', 'A')",
    }
    return {
        kind: {name: "" for (name,) in connection.exec_driver_sql(query, (SCHEMA,))}
        for kind, query in queries.items()
    }


def _versions(connection: Connection) -> Iterator[Problem]:
    held = list(connection.execute(sa.select(ledger_version.c.version).order_by(ledger_version.c.id)).scalars())
    if held != [VERSION]:
        yield Problem(f"the ledger has the format versions {held}, and should have {VERSION}", "ledger_version")


def _is_known(content: str) -> bool:
    try:
        as_stated(content)
    except LedgerError:
        return False
    return True


def _lapsed_under(claim_column: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """What a decision on another claim replaced of a claim's approval, at most."""
    lapsed = sa.select(sa.func.coalesce(sa.func.sum(payment.c.amount_cents), 0))
    return lapsed.where(payment.c.claim_id == claim_column, payment.c.kind == "lapsed").scalar_subquery()


def _claims(connection: Connection) -> Iterator[Problem]:
    query = sa.select(
        claim.c.claim_id,
        claim.c.content,
        claim.c.content_sha256,
        decided_amount_of(claim.c.id).label("decided"),
        sum_under("approved", claim.c.id).label("approved"),
        _lapsed_under(claim.c.id).label("lapsed"),
    ).order_by(claim.c.id)
    for row in connection.execution_options(yield_per=1000).execute(query):
        where = harmless(f"claim {row.claim_id}")
        if content_sha256(row.content) != row.content_sha256:
            yield Problem("its content is not what was recorded", where)
        elif not _is_known(row.content):
            yield Problem("it states what this version of the program does not know", where)
        if row.decided is None:
            yield Problem("has no decision", where)
        elif not 0 <= row.decided - int(row.approved) <= int(row.lapsed):
            approved, decided = (in_dollars(dollars_of(int(cents))) for cents in (row.approved, row.decided))
            yield Problem(f"{approved} is approved where {decided} was decided", where)


def _payments(connection: Connection) -> Iterator[Problem]:
    query = sa.select(payment).order_by(payment.c.sro_id, payment.c.id)
    rows = connection.execution_options(yield_per=1000).execute(query)
    limits: dict[str, Decimal | None] = {}
    for number, entries in groupby(rows, key=lambda row: row.sro_id):
        totals = dict.fromkeys((*WITHIN_LIMIT, *NOT_BELOW_ZERO), 0)
        for entry in entries:
            limit = _limit_on(connection, entry.counted_on, limits)
            if limit is None:
                yield Problem(f"no limit was in force on {entry.counted_on}", f"payment {entry.id}")
            for name in totals:
                change = EFFECTS[name].get(entry.kind, 0) * entry.amount_cents
                totals[name] += change
                total = dollars_of(totals[name])
                if name in WITHIN_LIMIT and limit is not None and change > 0 and total > limit:
                    yield Problem(
                        f"{in_dollars(total)} is {_NAMED[name]}, above {in_dollars(limit)}", f"SRO {number}"
                    )
                if name in NOT_BELOW_ZERO and change < 0 and total < 0:
                    yield Problem(f"more is taken back than was {_NAMED[name]}", f"SRO {number}")


_NAMED = {"counted": "approved", "out": "paid", "moved": "paid since the ledger was begun", "voided": "void"}


CHECKS: Mapping[str, Callable[[Connection], Iterator[Problem]]] = {
    "file": _file,
    "safeguards": missing_safeguards,
    "texts": _texts,
    "versions": _versions,
    "claims": _claims,
    "payments": _payments,
}


def _limit_on(connection: Connection, on: str, limits: dict[str, Decimal | None]) -> Decimal | None:
    """The limit in force on a day as the ledger writes days; each is looked up once."""
    if on not in limits:
        try:
            limits[on] = limit_on(connection, date.fromisoformat(on))
        except (LedgerError, ValueError):
            limits[on] = None
    return limits[on]

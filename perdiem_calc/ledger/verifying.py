"""Whether a ledger is whole: readable, guarded, its entries chained as recorded, everything that is kept twice alike,
every claim decided and approved as decided, nobody above the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.claims.model import claim_key
from perdiem_calc.claims.names import award_key, name_key, surname
from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.records import as_stated, content_sha256
from perdiem_calc.ledger.address import SCHEMA, let_go
from perdiem_calc.ledger.attendances import as_listed
from perdiem_calc.ledger.attendances import columns_of as attendee_columns
from perdiem_calc.ledger.chain import Problem, broken
from perdiem_calc.ledger.identities import Officer, find
from perdiem_calc.ledger.limits import RULE
from perdiem_calc.ledger.reading import columns_of, decided_amount_of, dollars_of, limit_on, marks_of, sum_under
from perdiem_calc.ledger.schema import (
    EFFECTS,
    NOT_BELOW_ZERO,
    VERSION,
    WITHIN_LIMIT,
    attendee,
    award,
    cap_limit,
    claim,
    fingerprint,
    ledger_version,
    metadata,
    payment,
    roster_entry,
    sro,
    sro_agency,
    sro_alias,
    statements,
)
from perdiem_calc.ledger.store import UNSOUND, dialect_of
from perdiem_calc.money import in_dollars
from perdiem_calc.text import harmless

Check = Callable[[Connection], Iterator[Problem]]


def problems(connection: Connection, law: Law | None = None) -> Iterator[Problem]:
    """Everything that is wrong with a ledger; nothing is changed. Reads all of it.

    With the `law` its limits are compared with the ledger's.
    """
    checks: dict[str, Check] = {**CHECKS, "limits": partial(_limits, law=law)}
    with _text_as_it_is(connection):
        for part, check in checks.items():
            try:
                yield from check(connection)
            except (sa.exc.SQLAlchemyError, UnicodeDecodeError, *UNSOUND) as error:
                what = type(getattr(error, "orig", error)).__name__
                let_go(error)
                yield Problem(f"cannot be read ({what})", part)


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
    """Texts that are not text, which SQLite itself does not report."""
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


def _lapsed_under(claim_column: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """What a decision on another claim replaced of a claim's approval, at most."""
    lapsed = sa.select(sa.func.coalesce(sa.func.sum(payment.c.amount_cents), 0))
    return lapsed.where(payment.c.claim_id == claim_column, payment.c.kind == "lapsed").scalar_subquery()


def _claims(connection: Connection) -> Iterator[Problem]:
    query = sa.select(
        claim,
        decided_amount_of(claim.c.id).label("decided"),
        sum_under("approved", claim.c.id).label("approved"),
        _lapsed_under(claim.c.id).label("lapsed"),
    ).order_by(claim.c.id)
    for row in connection.execution_options(yield_per=1000).execute(query).mappings():
        where = harmless(f"claim {row['claim_id']}")
        if content_sha256(row["content"]) != row["content_sha256"]:
            yield Problem("its content is not what was recorded", where)
        else:
            for what in _of_content(connection, row):
                yield Problem(what, where)
        if row["decided"] is None:
            yield Problem("has no decision", where)
        elif not 0 <= row["decided"] - int(row["approved"]) <= int(row["lapsed"]):
            approved, decided = (in_dollars(dollars_of(int(row[name]))) for name in ("approved", "decided"))
            yield Problem(f"{approved} is approved where {decided} was decided", where)


def _of_content(connection: Connection, row: Mapping[Any, Any]) -> Iterator[str]:
    """Where what is kept with a claim, to look it up by, is not what the claim itself states."""
    try:
        stated = as_stated(row["content"])
    except LedgerError:
        yield "it states what this version of the program does not know"
        return
    for name, value in columns_of(stated).items():
        if row[name] != value:
            yield f"its {name} is not what it states"
    officer = Officer.of(stated)
    if find(connection, officer.key) != row["sro_id"]:
        yield f"its officer is not SRO {row['sro_id']}"
    held = {tuple(mark) for mark in connection.execute(_MARKS, {"claim": row["id"]})}
    if held != {(one.kind, one.value, one.vendor, *rest) for one, rest in marks_of(stated)}:
        yield "its fingerprints are not what it states"
    known = {tuple(one) for one in connection.execute(_AGENCIES, {"sro": row["sro_id"]})}
    person = officer.person
    if not {(agency, one) for agency in person.agencies for one in person.employee_ids or {""}} <= known:
        yield "its agency or employee id is not on record for the officer"
    replaced = connection.execute(
        sa.select(claim.c.claim_key, claim.c.sro_id).where(claim.c.id == row["replaces_id"])
    ).first()
    if replaced is not None and tuple(replaced) != (claim_key(stated.replaces or ""), row["sro_id"]):
        yield "it does not replace the claim that it states"


_MARKS = sa.select(
    fingerprint.c.kind,
    fingerprint.c.value,
    fingerprint.c.vendor,
    fingerprint.c.lines,
    fingerprint.c.happened_on,
    fingerprint.c.amount_cents,
).where(fingerprint.c.claim_id == sa.bindparam("claim"))
_AGENCIES = sa.select(sro_agency.c.agency_key, sro_agency.c.employee_key).where(
    sro_agency.c.sro_id == sa.bindparam("sro")
)


def _names(connection: Connection) -> Iterator[Problem]:
    """Keys by which officers and awards are found, that are not those of the name or number with them."""
    for row in connection.execute(sa.select(award).order_by(award.c.id)).mappings():
        if row["award_key"] != award_key(row["number"]):
            yield Problem("its key is not that of its number", f"award {row['id']}")
    for table in (sro, sro_alias, roster_entry):
        for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings():
            is_key = row["name_key"] == name_key(row["officer"])
            is_award = row.get("award_key") is None or row["award_key"] == award_key(row["award_number"])
            if not is_key or not is_award or row.get("surname") not in (None, surname(row["name_key"])):
                yield Problem("its key is not that of its name", f"{table.name} {row['id']}")


def _attendance(connection: Connection) -> Iterator[Problem]:
    """Entries of attendance lists whose keys are not those of the class, name or agency with them."""
    for row in connection.execute(sa.select(attendee).order_by(attendee.c.id)).mappings():
        where = f"attendee {row['id']}"
        try:
            entry = as_listed(row)
        except ValueError:
            yield Problem("its completion date is no date", where)
            continue
        if any(row[name] != value for name, value in attendee_columns(entry).items()):
            yield Problem("its keys are not those of its class, name and agency", where)


def _limits(connection: Connection, law: Law | None) -> Iterator[Problem]:
    """Limits that are not those of the program, which may not know later ones yet."""
    if law is None:
        return
    due = {entry.effective_from.isoformat(): entry.value for entry in law.rules[RULE].values["limit"].entries}
    for row in connection.execute(sa.select(cap_limit).order_by(cap_limit.c.id)):
        limit, own = dollars_of(row.limit_cents), due.get(row.effective_from)
        if own is not None and limit != own:
            what = f"{in_dollars(limit)} is the limit from {row.effective_from}, and the rules give {own}"
            yield Problem(what, f"cap_limit {row.id}")


def _voids(connection: Connection) -> Iterator[Problem]:
    """Void payments that are not the whole of the payment that they void, or of another claim."""
    rows = {row["id"]: row for row in connection.execute(sa.select(payment)).mappings()}
    sums: dict[int, int] = {}
    for row in rows.values():
        if row["voids_id"] is not None:
            sums[row["voids_id"]] = sums.get(row["voids_id"], 0) + row["amount_cents"]
            if rows[row["voids_id"]]["claim_id"] != row["claim_id"]:
                yield Problem("voids a payment of another claim", f"payment {row['id']}")
    for number, cents in sums.items():
        if rows[number]["amount_cents"] != cents:
            yield Problem("is not voided as a whole", f"payment {number}")
    trips = {row.id: row.returned_on for row in connection.execute(sa.select(claim.c.id, claim.c.returned_on))}
    for row in rows.values():
        if row["claim_id"] is not None and trips.get(row["claim_id"]) != row["counted_on"]:
            yield Problem("counts on another day than the last of the trip", f"payment {row['id']}")


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


CHECKS: Mapping[str, Check] = {
    "file": _file,
    "safeguards": missing_safeguards,
    "chain": broken,
    "texts": _texts,
    "versions": _versions,
    "claims": _claims,
    "names": _names,
    "attendance": _attendance,
    "payments": _payments,
    "voids": _voids,
}


def _limit_on(connection: Connection, on: str, limits: dict[str, Decimal | None]) -> Decimal | None:
    """The limit in force on a day as the ledger writes days; each is looked up once."""
    if on not in limits:
        try:
            limits[on] = limit_on(connection, date.fromisoformat(on))
        except (LedgerError, ValueError):
            limits[on] = None
    return limits[on]

"""The ledger's tables: as queries name them, and as the database itself keeps them.

This is format version 1, the first one. A released format is never edited: a later one begins with the statements
that lead from this one to it.

What the database guards by itself, whoever writes to it: no entry is changed or removed; what is paid for an SRO
stays within the limit in force, and never falls below zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from perdiem_calc.ledger.address import SCHEMA

Dialect = Literal["sqlite", "postgresql"]

VERSION = 1
NEVER_CHANGED = "the ledger never changes an entry"
OVER_LIMIT = "paid above the limit of this SRO"
BELOW_ZERO = "recovers more than was paid for this SRO"

_WHO_AND_WHEN = ("recorded_at text", "recorded_by text CHECK (recorded_by <> '')")


@dataclass(frozen=True)
class _Table:
    """A table's columns, the sets of columns that identify a row, its indexes, and what else must hold of a row.

    A column is its name, `text` or `int` (with `?`: may be null), and what the database requires of it.
    """

    columns: tuple[str, ...]
    uniques: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


_TABLES = {
    "ledger_version": _Table(("version int", "program text"), ("version",)),
    "cap_limit": _Table(
        ("effective_from text", "limit_cents int CHECK (limit_cents >= 0)", "citation text"), ("effective_from",)
    ),
    "award": _Table(("number text", "award_key text CHECK (award_key <> '')"), ("award_key",)),
    "sro": _Table(
        (
            "award_id int REFERENCES award",
            "officer text",
            "name_key text CHECK (name_key <> '')",
            "surname text",
        ),
        ("award_id, name_key",),
        ("name_key", "surname"),
    ),
    # Another spelling that a person decided is an SRO on record.
    "sro_alias": _Table(
        ("sro_id int REFERENCES sro", "award_number text", "award_key text", "officer text", "name_key text"),
        ("award_key, name_key",),
        ("sro_id",),
    ),
    # What else identifies an officer: the agency, and the employee id there, empty where none is stated.
    "sro_agency": _Table(
        ("sro_id int REFERENCES sro", "agency_key text CHECK (agency_key <> '')", "employee_key text"),
        ("sro_id, agency_key, employee_key",),
        ("agency_key",),
    ),
    # Two SROs of whom a person decided that they are two people.
    "sro_apart": _Table(
        ("sro_id int REFERENCES sro", "other_id int REFERENCES sro"),
        ("sro_id, other_id",),
        ("other_id",),
        ("CHECK (sro_id < other_id)",),
    ),
    "claim": _Table(
        (
            "sro_id int REFERENCES sro",
            "claim_id text",
            "claim_key text",
            "kind text CHECK (kind IN ('original', 'corrected', 'supplemental'))",
            "replaces text",
            "replaces_id int? REFERENCES claim",
            "content_sha256 text",
            "content text",
            "agency text",
            "course_title text",
            "course_starts_on text",
            "course_ends_on text",
            "class_id text",
            "departed_on text",
            "returned_on text",
            "claimed_cents int CHECK (claimed_cents >= 0)",
            "allowable_cents int CHECK (allowable_cents >= 0)",
            "program text",
        ),
        ("content_sha256", "sro_id, claim_key", "id, sro_id"),
        ("replaces_id",),
        ("CHECK ((kind = 'original') = (replaces = '') AND (kind <> 'original' OR replaces_id IS NULL))",),
    ),
    "fingerprint": _Table(
        (
            "claim_id int REFERENCES claim",
            "kind text",
            "value text",
            "vendor text",
            "lines text",
            "happened_on text",
            "amount_cents int",
        ),
        ("claim_id, kind, value, vendor",),
        ("value, kind",),
    ),
    "decision": _Table(
        (
            "claim_id int REFERENCES claim",
            "check_id text",
            "place text",
            "verdict text CHECK (verdict IN ('accept', 'adjust', 'return'))",
            "amount_cents int",
            "reason text",
        ),
        (),
        ("claim_id",),
    ),
    "payment": _Table(
        (
            "sro_id int REFERENCES sro",
            "claim_id int?",
            "kind text CHECK (kind IN ('payment', 'opening', 'recovery'))",
            "amount_cents int",
            "counted_on text",
            "paid_on text",
            "reference text",
        ),
        (),
        ("sro_id", "claim_id"),
        (
            "CHECK (amount_cents <> 0 AND (kind = 'recovery') = (amount_cents < 0))",
            "CHECK (kind = 'recovery' OR (kind = 'opening') = (claim_id IS NULL))",
            "FOREIGN KEY (claim_id, sro_id) REFERENCES claim (id, sro_id)",
        ),
    ),
    "roster": _Table(("content_sha256 text", "name text")),
    "roster_entry": _Table(
        (
            "roster_id int REFERENCES roster",
            "award_number text",
            "award_key text",
            "officer text",
            "name_key text",
            "agency text",
        ),
        ("roster_id, award_key, name_key",),
    ),
}

metadata = sa.MetaData()


def _as_queried(name: str) -> sa.Table:
    columns = [column.split()[:2] for column in (*_TABLES[name].columns, *_WHO_AND_WHEN)]
    types = {"int": sa.BigInteger, "int?": sa.BigInteger, "text": sa.Text}
    key = sa.Column("id", sa.BigInteger, primary_key=True)
    return sa.Table(name, metadata, key, *[sa.Column(column, types[kind]) for column, kind in columns])


ledger_version = _as_queried("ledger_version")
cap_limit = _as_queried("cap_limit")
award = _as_queried("award")
sro = _as_queried("sro")
sro_alias = _as_queried("sro_alias")
sro_agency = _as_queried("sro_agency")
sro_apart = _as_queried("sro_apart")
claim = _as_queried("claim")
fingerprint = _as_queried("fingerprint")
decision = _as_queried("decision")
payment = _as_queried("payment")
roster = _as_queried("roster")
roster_entry = _as_queried("roster_entry")


_LIMIT = (
    "SELECT limit_cents FROM cap_limit WHERE effective_from <= NEW.counted_on ORDER BY effective_from DESC LIMIT 1"
)
_PAID = "SELECT coalesce(sum(amount_cents), 0) FROM payment WHERE sro_id = NEW.sro_id"


def statements(dialect: Dialect) -> list[str]:
    """The statements that make an empty ledger, those that make a trigger last."""
    return [*_tables(dialect), *(_guards_on_sqlite() if dialect == "sqlite" else _guards_on_postgresql())]


def _tables(dialect: Dialect) -> Iterator[str]:
    on_sqlite = dialect == "sqlite"
    key = "INTEGER PRIMARY KEY AUTOINCREMENT" if on_sqlite else "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    number = "INTEGER" if on_sqlite else "BIGINT"
    types = {"int": f"{number} NOT NULL", "int?": number, "text": "TEXT NOT NULL"}
    for name, table in _TABLES.items():
        columns = []
        for column in (*table.columns, *_WHO_AND_WHEN):
            named, kind, *required = column.split(maxsplit=2)
            columns.append(" ".join([named, types[kind], *required]))
        uniques = [f"UNIQUE ({unique})" for unique in table.uniques]
        body = ", ".join([f"id {key}", *columns, *uniques, *table.checks])
        yield f"CREATE TABLE {name} ({body}){' STRICT' if on_sqlite else ''}"
    for name, table in _TABLES.items():
        for index in table.indexes:
            yield f"CREATE INDEX {name}_by_{index.replace(', ', '_')} ON {name} ({index})"


# --- SQLite ---------------------------------------------------------------------------------------------------------


def _guards_on_sqlite() -> Iterator[str]:
    for name, table in _TABLES.items():
        yield from _append_only_on_sqlite(name, table.uniques)
    refusals = {
        "payment_within_limit": (
            f"NEW.amount_cents > 0 AND ({_PAID}) + NEW.amount_cents > coalesce(({_LIMIT}), 0)",
            OVER_LIMIT,
        ),
        "payment_not_below_zero": (
            f"({_PAID}) + NEW.amount_cents < 0",
            BELOW_ZERO,
        ),
    }
    for name, (refused, why) in refusals.items():
        yield (
            f"CREATE TRIGGER {name} BEFORE INSERT ON payment WHEN {refused} BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )


def _append_only_on_sqlite(table: str, uniques: tuple[str, ...]) -> Iterator[str]:
    for event in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END"
        )
    # INSERT OR REPLACE would remove the row that is in the way without asking the trigger on DELETE.
    same = [" AND ".join(f"{column} = NEW.{column}" for column in unique.split(", ")) for unique in ("id", *uniques)]
    there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {one})" for one in same)  # noqa: S608 - names of ours
    yield (
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} "
        f"BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END"
    )


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


def _guards_on_postgresql() -> Iterator[str]:
    yield (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{NEVER_CHANGED}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    # The row lock lets one payment of an SRO after the other; the sum is then read again, which only READ COMMITTED
    # does. It runs with its owner's rights, so that who records needs no right to change an SRO.
    yield f"""
        CREATE FUNCTION check_payment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = {SCHEMA}, pg_temp AS $$
        BEGIN
            IF current_setting('transaction_isolation') <> 'read committed' THEN
                RAISE EXCEPTION 'payments are recorded in READ COMMITTED transactions only'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            PERFORM 1 FROM sro WHERE id = NEW.sro_id FOR UPDATE;
            IF NEW.amount_cents > 0 AND ({_PAID}) + NEW.amount_cents > coalesce(({_LIMIT}), 0) THEN
                RAISE EXCEPTION '{OVER_LIMIT}' USING ERRCODE = 'check_violation';
            END IF;
            IF ({_PAID}) + NEW.amount_cents < 0 THEN
                RAISE EXCEPTION '{BELOW_ZERO}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$"""
    for name in _TABLES:
        yield (
            f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        yield (
            f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    yield (
        "CREATE TRIGGER payment_within_limit BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION check_payment()"
    )

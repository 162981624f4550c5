"""The ledger's tables: as queries name them, and as the database itself keeps them.

This is format version 1, the first one. A released format is never edited: a later one begins with the statements
that lead from this one to it.

What the database guards by itself, whoever writes to it: no entry is changed or removed; for no SRO is more approved
or paid than the limit in force, no more is voided or recovered than was paid, no more reissued than was voided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from perdiem_calc.ledger.address import SCHEMA

Dialect = Literal["sqlite", "postgresql"]

VERSION = 1
NEVER_CHANGED = "the ledger never changes an entry"
OVER_LIMIT = "paid above the limit of this SRO"
BELOW_ZERO = "takes back more than there is for this SRO"

EFFECTS: Mapping[str, Mapping[str, int]] = {
    # What counts against the limit: from the approval on, and not while a payment is void.
    "counted": {
        "approved": 1, "opening": 1, "reissued": 1, "lowered": -1, "opening_lowered": -1, "void": -1, "given_back": -1
    },
    # Money that left or came back.
    "moved": {"paid": 1, "reissued": 1, "void": -1, "recovered": -1, "given_back": -1},
    # The same, with what was paid before the ledger was begun.
    "out": {
        "opening": 1, "opening_lowered": -1, "paid": 1, "reissued": 1, "void": -1, "recovered": -1, "given_back": -1
    },
    # Approved, and waiting to be reissued.
    "voided": {"void": 1, "given_back": 1, "reissued": -1, "lapsed": -1},
    # What the decisions approve.
    "approved": {"approved": 1, "lowered": -1, "lapsed": -1},
}  # fmt: skip
"""What the kinds of payment entries add to, or take from, each sum. The amounts themselves are above zero."""
WITHIN_LIMIT, NOT_BELOW_ZERO = ("counted", "out"), ("counted", "moved", "voided")
"""The sums that the database keeps within an SRO's limit, and those that it keeps from falling below zero."""
TAKEN_BACK = frozenset({"lowered", "lapsed", "opening_lowered", "void", "recovered", "given_back"})
KINDS = tuple(dict.fromkeys([*EFFECTS["approved"], *EFFECTS["counted"], "scheduled", *EFFECTS["moved"]]))

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
            f"kind text CHECK (kind IN {KINDS})",
            "amount_cents int CHECK (amount_cents > 0)",
            "counted_on text",
            "paid_on text",
            "reference text",
            "method text",
            "reason text",
            "voids_id int? REFERENCES payment",
        ),
        ("voids_id, kind",),
        ("sro_id", "claim_id"),
        (
            "CHECK ((kind IN ('opening', 'opening_lowered')) = (claim_id IS NULL))",
            "CHECK (kind = 'recovered' OR (kind = 'void') = (voids_id IS NOT NULL))",
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
    # The attendance lists: of each class the one imported last counts.
    "attendance": _Table(("content_sha256 text", "name text")),
    "attendee": _Table(
        (
            "attendance_id int REFERENCES attendance",
            "class_id text",
            "class_key text CHECK (class_key <> '')",
            "officer text",
            "name_key text CHECK (name_key <> '')",
            "agency text",
            "agency_key text",
            "completed_on text",
            "hours int CHECK (hours > 0)",
        ),
        ("attendance_id, class_key, name_key, agency_key",),
        ("class_key", "name_key", "completed_on"),
    ),
}

# The entries in the order of recording, each with a hash over its content and the hash before it.
_TABLES["chain"] = _Table(("table_name text", "row_id int", "sha256 text"), ("table_name, row_id", "sha256"))

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
attendance = _as_queried("attendance")
attendee = _as_queried("attendee")
chain = _as_queried("chain")


_LIMIT = (
    "SELECT limit_cents FROM cap_limit WHERE effective_from <= NEW.counted_on ORDER BY effective_from DESC LIMIT 1"
)


def effect(name: str, table: sa.FromClause) -> sa.ColumnElement[int]:
    """What an entry of the table `payment` adds to one of the sums, cents."""
    kinds, cents = table.c.kind, table.c.amount_cents
    plus, minus = ([kind for kind, sign in EFFECTS[name].items() if sign == one] for one in (1, -1))
    return sa.case((kinds.in_(plus), cents), (kinds.in_(minus), -cents), else_=0)


def _effect(name: str, row: str = "") -> str:
    """The same as text, for a trigger."""
    cases = " ".join(
        f"WHEN '{kind}' THEN {'-' if sign < 0 else ''}{row}amount_cents" for kind, sign in EFFECTS[name].items()
    )
    return f"CASE {row}kind {cases} ELSE 0 END"


def _sum_after(name: str) -> str:
    """One of an SRO's sums, with the new entry."""
    held = f"SELECT coalesce(sum({_effect(name)}), 0) FROM payment WHERE sro_id = NEW.sro_id"  # noqa: S608 - the names are the ledger's own
    return f"({held}) + {_effect(name, 'NEW.')}"


def _refusals() -> dict[str, tuple[str, str]]:
    """What the database refuses of a payment entry: the trigger's name, when, and the message."""
    over = (
        f"({_effect(name, 'NEW.')} > 0 AND {_sum_after(name)} > coalesce(({_LIMIT}), 0))" for name in WITHIN_LIMIT
    )
    below = (f"({_sum_after(name)} < 0)" for name in NOT_BELOW_ZERO)
    return {
        "payment_within_limit": (" OR ".join(over), OVER_LIMIT),
        "payment_not_below_zero": (" OR ".join(below), BELOW_ZERO),
    }


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
    for name, (refused, why) in _refusals().items():
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
    refusals = " ".join(
        f"IF {refused} THEN RAISE EXCEPTION '{why}' USING ERRCODE = 'check_violation'; END IF;"
        for refused, why in _refusals().values()
    )
    yield f"""
        CREATE FUNCTION check_payment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = {SCHEMA}, pg_temp AS $$
        BEGIN
            IF current_setting('transaction_isolation') <> 'read committed' THEN
                RAISE EXCEPTION 'payments are recorded in READ COMMITTED transactions only'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            PERFORM 1 FROM sro WHERE id = NEW.sro_id FOR UPDATE;
            {refusals}
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

"""The ledger's tables as the database itself keeps them, version after version.

Migration N leads from version N-1 to N; a new ledger goes through all of them, so that an old one that was
brought forward and a new one are the same. A migration that was released is never edited: add another.

What the database guards by itself, whoever writes to it: no entry is changed or removed; what is paid for an SRO
stays within the limit in force, and never falls below zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from perdiem_calc.ledger.address import SCHEMA

Dialect = Literal["sqlite", "postgresql"]

NEVER_CHANGED = "the ledger never changes an entry"
OVER_LIMIT = "paid above the limit of this SRO"
BELOW_ZERO = "recovers more than was paid for this SRO"

_WHO_AND_WHEN = "recorded_at TEXT NOT NULL, recorded_by TEXT NOT NULL CHECK (recorded_by <> '')"


@dataclass(frozen=True)
class _Table:
    """A table's columns, the sets of columns that tell its rows apart, and what else must hold of a row."""

    columns: str
    uniques: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


_VERSION_1 = {
    "ledger_version": _Table("version {int} NOT NULL, program TEXT NOT NULL", ("version",)),
    "cap_limit": _Table(
        "effective_from TEXT NOT NULL, limit_cents {int} NOT NULL CHECK (limit_cents >= 0), citation TEXT NOT NULL",
        ("effective_from",),
    ),
    "award": _Table("number TEXT NOT NULL, award_key TEXT NOT NULL CHECK (award_key <> '')", ("award_key",)),
    "sro": _Table(
        "award_id {int} NOT NULL REFERENCES award, officer TEXT NOT NULL, "
        "name_key TEXT NOT NULL CHECK (name_key <> ''), surname TEXT NOT NULL",
        ("award_id, name_key",),
    ),
    "claim": _Table(
        "sro_id {int} NOT NULL REFERENCES sro, claim_id TEXT NOT NULL, claim_key TEXT NOT NULL, "
        "kind TEXT NOT NULL CHECK (kind IN ('original', 'corrected', 'supplemental')), "
        "replaces TEXT NOT NULL, replaces_id {int} REFERENCES claim, "
        "content_sha256 TEXT NOT NULL, content TEXT NOT NULL, "
        "agency TEXT NOT NULL, course_title TEXT NOT NULL, course_starts_on TEXT NOT NULL, "
        "course_ends_on TEXT NOT NULL, class_id TEXT NOT NULL, departed_on TEXT NOT NULL, "
        "returned_on TEXT NOT NULL, claimed_cents {int} NOT NULL CHECK (claimed_cents >= 0), "
        "allowable_cents {int} NOT NULL CHECK (allowable_cents >= 0), program TEXT NOT NULL",
        ("content_sha256", "sro_id, claim_key", "id, sro_id"),
        ("CHECK ((kind = 'original') = (replaces = '') AND (kind <> 'original' OR replaces_id IS NULL))",),
    ),
    "fingerprint": _Table(
        "claim_id {int} NOT NULL REFERENCES claim, kind TEXT NOT NULL, value TEXT NOT NULL, vendor TEXT NOT NULL, "
        "lines TEXT NOT NULL, happened_on TEXT NOT NULL, amount_cents {int} NOT NULL",
        ("claim_id, kind, value, vendor",),
    ),
    "decision": _Table(
        "claim_id {int} NOT NULL REFERENCES claim, check_id TEXT NOT NULL, place TEXT NOT NULL, "
        "verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'adjust', 'return')), "
        "amount_cents {int} NOT NULL, reason TEXT NOT NULL",
    ),
    "payment": _Table(
        "sro_id {int} NOT NULL REFERENCES sro, claim_id {int}, "
        "kind TEXT NOT NULL CHECK (kind IN ('payment', 'opening', 'recovery')), "
        "amount_cents {int} NOT NULL, counted_on TEXT NOT NULL, paid_on TEXT NOT NULL, reference TEXT NOT NULL",
        (),
        (
            "CHECK (amount_cents <> 0 AND (kind = 'recovery') = (amount_cents < 0))",
            "CHECK (kind = 'recovery' OR (kind = 'opening') = (claim_id IS NULL))",
            "FOREIGN KEY (claim_id, sro_id) REFERENCES claim (id, sro_id)",
        ),
    ),
}
_INDEXES_1 = {
    "sro_by_name": "sro (name_key)",
    "sro_by_surname": "sro (surname)",
    "claim_by_replaced": "claim (replaces_id)",
    "fingerprint_by_value": "fingerprint (value, kind)",
    "decision_by_claim": "decision (claim_id)",
    "payment_by_sro": "payment (sro_id)",
    "payment_by_claim": "payment (claim_id)",
}

# A person decided that another spelling is an SRO already known; and who is on the roster.
_VERSION_2 = {
    "sro_alias": _Table(
        "sro_id {int} NOT NULL REFERENCES sro, award_number TEXT NOT NULL, award_key TEXT NOT NULL, "
        "officer TEXT NOT NULL, name_key TEXT NOT NULL",
        ("award_key, name_key",),
    ),
    "roster": _Table("content_sha256 TEXT NOT NULL, name TEXT NOT NULL"),
    "roster_entry": _Table(
        "roster_id {int} NOT NULL REFERENCES roster, award_number TEXT NOT NULL, award_key TEXT NOT NULL, "
        "officer TEXT NOT NULL, name_key TEXT NOT NULL, agency TEXT NOT NULL",
        ("roster_id, award_key, name_key",),
    ),
}
_INDEXES_2 = {"sro_alias_by_sro": "sro_alias (sro_id)"}

# By what else an officer may be known: the agency, and the employee id within it, empty where none is stated. And of
# whom a person decided that they are two people.
_VERSION_3 = {
    "sro_agency": _Table(
        "sro_id {int} NOT NULL REFERENCES sro, agency_key TEXT NOT NULL CHECK (agency_key <> ''), "
        "employee_key TEXT NOT NULL",
        ("sro_id, agency_key, employee_key",),
    ),
    "sro_apart": _Table(
        "sro_id {int} NOT NULL REFERENCES sro, other_id {int} NOT NULL REFERENCES sro",
        ("sro_id, other_id",),
        ("CHECK (sro_id < other_id)",),
    ),
}
_INDEXES_3 = {
    "sro_agency_by_agency": "sro_agency (agency_key)",
    "sro_apart_by_other": "sro_apart (other_id)",
}

_LIMIT = (
    "SELECT limit_cents FROM cap_limit WHERE effective_from <= NEW.counted_on ORDER BY effective_from DESC LIMIT 1"
)
_PAID = "SELECT coalesce(sum(amount_cents), 0) FROM payment WHERE sro_id = NEW.sro_id"


def version_1(dialect: Dialect) -> Iterator[str]:
    """The ledger itself: awards, SROs, claims, fingerprints, decisions, payments, and the limits in force."""
    yield from _tables(dialect, _VERSION_1, _INDEXES_1)
    yield from _cap_on_sqlite() if dialect == "sqlite" else _cap_on_postgresql()


def version_2(dialect: Dialect) -> Iterator[str]:
    """Other spellings of an SRO that a person confirmed, and the roster."""
    yield from _tables(dialect, _VERSION_2, _INDEXES_2)


def version_3(dialect: Dialect) -> Iterator[str]:
    """The agencies and employee ids of an SRO, and the SROs whom a person set apart."""
    yield from _tables(dialect, _VERSION_3, _INDEXES_3)


MIGRATIONS: tuple[Callable[[Dialect], Iterator[str]], ...] = (version_1, version_2, version_3)
NEWEST = len(MIGRATIONS)


def statements(dialect: Dialect, version: int) -> list[str]:
    """The statements that lead from the version before to `version`."""
    return list(MIGRATIONS[version - 1](dialect))


def _tables(dialect: Dialect, tables: dict[str, _Table], indexes: dict[str, str]) -> Iterator[str]:
    on_sqlite = dialect == "sqlite"
    key = "INTEGER PRIMARY KEY AUTOINCREMENT" if on_sqlite else "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    for name, table in tables.items():
        columns = table.columns.replace("{int}", "INTEGER" if on_sqlite else "BIGINT")
        uniques = [f"UNIQUE ({unique})" for unique in table.uniques]
        body = ", ".join([f"id {key}", columns, _WHO_AND_WHEN, *uniques, *table.checks])
        yield f"CREATE TABLE {name} ({body}){' STRICT' if on_sqlite else ''}"
    for name, columns in indexes.items():
        yield f"CREATE INDEX {name} ON {columns}"
    if not on_sqlite:
        yield _REFUSE_CHANGE
    for name, table in tables.items():
        yield from _append_only_on_sqlite(name, table.uniques) if on_sqlite else _append_only_on_postgresql(name)


# --- SQLite ---------------------------------------------------------------------------------------------------------


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


def _cap_on_sqlite() -> Iterator[str]:
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


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


_REFUSE_CHANGE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{NEVER_CHANGED}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def _append_only_on_postgresql(table: str) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    yield (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _cap_on_postgresql() -> Iterator[str]:
    # The row lock lets one payment of an SRO after the other; the sum is then read anew, which only READ COMMITTED
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
    yield (
        "CREATE TRIGGER payment_within_limit BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION check_payment()"
    )

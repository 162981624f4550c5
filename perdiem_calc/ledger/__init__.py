"""The ledger: what was paid for each school resource officer, so that the limit holds over all claims.

A ledger is a SQLite file, or a database on a PostgreSQL server that many reviewers use at once. Entries are never
changed; a correction is a new one. The database itself refuses to pay an officer above the limit.

    ledger = Ledger.open("ledger.sqlite", by="Ann")
    ledger.known(claim).paid_before

Claims are recorded by `perdiem_calc.auditing.recording`, which audits them in the same transaction.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from perdiem_calc.errors import LedgerError, OutputError
from perdiem_calc.files import extra, how_to_install

if extra("ledger").missing:
    raise LedgerError(
        "ledger.sqlalchemy.missing", "the ledger needs SQLAlchemy", fix=f"run: {how_to_install('ledger')}"
    )

from sqlalchemy.engine import Connection

from perdiem_calc.claims.model import Claim
from perdiem_calc.dated import Law
from perdiem_calc.history.attendance import AttendanceList
from perdiem_calc.history.records import Chosen, EarlierClaim, History
from perdiem_calc.history.roster import Roster
from perdiem_calc.ledger import (
    attendances,
    backups,
    exporting,
    identities,
    paying,
    reading,
    recording,
    rosters,
    verifying,
)
from perdiem_calc.ledger.accounts import AccountTable, TableName, account_table
from perdiem_calc.ledger.address import Address
from perdiem_calc.ledger.attendances import AttendanceImport
from perdiem_calc.ledger.chain import Head, Problem, broken_since, extend, head, last_at, place_of
from perdiem_calc.ledger.identities import Officer
from perdiem_calc.ledger.limits import keep_limits
from perdiem_calc.ledger.paying import AlreadyPaid, Paid, PaymentOrder
from perdiem_calc.ledger.reading import Balance
from perdiem_calc.ledger.recording import AlreadyRecorded, Entry, Recorded
from perdiem_calc.ledger.rosters import RosterImport
from perdiem_calc.ledger.standing import Standing, standings
from perdiem_calc.ledger.store import Stamp, Store
from perdiem_calc.text import some

__all__ = [
    "AccountTable",
    "AlreadyPaid",
    "AlreadyRecorded",
    "AttendanceImport",
    "Balance",
    "Entry",
    "Head",
    "Ledger",
    "Paid",
    "PaymentOrder",
    "Problem",
    "Recorded",
    "RosterImport",
    "Standing",
    "Writer",
]

FileOrUrl = str | os.PathLike[str]


def _now() -> datetime:
    return datetime.now(UTC)


class Writer:
    """A ledger that nobody else writes meanwhile."""

    def __init__(self, connection: Connection, law: Law, stamp: Stamp) -> None:
        self._connection = connection
        self._law = law
        self._stamp = stamp

    def known(self, claim: Claim, sro: Chosen = None) -> History:
        """What is known around a claim; of the officer whom a person chose, if one did."""
        return reading.known(self._connection, claim, sro)

    def record(self, entry: Entry, sro: Chosen = None) -> Recorded:
        """Record a claim that was audited with what this ledger says: whole, or an error and nothing of it.

        Raises AlreadyRecorded where the same claim is recorded with the same decision.
        """
        with self._connection.begin_nested():
            return recording.record(self._connection, self._law, entry, sro, self._stamp)


class Ledger:
    """One ledger, and in whose name it is used. Close it, or use it in a `with` statement.

    Every method raises LedgerError where the database cannot be had or refuses; nothing is half-written then.
    """

    def __init__(self, store: Store, by: str, now: Callable[[], datetime]) -> None:
        self._store = store
        self._by = by
        self._now = now
        self._verified: Head | None = None

    @classmethod
    def open(cls, place: FileOrUrl, *, by: str, now: Callable[[], datetime] = _now) -> Self:
        """The ledger at a place: a file's path, or a URL."""
        return cls(Store.open(Address.of(os.fspath(place))), by, now)

    @classmethod
    def begin(cls, place: FileOrUrl, law: Law, *, by: str, now: Callable[[], datetime] = _now) -> Self:
        """A new, empty ledger, with the limits of the law."""
        stamp = Stamp(by, now())
        ledger = cls(Store.begin(Address.of(os.fspath(place)), stamp), by, now)
        with ledger._writing() as connection:
            keep_limits(connection, law, stamp)
        return ledger

    @staticmethod
    def restore(backup: Path, place: str) -> None:
        """Make a ledger at an empty place from a backup."""
        backups.restore(backup, Address.of(place))

    @property
    def shown(self) -> str:
        """Where the ledger is, without a password."""
        return self._store.address.shown

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writer(self, law: Law, *, by: str = "") -> Iterator[Writer]:
        """The ledger to oneself: what it says of a claim stays true until that claim is recorded.

        `by` is in whose name, where that is another than the ledger's. Everything that is recorded is written at the
        end, or nothing.
        """
        with self._writing() as connection:
            yield Writer(connection, law, self._stamp(connection, by))

    def pay(self, orders: Sequence[PaymentOrder]) -> tuple[Paid, ...]:
        """Record what became of the payments of approved claims, all or none.

        Raises AlreadyPaid for a payment that is recorded, LedgerError for one that does not fit.
        """
        with self._writing() as connection:
            return paying.pay_all(connection, orders, self._stamp(connection))

    def import_roster(self, roster: Roster, law: Law) -> RosterImport:
        """Put a roster in force."""
        with self._writing() as connection:
            return rosters.import_roster(connection, law, roster, self._stamp(connection))

    def import_attendance(self, lists: AttendanceList) -> AttendanceImport:
        """Put attendance lists in force."""
        with self._writing() as connection:
            return attendances.import_attendance(connection, lists, self._stamp(connection))

    def known(self, claim: Claim, sro: Chosen = None) -> History:
        """What is known around a claim: earlier payments and claims, documents seen before, roster, attendance lists.

        `sro` is whom a person said the officer is.
        """
        with self._store.reading() as connection:
            return reading.known(connection, claim, sro)

    def balance(self, award_number: str, officer: str, on: date) -> Balance:
        """What was paid for an officer and what is left of the limit on a day."""
        with self._store.reading() as connection:
            return reading.balance(connection, Officer(award_number, officer), on)

    def claims(self, sro: int) -> tuple[EarlierClaim, ...]:
        """The claims of an SRO in the order of recording."""
        with self._store.reading() as connection:
            return reading.claims_of(connection, sro)

    def standings(self, contents: Iterable[str]) -> dict[str, Standing]:
        """What was decided and paid on the claims of some contents (SHA-256), of those that are on record."""
        with self._store.reading() as connection:
            return standings(connection, contents)

    def spellings(self, sro: int) -> list[Officer]:
        """Every spelling of an SRO that is on record."""
        with self._store.reading() as connection:
            return identities.spellings(connection, sro)

    def payments(self, sro: int | None = None) -> list[dict[str, str]]:
        """What was approved, scheduled, paid, voided, reissued and recovered; all of it, or that of one SRO."""
        with self._store.reading() as connection:
            return list(exporting.payments(connection, sro))

    def history(self, sro: int) -> list[dict[str, str]]:
        """Every decision on the claims of an SRO, and every payment entry, each with who made it, when and why."""
        with self._store.reading() as connection:
            return exporting.history(connection, sro)

    def entries(self) -> list[dict[str, Any]]:
        """Every entry of the ledger."""
        with self._store.reading() as connection:
            return list(exporting.entries(connection))

    def table(self, name: TableName) -> AccountTable:
        """One of the tables for an accountant: payables, payments, reconciliation, officers."""
        with self._store.reading() as connection:
            return account_table(connection, name, self._now().date())

    def export(self, target: Path, name: TableName = "payments", *, force: bool = False) -> int:
        """Write every entry (.jsonl) or one of the tables (.csv) to a file; how many rows.

        Raises OutputError where the name ends otherwise, where the file exists (unless `force`) or cannot be written.
        """
        kind = target.suffix.lower()
        if kind not in (".jsonl", ".csv"):
            fix = "end the name in one of them"
            raise OutputError("output.export.ending", "is neither .xlsx, .csv nor .jsonl", where=str(target), fix=fix)
        with exporting.text_file(target, force=force) as file, self._store.reading() as connection:
            if kind == ".jsonl":
                return exporting.write_entries(connection, file)
            table = account_table(connection, name, self._now().date())
            exporting.write_csv(table, file)
            return len(table.rows)

    def backup(self, target: Path) -> Path:
        """Copy the ledger to a new SQLite file."""
        return backups.backup(self._store, target)

    def problems(self, law: Law | None = None) -> list[Problem]:
        """Everything that is wrong with the ledger; with the law, its limits are compared too."""
        with self._store.reading() as connection:
            return list(verifying.problems(connection, law))

    def head(self) -> Head:
        """How many entries there are, and the hash of the last: noted elsewhere, it shows what was cut off."""
        with self._store.reading() as connection:
            return head(connection)

    def place_of(self, sha256: str) -> int | None:
        """The number of the entry with a hash that was noted; None where no entry has it."""
        with self._store.reading() as connection:
            return place_of(connection, sha256)

    def _stamp(self, connection: Connection, by: str = "") -> Stamp:
        """Who writes, and when: never before the last entry, whatever this computer's clock says."""
        now, last = self._now(), last_at(connection)
        return Stamp(by or self._by, now if last is None else max(now, last))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """The ledger to oneself, once it is verified; what is written is chained at the end."""
        if self._verified is None:
            with self._store.reading() as connection:
                self._refuse(verifying.problems(connection))
                self._verified = head(connection)
        with self._store.writing() as connection:
            self._refuse(verifying.missing_safeguards(connection))
            self._refuse(broken_since(connection, self._verified))
            yield connection
            end = extend(connection)
        self._verified = end

    def _refuse(self, found: Iterable[Problem]) -> None:
        """Refuse a ledger that does not verify: what is written to it would be worth no more than the rest."""
        wrong = [str(one) for one in found]
        if wrong:
            raise LedgerError(
                "ledger.does-not-verify",
                f"the ledger does not verify: {some(wrong)}",
                where=self.shown,
                fix="nothing was written; run perdiem ledger verify, keep it as it is, and go on with a backup",
            )

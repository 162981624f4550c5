"""The one path to a payment: a claim is audited and recorded in the same call, with the ledger to itself.

Whatever is recorded was audited with what the ledger holds at that moment. What blocks is not paid, what is
questioned waits for a person, and the person's decision is part of the record. `perdiem ledger record` and `perdiem
audit --resume` are doors to this function.

    with Ledger.open("paid.sqlite", by="R. Viewer") as ledger:
        batch = Batch([Path("claim.xlsx")], Basis(date(2026, 11, 23)), Around(ledger))
        print(record(batch, 0, Office(ledger), Entry).recorded)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from perdiem_calc.auditing.batch import Batch
from perdiem_calc.errors import PerdiemError
from perdiem_calc.ledger import Entry, Ledger, Recorded
from perdiem_calc.review.result import AuditedClaim, Unreadable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Office:
    """Where claims are recorded, and in whose name.

    Without `by` each claim is recorded in the name of whoever approved it, else in the ledger's.
    """

    ledger: Ledger
    by: str = ""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """The outcome for one claim of a batch: `recorded`, `refused` or `left` by its decision, and the audit.

    A file that cannot be read is refused with its error.
    """

    audited: AuditedClaim | Unreadable
    recorded: Recorded | None = None
    refused: PerdiemError | None = None
    left: T | None = None


def record(
    batch: Batch, number: int, office: Office, decide: Callable[[AuditedClaim], Entry | T], *, by: str = ""
) -> Outcome[T]:
    """Audit the claim of a batch with the ledger as it is now, and record what is decided on it; all or nothing.

    `decide` is given the audit, and gives the entry to record, or what it leaves the claim as. The batch was made
    with the same ledger; its claims are recorded in the order in which they count (`Batch.in_order`). Raises
    LedgerError where the ledger cannot be had at all.
    """
    audited: AuditedClaim | Unreadable | None = None
    try:
        with office.ledger.writer(batch.law, by=office.by or by) as writer:
            batch.ask_again(number, writer)
            audited = batch.audited(number)
            if isinstance(audited, Unreadable):
                return Outcome(audited, refused=audited.error)
            entry = decide(audited)
            if not isinstance(entry, Entry):
                return Outcome(audited, left=entry)
            if entry.audited is not audited:
                raise ValueError("an entry records the claim that was audited for it")
            recorded = writer.record(entry, batch.sro)
        return Outcome(audited, recorded)
    except PerdiemError as error:
        if audited is None:
            raise
        return Outcome(audited, refused=error)

"""Recording a claim: who it is for, what was decided, what is paid; in one transaction, once, within the limit.

A payment is money that moves. A correction is a new entry: a corrected claim is paid what it gives beyond what was
paid under the claim it corrects, and what was paid too much is recovered. So it is where a decision is made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc import __version__
from perdiem_calc.claim import Claim, claim_key, same_id
from perdiem_calc.documents import fingerprints
from perdiem_calc.errors import LedgerError
from perdiem_calc.itemizer import ItemizedClaim
from perdiem_calc.known import Verdict, canonical, content_sha256, paid_for_same
from perdiem_calc.ledger.identities import Chosen, Officer, identified, inserted, remember, spellings
from perdiem_calc.ledger.limits import keep_limits
from perdiem_calc.ledger.reading import (
    cents_of,
    claims_of,
    decided_amount_of,
    dollars_of,
    known,
    limit_on,
    opening_of,
    paid_for,
    superseding,
    verdict_of,
)
from perdiem_calc.ledger.schema import claim, decision, fingerprint, payment
from perdiem_calc.ledger.store import Stamp
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.parameters import Law
from perdiem_calc.plain_text import LONGEST_OPTION, why_no_line, why_no_text
from perdiem_calc.resemblance import Person


class AlreadyRecorded(LedgerError):
    """The same claim, by its content, is recorded with the same decision; nothing was written."""


@dataclass(frozen=True, slots=True)
class CheckDecision:
    """What a reviewer decided on one finding: the check, where it stood, the verdict and why."""

    check: str
    where: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim and what was decided on it.

    `amount` (dollars, what is paid under this claim altogether) is due with `adjust` and stated with no other
    verdict; `reason` with every verdict but `accept`. `expected` is what somebody saw as payable before accepting it;
    nothing is recorded where it is another amount by now. `sro` says who the officer is where the ledger asks.
    `paid_on` and `reference` name the payment.
    """

    itemized: ItemizedClaim
    verdict: Verdict = "accept"
    amount: Decimal | None = None
    reason: str = ""
    paid_on: date | None = None
    reference: str = ""
    sro: Chosen = None
    decisions: tuple[CheckDecision, ...] = ()
    expected: Decimal | None = None

    def __post_init__(self) -> None:
        """Raises LedgerError for a text that could show something else than it is."""
        if why := why_no_line(self.reference, LONGEST_OPTION):
            raise LedgerError(why, where="--payment-number")
        if why := why_no_text(self.reason):
            raise LedgerError(why, where="--reason")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording a claim did; dollars.

    `officer` is the SRO as first recorded, however this claim spells them. `paid` is what is paid under this claim
    altogether, `change` what moves now: below zero, the agency returns it. `paid_before` is everything else that was
    paid for the SRO.
    """

    claim_id: str
    sro: int
    officer: str
    verdict: Verdict
    paid: Decimal
    change: Decimal
    paid_before: Decimal
    limit: Decimal

    @property
    def remaining(self) -> Decimal:
        """What is left of the SRO's limit afterwards."""
        return max(ZERO, self.limit - self.paid_before - self.paid)

    def __str__(self) -> str:
        moved = f"to pay {in_dollars(self.change)}"
        if self.change < 0:
            moved = f"the agency returns {in_dollars(-self.change)}"
        left = f"{in_dollars(self.remaining)} of {in_dollars(self.limit)} left"
        return f"{self.verdict}, {moved}; SRO {self.sro}, {self.officer}, has {left}"


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moves for an SRO; `amount` in dollars, below zero where it comes back. `counted_on`: whose limit."""

    sro: int
    claim: int | None
    kind: Literal["payment", "opening"]
    amount: Decimal
    counted_on: date
    paid_on: date | None = None
    reference: str = ""


def record(connection: Connection, law: Law, entry: Entry, stamp: Stamp) -> Recorded:
    """Record a claim with its decision and its payment, within the connection's transaction.

    Raises AlreadyRecorded for the same claim with the same decision; LedgerError where a person must decide who the
    officer is, where the claim's id or course is taken, where the claim is barred from payment, and where more
    would be paid than the limit leaves.
    """
    _check_entry(entry)
    keep_limits(connection, law, stamp)
    stated = entry.itemized.claim
    content = canonical(stated)
    again = connection.execute(_recorded_query().where(claim.c.content_sha256 == content_sha256(content))).first()
    if again is not None:
        _check_decided_again(again, entry)
        sro_id, number = int(again.sro_id), int(again.id)
        if entry.verdict != "return":
            _replaced(connection, stated, sro_id)
    else:
        near = known(connection, stated).near
        sro_id, number = identified(connection, Officer.of(stated), entry.sro, stamp.columns, near), None
        _check_id(connection, stated, sro_id)
    if entry.verdict != "return":
        _check_course(connection, stated, sro_id)
    if number is None:
        replaced = _replaced(connection, stated, sro_id)
        number = _entered(connection, entry.itemized, content, sro_id, replaced, stamp.columns)
    return _settled(connection, entry, stamp, sro_id, number)


def _check_entry(entry: Entry) -> None:
    """Whether the decision is whole, and the claim open to it."""
    if not all(one.check for one in entry.decisions):
        raise ValueError("a decision on a finding names its check")
    if entry.verdict != "accept" and not entry.reason.strip():
        raise LedgerError(f"the verdict {entry.verdict} has no reason", where="--reason", mend="say why")
    if (entry.amount is None) == (entry.verdict == "adjust"):
        mend = "give the amount to pay" if entry.amount is None else "say --verdict adjust, or leave the amount out"
        raise LedgerError(f"the verdict is {entry.verdict}", where="--amount", mend=mend)
    claimed = entry.itemized.totals.claimed
    if entry.amount is not None and not ZERO <= entry.amount <= claimed:
        raise LedgerError(
            f"{in_dollars(entry.amount)} is not between nothing and the {in_dollars(claimed)} claimed",
            where="--amount",
            mend="give what is to be paid for this claim altogether",
        )
    if entry.verdict == "accept" and entry.itemized.blocks:
        checks = ", ".join(dict.fromkeys(block.check for block in entry.itemized.blocks))
        raise LedgerError(
            f"claim {entry.itemized.claim.claim_id} is not payable as it stands ({checks})",
            mend="have it mended; or decide --verdict return, or adjust with an amount, and say why",
        )


def _recorded_query() -> sa.Select[Any]:
    return sa.select(
        claim,
        verdict_of(claim.c.id).label("verdict"),
        decided_amount_of(claim.c.id).label("decided_cents"),
        superseding(claim.c.id).label("superseded_by"),
    )


def _check_decided_again(row: sa.Row[Any], entry: Entry) -> None:
    same_amount = entry.amount is None or cents_of(entry.amount) == row.decided_cents
    said = f"claim {row.claim_id} was recorded by {row.recorded_by} at {row.recorded_at}"
    if row.verdict == entry.verdict and same_amount:
        paid = in_dollars(dollars_of(row.decided_cents))
        raise AlreadyRecorded(
            f"{said}: {row.verdict}, {paid}", where="claim_id", mend="nothing was written, as nothing is new"
        )
    if row.superseded_by:
        raise LedgerError(f"{said}, and {row.superseded_by} took its place", mend=f"decide on {row.superseded_by}")
    if not entry.reason.strip():
        raise LedgerError(
            f"{said} with the verdict {row.verdict}", where="--reason", mend="say why it is decided again"
        )


def _check_id(connection: Connection, stated: Claim, sro_id: int) -> None:
    taken = _by_id(connection, sro_id, stated.claim_id)
    if taken is not None:
        raise LedgerError(
            f"claim {taken.claim_id} was recorded by {taken.recorded_by} at {taken.recorded_at} with another content",
            where="claim_id",
            mend="a corrected claim has an id of its own and names this one in replaces",
        )


def _replaced(connection: Connection, stated: Claim, sro_id: int) -> int | None:
    """The number of the claim that a corrected or supplemental one names; None for one from before the ledger."""
    if stated.replaces is None:
        return None
    named = _by_id(connection, sro_id, stated.replaces)
    if named is None:
        if opening_of(connection, sro_id):
            return None
        raise LedgerError(
            f"claim {stated.replaces} is not recorded for this officer",
            where="replaces",
            mend="record it first; what was paid before the ledger was begun is entered with import-roster",
        )
    if named.superseded_by and not same_id(named.superseded_by, stated.claim_id):
        raise LedgerError(
            f"{named.superseded_by} took the place of claim {named.claim_id}",
            where="replaces",
            mend=f"name {named.superseded_by}",
        )
    return int(named.id)


def _by_id(connection: Connection, sro_id: int, claim_id: str) -> sa.Row[Any] | None:
    query = _recorded_query().where(claim.c.sro_id == sro_id, claim.c.claim_key == claim_key(claim_id))
    return connection.execute(query).first()


def _check_course(connection: Connection, stated: Claim, sro_id: int) -> None:
    """A second original for the same course is refused: it is a correction or a supplement, or a mistake."""
    if stated.kind != "original":
        return
    for earlier in claims_of(connection, sro_id):
        itself = same_id(earlier.claim_id, stated.claim_id)
        if earlier.stands and not itself and earlier.is_for_same_course(stated):
            raise LedgerError(
                f"claim {earlier.claim_id} of this officer is for the same course ({earlier.course_starts_on})",
                where="kind",
                mend=f"make it corrected or supplemental, with replaces {earlier.claim_id}",
            )


def _entered(
    connection: Connection,
    itemized: ItemizedClaim,
    content: str,
    sro_id: int,
    replaced: int | None,
    columns: Mapping[str, str],
) -> int:
    """The number of the claim, entered with its fingerprints."""
    stated, totals = itemized.claim, itemized.totals
    number = inserted(
        connection,
        claim,
        {
            "sro_id": sro_id,
            "claim_id": stated.claim_id,
            "claim_key": claim_key(stated.claim_id),
            "kind": stated.kind,
            "replaces": stated.replaces or "",
            "replaces_id": replaced,
            "content_sha256": content_sha256(content),
            "content": content,
            "agency": stated.agency.name,
            "course_title": stated.course.title,
            "course_starts_on": stated.course.starts_on.isoformat(),
            "course_ends_on": stated.course.ends_on.isoformat(),
            "class_id": stated.course.class_id or "",
            "departed_on": stated.trip.departed_on.isoformat(),
            "returned_on": stated.trip.returned_on.isoformat(),
            "claimed_cents": cents_of(totals.claimed),
            "allowable_cents": cents_of(totals.allowable),
            "program": __version__,
            **columns,
        },
    )
    enter_fingerprints(connection, stated, number, columns)
    remember(connection, sro_id, Person.of(stated), columns)
    return number


def enter_fingerprints(connection: Connection, stated: Claim, number: int, columns: Mapping[str, str]) -> None:
    """Enter the fingerprints of a claim that are not entered yet."""
    held = fingerprint.c
    rows = connection.execute(sa.select(held.kind, held.value, held.vendor).where(held.claim_id == number))
    there = {tuple(row) for row in rows}
    marks = [
        {
            "claim_id": number,
            "kind": one.kind,
            "value": one.value,
            "vendor": one.vendor,
            "lines": ",".join(one.lines),
            "happened_on": one.on.isoformat(),
            "amount_cents": cents_of(one.amount),
            **columns,
        }
        for one in fingerprints(stated)
        if (one.kind, one.value, one.vendor) not in there
    ]
    if marks:
        connection.execute(fingerprint.insert(), marks)


def _settled(connection: Connection, entry: Entry, stamp: Stamp, sro_id: int, number: int) -> Recorded:
    """Enter the decisions, and move the money that they give."""
    stated = entry.itemized.claim
    claims = claims_of(connection, sro_id)
    own = next((one.paid for one in claims if same_id(one.claim_id, stated.claim_id)), ZERO)
    others = paid_for(connection, sro_id) - own
    limit = limit_on(connection, stated.trip.returned_on)
    opening = others + own - sum((one.paid for one in claims), ZERO)
    paid = _due(entry, max(ZERO, limit - others), paid_for_same(stated, claims, opening))
    whole = CheckDecision("", "", entry.verdict, entry.reason)
    rows = [
        {
            "claim_id": number,
            "check_id": one.check,
            "place": one.where,
            "verdict": one.verdict,
            "amount_cents": cents_of(paid) if one is whole else 0,
            "reason": one.reason.strip(),
            **stamp.columns,
        }
        for one in (whole, *entry.decisions)
    ]
    connection.execute(decision.insert(), rows)
    on = stated.trip.returned_on
    moved = Movement(sro_id, number, "payment", paid - own, on, entry.paid_on, entry.reference.strip())
    enter_payment(connection, moved, stamp)
    officer = spellings(connection, sro_id)[0].name
    return Recorded(stated.claim_id, sro_id, officer, entry.verdict, paid, paid - own, others, limit)


def _due(entry: Entry, left: Decimal, for_same: Decimal) -> Decimal:
    """What is to be paid under the claim altogether; below zero where a correction gives less than was paid."""
    if entry.verdict == "return":
        return ZERO
    if entry.amount is None:
        due = min(entry.itemized.totals.allowable - for_same, left)
        payable, seen = max(ZERO, due), entry.expected
        if seen is not None and seen != payable:
            raise LedgerError(
                f"{in_dollars(payable)} is payable by now, not the {in_dollars(seen)} that was approved",
                mend="audit it again, and decide on that",
            )
        return due
    if entry.amount > left:
        raise LedgerError(
            f"{in_dollars(entry.amount)} is more than the {in_dollars(left)} left of this officer's limit",
            where="--amount",
            mend="pay what is left, or less",
        )
    return entry.amount


def enter_payment(connection: Connection, moved: Movement, stamp: Stamp) -> None:
    """Enter money that moves; nothing where none does."""
    if not moved.amount:
        return
    row = {
        "sro_id": moved.sro,
        "claim_id": moved.claim,
        "kind": moved.kind if moved.amount > 0 else "recovery",
        "amount_cents": cents_of(moved.amount),
        "counted_on": moved.counted_on.isoformat(),
        "paid_on": moved.paid_on.isoformat() if moved.paid_on else "",
        "reference": moved.reference,
    }
    connection.execute(payment.insert(), {**row, **stamp.columns})

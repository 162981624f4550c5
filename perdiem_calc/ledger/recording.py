"""Recording a claim: who it is for, what was decided, what is paid; in one transaction, once, within the limit.

A correction is a new entry: what was paid under the claim it corrects is taken back whole, and what the corrected
claim gives is paid. So is a decision that is made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc import __version__, chp
from perdiem_calc.claim import Claim
from perdiem_calc.errors import LedgerError
from perdiem_calc.itemizer import ItemizedClaim
from perdiem_calc.known import Verdict, canonical, claim_key, content_sha256, fingerprints, same_id
from perdiem_calc.ledger.identities import Chosen, Officer, identified, inserted
from perdiem_calc.ledger.limits import keep_limits
from perdiem_calc.ledger.reading import (
    cents_of,
    claims_of,
    decided_amount_of,
    dollars_of,
    limit_on,
    paid_for,
    superseding,
    verdict_of,
)
from perdiem_calc.ledger.schema import claim, decision, fingerprint, payment
from perdiem_calc.ledger.store import Stamp
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.parameters import Law


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

    `amount` (dollars) is due with `adjust` and stated with no other verdict; `reason` with every verdict but
    `accept`. `sro` says who the officer is where the ledger asks. `paid_on` and `reference` name the payment.
    """

    itemized: ItemizedClaim
    verdict: Verdict = "accept"
    amount: Decimal | None = None
    reason: str = ""
    paid_on: date | None = None
    reference: str = ""
    sro: Chosen = None
    decisions: tuple[CheckDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording a claim did; dollars. `taken_back` was paid before under this claim or the one it corrects."""

    claim_id: str
    sro: int
    verdict: Verdict
    paid: Decimal
    taken_back: Decimal
    paid_before: Decimal
    limit: Decimal

    @property
    def remaining(self) -> Decimal:
        """What is left of the SRO's limit afterwards."""
        return max(ZERO, self.limit - self.paid_before - self.paid)


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
        replaced = _replaced(connection, stated, sro_id) if entry.verdict != "return" else None
    else:
        officer = Officer(stated.award.number, stated.officer.name)
        sro_id, number = identified(connection, officer, entry.sro, stamp.columns), None
        _check_id(connection, stated, sro_id)
        replaced = _replaced(connection, stated, sro_id)
    if entry.verdict != "return":
        _check_course(connection, stated, sro_id)
    if number is None:
        number = _entered(connection, entry.itemized, content, sro_id, replaced, stamp.columns)
    return _settled(connection, entry, stamp, sro_id, number, replaced)


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
        raise AlreadyRecorded(f"{said}: {row.verdict}, {paid}", where="claim_id", mend="nothing was written")
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
    """The number of the claim that a corrected or supplemental one names."""
    if stated.replaces is None:
        return None
    named = _by_id(connection, sro_id, stated.replaces)
    if named is None:
        raise LedgerError(
            f"claim {stated.replaces} is not recorded for this officer", where="replaces", mend="record it first"
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
    ]
    if marks:
        connection.execute(fingerprint.insert(), marks)
    return number


def _settled(
    connection: Connection, entry: Entry, stamp: Stamp, sro_id: int, number: int, replaced: int | None
) -> Recorded:
    """Enter the decisions, take back what they undo, pay what they give."""
    itemized = entry.itemized
    stated = itemized.claim
    undone = [number]
    if stated.kind == "corrected" and replaced is not None and entry.verdict != "return":
        undone.append(replaced)
    taken_back = _taken_back(connection, undone, stamp)
    before = paid_for(connection, sro_id)
    limit = limit_on(connection, stated.trip.returned_on)
    paid = _due(entry, limit, before)
    about = [CheckDecision("", "", entry.verdict, entry.reason), *entry.decisions]
    rows = [
        {
            "claim_id": number,
            "check_id": one.check,
            "place": one.where,
            "verdict": one.verdict,
            "amount_cents": cents_of(paid) if not one.check else 0,
            "reason": one.reason.strip(),
            **stamp.columns,
        }
        for one in about
    ]
    connection.execute(decision.insert(), rows)
    if paid:
        row = {
            "sro_id": sro_id,
            "claim_id": number,
            "kind": "payment",
            "amount_cents": cents_of(paid),
            "counted_on": stated.trip.returned_on.isoformat(),
            "paid_on": entry.paid_on.isoformat() if entry.paid_on else "",
            "reference": entry.reference.strip(),
            "reverses_id": None,
        }
        connection.execute(payment.insert(), {**row, **stamp.columns})
    return Recorded(stated.claim_id, sro_id, entry.verdict, paid, taken_back, before, limit)


def _due(entry: Entry, limit: Decimal, before: Decimal) -> Decimal:
    if entry.verdict == "return":
        return ZERO
    if entry.amount is None:
        return chp.payable(entry.itemized.totals.allowable, limit, before)
    left = max(ZERO, limit - before)
    if entry.amount > left:
        raise LedgerError(
            f"{in_dollars(entry.amount)} is more than the {in_dollars(left)} left of the limit of "
            f"{in_dollars(limit)} for this officer",
            where="--amount",
            mend="pay what is left, or less",
        )
    return entry.amount


def _taken_back(connection: Connection, numbers: list[int], stamp: Stamp) -> Decimal:
    """Take back, whole, every payment under these claims that stands; the sum."""
    reversal = payment.alias()
    standing = (
        sa.select(payment)
        .outerjoin(reversal, reversal.c.reverses_id == payment.c.id)
        .where(payment.c.claim_id.in_(numbers), payment.c.kind == "payment", reversal.c.id.is_(None))
        .order_by(payment.c.id)
    )
    return take_back(connection, connection.execute(standing).all(), stamp)


def take_back(connection: Connection, payments: list[sa.Row[Any]] | Any, stamp: Stamp) -> Decimal:
    """Enter the reversal of each of these payments; the sum, dollars."""
    rows = [
        {
            "sro_id": one.sro_id,
            "claim_id": one.claim_id,
            "kind": "reversal",
            "amount_cents": -one.amount_cents,
            "counted_on": one.counted_on,
            "paid_on": "",
            "reference": "",
            "reverses_id": one.id,
            **stamp.columns,
        }
        for one in payments
    ]
    if rows:
        connection.execute(payment.insert(), rows)
    return dollars_of(-sum(row["amount_cents"] for row in rows))

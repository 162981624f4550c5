"""Recording an audited claim: who it is for, what was decided, what is paid; in one transaction, within the limit.

What the audit blocks is not paid, and what it questions is paid only where a person decided.

A decision approves an amount, which counts against the limit from then on; `paying` records when it is paid. A
correction is a new entry: a corrected claim is approved for what it gives beyond what was approved under the claim it
corrects, and what was approved too much is taken back. So it is where a decision is made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc import __version__
from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.claims.model import Claim, claim_key, same_id
from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.people import Person
from perdiem_calc.history.records import Chosen, Verdict, canonical, content_sha256, paid_for_same
from perdiem_calc.ledger.identities import Officer, identified, inserted, remember, spellings, undecided
from perdiem_calc.ledger.limits import keep_limits
from perdiem_calc.ledger.paying import Account, Movement, check_out, enter_movement, lapse
from perdiem_calc.ledger.reading import (
    cents_of,
    claims_of,
    columns_of,
    decided_amount_of,
    dollars_of,
    known,
    limit_on,
    marks_of,
    opening_of,
    paid_for,
    sum_under,
    superseding,
    verdict_of,
)
from perdiem_calc.ledger.schema import claim, decision, fingerprint
from perdiem_calc.ledger.store import Stamp
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.review.decisions import FindingDecision, not_overridden, open_findings
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.text import LONGEST_OPTION, some, why_no_line, why_no_text

MOST_LISTED = 3
"""So many findings are named in an error."""


class AlreadyRecorded(LedgerError):
    """The same claim, by its content, is recorded with the same decision; nothing was written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An audited claim and what a person decided on it.

    Without a `verdict` nobody decided: what is payable is paid, and only where nothing is left to decide. `amount`
    (dollars, what is paid under this claim altogether) goes with `adjust` and with no other verdict; `reason` with
    every verdict but an `accept` of a claim that leaves nothing to decide. `decisions` are those on single findings.
    `paid_on` and `reference` name the payment, where it is recorded together with the decision.
    """

    audited: AuditedClaim
    verdict: Verdict | None = None
    amount: Decimal | None = None
    reason: str = ""
    paid_on: date | None = None
    reference: str = ""
    decisions: tuple[FindingDecision, ...] = ()

    @property
    def decided(self) -> Verdict:
        """The verdict; `accept` where nobody had to decide."""
        return self.verdict or "accept"

    @property
    def paying(self) -> Decimal:
        """What the decision pays, dollars."""
        if self.decided == "return":
            return ZERO
        return self.audited.payable if self.amount is None else self.amount

    def __post_init__(self) -> None:
        """Raises LedgerError for a text that could show something else than it is."""
        if why := why_no_line(self.reference, LONGEST_OPTION):
            raise LedgerError("ledger.payment-number.invalid", why, where="--payment-number")
        if why := why_no_text(self.reason):
            raise LedgerError("ledger.reason.invalid", why, where="--reason")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording a claim did; dollars.

    `officer` is the SRO as first recorded, however this claim spells them. `paid` is what is approved under this
    claim altogether, `change` what this decision adds to it or takes from it; `owed` what the agency must return,
    since more was paid. `paid_before` is everything else that counts against the SRO's limit.
    """

    claim_id: str
    sro: int
    officer: str
    verdict: Verdict
    paid: Decimal
    change: Decimal
    paid_before: Decimal
    limit: Decimal
    owed: Decimal = ZERO

    @property
    def remaining(self) -> Decimal:
        """What is left of the SRO's limit afterwards."""
        return max(ZERO, self.limit - self.paid_before - self.paid)

    def __str__(self) -> str:
        moved = f"to pay {in_dollars(self.change)}"
        if self.change < 0:
            moved = f"{in_dollars(-self.change)} less to pay"
        if self.owed:
            moved = f"the agency returns {in_dollars(self.owed)}"
        left = f"{in_dollars(self.remaining)} of {in_dollars(self.limit)} left"
        return f"{self.verdict}, {moved}; SRO {self.sro}, {self.officer}, has {left}"


def record(connection: Connection, law: Law, entry: Entry, sro: Chosen, stamp: Stamp) -> Recorded:
    """Record an audited claim with its decision and its payment, within the connection's transaction.

    `sro` says who the officer is where a person must decide. Raises AlreadyRecorded for the same claim with the same
    decision; LedgerError where a person must decide who the officer is, where the claim's id or course is taken,
    where the claim is blocked or a finding is not decided on, where more would be paid than the limit leaves, and
    where the claim was not audited with what the ledger holds now.
    """
    itemized = entry.audited.itemized
    if itemized is None:
        what = "; ".join(one.message for one in entry.audited.to_decide)
        raise LedgerError(
            "ledger.claim.not-computable",
            f"the claim cannot be computed, so there is nothing to record: {what}",
            fix="return it",
        )
    _check_whole(entry, itemized)
    keep_limits(connection, law, stamp)
    stated = itemized.claim
    _check_told(connection, entry.audited, stated, sro)
    content = canonical(stated)
    again = connection.execute(_recorded_query().where(claim.c.content_sha256 == content_sha256(content))).first()
    if again is not None:
        _check_decided_again(again, entry)
        sro_id, number = int(again.sro_id), int(again.id)
    else:
        near = known(connection, stated).near
        sro_id, number = identified(connection, Officer.of(stated), sro, stamp.columns, near), None
        _check_id(connection, stated, sro_id)
    replaced = None
    if number is None or entry.decided != "return":
        replaced = _replaced(connection, stated, sro_id)
    if entry.decided != "return":
        _check_course(connection, stated, sro_id)
        _check_decided(entry, itemized)
    if number is None:
        number = _entered(connection, itemized, content, sro_id, replaced, stamp.columns)
    return _settled(connection, entry, itemized, stamp, sro_id, number)


def _check_told(connection: Connection, audited: AuditedClaim, stated: Claim, sro: Chosen) -> None:
    """Whether the claim was audited with what the ledger says of it here and now."""
    told = audited.known
    if told is None or (told.of_ledger or told) != known(connection, stated, sro):
        raise LedgerError(
            "ledger.audit.outdated",
            f"claim {stated.claim_id} was not audited with what this ledger holds now",
            fix="audit it again with this ledger, and record that",
        )
    if sro is None and told.near and told.recorded is None:
        raise undecided(Officer(stated.award.number, stated.officer.name), told.near)


def _check_whole(entry: Entry, itemized: ItemizedClaim) -> None:
    """Whether the decision has everything that goes with its verdict."""
    if not all(one.check for one in entry.decisions):
        raise ValueError("a decision on a finding names its check")
    if entry.decided != "accept" and not entry.reason.strip():
        raise LedgerError(
            "ledger.reason.missing", f"the verdict {entry.decided} has no reason", where="--reason", fix="say why"
        )
    if (entry.amount is None) == (entry.decided == "adjust"):
        fix = "give the amount to pay" if entry.amount is None else "say --verdict adjust, or leave the amount out"
        raise LedgerError(
            "ledger.amount.contradicts-verdict", f"the verdict is {entry.decided}", where="--amount", fix=fix
        )
    claimed = itemized.totals.claimed
    if entry.amount is not None and not ZERO <= entry.amount <= claimed:
        raise LedgerError(
            "ledger.amount.beyond-claimed",
            f"{in_dollars(entry.amount)} is not between nothing and the {in_dollars(claimed)} claimed",
            where="--amount",
            fix="give what is to be paid for this claim altogether",
        )


def _check_decided(entry: Entry, itemized: ItemizedClaim) -> None:
    """Whether the claim is open to the decision: what blocks is not paid, and a person decides on each question.

    More than what is payable is paid only where a person decided on every finding that blocks.
    """
    claim_id, audited = itemized.claim.claim_id, entry.audited
    if itemized.blocks and entry.decided == "accept":
        blocking = [one for one in audited.questioned if one.severity is Severity.BLOCKS]
        raise LedgerError(
            "ledger.claim.blocked",
            f"claim {claim_id} is blocked, and nothing is paid: {_listed(blocking)}",
            fix="have the agency fix it; or return it: --verdict return, with the reason",
        )
    left = not_overridden(audited, entry.decisions)
    if entry.paying > audited.payable and left:
        raise LedgerError(
            "ledger.amount.beyond-payable",
            f"claim {claim_id} is blocked, and {in_dollars(audited.payable)} is payable: {_listed(left)}",
            where="--amount",
            fix="pay no more than that; or decide on each of these, with the reason, in a copy of the audit",
        )
    questions = open_findings(audited.to_decide, entry.decisions)
    if questions and entry.verdict is None:
        raise LedgerError(
            "ledger.decision.missing",
            f"a person must decide on claim {claim_id}, and nobody has: {_listed(questions)}",
            where="--verdict",
            fix="look at each; then say accept, adjust or return, with --reason, or decide in a copy of the audit",
        )
    if questions and not entry.reason.strip():
        raise LedgerError(
            "ledger.reason.missing",
            f"claim {claim_id} is accepted without a reason, and this is questioned: {_listed(questions)}",
            where="--reason",
            fix="say why it is paid all the same",
        )


def _listed(findings: Iterable[Finding]) -> str:
    """The first few findings, each with its place, and how many more."""
    return some([f"{one.check} at {one.where}, {one.message.removesuffix('.')}" for one in findings], MOST_LISTED)


def _recorded_query() -> sa.Select[Any]:
    return sa.select(
        claim,
        verdict_of(claim.c.id).label("verdict"),
        decided_amount_of(claim.c.id).label("decided_cents"),
        sum_under("approved", claim.c.id).label("approved_cents"),
        superseding(claim.c.id).label("superseded_by"),
    )


def _check_decided_again(row: sa.Row[Any], entry: Entry) -> None:
    paid = dollars_of(row.decided_cents)
    said = f"claim {row.claim_id} was recorded by {row.recorded_by} at {row.recorded_at}"
    is_in_force = int(row.approved_cents) == row.decided_cents
    is_same = is_in_force and row.verdict == entry.decided and max(ZERO, paid) == entry.paying
    if entry.verdict is None or is_same:
        raise AlreadyRecorded(
            "ledger.claim.already-recorded",
            f"{said}: {row.verdict}, {in_dollars(paid)}",
            where="claim_id",
            fix="nothing was written, as nothing is new",
        )
    if row.superseded_by:
        raise LedgerError(
            "ledger.claim.superseded",
            f"{said}, and {row.superseded_by} took its place",
            fix=f"decide on {row.superseded_by}",
        )
    if not entry.reason.strip():
        raise LedgerError(
            "ledger.reason.missing",
            f"{said} with the verdict {row.verdict}",
            where="--reason",
            fix="say why it is decided again",
        )


def _check_id(connection: Connection, stated: Claim, sro_id: int) -> None:
    taken = _by_id(connection, sro_id, stated.claim_id)
    if taken is not None:
        raise LedgerError(
            "ledger.claim.id-taken",
            f"claim {taken.claim_id} was recorded by {taken.recorded_by} at {taken.recorded_at} with another content",
            where="claim_id",
            fix="a corrected claim has an id of its own and names this one in replaces",
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
            "ledger.replaced.unknown",
            f"claim {stated.replaces} is not recorded for this officer",
            where="replaces",
            fix="record it first; what was paid before the ledger was begun is entered with import-roster",
        )
    if named.superseded_by and not same_id(named.superseded_by, stated.claim_id):
        raise LedgerError(
            "ledger.replaced.superseded",
            f"{named.superseded_by} took the place of claim {named.claim_id}",
            where="replaces",
            fix=f"name {named.superseded_by}",
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
                "ledger.course.repeated",
                f"claim {earlier.claim_id} of this officer is for the same course ({earlier.course_starts_on})",
                where="kind",
                fix=f"make it corrected or supplemental, with replaces {earlier.claim_id}",
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
            **columns_of(stated),
            "replaces_id": replaced,
            "content_sha256": content_sha256(content),
            "content": content,
            "claimed_cents": cents_of(totals.claimed),
            "allowable_cents": cents_of(totals.allowable),
            "program": __version__,
            **columns,
        },
    )
    _enter_fingerprints(connection, stated, number, columns)
    remember(connection, sro_id, Person.of(stated), columns)
    return number


def _enter_fingerprints(connection: Connection, stated: Claim, number: int, columns: Mapping[str, str]) -> None:
    names = ("lines", "happened_on", "amount_cents")
    marks = [
        {
            "claim_id": number,
            "kind": one.kind,
            "value": one.value,
            "vendor": one.vendor,
            **dict(zip(names, rest, strict=True)),
            **columns,
        }
        for one, rest in marks_of(stated)
    ]
    if marks:
        connection.execute(fingerprint.insert(), marks)


def _settled(
    connection: Connection, entry: Entry, itemized: ItemizedClaim, stamp: Stamp, sro_id: int, number: int
) -> Recorded:
    """Enter the decisions, what they approve, and the payment where one is stated."""
    stated = itemized.claim
    account = Account(connection, number)
    lapse(connection, account, [number] if entry.decided == "return" else account.family, stamp)
    claims = claims_of(connection, sro_id)
    own = next((one.paid for one in claims if same_id(one.claim_id, stated.claim_id)), ZERO)
    others = paid_for(connection, sro_id) - own
    limit = limit_on(connection, stated.trip.returned_on)
    opening = others + own - sum((one.paid for one in claims), ZERO)
    paid = _due(entry, itemized, max(ZERO, limit - others), paid_for_same(stated, claims, opening))
    whole = ("", "", entry.decided, cents_of(paid), entry.reason.strip())
    others_made = [(one.check, one.where, one.verdict, 0, one.reason.strip()) for one in entry.decisions]
    columns = ("check_id", "place", "verdict", "amount_cents", "reason")
    rows = [
        {"claim_id": number, **dict(zip(columns, made, strict=True)), **stamp.columns}
        for made in (whole, *others_made)
    ]
    connection.execute(decision.insert(), rows)
    on = stated.trip.returned_on
    kind: Literal["approved", "lowered"] = "approved" if paid > own else "lowered"
    enter_movement(connection, Movement(sro_id, number, kind, abs(paid - own), on, reason=entry.reason), stamp)
    if entry.paid_on is not None or entry.reference.strip():
        _enter_stated_payment(connection, entry, number, on, stamp)
    owed = max(ZERO, -Account(connection, number).due)
    officer = spellings(connection, sro_id)[0].name
    return Recorded(stated.claim_id, sro_id, officer, entry.decided, paid, paid - own, others, limit, owed)


def _enter_stated_payment(connection: Connection, entry: Entry, number: int, on: date, stamp: Stamp) -> None:
    """Enter the payment that goes with a decision: scheduled where its day is not known, or not there yet."""
    account = Account(connection, number)
    if account.due <= 0:
        raise LedgerError(
            "ledger.payment.nothing-due",
            f"a payment is stated for claim {account.claim_id}, and nothing is due under it",
            where="--payment-number",
            fix="leave out the day and the number of the payment",
        )
    is_paid = entry.paid_on is not None and entry.paid_on <= stamp.at.date()
    kind: Literal["paid", "scheduled"] = "paid" if is_paid else "scheduled"
    moved = Movement(account.sro, number, kind, account.due, on, entry.paid_on, entry.reference)
    if is_paid:
        check_out(connection, account, [moved])
    enter_movement(connection, moved, stamp)


def _due(entry: Entry, itemized: ItemizedClaim, left: Decimal, for_same: Decimal) -> Decimal:
    """What is to be paid under the claim altogether; below zero where a correction gives less than was paid."""
    if entry.decided == "return":
        return ZERO
    if entry.amount is None:
        due = min(itemized.totals.allowable - for_same, max(ZERO, left - itemized.outside.taken))
        if max(ZERO, due) != entry.paying:
            by_ledger, by_audit = in_dollars(max(ZERO, due)), in_dollars(entry.paying)
            raise LedgerError(
                "ledger.audit.differs",
                f"{by_ledger} is payable by the ledger, and {by_audit} by the audit",
                fix="audit it again, and decide on that",
            )
        return due
    if entry.amount > left:
        raise LedgerError(
            "ledger.amount.beyond-limit",
            f"{in_dollars(entry.amount)} is more than the {in_dollars(left)} left of this officer's limit",
            where="--amount",
            fix="pay what is left, or less",
        )
    return entry.amount

"""Records what reviewers decided in audited copies: each claim is audited again first, with the ledger as it is now.

A decision counts for the findings that it was made on. If they have changed since, nothing is recorded until a
person has looked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, cast

from perdiem_calc.auditing.batch import Batch, Watch
from perdiem_calc.auditing.receiving import Received
from perdiem_calc.auditing.recording import Office, record
from perdiem_calc.errors import PerdiemError
from perdiem_calc.history.records import Chosen, EarlierClaim, Verdict
from perdiem_calc.ledger import AlreadyRecorded, Entry, Recorded
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.review.decisions import Conclusion, ReviewedClaim, changed_since, concluded, open_findings, paired
from perdiem_calc.review.letters import Decided
from perdiem_calc.review.result import AuditedClaim, Unreadable
from perdiem_calc.text import harmless
from perdiem_calc.workbook.reading.decisions import read_decisions

Status = Literal["recorded", "already_recorded", "open", "changed", "refused", "not_computed", "same_claim"]
"""What became of a copy. `open`: something is still to be decided; `changed`: the findings are others by now;
`refused`: the decisions contradict each other, or the ledger refuses them; `not_computed`: the claim was sent back,
and as it cannot be computed there is nothing to record; `same_claim`: it is the claim of another copy, and decided
there.
"""


NO_COPY = "No audit wrote this copy, so nobody decided on it: audit it with --copies, and decide in the copy."

NOTHING_DECIDED = (
    "Nothing was recorded. Open each copy, choose a Decision for each finding on the sheet Review that is more "
    "than info, put a name into NASRO's box at the foot of the sheet Claim, save it, and run this again."
)
"""What a reviewer does next where every copy is still open."""


UNQUESTIONED = "nothing was questioned; accepted together with others"
"""The reason on record of a claim that nobody decided on by itself."""

OF_COPY = {"--reason": "Decision reason", "--amount": "", "--payment-number": "Payment number"}
"""Where a copy states what the ledger asks for by the name of an option; the amount in its own cell."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What became of one copy; `why` says it in sentences where it was not recorded now.

    `decided` is the ledger's decision, None if there is none; `recorded` is what this run recorded.
    """

    audited: AuditedClaim
    status: Status
    why: tuple[str, ...] = ()
    decided: Decided | None = None
    recorded: Recorded | None = None


def resume(
    batch: Batch, office: Office, *, accepts_unquestioned: bool = False, watch: Watch = lambda phase, files: None
) -> tuple[Resumed | Unreadable, ...]:
    """Record what is decided in a batch of audited copies, one after the other; the results are in their order.

    They are recorded in the order in which the claims count, so that none is held against one that comes before it.
    The batch asks the same ledger. With `accepts_unquestioned` a copy that leaves nothing to decide and in which
    nobody wrote anything is accepted in the office's name, which must be given. One refusal does not stop the others;
    to run it twice changes nothing. Raises LedgerError where the ledger cannot be read.
    """
    results: dict[int, Resumed | Unreadable] = {}
    read = [_read(file) for file in batch.received]
    accepted_by = office.by if accepts_unquestioned else ""
    if accepts_unquestioned and not office.by:
        raise ValueError("whoever accepts what is not questioned is named")
    contradicted = _contradicted(batch, read)
    for number in batch.in_order():
        reviewed = read[number]
        if isinstance(reviewed, Unreadable):
            audited = batch.audited(number)
            results[number] = audited if isinstance(audited, Unreadable) else reviewed
        else:
            results[number] = _resumed(batch, number, reviewed, office, contradicted.get(number, ""), accepted_by)
        watch("recorded", 1)
    return tuple(results[number] for number in range(len(read)))


def decide(batch: Batch, number: int, reviewed: ReviewedClaim, office: Office) -> Resumed | Unreadable:
    """Record what a person decided on one claim of a batch, wherever the decision was made; as `resume` does.

    `reviewed` has the findings, the content and the record that the person decided on. Where an error is about the
    amount, it names `reviewed.amount_cell`.
    """
    return _resumed(batch, number, reviewed, office, "", "")


def _read(file: Received) -> ReviewedClaim | Unreadable:
    try:
        return replace(read_decisions(file.path), source=file.source)
    except PerdiemError as error:
        return Unreadable(file.source, error.in_file(file.source))


def _contradicted(batch: Batch, read: Sequence[ReviewedClaim | Unreadable]) -> dict[int, str]:
    """The copies of one claim on which a reviewer decided differently, each with the file of another."""
    found: dict[int, str] = {}
    for number, first in batch.copies().items():
        own, other = read[number], read[first]
        if isinstance(own, Unreadable) or isinstance(other, Unreadable):
            continue
        if own.is_approved and other.is_approved and not own.is_left_to(other):
            found |= {number: other.source, first: own.source}
    return found


def _resumed(
    batch: Batch, number: int, reviewed: ReviewedClaim, office: Office, other: str, accepted_by: str
) -> Resumed | Unreadable:
    """What becomes of one copy; `other` is a copy of the same claim that is decided differently.

    Where nothing is questioned and nobody decided, `accepted_by` is who accepts it; empty where nobody does.
    """

    def decide(audited: AuditedClaim) -> Entry | Resumed:
        nonlocal reviewed
        if accepted_by and audited.suggested == "accept" and reviewed.is_untouched:
            reviewed = replace(reviewed, approved_by=accepted_by)
            conclusion = Conclusion("accept", audited.payable, UNQUESTIONED, ())
            return _waiting(audited, reviewed, batch.sro) or _entry(audited, reviewed, conclusion, office)
        if other:
            said = f"The same claim is decided otherwise in {other}: decide alike, or in one copy alone."
            return Resumed(audited, "refused", (said,))
        waiting = _waiting(audited, reviewed, batch.sro)
        return waiting or _entry(audited, reviewed, concluded(audited, reviewed), office)

    done = record(batch, number, office, decide, by=reviewed.approved_by)
    audited = done.audited
    if isinstance(audited, Unreadable):
        return audited
    if done.left is not None:
        return done.left
    if done.refused is not None:
        error, is_there = done.refused, isinstance(done.refused, AlreadyRecorded)
        if error.where in OF_COPY:
            error.where = OF_COPY[error.where] or reviewed.amount_cell
        return Resumed(audited, "already_recorded" if is_there else "refused", (str(error),))
    recorded = cast(Recorded, done.recorded)
    decided = _decided(audited, reviewed, recorded.verdict, recorded.paid, recorded.remaining)
    return Resumed(audited, "recorded", (), decided, recorded)


def _waiting(audited: AuditedClaim, reviewed: ReviewedClaim, sro: Chosen) -> Resumed | None:
    """Why a copy is not recorded as it is; None where it is."""
    if not reviewed.content:
        return Resumed(audited, "refused", (NO_COPY,))
    if audited.known is not None and audited.known.copy_of:
        return Resumed(
            audited, "same_claim", (f"It is the claim of {harmless(audited.known.copy_of)}, and is decided there.",)
        )
    on_record = audited.known.recorded if audited.known is not None else None
    if on_record is not None and (not reviewed.is_approved or _says_the_same(on_record, reviewed)):
        return _recorded_before(audited, reviewed, on_record)
    still_open = _still_open(audited, reviewed, sro)
    if still_open is None and audited.itemized is None:
        concluded(audited, reviewed)
        said = "The claim goes back; as it cannot be computed, there is nothing to record."
        return Resumed(audited, "not_computed", (said,))
    return still_open


def _decided(
    audited: AuditedClaim, reviewed: ReviewedClaim, verdict: Verdict, paid: Decimal, remaining: Decimal
) -> Decided:
    """The ledger's decision, with the decisions of the copy that led to it."""
    items = paired(audited.to_decide, reviewed.decisions)
    made = [decision for _, decision in items]
    besides = tuple(one for one in reviewed.decisions if one.verdict != "accept" and one not in made)
    return Decided(verdict, paid, remaining, items, reviewed.payment_number, besides)


def _says_the_same(on_record: EarlierClaim, reviewed: ReviewedClaim) -> bool:
    """Whether the ledger says of a claim what its copy says."""
    if reviewed.returned or on_record.verdict == "return":
        return bool(reviewed.returned) and on_record.verdict == "return"
    if reviewed.approved_amount is None:
        return on_record.verdict == "accept" and not reviewed.adjusted
    return reviewed.approved_amount == on_record.paid


def _recorded_before(audited: AuditedClaim, reviewed: ReviewedClaim, on_record: EarlierClaim) -> Resumed:
    done = "sent back" if on_record.verdict == "return" else in_dollars(on_record.paid)
    said = f"It was recorded on {on_record.recorded_at[:10]} by {on_record.recorded_by}: {on_record.verdict}, {done}."
    remaining = ZERO
    if audited.itemized is not None:
        totals = audited.itemized.totals
        remaining = max(ZERO, totals.cap - totals.previously_reimbursed - on_record.paid)
    decided = _decided(audited, reviewed, on_record.verdict, on_record.paid, remaining)
    return Resumed(audited, "already_recorded", (said,), decided)


def _still_open(audited: AuditedClaim, reviewed: ReviewedClaim, sro: Chosen) -> Resumed | None:
    """What a person still has to do; None if nothing is open.

    A decision to return the claim is enough: its other findings are looked at when it is sent again.
    """
    left = [] if reviewed.returned else open_findings(audited.to_decide, reviewed.decisions)
    why = [f"Decide on {finding.check} at {finding.where}: {finding.message}" for finding in left]
    if not reviewed.is_approved:
        why.insert(0, "Nobody is named in NASRO's box on the sheet Claim.")
    elif reviewed.content != audited.content:
        said = (
            "What the agency claims is not what was audited: a cell of the claim was changed since. Audit it again, "
            "and decide on the new copy."
        )
        return Resumed(audited, "changed", (said,))
    elif reviewed.on_record != audited.on_record:
        said = (
            f"Since the copy was written something was decided on the claim ({audited.on_record}): to decide "
            "otherwise, audit it again, and decide on the new copy."
        )
        return Resumed(audited, "changed", (said,))
    elif not reviewed.returned and (changed := changed_since(audited, reviewed, is_identified=sro is not None)):
        said = (
            f"Since the copy was written its findings have changed ({', '.join(changed)}): audit the claim again, "
            "with the same files, roster and officer, and decide on the new copy."
        )
        return Resumed(audited, "changed", (said,))
    return Resumed(audited, "open", tuple(why)) if why else None


def _entry(audited: AuditedClaim, reviewed: ReviewedClaim, conclusion: Conclusion, office: Office) -> Entry:
    """What is recorded. The name of whoever approved it is never lost."""
    reasons = [conclusion.reason] if conclusion.reason else [one.reason for one in reviewed.decisions if one.reason]
    if office.by and office.by != reviewed.approved_by:
        reasons.append(f"approved by {reviewed.approved_by}")
    return Entry(
        audited,
        conclusion.verdict,
        amount=conclusion.amount if conclusion.verdict == "adjust" else None,
        reason="; ".join(dict.fromkeys(reasons)),
        paid_on=reviewed.approved_on if reviewed.payment_number else None,
        reference=reviewed.payment_number,
        decisions=reviewed.decisions,
    )

"""What a reviewer decided on an audited claim, and what follows: the verdict, what is paid, what is still open.

The decisions come from the sheet Review of an audited copy, the approval from NASRO's box on its sheet Claim. The
claim is audited again before anything is concluded, so a decision counts for a finding that is still there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.claims.model import same_id
from perdiem_calc.errors import InputError
from perdiem_calc.history.conflicts import AS_COPY, DECIDE_ON_THAT, RESUBMITTED
from perdiem_calc.history.records import OFFICER_MAY_BE_KNOWN, Verdict
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.text import listed


@dataclass(frozen=True, slots=True)
class FindingDecision:
    """The decision on one finding: its check and place as the sheet names them, the decision and the reason.

    `cell` is the cell of the decision, like `Findings!I5`; `message` what the sheet says of the finding.
    """

    check: str
    where: str
    cell: str
    verdict: Verdict
    reason: str = ""
    message: str = ""

    @property
    def why(self) -> str:
        """The reviewer's reason; without one, what the finding says."""
        return self.reason or self.message

    @property
    def is_of_a_copy(self) -> bool:
        """Whether the finding is no more than that another file has the same claim."""
        return self.check == RESUBMITTED and self.message.startswith(AS_COPY)

    @property
    def is_left_to_another(self) -> bool:
        """Whether NASRO decides on another file with the same claim, or on the claim that corrects it."""
        return self.is_of_a_copy or (self.check == RESUBMITTED and DECIDE_ON_THAT.reviewer in self.message)


class ToldFinding(NamedTuple):
    """A finding by what a decision on the claim rests on: what is questioned, how gravely, and the dollars."""

    check: str
    severity: str
    claimed: Decimal
    allowed: Decimal
    payment_effect: Decimal

    @property
    def counts(self) -> bool:
        """Whether it is more than information, or changes the payment."""
        return self.severity != Severity.INFO.value or self.payment_effect != 0


@dataclass(frozen=True, slots=True)
class ReviewedClaim:
    """An audited copy as the reviewer left it; dollars.

    `decisions` are those that were made, in the order of the sheet, `told` the findings that stand on it.
    `approved_amount` is None where the box is blank; `amount_cell` is its cell. `content` and `on_record` are those
    of the claim that was audited; without content no audit wrote the workbook.
    """

    source: str
    claim_id: str
    decisions: tuple[FindingDecision, ...]
    approved_amount: Decimal | None = None
    approved_by: str = ""
    approved_on: date | None = None
    payment_number: str = ""
    amount_cell: str = ""
    told: tuple[ToldFinding, ...] = ()
    content: str = ""
    on_record: str = ""

    @property
    def is_approved(self) -> bool:
        """Whether the approval has a name."""
        return bool(self.approved_by)

    @property
    def is_untouched(self) -> bool:
        """Whether nobody filled in anything: no decision, nothing in NASRO's box."""
        box = (self.approved_amount, self.approved_by, self.approved_on, self.payment_number)
        return not self.decisions and not any(one is not None and one != "" for one in box)

    def is_left_to(self, other: ReviewedClaim) -> bool:
        """Whether another copy of the claim may decide for this one: it comes to the same, or goes back as a copy."""
        if self.returned and all(one.is_of_a_copy for one in self.returned):
            return True
        return (bool(self.returned), self.approved_amount) == (bool(other.returned), other.approved_amount)

    @property
    def adjusted(self) -> tuple[FindingDecision, ...]:
        """The findings for which another amount is paid."""
        return tuple(one for one in self.decisions if one.verdict == "adjust")

    @property
    def returned(self) -> tuple[FindingDecision, ...]:
        """The findings for which the claim is sent back."""
        return tuple(one for one in self.decisions if one.verdict == "return")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The result of the reviewer's decisions. `amount` in dollars is all that is paid under the claim.

    `open` are the findings that a person must decide and nobody has. `reason` says why, with adjust and return.
    """

    verdict: Verdict
    amount: Decimal
    reason: str
    open: tuple[Finding, ...]


def changed_since(audited: AuditedClaim, reviewed: ReviewedClaim, *, is_identified: bool = False) -> tuple[str, ...]:
    """The checks whose findings are not those that the reviewer decided on, each once.

    A payment that was recorded meanwhile changes them, or a roster. Where a person decided since who the officer is,
    that is no question any more.
    """
    now = Counter(one for one in map(_told, audited.questioned) if one.counts)
    then = Counter(one for one in reviewed.told if one.counts)
    changed = {one.check for one in (now - then) + (then - now)}
    return tuple(sorted(changed - ({OFFICER_MAY_BE_KNOWN} if is_identified else set())))


def _told(finding: Finding) -> ToldFinding:
    amounts = finding.claimed, finding.allowed, finding.payment_effect
    return ToldFinding(finding.check, finding.severity.value, *amounts)


def concluded(audited: AuditedClaim, reviewed: ReviewedClaim) -> Conclusion:
    """The conclusion from a reviewer's decisions on a claim as it is audited now.

    A finding decided `return` sends the claim back. An approved amount other than the payable one adjusts it, for the
    reasons of the findings decided `adjust`. Else what is payable is accepted.

    Raises InputError, with the cell, where the decisions are another claim's, contradict each other, adjust without
    an amount, give no reason for another amount, or accept a claim that is barred from payment.
    """
    if not same_id(audited.claim_id, reviewed.claim_id):
        raise InputError(
            "decision.other-claim",
            f"the decisions are on claim {reviewed.claim_id!r}, not on {audited.claim_id!r}",
            fix="name the copy of this claim",
        )
    left = open_findings(audited.to_decide, reviewed.decisions)
    if reviewed.returned:
        _check_nothing_approved(reviewed)
        return Conclusion("return", ZERO, _reasons(reviewed.returned), left)
    approved = reviewed.approved_amount
    if approved is not None and approved != audited.payable:
        return Conclusion("adjust", approved, _reasons_to_adjust(audited, reviewed), left)
    _check_amount(audited, reviewed)
    _check_payable(audited, reviewed)
    return Conclusion("accept", audited.payable, "", left)


def open_findings(findings: Iterable[Finding], decisions: Iterable[FindingDecision]) -> tuple[Finding, ...]:
    """The findings without a decision, as `paired` says."""
    return tuple(finding for finding, decision in paired(findings, decisions) if decision is None)


def not_overridden(audited: AuditedClaim, decisions: Iterable[FindingDecision]) -> tuple[Finding, ...]:
    """The findings that block and that no one decided to pay anyway.

    What blocks the whole claim is overridden by adjusting it, with a reason; what blocks a line by any decision on
    it, since the amount says which lines are paid.
    """
    blocks = {block.check for block in audited.itemized.blocks} if audited.itemized is not None else set()
    blocking = (finding for finding in audited.questioned if finding.severity is Severity.BLOCKS)
    return tuple(
        finding
        for finding, made in paired(blocking, decisions)
        if made is None or (finding.check in blocks and not (made.verdict == "adjust" and made.reason.strip()))
    )


def paired(
    findings: Iterable[Finding], decisions: Iterable[FindingDecision]
) -> tuple[tuple[Finding, FindingDecision | None], ...]:
    """Each finding with its decision; None where there is none.

    A decision belongs to the finding of the same check at the same place. Where the one decision and the one finding
    of a check are left over, they belong together although the place is named otherwise.
    """
    unplaced = list(decisions)
    pairs: list[tuple[Finding, FindingDecision | None]] = []
    for finding in findings:
        at_place = (one for one in unplaced if (one.check, one.where) == (finding.check, str(finding.where)))
        decision = next(at_place, None)
        if decision is not None:
            unplaced.remove(decision)
        pairs.append((finding, decision))
    alone = Counter(finding.check for finding, decision in pairs if decision is None)
    left = Counter(one.check for one in unplaced)
    last = {one.check: one for one in unplaced if (alone[one.check], left[one.check]) == (1, 1)}
    return tuple((finding, last.get(finding.check) if made is None else made) for finding, made in pairs)


def _reasons(decisions: Iterable[FindingDecision]) -> str:
    """The reasons, each once, in the order of the sheet."""
    return "; ".join(dict.fromkeys(one.why for one in decisions if one.why))


def _check_nothing_approved(reviewed: ReviewedClaim) -> None:
    if reviewed.approved_amount:
        first = reviewed.returned[0]
        amount = in_dollars(reviewed.approved_amount)
        raise InputError(
            "decision.return-with-amount",
            f"{amount} is approved, and {first.check} is decided return in {first.cell}",
            where=reviewed.amount_cell,
            fix="clear the amount, or decide otherwise there",
        )


def _reasons_to_adjust(audited: AuditedClaim, reviewed: ReviewedClaim) -> str:
    if not reviewed.adjusted:
        raise InputError(
            "decision.amount-without-adjust",
            f"the approved amount is not the payable {in_dollars(audited.payable)}, and no finding is decided adjust",
            where=reviewed.amount_cell,
            fix="decide adjust at the finding it comes from, with the reason; or approve what is payable",
        )
    barred_by = {block.check for block in audited.itemized.blocks} if audited.itemized is not None else set()
    left = sorted(barred_by & {one.check for one in not_overridden(audited, reviewed.decisions)})
    if left:
        raise InputError(
            "decision.block-not-decided",
            f"the claim is barred from payment by {listed(left)}, which is not decided adjust",
            where=reviewed.amount_cell,
            fix="decide adjust at what bars it, with the reason; or return",
        )
    return _reasons(reviewed.adjusted)


def _check_amount(audited: AuditedClaim, reviewed: ReviewedClaim) -> None:
    """Who adjusts says to which amount: a blank may be one that was forgotten."""
    if reviewed.adjusted and reviewed.approved_amount is None:
        first = reviewed.adjusted[0]
        raise InputError(
            "decision.adjust-without-amount",
            f"{first.check} is decided adjust in {first.cell}, and no amount is approved",
            where=reviewed.amount_cell,
            fix=f"write the amount to pay ({in_dollars(audited.payable)} is payable by the audit)",
        )


def _check_payable(audited: AuditedClaim, reviewed: ReviewedClaim) -> None:
    if audited.itemized is None or audited.itemized.blocks:
        raise InputError(
            "decision.return-missing",
            "the claim is barred from payment, and no finding is decided return",
            where=reviewed.amount_cell,
            fix="decide return at what bars it; or approve an amount, and decide adjust there with the reason",
        )

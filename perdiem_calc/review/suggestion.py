"""Why the audit suggests a decision, and what the reviewer does next, in words for a list of claims.

A person decides; these sentences say where to look first.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from perdiem_calc.checks.finding import Finding, Severity
from perdiem_calc.history.records import OFFICER_MAY_BE_KNOWN
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.text import capitalized, some

NAMED = 4
"""So many checks are named one by one."""


def deciding(audited: AuditedClaim) -> Finding | None:
    """The finding that the suggested decision rests on most; None where nothing is questioned that matters.

    It is what blocks the claim; else the first, in order of payment effect, that adjusts an amount; else the first
    that a person must look at; else the first that changes the payment.
    """
    questioned = audited.questioned
    barring = audited.itemized.blocks[:1] if audited.itemized is not None else ()
    wanted = (
        [finding for finding in questioned if any(finding.check == block.check for block in barring)],
        [finding for finding in questioned if audited.itemized is None and finding.severity is Severity.BLOCKS],
        [finding for finding in questioned if finding.severity >= Severity.ADJUSTS],
        audited.to_decide,
        [finding for finding in questioned if finding.payment_effect],
    )
    return next((findings[0] for findings in wanted if findings), None)


def main_reason(audited: AuditedClaim) -> str:
    """Why this is suggested, in a sentence."""
    finding = deciding(audited)
    if because(audited) == OFFICER_MAY_BE_KNOWN and audited.is_identity_open:
        return f"The officer may be {_near(audited)}: a person must find out."
    return finding.message if finding is not None else "Everything is paid as claimed: nothing is questioned."


def because(audited: AuditedClaim) -> str:
    """The check that the suggestion rests on most; empty where nothing is questioned."""
    finding = deciding(audited)
    if audited.is_identity_open and (finding is None or finding.severity is Severity.INFO):
        return OFFICER_MAY_BE_KNOWN
    return finding.check if finding is not None else ""


def promised(audited: AuditedClaim) -> Decimal:
    """What is payable once nothing blocks it, dollars.

    That is open for a claim that conflicts with another, and for one whose officer is not certain.
    """
    if audited.itemized is None or audited.is_beside_another or audited.is_identity_open:
        return ZERO
    return audited.itemized.totals.payable_if_mended


def next_step(audited: AuditedClaim) -> str:
    """What the reviewer does next."""
    if audited.on_record:
        return f"It is recorded already: {audited.on_record}. Nothing is left to do, unless it is decided otherwise."
    if audited.suggested == "return":
        return _return(audited)
    adjusted = checks_of(finding for finding in audited.questioned if finding.severity >= Severity.ADJUSTS)
    reviewed = checks_of(finding for finding in audited.questioned if finding.severity is Severity.REVIEW)
    if audited.is_identity_open:
        besides = f", and decide on {reviewed}" if reviewed else ""
        return f"Find out whether the officer is {_near(audited)}{besides}. Nothing is paid until then."
    stated = audited.stated_payable
    instead = f" instead of {in_dollars(stated)}" if stated is not None and stated != audited.payable else ""
    why = f", and tell the agency why ({adjusted})" if adjusted else ""
    pay = f"pay {_paid(audited)}{instead}{why}."
    return f"Decide on {reviewed}. If you accept, {pay}" if reviewed else capitalized(pay)


def _return(audited: AuditedClaim) -> str:
    barred = checks_of(finding for finding in audited.questioned if finding.severity is Severity.BLOCKS)
    why = f" and say why ({barred})" if barred else ""
    return f"Pay nothing. Send it back{why}.{_once_fixed(audited)}"


def _once_fixed(audited: AuditedClaim) -> str:
    fixed = promised(audited)
    if not fixed or audited.itemized is None:
        return ""
    if audited.itemized.lacks_documents:
        return f" Once nothing bars it, {in_dollars(fixed)} is payable by what is documented so far."
    return f" Once everything is fixed, {in_dollars(fixed)} is payable."


def _near(audited: AuditedClaim) -> str:
    """Who the officer may be."""
    return some([match.officer for match in audited.known.near]) if audited.known is not None else ""


def _paid(audited: AuditedClaim) -> str:
    if not audited.payable or audited.claim is None:
        return "nothing"
    agency = audited.claim.agency
    return f"{in_dollars(audited.payable)} to {agency.payee or agency.name}"


def checks_of(findings: Iterable[Finding]) -> str:
    """The checks of some findings, each once, the first few by name."""
    checks = list(dict.fromkeys(finding.check for finding in findings))
    more = len(checks) - NAMED
    return ", ".join(checks[:NAMED]) + (f" and {more} more" if more > 0 else "")

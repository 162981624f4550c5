"""From an itemized claim to its findings, in order of what they change.

The same checks run whether a claim is built or a submitted one is audited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from perdiem_calc.checks import CHECKS, Case
from perdiem_calc.checks.finding import Finding, Outcome, Severity, ranked
from perdiem_calc.checks.stated import findings_of
from perdiem_calc.checks.submission import Refused, Submission
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.history.conflicts import outside_of
from perdiem_calc.history.records import History
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.text import on_one_line

LONGEST_ANSWER = 1000
"""As many characters of an explanation as a claim can hold."""


def audit(
    itemized: ItemizedClaim,
    rates: RateSource,
    law: Law,
    *,
    known: History | None = None,
    submission: Submission | None = None,
) -> tuple[Finding, ...]:
    """The findings of a claim, the largest effect on the payment first.

    `known` is the claim's history; the claim must be itemized with it (see `outside_of`), else ValueError.
    `submission` is what a submitted workbook states in addition to the claim. Checks that could not be made come
    last, with the reason. Dates after the day for which the claim was itemized are in the future. Raises InputError
    for a claim that was not itemized.
    """
    if not isinstance(itemized, ItemizedClaim):
        raise InputError(
            "python.claim.not-itemized",
            f"a {type(itemized).__name__} is not an itemized claim",
            fix="itemize it first: audit(itemize(claim, rates, law), rates, law)",
        )
    if known is not None and not itemized.outside.has_all_of(outside_of(itemized.claim, known, law)):
        raise ValueError(
            f"claim {itemized.claim.claim_id} was itemized without what is known around it: "
            "itemize(claim, rates, law, outside=outside_of(claim, known, law))"
        )
    case = Case(itemized.claim, itemized, rates, law, itemized.as_of, known, submission)
    return ranked([_explained(case, finding) for check in CHECKS for finding in check(case)])


def _explained(case: Case, finding: Finding) -> Finding:
    """A review, with the agency's answer to it where the claim has one."""
    answer = case.claim.explanations.get(finding.check)
    if answer is None or finding.severity is not Severity.REVIEW:
        return finding
    said = on_one_line(answer, LONGEST_ANSWER)
    return replace(
        finding,
        message=f'{finding.message} The agency explains: "{said}".',
        to_agency=f'{finding.agency_message} You explain: "{said}".',
    )


EVERYTHING_ELSE = "Not judged: everything else, since the claim cannot be computed until this is fixed."


def audit_refused(refused: Sequence[Refused], law: Law, on: date) -> tuple[Finding, ...]:
    """The findings of a submission that cannot be computed: what is refused, and that nothing else was judged.

    `on` is the day whose citations count, since the claim states none.
    """
    findings = list(findings_of(refused, law, on))
    first = findings[0]
    rest = replace(
        first,
        severity=Severity.INFO,
        outcome=Outcome.NOT_EVALUATED,
        message=EVERYTHING_ELSE,
    )
    return ranked([*findings, rest])

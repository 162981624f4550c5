"""What a check is given, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from perdiem_calc.claim import Claim
from perdiem_calc.findings import Finding, Outcome, Severity, Where
from perdiem_calc.itemizer import ItemizedClaim
from perdiem_calc.lines import Line, Step
from perdiem_calc.money import ZERO
from perdiem_calc.parameters import Law
from perdiem_calc.rates import RateSource


@dataclass(frozen=True, slots=True)
class Case:
    """One claim before the checks: as stated, itemized, and what is known around it."""

    claim: Claim
    itemized: ItemizedClaim
    rates: RateSource
    law: Law
    as_of: date | None = None


Check = Callable[[Case], Iterator[Finding]]
"""One check of the catalogue: a case in, its findings out."""


def about_claim(
    case: Case, check: str, rule: str, severity: Severity, path: str, message: str, *, on: date | None = None
) -> Finding:
    """A finding about the claim as a whole, at one of its fields; the citation is that in force on the return."""
    cited_on = on or case.claim.trip.returned_on
    return Finding(
        check=check,
        rule=rule,
        severity=severity,
        scope="claim",
        where=Where((path,)),
        citation=case.law.citation(rule, cited_on),
        message=message,
    )


def not_evaluated(case: Case, check: str, rule: str, path: str, message: str) -> Finding:
    """That a check could not be made, and why."""
    return Finding(
        check=check,
        rule=rule,
        severity=Severity.INFO,
        scope="claim",
        where=Where((path,)),
        citation=case.law.citation(rule, case.claim.trip.returned_on),
        message=message,
        outcome=Outcome.NOT_EVALUATED,
    )


def about_lines(
    case: Case,
    check: str,
    rule: str,
    severity: Severity,
    lines: Sequence[Line],
    message: str,
    *,
    field: str | None = None,
) -> Finding:
    """A finding about lines whose amounts it leaves as they are: a person decides.

    `field` replaces the last part of each line's path (`receipt` for `expenses[0].amount`).
    """
    allowed = sum((line.amount_allowed for line in lines), ZERO)
    paths = tuple(dict.fromkeys(_beside(line.path, field) for line in lines))
    return Finding(
        check=check,
        rule=rule,
        severity=severity,
        scope="line",
        where=Where(paths, tuple(line.id for line in lines)),
        citation=case.law.citation(rule, lines[0].on),
        message=message,
        claimed=allowed,
        allowed=allowed,
    )


def reductions(
    case: Case, check: str, severity: Severity, said: Callable[[Sequence[tuple[Line, Step]]], str]
) -> Iterator[Finding]:
    """The reductions that the itemizer made under a check's id, one finding for each cause.

    Lines cut for the same reason (several nights above one ceiling) stand in one finding. `said` words the message.
    """
    by_cause: dict[str, list[tuple[Line, Step]]] = {}
    for line in case.itemized.lines:
        for step in line.steps:
            if step.check == check:
                cause = step.rule if line.group in ("lodging", "lodging_tax") else line.id
                by_cause.setdefault(cause, []).append((line, step))
    for cut in by_cause.values():
        yield _reduction(case, check, severity, cut, said(cut))


def _reduction(case: Case, check: str, severity: Severity, cut: Sequence[tuple[Line, Step]], message: str) -> Finding:
    gain = sum((step.gain for _, step in cut), ZERO)
    line, step = cut[0]
    return Finding(
        check=check,
        rule=step.rule,
        severity=severity,
        scope="line",
        where=Where(
            tuple(dict.fromkeys(_step_path(line, step) for line, step in cut)),
            tuple(line.id for line, _ in cut),
        ),
        citation=case.law.citation(step.rule, line.on),
        message=message,
        claimed=sum((step.before for _, step in cut), ZERO),
        allowed=sum((step.after for _, step in cut), ZERO),
        payment_effect=payment_effect(case, gain=gain),
    )


def payment_effect(case: Case, *, gain: Decimal = ZERO, without_block: str = "") -> Decimal:
    """What is payable less what would be with a gain of that many dollars, or without a block."""
    return case.itemized.totals.payable - case.itemized.payable_if(gain=gain, without_block=without_block)


def _step_path(line: Line, step: Step) -> str:
    return step.field if "." in step.field else _beside(line.path, step.field or None)


def _beside(path: str, field: str | None) -> str:
    return path if field is None else f"{path.rpartition('.')[0]}.{field}".removeprefix(".")

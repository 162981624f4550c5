"""What a check is given, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from perdiem_calc.checks.finding import Finding, Outcome, Severity, Where
from perdiem_calc.checks.submission import Submission
from perdiem_calc.claims.model import Claim, Expense
from perdiem_calc.dated import Law
from perdiem_calc.history.records import History
from perdiem_calc.money import ZERO
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.rules.lines import Line, Step
from perdiem_calc.rules.lodging import PricedNight
from perdiem_calc.text import Message, for_reviewer, only_for_agency


@dataclass(frozen=True, slots=True)
class Case:
    """One claim before the checks: as stated, as itemized, and with its history.

    Dates after `as_of` are in the future; None disables that check. `known` is the claim's history, None without one.
    `submission` is what the submitted workbook states in addition to the claim, None without a workbook.
    """

    claim: Claim
    itemized: ItemizedClaim
    rates: RateSource
    law: Law
    as_of: date | None = None
    known: History | None = None
    submission: Submission | None = None

    def expenses(self) -> Iterator[tuple[Expense, Line]]:
        """Every expense with its line."""
        lines = {line.id: line for line in self.itemized.lines}
        for number, expense in enumerate(self.claim.expenses, start=1):
            yield expense, lines[f"E{number}"]

    def paid_expenses(self) -> Iterator[tuple[Expense, Line]]:
        """The expenses that are paid at least in part, with their lines; the others need no second look."""
        for expense, line in self.expenses():
            if line.amount_allowed > 0:
                yield expense, line

    def nights(self) -> Iterator[tuple[PricedNight, Line, Line]]:
        """Every night with its line and its tax's."""
        lines = {line.id: line for line in self.itemized.lines}
        for number, night in enumerate(self.itemized.nights, start=1):
            yield night, lines[f"N{number}"], lines[f"T{number}"]


Check = Callable[[Case], Iterator[Finding]]
"""One check of the catalogue: a case in, its findings out. Its name is the check's id, with underscores."""

Cut = Sequence[tuple[Line, Step]]
"""Lines cut for one cause, each with the step that cut it."""


def about_claim(
    case: Case, check: str, rule: str, severity: Severity, where: str | Where, message: Message
) -> Finding:
    """A finding about the claim as a whole, at one field or several; it leaves the amounts as they are.

    The citation is that in force on the day of return.
    """
    return Finding(
        check=check,
        rule=rule,
        severity=severity,
        scope="claim",
        where=Where((where,)) if isinstance(where, str) else where,
        citation=case.law.citation(rule, case.claim.trip.returned_on),
        message=for_reviewer(message),
        to_agency=only_for_agency(message),
    )


def not_evaluated(case: Case, check: str, rule: str, path: str, message: str) -> Finding:
    """That a check could not be made, and why."""
    return replace(about_claim(case, check, rule, Severity.INFO, path, message), outcome=Outcome.NOT_EVALUATED)


def blocked(case: Case, check: str) -> Iterator[Finding]:
    """What bars the whole claim under a check's id: all that would be paid is not, until it is fixed."""
    for block in case.itemized.blocks:
        if block.check == check:
            yield Finding(
                check=check,
                rule=block.rule,
                severity=Severity.BLOCKS,
                scope="claim",
                where=Where((block.path,)),
                citation=case.law.citation(block.rule, case.claim.trip.returned_on),
                message=block.why,
                to_agency=block.to_agency,
                claimed=case.itemized.within_limit,
                allowed=ZERO,
                payment_effect=payment_effect(case, without_block=check),
            )


def about_lines(
    case: Case,
    check: str,
    rule: str,
    severity: Severity,
    lines: Sequence[Line],
    message: Message,
    *,
    field: str | None = None,
    paths: Sequence[str] = (),
) -> Finding:
    """A finding about lines whose amounts it leaves as they are: a person decides.

    `field` replaces the last part of each line's path (`receipt` for `expenses[0].amount`); `paths`, if given,
    replace all of them.
    """
    allowed = sum((line.amount_allowed for line in lines), ZERO)
    return Finding(
        check=check,
        rule=rule,
        severity=severity,
        scope="line",
        where=Where(
            tuple(paths) or tuple(dict.fromkeys(beside(line.path, field) for line in lines)),
            tuple(line.id for line in lines),
        ),
        citation=case.law.citation(rule, lines[0].on),
        message=for_reviewer(message),
        to_agency=only_for_agency(message),
        claimed=allowed,
        allowed=allowed,
    )


def payment_effect(case: Case, *, gain: Decimal = ZERO, without_block: str = "") -> Decimal:
    """What is payable less what would be with a gain of that many dollars, or without a block."""
    return case.itemized.totals.payable - case.itemized.payable_if(gain=gain, without_block=without_block)


def beside(path: str, field: str | None) -> str:
    """The path of a field in the same group as another; the path itself if there is none."""
    return path if field is None else f"{path.rpartition('.')[0]}.{field}".removeprefix(".")

"""Findings on what the itemizer reduced, one for each cause, and on what a submission states in spite of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from perdiem_calc.checks.case import Case, Cut, beside, payment_effect
from perdiem_calc.checks.finding import Finding, Severity, Where
from perdiem_calc.checks.sentences import describe_cut
from perdiem_calc.checks.stated import stated
from perdiem_calc.history.conflicts import RESUBMITTED
from perdiem_calc.money import ZERO
from perdiem_calc.rules.away import AT_STATION, CANCELLED, COMMUTING
from perdiem_calc.rules.lines import Line, Step
from perdiem_calc.text import Message, for_reviewer, only_for_agency

OF_TRIP = frozenset({RESUBMITTED, AT_STATION, CANCELLED, COMMUTING})
"""Checks whose reductions of several days or drives have one cause."""


def reductions(case: Case, check: str, severity: Severity, fix: str = "") -> Iterator[Finding]:
    """The reductions that the itemizer made under a check's id, one finding for each cause, and how to fix it.

    Nights cut by the same rule (several above the ceiling) share one finding, and so do days and drives that were
    claimed before; each other line has its own. If a submission states an amount as if it were not reduced, a finding
    adjusts that.
    """
    return reductions_in_words(case, check, severity, lambda cut: describe_cut(cut, fix))


def reductions_in_words(
    case: Case, check: str, severity: Severity, said: Callable[[Cut], Message]
) -> Iterator[Finding]:
    """The same with the check's own message, which `said` words."""
    by_cause: dict[str, list[tuple[Line, Step]]] = {}
    for line in case.itemized.lines:
        for step in line.steps:
            if step.check == check:
                by_cause.setdefault(_cause(line, step), []).append((line, step))
    for cut in by_cause.values():
        yield _reduction(case, check, severity, cut, said(cut))
    yield from stated(case, check)


def _cause(line: Line, step: Step) -> str:
    """What is one cause: the same rule for nights, and a check that is about the trip; else each line."""
    if line.group in ("lodging", "lodging_tax"):
        return step.rule
    return f"{step.check} {line.group}" if step.check in OF_TRIP else line.id


def _reduction(case: Case, check: str, severity: Severity, cut: Cut, message: Message) -> Finding:
    gain = case.itemized.net_gain([(line, step.gain) for line, step in cut])
    line, step = cut[0]
    return Finding(
        check=check,
        rule=step.rule,
        severity=severity,
        scope="line",
        where=Where(
            tuple(dict.fromkeys(_step_path(line, step) for line, step in cut)),
            tuple(dict.fromkeys(line.id for line, _ in cut)),
        ),
        citation=case.law.citation(step.rule, line.on),
        message=for_reviewer(message),
        to_agency=only_for_agency(message),
        claimed=sum((step.before for _, step in cut), ZERO),
        allowed=sum((step.after for _, step in cut), ZERO),
        payment_effect=payment_effect(case, gain=gain),
    )


def _step_path(line: Line, step: Step) -> str:
    return step.field if "." in step.field else beside(line.path, step.field or None)

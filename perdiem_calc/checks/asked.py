"""The finding that a check could not be made, because no other claims were given or the officer is not certain."""

from __future__ import annotations

from collections.abc import Iterator

from perdiem_calc.checks.case import Case, not_evaluated
from perdiem_calc.checks.finding import Finding
from perdiem_calc.text import some

FEW = "only the claims given together were compared; name a ledger to compare those recorded before"


def not_asked(
    case: Case, check: str, rule: str, path: str, alone: str, *, of_officer: bool = False, few: str = FEW
) -> Iterator[Finding]:
    """The finding that a check was not made, or only in part; none if the ledger was asked.

    `alone` is the reason if the claim has no history, `few` if the history is not from a ledger. A check `of_officer`
    cannot be made while a person must still decide who the officer is.
    """
    known = case.known
    if known is None:
        said = alone
    elif of_officer and known.standing == "undecided":
        said = f"the officer may be {some([str(match) for match in known.near])}; a person decides who it is"
    elif not known.has_ledger:
        said = few
    else:
        return
    yield not_evaluated(case, check, rule, path, f"Not judged: {said}.")

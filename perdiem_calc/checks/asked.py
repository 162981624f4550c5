"""Whether a check that needs other claims could be made: who was asked, and whether the officer is certain."""

from __future__ import annotations

from collections.abc import Iterator

from perdiem_calc.checks.case import Case, not_evaluated
from perdiem_calc.checks.finding import Finding
from perdiem_calc.text import some

FEW = "only the claims given together were compared; name a ledger to compare those recorded before"


def not_asked(
    case: Case, check: str, rule: str, path: str, alone: str, *, of_officer: bool = False, few: str = FEW
) -> Iterator[Finding]:
    """Why a check was not made, or not to its end; nothing where everything was asked.

    `alone` is said of a claim about which nobody was asked, `few` where no ledger was. A check `of_officer` cannot be
    made while a person must still decide who the officer is.
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

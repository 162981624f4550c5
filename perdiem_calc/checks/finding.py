"""A finding: what a check questions, what it changes, and how to fix it.

>>> Severity.BLOCKS > Severity.REVIEW
True
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from functools import total_ordering
from typing import Any, Literal

from perdiem_calc.money import ZERO

Scope = Literal["line", "claim", "cell"]


@total_ordering
class Severity(Enum):
    """How much a finding weighs, from information to a bar to payment."""

    INFO = "info"
    REVIEW = "review"
    ADJUSTS = "adjusts"
    BLOCKS = "blocks"

    @property
    def rank(self) -> int:
        """0 for information, 3 for what blocks."""
        return tuple(Severity).index(self)

    def __lt__(self, other: Severity) -> bool:
        return self.rank < other.rank


class Outcome(StrEnum):
    """Whether a check questioned something, or could not be made."""

    QUESTIONED = "questioned"
    NOT_EVALUATED = "not_evaluated"


@dataclass(frozen=True, slots=True)
class Where:
    """What a finding is about: the claim's fields by path, and the ids of the lines they belong to, if any.

    `cells` are the addresses in the workbook that was submitted, where there is one; they then say the place.

    >>> str(Where(("lodging[0].room_rate", "lodging[1].room_rate"), ("N1", "N2")))
    'lodging[0].room_rate, lodging[1].room_rate'
    >>> str(Where(("lodging[0].room_rate",), ("N1",), ("Days!K5",)))
    'Days!K5'
    """

    paths: tuple[str, ...]
    lines: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join(self.cells or self.paths)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says of a claim. Amounts in dollars.

    `claimed` and `allowed` are the amount before and after what the check is about; `line_effect` their difference;
    `payment_effect` is what is payable less what would be with this finding alone waived. A check that could not be
    made has outcome `not_evaluated`, severity info, and says why. `message` is for the reviewer, `to_agency` for the
    agency, where that is another.
    """

    check: str
    rule: str
    severity: Severity
    scope: Scope
    where: Where
    citation: str
    message: str
    claimed: Decimal = ZERO
    allowed: Decimal = ZERO
    payment_effect: Decimal = ZERO
    outcome: Outcome = Outcome.QUESTIONED
    to_agency: str = ""

    @property
    def agency_message(self) -> str:
        """The message as the agency reads it."""
        return self.to_agency or self.message

    @property
    def line_effect(self) -> Decimal:
        """Allowed less claimed."""
        return self.allowed - self.claimed

    def as_record(self) -> dict[str, Any]:
        """The finding as plain values for JSON; amounts as text."""
        return {
            "check": self.check,
            "rule": self.rule,
            "severity": self.severity.value,
            "outcome": self.outcome.value,
            "scope": self.scope,
            "where": str(self.where),
            "claimed": f"{self.claimed:.2f}",
            "allowed": f"{self.allowed:.2f}",
            "line_effect": f"{self.line_effect:.2f}",
            "payment_effect": f"{self.payment_effect:.2f}",
            "citation": self.citation,
            "message": self.message,
        }


def questioned(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of checks that could be made, in the same order."""
    return tuple(finding for finding in findings if finding.outcome is Outcome.QUESTIONED)


def rank(finding: Finding) -> tuple[bool, Decimal, int, Decimal]:
    """What findings are sorted by: payment effect, then severity, then line effect.

    What could not be evaluated comes last.
    """
    return (
        finding.outcome is Outcome.NOT_EVALUATED,
        -abs(finding.payment_effect),
        -finding.severity.rank,
        -abs(finding.line_effect),
    )


def ranked(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings in order of what they change, as `rank` says."""
    return tuple(sorted(findings, key=rank))

"""What the audit of one submitted claim gave, and what it suggests; a person decides.

A person's decisions are those of the sheet Review: `accept` pays what the rules give, `adjust` pays another amount
than was asked for, `return` sends the claim back unpaid. The audit suggests one of them, or `decide` where it leaves
open a question that only a person can answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from perdiem_calc.checks.finding import Finding, Severity, questioned
from perdiem_calc.claims.fields import shortened, without_ssn
from perdiem_calc.claims.model import Claim
from perdiem_calc.errors import PerdiemError
from perdiem_calc.history.conflicts import RESUBMITTED
from perdiem_calc.history.records import History, canonical, content_sha256
from perdiem_calc.money import ZERO, in_dollars
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.text import readable

Suggestion = Literal["accept", "decide", "adjust", "return"]
"""What the audit suggests."""
SUGGESTIONS: tuple[Suggestion, ...] = get_args(Suggestion)

DIGITS = 16
"""So many of a digest's are enough against a slip."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How a file came in: the mail that it was attached to, and what came with it.

    `documents` are the PDFs and pictures that came with it, which nobody has read; `same` the other files of the very
    same content. `unpacked` is the file that its content was unpacked to, empty where the source is a file itself.
    """

    sender: str = ""
    received_on: date | None = None
    message_id: str = ""
    documents: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    unpacked: str = ""


BY_ITSELF = Origin()
"""A file that nothing came with."""


@dataclass(frozen=True, slots=True)
class Whose:
    """What can be read of whose claim it is, where the claim itself cannot be read; empty where nothing can."""

    claim_id: str = ""
    agency: str = ""
    officer: str = ""
    award: str = ""
    contact: str = ""
    email: str = ""

    @classmethod
    def of(cls, claim: Claim) -> Whose:
        """Of a claim that can be read."""
        agency, contact = claim.agency, claim.agency.contact
        officer, award = claim.officer.name, claim.award.number
        return cls(claim.claim_id, agency.name, officer, award, contact.name, contact.email or "")

    @classmethod
    def stated(cls, stated: object) -> Whose:
        """Read from the stated fields of a claim, although some of them are refused.

        >>> Whose.stated({"claim_id": "A-1", "prepared_on": "soon", "agency": {"name": "Town PD"}}).agency
        'Town PD'
        """
        return cls(*(_text_at(stated, path.split(".")) for path in _PATHS))


NOBODYS = Whose()
"""Nothing can be read of whose claim it is."""
_PATHS = ("claim_id", "agency.name", "officer.name", "award.number", "agency.contact.name", "agency.contact.email")


def _text_at(stated: object, path: Sequence[str]) -> str:
    for step in path:
        stated = stated.get(step) if isinstance(stated, Mapping) else None
    return shortened(without_ssn(readable(stated).strip())) if isinstance(stated, str) else ""


@dataclass(frozen=True, slots=True)
class AuditedClaim:
    """One submission with its findings. Dollars.

    `source` is the file as it was named. `claim` is None where its cells cannot be read as one, `itemized` where it
    cannot be computed; the findings then say why. `known` is what other claims, the ledger and the roster say;
    `stated` are the totals as the workbook itself states them, by the names that those of `itemized` have; None where
    it states none, and of a claim that came as no workbook. `origin` is how it came in; `as_named` whose claim it is
    where `claim` is None.
    """

    source: str
    claim: Claim | None
    itemized: ItemizedClaim | None
    findings: tuple[Finding, ...]
    known: History | None = None
    stated: Mapping[str, Decimal | None] | None = None
    origin: Origin = BY_ITSELF
    as_named: Whose = NOBODYS

    @property
    def file(self) -> str:
        """The file with its content."""
        return self.origin.unpacked or self.source

    @property
    def whose(self) -> Whose:
        """Whose claim it is, as far as can be read."""
        return Whose.of(self.claim) if self.claim is not None else self.as_named

    @property
    def stated_payable(self) -> Decimal | None:
        """What the workbook itself says is payable; None where it says nothing."""
        return (self.stated or {}).get("payable")

    @property
    def claim_id(self) -> str:
        """The claim's id; empty where it cannot be read."""
        return self.whose.claim_id

    @property
    def content(self) -> str:
        """The beginning of the digest of the claim's content, which differs once the claim is changed."""
        return content_sha256(canonical(self.claim) if self.claim is not None else "")[:DIGITS]

    @property
    def on_record(self) -> str:
        """What the ledger has decided on this very claim; empty where it has not."""
        own = self.known.recorded if self.known is not None else None
        return f"{own.verdict} {in_dollars(own.paid)}" if own is not None else ""

    @property
    def copy_of(self) -> str:
        """The file with this very claim that counts instead of this one; empty where this one counts."""
        return self.known.copy_of if self.known is not None else ""

    @property
    def is_identity_open(self) -> bool:
        """Whether a person must first find out who the officer is, so that no amount is promised."""
        return self.known is not None and self.known.is_identity_open

    @property
    def is_beside_another(self) -> bool:
        """Whether another claim conflicts with this one, so that its worth once fixed is open."""
        return self.itemized is not None and any(block.check == RESUBMITTED for block in self.itemized.blocks)

    @property
    def payable(self) -> Decimal:
        """What NASRO pays of the claim as submitted; zero if it cannot be computed."""
        return self.itemized.totals.payable if self.itemized is not None else ZERO

    @property
    def questioned(self) -> tuple[Finding, ...]:
        """The findings of checks that could be made."""
        return questioned(self.findings)

    @property
    def worst(self) -> Severity:
        """The gravest severity among the findings; information where there are none."""
        return max((finding.severity for finding in self.questioned), default=Severity.INFO)

    @property
    def to_decide(self) -> tuple[Finding, ...]:
        """The findings that a person must look at: all that are more than information."""
        return tuple(finding for finding in self.questioned if finding.severity is not Severity.INFO)

    @property
    def suggested(self) -> Suggestion:
        """What the findings suggest.

        Return a claim that is blocked or cannot be computed; adjust where an amount stated is not the one that the
        rules give, or a line is blocked; decide where a person has to look; accept only what leaves nothing open.
        """
        if self.itemized is None or self.itemized.blocks:
            return "return"
        if self.worst >= Severity.ADJUSTS:
            return "adjust"
        return "decide" if self.to_decide or self.is_identity_open else "accept"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is no claim workbook, or not safe to read, and why."""

    source: str
    error: PerdiemError
    origin: Origin = BY_ITSELF

    @property
    def reason(self) -> str:
        """What is wrong and how to fix it, without the file's name."""
        return self.error.said


class Sum(NamedTuple):
    """So many claims and their amounts together, dollars.

    A claim that cannot be computed adds nothing, nor does a copy of one that counts in another file.
    """

    claims: int
    claimed: Decimal
    allowable: Decimal
    payable: Decimal
    agency_share: Decimal


def summed(audited: Iterable[AuditedClaim]) -> Sum:
    """The amounts of some claims together."""
    every = [one for one in audited if not one.copy_of]
    totals = [one.itemized.totals for one in every if one.itemized is not None]
    return Sum(
        len(every),
        sum((one.claimed for one in totals), ZERO),
        sum((one.allowable for one in totals), ZERO),
        sum((one.payable for one in totals), ZERO),
        sum((one.agency_share for one in totals), ZERO),
    )


def tally(audited: Iterable[AuditedClaim]) -> dict[Suggestion, int]:
    """For how many claims each is suggested; copies of one claim count once."""
    counts = dict.fromkeys(SUGGESTIONS, 0)
    for one in audited:
        counts[one.suggested] += not one.copy_of
    return counts

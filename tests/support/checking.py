"""What the tests of the checks share: a claim that questions nothing, edits of it, and findings in one line each.

The claim is the one to Moody, AL of data/samples/, with its checklist complete: four nights at $98.00 with $12.74
tax (ceiling $113.00), M&IE of $68.00 a day (breakfast $16, lunch $19, dinner $28, incidentals $5), two drives of
98.5 miles at $0.76. $898.68 is payable, $101.32 below the limit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from perdiem_calc.checks import IDS
from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Finding, Outcome
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Dated, Entry, Law
from perdiem_calc.history.conflicts import outside_of
from perdiem_calc.history.records import History
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.rules.outside import NOTHING
from tests.support.claim_data import sample

AS_OF = "2026-11-23"
GONE = object()
"""The value of an edit that takes a field away."""

Edits = Mapping[str, Any]

DUE = (
    "itemized_expenses",
    "certificate",
    "proof_of_payment",
    "folio",
    "carrier_receipt",
    "rental_agreement",
    "mileage_log",
    "receipts_over_75",
    "meals_statement",
    "approvals",
)
COMPLETE = dict.fromkeys(DUE, "attached")

ONE_DAY: Edits = {
    "trip.departed_at": "2026-11-02T05:30",
    "trip.returned_at": "2026-11-02T18:00",
    "trip.stops[0].departed_on": "2026-11-02",
    "course.ends_on": "2026-11-02",
    "lodging": [],
    "furnished_meals": [],
    "expenses[1].date": "2026-11-02",
}
"""A trip within one day: of 12.5 hours, there and back by car."""


def moody() -> dict[str, Any]:
    """The claim that questions nothing, and of which nothing from one claim alone is left unjudged."""
    claim = sample("2026-MDY-0007")
    claim["attachments"] = dict(COMPLETE)
    claim["award"]["mou_on"] = "2026-05-01"
    return claim


def no_room(night: str, why: str = "not_claimed") -> dict[str, str]:
    """The entry of a night without a room, so that it is answered."""
    return {"night": night, "type": why}


def edited(claim: dict[str, Any], edits: Edits) -> dict[str, Any]:
    """A claim with fields set by path: `a.b`, `lodging[0].tax`, `expenses[+]` for one more; GONE takes one away."""
    claim = deepcopy(claim)
    for path, value in edits.items():
        parts = [int(p) if p.isdigit() else p for p in re.findall(r"[a-z_0-9-]+|\+", path)]
        target: Any = claim
        for part in parts[:-1]:
            target = target.setdefault(part, {}) if isinstance(target, dict) else target[int(part)]
        _set(target, parts[-1], value)
    return claim


def _set(target: Any, last: str | int, value: Any) -> None:
    if value is GONE:
        del target[last]
    elif last == "+":
        target.append(value)
    else:
        target[last] = deepcopy(value)


@dataclass(frozen=True)
class Desk:
    """What claims are checked with."""

    law: Law
    rates: RateSource

    def itemized(
        self,
        edits: Edits,
        *,
        as_of: str | None = AS_OF,
        claim: dict[str, Any] | None = None,
        known: History | None = None,
    ) -> ItemizedClaim:
        """The claim to Moody (or another one) with edits, itemized with what is known around it."""
        parsed = parse_claim(edited(claim or moody(), edits))
        outside = outside_of(parsed, known, self.law) if known is not None else NOTHING
        day = date.fromisoformat(as_of) if as_of else None
        return itemize(parsed, self.rates, self.law, as_of=day, outside=outside)

    def findings(
        self,
        edits: Edits,
        *,
        as_of: str | None = AS_OF,
        claim: dict[str, Any] | None = None,
        known: History | None = None,
    ) -> tuple[Finding, ...]:
        """All that the checks say; every finding is well said, whatever it is."""
        itemized = self.itemized(edits, as_of=as_of, claim=claim, known=known)
        found = audit(itemized, self.rates, self.law, known=known)
        for finding in found:
            assert not faults(finding, self.law), finding
        return found

    def questioned(
        self,
        edits: Edits,
        *,
        as_of: str | None = AS_OF,
        claim: dict[str, Any] | None = None,
        known: History | None = None,
    ) -> list[str]:
        """What the checks question, one line each, the date to keep documents apart."""
        found = self.findings(edits, as_of=as_of, claim=claim, known=known)
        return sorted(
            said(finding)
            for finding in found
            if finding.outcome is Outcome.QUESTIONED and finding.check != "retention-date"
        )

    def unjudged(self, edits: Edits, *, as_of: str | None = AS_OF, known: History | None = None) -> list[str]:
        """The checks that could not be made."""
        found = self.findings(edits, as_of=as_of, known=known)
        return [finding.check for finding in found if finding.outcome is Outcome.NOT_EVALUATED]

    def with_setting(self, name: str, value: object) -> Desk:
        """The same, with one of the programme's settings set otherwise."""
        rule = self.law.rules["chp-settings"]
        entry: Entry[object] = Entry(effective_from=date(2019, 1, 1), effective_to=None, value=value)
        values = {**rule.values, name: Dated(name, (entry,))}
        return replace(self, law=Law({**self.law.rules, rule.id: replace(rule, values=values)}))


def said(finding: Finding) -> str:
    """A finding in one line: check, severity, where, and the amounts where it changes any.

    The payment effect is left out where it equals the line effect.
    """
    line = f"{finding.check} {finding.severity.value} {finding.where}"
    if finding.line_effect or finding.payment_effect:
        line += f": {finding.claimed} to {finding.allowed}"
    if finding.payment_effect != finding.line_effect:
        line += f", payment {finding.payment_effect}"
    return line


_JARGON = re.compile(r"[a-z]_[a-z]|\bNone\b|\bfraud|\[[0-9]+\]|[{}]|Decimal|\.\.|  |[a-z][,;:]\.")


def faults(finding: Finding, law: Law) -> list[str]:
    """What is wrong with how a finding is said; nothing, we hope."""
    message = finding.message
    wrong = {
        "its check is not in the tuple": finding.check not in IDS,
        "its rule is nobody's": finding.rule not in law.rules,
        "it cites nothing": not finding.citation,
        "it names no field": not finding.where.paths or not all(finding.where.paths),
        "it is not one sentence": not re.fullmatch(r"[A-Z\"$].*\.", message) or re.search(r"[a-z)]\. [A-Z]", message),
        "it has jargon": _JARGON.search(message) or any(f"{word} " in message for word in IDS if "-" in word),
        "it is long": len(message) > 600,
    }
    return [what for what, is_so in wrong.items() if is_so]

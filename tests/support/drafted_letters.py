"""Letters on the claim to Moody, and what stands in them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from perdiem_calc.checks.auditor import audit
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.history.conflicts import outside_of
from perdiem_calc.history.records import History, Verdict
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.review.letters import Decided, Sender, agency_letter, as_text
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.rules.itemize import itemize
from perdiem_calc.rules.law import load_law
from tests.golden import BUILT_ON
from tests.support.checking import Edits, edited, moody

NOTHING = Decimal("0.00")
ON = date(2026, 11, 23)


def of(edits: Edits, known: History | None = None, **fields: Any) -> AuditedClaim:
    """The claim to Moody ($898.68 claimed and payable) with edits, audited with what is known around it."""
    law, rates, claim = load_law(), Ratebook.open(), parse_claim(edited(moody(), edits))
    itemized = itemize(claim, rates, law, as_of=BUILT_ON)
    if known is not None:
        itemized = itemize(claim, rates, law, as_of=BUILT_ON, outside=outside_of(claim, known, law))
    return AuditedClaim(
        "inbox/moody.xlsx", claim, itemized, audit(itemized, rates, law, known=known), known, **fields
    )


def letter(audited: AuditedClaim, law: Law, on: date, decided: Decided | None = None) -> str:
    """The letter on one claim, as text."""
    return as_text(agency_letter([(audited, decided)], (), Sender(), law, on))


def draft(edits: Edits, known: History | None = None, on: date = ON, **fields: Any) -> str:
    """The draft of a letter."""
    return letter(of(edits, known, **fields), load_law(), on)


def final(audited: AuditedClaim, verdict: Verdict, amount: str, *items: Any, **fields: Any) -> str:
    """The letter on what was decided."""
    default = {"remaining": Decimal("101.32"), **fields}
    return letter(audited, load_law(), ON, Decided(verdict, Decimal(amount), items=items, **default))


def flat(text: str) -> str:
    """A letter on one line, so that sentences can be found in it."""
    return " ".join(text.split())


def amounts(text: str) -> list[tuple[str, Decimal]]:
    """The rows of the section on the amounts."""
    rows = re.findall(r"^    (\S.*?) {2,}(-?)\$([\d,]+\.\d\d)$", text, re.MULTILINE)
    return [(label, Decimal(f"{sign}{amount.replace(',', '')}")) for label, sign, amount in rows]

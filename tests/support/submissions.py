"""Claims built as workbooks, and audited as they come back: what the tests of the audit's two laws share.

desk = AuditDesk(law, rates, tmp_path)
built = desk.build(sample("2026-ORL-0001"))
desk.audit(built.content).findings == built.findings
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from perdiem_calc.auditing.intake import Taken, examine, take
from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Finding
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import PerdiemError
from perdiem_calc.rates.model import RateSource
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.rules.itemize import itemize
from perdiem_calc.workbook.form.where import as_on_form, located
from perdiem_calc.workbook.reading.package import Package as Opened
from perdiem_calc.workbook.reading.read import form_in
from perdiem_calc.workbook.writing.write import claim_bytes
from tests.golden import BUILT_ON
from tests.support.claims import Record
from tests.support.edits import with_kept_values_of, without_kept_values


@dataclass(frozen=True)
class Built:
    """A workbook, and what the build printed: its findings, with their cells."""

    content: bytes
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class AuditDesk:
    """What claims are built and audited with, and the folder in which they come in."""

    law: Law
    rates: RateSource
    folder: Path

    def build(self, record: Record, as_of: date = BUILT_ON) -> Built:
        """The workbook of a claim as JSON states it.

        The findings are at the fields and cells of the workbook, where each day has an entry.
        """
        claim = parse_claim(record).in_order()
        itemized = itemize(claim, self.rates, self.law, as_of=as_of)
        content = claim_bytes(claim, self.rates, self.law)
        found = audit(itemized, self.rates, self.law)
        form = form_in(Opened.of(content))
        assert form.claim is not None
        return Built(content, tuple(located(as_on_form(found, claim, form.claim), form.cells)))

    def computed(self, content: bytes, as_of: date = BUILT_ON, but: Collection[str] = ()) -> bytes:
        """An edited workbook as a spreadsheet program keeps it: with the values of a new build of what it states now.

        Its formulas have no values where the claim cannot be computed.
        """
        taken = self.take(without_kept_values(content), as_of)
        if taken.itemized is None:
            return without_kept_values(content, but)
        try:
            return with_kept_values_of(content, self._built(taken.itemized.claim), but)
        except PerdiemError:  # a claim that no form states
            return without_kept_values(content, but)

    def _built(self, claim: Claim) -> bytes:
        """The workbook of a claim; many edits of a workbook leave the claim in it as it is."""
        key = (id(self.law), claim.model_dump_json())
        if key not in _BUILT:
            _BUILT[key] = self, claim_bytes(claim, self.rates, self.law)
        return _BUILT[key][1]

    def take(self, content: bytes, as_of: date = BUILT_ON) -> Taken:
        """A workbook taken in."""
        path = self.folder / "claim.xlsx"
        path.write_bytes(content)
        return take(path, self.rates, self.law, as_of)

    def audit(self, content: bytes, as_of: date = BUILT_ON) -> AuditedClaim:
        """A workbook audited."""
        return examine(self.take(content, as_of), self.rates, self.law)

    def audit_record(self, record: Record) -> AuditedClaim:
        """A claim audited that came as JSON."""
        path = self.folder / "claim.json"
        path.write_text(json.dumps(record), encoding="utf-8")
        return examine(take(path, self.rates, self.law, BUILT_ON), self.rates, self.law)


_BUILT: dict[tuple[int, str], tuple[AuditDesk, bytes]] = {}
"""Workbooks at the embedded rates by law and claim, with the desk that keeps the law alive."""

"""Law 2 of the audit: changing one thing in a workbook gives the findings of that edit, and no others.

A `Case` is one edit of a claim's workbook and the findings that are new, and those that are gone, each as
`checking.said` writes it (check, severity, cells by their defined names, amounts; the payment effect where it is not
the line effect). The
claim is the one to Moody, AL of `checking`, which questions nothing: 4 nights at $98.00 with $12.74 tax below the
ceiling of $113.00; M&IE of $68.00, $51.00 on the first and last day (breakfast $16, lunch $19, dinner $28,
incidentals $5; the hotel gave breakfast); two drives of 98.5 miles at $0.76, $74.86 each. $898.68 is payable, $101.32
below the limit. `OVER` is the same with $500.00 paid before, so that $398.68 is above the limit.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from perdiem_calc.checks.finding import Finding, Outcome
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.review.result import AuditedClaim
from perdiem_calc.rules.law import load_law
from tests.golden import BUILT_ON
from tests.support.checking import Edits, edited, faults, moody, said
from tests.support.claim_data import sample
from tests.support.edits import Edit, Package, Value, after, kept, without_kept_values
from tests.support.submissions import AuditDesk

_LINE = re.compile(r"(\S+ (?:blocks|adjusts|review|info) )([^!]+?)((?:: \S+ to .*|, payment .*)?)")
_NAME = re.compile(r"[a-z]+(?:_[a-z0-9]+)*(?:\[\d+\])?(?::[a-z_]+\[\d+\])?")
BARRED = "898.68 to 0.00"
"""What a bar takes away."""
UNREAD = "not judged: earlier-payment-differs"
"""What needs no saying of a cell that cannot be read."""
OVER: Edits = {"previously_reimbursed": "500.00"}
BLOCKED: Edits = {"agency.payee_kind": "individual"}
"""A claim that is barred, because a person is the payee."""


@dataclass(frozen=True)
class Case:
    """One edit of a workbook, and what an audit then finds.

    `claim` are edits of the claim before it is built; `of` is a sample that is claimed instead. `is_computed` is
    False where the claim can then not be computed, so that nothing else is judged. `keeps` are cells whose formula
    and kept value the edit wrote itself. `kept` are values that a spreadsheet program computes after the edit and a
    new build of the claim does not, and `shown` is what an audit finds of them.
    """

    name: str
    edit: Edit
    new: Sequence[str] = ()
    gone: Sequence[str] = ()
    claim: Edits = field(default_factory=dict)
    of: str = ""
    as_of: date = BUILT_ON
    is_computed: bool = True
    keeps: Sequence[str] = ()
    kept: Mapping[str, Value] = field(default_factory=dict)
    shown: Sequence[str] = ()

    def sent(self, desk: AuditDesk) -> bytes:
        """The edited workbook, computed again by a spreadsheet program."""
        content, _ = self.built()
        return after(desk.computed(after(content, self.edit), self.as_of, self.keeps), kept(self.kept))

    def built(self) -> tuple[bytes, Counter[str]]:
        """The workbook before the edit, and what its audit finds."""
        return _built(self.of, json.dumps(self.claim), self.as_of)


def case(
    name: str,
    edit: Edit,
    *new: str,
    gone: Sequence[str] = (),
    claim: Edits | None = None,
    of: str = "",
    as_of: date = BUILT_ON,
    keeps: Sequence[str] = (),
    computes: Mapping[str, Value] | None = None,
    shown: str = "",
) -> Case:
    """An edit, and the findings that are new."""
    seen = [shown] if shown else []
    return Case(name, edit, new, gone, claim or {}, of, as_of, keeps=keeps, kept=computes or {}, shown=seen)


def refused(name: str, edit: Edit, *new: str, claim: Edits | None = None) -> Case:
    """An edit after which the claim cannot be computed."""
    return Case(name, edit, new, claim=claim or {}, is_computed=False)


def assert_finds(one: Case, folder: Path, *, is_computed_again: bool = True) -> None:
    """The edit finds just what it should: its formulas' values were computed again and kept, or are not kept."""
    desk = AuditDesk(load_law(), Ratebook.open(), folder)
    content, before = one.built()
    at = Package(content)
    new, gone = ([_at_cells(line, at) for line in lines] for lines in (one.new, one.gone))
    if is_computed_again:
        workbook, shown = one.sent(desk), [_at_cells(line, at) for line in one.shown]
    else:
        workbook, shown = without_kept_values(after(content, one.edit), one.keeps), ()
    audited = desk.audit(workbook, one.as_of)
    found = lines_of(audited)
    if one.is_computed:
        assert _counted(found - before, before - found) == _counted(Counter([*new, *shown]), Counter(gone))
    else:
        assert audited.itemized is None
        assert sorted(line for line in found if not line.startswith("not judged")) == sorted(new)
    assert [(f.message, wrong) for f in audited.findings if (wrong := faults(_unquoted(f), desk.law))] == []


def _at_cells(line: str, book: Package) -> str:
    """An expected finding with the addresses of the cells that it names."""
    match = _LINE.fullmatch(line)
    if match is None:
        return line
    return match[1] + _NAME.sub(lambda name: _address(name[0], book), match[2]) + match[3]


def _address(name: str, book: Package) -> str:
    first, _, last = name.partition(":")
    if not last:
        return book.address(first)
    return f"{book.address(first)}:{book.address(last).partition('!')[2]}"


def _unquoted(finding: Finding) -> Finding:
    """A finding whose message has no words of the workbook's own."""
    return replace(finding, message=re.sub(r""""[^"]*"|'[^']*'""", '"text"', finding.message))


def _counted(new: Counter[str], gone: Counter[str]) -> Mapping[str, list[str]]:
    return {"new": sorted(new.elements()), "gone": sorted(gone.elements())}


def lines_of(audited: AuditedClaim) -> Counter[str]:
    """The findings of an audit, one line each; of what was not judged the check alone."""
    return Counter(
        f"not judged: {finding.check}" if finding.outcome is Outcome.NOT_EVALUATED else said(finding)
        for finding in audited.findings
    )


@cache
def _built(of: str, edits: str, as_of: date) -> tuple[bytes, Counter[str]]:
    """The workbook of the claim with edits, and what its audit finds."""
    with TemporaryDirectory() as folder:
        desk = AuditDesk(load_law(), Ratebook.open(), Path(folder))
        content = desk.build(edited(sample(of) if of else moody(), json.loads(edits)), as_of).content
        return content, lines_of(desk.audit(content, as_of))

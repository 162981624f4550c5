"""Every figure and finding of many claims, a line each: the samples, the cases, and random claims.

A line has the totals in dollars, then each finding with its severity, its place and what it takes from the payment,
then a digest of the claim's JSON record and one of its workbook. `python -m tests.golden` writes the
file again; read the difference before you commit it.
"""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Finding, Outcome
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.itemize import as_record, itemize
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.writing.write import claim_bytes
from tests.golden import BUILT_ON, SAMPLES
from tests.support.case_files import FILES, all_cases, claim_of, law_of
from tests.support.claims import Record, random_claim

FIGURES = Path(__file__).parent / "figures.txt"
RANDOM, BLOCK = 200, 50
BLOCKS = tuple(f"random claims from {first} on" for first in range(0, RANDOM, BLOCK))
GROUPS = ("samples", *FILES, *BLOCKS)

Stated = tuple[str, Record, date | None, Record]
"""A claim's name and record, the day on which it is judged, and the case with its settings."""


def text() -> str:
    """What stands in the file."""
    return "\n".join(line for group in GROUPS for line in (heading(group), *lines(group), ""))


def heading(group: str) -> str:
    """The line above the lines of a group."""
    return f"== {group} =="


def kept(group: str) -> list[str]:
    """The lines of a group as they stand in the file."""
    _, _, rest = FIGURES.read_text(encoding="utf-8").partition(f"{heading(group)}\n")
    return rest.partition("\n\n")[0].splitlines()


def lines(group: str) -> Iterator[str]:
    """The lines of a group: the samples, a file of cases, or some of the random claims."""
    for name, record, as_of, case in _claims(group):
        law = law_of(case, load_law())
        itemized = itemize(parse_claim(record).in_order(), Ratebook.open(), law, as_of=as_of)
        findings = audit(itemized, Ratebook.open(), law)
        totals = itemized.totals
        judged = [one for one in findings if one.outcome is not Outcome.NOT_EVALUATED]
        said = "; ".join(_finding(one) for one in judged) or "no finding"
        stated = json.dumps(as_record(itemized), sort_keys=True, default=str)
        yield (
            f"{name}: claimed {totals.claimed}, allowable {totals.allowable}, payable {totals.payable} | {said} | "
            f"record {_digest(stated.encode())}, sheets {_form(itemized.claim, law)}"
        )


def _claims(group: str) -> Iterator[Stated]:
    if group == "samples":
        for sample in SAMPLES:
            yield sample.stem, json.loads(sample.read_text(encoding="utf-8")), BUILT_ON, {}
    elif group in BLOCKS:
        first = BLOCKS.index(group) * BLOCK
        for seed in range(first, first + BLOCK):
            yield f"random {seed}", random_claim(random.Random(seed)), BUILT_ON, {}
    else:
        for file, case in all_cases():
            if file == group and case.keys().isdisjoint({"refused", "no_rate", "contradicts"}):
                yield case["case"], claim_of(case), date.fromisoformat(case.get("as_of", "2026-11-23")), case


def _finding(finding: Finding) -> str:
    effect = f" {finding.payment_effect}" if finding.payment_effect else ""
    return f"{finding.check} {finding.severity.value} {','.join(finding.where.paths)}{effect}"


def _form(claim: Claim, law: Law) -> str:
    """The digest of a claim's workbook, or why it has none."""
    try:
        return _digest(_sheets(claim_bytes(claim, Ratebook.open(), law)))
    except InputError as error:
        return error.code


def _sheets(content: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = [name for name in sorted(package.namelist()) if name.startswith("xl/") and "theme" not in name]
        return b"".join(package.read(name) for name in parts)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]

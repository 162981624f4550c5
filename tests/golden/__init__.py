"""Golden workbooks as text: every cell of the blank form and of a small audit report, with its formula and its value,
and what the sample claims' workbooks have otherwise than the blank form.

Of the rates and the ZIPs, which change with the data, the first rows stand for the others; of a formula that is the
same in every row, the first.

`python -m tests.golden` writes them again; read the difference before you commit it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from perdiem_calc import __version__
from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Finding
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.form.edition import edition_for
from perdiem_calc.workbook.form.table import RATES, ZIPS
from perdiem_calc.workbook.writing.write import BLANK, claim_bytes, form_bytes

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = tuple(sorted((ROOT / "data" / "samples").glob("*.json")))
BUILT_ON = date(2026, 11, 23)
REPORT = Path(__file__).parent / "audit-report.txt"
FORM = Path(__file__).parent / "form.txt"
YEARS = (2026, 2027)
MOST_ROWS = {RATES: 8, ZIPS: 8}
"""So many rows are told of sheets that change with the data."""


def golden_path(sample: Path) -> Path:
    """Where the text of a sample's workbook is kept."""
    return Path(__file__).parent / f"{sample.stem}.txt"


def itemized_of(record: Any, as_of: date | None = BUILT_ON) -> ItemizedClaim:
    """A claim as JSON states it, itemized with the embedded rates."""
    return itemize(parse_claim(record), Ratebook.open(), load_law(), as_of=as_of)


def findings_of(itemized: ItemizedClaim) -> tuple[Finding, ...]:
    """What the checks say of it."""
    return audit(itemized, Ratebook.open(), load_law())


def blank_bytes() -> bytes:
    """The blank form."""
    return form_bytes(edition_for(YEARS), load_law(), BLANK)


def sample_bytes(sample: Path) -> bytes:
    """The workbook of a sample."""
    claim = parse_claim(json.loads(sample.read_text(encoding="utf-8")))
    return claim_bytes(claim, Ratebook.open(), load_law())


def dump(content: bytes) -> str:
    """Every cell of a workbook in which something stands: address, formula, value; and the defined names.

    The program's version is VERSION, so that a release changes no text.
    """
    text = "\n".join(_lines(content)).lstrip() + "\n"
    return text.replace(f"'perdiem_calc {__version__}'", "'perdiem_calc VERSION'")


def otherwise(content: bytes, blank: bytes) -> str:
    """The lines of a workbook that the blank form does not have."""
    known = set(_lines(blank))
    lines = [line for line in _lines(content) if line.startswith("==") or line not in known]
    return "\n".join(lines) + "\n"


def _lines(content: bytes) -> list[str]:
    formulas = openpyxl.load_workbook(BytesIO(content))
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)
    lines: list[str] = []
    for sheet in formulas:
        lines += ["", f"== {sheet.title} =="]
        lines += _cells(sheet, values[sheet.title])
    lines += ["", "== defined names =="]
    return lines + [f"{name}: {defined.attr_text}" for name, defined in sorted(formulas.defined_names.items())]


def _cells(sheet: Any, values: Any) -> Iterator[str]:
    above: dict[int, str] = {}
    for row in sheet.iter_rows(max_row=MOST_ROWS.get(sheet.title)):
        for cell in row:
            if cell.value is None:
                continue
            value = values[cell.coordinate].value
            said = repr(value) if isinstance(value, str) else str(value)
            formula = ""
            if cell.data_type == "f":
                text = getattr(cell.value, "text", cell.value)
                moved = re.sub(rf"(?<=[A-Z]){cell.row}\b", "{row}", text)
                formula = " (as above)" if above.get(cell.column) == moved else f" {text}"
                above[cell.column] = moved
            yield f"{sheet.title}!{cell.coordinate}: {said}{formula}"

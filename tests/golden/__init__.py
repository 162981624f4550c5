"""Golden workbooks as text: every cell of the sample claims' workbooks and of a small audit report, with its formula
and its value.

Of the blank rows of Expenses, which are all alike, the first stands for the others.

`python -m tests.golden` writes them anew; read the difference before you commit it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from perdiem_calc.checks.auditor import audit
from perdiem_calc.checks.finding import Finding
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.writing.write import workbook_bytes

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = tuple(sorted((ROOT / "data" / "samples").glob("*.json")))
BUILT_ON = date(2026, 11, 23)
REPORT = Path(__file__).parent / "audit-report.txt"
CATEGORY = 2
PASSING = ("File", "Retrieved", "SHA-256")
"""Columns of Rates that change with the data, not with the workbook."""


def golden_path(sample: Path) -> Path:
    """Where the text of a sample's workbook is kept."""
    return Path(__file__).parent / f"{sample.stem}.txt"


def itemized_of(record: Any, as_of: date | None = BUILT_ON) -> ItemizedClaim:
    """A claim as JSON states it, itemized with the embedded rates."""
    return itemize(parse_claim(record), Ratebook.open(), load_law(), as_of=as_of)


def findings_of(itemized: ItemizedClaim) -> tuple[Finding, ...]:
    """What the checks say of it."""
    return audit(itemized, Ratebook.open(), load_law())


def sample_bytes(sample: Path) -> bytes:
    """The workbook of a sample, as the command would write it on the day of the build."""
    itemized = itemized_of(json.loads(sample.read_text(encoding="utf-8")))
    return workbook_bytes(Contents(itemized, findings_of(itemized), load_law()))


def dump(content: bytes) -> str:
    """Every cell of a workbook in which something stands: address, formula, value; and the defined names."""
    formulas = openpyxl.load_workbook(BytesIO(content))
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)
    lines: list[str] = []
    for sheet in formulas:
        lines += ["", f"== {sheet.title} =="]
        lines += _cells(sheet, values[sheet.title])
    lines += ["", "== defined names =="]
    lines += [f"{name}: {defined.attr_text}" for name, defined in sorted(formulas.defined_names.items())]
    return "\n".join(lines).lstrip() + "\n"


def _cells(sheet: Any, values: Any) -> Iterator[str]:
    passing: set[int] = set()
    blank = 0
    for row in sheet.iter_rows():
        if sheet.title == "Expenses" and row[0].value and row[CATEGORY].value is None:
            blank += 1
            if blank > 1:
                continue
        for cell in row:
            if cell.value is None:
                continue
            if cell.value in PASSING and sheet.title == "Rates":
                passing.add(cell.column)
            value = values[cell.coordinate].value
            said = repr(value) if isinstance(value, str) else str(value)
            if cell.column in passing and value not in PASSING:
                said = "..."
            formula = f" {cell.value}" if cell.data_type == "f" else ""
            yield f"{cell.coordinate}: {said}{formula}"

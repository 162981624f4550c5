"""An inbox: files as agencies send them, made of the sample claims with edits."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.form.table import RESULTS, REVIEWED
from perdiem_calc.workbook.reading.package import open_package
from perdiem_calc.workbook.reading.read import book_in
from perdiem_calc.workbook.writing.write import claim_bytes
from tests.support.checking import Edits, edited, moody
from tests.support.edits import Value, after, typed

Record = dict[str, Any]

ASKED = {words for severity, words in RESULTS.items() if severity.value != "info"}

BOX = {
    "approved_amount": "nasro_amount",
    "approved_by": "nasro_by",
    "approved_on": "nasro_on",
    "payment_number": "nasro_payment",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T|$)")


def record(claim_id: str = "2026-MDY-0007", edits: Edits | None = None, claim: Record | None = None) -> Record:
    """The claim to Moody that questions nothing (or another one), with its own id, officer and papers, and edits.

    $898.68 is claimed, allowable and payable.
    """
    stated = claim or moody()
    own = {"claim_id": claim_id, "officer.name": officer(claim_id), "officer.employee_id": f"E-{claim_id}"}
    for index, night in enumerate(stated["lodging"]):
        if night.get("receipt"):
            own[f"lodging[{index}].receipt"] = f"F-{claim_id}-{index}77001"
    for index, expense in enumerate(stated["expenses"]):
        if expense.get("plate"):
            own[f"expenses[{index}].plate"] = f"P-{claim_id}"
        for field in ("receipt", "ticket"):
            if expense.get(field):
                own[f"expenses[{index}].{field}"] = f"{field[0].upper()}-{claim_id}-{index}88213"
    return edited(stated, {**own, **(edits or {})})


def shifted(days: int, claim: Record | None = None) -> Record:
    """The claim to Moody, or another one, for a course so many days later: everything but award and officer."""

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: moved(one) for key, one in value.items()}
        if isinstance(value, list):
            return [moved(one) for one in value]
        if isinstance(value, str) and _DAY.match(value):
            return f"{date.fromisoformat(value[:10]) + timedelta(days)}{value[10:]}"
        return value

    stated = claim or moody()
    return {key: one if key in ("award", "officer") else moved(one) for key, one in stated.items()}


def officer(claim_id: str) -> str:
    """The officer of a claim, unlike those of others."""
    letters = "".join(chr(ord("a") + byte % 26) for byte in hashlib.sha256(claim_id.encode()).digest())
    return f"{letters[:8].title()} {letters[8:18].title()}"


def put_json(folder: Path, claim: Record, name: str = "") -> Path:
    """A claim as a JSON file."""
    path = folder / f"{name or claim['claim_id']}.json"
    path.write_text(json.dumps(claim), encoding="utf-8")
    return path


def put_workbook(folder: Path, claim: Record, name: str = "") -> Path:
    """A claim as the workbook that an agency builds of it."""
    path = folder / f"{name or claim['claim_id']}.xlsx"
    path.write_bytes(claim_bytes(parse_claim(claim), Ratebook.open(), load_law()))
    return path


def decide(
    copy: Path, by: str = "R. Viewer", decisions: dict[str, tuple[str, str]] | None = None, **box: Any
) -> None:
    """Fill in an audited copy as a reviewer does.

    Every finding above information is accepted, those of the checks in `decisions` with another verdict and a reason.
    `box` are NASRO's cells: `approved_amount`, `approved_on`, `payment_number`. Without `by` nobody is named.
    """
    book = book_in(open_package(copy))
    columns = {key: book.names[REVIEWED.name(key)] for key in ("check", "result", "decision", "reason")}
    cells: dict[str, Value] = {BOX[name]: value or None for name, value in {"approved_by": by, **box}.items()}
    for row in range(columns["check"].row, columns["check"].last_row + 1):
        at = {key: book.cell(area.sheet, row, area.column) for key, area in columns.items()}
        said = (decisions or {}).get(str(at["check"].value))
        if said is None and at["result"].value not in ASKED:
            continue
        for key, value in zip(("decision", "reason"), said or ("Accept", ""), strict=True):
            cells[at[key].area.address] = value or None
    copy.write_bytes(after(copy.read_bytes(), typed(cells)))


def put_in(book: Any, name: str, value: object) -> None:
    """Put a value into the cell of a defined name."""
    sheet, _, cell = book.defined_names[name].attr_text.replace("$", "").partition("!")
    book[sheet][cell.partition(":")[0]].value = value


DAY = ("--as-of", "2026-11-23")


def rows(text: str) -> list[list[str]]:
    """A table's lines, in words."""
    return [line.split() for line in text.splitlines()]

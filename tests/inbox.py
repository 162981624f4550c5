"""An inbox: files as agencies send them, made of the sample claims with edits."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from perdiem_calc.law import load_law
from perdiem_calc.workbook.contents import Contents
from perdiem_calc.workbook.write import workbook_bytes
from tests.checking import Edits, edited, moody
from tests.golden import BUILT_ON, findings_of, itemized_of

Record = dict[str, Any]


def record(claim_id: str = "2026-MDY-0007", edits: Edits | None = None, claim: Record | None = None) -> Record:
    """The claim to Moody that questions nothing (or another one), with its own id, officer and papers, and edits.

    $898.68 is claimed, allowable and payable.
    """
    stated = claim or moody()
    own = {"claim_id": claim_id, "officer.name": f"Officer {claim_id}"}
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


def put_json(folder: Path, claim: Record, name: str = "") -> Path:
    """A claim as a JSON file."""
    path = folder / f"{name or claim['claim_id']}.json"
    path.write_text(json.dumps(claim), encoding="utf-8")
    return path


def put_workbook(folder: Path, claim: Record, name: str = "", as_of: date = BUILT_ON) -> Path:
    """A claim as the workbook that an agency builds of it."""
    path = folder / f"{name or claim['claim_id']}.xlsx"
    itemized = itemized_of(claim, as_of)
    path.write_bytes(workbook_bytes(Contents(itemized, findings_of(itemized), load_law())))
    return path

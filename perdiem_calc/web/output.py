"""What leaves the application: the workbook and the JSON of a claim, as the command line writes them."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from perdiem_calc.web.answers import Draft
from perdiem_calc.web.judging import Desk, Judged
from perdiem_calc.workbook.writing.write import write_claim

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_of(judged: Judged, desk: Desk) -> bytes:
    """The workbook of a complete claim. Raises OutputError or InputError where the form has no room for it."""
    assert judged.itemized is not None  # noqa: S101 - the caller asked for a complete claim
    with TemporaryDirectory(prefix="perdiem-") as folder:
        file = Path(folder) / "claim.xlsx"
        write_claim(file, judged.itemized, desk.rates, desk.law)
        return file.read_bytes()


def json_of(draft: Draft) -> bytes:
    """A draft as a file that every command reads, once it is complete."""
    return json.dumps(draft, indent=2, ensure_ascii=False).encode() + b"\n"


def file_name(draft: Draft, suffix: str) -> str:
    """A file's name from the number of the claim.

    >>> file_name({"claim_id": "2026-ORL-0001"}, ".xlsx"), file_name({"claim_id": "../x"}, ".json")
    ('2026-ORL-0001.xlsx', '..x.json')
    """
    name = "".join(
        sign for sign in str(draft.get("claim_id") or "claim") if sign.isascii() and (sign.isalnum() or sign in "-._")
    )
    return f"{name[:60] or 'claim'}{suffix}"

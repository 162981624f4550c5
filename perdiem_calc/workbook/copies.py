"""The audited copy: the workbook that the agency sent, with the audit's findings in it and room to decide on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from perdiem_calc.audited import AuditedClaim
from perdiem_calc.parameters import Law


def write_copy(
    submitted: Path, audited: AuditedClaim, target: Path, law: Law, *, as_of: date, force: bool = False
) -> None:
    """Write a copy of a submission with its findings, the cells in question marked, and the decisions to choose.

    `submitted` is the file as it came; of one in JSON or TOML the copy is the workbook that the program builds of the
    claim. Everything the agency sent stays, formulas with their values included; the sheet Findings is filled anew,
    and what stood in NASRO's box and beside the findings is cleared, since both are NASRO's to fill in.

    Raises InputError where the submission is no claim workbook, is not safe to read, or came as JSON or TOML and
    cannot be computed; OutputError where the copy cannot be written, or is there already and `force` does not say
    to replace it. Nothing half-written is left behind.
    """
    raise NotImplementedError

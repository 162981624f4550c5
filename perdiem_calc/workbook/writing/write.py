"""Writes the claim workbook: seven sheets, live formulas with their values, complete or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from perdiem_calc.checks.finding import Finding
from perdiem_calc.dated import Law
from perdiem_calc.errors import OutputError
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.writing.book import Book, refuse_to_replace, save
from perdiem_calc.workbook.writing.claim_sheet import write_claim_sheet
from perdiem_calc.workbook.writing.days_sheet import write_days_sheet
from perdiem_calc.workbook.writing.expenses_sheet import write_expenses_sheet
from perdiem_calc.workbook.writing.other_sheets import write_checklist_sheet, write_findings_sheet
from perdiem_calc.workbook.writing.reference_sheets import write_about_sheet, write_rates_sheet


def write_claim(
    path: str | os.PathLike[str],
    itemized: ItemizedClaim,
    findings: Sequence[Finding],
    law: Law,
    *,
    force: bool = False,
) -> None:
    """Write the workbook of an itemized claim, with the findings of its build.

    Raises OutputError where its name does not end in .xlsx, it cannot be written, or it is there already and `force`
    does not say to replace it; nothing half-written is left behind.
    """
    write_contents(Path(path), Contents(itemized, tuple(findings), law), force=force)


def write_contents(path: Path, contents: Contents, *, force: bool) -> None:
    """Write a workbook, a claim or a form; raises as `write_claim` does."""
    refuse_to_replace(path, force=force)
    if path.suffix.lower() != ".xlsx":
        raise OutputError(
            "output.workbook.ending",
            "the workbook needs a name ending in .xlsx",
            where=str(path),
            fix="name it like claim.xlsx",
        )
    save(workbook_bytes(contents), path, force=force)


def workbook_bytes(contents: Contents) -> bytes:
    """The workbook as a file's content; the same contents give the same bytes."""
    claim = contents.claim
    claim_id = "Form" if contents.is_form else claim.claim_id
    book = Book(claim_id, f"Travel claim {claim_id}", claim.prepared_on)
    write_claim_sheet(book, contents)
    write_days_sheet(book, contents)
    write_expenses_sheet(book, contents)
    write_checklist_sheet(book, contents)
    write_findings_sheet(book, contents)
    write_rates_sheet(book, contents)
    write_about_sheet(book, contents)
    return book.bytes()

"""Compares a submitted workbook, cell by cell, with what the program writes of the same claim.

A computed cell that holds our formula is right whatever its kept value is; one that is blank states nothing. Any
other states an amount of its own, which is told beside the one that is due.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from perdiem_calc.submission import StatedCell, Submission
from perdiem_calc.workbook import claim_sheet
from perdiem_calc.workbook.claim_page import GROUPS, Field
from perdiem_calc.workbook.comparing_rates import changed_figures, other_rates, wrong_numbers
from perdiem_calc.workbook.comparing_tables import DaysCompared, ExpensesCompared
from perdiem_calc.workbook.contents import Contents
from perdiem_calc.workbook.layout import Role
from perdiem_calc.workbook.sheet import Value
from perdiem_calc.workbook.stating import computed, moved
from perdiem_calc.workbook.submitted import Submitted


def compare(submitted: Submitted, contents: Contents) -> Submission:
    """What a submitted workbook states beside its claim; `contents` are those of the claim, itemized by itself.

    Where rows or columns of a table are not where the program put them, its cells are not compared.
    """
    days, expenses = DaysCompared(submitted, contents), ExpensesCompared(submitted, contents)
    cells = [*_claim_cells(submitted, contents), *changed_figures(submitted.book, contents)]
    if days.are_comparable:
        cells += [*days.cells(), *wrong_numbers(submitted.book, days.rows, contents)]
    if not expenses.misfits:
        cells += expenses.cells()
    rates = tuple(other_rates(submitted.book, days.rows, contents)) if days.are_comparable else ()
    refused = (*submitted.refused, *days.misfits, *expenses.misfits)
    return Submission(tuple(cells), rates, refused, submitted.unread)


def _claim_cells(submitted: Submitted, contents: Contents) -> Iterator[StatedCell]:
    """The computed cells of the sheet Claim, and the names of its cells."""
    named = submitted.reading.named
    formulas = claim_sheet.claim_formulas(contents)
    for placed in named.page.placed:
        field = placed.field
        if field.role is Role.COMPUTED and named.is_found(field):
            area = named.area(field.path)
            cell = submitted.book.cell(area.sheet, area.row, area.column)
            due = partial(_claim_value, contents, field.path)
            yield from computed(cell, formulas[field.path], due, field.kind, field.path, _label_of(field))
    for name in named.moved:
        yield moved(name.name, name.label, name.due, name.found)


def _claim_value(contents: Contents, name: str) -> Value:
    return claim_sheet.computed_values(contents)[name]


def _label_of(field: Field) -> str:
    """What people see beside a computed cell of Claim."""
    if field.label:
        return field.label
    for label, claimed, allowed in GROUPS:
        if field.path in (claimed, allowed):
            part = "" if not claimed else ", claimed" if field.path == claimed else ", allowed"
            return label.strip().removeprefix("of which ") + part
    return "Barred from payment?"

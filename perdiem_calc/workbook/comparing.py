"""Compares a submitted workbook, cell by cell, with what the program writes of the same claim.

A computed cell that holds our formula shows the value kept with it; one that is blank, or whose program kept none,
states nothing. Any other states an amount of its own. What is not due is reported with the amount that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from perdiem_calc import chp
from perdiem_calc.submission import StatedCell, StatedRate, Submission
from perdiem_calc.workbook import claim_sheet
from perdiem_calc.workbook.claim_page import label_of
from perdiem_calc.workbook.columns import DAYS
from perdiem_calc.workbook.comparing_display import concealed_in
from perdiem_calc.workbook.comparing_kept import Reported, shown_of
from perdiem_calc.workbook.comparing_rates import BUILD_BLOCKS, changed_figures, other_rates, wrong_numbers
from perdiem_calc.workbook.comparing_tables import FUTURE, DaysCompared, ExpensesCompared
from perdiem_calc.workbook.contents import Contents, value_at
from perdiem_calc.workbook.layout import Area, Role
from perdiem_calc.workbook.stating import computed, moved, value_of
from perdiem_calc.workbook.submitted import Submitted


def compare(submitted: Submitted, contents: Contents, built: Contents) -> Submission:
    """What a submitted workbook states beside its claim; `contents` are those of the claim, itemized by itself.

    `built` are those as of `day_of_build`, as the values kept with formulas are. Where rows or columns of a table are
    not where the program put them, its cells are not compared; nor is any kept value then, or where the claim lacks
    what cannot be read.
    """
    days, expenses = DaysCompared(submitted, contents), ExpensesCompared(submitted, contents)
    found = list(_cells(submitted, contents))
    cells = [cell for cell in found if cell.how != "kept"]
    rates = tuple(other_rates(submitted.book, days.rows, contents)) if days.are_comparable else ()
    refused = (*submitted.refused, *days.misfits, *expenses.misfits)
    shown = None
    if days.are_comparable and not expenses.misfits and not submitted.unread:
        shows = found if built is contents else _cells(submitted, built)
        kept = [cell for cell in shows if cell.how == "kept"]
        shown = shown_of(kept, _reported(submitted, built, cells, rates), submitted.book)
    formulas, concealed = tuple(_input_formulas(submitted)), tuple(concealed_in(submitted))
    return Submission(tuple(cells), rates, refused, submitted.unread, shown, formulas, concealed)


def day_of_build(submitted: Submitted, contents: Contents) -> date | None:
    """A day as of which what the workbook leaves out for it lies in the future; None where it leaves out nothing.

    Where those are the ones that lie in the future now, it is the day that the claim is itemized for.
    """
    itemized = contents.itemized
    days, expenses = DaysCompared(submitted, contents), ExpensesCompared(submitted, contents)
    stated = {*days.future(), *expenses.future()}
    cell = submitted.book.named(BUILD_BLOCKS)
    is_barred = cell is not None and FUTURE in str(value_of(cell.value)).split()
    is_barred_now = any(block.check == FUTURE for block in itemized.blocks)
    if stated == {*days.future_now(), *expenses.future_now()} and is_barred == is_barred_now:
        return itemized.as_of
    if is_barred:
        dated = [one.path for one in chp.blocks(itemized.claim, contents.law, date.min) if one.check == FUTURE]
        stated.add(max(value_at(itemized.claim, path) for path in dated))
    return min(stated) - timedelta(days=1) if stated else None


def _cells(submitted: Submitted, contents: Contents) -> Iterator[StatedCell]:
    """Every cell that is not as the program writes it, the tables' only where they can be compared."""
    days, expenses = DaysCompared(submitted, contents), ExpensesCompared(submitted, contents)
    yield from _claim_cells(submitted, contents)
    yield from changed_figures(submitted.book, contents)
    if days.are_comparable:
        yield from days.cells()
        yield from wrong_numbers(submitted.book, days.rows, contents)
    if not expenses.misfits:
        yield from expenses.cells()


def _input_formulas(submitted: Submitted) -> Iterator[StatedCell]:
    """The formulas in cells that a person fills in, each with the field that it states."""
    reading = submitted.reading
    for cell in reading.formulas.values():
        yield replace(cell, key=reading.cells.path(cell.cell) or cell.label)


def _reported(
    submitted: Submitted, contents: Contents, cells: Iterable[StatedCell], rates: Iterable[StatedRate]
) -> Reported:
    """What is reported by itself, so that the values that follow from it are not reported again."""
    addresses = [*submitted.reading.formulas, *(cell.cell for cell in cells if cell.how != "moved")]
    areas = [*DaysCompared(submitted, contents).lacking_bars(), *ExpensesCompared(submitted, contents).lacking_bars()]
    areas += filter(None, map(Area.at, addresses))
    for rate in rates:
        used = filter(None, map(Area.at, rate.cells))
        # Another place's rate reaches every amount of the days that it is used for.
        areas += (area._replace(column=0, last_column=len(DAYS.columns)) if rate.is_other else area for area in used)
    return Reported(tuple(areas), frozenset(cell.key for cell in cells if cell.how == "moved"))


def _claim_cells(submitted: Submitted, contents: Contents) -> Iterator[StatedCell]:
    """The computed cells of the sheet Claim, and the names of its cells."""
    named = submitted.reading.named
    formulas = claim_sheet.claim_formulas(contents)
    values = claim_sheet.computed_values(contents)
    for placed in named.page.placed:
        field = placed.field
        if field.role is Role.COMPUTED and named.is_found(field):
            area = named.area(field.path)
            cell = submitted.book.cell(area.sheet, area.row, area.column)
            due = values[field.path]
            yield from computed(cell, formulas[field.path], due, field.kind, field.path, label_of(field))
    for name in named.moved:
        yield moved(name.name, name.label, name.due, name.found)

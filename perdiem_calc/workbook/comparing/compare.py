"""Compares a submitted workbook, cell by cell, with what the program writes of the same claim.

A computed cell that holds our formula shows the value kept with it; one that is blank, or whose program kept none,
states nothing. Any other states an amount of its own. What is not due is reported with the amount that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from perdiem_calc.checks.submission import StatedCell, StatedRate, Submission
from perdiem_calc.rules import chp
from perdiem_calc.workbook.comparing.displayed import concealed_in
from perdiem_calc.workbook.comparing.kept import Reported, shown_of
from perdiem_calc.workbook.comparing.rates import BUILD_BLOCKS, changed_figures, other_rates, wrong_numbers
from perdiem_calc.workbook.comparing.tables import Barred, DaysCompared, ExpensesCompared
from perdiem_calc.workbook.form.claim_page import label_of
from perdiem_calc.workbook.form.columns import DAYS
from perdiem_calc.workbook.form.contents import Contents, value_at
from perdiem_calc.workbook.form.layout import Area, Role
from perdiem_calc.workbook.reading.stating import Due, computed, moved, value_of
from perdiem_calc.workbook.reading.submitted import Submitted
from perdiem_calc.workbook.writing import claim_sheet

FUTURE = "date-in-future"
"""The check of what lies in the future. The program writes it where it bars something at the build."""


def compare(submitted: Submitted, contents: Contents, built: Contents) -> Submission:
    """What a submitted workbook states beside its claim; `contents` are those of the claim, itemized by itself.

    `built` are those `as_of_build`, as the values kept with formulas are. Where rows or columns of a table are
    not where the program put them, its cells are not compared; nor is any kept value then, or where the claim lacks
    what cannot be read.
    """
    days, expenses = DaysCompared(submitted, contents), ExpensesCompared(submitted, contents)
    due = list(_computed(submitted, contents))
    found = [stated for cell in due for stated in computed(cell)]
    cells = [*(cell for cell in found if cell.how != "kept"), *_others(submitted, contents)]
    rates = tuple(other_rates(submitted.book, days.rows, contents)) if days.are_comparable else ()
    refused = (*submitted.refused, *days.misfits, *expenses.misfits)
    shown = None
    if days.are_comparable and not expenses.misfits and not submitted.unread:
        if built is not contents:
            found = [stated for cell in _computed(submitted, built) for stated in computed(cell)]
        kept = [cell for cell in found if cell.how == "kept"]
        shown = shown_of(kept, _reported(submitted, built, cells, rates), submitted.book)
    formulas, concealed = tuple(_input_formulas(submitted)), tuple(concealed_in(submitted, due))
    return Submission(tuple(cells), rates, refused, submitted.unread, shown, formulas, concealed)


def as_of_build(submitted: Submitted, contents: Contents, as_of: Callable[[date | None], Contents]) -> Contents:
    """The claim as of a day on which just that lies in the future which the workbook leaves out for it.

    `contents` are those of the day of the audit, `as_of` gives those of another. Where no day explains what the
    program wrote into the workbook, they stay.
    """
    stated, now = _in_future(submitted, contents)
    if stated == now:
        return contents
    days = set(stated.days)
    if stated.is_claim:
        dated = [one.path for one in chp.blocks(contents.claim, contents.law, date.min) if one.check == FUTURE]
        days.add(max(value_at(contents.claim, path) for path in dated))
    built = as_of(min(days) - timedelta(days=1) if days else None)
    return built if _in_future(submitted, built)[1] == stated else contents


class _Future(NamedTuple):
    """What lies in the future: nights and expenses by their dates, and the claim itself."""

    days: frozenset[date]
    is_claim: bool


def _in_future(submitted: Submitted, contents: Contents) -> tuple[_Future, _Future]:
    """What lies in the future as the workbook has it, and as it is for the claim."""
    bars = list(_bars(submitted, contents))
    cell = submitted.book.named(BUILD_BLOCKS)
    is_barred = cell is not None and FUTURE in str(value_of(cell.value)).split()
    return (
        _Future(frozenset(one.on for one in bars if value_of(one.cell.value) == FUTURE), is_barred),
        _Future(
            frozenset(one.on for one in bars if one.bar == FUTURE),
            any(block.check == FUTURE for block in contents.itemized.blocks),
        ),
    )


def _bars(submitted: Submitted, contents: Contents) -> Iterator[Barred]:
    yield from DaysCompared(submitted, contents).bars()
    yield from ExpensesCompared(submitted, contents).bars()


def _computed(submitted: Submitted, contents: Contents) -> Iterator[Due]:
    """Every cell that the workbook computes, the tables' only where they can be compared."""
    days, expenses = DaysCompared(submitted, contents), ExpensesCompared(submitted, contents)
    yield from _computed_on_claim(submitted, contents)
    if days.are_comparable:
        yield from days.computed()
    if not expenses.misfits:
        yield from expenses.computed()


def _others(submitted: Submitted, contents: Contents) -> Iterator[StatedCell]:
    """What the program filled in and is no more as it was: figures, lists, and names."""
    days, expenses = DaysCompared(submitted, contents), ExpensesCompared(submitted, contents)
    for name in submitted.reading.named.moved:
        yield moved(name.name, name.label, name.due, name.found)
    yield from changed_figures(submitted.book, contents)
    if days.are_comparable:
        yield from days.others()
        yield from wrong_numbers(submitted.book, days.rows, contents)
    if not expenses.misfits:
        yield from expenses.others()


def _computed_on_claim(submitted: Submitted, contents: Contents) -> Iterator[Due]:
    named = submitted.reading.named
    formulas = claim_sheet.claim_formulas(contents)
    values = claim_sheet.computed_values(contents)
    for placed in named.page.placed:
        field = placed.field
        if field.role is Role.COMPUTED and named.is_found(field):
            area = named.area(field.path)
            cell = submitted.book.cell(area.sheet, area.row, area.column)
            yield Due(cell, formulas[field.path], values[field.path], field.kind, field.path, label_of(field))


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
    # A bar that only a comparison with other lines can tell, and that the workbook lacks, is a finding of that line.
    areas = [one.cell.area for one in _bars(submitted, contents) if one.bar is not None and one.cell.is_blank]
    areas += filter(None, map(Area.at, addresses))
    for rate in rates:
        used = filter(None, map(Area.at, rate.cells))
        # Another place's rate reaches every amount of the days that it is used for.
        areas += (area._replace(column=0, last_column=len(DAYS.columns)) if rate.is_other else area for area in used)
    return Reported(tuple(areas), frozenset(cell.key for cell in cells if cell.how == "moved"))

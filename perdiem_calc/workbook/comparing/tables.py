"""Compares the tables Days and Expenses of a submitted workbook with what the program writes of the same claim.

People insert blank rows and delete rows, and Excel moves formulas and names along; so each row is known by its day or
its expense, and the names say from where to where the table goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from perdiem_calc.checks.submission import Refused, StatedCell
from perdiem_calc.rules import ftr
from perdiem_calc.rules.expenses import barred_expenses
from perdiem_calc.workbook.comparing.rates import numbers_of
from perdiem_calc.workbook.form.columns import DAYS, EXPENSES, Table
from perdiem_calc.workbook.form.contents import Contents, DayRow
from perdiem_calc.workbook.form.formulas import formulas_of_day, formulas_of_expense
from perdiem_calc.workbook.form.layout import HEADER_ROW, Area, Kind
from perdiem_calc.workbook.reading.extents import Extent, extent_of, of_days, of_expenses
from perdiem_calc.workbook.reading.opening import OpenBook, ReadCell
from perdiem_calc.workbook.reading.stating import Due, changed, moved, value_of
from perdiem_calc.workbook.reading.submitted import Submitted, missing_days
from perdiem_calc.workbook.writing import days_sheet, expenses_sheet
from perdiem_calc.workbook.writing.sheet import Value
from perdiem_calc.workbook.writing.tables import TOTALS_ROW, sum_formula

OF_ROOM = frozenset({"lodging_ceiling", "ceiling_applied", "lodging_claimed", "lodging_allowed", "over_ceiling"})
OF_TAX = frozenset({"room_tax_claimed", "flat_tax_claimed", "tax_allowed"})
BARS = frozenset(
    {
        "date-in-future",
        "duplicate-document",
        "lodging-claimed-twice",
        "lodging-night-not-in-trip",
        "personal-day-paid",
        "ticket-twice",
    }
)
"""What the program writes into the column Disallowed. It is as of the build, so that it may differ by now."""


class Barred(NamedTuple):
    """A row's cell of the column Disallowed, and the check that bars its night or expense, if one does."""

    on: date
    cell: ReadCell
    bar: str | None


def moved_names(book: OpenBook, table: Table, names: Mapping[str, str]) -> Iterator[StatedCell]:
    """The names of a table's columns that do not point to theirs."""
    extent = extent_of(book, table.sheet, names)
    for name, key in names.items():
        place = table.places[key]
        due, found = Area(table.sheet, extent.first, place, extent.last, place), book.names.get(name)
        if found != due:
            yield moved(name, f"column {table.column(key).header}", due, found, at=table.cell(key, HEADER_ROW))


def _moved_columns(submitted: Submitted, table: Table) -> tuple[Refused, ...]:
    for key, place in submitted.reading.columns[table.sheet].items():
        if place != table.places[key]:
            found = Area.cell(table.sheet, HEADER_ROW, place).address
            due = table.cell(key, HEADER_ROW).address
            what = f'the column "{table.column(key).header}" stands at {found}, and belongs at {due}'
            return (Refused("malformed", found, what, "undo the inserted, deleted or moved column"),)
    return ()


def _totals(book: OpenBook, table: Table, sums: Mapping[str, Decimal], extent: Extent) -> Iterator[Due]:
    """The sums above the headers."""
    for key, amount in sums.items():
        cell = book.cell(table.sheet, TOTALS_ROW, table.places[key])
        place = table.places[key]
        formula = sum_formula(Area(table.sheet, extent.first, place, extent.last, place))
        label = f"total of {table.column(key).header}"
        yield Due(cell, formula, amount, Kind.AMOUNT, f"total_{key}", label)


@dataclass(frozen=True)
class DaysCompared:
    """The sheet Days: its rows, and what they state."""

    submitted: Submitted
    contents: Contents

    @cached_property
    def misfits(self) -> tuple[Refused, ...]:
        """Columns that are not where the program put them, and days of the trip that are not there."""
        days = [row.on for row in self.contents.day_rows if row.number]
        return _moved_columns(self.submitted, DAYS) or tuple(missing_days(self.submitted.reading, days))

    @property
    def are_comparable(self) -> bool:
        """Whether every row is where the program put it, and can be read."""
        return not self.misfits and not self.submitted.reading.unread_days

    @cached_property
    def rows(self) -> tuple[tuple[DayRow, int], ...]:
        """Each day, and each night that fits no day, with its row; in order, without those that have none."""
        stated: dict[date, int] = {}
        for row, on in self.submitted.reading.calendar:
            if on is not None:
                stated.setdefault(on, row)
        found = (
            (row, stated.get(row.on) if row.number else self._row_of_night(row)) for row in self.contents.day_rows
        )
        return tuple((day_row, row) for day_row, row in found if row is not None)

    def _row_of_night(self, day_row: DayRow) -> int | None:
        index = day_row.night.index if day_row.night is not None else 0
        area = self.submitted.reading.cells.area(f"lodging[{index}].night")
        return area.row if area is not None else None

    def computed(self) -> Iterator[Due]:
        """The cells that the workbook computes."""
        number, above = 0, 0
        numbers = numbers_of(self.submitted.book, self.contents)
        for day_row, row in self.rows:
            number = days_sheet.mie_rate_number(self.contents, day_row, number)
            is_first = above == 0
            has_calendar = day_row.number > 0
            formulas = formulas_of_day(row + 1, is_first=is_first, has_calendar=has_calendar, above=above)
            due = days_sheet.computed_of_day(self.contents, day_row, numbers.get(number, number))
            for key, formula in formulas.items():
                column, line = DAYS.column(key), _line_of(key, day_row)
                yield Due(self._cell(key, row), formula, due[key], column.kind, key, column.header, line, day_row.on)
            above = row + 1
        book = self.submitted.book
        yield from _totals(book, DAYS, days_sheet.sums_of_days(self.contents), of_days(book))

    def others(self) -> Iterator[StatedCell]:
        """What the program filled in and is no more as it was: cells, and the names of columns."""
        for day_row, row in self.rows:
            yield from self._fixed_cells(day_row, row)
        for names in (days_sheet.CALENDAR_NAMES, days_sheet.COLUMN_NAMES):
            yield from moved_names(self.submitted.book, DAYS, names)

    def _cell(self, key: str, row: int) -> ReadCell:
        return self.submitted.book.cell(DAYS.sheet, row, DAYS.places[key])

    def _fixed_cells(self, day_row: DayRow, row: int) -> Iterator[StatedCell]:
        line = _line_of("lodging_allowed", day_row)
        yield from _other_bar(self._cell("disallowed", row), line, day_row.on)
        said = days_sheet.said_of_day(self.contents, day_row)
        found: list[StatedCell] = []
        for key in ("alternate_ceiling", "alternate_mie"):
            cell, due = self._cell(key, row), said.get(key)
            # An approval that does not count leaves what was filled in without effect.
            if not cell.is_blank and (due is not None or self._counts_alternate(day_row)):
                found += changed(cell, due, Kind.AMOUNT, key, DAYS.column(key).header, line, day_row.on)
        yield from found[:1]  # both are of one place

    def bars(self) -> Iterator[Barred]:
        """What the column Disallowed has for each day, and what bars its night by now."""
        for day_row, row in self.rows:
            yield Barred(day_row.on, self._cell("disallowed", row), days_sheet.bar_of(day_row))

    def _counts_alternate(self, day_row: DayRow) -> bool:
        approval = day_row.night.night.approval if day_row.night is not None else None
        departed_on = self.contents.claim.trip.departed_on
        return approval is not None and ftr.approval_is_accepted(approval.by, approval.on, departed_on)


def _line_of(key: str, day_row: DayRow) -> str:
    """The line that a cell of Days belongs to."""
    if day_row.night is not None and key in OF_ROOM:
        return f"N{day_row.night.index + 1}"
    if day_row.night is not None and key in OF_TAX:
        return f"T{day_row.night.index + 1}"
    return f"D{day_row.number}" if day_row.number else f"N{day_row.night.index + 1}" if day_row.night else ""


def _other_bar(cell: ReadCell, line: str, on: date) -> Iterator[StatedCell]:
    """Something in the column Disallowed that the program never writes there."""
    if value_of(cell.value) not in (None, *BARS):
        yield from changed(cell, None, Kind.CHOICE, "disallowed", "Disallowed", line, on)


@dataclass(frozen=True)
class ExpensesCompared:
    """The sheet Expenses: its rows, and what they state."""

    submitted: Submitted
    contents: Contents

    @cached_property
    def misfits(self) -> tuple[Refused, ...]:
        """Columns that are not where the program put them."""
        return _moved_columns(self.submitted, EXPENSES)

    @cached_property
    def _rows(self) -> Mapping[int, int]:
        """The index of the claim's expense in each row that has one."""
        cells = self.submitted.reading.cells
        areas = (cells.area(f"expenses[{index}].date") for index in range(len(self.contents.claim.expenses)))
        return {area.row: index for index, area in enumerate(areas) if area is not None}

    def computed(self) -> Iterator[Due]:
        """The cells that the workbook computes."""
        words = expenses_sheet.words_of(self.contents)
        unread = self.submitted.reading.expense_rows - self._rows.keys()
        extent = of_expenses(self.submitted.book)
        for row in range(extent.first, extent.last + 1):
            if row not in unread:
                formulas = formulas_of_expense(row + 1, words, extent.first + 1)
                yield from self._computed_in(row, self._rows.get(row), formulas)
        sums = expenses_sheet.sums_of_expenses(self.contents)
        yield from _totals(self.submitted.book, EXPENSES, sums, extent)

    def _computed_in(self, row: int, index: int | None, formulas: Mapping[str, str]) -> Iterator[Due]:
        expense = self.contents.claim.expenses[index] if index is not None else None
        line, on = (f"E{index + 1}", expense.date) if expense is not None and index is not None else ("", None)
        due = self._due(index)
        for key, formula in formulas.items():
            if key == "amount" and expense is not None and expense.category != "pov_mileage":
                continue
            column = EXPENSES.column(key)
            yield Due(self._cell(key, row), formula, due.get(key, ""), column.kind, key, column.header, line, on)

    def others(self) -> Iterator[StatedCell]:
        """What the program filled in and is no more as it was: cells, and the names of columns."""
        for row, index in self._rows.items():
            on = self.contents.claim.expenses[index].date
            yield from _other_bar(self._cell("disallowed", row), f"E{index + 1}", on)
        yield from moved_names(self.submitted.book, EXPENSES, expenses_sheet.COLUMN_NAMES)

    def bars(self) -> Iterator[Barred]:
        """What the column Disallowed has for each expense, and what bars it by now."""
        claim = self.contents.claim
        barred = barred_expenses(claim, self.contents.law, self.contents.itemized.as_of)
        for row, index in self._rows.items():
            bar = barred[index][0] if index in barred else None
            yield Barred(claim.expenses[index].date, self._cell("disallowed", row), bar)

    def _due(self, index: int | None) -> Mapping[str, Value]:
        """What the row of an expense computes; nothing in a row without one."""
        if index is None:
            return {}
        expense, line = self.contents.claim.expenses[index], self.contents.lines[f"E{index + 1}"]
        return expenses_sheet.computed_of_expense(self.contents, expense, line)

    def _cell(self, key: str, row: int) -> ReadCell:
        return self.submitted.book.cell(EXPENSES.sheet, row, EXPENSES.places[key])

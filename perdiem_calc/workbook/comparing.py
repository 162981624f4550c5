"""Compares a submitted workbook, cell by cell, with what the program writes of the same claim.

A computed cell that holds our formula is right whatever its kept value is; one that is blank states nothing. Any
other states an amount of its own, which is told beside the one that is due.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property, partial

from perdiem_calc.expense_lines import barred_expenses
from perdiem_calc.submission import How, Refused, StatedCell, StatedRate, Submission
from perdiem_calc.submission import Value as Stated
from perdiem_calc.trip import NOT_CONTINUOUS
from perdiem_calc.workbook import claim_sheet, days_sheet, expenses_sheet
from perdiem_calc.workbook.claim_page import GROUPS, Field
from perdiem_calc.workbook.columns import DAYS, EXPENSES, Table
from perdiem_calc.workbook.comparing_rates import changed_figures, other_rates
from perdiem_calc.workbook.contents import Contents, DayRow
from perdiem_calc.workbook.formulas import formulas_of_day, formulas_of_expense
from perdiem_calc.workbook.layout import FIRST_ROW, Area, Role
from perdiem_calc.workbook.opening import ReadCell
from perdiem_calc.workbook.sheet import Value, serial
from perdiem_calc.workbook.submitted import Submitted
from perdiem_calc.workbook.tables import TOTALS_ROW, sum_formula
from perdiem_calc.workbook.values import FAR

NOISE = Decimal("0.000001")
"""What binary numbers and times of day add, at most."""
OF_ROOM = frozenset({"lodging_ceiling", "ceiling_applied", "lodging_claimed", "lodging_allowed", "over_ceiling"})
OF_TAX = frozenset({"room_tax_claimed", "flat_tax_claimed", "tax_allowed"})
ONLY_AT_BUILD = "date-in-future"

_TEXTS = re.compile(r'("(?:[^"]|"")*")')
_CALLED_TRUTH = re.compile(r"\b(TRUE|FALSE)\(\)")


def compare(submitted: Submitted, contents: Contents) -> Submission:
    """What a submitted workbook states beside its claim; `contents` are those of the claim, itemized by itself."""
    comparison = _Comparison(submitted, contents)
    cells = tuple(comparison.cells())
    rates: tuple[StatedRate, ...] = () if comparison.misfits else tuple(other_rates(submitted, contents))
    return Submission(cells, rates, (*submitted.refused, *comparison.misfits))


def is_ours(found: str, ours: str) -> bool:
    """Whether a formula as it was found says the same as ours; spaces, case and how TRUE is written do not count.

    >>> is_ours('=IF( a1="Yes",true(),0)', 'IF(A1="Yes",TRUE,0)'), is_ours('=IF(A1="yes",1)', 'IF(A1="Yes",1)')
    (True, False)
    """
    return found == f"={ours}" or _normalised(found.removeprefix("=")) == _normalised(ours)


def _normalised(formula: str) -> str:
    parts = _TEXTS.split(formula)
    parts[::2] = ["".join(part.upper().split()).replace("_XLFN.", "") for part in parts[::2]]
    parts[::2] = [_CALLED_TRUTH.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts)


@dataclass(frozen=True)
class _Comparison:
    submitted: Submitted
    contents: Contents

    def cells(self) -> Iterator[StatedCell]:
        """The cells that are not as the program writes them."""
        yield from self._claim_cells()
        if not self._days_misfit:
            yield from self._day_cells()
        yield from self._expense_cells()
        yield from changed_figures(self.submitted, self.contents)

    @cached_property
    def misfits(self) -> tuple[Refused, ...]:
        """Rows and columns that are not where the program put them."""
        return (*self._days_misfit, *self._expenses_misfit)

    # --- Claim -----------------------------------------------------------------------------------------------------

    def _claim_cells(self) -> Iterator[StatedCell]:
        named = self.submitted.reading.named
        formulas = claim_sheet.claim_formulas(self.contents)
        for placed in named.page.placed:
            field = placed.field
            if field.role is not Role.COMPUTED:
                continue
            area = named.area(field.path)
            cell = self.submitted.book.cell(area.sheet, area.row, area.column)
            due = partial(self._claim_value, field.path)
            yield from _stated(cell, formulas[field.path], due, field.path, _label_of(field))
        for moved in named.moved:
            found = moved.found.address if moved.found else None
            yield _changed(moved.due, moved.field.name, f"the name {moved.field.name}", moved.due.address, found)

    def _claim_value(self, name: str) -> Value:
        return claim_sheet.computed_values(self.contents)[name]

    # --- Days ------------------------------------------------------------------------------------------------------

    @cached_property
    def _days_misfit(self) -> tuple[Refused, ...]:
        moved = self._moved_columns(DAYS)
        if moved:
            return moved
        stated = [(row, on) for row, on in self.submitted.reading.calendar if isinstance(on, date)]
        return tuple(_calendar_misfits(stated, [row.on for row in self.contents.day_rows if row.number]))

    def _day_cells(self) -> Iterator[StatedCell]:
        rows_by_date = {on: row for row, on in self.submitted.reading.calendar}
        before = 0
        bottom = FIRST_ROW
        for day_row in self.contents.day_rows:
            number = days_sheet.mie_rate_number(self.contents, day_row, before)
            row = rows_by_date[day_row.on] if day_row.number else self._row_of_night(day_row)
            if row is not None:
                bottom = max(bottom, row)
                yield from self._day_row_cells(day_row, row, number)
            before = number
        sums = days_sheet.sums_of_days(self.contents)
        yield from self._totals(DAYS, sums, bottom - FIRST_ROW + 1)
        yield from self._moved_names(DAYS, days_sheet.CALENDAR_NAMES, len(rows_by_date))
        yield from self._moved_names(DAYS, days_sheet.COLUMN_NAMES, bottom - FIRST_ROW + 1)

    def _row_of_night(self, day_row: DayRow) -> int | None:
        if day_row.night is None:
            return None
        area = self.submitted.reading.cells.area(f"lodging[{day_row.night.index}].night")
        return area.row if area is not None else None

    def _day_row_cells(self, day_row: DayRow, row: int, number: int) -> Iterator[StatedCell]:
        formulas = formulas_of_day(row + 1, is_first=row == FIRST_ROW, has_calendar=day_row.number > 0)
        for key, formula in formulas.items():
            cell = self._cell(DAYS, key, row)
            due = partial(self._day_value, day_row, number, key)
            label, line = DAYS.column(key).header, _line_of(key, day_row)
            yield from _stated(cell, formula, due, key, label, line, day_row.on)
        said = days_sheet.said_of_day(self.contents, day_row)
        line = _line_of("lodging_allowed", day_row)
        for key in ("disallowed", "alternate_ceiling", "alternate_mie"):
            yield from self._fixed(DAYS, key, row, said.get(key), line, day_row.on)

    def _day_value(self, day_row: DayRow, number: int, key: str) -> Value:
        return days_sheet.computed_of_day(self.contents, day_row, number)[key]

    # --- Expenses --------------------------------------------------------------------------------------------------

    @cached_property
    def _expense_rows(self) -> Mapping[int, int]:
        """The index of the claim's expense in each row that has one."""
        cells = self.submitted.reading.cells
        areas = (cells.area(f"expenses[{index}].date") for index in range(len(self.contents.claim.expenses)))
        return {area.row: index for index, area in enumerate(areas) if area is not None}

    @cached_property
    def _last_expense_row(self) -> int:
        """The last row of the table, as most of the names of its columns say."""
        names = self.submitted.book.names
        areas = [names[name] for name in expenses_sheet.COLUMN_NAMES if name in names]
        last = Counter(area.last_row for area in areas if area.sheet == EXPENSES.sheet).most_common(1)
        return last[0][0] if last else FIRST_ROW

    @cached_property
    def _expenses_misfit(self) -> tuple[Refused, ...]:
        moved = self._moved_columns(EXPENSES)
        return moved or tuple(
            Refused(
                "malformed",
                EXPENSES.cell("date", row).address,
                f"the row stands below the table, which ends in row {self._last_expense_row + 1}, so that no total "
                "has it",
                "move it into a blank row of the table",
            )
            for row in self._expense_rows
            if row > self._last_expense_row
        )

    def _expense_cells(self) -> Iterator[StatedCell]:
        if self._moved_columns(EXPENSES):
            return
        words = expenses_sheet.words_of(self.contents)
        contents = self.contents
        barred = barred_expenses(contents.claim, contents.law, contents.itemized.as_of)
        for row in range(FIRST_ROW, self._last_expense_row + 1):
            index = self._expense_rows.get(row)
            if index is None and self._has_input(row):
                continue
            yield from self._expense_row_cells(row, index, formulas_of_expense(row + 1, words))
            if index is not None:
                bar = barred[index][0] if index in barred else None
                on = contents.claim.expenses[index].date
                yield from self._fixed(EXPENSES, "disallowed", row, bar, f"E{index + 1}", on)
        rows = self._last_expense_row - FIRST_ROW + 1
        yield from self._totals(EXPENSES, expenses_sheet.sums_of_expenses(contents), rows)
        yield from self._moved_names(EXPENSES, expenses_sheet.COLUMN_NAMES, rows)

    def _expense_row_cells(self, row: int, index: int | None, formulas: Mapping[str, str]) -> Iterator[StatedCell]:
        expense = self.contents.claim.expenses[index] if index is not None else None
        line = f"E{index + 1}" if index is not None else ""
        for key, formula in formulas.items():
            if key == "amount" and expense is not None and expense.category != "pov_mileage":
                continue
            due = partial(self._expense_value, index, key)
            label = EXPENSES.column(key).header
            on = expense.date if expense is not None else None
            yield from _stated(self._cell(EXPENSES, key, row), formula, due, key, label, line, on)

    def _expense_value(self, index: int | None, key: str) -> Value:
        if index is None:
            return ""
        expense, line = self.contents.claim.expenses[index], self.contents.lines[f"E{index + 1}"]
        return expenses_sheet.computed_of_expense(self.contents, expense, line)[key]

    def _has_input(self, row: int) -> bool:
        cells = (self._cell(EXPENSES, column.key, row) for column in EXPENSES.inputs)
        return any(not cell.is_blank and cell.formula is None for cell in cells)

    # --- both tables -----------------------------------------------------------------------------------------------

    def _cell(self, table: Table, key: str, row: int) -> ReadCell:
        return self.submitted.book.cell(table.sheet, row, table.places[key])

    def _fixed(self, table: Table, key: str, row: int, said: object, line: str, on: date) -> Iterator[StatedCell]:
        """A cell that the program filled in at the build and formulas read."""
        cell = self._cell(table, key, row)
        stated, due = _value_of(cell.value), _value_of(said)
        if cell.formula is None and ONLY_AT_BUILD not in (stated, due) and not _same(stated, due):
            label = table.column(key).header
            yield StatedCell(key, label, cell.area.address, due or "", line, on, stated, "changed")

    def _totals(self, table: Table, sums: Mapping[str, Decimal], rows: int) -> Iterator[StatedCell]:
        for key in sums:
            label = f"Total of {table.column(key).header}"
            cell = self._cell(table, key, TOTALS_ROW)
            yield from _stated(
                cell, sum_formula(table, key, rows), partial(sums.__getitem__, key), f"total_{key}", label
            )

    def _moved_names(self, table: Table, names: Mapping[str, str], rows: int) -> Iterator[StatedCell]:
        for name, key in names.items():
            due, found = table.area(key, rows), self.submitted.book.names.get(name)
            if found != due:
                stated = found.address if found is not None else None
                header = table.cell(key, FIRST_ROW - 1)
                yield _changed(header, name, f"the name {name}", due.address, stated)

    def _moved_columns(self, table: Table) -> tuple[Refused, ...]:
        places = self.submitted.reading.columns.get(table.sheet, {})
        for key, place in places.items():
            due = table.places[key]
            if place != due:
                found = Area.cell(table.sheet, FIRST_ROW - 1, place)
                what = f'the column "{table.column(key).header}" belongs at {table.cell(key, FIRST_ROW - 1).address}'
                return (Refused("malformed", found.address, what, "undo the inserted or moved column"),)
        return ()


def _calendar_misfits(stated: list[tuple[int, date]], due: list[date]) -> Iterator[Refused]:
    """The days that are missing on Days, stand there twice, or do not belong to the trip."""
    seen: set[date] = set()
    for row, on in stated:
        cell = DAYS.cell("date", row).address
        if on in seen:
            yield Refused(NOT_CONTINUOUS, cell, f"{on} stands there twice", "leave one of the two rows out")
        elif on not in due:
            what = f"{on} is no day of the trip, which lasts from {due[0]} to {due[-1]}"
            yield Refused(
                NOT_CONTINUOUS, cell, what, "correct the date, or the dates of the trip, and build it again"
            )
        seen.add(on)
    missing = [on for on in due if on not in seen]
    if missing and len({on for _, on in stated}) == len(stated) and seen <= set(due):
        cell = DAYS.cell("date", FIRST_ROW).address
        said = f"{missing[0]}" if len(missing) == 1 else f"{missing[0]} to {missing[-1]}"
        yield Refused(NOT_CONTINUOUS, cell, f"there is no row for {said}", "build the workbook again with these days")


def _label_of(field: Field) -> str:
    """What people see beside a computed cell of Claim."""
    if field.label:
        return field.label
    for label, claimed, allowed in GROUPS:
        if field.path in (claimed, allowed):
            return f"{label.strip()}, {'claimed' if field.path == claimed else 'allowed'}"
    return "Barred from payment?"


def _line_of(key: str, day_row: DayRow) -> str:
    """The line that a cell of Days belongs to."""
    if day_row.night is not None and key in OF_ROOM:
        return f"N{day_row.night.index + 1}"
    if day_row.night is not None and key in OF_TAX:
        return f"T{day_row.night.index + 1}"
    return f"D{day_row.number}" if day_row.number else ""


def _stated(
    cell: ReadCell,
    ours: str,
    due: Callable[[], object],
    key: str,
    label: str,
    line: str = "",
    on: date | None = None,
) -> Iterator[StatedCell]:
    """What a computed cell states beside our formula; nothing where it holds it, or is blank."""
    if cell.formula is not None:
        if is_ours(cell.formula, ours):
            return
        how: How = "formula"
    elif cell.is_blank:
        return
    else:
        how = "typed"
    stated, right = _value_of(cell.value), _value_of(due())
    if how == "typed" and _same(stated, right):
        return
    yield StatedCell(
        key, label, cell.area.address, "" if right is None else right, line, on, stated, how, cell.formula or ""
    )


def _changed(where: Area, key: str, label: str, due: str, stated: str | None) -> StatedCell:
    return StatedCell(key, label, where.address, due, stated=stated, how="changed")


def _value_of(value: object) -> Stated | None:
    """A value as it is compared: a number, or a text, also for a number that is none of a claim; None for nothing."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date | datetime | time):
        value = serial(value)
    if isinstance(value, int | float) and abs(value) < FAR:
        return Decimal(repr(value))
    if isinstance(value, Decimal):
        return value
    return (str(value).strip() or None) if value is not None else None


def _same(stated: Stated | None, due: Stated | None) -> bool:
    if isinstance(stated, Decimal) and isinstance(due, Decimal):
        return abs(stated - due) < NOISE
    if isinstance(stated, Decimal) and due is None:
        return stated == 0
    return stated == due

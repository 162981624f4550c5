"""Compares what a person sees of a submitted workbook with what its cells hold: the inputs, and the amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from openpyxl.utils.datetime import from_excel

from perdiem_calc.checks.submission import Concealed, StatedCell
from perdiem_calc.workbook.comparing.display import unseen
from perdiem_calc.workbook.form.claim_page import ATTACHMENTS, FOR_NASRO, label_of
from perdiem_calc.workbook.form.columns import DAYS, EXPENSES
from perdiem_calc.workbook.form.layout import FIRST_ROW, Kind, Role, joined
from perdiem_calc.workbook.reading.opening import ReadCell
from perdiem_calc.workbook.reading.stating import UNITS, Due, value_of
from perdiem_calc.workbook.reading.submitted import Submitted

TABLES = {table.sheet: table for table in (DAYS, EXPENSES)}


class _Looked(NamedTuple):
    """A cell that people look at: what it holds, and what stands above or next to it."""

    cell: ReadCell
    kind: Kind
    label: str


def concealed_in(submitted: Submitted, computed: Iterable[Due]) -> Iterator[Concealed]:
    """The cells in which a person does not see what they hold, those of one sheet and one cause together.

    Where no value was kept with a formula it shows what it computes.
    """
    found: dict[tuple[str, str], list[_Looked]] = {}
    # The mileage amounts are both an input and computed.
    by_area = {looked.cell.area: looked for looked in (*_inputs(submitted), *_amounts(computed))}
    for looked in by_area.values():
        if value_of(looked.cell.value) is None:
            continue
        how = _hidden_row(looked.cell, submitted) or unseen(looked.cell, looked.kind, submitted.book)
        if how:
            found.setdefault((looked.cell.area.sheet, how), []).append(looked)
    for (_, how), several in found.items():
        cells = _addresses(several, by_row=how.startswith("the row"))
        yield Concealed(_stated(several[0], submitted), cells, how)


def _addresses(several: list[_Looked], *, by_row: bool) -> tuple[str, ...]:
    """The addresses of cells, those below each other together; of a whole row from its first cell to its last."""
    areas = sorted((looked.cell.area for looked in several), key=lambda area: (area.column, area.row))
    if by_row:
        ends = {area.row: area for area in areas}
        firsts = {area.row: area for area in reversed(areas)}
        areas = [firsts[row]._replace(last_column=end.column) for row, end in sorted(ends.items())]
    return tuple(joined(areas).split(", "))


def _stated(looked: _Looked, submitted: Submitted) -> StatedCell:
    cell, kind, label = looked
    key = submitted.reading.cells.path(cell.area.address) or label
    stated = value_of(cell.value, kind)
    return StatedCell(key, label, cell.area.address, None, stated=stated, unit=UNITS.get(kind, "text"))


def _hidden_row(cell: ReadCell, submitted: Submitted) -> str:
    """That a row with amounts is hidden; one with inputs is refused as a whole."""
    area, book = cell.area, submitted.book
    if area.row not in book.hidden_rows.get(area.sheet, ()):
        return ""
    return "" if (area.sheet, area.row) in submitted.hidden_rows else "the row is hidden"


def _amounts(computed: Iterable[Due]) -> Iterator[_Looked]:
    """The cells that the workbook computes, but for those that are folded away."""
    for due in computed:
        table = TABLES.get(due.cell.area.sheet)
        if table is None or due.key not in table.places or not table.column(due.key).rare:
            yield _Looked(_with_value(due), due.kind, due.label)


def _with_value(due: Due) -> ReadCell:
    """A computed cell with its value: what it will compute, where none was kept with its formula."""
    cell, value = due.cell, due.value
    if cell.value is not None or cell.formula is None:
        return cell
    if isinstance(value, Decimal):
        value = float(value)
    elif due.kind is Kind.DATE and isinstance(value, int | float):
        value = from_excel(value)
    return cell._replace(value=value)


def _inputs(submitted: Submitted) -> Iterator[_Looked]:
    """The cells that a person fills in, and the dates of the days."""
    named = submitted.reading.named
    for placed in named.page.placed:
        field = placed.field
        cell = named.cell(field)
        if cell is not None and field.role is Role.INPUT and not field.path.startswith(FOR_NASRO):
            yield _Looked(cell, field.kind, label_of(field))
    for item, label, _ in ATTACHMENTS:
        yield _Looked(named.status(item), Kind.CHOICE, label)
    for table in TABLES.values():
        columns = {
            place: column
            for key, place in submitted.reading.columns[table.sheet].items()
            if (column := table.column(key)).role is Role.INPUT or key == "date"
        }
        for (row, place), cell in submitted.book.cells[table.sheet].items():
            if row >= FIRST_ROW and place in columns:
                yield _Looked(cell, columns[place].kind, columns[place].header)

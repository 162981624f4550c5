"""Compares what a person sees of a submitted workbook with what its cells hold: the inputs, and the amounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perdiem_calc.submission import Concealed, StatedCell
from perdiem_calc.workbook.claim_page import ATTACHMENTS, FOR_NASRO, label_of
from perdiem_calc.workbook.columns import DAYS, EXPENSES, Table
from perdiem_calc.workbook.display import unseen
from perdiem_calc.workbook.layout import FIRST_ROW, Kind, Role, joined
from perdiem_calc.workbook.opening import ReadCell
from perdiem_calc.workbook.stating import UNITS, value_of
from perdiem_calc.workbook.submitted import Submitted
from perdiem_calc.workbook.tables import TOTALS_ROW


class _Looked(NamedTuple):
    """A cell that people look at: what it holds, and what stands above or next to it."""

    cell: ReadCell
    kind: Kind
    label: str


def concealed_in(submitted: Submitted) -> Iterator[Concealed]:
    """The cells in which a person does not see what they hold, those of one sheet and one cause together."""
    found: dict[tuple[str, str], list[_Looked]] = {}
    for looked in _looked_at(submitted):
        how = _hidden_row(looked.cell, submitted) or unseen(looked.cell, looked.kind, submitted.book)
        if how:
            found.setdefault((looked.cell.area.sheet, how), []).append(looked)
    for (_, how), several in found.items():
        yield Concealed(_stated(several[0], submitted), _addresses(several), how)


def _addresses(several: list[_Looked]) -> tuple[str, ...]:
    areas = sorted((looked.cell.area for looked in several), key=lambda area: (area.column, area.row))
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
    return "" if (area.sheet, area.row) in submitted.hidden_rows else f"row {area.row + 1} is hidden"


def _looked_at(submitted: Submitted) -> Iterator[_Looked]:
    """The inputs and the amounts that hold something."""
    for looked in (*_of_claim(submitted), *_of_table(submitted, DAYS), *_of_table(submitted, EXPENSES)):
        if value_of(looked.cell.value) is not None:
            yield looked


def _of_claim(submitted: Submitted) -> Iterator[_Looked]:
    named = submitted.reading.named
    for placed in named.page.placed:
        field = placed.field
        cell = named.cell(field)
        if cell is not None and field.role is not Role.FIXED and not field.path.startswith(FOR_NASRO):
            yield _Looked(cell, field.kind, label_of(field))
    for item, label, _ in ATTACHMENTS:
        yield _Looked(named.status(item), Kind.CHOICE, label)


def _of_table(submitted: Submitted, table: Table) -> Iterator[_Looked]:
    """The inputs and dates of a table, and the amounts that are not folded away."""
    places = submitted.reading.columns[table.sheet]
    columns = {place: table.column(key) for key, place in places.items()}
    shown = {
        place: column
        for place, column in columns.items()
        if column.role is Role.INPUT or column.key == "date" or (column.role is Role.COMPUTED and not column.rare)
    }
    for (row, place), cell in submitted.book.cells[table.sheet].items():
        if place in shown and (row >= FIRST_ROW or row == TOTALS_ROW):
            kind = Kind.AMOUNT if row == TOTALS_ROW else shown[place].kind
            yield _Looked(cell, kind, shown[place].header)

"""From which row to which a table of a workbook that came back goes, by the names of its columns.

People insert blank rows and delete rows, and Excel moves the names along. What a person typed below the table is in
no total.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.reading.opening import LAST_ROW, OpenBook
from perdiem_calc.workbook.writing import days_sheet, expenses_sheet


class Extent(NamedTuple):
    """The first and the last row, both from 0."""

    first: int
    last: int

    def __contains__(self, row: object) -> bool:
        """Whether a row lies within."""
        return isinstance(row, int) and self.first <= row <= self.last


NOWHERE = Extent(0, -1)


def extent_of(book: OpenBook, sheet: str, names: Iterable[str]) -> Extent:
    """From where to where most of some names go on a sheet; nowhere where none does.

    Names that go further down than a sheet is read count to the last row in which something stands.
    """
    areas = [book.names[name] for name in names if name in book.names]
    rows = Counter(Extent(area.row, area.last_row) for area in areas if area.sheet == sheet)
    if not rows:
        return NOWHERE
    first, last = rows.most_common(1)[0][0]
    if last >= LAST_ROW:
        last = max((row for row, _ in book.cells.get(sheet, ())), default=-1)
    return Extent(first, last)


def of_days(book: OpenBook) -> Extent:
    """The rows of Days."""
    return extent_of(book, layout.DAYS, days_sheet.COLUMN_NAMES)


def of_expenses(book: OpenBook) -> Extent:
    """The rows of Expenses."""
    return extent_of(book, layout.EXPENSES, expenses_sheet.COLUMN_NAMES)

"""Where the lists of the sheet Claim begin and end: stops; and side by side earlier claims and credits.

People insert and delete rows, and a spreadsheet moves names along with their cells, or loses them. So a list is what
people see as one: the rows between its captions and what follows it on the page, whatever names its cells have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.claim_page import (
    COLUMNS,
    CREDITS_COLUMN,
    EXTRA_NIGHTS,
    PAYMENT_TITLE,
    Band,
    Field,
    columns_of,
    credit_fields,
    earlier_fields,
    stop_fields,
)
from perdiem_calc.workbook.reading.opening import OpenBook

MOST_ROWS = 200
"""With more rows a list is none of a claim."""

Captions = tuple[tuple[int, str], ...]
"""What stands in a row, each text with its column."""


class Part(NamedTuple):
    """One list: its path, its columns, and the fields of an entry."""

    path: str
    columns: range
    fields_of: Callable[[int], Band]

    def fields(self, index: int) -> Iterator[tuple[Field, int]]:
        """The fields of an entry, each with its column."""
        for field, column in columns_of(self.fields_of(index)):
            yield field, self.columns.start + column


class PageList(NamedTuple):
    """The lists that have their rows in common, and what stands in the row below these."""

    parts: tuple[Part, ...]
    below: Captions

    @property
    def captions(self) -> Captions:
        """What stands in the row above them."""
        return tuple((column, field.label) for part in self.parts for field, column in part.fields(0))


STOPS = PageList(
    (Part("trip.stops", range(COLUMNS), stop_fields),),
    tuple((column, field.label) for field, column in columns_of(EXTRA_NIGHTS)),
)
PAYMENTS = PageList(
    (
        Part("previous_claims", range(CREDITS_COLUMN), earlier_fields),
        Part("credits", range(CREDITS_COLUMN, COLUMNS), credit_fields),
    ),
    ((0, PAYMENT_TITLE),),
)
PAGE_LISTS = (STOPS, PAYMENTS)
PARTS: Mapping[str, Part] = {part.path: part for one in PAGE_LISTS for part in one.parts}


class Borders(NamedTuple):
    """The row of a list's captions and the row below the list, from 0; None where it is not found."""

    above: int | None
    below: int | None

    @property
    def rows(self) -> range | None:
        """The rows of the list; None where it is not known from where to where it goes."""
        if self.above is None or self.below is None or self.below - self.above > MOST_ROWS:
            return None
        return range(self.above + 1, self.below)


def borders_of(book: OpenBook, one: PageList) -> Borders:
    """Between which rows a list stands.

    The last row that could stand below it counts: text typed into the list that looks like it ends no list.
    """
    above = min(rows_with(book, layout.CLAIM, one.captions), default=None)
    below = max((row for row in rows_with(book, layout.CLAIM, one.below) if row > (above or 0)), default=None)
    return Borders(above, below)


def rows_with(book: OpenBook, sheet: str, captions: Captions) -> list[int]:
    """The rows of a sheet where most of some captions stand in their columns."""
    due = dict(captions)
    cells = book.cells.get(sheet, {}).items()
    found = Counter(row for (row, column), cell in cells if column in due and due[column] == cell.value)
    return [row for row, count in found.items() if 2 * count > len(captions)]

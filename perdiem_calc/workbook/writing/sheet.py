"""A worksheet that is quick to fill: its cells become text as they are put.

XlsxWriter keeps every cell as an object and formats it at the end, some 40,000 cells a second; a claim has 3,000
cells and should take less than that. So the cells go their own short way, and XlsxWriter does everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from math import ceil
from xml.sax.saxutils import escape

from xlsxwriter.worksheet import Worksheet

from perdiem_calc.errors import InputError
from perdiem_calc.workbook.form.layout import LETTERS, Area

LONGEST_TEXT = 32_767
"""The characters that Excel keeps in a cell."""
CUT = " … (cut here: a cell holds no more)"

MINUTES = 24 * 60
LINE_HEIGHT = 11.5
LOWEST, HIGHEST = 16.5, 400
"""Points."""
FULLNESS = 1.12
"""How many characters of ordinary text a column takes for each of its width."""
_KEPT = re.compile("<v>([^<]*)</v>")
_BEFORE_ANY_DAY = date(1899, 12, 30)
_FIRST_RIGHT_DAY = date(1900, 3, 1)

Value = str | int | float | bool | Decimal


class Sheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet of the claim workbook. Rows and columns count from 0; a style is the number of a cell format."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, dict[int, str]] = {}
        self._heights: dict[int, float] = {}
        self._ready: dict[int, str] = {}
        self._shared = -1
        self._data: str | None = None

    def value(self, row: int, column: int, value: object, style: int) -> None:
        """Put what a claim or a report states: nothing, text, a number, a date or a time, yes or no."""
        if value is None or value == "":
            self.blank(row, column, style)
        elif isinstance(value, bool):
            self.text(row, column, "Yes" if value else "No", style)
        elif isinstance(value, date | time):
            self.number(row, column, serial(value), style)
        elif isinstance(value, int | float | Decimal):
            self.number(row, column, value, style)
        else:
            self.text(row, column, str(value), style)

    def text(self, row: int, column: int, text: str, style: int) -> None:
        """Put text, never a formula, a number or a link. Raises InputError, with the cell, where it is too long."""
        if len(text) > LONGEST_TEXT:
            where = Area.cell(self.get_name(), row, column).address
            raise InputError(
                "output.text.too-long", "the text is longer than a cell can hold", where=where, fix="shorten it"
            )
        self._put(row, column, f's="{style}" t="s"><v>{self.string(text)}</v></c>')

    def number(self, row: int, column: int, number: float | Decimal, style: int) -> None:
        """Put a number: an amount, a count, or a date as `serial` gives it."""
        self._put(row, column, f's="{style}"><v>{number}</v></c>')

    def blank(self, row: int, column: int, style: int) -> None:
        """Put a cell with nothing in it."""
        self._put(row, column, f's="{style}"/>')

    def formula(self, row: int, column: int, formula: str, style: int, value: Value) -> None:
        """Put a formula (without the equals sign) and the value it has."""
        self._put(row, column, formula_xml(escape(formula), style, value))

    def shared_formula(self, row: int, column: int, formula: str, style: int, values: Sequence[Value]) -> None:
        """Put one formula (without the equals sign) for a column's cells, from a row down, and the value of each.

        Addresses without a dollar sign move with the row.
        """
        self._shared += 1
        area = Area(self.get_name(), row, column, row + len(values) - 1, column).address.partition("!")[2]
        for index, value in enumerate(values):
            first = f' ref="{area}" si="{self._shared}">{escape(formula)}</f>'
            shared = f'<f t="shared"{first if not index else f" si={chr(34)}{self._shared}{chr(34)}/>"}'
            self._put(row + index, column, formula_xml("", style, value).replace("<f></f>", shared))

    def height(self, row: int, points: float) -> None:
        """Set a row's height."""
        self._heights[row] = points

    def fit_row(self, row: int, texts: Iterable[tuple[object, float]]) -> None:
        """Make a row high enough for its texts, each with the width of its column.

        Excel does so by itself when it opens a workbook, other programs do not.
        """
        lines = max((lines_of(text, width) for text, width in texts if text), default=1)
        self.height(row, min(HIGHEST, max(LOWEST, LINE_HEIGHT * lines + 5)))

    def ready_row(self, row: int, cells: str) -> None:
        """Put a whole row whose cells are ready."""
        self._ready[row] = cells

    def take_over(self, other: Sheet) -> None:
        """Be the same as a sheet that was written before, in a workbook with the same texts, looks and names."""
        self._rows, self._heights, self._ready, self._shared = (
            other._rows,
            other._heights,
            other._ready,
            other._shared,
        )
        for name in ("merge", "col_info"):
            setattr(self, name, getattr(other, name))
        if other._data is None:
            other._data = other._sheet_data()
        self._data = other._data

    def merge_area(self, area: Area) -> None:
        """Join the cells of an area, which are put already, to one."""
        self.merge.append([area.row, area.column, area.last_row, area.last_column])

    def string(self, text: str) -> int:
        """The number of a text among the texts of the workbook."""
        return int(self.str_table._get_shared_string_index(text))

    def _put(self, row: int, column: int, rest: str) -> None:
        cells = self._rows.get(row)
        if cells is None:
            cells = self._rows[row] = {}
        cells[column] = f'<c r="{LETTERS[column]}{row + 1}" {rest}'

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """A formula of a conditional format or a validation as XlsxWriter keeps it; all forms have the same ones."""
        return _prepared(formula, expand_future_functions)

    def _get_range_data(self, first_row: int, first_column: int, last_row: int, last_column: int) -> list[str | None]:
        """What stands in a block, which a chart keeps, so that it is drawn where nothing is computed."""
        return [
            self._kept(row, column)
            for row in range(first_row, last_row + 1)
            for column in range(first_column, last_column + 1)
        ]

    def _kept(self, row: int, column: int) -> str | None:
        cell = self._rows.get(row, {}).get(column, "")
        found = _KEPT.search(cell)
        if found is None:
            return None
        return str(self.str_table._get_shared_string(int(found[1]))) if ' t="s">' in cell else found[1]

    def _write_dimension(self) -> None:
        last_row = max([*self._rows, *self._ready], default=0)
        last_column = max((max(cells) for cells in self._rows.values()), default=0)
        self._xml_empty_tag("dimension", [("ref", f"A1:{LETTERS[last_column]}{last_row + 1}")])

    def _write_sheet_data(self) -> None:
        self.fh.write(self._data or self._sheet_data())

    def _sheet_data(self) -> str:
        parts = ["<sheetData>"]
        for row in sorted({*self._rows, *self._ready, *self._heights}):
            height = self._heights.get(row)
            tall = f' ht="{height}" customHeight="1"' if height else ""
            parts.append(f'<row r="{row + 1}"{tall}>{self._ready.get(row) or self._cells(row)}</row>')
        return "".join([*parts, "</sheetData>"])

    def _cells(self, row: int) -> str:
        """The cells of a row in the order of their columns, without which Excel takes a file for damaged."""
        cells = self._rows.get(row, {})
        return "".join([cells[column] for column in sorted(cells)])


@lru_cache(maxsize=1024)
def _prepared(formula: str, expand_future_functions: bool) -> str:
    return str(Worksheet()._prepare_formula(formula, expand_future_functions))


def formula_xml(escaped: str, style: int, value: Value) -> str:
    """The inside of a cell with a formula, whose XML is escaped already."""
    if isinstance(value, bool):
        return f's="{style}" t="b"><f>{escaped}</f><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f's="{style}" t="str"><f>{escaped}</f><v>{escape(value)}</v></c>'
    return f's="{style}"><f>{escaped}</f><v>{value}</v></c>'


def shortened(text: str) -> str:
    """A text that a cell can hold; a longer one is cut, and says so."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(CUT)] + CUT


def serial(moment: date | time) -> float:
    """A day, a time of day, or both, as the number that a workbook keeps.

    >>> serial(date(2026, 10, 4)), serial(datetime(2026, 10, 4, 18)), serial(time(6))
    (46299, 46299.75, 0.25)
    """
    if isinstance(moment, time):
        return (moment.hour * 60 + moment.minute) / MINUTES
    day = moment.date() if isinstance(moment, datetime) else moment
    days = (day - _BEFORE_ANY_DAY).days - (day < _FIRST_RIGHT_DAY)
    return days + serial(moment.time()) if isinstance(moment, datetime) else days


def lines_of(text: object, width: float) -> int:
    """How many lines a text takes in a cell of so many characters, about.

    >>> lines_of("a text of some forty characters altogether", 20)
    2
    """
    return sum(max(1, ceil(len(part) / (width * FULLNESS))) for part in str(text).split("\n"))

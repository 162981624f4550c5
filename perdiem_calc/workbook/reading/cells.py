"""From the XML of a sheet to its cells: the values as they were stored, and the formulas as text.

>>> from lxml import etree
>>> sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="5"><c r="K5"><v>159</v></c></row></sheetData></worksheet>'
>>> found = read_sheet("Days", etree.fromstring(sheet), Stored(), StoredFormulas())
>>> found.cells[4, 10].value
159

Nothing is computed: a formula and the value that was stored beside it are two facts, and either may be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from math import isfinite
from typing import NamedTuple

from lxml import etree
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel, from_ISO8601

from perdiem_calc.errors import InputError
from perdiem_calc.workbook.form.layout import LAST_COLUMN, LAST_ROW, LETTERS, Area
from perdiem_calc.workbook.reading.package import BROKEN_FIX, LESS_FIX, damaged
from perdiem_calc.workbook.reading.shapes import Shape, measure, shape_of
from perdiem_calc.workbook.reading.stored_formulas import StoredFormulas

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
"""The same elements, as "Strict Open XML Workbook" names them."""

EXCEL_ROWS = 1_048_576
LONGEST_TEXT = 32_767
"""Characters in a cell, as in Excel."""
LONGEST_ERROR = 40
MOST_CELLS = 100_000
LEAST_HEIGHT = 4
"""Points; in a lower row nothing can be read, the smallest letters take more."""

_COLUMNS = {letters: column for column, letters in enumerate(LETTERS)}
_FURTHER = re.compile(r"[A-Z]{2,3}")
_ROW = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
_NUMBER = re.compile(r"\s*+[+-]?[0-9]{0,40}((?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,3})?)\s*+", re.ASCII)
"""A number as XML writes it; what is in the group makes it one with decimals."""
_TRUTHS = {"1": True, "0": False, "true": True, "false": False}
_ESCAPED = re.compile(r"_x(?:000[dD]_(?:\n|_x000[aA]_)?|000[aA]_|0009_|005[fF]_)")


class Style(Enum):
    """What a cell's number format makes of a number."""

    PLAIN = "plain"
    MOMENT = "moment"
    DURATION = "duration"


class ReadCell(NamedTuple):
    """A cell as it was found: its stored or typed value, and its formula if it has one (with the equals sign).

    `is_error`: the value is a spreadsheet's error, like #N/A. `style` is the number of its look, `runs` the looks
    that parts of its text have of their own.
    """

    area: Area
    value: object
    formula: str | None = None
    is_error: bool = False
    style: str = "0"
    runs: tuple[etree._Element, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in the cell."""
        return self.formula is None and (
            self.value is None or (isinstance(self.value, str) and not self.value.strip())
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """What the cells of all sheets refer to: the shared texts and the styles, both by their number as it is written
    in a cell, and the day that dates count from. `runs` are the looks that parts of a text have of their own.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, tuple[etree._Element, ...]] = field(default_factory=dict)
    styles: Mapping[str, Style] = field(default_factory=lambda: {"0": Style.PLAIN})
    epoch: datetime = WINDOWS_EPOCH


class SheetCells(NamedTuple):
    """The cells of a sheet in which something stands, by row and column from 0, to LAST_ROW and LAST_COLUMN.

    `hidden_rows` are those of its rows, from 0, that are hidden or have no height and in which something stands;
    `size` counts all its cells, formatted blank ones and those further out too; `shape` is how it is laid out.
    """

    cells: Mapping[tuple[int, int], ReadCell]
    hidden_rows: frozenset[int]
    size: int
    shape: Shape


def namespace(tree: etree._Element) -> str:
    """The namespace of a part's elements, in braces. Raises InputError where it is not a spreadsheet's."""
    found = etree.QName(tree).namespace
    if found not in (MAIN, STRICT):
        raise damaged("a part of it is not a spreadsheet's")
    return f"{{{found}}}"


def text_of(element: etree._Element, ns: str) -> str:
    """The text of a shared or inline string: plain or in runs, without what tells its pronunciation."""
    if _is_plain(element, ns):
        return unescaped(element[0].text or "")
    runs = [element, *element.iterchildren(f"{ns}r")]
    return unescaped("".join([text.text or "" for run in runs for text in run.iterchildren(f"{ns}t")]))


def _is_plain(element: etree._Element, ns: str) -> bool:
    return len(element) == 1 and bool(element[0].tag == f"{ns}t")


def runs_of(element: etree._Element, ns: str) -> tuple[etree._Element, ...]:
    """The looks that the parts of a shared or inline string have of their own."""
    return tuple(element.iterfind(f"{ns}r/{ns}rPr")) if not _is_plain(element, ns) else ()


def unescaped(text: str) -> str:
    """A text without the escapes of line breaks and of the underscore; any other escape stays as it stands.

    Raises InputError for a text that is longer than Excel takes.

    >>> unescaped("room_x000D_\\nand board, _x005F_x000D_")
    'room\\nand board, _x000D_'
    """
    if len(text) > LONGEST_TEXT:
        raise InputError("workbook.text.too-long", "holds a text that is longer than Excel takes", fix=LESS_FIX)
    return _ESCAPED.sub(_escaped, text) if "_x" in text else text


def _escaped(match: re.Match[str]) -> str:
    return {"0009": "\t", "005f": "_"}.get(match[0][2:6].lower(), "\n")


def read_sheet(name: str, tree: etree._Element, stored: Stored, formulas: StoredFormulas) -> SheetCells:
    """The cells of a sheet.

    Raises InputError, with sheet and cell, for what no spreadsheet program writes (a cell that appears twice or at
    an impossible place, a number that is none), for a formula that points to another workbook, and for more cells
    than a claim has.
    """
    return _Sheet(name, tree, stored, formulas).read()


class _Sheet:
    """One sheet being read."""

    def __init__(self, name: str, tree: etree._Element, stored: Stored, formulas: StoredFormulas) -> None:
        self.name, self.stored, self.formulas = name, stored, formulas
        self.ns = namespace(tree)
        self.value_tag, self.formula_tag, self.inline_tag = (self.ns + tag for tag in ("v", "f", "is"))
        self.data = tree.findall(f"{self.ns}sheetData")
        if len(self.data) != 1:
            raise damaged(f"the sheet {name} has not one table of cells")
        self.tree = tree
        self.formats = tree.find(f"{self.ns}sheetFormatPr")
        self.default_height = "" if self.formats is None else self.formats.get("defaultRowHeight", "")
        self.cells: dict[tuple[int, int], ReadCell] = {}
        self.seen: set[str] = set()

    def read(self) -> SheetCells:
        hidden: set[int] = set()
        low: set[int] = set()
        flat = self.default_height
        number = 0
        for row in self.data[0].iterchildren(f"{self.ns}row"):
            text = row.get("r") or str(number + 1)
            if not _ROW.fullmatch(text) or (number := int(text)) > EXCEL_ROWS:
                raise damaged(f"a row of the sheet {self.name} has the number {text[:20]!a}")
            before = len(self.cells)
            self._read_row(row, number, text)
            if len(self.cells) == before:
                continue
            height = row.get("ht", flat)
            if row.get("hidden") in ("1", "true") or _is_zero(height):
                hidden.add(number - 1)
            elif (
                height and measure(row, "ht", measure(self.formats, "defaultRowHeight", LEAST_HEIGHT)) < LEAST_HEIGHT
            ):
                low.add(number - 1)
        shape = shape_of(self.name, self.tree, self.ns, frozenset(low))
        return SheetCells(self.cells, frozenset(hidden), len(self.seen), shape)

    def _read_row(self, row: etree._Element, number: int, text: str) -> None:
        seen, width = self.seen, -len(text)
        reference = ""
        for cell in row.iterchildren(f"{self.ns}c"):
            reference = cell.get("r") or _next(reference, text)
            if reference in seen:
                raise self._wrong(reference, "appears twice")
            seen.add(reference)
            if len(cell):
                column = _COLUMNS.get(reference[:width])
                if column is None or reference[width:] != text:
                    self._check_far(reference, text)
                elif number <= LAST_ROW:
                    self._read_cell(cell, number - 1, column, reference)
        if len(seen) > MOST_CELLS:
            raise InputError("workbook.cells.too-many", f"has more than {MOST_CELLS:,} cells", fix=LESS_FIX)

    def _check_far(self, reference: str, text: str) -> None:
        """A cell to the right of what is read. Raises InputError where there is no such cell in a sheet."""
        letters = reference.removesuffix(text)
        if letters + text != reference or not _FURTHER.fullmatch(letters) or letters.rjust(3) > "XFD":
            raise damaged(f"a cell of the sheet {self.name} stands at {reference[:20]!a} in row {text}")

    def _read_cell(self, cell: etree._Element, row: int, column: int, reference: str) -> None:
        text = formula = inline = None
        for child in cell:
            tag = child.tag
            if tag == self.value_tag:
                text = child.text
            elif tag == self.formula_tag:
                formula = self.formulas.text(child, self.name, reference)
            elif tag == self.inline_tag:
                inline = child
        kind = cell.get("t", "n")
        value: object = None
        is_error = False
        runs: tuple[etree._Element, ...] = ()
        if kind == "s" and text:
            value, runs = self.stored.texts.get(text), self.stored.runs.get(text, ())
            if value is None:
                raise self._wrong(reference, "refers to a text that does not exist")
        elif kind == "n" and text:
            value = self._number(text, cell.get("s", "0"), reference)
            # The one number that is text is a date outside the calendar.
            is_error = isinstance(value, str)
        elif kind == "inlineStr":
            value, runs = (None, ()) if inline is None else (text_of(inline, self.ns), runs_of(inline, self.ns))
        elif text:
            value = self._other(kind, text, reference)
            is_error = kind == "e"
        if value is not None or formula is not None:
            area = tuple.__new__(Area, (self.name, row, column, row, column))
            self.cells[row, column] = ReadCell(area, value, formula, is_error, cell.get("s", "0"), runs)

    def _number(self, text: str, style: str, reference: str) -> object:
        match = _NUMBER.fullmatch(text)
        try:
            if match is None:
                raise ValueError
            number = float(text) if match[1] else int(text)
        except ValueError:
            raise self._wrong(reference, "is not a number") from None
        if not isfinite(number):
            raise self._wrong(reference, "is not a number")
        kind = self.stored.styles.get(style)
        if kind is None:
            raise self._wrong(reference, "has a style that does not exist")
        if kind is Style.PLAIN:
            return number
        try:
            return from_excel(number, self.stored.epoch, timedelta=kind is Style.DURATION)
        except (OverflowError, ValueError):
            return "#VALUE!"

    def _other(self, kind: str, text: str, reference: str) -> object:
        if kind == "str":
            return unescaped(text)
        if kind == "b" and text in _TRUTHS:
            return _TRUTHS[text]
        if kind == "e" and len(text) <= LONGEST_ERROR:
            return text
        if kind == "d":
            try:
                return from_ISO8601(text)  # type: ignore[no-untyped-call]  # the stubs leave it without types
            except (ValueError, OverflowError):
                raise self._wrong(reference, "is not a date") from None
        raise self._wrong(reference, "holds what no spreadsheet writes")

    def _wrong(self, reference: str, what: str) -> InputError:
        return InputError("workbook.cell.damaged", what, where=f"{self.name}!{reference[:12]}", fix=BROKEN_FIX)


def _next(reference: str, row: str) -> str:
    """The cell after another in its row; cells may leave out where they stand."""
    letters = reference.removesuffix(row)
    column = _COLUMNS.get(letters, -1) + 1
    if (letters not in _COLUMNS and letters) or column == LAST_COLUMN:
        raise damaged(f"a cell in row {row} does not say where it stands")
    return LETTERS[column] + row


def _is_zero(height: str) -> bool:
    return height != "" and not height.strip("0.")

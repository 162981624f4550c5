"""How a sheet is laid out, as far as it decides what a person sees: heights, widths, joined and conditional cells.

>>> from lxml import etree
>>> columns = '<cols><col min="2" max="3" width="9.5"/><col min="4" max="4" hidden="1"/></cols>'
>>> sheet = etree.fromstring(f"<worksheet>{columns}</worksheet>")
>>> shape = shape_of("Days", sheet, "", frozenset())
>>> shape.width(1), shape.width(3), shape.width(0), shape.width(1, 3)
(9.5, 0.0, 8.43, 19.0)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import isfinite
from typing import NamedTuple

from lxml import etree

from perdiem_calc.errors import InputError
from perdiem_calc.workbook.form.layout import LAST_COLUMN, LAST_ROW, Area
from perdiem_calc.workbook.reading.package import LESS_FIX, damaged

USUAL_WIDTH = 8.43
"""Characters; Excel's own."""
MOST_RULES = 5_000

_TRUE = ("1", "true")


class Conditional(NamedTuple):
    """The cells of conditional formats, and the formats themselves."""

    areas: tuple[Area, ...]
    rules: tuple[etree._Element, ...]

    def covers(self, cell: Area) -> bool:
        """Whether a cell of the sheet is one of them."""
        row, column = cell.row, cell.column
        for area in self.areas:
            if area.row <= row <= area.last_row and area.column <= column <= area.last_column:
                return True
        return False


@dataclass(frozen=True, slots=True)
class Shape:
    """The layout of a sheet.

    `low` are the rows, from 0, that are too low to read, but not hidden; `widths` those of the columns in characters,
    0 for a hidden one; `joined` by row and column the block of each cell that is joined with others.
    """

    low: frozenset[int] = frozenset()
    widths: tuple[float, ...] = (USUAL_WIDTH,) * LAST_COLUMN
    joined: Mapping[tuple[int, int], Area] = field(default_factory=dict)
    conditional: tuple[Conditional, ...] = ()

    def width(self, column: int, last: int | None = None) -> float:
        """The width of a column, or of all from it to another, in characters."""
        return sum(self.widths[column : (column if last is None else last) + 1])


def shape_of(name: str, tree: etree._Element, ns: str, low: frozenset[int]) -> Shape:
    """The layout of a sheet.

    Raises InputError for joined cells that overlap, and for far more conditional formats than a claim has.
    """
    return Shape(low, tuple(_widths(tree, ns)), dict(_joined(name, tree, ns)), tuple(_conditional(name, tree, ns)))


def measure(element: etree._Element | None, name: str, otherwise: float) -> float:
    """A measure that an element states; `otherwise` where it states none, or none that can be read."""
    try:
        found = float("nan" if element is None else element.get(name, "nan"))
    except ValueError:
        return otherwise
    return found if isfinite(found) else otherwise


def _widths(tree: etree._Element, ns: str) -> list[float]:
    usual = measure(tree.find(f"{ns}sheetFormatPr"), "defaultColWidth", USUAL_WIDTH)
    widths = [usual] * LAST_COLUMN
    for column in tree.iterfind(f"{ns}cols/{ns}col"):
        first, last = (int(measure(column, end, 0)) - 1 for end in ("min", "max"))
        width = 0.0 if column.get("hidden") in _TRUE else measure(column, "width", usual)
        for place in range(max(first, 0), min(last + 1, LAST_COLUMN)):
            widths[place] = width
    return widths


def _joined(name: str, tree: etree._Element, ns: str) -> Iterator[tuple[tuple[int, int], Area]]:
    left = LAST_ROW * LAST_COLUMN
    for merged in tree.iterfind(f"{ns}mergeCells/{ns}mergeCell"):
        area = Area.at(merged.get("ref", ""))
        if area is None:
            continue
        area = area._replace(sheet=name)
        rows = range(area.row, min(area.last_row + 1, LAST_ROW))
        columns = range(area.column, min(area.last_column + 1, LAST_COLUMN))
        left -= len(rows) * len(columns)
        if left < 0:
            raise damaged(f"joined cells of the sheet {name} overlap")
        for cell in product(rows, columns):
            yield cell, area


def _conditional(name: str, tree: etree._Element, ns: str) -> Iterator[Conditional]:
    """The conditional formats of a sheet, those among them that only newer programs know."""
    newer = tree.find(f"{ns}extLst")
    found = [*tree.iterchildren(f"{ns}conditionalFormatting")]
    found += [] if newer is None else newer.iter("{*}conditionalFormatting")
    left = MOST_RULES
    for formats in found:
        ranges = formats.get("sqref") or formats.findtext("{*}sqref") or ""
        areas = [area._replace(sheet=name) for text in ranges.split() if (area := Area.at(text)) is not None]
        rules = tuple(formats.iterchildren("{*}cfRule"))
        left -= len(areas) + len(rules)
        if left < 0:
            raise InputError(
                "workbook.formats.too-many",
                f"has far more conditional formats on the sheet {name} than a claim",
                fix=LESS_FIX,
            )
        yield Conditional(tuple(areas), rules)

"""Where a difference begins between what a workbook shows and what the rules give.

The values kept with formulas follow from each other: a wrong share of a day makes a wrong day, wrong totals and a
wrong payment. That is one difference. It begins at the cells whose formulas use no other cell that differs; where
those use a cell that is reported by itself, such as a ceiling that was typed over, there is nothing more to report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from perdiem_calc.submission import Shown, StatedCell
from perdiem_calc.workbook.layout import Area
from perdiem_calc.workbook.opening import OpenBook, ReadCell

TOTALS = ("payable", "allowable_total", "claimed_total")
"""The totals that a sender looks at, the one that counts most first."""

_TEXTS = re.compile(r'"(?:[^"]|"")*"')
_OPERANDS = re.compile(r"(?:'[^']+'!)?[A-Za-z_$][A-Za-z0-9_.$!]*(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?", re.ASCII)


class Reported(NamedTuple):
    """What is reported by itself: cells and blocks of cells, and defined names that point elsewhere."""

    areas: tuple[Area, ...] = ()
    names: frozenset[str] = frozenset()


def shown_of(kept: Sequence[StatedCell], reported: Reported, book: OpenBook) -> Shown | None:
    """The cells where kept values begin to differ, and the total that they lead to; None where all is reported.

    Of `kept`, those that state nothing were cleared. Formulas in which no value was kept pass a difference on.
    """
    seen = [cell for cell in kept if cell.stated is not None]
    if not seen:
        return None
    formulas = {cell.area.address: cell for cells in book.cells.values() for cell in cells.values() if cell.formula}
    silent = [cell for cell in formulas.values() if cell.value is None]
    known = _Cells(reported.areas)
    _pass_on([*silent, *(formulas[cell.cell] for cell in seen)], known, reported.names, book)
    rest = [cell for cell in seen if not known.touch(formulas[cell.cell].area)]
    if not rest:
        return None
    cleared = {cell.cell: area for cell in kept if cell.stated is None and (area := Area.at(cell.cell))}
    differing = _Cells([*cleared.values(), *(formulas[cell.cell].area for cell in seen)])
    _pass_on(silent, differing, frozenset(), book)
    used = _Cells(area for cell in rest for area in _areas(formulas[cell.cell], book))
    begin = {where for where, area in cleared.items() if used.touch(area)}
    begin |= {cell.cell for cell in rest if not _follows(formulas[cell.cell], differing, frozenset(), book)}
    first = [cell for cell in kept if cell.cell in begin]
    by_key = {cell.key: cell for cell in rest}
    total = next((by_key[key] for key in TOTALS if key in by_key), rest[0])
    return Shown(tuple(first) or (total,), total)


def _pass_on(cells: Sequence[ReadCell], differing: _Cells, names: frozenset[str], book: OpenBook) -> None:
    """Add to what differs those of some formulas that follow from it."""
    count = len(cells) + 1
    while len(cells) < count:
        count = len(cells)
        left = []
        for cell in cells:
            if _follows(cell, differing, names, book):
                differing.add(cell.area)
            else:
                left.append(cell)
        cells = left


def _follows(cell: ReadCell, differing: _Cells, names: frozenset[str], book: OpenBook) -> bool:
    """Whether a cell's formula uses a cell that differs, or a name that points elsewhere."""
    if names and not names.isdisjoint(_operands(cell)):
        return True
    return any(differing.touch(area) for area in _areas(cell, book))


def _areas(cell: ReadCell, book: OpenBook) -> Iterator[Area]:
    """The cells that a cell's formula uses, by address or by name."""
    for operand in _operands(cell):
        area = Area.at(operand)
        if area is not None:
            yield area if area.sheet else area._replace(sheet=cell.area.sheet)
        elif operand in book.names:
            yield book.names[operand]


def _operands(cell: ReadCell) -> list[str]:
    """The addresses, names and functions in a cell's formula.

    >>> _operands(ReadCell(Area.cell("Days", 4, 1), 0, '=IF(A5="B9",rate_mie*SUM($C5:D7),Rates!$A$1)'))
    ['IF', 'A5', 'rate_mie', 'SUM', '$C5:D7', 'Rates!$A$1']
    """
    return _OPERANDS.findall(_TEXTS.sub("", cell.formula or ""))


class _Cells:
    """Cells, found by the blocks that hold them."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._blocks: list[Area] = []
        self._rows: dict[tuple[str, int], set[int]] = {}
        for area in areas:
            self.add(area)

    def add(self, area: Area) -> None:
        """Add a cell, or a block of cells."""
        if area == area.first:
            self._rows.setdefault((area.sheet, area.column), set()).add(area.row)
        else:
            self._blocks.append(area)

    def touch(self, area: Area) -> bool:
        """Whether one of them lies in a block."""
        if any(_overlap(block, area) for block in self._blocks):
            return True
        if area == area.first:
            return area.row in self._rows.get((area.sheet, area.column), ())
        return any(
            sheet == area.sheet
            and area.column <= column <= area.last_column
            and any(area.row <= row <= area.last_row for row in rows)
            for (sheet, column), rows in self._rows.items()
        )


def _overlap(one: Area, other: Area) -> bool:
    return (
        one.sheet == other.sheet
        and one.row <= other.last_row
        and other.row <= one.last_row
        and one.column <= other.last_column
        and other.column <= one.last_column
    )

"""Where a difference begins between what a workbook shows and what the rules give.

The values kept with formulas follow from each other: a wrong share of a day makes a wrong day, wrong totals and a
wrong payment. That is one difference. It begins at the cells whose formulas use no other cell that differs; where
those use a cell that is reported by itself, such as a ceiling that was typed over, there is nothing more to report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perdiem_calc.checks.submission import Shown, StatedCell
from perdiem_calc.workbook.form.layout import Area, joined
from perdiem_calc.workbook.reading.opening import OpenBook, ReadCell

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
    formulas = _Formulas.of(book)
    silent = [cell for cell in formulas.cells.values() if cell.value is None]
    known = _Cells(reported.areas)
    formulas.pass_on([*silent, *(formulas.cells[cell.cell] for cell in seen)], known, reported.names)
    rest = [cell for cell in seen if not known.touch(formulas.cells[cell.cell].area)]
    if not rest:
        return None
    cleared = {cell.cell: area for cell in kept if cell.stated is None and (area := Area.at(cell.cell))}
    differing = _Cells([*cleared.values(), *(formulas.cells[cell.cell].area for cell in seen)])
    formulas.pass_on(silent, differing)
    used = _Cells(area for cell in rest for area in formulas.uses(formulas.cells[cell.cell])[1])
    begin = {where for where, area in cleared.items() if used.touch(area)}
    begin |= {cell.cell for cell in rest if not formulas.follows(formulas.cells[cell.cell], differing)}
    by_key = {cell.key: cell for cell in rest}
    total = next((by_key[key] for key in TOTALS if key in by_key), rest[0])
    first = tuple(cell for cell in kept if cell.cell in begin) or (total,)
    areas = sorted(
        filter(None, (Area.at(cell.cell) for cell in first)), key=lambda area: (area.sheet, area.column, area.row)
    )
    return Shown(first, tuple(joined(areas).split(", ")), total)


@dataclass(frozen=True, slots=True)
class _Formulas:
    """The formulas of a workbook, by address, and what they use."""

    cells: Mapping[str, ReadCell]
    names: Mapping[str, Area]
    _uses: dict[str, tuple[frozenset[str], tuple[Area, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, book: OpenBook) -> _Formulas:
        cells = (cell for sheet in book.cells.values() for cell in sheet.values() if cell.formula)
        return cls({cell.area.address: cell for cell in cells}, book.names)

    def uses(self, cell: ReadCell) -> tuple[frozenset[str], tuple[Area, ...]]:
        """The words of a cell's formula that may be names, and the cells that it uses by address or by name."""
        where = cell.area.address
        if where not in self._uses:
            words = dict.fromkeys(_operands(cell.formula or ""))
            self._uses[where] = frozenset(words), tuple(self._areas(words, cell.area.sheet))
        return self._uses[where]

    def _areas(self, words: Iterable[str], sheet: str) -> Iterator[Area]:
        for word in words:
            area = Area.at(word)
            if area is not None:
                yield area if area.sheet else area._replace(sheet=sheet)
            elif word in self.names:
                yield self.names[word]

    def follows(self, cell: ReadCell, differing: _Cells, names: frozenset[str] = frozenset()) -> bool:
        """Whether a cell's formula uses a cell that differs, or a name that points elsewhere."""
        words, areas = self.uses(cell)
        return not names.isdisjoint(words) or any(map(differing.touch, areas))

    def pass_on(self, cells: Sequence[ReadCell], differing: _Cells, names: frozenset[str] = frozenset()) -> None:
        """Add to what differs those of some cells that follow from it."""
        count = len(cells) + 1
        while len(cells) < count:
            count = len(cells)
            left = []
            for cell in cells:
                if self.follows(cell, differing, names):
                    differing.add(cell.area)
                else:
                    left.append(cell)
            cells = left


def _operands(formula: str) -> list[str]:
    """The addresses, names and functions in a formula.

    >>> _operands('=IF(A5="B9",rate_mie*SUM($C5:D7),Rates!$A$1)')
    ['IF', 'A5', 'rate_mie', 'SUM', '$C5:D7', 'Rates!$A$1']
    """
    return _OPERANDS.findall(_TEXTS.sub("", formula))


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
        columns = [key for key in self._rows if key[0] == area.sheet and area.column <= key[1] <= area.last_column]
        return any(area.row <= row <= area.last_row for key in columns for row in self._rows[key])


def _overlap(one: Area, other: Area) -> bool:
    return (
        one.sheet == other.sheet
        and one.row <= other.last_row
        and other.row <= one.last_row
        and one.column <= other.last_column
        and other.column <= one.last_column
    )

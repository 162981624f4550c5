"""Which cell of the sheet Claim holds which field, in a workbook that came back.

A field is known by its defined name and by its place under its caption. Where the captions stand where they were put,
the place counts, since it is what people see; a name that points elsewhere is then told as moved. Where rows were
inserted the names have moved along with their cells, and they count.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count

from perdiem_calc.workbook.claim_page import ClaimPage, Field, Placed, earlier_fields, page_of_rows, stop_fields
from perdiem_calc.workbook.layout import Area
from perdiem_calc.workbook.opening import OpenBook, ReadCell


@dataclass(frozen=True, slots=True)
class MovedName:
    """A defined name that is gone (`found` is None), or that points to another cell than its own, `due`."""

    field: Field
    due: Area
    found: Area | None


@dataclass(frozen=True)
class NamedCells:
    """The cells of the sheet Claim by field."""

    book: OpenBook

    @cached_property
    def page(self) -> ClaimPage:
        """The layout that the workbook was written with."""
        return page_of_rows(self._rows_of(stop_fields(0)[-1]), self._rows_of(earlier_fields(0)[-1]))

    def cell(self, field: Field) -> ReadCell | None:
        """A field's cell; None where the page has none."""
        placed = self._placed.get(field.path)
        if placed is not None and self._in_place:
            return self.book.cell(placed.area.sheet, placed.area.row, placed.area.column)
        return self.book.named(field.name)

    def area(self, name: str) -> Area:
        """The cell of a computed amount, by its defined name."""
        placed = self._placed[name]
        found = self.book.names.get(name)
        return _first(placed.area if self._in_place or found is None else found)

    @cached_property
    def moved(self) -> tuple[MovedName, ...]:
        """The names that do not point to their cell."""
        moved = []
        for placed in self.page.placed:
            found = self.book.names.get(placed.field.name)
            if self._in_place:
                is_right = found is not None and _first(found) == _first(placed.area)
            else:
                is_right = found is not None and not self._is_anothers(found, placed)
            if not is_right:
                moved.append(MovedName(placed.field, _first(placed.area), found))
        return tuple(moved)

    @cached_property
    def _placed(self) -> dict[str, Placed]:
        return {placed.field.path: placed for placed in self.page.placed}

    @cached_property
    def _in_place(self) -> bool:
        """Whether every caption stands where it was put."""
        return all(not placed.caption or self._caption(placed.area) == placed.caption for placed in self.page.placed)

    def _caption(self, area: Area) -> str:
        return str(self.book.cell(area.sheet, area.row - 1, area.column).value)

    def _is_anothers(self, found: Area, placed: Placed) -> bool:
        """Whether the cell found stands under the caption of another field."""
        caption = self._caption(found)
        return bool(placed.caption) and caption != placed.caption and caption in self._captions

    @cached_property
    def _captions(self) -> frozenset[str]:
        return frozenset(placed.caption for placed in self.page.placed if placed.caption)

    def _rows_of(self, first: Field) -> int:
        """How many rows a list on the page has, by the names of one of its columns."""
        return next(row for row in count() if first.name.replace("_0_", f"_{row}_") not in self.book.names)


def _first(area: Area) -> Area:
    return Area.cell(area.sheet, area.row, area.column)

"""Which cell of the sheets Claim and Checklist holds which field, in a workbook that came back.

A field is known by its defined name and by its place under its caption. Where the captions stand where they were put,
the place counts, since it is what people see; a name that points elsewhere is then told as moved. Where rows were
inserted the names have moved along with their cells, and they count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from perdiem_calc.claim import AttachmentItem
from perdiem_calc.workbook.claim_page import (
    ATTACHMENTS,
    Band,
    ClaimPage,
    Field,
    Placed,
    checklist_area,
    credit_fields,
    earlier_fields,
    page_of_rows,
    stop_fields,
)
from perdiem_calc.workbook.layout import Area, name_of
from perdiem_calc.workbook.opening import OpenBook, ReadCell

LISTS = {
    "credit_lines": ("credits", "line"),
    "credit_amounts": ("credits", "amount"),
    "stop_departures": ("trip.stops", "departed_on"),
}
"""Defined names of whole columns of the page's lists, for the formulas: the list and the field."""


@dataclass(frozen=True, slots=True)
class MovedName:
    """A defined name that is gone (`found` is None), or that points to another cell than its own, `due`."""

    name: str
    label: str
    due: Area
    found: Area | None


@dataclass(frozen=True)
class NamedCells:
    """The cells of the sheets Claim and Checklist by field."""

    book: OpenBook

    @cached_property
    def page(self) -> ClaimPage:
        """The layout that the workbook was written with."""
        return page_of_rows(self._rows_of(stop_fields), self._rows_of(earlier_fields, credit_fields))

    def cell(self, field: Field) -> ReadCell | None:
        """A field's cell; None where the page has none."""
        placed = self._placed.get(field.path)
        if placed is not None and self._in_place:
            return self.book.cell(placed.area.sheet, placed.area.row, placed.area.column)
        return self.book.named(field.name)

    def area(self, path: str) -> Area:
        """The cell of a field of the page, or of a computed amount by its defined name."""
        placed = self._placed[path]
        found = self.book.names.get(placed.field.name)
        return _first(placed.area if self._in_place or found is None else found)

    def status(self, item: AttachmentItem) -> ReadCell:
        """The cell of an item's status on the sheet Checklist."""
        area = checklist_area(item)
        found = None if self._checklist_in_place else self.book.named(name_of(f"attachments.{item}"))
        return found or self.book.cell(area.sheet, area.row, area.column)

    @cached_property
    def moved(self) -> tuple[MovedName, ...]:
        """The names that do not point to their cell, or to their cells."""
        return (*self.moved_fields(), *self._moved_lists(), *self._moved_statuses())

    def moved_fields(self) -> Iterator[MovedName]:
        """The names of single cells of the sheet Claim that do not point to theirs."""
        for placed in self.page.placed:
            found = self.book.names.get(placed.field.name)
            if self._in_place:
                is_right = found is not None and _first(found) == _first(placed.area)
            else:
                is_right = found is not None and not self._is_anothers(found, placed)
            if not is_right:
                yield MovedName(placed.field.name, placed.field.label or "cell", _first(placed.area), found)

    def _moved_lists(self) -> Iterator[MovedName]:
        rows = {"credits": self.page.credits, "trip.stops": self.page.stops}
        for name, (listed, field) in LISTS.items():
            first = self.area(f"{listed}[0].{field}")
            last = self.area(f"{listed}[{rows[listed] - 1}].{field}")
            due, found = Area(first.sheet, first.row, first.column, last.row, first.column), self.book.names.get(name)
            if found != due:
                yield MovedName(name, "column", due, found)

    def _moved_statuses(self) -> Iterator[MovedName]:
        for item, label, _ in ATTACHMENTS if self._checklist_in_place else ():
            name, due = name_of(f"attachments.{item}"), checklist_area(item)
            found = self.book.names.get(name)
            if found is None or _first(found) != due:
                yield MovedName(name, label, due, found)

    @cached_property
    def _placed(self) -> dict[str, Placed]:
        return {placed.field.path: placed for placed in self.page.placed}

    @cached_property
    def _in_place(self) -> bool:
        """Whether every caption stands where it was put."""
        return all(not placed.caption or self._caption(placed.area) == placed.caption for placed in self.page.placed)

    @cached_property
    def _checklist_in_place(self) -> bool:
        """Whether every document stands where it was put."""
        areas = ((checklist_area(item), label) for item, label, _ in ATTACHMENTS)
        return all(self.book.cell(area.sheet, area.row, 0).value == label for area, label in areas)

    def _caption(self, area: Area) -> str:
        return str(self.book.cell(area.sheet, area.row - 1, area.column).value)

    def _is_anothers(self, found: Area, placed: Placed) -> bool:
        """Whether the cell found stands under the caption of another field."""
        caption = self._caption(found)
        return bool(placed.caption) and caption != placed.caption and caption in self._captions

    @cached_property
    def _captions(self) -> frozenset[str]:
        return frozenset(placed.caption for placed in self.page.placed if placed.caption)

    def _rows_of(self, *lists: Callable[[int], Band]) -> int:
        """How many rows the lists have that stand side by side, by the names of their cells."""
        names = self.book.names
        return next(row for row in count(1) if not any(f.name in names for of in lists for f in of(row)))


def _first(area: Area) -> Area:
    return Area.cell(area.sheet, area.row, area.column)

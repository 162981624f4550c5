"""Which cell of the sheets Claim and Checklist holds which field, in a workbook that came back.

A field is known by its defined name and by its place under its caption. Where the captions stand where they were put,
the place counts, since it is what people see; a name that points elsewhere is then told as moved. Where rows were
inserted the names have moved along with their cells, and they count. In a list the place counts always, between the
list's captions and what follows it: a row inserted there is one more, a deleted one is just gone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from perdiem_calc.claims.model import AttachmentItem
from perdiem_calc.workbook.form.claim_page import (
    ATTACHMENTS,
    FOR_NASRO,
    ClaimPage,
    Field,
    Placed,
    checklist_area,
    page_of_rows,
)
from perdiem_calc.workbook.form.layout import CLAIM, Area, Role, name_of
from perdiem_calc.workbook.reading.opening import OpenBook, ReadCell
from perdiem_calc.workbook.reading.page_lists import (
    PAGE_LISTS,
    PARTS,
    PAYMENTS,
    STOPS,
    Borders,
    PageList,
    Part,
    borders_of,
)

LISTS = {
    "credit_lines": ("credits", "line"),
    "credit_amounts": ("credits", "amount"),
    "stop_departures": ("trip.stops", "departed_on"),
}
"""Defined names of whole columns of the page's lists, for the formulas: the list and the field."""

_OF_ENTRY = re.compile(rf"({'|'.join(map(name_of, PARTS))})_([0-9]{{1,2}})_[a-z_]+")


class MovedName(NamedTuple):
    """A defined name that is gone (`found` is None), or that points to another cell than its own, `due`."""

    name: str
    label: str
    due: Area
    found: Area | None


class Listed(NamedTuple):
    """An entry of a list on the page: its fields with their cells, and the cells beside them that are not blank."""

    fields: tuple[tuple[Field, ReadCell | None], ...]
    beside: tuple[tuple[Field, ReadCell], ...]


@dataclass(frozen=True)
class NamedCells:
    """The cells of the sheets Claim and Checklist by field."""

    book: OpenBook

    @cached_property
    def page(self) -> ClaimPage:
        """The layout that the workbook was written with, but for rows that the lists gained or lost."""
        return page_of_rows(*(self._count(one) for one in (STOPS, PAYMENTS)))

    def cell(self, field: Field) -> ReadCell | None:
        """A field's cell; None where the page has none."""
        area = self._areas.get(field.path)
        return self.book.named(field.name) if area is None else self.book.cell(area.sheet, area.row, area.column)

    def area(self, path: str) -> Area:
        """The cell of a field of the page, or of a computed amount by its defined name."""
        placed = self._placed[path]
        return (self._areas.get(path) or self.book.names.get(placed.field.name) or placed.area).first

    def is_found(self, field: Field) -> bool:
        """Whether the page still has a field's cell; it has none where the row was deleted."""
        return field.path in self._areas or field.name in self.book.names

    def entries(self, path: str) -> Iterator[Listed]:
        """The entries of a list, row by row, the blank ones too."""
        part, rows = PARTS[path], self._rows[path]
        for index in range(self.page.stops if part in STOPS.parts else self.page.credits):
            fields = tuple((field, self.cell(field)) for field in part.fields_of(index))
            yield Listed(fields, () if rows is None else tuple(self._beside(part, index, rows[index])))

    def _beside(self, part: Part, index: int, row: int) -> Iterator[tuple[Field, ReadCell]]:
        """The cells of a row that are filled and hold no field, each with the field left of it."""
        for field, first in part.fields(index):
            for column in range(first + 1, first + field.span):
                cell = self.book.cell(CLAIM, row, column)
                if not cell.is_blank:
                    yield field, cell

    def status(self, item: AttachmentItem) -> ReadCell:
        """The cell of an item's status on the sheet Checklist."""
        area = checklist_area(item)
        found = None if self._checklist_in_place else self.book.named(name_of(f"attachments.{item}"))
        return found or self.book.cell(area.sheet, area.row, area.column)

    # --- what is not where it was ----------------------------------------------------------------------------------

    def unbounded(self) -> Iterator[tuple[Area, str]]:
        """Where the row above or below a list should be and is not; and which row that is."""
        for one, (above, below) in self._borders.items():
            rows = [
                area.row for part in one.parts for areas in self._names[part.path].values() for area in areas.values()
            ]
            if above is None:
                first = min(rows, default=1)
                yield Area.cell(CLAIM, first - 1, 0), f'the row of captions that begins with "{one.captions[0][1]}"'
            elif below is None or self._rows[one.parts[0].path] is None:
                yield (
                    Area.cell(CLAIM, max(rows, default=above) + 1, 0),
                    f'the row below the list, "{one.below[0][1]}",',
                )

    def gone(self) -> Iterator[Placed]:
        """The fields of the claim that have no cell any more, since it was deleted with its row."""
        return filter(self._is_gone, self.page.placed)

    def _is_gone(self, placed: Placed) -> bool:
        field = placed.field
        is_claims = field.role is Role.INPUT and not field.path.startswith((FOR_NASRO, *PARTS))
        return is_claims and not self.is_found(field)

    def outside(self) -> Iterator[tuple[ReadCell, range]]:
        """Of each entry that was moved out of its list the first filled cell, and the list's rows."""
        for part in PARTS.values():
            rows = self._rows[part.path]
            for areas in self._names[part.path].values() if rows is not None else ():
                cells = [self.book.cell(area.sheet, area.row, area.column) for area in sorted(areas.values())]
                filled = [cell for cell in cells if not cell.is_blank]
                if rows is not None and filled and not any(_is_in(cell.area, rows) for cell in cells):
                    yield filled[0], rows

    @cached_property
    def moved(self) -> tuple[MovedName, ...]:
        """The names that do not point to their cell, or to their cells."""
        return (*self.moved_fields(), *self._moved_columns(), *self._moved_statuses())

    def moved_fields(self) -> Iterator[MovedName]:
        """The names of single cells of the sheet Claim that do not point to theirs."""
        for placed in self.page.placed:
            if placed.field.path.partition("[")[0] in PARTS:
                continue
            found = self.book.names.get(placed.field.name)
            if self._in_place:
                is_right = found is not None and found.first == placed.area.first
            else:
                is_right = found is not None and not self._is_anothers(found, placed)
            if not is_right and not self._is_gone(placed):
                yield MovedName(placed.field.name, placed.field.label or "cell", placed.area.first, found)
        for part in PARTS.values():
            if self._rows[part.path] is not None:
                yield from self._moved_entries(part)

    def _moved_entries(self, part: Part) -> Iterator[MovedName]:
        """The names of a list that do not point into the row of their entry: the row of most of its names."""
        for index, areas in self._names[part.path].items():
            rows = Counter(area.row for area in areas.values())
            for field, column in part.fields(index):
                due, found = Area.cell(CLAIM, rows.most_common(1)[0][0], column), areas.get(field.name)
                if found is None or found.first != due:
                    yield MovedName(field.name, field.label, due, found)

    def _moved_columns(self) -> Iterator[MovedName]:
        """The first name of a list's columns that leaves out a filled row, or goes beyond the list."""
        told: set[str] = set()
        for name, (path, key) in LISTS.items():
            rows, found = self._rows[path], self.book.names.get(name)
            if rows is None or path in told:
                continue
            field, column = next((f, c) for f, c in PARTS[path].fields(0) if f.path.endswith(f".{key}"))
            of_column = found is not None and (found.sheet, found.column) == (CLAIM, column)
            counted = set(range(found.row, found.last_row + 1)) if found is not None and of_column else set()
            if not self._needed(PARTS[path], rows) <= counted <= set(rows):
                told.add(path)
                due = Area(CLAIM, rows.start, column, rows.stop - 1, column)
                yield MovedName(name, f'the column "{field.label}"', due, found)

    def _needed(self, part: Part, rows: range) -> set[int]:
        """The rows of a list that the sums are to count: those that the program wrote, and those that are filled."""
        written = {area.row for areas in self._names[part.path].values() for area in areas.values()}
        return {
            row
            for row in rows
            if row in written or any(not self.book.cell(CLAIM, row, column).is_blank for column in part.columns)
        }

    def _moved_statuses(self) -> Iterator[MovedName]:
        for item, label, _ in ATTACHMENTS if self._checklist_in_place else ():
            name, due = name_of(f"attachments.{item}"), checklist_area(item)
            found = self.book.names.get(name)
            if found is None or found.first != due:
                yield MovedName(name, label, due, found)

    # --- where things are ------------------------------------------------------------------------------------------

    @cached_property
    def _borders(self) -> Mapping[PageList, Borders]:
        return {one: borders_of(self.book, one) for one in PAGE_LISTS}

    @cached_property
    def _rows(self) -> Mapping[str, range | None]:
        """The rows of each list by its path; None where it is not known from where to where it goes."""
        return {part.path: borders.rows for one, borders in self._borders.items() for part in one.parts}

    @cached_property
    def _names(self) -> Mapping[str, Mapping[int, Mapping[str, Area]]]:
        """Where the names of the lists' cells point: by list, entry and name."""
        found: dict[str, dict[int, dict[str, Area]]] = {name_of(path): {} for path in PARTS}
        for name, area in self.book.names.items():
            if (match := _OF_ENTRY.fullmatch(name)) is not None:
                found[match[1]].setdefault(int(match[2]), {})[name] = area.first
        return {path: found[name_of(path)] for path in PARTS}

    def _count(self, one: PageList) -> int:
        """How many rows a list has; by the names of its cells where the rows themselves are not known."""
        rows = self._rows[one.parts[0].path]
        if rows is not None:
            return len(rows)
        return 1 + max((index for part in one.parts for index in self._names[part.path]), default=0)

    @cached_property
    def _placed(self) -> dict[str, Placed]:
        return {placed.field.path: placed for placed in self.page.placed}

    @cached_property
    def _areas(self) -> Mapping[str, Area]:
        """The cells that are known by their place."""
        areas = {path: placed.area for path, placed in self._placed.items() if self._in_place and "[" not in path}
        for part in PARTS.values():
            for index, row in enumerate(self._rows[part.path] or ()):
                areas.update(
                    (field.path, Area(CLAIM, row, column, row, column + field.span - 1))
                    for field, column in part.fields(index)
                )
        return areas

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


def _is_in(area: Area, rows: range) -> bool:
    return area.sheet == CLAIM and area.row in rows

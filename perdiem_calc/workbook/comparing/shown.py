"""Compares what a person sees of a submitted workbook with what its cells hold: the inputs, and the amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from perdiem_calc.checks.submission import Concealed, StatedCell
from perdiem_calc.workbook.comparing.display import unseen
from perdiem_calc.workbook.form.layout import Area, Kind, joined
from perdiem_calc.workbook.reading.cells import ReadCell
from perdiem_calc.workbook.reading.read import ReadForm
from perdiem_calc.workbook.reading.stating import UNITS, value_of


class _Looked(NamedTuple):
    """A cell that people look at: what it holds, and what stands above or next to it."""

    cell: ReadCell
    kind: Kind
    label: str


def concealed_in(form: ReadForm, amounts: Iterable[tuple[ReadCell, Kind, str]]) -> Iterator[Concealed]:
    """The cells in which a person does not see what they hold, those of one sheet and one cause together.

    `amounts` are the computed cells, each with its kind and label.
    """
    found: dict[tuple[str, str], list[_Looked]] = {}
    inputs = (_Looked(*one) for one in form.inputs)
    by_area = {looked.cell.area: looked for looked in (*inputs, *(_Looked(*one) for one in amounts))}
    for looked in by_area.values():
        if value_of(looked.cell.value) is None:
            continue
        how = _hidden_row(looked.cell, form) or unseen(looked.cell, looked.kind, form.book)
        if how:
            found.setdefault((looked.cell.area.sheet, how), []).append(looked)
    for (_, how), several in found.items():
        cells = _addresses(several, by_row=how.startswith("the row"))
        yield Concealed(_stated(several[0], form), cells, how)


def _addresses(several: list[_Looked], *, by_row: bool) -> tuple[str, ...]:
    """The addresses of cells, those below each other together; of a whole row from its first cell to its last."""
    areas: list[Area] = sorted((looked.cell.area for looked in several), key=lambda area: (area.column, area.row))
    if by_row:
        ends = {area.row: area for area in areas}
        firsts = {area.row: area for area in reversed(areas)}
        areas = [firsts[row]._replace(last_column=end.column) for row, end in sorted(ends.items())]
    return tuple(joined(areas).split(", "))


def _stated(looked: _Looked, form: ReadForm) -> StatedCell:
    cell, kind, label = looked
    key = form.cells.path(cell.area.address) or label
    stated = value_of(cell.value, kind)
    return StatedCell(key, label, cell.area.address, None, stated=stated, unit=UNITS.get(kind, "text"))


def _hidden_row(cell: ReadCell, form: ReadForm) -> str:
    """That a row with amounts is hidden; one with inputs is refused as a whole."""
    area = cell.area
    if area.row not in form.book.hidden_rows.get(area.sheet, ()):
        return ""
    refused = {(one.sheet, one.row) for hidden in form.hidden if (one := Area.at(hidden.where)) is not None}
    return "" if (area.sheet, area.row) in refused else "the row is hidden"

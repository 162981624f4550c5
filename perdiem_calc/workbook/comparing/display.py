"""Whether a person who looks at a cell sees what it holds, and if not, what or why.

A format that writes another amount, ink in the color of its ground, letters or rows too small to read, a hidden
column, cells joined over it, or a conditional format that does any of that.
"""

from __future__ import annotations

from perdiem_calc.workbook.form.computed import WITHOUT_DATES
from perdiem_calc.workbook.form.layout import NUMBER_FORMATS, Kind
from perdiem_calc.workbook.reading.cells import ReadCell
from perdiem_calc.workbook.reading.looks import Changed, Font, Look, hides
from perdiem_calc.workbook.reading.number_formats import color_of, misleads
from perdiem_calc.workbook.reading.opening import OpenBook
from perdiem_calc.workbook.reading.shapes import Shape

LEAST_SIZE = 4
"""Points; smaller letters cannot be read, the smallest of ours have 7.5."""
LEAST_WIDTH = 1
"""Characters."""
STEP = 1.3
"""The width of one step of an indent, in characters."""

OF_GROUND = "the text has the color of its ground"


def unseen(cell: ReadCell, kind: Kind, book: OpenBook) -> str:
    """What a person sees of a cell instead of what it holds, or why nothing; empty where it is seen.

    `kind` is what the cell holds; that it is in a hidden row is not looked at.
    """
    shape = book.shapes.get(cell.area.sheet, Shape())
    look = book.looks.of(cell.style)
    fonts = [look.font, *(book.looks.run(run, look.font) for run in cell.runs)]
    return (
        _by_place(cell, shape)
        or _by_format(cell, look.code, kind)
        or _by_ink(cell, look, fonts, book)
        or _by_letters(fonts)
        or _by_alignment(cell, look, shape)
        or _by_condition(cell, look, kind, shape, book)
    )


def _by_place(cell: ReadCell, shape: Shape) -> str:
    row, column = cell.area.row, cell.area.column
    joined = shape.joined.get((row, column), cell.area)
    if (joined.row, joined.column) != (row, column):
        return f"other cells are joined over it ({joined.address.partition('!')[2]})"
    if joined.row == joined.last_row and row in shape.low:
        return "the row is too low to read"
    width = shape.width(joined.column, joined.last_column)
    if width < LEAST_WIDTH:
        return f"the column is {'too narrow to read' if width else 'hidden'}"
    return ""


def _by_format(cell: ReadCell, code: str, kind: Kind) -> str:
    if cell.is_error or code == NUMBER_FORMATS.get(kind):
        return ""
    seen = misleads(cell.value, code, kind)
    return f"the number format shows {seen}" if seen else ""


def _by_ink(cell: ReadCell, look: Look, fonts: list[Font], book: OpenBook) -> str:
    named = color_of(cell.value, look.code) if "[" in look.code else None
    if named is None:
        inks = [font.ink for font in fonts]
    else:
        inks = [named if isinstance(named, str) else book.looks.palette(named)]
    return OF_GROUND if any(hides(ink, look.grounds) for ink in inks) else ""


def _by_letters(fonts: list[Font]) -> str:
    if any(font.size < LEAST_SIZE for font in fonts):
        return "the letters are too small to read"
    symbols = next((font.name for font in fonts if font.is_symbols), "")
    return f"the font, {symbols}, shows signs instead of digits and letters" if symbols else ""


def _by_alignment(cell: ReadCell, look: Look, shape: Shape) -> str:
    if look.repeats:
        return "the alignment repeats it across the cell"
    joined = shape.joined.get((cell.area.row, cell.area.column), cell.area)
    width = shape.width(joined.column, joined.last_column)
    if look.indent * STEP >= width:
        return "the indent pushes it out of the cell"
    value = cell.value
    is_general = look.code == "General" and isinstance(value, int | float) and not isinstance(value, bool)
    if is_general and width < len(f"{value:.11g}".removeprefix("-")):
        return "the column is too narrow for it, so that it is shown rounded"
    return ""


def _by_condition(cell: ReadCell, look: Look, kind: Kind, shape: Shape, book: OpenBook) -> str:
    """What a conditional format does; whether its condition is met is left open."""
    for conditional in shape.conditional:
        if conditional.covers(cell.area):
            for rule in conditional.rules:
                found = _by_change(cell, look, kind, book.looks.changed(rule))
                # Our own rule hides the amounts of a form without dates.
                if found and rule.findtext("{*}formula") != WITHOUT_DATES:
                    return f"{found}, by a conditional format"
    return ""


def _by_change(cell: ReadCell, look: Look, kind: Kind, change: Changed) -> str:
    if change.hides_value:
        return "it is not shown"
    if change.code is not None and (found := _by_format(cell, change.code or "General", kind)):
        return found
    if change.ink is None and change.grounds is None:
        return ""
    ink, grounds = change.ink or look.font.ink, change.grounds or look.grounds
    # Of shades any may be the one that the cell has.
    return OF_GROUND if any(hides(ink, (ground,)) for ground in grounds) else ""

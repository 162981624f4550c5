"""What the tables Days, Expenses and Findings have in common: headers, folding of rare columns, validation, paper."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from perdiem_calc.workbook.form.columns import Column, Table
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.form.layout import FIRST_ROW, HEADER_ROW, Area, Kind, Role
from perdiem_calc.workbook.writing.book import Book, validation
from perdiem_calc.workbook.writing.sheet import LINE_HEIGHT, Sheet, lines_of

HEADER_HEIGHT = 36
TOTALS_ROW = 2
"""The row (from 0) above the headers, with the sums of some columns."""
LOWEST, HIGHEST = 16.5, 400


CATEGORY_SOURCE = "=expense_kinds"
FILL_IN = "Fill in the shaded cells. "
FOLDED = (
    "Rarely used columns are folded away: to see them, select the columns on both sides, "
    "right-click, Unhide; or Review, Unprotect Sheet (no password), and the + above the columns."
)


def note_of_table(contents: Contents) -> str:
    """What stands above the table of a form or claim."""
    return FILL_IN + FOLDED if contents.is_form else FOLDED


def write_head(book: Book, sheet: Sheet, table: Table, note: str, *, beside: int = 0) -> None:
    """The title, the note below it, and the headers of a table.

    `beside` is the column where the note begins: right of the columns that every page repeats.
    """
    plain = book.styles.plain
    sheet.text(0, 0, table.sheet, plain("title"))
    sheet.height(0, 22)
    sheet.text(1, beside, note, plain("hint"))
    for place, column in enumerate(table.columns):
        style = plain("header_input") if column.role is Role.INPUT else plain("header")
        sheet.text(HEADER_ROW, place, column.header, style)
    sheet.height(HEADER_ROW, HEADER_HEIGHT)


def finish(sheet: Sheet, table: Table, rows: int, used: Container[str], *, frozen: int, pages_wide: int = 1) -> None:
    """Make the rows a table: widths, folded columns, validation, and how it prints.

    `used` are the keys of the columns in which something stands; a rare column that is not used is folded away.
    """
    last = len(table.columns) - 1
    bottom = FIRST_ROW + max(rows, 1) - 1
    set_columns(sheet, table, used)
    sheet.add_table(
        HEADER_ROW,
        0,
        bottom,
        last,
        {
            "name": table.sheet,
            "style": None,
            "autofilter": False,
            "columns": [{"header": column.header} for column in table.columns],
        },
    )
    for column in table.inputs:
        _validate(sheet, table, column, rows)
    sheet.freeze_panes(FIRST_ROW, frozen)
    sheet.set_landscape()
    sheet.fit_to_pages(pages_wide, 0)
    sheet.repeat_rows(HEADER_ROW)
    if pages_wide > 1:
        sheet.repeat_columns(0, frozen - 1)
    sheet.print_area(0, 0, bottom, last)
    every = Area("", 0, 0, bottom, last).address.removeprefix("!")
    sheet.ignore_errors(
        {
            "number_stored_as_text": every,
            "formula_unlocked": every,
            "formula_differs": every,
            "empty_cell_reference": every,
        }
    )


def sum_formula(column: Area) -> str:
    """The formula of a column's sum, above the headers."""
    return f"ROUND(SUM({column.address.partition('!')[2]}),2)"


def fit_height(sheet: Sheet, row: int, texts: Iterable[tuple[object, float]]) -> None:
    """Make a row high enough for its texts, each with the width of its column.

    Excel does so by itself when it opens a workbook, other programs do not.
    """
    lines = max((lines_of(text, width) for text, width in texts if text), default=1)
    sheet.height(row, min(HIGHEST, max(LOWEST, LINE_HEIGHT * lines + 5)))


def set_columns(sheet: Sheet, table: Table, used: Container[str]) -> None:
    """The widths of the columns; neighbours that are alike are set together."""
    start = 0
    looks = [_look(column, used) for column in table.columns]
    for place in range(1, len(looks) + 1):
        if place == len(looks) or looks[place] != looks[start]:
            width, options = looks[start]
            sheet.set_column(start, place - 1, width, None, options)
            start = place
    for place in range(1, len(looks)):
        if looks[place - 1][1] and not looks[place][1]:
            sheet.set_column(place, place, looks[place][0], None, {"collapsed": True})


def _look(column: Column, used: Container[str]) -> tuple[float, dict[str, Any]]:
    if column.rare and ((column.role is not Role.INPUT and column.key != "disallowed") or column.key not in used):
        return column.width, {"level": 1, "hidden": True}
    return column.width, {}


def _validate(sheet: Sheet, table: Table, column: Column, rows: int) -> None:
    source = CATEGORY_SOURCE if len(",".join(column.choices)) > 200 else ""
    kind = Kind.TEXT if column.kind is Kind.LIST else column.kind
    told = validation(
        kind,
        [table.area(column.key, rows)],
        label=column.header,
        choices=column.choices,
        source=source,
        hint=column.hint,
    )
    if told is not None:
        sheet.data_validation(*told)

"""A page of the form being written: looks, titles, boxes and tables with their validations and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from perdiem_calc.workbook.form.computed import BOXES, formula_at
from perdiem_calc.workbook.form.layout import LETTERS, NUMBER_FORMATS, Area, Kind
from perdiem_calc.workbook.form.table import FIELDS, Column, Table
from perdiem_calc.workbook.writing.book import Book
from perdiem_calc.workbook.writing.sheet import Sheet, Value

NAVY, PALE, LINE, GRAY = "#1F3864", "#E9EFF8", "#B4B4B4", "#6A6A6A"
YELLOW, HEADER_YELLOW, WHITE = "#FFF5D6", "#FFE8A3", "#FFFFFF"
_CENTERED = {Kind.DATE, Kind.TIME, Kind.PERCENT, Kind.COUNT, Kind.YES_NO}
_RIGHT = {Kind.AMOUNT, Kind.MILES, Kind.MILEAGE_RATE}
Cells = Mapping[str, object]
"""What stands in the cells of a form, by defined name; of a table's column with the row, like "day_room[0]"."""


class Pages:
    """The pages of a workbook; `values` are what stands in their cells, `kept` the values of computed ones."""

    def __init__(self, book: Book, values: Cells, kept: Mapping[str, Value]) -> None:
        self.book, self.values, self.kept = book, values, kept
        self.styles: dict[tuple[tuple[str, Any], ...], int] = {}

    # ---- looks

    def style(self, **look: Any) -> int:
        """The number of a look."""
        key = tuple(sorted(look.items()))
        if key not in self.styles:
            whole = {"font_name": "Arial", "font_size": 9, "valign": "vcenter", **look}
            self.styles[key] = self.book.look(whole)._get_xf_index()
        return self.styles[key]

    def look_of(self, kind: Kind, *, is_input: bool, **more: Any) -> int:
        """The look of a cell of a kind."""
        look: dict[str, Any] = {"border": 1, "border_color": LINE, "shrink": True, "indent": 0}
        if kind in NUMBER_FORMATS:
            look["num_format"] = NUMBER_FORMATS[kind]
        look["align"] = "center" if kind in _CENTERED else "right" if kind in _RIGHT else "left"
        if look["align"] == "left":
            look["indent"] = 1
        if is_input:
            look |= {"bg_color": YELLOW, "locked": False}
        return self.style(**{**look, **more})

    def merged(self, area: Area, value: object, style: int, *, formula: str = "", keep: Value = "") -> None:
        """Put one cell over an area."""
        sheet = self.book.sheets[area.sheet]
        if (area.row, area.column) != (area.last_row, area.last_column):
            for row in range(area.row, area.last_row + 1):
                for column in range(area.column, area.last_column + 1):
                    sheet.blank(row, column, style)
            sheet.merge_area(area)
        if formula:
            sheet.formula(area.row, area.column, formula.removeprefix("="), style, keep)
        else:
            sheet.value(area.row, area.column, value, style)

    def computed(self, name: str, area: Area, style: int, keep: Value) -> None:
        """Put a computed box, with its defined name and the value that is kept with it."""
        self.merged(area, "", style, formula=BOXES[name].formula, keep=self.kept.get(BOXES[name].shows or name, keep))
        self.book.name(name, area.first)

    def title(self, name: str, last: int, title: str, text: str) -> None:
        """The head of a page."""
        self.merged(Area(name, 0, 0, 0, last), title, self.style(bold=True, font_size=16, font_color=NAVY))
        self.merged(Area(name, 1, 0, 1, last), text, self.style(font_color=GRAY, font_size=8.5, text_wrap=True))
        self.book.sheets[name].height(0, 24)

    def section(self, name: str, row: int, last: int, text: str) -> None:
        """The head of a section."""
        look = self.style(bold=True, font_color="#FFFFFF", bg_color=NAVY, font_size=9.5)
        self.merged(Area(name, row, 0, row, last), text, look)
        self.book.sheets[name].height(row, 15.5)

    # ---- boxes and tables

    def boxes(self, name: str) -> None:
        """The boxes of a page, each with its label and what is due there."""
        sheet = self.book.sheets[name]
        label = self.style(font_size=7.5, font_color=GRAY, valign="bottom", shrink=True)
        for field in FIELDS:
            if field.area.sheet != name:
                continue
            area = field.area
            self.merged(
                area._replace(row=area.row - 1, last_row=area.row - 1), field.label + " *" * field.needed, label
            )
            self.merged(area, self.values.get(field.name), self.look_of(field.kind, is_input=True))
            sheet.height(area.row, 18)
            sheet.height(area.row - 1, 12.5)
            self.book.name(field.name, area.first)
            self.validate(sheet, field.kind, [area.first], field.choices, field.hint, field.label)

    def validate(
        self, sheet: Sheet, kind: Kind, areas: Sequence[Area], choices: str, hint: str, label: str, source: str = ""
    ) -> None:
        """What may be typed into cells, and what is said beside them."""
        choices = "yes_no" if kind is Kind.YES_NO else choices
        rule: dict[str, Any] = {"validate": "any"}
        due = ""
        if choices or source:
            rule = {"validate": "list", "source": source or f"=list_{choices}"}
            due = "Choose one of the list."
        elif kind is Kind.DATE:
            rule = {"validate": "date", "criteria": "between", "minimum": 36526, "maximum": 73050}
            due = "Type a date, like 10/4/2026."
        elif kind is Kind.TIME:
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 2400}
            due = "Type a time, like 6:30 AM."
        elif kind in (Kind.AMOUNT, Kind.MILES):
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 99999}
            due = "Type dollars and cents, like 159.00." if kind is Kind.AMOUNT else "Type miles, like 98.5."
        elif kind is Kind.COUNT:
            rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 999}
            due = "Type a whole number, like 2."
        if not due and not hint:
            return
        first, *others = areas
        options = {
            **rule,
            "other_cells": [[a.row, a.column, a.last_row, a.last_column] for a in others],
            "input_title": label[:32],
            "input_message": (hint or due)[:255],
            "error_title": "This does not fit here",
            "error_message": due[:255] or hint[:255],
            "error_type": "stop" if choices == "categories" else "warning",
        }
        sheet.data_validation(first.row, first.column, first.last_row, first.last_column, options)

    def table(self, told: Table, *, plain: bool = False, wraps: bool = False) -> None:
        """A table with its header, its cells, names and validations.

        `plain` leaves looks to conditional formats; with `wraps` long texts take several lines.
        """
        sheet = self.book.sheets[told.sheet]
        for column in told.columns:
            first, last = told.places[column.key]
            is_input = not column.formula and not column.fixed
            head = self.style(
                bold=True,
                font_color=NAVY,
                font_size=8,
                align="center",
                text_wrap=True,
                border=1,
                border_color=LINE,
                bg_color=HEADER_YELLOW if is_input and not column.of_nasro else PALE,
            )
            self.merged(Area(told.sheet, told.header, first, told.header, last), column.header, head)
            area, name = told.area(column.key), told.name(column.key)
            self.book.name(name, area)
            if plain:
                style = self.plain_look(column, is_input=is_input)
            else:
                more: dict[str, Any] = {"bg_color": WHITE} if column.of_nasro else {}
                if wraps and column.kind is Kind.TEXT:
                    more |= {"shrink": False, "text_wrap": True}
                style = self.look_of(column.kind, is_input=is_input, **more)
            for index in range(told.rows):
                row = told.first_row + index
                key = f"{name}[{index}]"
                if column.formula and column.formula != "{needed}":
                    cell, formula = Area(told.sheet, row, first, row, last), formula_at(column.formula, row, {})
                    self.merged(cell, "", style, formula=formula, keep=self.kept.get(key, ""))
                elif column.key in ("day", "line", "no") and column.fixed:
                    sheet.value(row, first, index + 1, style)
                elif first == last:
                    sheet.value(row, first, self.values.get(key), style)
                else:
                    self.merged(Area(told.sheet, row, first, row, last), self.values.get(key), style)
            if is_input:
                self.validate_column(sheet, told, column, area)

    def plain_look(self, column: Column, *, is_input: bool) -> int:
        """The look of a cell whose border and fill come with its use."""
        look: dict[str, Any] = {"shrink": True, "font_size": 8.5, "locked": not is_input}
        if column.kind in NUMBER_FORMATS:
            look["num_format"] = NUMBER_FORMATS[column.kind]
        look["align"] = "center" if column.kind in _CENTERED else "right" if column.kind in _RIGHT else "left"
        if column.key in ("day", "line"):
            look["font_color"] = "#FFFFFF"
        if column.key == "why":
            look |= {"text_wrap": True, "shrink": False, "font_size": 8}
        if column.key in ("weekday", "receipt"):
            look["align"] = "center"
        if look["align"] != "center":
            look["indent"] = 1
        return self.style(**look)

    def validate_column(self, sheet: Sheet, told: Table, column: Column, area: Area) -> None:
        """What may be typed into a column."""
        source = ""
        if column.key == "area":
            state = told.area("state").first
            cell = f"${LETTERS[state.column]}{state.row + 1}"
            at = f"MATCH({cell},list_states,0)"
            source = (
                f"=INDEX(rate_area,INDEX(state_first,{at})):INDEX(rate_area,INDEX(state_first,{at})"
                f"+INDEX(state_rows,{at})-1)"
            )
        self.validate(sheet, column.kind, [area], column.choices, column.hint, column.header, source)

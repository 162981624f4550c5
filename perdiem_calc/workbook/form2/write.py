"""Writes the form: blank, or with the cells of a claim filled in. Its formulas are of `formulas` and `checks`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from perdiem_calc.claims.model import TRANSPORTATION
from perdiem_calc.dated import Law
from perdiem_calc.errors import OutputError
from perdiem_calc.rates.places.names import STATE_NAMES
from perdiem_calc.workbook.form.layout import LETTERS, Area, Kind
from perdiem_calc.workbook.form2 import checks, formulas, table
from perdiem_calc.workbook.form2.edition import Edition
from perdiem_calc.workbook.form2.table import BOXES, CHOICES, FIELDS, Column, Table
from perdiem_calc.workbook.writing.book import Book, refuse_to_replace, save
from perdiem_calc.workbook.writing.sheet import Sheet, Value, serial

NAVY, PALE, LINE, GRAY = "#1F3864", "#E9EFF8", "#B4B4B4", "#6A6A6A"
YELLOW, HEADER_YELLOW = "#FFF5D6", "#FFE8A3"
EDGES = {"border": 1, "border_color": LINE}
ORANGE, AMBER, GREEN = "#F8CBAD", "#FFE699", "#3B7D23"
TITLE = "Travel reimbursement claim"
HOW = (
    "How to fill this in: 1. Type in the yellow boxes of this page; * means every claim needs it. "
    "2. Days: the hotel bill night by night, and who paid for meals. 3. Expenses: one cost a line. "
    "4. Documents: what you attach. 5. Check says what is missing. Then save, and e-mail this file with the "
    "documents."
)
CERTIFIED = (
    "We certify that, to the best of our knowledge, this claim is true and complete, that every cost was "
    "incurred for "
    "the training named above and was paid, and that no other source has paid or will pay it. A false statement may "
    "lead to criminal, civil or administrative penalties."
)
WIDEST = 90
"""So many columns has a part of a table of Workings."""
COURSE, HOURS = "NASRO Basic School Resource Officer Course", 40
GROUPS = (
    ("lodging", "Lodging"),
    ("lodging_tax", "Lodging tax"),
    ("mie", "M&IE"),
    ("transportation", "Transportation"),
    ("other", "Other"),
    ("credits", "Refunds and credits"),
)
_FORMATS = {
    Kind.AMOUNT: "$#,##0.00",
    Kind.DATE: "mm/dd/yyyy",
    Kind.TIME: "h:mm AM/PM",
    Kind.MILES: "#,##0.##",
    Kind.MILEAGE_RATE: "$0.000",
    Kind.PERCENT: "0%",
    Kind.COUNT: "0",
    Kind.TEXT: "@",
    Kind.LIST: "@",
}
_CENTERED = {Kind.DATE, Kind.TIME, Kind.PERCENT, Kind.COUNT, Kind.YES_NO}
_RIGHT = {Kind.AMOUNT, Kind.MILES, Kind.MILEAGE_RATE}
Cells = Mapping[str, object]
"""What stands in the cells of a form, by defined name; of a table's column with the row, like "day_room[0]"."""


def write_form(path: Path, edition: Edition, law: Law, *, force: bool = False) -> None:
    """Write the blank form.

    Raises OutputError where it cannot be written, or is there already and `force` does not say to replace it.
    """
    refuse_to_replace(path, force=force)
    if path.suffix.lower() != ".xlsx":
        raise OutputError(
            "output.form.ending",
            "the form needs a name ending in .xlsx",
            where=str(path),
            fix="name it like claim-form.xlsx",
        )
    save(form_bytes(edition, law, BLANK), path, force=force)


BLANK: Cells = {"course_title": COURSE, "course_hours": HOURS}


def form_bytes(edition: Edition, law: Law, cells: Cells, kept: Mapping[str, Value] | None = None) -> bytes:
    """The form as a file's content, with cells filled in; `kept` are the values of computed cells that are known."""
    return _Writer(edition, law, cells, kept or {}).bytes()


class _Writer:
    def __init__(self, edition: Edition, law: Law, cells: Cells, kept: Mapping[str, Value]) -> None:
        self.edition, self.law, self.values, self.kept = edition, law, cells, kept
        self.book = Book(TITLE, TITLE, edition.first, table.SHEETS)
        self._styles: dict[tuple[tuple[str, Any], ...], int] = {}
        self.checks = checks.rows()

    def bytes(self) -> bytes:
        for name, sheet in self.book.sheets.items():
            sheet.set_default_row(15)
            if name in (table.WORKINGS, table.RATES, table.LISTS, table.ZIPS):
                sheet.set_tab_color("#BFBFBF")
                sheet.print_area(0, 0, 2, 9)
                sheet.fit_to_pages(1, 1)
        self._claim()
        self._days()
        self._expenses()
        self._special()
        self._documents()
        self._check()
        self._review()
        self._workings()
        self._rates()
        self._lists()
        self._zips()
        self.book.sheets[table.CLAIM].activate()
        return self.book.bytes()

    # ---- looks

    def style(self, **look: Any) -> int:
        """The number of a look."""
        look = {"font_name": "Arial", "font_size": 9, "valign": "vcenter", **look}
        key = tuple(sorted(look.items()))
        if key not in self._styles:
            self._styles[key] = self.book.look(look)._get_xf_index()
        return self._styles[key]

    def look_of(self, kind: Kind, *, is_input: bool, **more: Any) -> int:
        """The look of a cell of a kind."""
        look: dict[str, Any] = {"border": 1, "border_color": LINE, "shrink": True, "indent": 0}
        if kind in _FORMATS:
            look["num_format"] = _FORMATS[kind]
        look["align"] = "center" if kind in _CENTERED else "right" if kind in _RIGHT else "left"
        if look["align"] == "left":
            look["indent"] = 1
        if is_input:
            look |= {"bg_color": YELLOW, "locked": False}
        return self.style(**{**look, **more})

    def put(self, sheet: Sheet, row: int, column: int, value: object, style: int) -> None:
        """Put what stands in a cell: text is always stored as text."""
        if value is None or value == "":
            sheet.blank(row, column, style)
        elif isinstance(value, str):
            sheet.text(row, column, value, style)
        elif isinstance(value, date | time):
            sheet.number(row, column, serial(value), style)
        elif isinstance(value, int | float | Decimal):
            sheet.number(row, column, value, style)

    def merged(self, area: Area, value: object, style: int, *, formula: str = "", keep: Value = "") -> None:
        """Put one cell over an area."""
        sheet = self.book.sheets[area.sheet]
        for row in range(area.row, area.last_row + 1):
            for column in range(area.column, area.last_column + 1):
                sheet.blank(row, column, style)
        if formula:
            sheet.formula(area.row, area.column, formula.removeprefix("="), style, keep)
        else:
            self.put(sheet, area.row, area.column, value, style)
        if (area.row, area.column) != (area.last_row, area.last_column):
            sheet.merge_area(area)

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

    def table(self, told: Table, *, plain: bool = False) -> None:
        """A table with its header, its cells, names and validations; `plain` leaves looks to conditional formats."""
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
                bg_color=HEADER_YELLOW if is_input else PALE,
            )
            self.merged(Area(told.sheet, told.header, first, told.header, last), column.header, head)
            area = told.area(column.key)
            self.book.name(told.name(column.key), area)
            style = (
                self.plain_look(column, is_input=is_input) if plain else self.look_of(column.kind, is_input=is_input)
            )
            for index in range(told.rows):
                row = told.first_row + index
                key = f"{told.name(column.key)}[{index}]"
                cell = Area(told.sheet, row, first, row, last)
                if column.formula and column.formula != "{needed}":
                    self.merged(
                        cell,
                        "",
                        style,
                        formula=column.formula.replace("{r}", str(row + 1)),
                        keep=self.kept.get(key, ""),
                    )
                elif column.key in ("day", "line", "no") and column.fixed:
                    self.put(sheet, row, first, index + 1, style)
                else:
                    self.merged(cell, self.values.get(key), style)
            if is_input:
                self.validate_column(sheet, told, column, area)

    def plain_look(self, column: Column, *, is_input: bool) -> int:
        """The look of a cell whose border and fill come with its use."""
        look: dict[str, Any] = {"shrink": True, "font_size": 8.5, "locked": not is_input}
        if column.kind in _FORMATS:
            look["num_format"] = _FORMATS[column.kind]
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

    # ---- the pages

    def _claim(self) -> None:
        sheet = self.book.sheets[table.CLAIM]
        sheet.set_column(0, 11, 10.3)
        self.title(table.CLAIM, 11, TITLE, HOW)
        sheet.height(1, 34)
        big = self.style(
            bold=True, font_size=14, font_color=NAVY, bg_color=PALE, align="center", num_format="$#,##0.00"
        )
        small = self.style(font_size=8, font_color=GRAY, bg_color=PALE, align="center")
        for place, (label, name) in enumerate(
            (
                ("Claimed", "claimed_total"),
                ("Allowable", "allowable_total"),
                ("Payable by NASRO", "payable"),
                ("Agency pays", "agency_share"),
            )
        ):
            first = 3 * place
            self.merged(Area(table.CLAIM, 2, first, 2, first + 2), label, small)
            self.merged(
                Area(table.CLAIM, 3, first, 3, first + 2),
                "",
                big,
                formula=f'=IF(trip_days=0,"",{name})',
                keep=self.kept.get(name, "") if self.is_filled else "",
            )
        sheet.height(3, 23)
        self.merged(
            Area(table.CLAIM, 4, 0, 4, 11),
            "",
            self.style(bold=True, font_color="#9C2A00"),
            formula=_SENTENCE,
            keep=self.kept.get("sentence", LATER if self.is_filled else START),
        )
        for row, text in ((5, "Claim and agency"), (12, "Officer and course"), (19, "Trip")):
            self.section(table.CLAIM, row, 11, text)
        self.boxes(table.CLAIM)
        self.merged(
            Area(table.CLAIM, 24, 0, 24, 11),
            "Place of the course, and any other place where the officer slept, in the order of travel",
            self.style(bold=True, font_color=NAVY, font_size=8.5),
        )
        self.table(table.STOPS)
        self.merged(
            Area(table.CLAIM, 30, 0, 30, 11),
            "",
            self.style(italic=True, font_size=8, font_color=GRAY, shrink=True),
            formula=_PLACE,
            keep=self.kept.get("place_line", "" if self.is_filled else CHOOSE),
        )
        self._payment(sheet)
        self.section(table.CLAIM, 45, 11, "Certification")
        self.merged(
            Area(table.CLAIM, 46, 0, 46, 11), CERTIFIED, self.style(font_size=7.5, text_wrap=True, valign="top")
        )
        sheet.height(46, 23)
        faint = self.style(font_size=7.5, font_color=GRAY, valign="top")
        for first in (0, 4, 8):
            self.merged(Area(table.CLAIM, 49, first, 49, first + 3), "Signature", faint)
        sheet.height(49, 26)
        self.section(table.CLAIM, 50, 11, "For NASRO")
        for place, (label, kind) in enumerate(
            (
                ("Approved amount", Kind.AMOUNT),
                ("Approved by", Kind.TEXT),
                ("Date", Kind.DATE),
                ("Payment number", Kind.TEXT),
            )
        ):
            self.merged(Area(table.CLAIM, 51, 3 * place, 51, 3 * place + 2), label, faint)
            area = Area(table.CLAIM, 52, 3 * place, 52, 3 * place + 2)
            self.merged(area, None, self.look_of(kind, is_input=True, bg_color="#FFFFFF"))
            self.book.name(("nasro_amount", "nasro_by", "nasro_on", "nasro_payment")[place], area.first)
        sheet.height(52, 18)
        sheet.print_area(0, 0, 52, 11)
        sheet.fit_to_pages(1, 1)

    def _hide_amounts(self, sheet: Sheet) -> None:
        """Show no amounts while there are no dates."""
        hidden = self.book.look({"num_format": ";;;"})
        for first, last, left, right in ((33, 39, 3, 4), (33, 43, 10, 11)):
            sheet.conditional_format(
                first, left, last, right, {"type": "formula", "criteria": "trip_days=0", "format": hidden}
            )

    @property
    def is_filled(self) -> bool:
        """Whether a claim's dates are there."""
        return "trip_departed_on" in self.values

    def _payment(self, sheet: Sheet) -> None:
        self.section(table.CLAIM, 31, 11, "How the payment comes about")
        head = self.style(font_size=8, font_color=GRAY, align="right")
        for column, text in ((3, "Claimed"), (4, "Allowed")):
            self.put(sheet, 32, column, text, head)
        line = {"bottom": 4, "bottom_color": LINE}
        total = {"bold": True, "bg_color": PALE}
        money = {"num_format": "$#,##0.00", "align": "right"}
        for row, (group, label) in enumerate((*GROUPS, TOTAL), start=33):
            look = total if group == TOTAL[0] else line
            self.merged(Area(table.CLAIM, row, 0, row, 2), label, self.style(**look))
            for column, told in ((3, f"{group}_claimed_total"), (4, f"{group}_allowed_total")):
                name = TOTAL_NAMES.get(told, told)
                style = self.style(**look, **money)
                if name in TOTAL_FORMULAS:
                    sheet.formula(row, column, TOTAL_FORMULAS[name], style, self.kept.get(name, 0))
                    self.book.name(name, Area.cell(table.CLAIM, row, column))
                else:
                    sheet.blank(row, column, style)
        for name, (row, label) in _BESIDE.items():
            formula = TOTAL_FORMULAS[name]
            look = total if row > 40 else line
            self.merged(Area(table.CLAIM, row, 6, row, 9), label, self.style(**look))
            sheet.formula(
                row,
                10,
                formula,
                self.style(**look, **money),
                self.kept.get(name, 1000 if name in ("cap_limit", "cap_left") else 0),
            )
            sheet.blank(row, 11, self.style(**look, **money))
            sheet.merge_area(Area(table.CLAIM, row, 10, row, 11))
            self.book.name(name, Area.cell(table.CLAIM, row, 10))
        self.table(table.PAYMENTS)
        self._hide_amounts(sheet)

    def _days(self) -> None:
        sheet = self.book.sheets[table.DAYS]
        told = table.DAY
        for column in told.columns:
            first, last = told.places[column.key]
            sheet.set_column(first, last, column.width)
        self.title(
            table.DAYS,
            18,
            "Days: rooms, meals and M&IE",
            "The dates come from the sheet Claim. Fill in the yellow cells of each day. What is the same every "
            "day can be "
            "typed once, in the first yellow row; what is typed at a day counts instead.",
        )
        sheet.height(told.header, 26)
        total = {"bold": True, "bg_color": PALE, "font_size": 8.5}
        for place in range(19):
            sheet.blank(3, place, self.style(**total))
        self.put(sheet, 3, 9, "Total", self.style(**total, align="right"))
        for key, formula in (
            ("room_ok", "lodging_allowed_total"),
            ("tax_ok", "lodging_tax_allowed_total"),
            ("mie_ok", "mie_allowed_total"),
            ("total", "ROUND(lodging_allowed_total+lodging_tax_allowed_total+mie_allowed_total,2)"),
        ):
            sheet.formula(
                3,
                told.places[key][0],
                f'IF(trip_days=0,"",{formula})',
                self.style(**total, num_format="$#,##0.00", align="right", indent=1),
                self.kept.get(f"days_{key}", ""),
            )
        self.table(told, plain=True)
        row = told.header + 1
        self.merged(
            Area(table.DAYS, row, 0, row, 6),
            "What is the same every day, typed once:",
            self.style(bold=True, font_color=NAVY, font_size=8.5, align="right"),
        )
        for key in table.EVERY:
            column = told.column(key)
            area = table.every_area(key)
            style = self.look_of(column.kind, is_input=True, font_size=8.5)
            self.put(sheet, area.row, area.column, self.values.get(f"every_{key}"), style)
            self.book.name(f"every_{key}", area)
            self.validate(sheet, column.kind, [area], column.choices, column.hint, column.header)
        first = told.first_row + 1
        used = f"N($B{first})>0"
        whole = (told.first_row, 0, told.first_row + told.rows - 1, 18)
        border = self.book.look(EDGES)
        dark = self.book.look({"font_color": "#000000", **EDGES})
        sheet.conditional_format(*whole[:3], 0, {"type": "formula", "criteria": used, "format": dark})
        yellow = self.book.look({"bg_color": YELLOW, **EDGES})
        orange = self.book.look({"bg_color": ORANGE, **EDGES})
        gray = self.book.look({"bg_color": "#F2F2F2", **EDGES})
        for column in told.inputs:
            place = told.places[column.key][0]
            cell = f"{LETTERS[place]}{first}"
            where = (told.first_row, place, told.first_row + told.rows - 1, place)
            sheet.conditional_format(
                *where,
                {"type": "formula", "criteria": f'AND(N($B{first})=0,{cell}<>"")', "format": orange},
            )
            if column.key in ("room", "tax", "receipt"):
                off = f'AND({used},$G{first}="",{cell}<>"")'
                sheet.conditional_format(
                    *where, {"type": "formula", "criteria": off, "format": orange, "stop_if_true": True}
                )
                sheet.conditional_format(
                    *where,
                    {
                        "type": "formula",
                        "criteria": f'AND({used},$G{first}="")',
                        "format": gray,
                        "stop_if_true": False,
                    },
                )
            sheet.conditional_format(*where, {"type": "formula", "criteria": used, "format": yellow})
        sheet.conditional_format(*whole, {"type": "formula", "criteria": used, "format": border})
        for row in range(told.first_row - 1, told.first_row + told.rows):
            sheet.height(row, 16.5)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, told.first_row + told.rows - 1, 18)
        sheet.freeze_panes(told.first_row, 2)

    def _expenses(self) -> None:
        sheet = self.book.sheets[table.EXPENSES]
        told = table.EXPENSE
        last = len(told.columns) - 1
        printed = told.places["why"][0]
        for column in told.columns:
            sheet.set_column(*told.places[column.key], column.width)
        self.title(
            table.EXPENSES,
            printed,
            "Expenses: travel and other costs",
            "One cost a line. Own car: choose Own car mileage, type the miles and leave the amount blank. Rooms "
            "and meals "
            "belong on the sheet Days. A receipt is needed above $75.",
        )
        total = {"bold": True, "bg_color": PALE, "font_size": 8.5}
        for place in range(printed + 1):
            sheet.blank(3, place, self.style(**total))
        self.put(sheet, 3, 10, "Total", self.style(**total, align="right"))
        for key, source in (("claimed", "x_claimed"), ("allowed", "x_allowed")):
            sheet.formula(
                3,
                told.places[key][0],
                f'IF(exp_lines=0,"",ROUND(SUM({source}),2))',
                self.style(**total, num_format="$#,##0.00", align="right", indent=1),
                self.kept.get(f"exp_total_{key}", ""),
            )
        aside = Area(table.EXPENSES, 4, printed + 1, 4, last)
        self.merged(aside, "Only if it applies", self.style(bold=True, font_color=NAVY, font_size=8.5))
        sheet.height(told.header, 36)
        self.table(told, plain=True)
        self.book.name("exp_head", Area.cell(table.EXPENSES, told.header, 0))
        first, end = told.first_row, told.first_row + told.rows - 1
        in_use = f'OR($A{first + 1}<=10,$C{first + 1}<>"",$B{first + 1}<>"",$I{first + 1}<>"")'
        dark = self.book.look({"font_color": "#000000", **EDGES})
        sheet.conditional_format(first, 0, end, 0, {"type": "formula", "criteria": in_use, "format": dark})
        yellow = self.book.look({"bg_color": YELLOW, **EDGES})
        for column in told.inputs:
            place = told.places[column.key][0]
            sheet.conditional_format(
                first, place, end, place, {"type": "formula", "criteria": in_use, "format": yellow}
            )
        border = self.book.look(EDGES)
        sheet.conditional_format(first, 0, end, last, {"type": "formula", "criteria": in_use, "format": border})
        for row in range(first, end + 1):
            sheet.height(row, 18)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, end, printed)
        sheet.freeze_panes(first, 3)

    def _special(self) -> None:
        sheet = self.book.sheets[table.SPECIAL]
        last = len(table.ROOM.columns) - 1
        for column in table.ROOM.columns:
            sheet.set_column(*table.ROOM.places[column.key], column.width)
        self.title(table.SPECIAL, last, "Special cases: only if one applies", "Most claims leave this sheet blank.")
        for told, text in (
            (
                table.ROOM,
                "Rooms: shared, approved above the room limit, not a hotel, bill lost, paid by someone else, no room",
            ),
            (table.MIE, "M&IE: the agency paid the officer less, or a furnished meal could not be eaten"),
            (table.DAY_TRIP, "Day trips: the officer went home each night"),
            (table.CREDIT, "Refunds and credits"),
        ):
            self.section(table.SPECIAL, told.header - 1, last, text)
            self.table(told)
            sheet.height(told.header, 36 if told in (table.ROOM, table.MIE) else 24)
        self.section(table.SPECIAL, 40, last, "More about the agency, the award, the officer and the course")
        self.boxes(table.SPECIAL)
        state = BOXES["course_state"].area
        at = f"MATCH(${LETTERS[state.column]}${state.row + 1},list_states,0)"
        self.validate(
            sheet,
            Kind.CHOICE,
            [BOXES["course_area"].area.first],
            "",
            BOXES["course_area"].hint,
            "Rate area",
            f"=INDEX(rate_area,INDEX(state_first,{at})):INDEX(rate_area,INDEX(state_first,{at})+INDEX("
            f"state_rows,{at})-1)",
        )
        sheet.set_landscape()
        sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, 48, last)

    def _documents(self) -> None:
        sheet = self.book.sheets[table.DOCUMENTS]
        told = table.DOCUMENT
        for column in told.columns:
            sheet.set_column(*told.places[column.key], column.width)
        self.title(
            table.DOCUMENTS,
            3,
            "Documents to attach",
            "Send these with the claim and keep copies. Needed follows from what is claimed.",
        )
        names = {f"doc_name[{index}]": name for index, name in enumerate(table.DOCUMENT_NAMES.values())}
        self.values = {**self.values, **names}
        self.table(told)
        style = self.look_of(Kind.YES_NO, is_input=False)
        for index, applies in enumerate(_NEEDED.values()):
            row = told.first_row + index
            keep = self.kept.get(f"doc_needed[{index}]", "")
            sheet.formula(row, 1, f'IF(trip_days=0,"",IF({applies},"Yes","No"))', style, keep)
            sheet.height(row, 18)
        row = told.first_row + told.rows + 1
        self.merged(
            Area(table.DOCUMENTS, row, 0, row, 3),
            "",
            self.style(font_color=GRAY),
            formula='=IF(keep_until=0,"","Keep all documents at least until "&TEXT(keep_until,"mm/dd/yyyy")&".")',
            keep=self.kept.get("keep_line", ""),
        )
        first = told.first_row + 1
        missing = self.book.look({"bg_color": ORANGE})
        sheet.conditional_format(
            told.first_row,
            0,
            told.first_row + told.rows - 1,
            3,
            {
                "type": "formula",
                "criteria": f'AND($B{first}="Yes",LOWER(TRIM($C{first}))<>"attached")',
                "format": missing,
            },
        )
        sheet.fit_to_pages(1, 1)

    def _check(self) -> None:
        sheet = self.book.sheets[table.CHECK]
        for column, width in enumerate((8, 29, 58, 13, 26)):
            sheet.set_column(column, column, width)
        self.title(
            table.CHECK,
            4,
            "Check before you send",
            "This list follows what you type. Fix: NASRO cannot pay it, or not all of it. Look: NASRO may ask; "
            "answer in the yellow cell, so that it need not. Click Go to, to reach the cell.",
        )
        sheet.height(1, 24)
        self.merged(
            Area(table.CHECK, 2, 0, 2, 4),
            "",
            self.style(bold=True),
            formula=_CHECK_SENTENCE,
            keep=self.kept.get("check_sentence", LATER if self.is_filled else START_CHECK),
        )
        head = self.style(bold=True, font_color=NAVY, align="center", bg_color=PALE, border=1, border_color=LINE)
        for column, text in enumerate(("Result", "What is checked", "What to do", "Go to", "Your answer")):
            yellow = self.style(
                bold=True, font_color=NAVY, align="center", bg_color=HEADER_YELLOW, border=1, border_color=LINE
            )
            self.put(sheet, 3, column, text, yellow if column == 4 else head)
        cell = {"border": 1, "border_color": LINE}
        row, group = 4, ""
        first = row
        for check in self.checks:
            if check.group != group:
                group = check.group
                self.merged(
                    Area(table.CHECK, row, 0, row, 4),
                    group,
                    self.style(bold=True, font_color=NAVY, bg_color=PALE, **cell),
                )
                row += 1
            number = row + 1
            bad = f'$A{number}="{check.result}"'
            sheet.formula(
                row,
                0,
                f'IF(touched,IF({check.bad},"{check.result}","OK"),"")',
                self.style(bold=True, align="center", **cell),
                self.kept.get(f"check[{check.title}]", ""),
            )
            self.put(sheet, row, 1, check.title, self.style(indent=1, text_wrap=True, **cell))
            sheet.formula(
                row, 2, f'IF({bad},{check.what},"")', self.style(text_wrap=True, font_size=8.5, indent=1, **cell), ""
            )
            sheet.formula(
                row,
                3,
                f'IF({bad},HYPERLINK("#"&{check.where},SUBSTITUTE({check.where},"!"," ")),"")',
                self.style(font_color="#0B5FB0", underline=1, font_size=8.5, **cell),
                "",
            )
            if check.answers:
                name = "answer_" + check.answers.replace("-", "_")
                self.put(
                    sheet,
                    row,
                    4,
                    self.values.get(name),
                    self.style(bg_color=YELLOW, locked=False, text_wrap=True, font_size=8.5, num_format="@", **cell),
                )
                self.book.name(name, Area.cell(table.CHECK, row, 4))
            else:
                sheet.blank(row, 4, self.style(bg_color="#F2F2F2", **cell))
            sheet.height(row, 22.5)
            row += 1
        self.book.name("check_result", Area(table.CHECK, first, 0, row - 1, 0))
        self.merged(
            Area(table.CHECK, row, 0, row, 4),
            "NASRO checks once more, and what only it can know: other claims for the same trip, the county of "
            "the station, what was paid before.",
            self.style(font_color=GRAY, font_size=8.5, text_wrap=True),
        )
        for word, look in (("Fix", {"bg_color": ORANGE}), ("Look", {"bg_color": AMBER})):
            sheet.conditional_format(
                first,
                0,
                row - 1,
                2,
                {"type": "formula", "criteria": f'$A{first + 1}="{word}"', "format": self.book.look(look)},
            )
        sheet.conditional_format(
            first,
            0,
            row - 1,
            0,
            {"type": "formula", "criteria": f'$A{first + 1}="OK"', "format": self.book.look({"font_color": GREEN})},
        )
        sheet.fit_to_pages(1, 1)
        sheet.freeze_panes(4, 0)

    def _review(self) -> None:
        sheet = self.book.sheets[table.REVIEW]
        told = table.REVIEWED
        for column in told.columns:
            sheet.set_column(*told.places[column.key], column.width)
        self.title(
            table.REVIEW,
            9,
            "Questions from NASRO",
            "Blank until NASRO has reviewed the claim. Answer each question in the yellow column and send the "
            "workbook back.",
        )
        self.table(told)
        for index in range(told.rows):
            sheet.height(told.first_row + index, 26)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 1)

    # ---- the gray sheets

    def _workings(self) -> None:
        sheet = self.book.sheets[table.WORKINGS]
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 95, 11)
        self.title(
            table.WORKINGS, 9, "Workings: how each amount comes about", "Nothing to type here. Money is in cents."
        )
        label, plain = self.style(), self.style(num_format="General")
        on = self.edition.first
        touched = (
            "OR(trip_days>0,dep>0,SUM(s_used)>0,exp_lines>0,"
            + ",".join(
                f'{formulas.clean(name)}<>""' for name in ("claim_id", "agency_name", "officer_name", "award_number")
            )
            + ")"
        )
        payments = "+".join(formulas.number(f"INDEX(payment_amount,{index})") for index in range(1, 5))
        told = (
            *formulas.figures(self.law, on),
            ("touched", "Something is typed", f"={touched}"),
            ("payments_total", "Paid before", f"={payments}"),
        )
        row = 3
        for name, said, formula in told:
            self.put(sheet, row, 0, said, label)
            sheet.formula(row, 1, formula.removeprefix("="), plain, self.kept.get(name, 0))
            self.book.name(name, Area.cell(table.WORKINGS, row, 1))
            row += 1
        row += 1
        for block in formulas.blocks(self.law, on):
            row = self._block(sheet, block, row)

    def _block(self, sheet: Sheet, block: formulas.Block, row: int) -> int:
        """A table of Workings from a row on, wide ones in parts one below the other; returns the row after it."""
        bold, plain = self.style(bold=True, bg_color=PALE), self.style(num_format="General")
        parts = [block.columns[start : start + WIDEST] for start in range(0, len(block.columns), WIDEST)]
        heads = [row + number * (block.rows + 2) for number in range(len(parts))]
        places: dict[str, tuple[str, int]] = {}
        for head, part in zip(heads, parts, strict=True):
            self.put(sheet, head, 0, block.title, bold)
            for k in range(1, block.rows + 1):
                sheet.number(head + k, 1, k, plain)
            for column, (key, _) in enumerate(part, start=2):
                places[key] = (LETTERS[column], head + 1)
                self.put(sheet, head, column, key.replace("_", " "), bold)
                area = Area(table.WORKINGS, head + 1, column, head + block.rows, column)
                self.book.name(f"{block.prefix}_{key}", area)
        for head, part in zip(heads, parts, strict=True):
            for column, (key, template) in enumerate(part, start=2):
                places["k"] = ("B", head + 1)
                formula = formulas.cell_formula(template, places)
                kept = [self.kept.get(f"{block.prefix}_{key}[{k}]", 0) for k in range(block.rows)]
                sheet.shared_formula(head + 1, column, formula.removeprefix("="), plain, kept)
        return heads[-1] + block.rows + 2

    def _rates(self) -> None:
        sheet = self.book.sheets[table.RATES]
        edition = self.edition
        first, last = edition.years
        self.title(
            table.RATES,
            9,
            f"GSA per diem rates, fiscal years {first} and {last}",
            "Room limit a night by month, and M&IE a day. Source: gsa.gov/perdiem. Nothing to type here.",
        )
        bold = self.style(bold=True, bg_color=PALE)
        month = self.style(bold=True, bg_color=PALE, num_format="mmm yyyy")
        plain = self.style()
        heads: list[object] = ["State", "Rate area", "Counties", "Key"]
        heads += [date(first - 1 + (9 + index) // 12, (9 + index) % 12 + 1, 1) for index in range(24)]
        heads += [f"M&IE FY{first}", f"M&IE FY{last}"]
        for column, head in enumerate(heads):
            self.put(sheet, 3, column, head, month if isinstance(head, date) else bold)
        for row, rate in enumerate(edition.rows, start=4):
            for column, value in enumerate((rate.state, rate.name, rate.counties, rate.key, *rate.limits, *rate.mie)):
                self.put(sheet, row, column, value, plain)
        sheet.set_column(1, 3, 28)
        end = 3 + len(edition.rows)
        for name, left, right in (
            ("rate_area", 1, 1),
            ("rate_key", 3, 3),
            ("rate_counties", 2, 2),
            ("rate_lodging", 4, 27),
            ("rate_mie", 28, 29),
        ):
            self.book.name(name, Area(table.RATES, 4, left, end, right))

    def _lists(self) -> None:
        sheet = self.book.sheets[table.LISTS]
        self.title(
            table.LISTS,
            9,
            "Lists to choose from, and the figures in force",
            "Nothing to type here. NASRO sends a new form when GSA publishes new rates.",
        )
        bold, plain = self.style(bold=True, bg_color=PALE), self.style(num_format="@")
        dated = self.style(num_format="mm/dd/yyyy")
        column = 0

        def listed(name: str, values: Iterable[object], style: int = plain) -> None:
            nonlocal column
            told = list(values)
            self.put(sheet, 3, column, name.replace("_", " "), bold)
            for row, value in enumerate(told, start=4):
                self.put(sheet, row, column, value, style)
            self.book.name(name, Area(table.LISTS, 4, column, 3 + len(told), column))
            column += 1

        number = self.style()
        for name, choices in CHOICES.items():
            listed(f"list_{name}", choices)
            listed(f"code_{name}", choices.values())
        listed(
            "category_group",
            ["Transportation" if code in TRANSPORTATION else "Other" for code in CHOICES["categories"].values()],
        )
        states = self.edition.states
        listed("list_states", [state for state, _, _ in states])
        listed("state_names", [STATE_NAMES[state] for state, _, _ in states])
        listed("state_first", [first for _, first, _ in states], number)
        listed("state_rows", [rows for _, _, rows in states], number)
        listed("mileage_from", [one.first for one in self.edition.mileage], dated)
        listed("mileage_rate", [one.rate for one in self.edition.mileage], number)
        listed("mileage_low", [one.declined for one in self.edition.mileage], number)
        for place, name in enumerate(("key", "breakfast", "lunch", "dinner", "incidental")):
            listed(f"tier_{name}", [tier[place] for tier in self.edition.tiers], number)
        for name, values in _word_lists(self.law, self.edition.first).items():
            listed(name, values)
        figures: tuple[tuple[str, object, int], ...] = (
            ("officer_limit", self.law.number("chp-cap", "limit", self.edition.first), number),
            ("rates_from", self.edition.first, dated),
            ("rates_until", self.edition.last, dated),
            ("mileage_until", self.edition.mileage_until, dated),
            ("nbsp", "\u00a0", plain),
            ("layout_version", table.LAYOUT_VERSION, number),
        )
        for name, value, style in figures:
            listed(name, [value], style)
        sheet.set_column(0, column, 16)

    def _zips(self) -> None:
        sheet = self.book.sheets[table.ZIPS]
        self.title(
            table.ZIPS,
            9,
            "ZIP codes and their rate areas",
            "From this ZIP on, the row of the sheet Rates; 0: the ZIP lies in several rate areas.",
        )
        bold = self.style(bold=True, bg_color=PALE)
        self.put(sheet, 3, 0, "From ZIP", bold)
        self.put(sheet, 3, 1, "Row", bold)
        for row, (zip5, place) in enumerate(self.edition.zips, start=4):
            sheet.ready_row(row, f'<c r="A{row + 1}"><v>{zip5}</v></c><c r="B{row + 1}"><v>{place}</v></c>')
        end = 3 + len(self.edition.zips)
        self.book.name("zip_from", Area(table.ZIPS, 4, 0, end, 0))
        self.book.name("zip_row", Area(table.ZIPS, 4, 1, end, 1))


def _word_lists(law: Law, on: date) -> dict[str, list[str]]:
    """The words that rules look for, as `formulas.words` makes a text, each between blanks, one and several."""

    def norm(word: str) -> str:
        for sign in formulas.PUNCTUATION:
            word = word.replace(sign, " ")
        return " ".join(word.split())

    def both(rule: str, name: str) -> list[str]:
        said = [norm(word) for word in law.words(rule, name, on)]
        return [f" {word}{ending} " for word in said for ending in ("", "s")]

    papers = [norm(word) for word in law.words("receipts", "denied_papers", on)]
    openings = [
        *(norm(word) for word in law.words("receipts", "denial_first_words", on)),
        *(norm(word) for word in law.words("receipts", "denial_beginnings", on)),
        *(f"no {paper}{ending}" for paper in papers for ending in ("", "s")),
    ]
    return {
        "list_denials": list(law.words("receipts", "denials", on)),
        "list_openings": [f" {word} " for word in openings],
        "list_refusals": [f" {norm(word)} " for word in law.words("receipts", "refusal_first_words", on)],
        "list_papers": list(law.words("receipts", "document_words", on)),
        "list_homes": both("pov-mileage", "home_words"),
        "list_terminals": both("pov-mileage", "terminal_words"),
        "list_stops": both("pov-mileage", "stop_words"),
        "list_round": both("pov-mileage", "round_trip_words"),
        "list_lodging": both("not-allowable", "lodging_words"),
    }


TOTAL = ("total", "Total")
TOTAL_NAMES = {"total_claimed_total": "claimed_total", "total_allowed_total": "allowable_total"}
_BESIDE = {
    "cap_limit": (33, "Limit for each officer"),
    "previously_reimbursed": (34, "Paid by NASRO before"),
    "cap_left": (35, "Left of the limit"),
    "over_ceiling_total": (36, "Agency pays: above the room limit"),
    "not_allowable_total": (37, "Agency pays: not allowed"),
    "over_cap_total": (38, "Agency pays: above the limit"),
    "payable": (42, "Payable by NASRO"),
    "agency_share": (43, "Agency pays"),
}
TOTAL_FORMULAS = {
    "lodging_claimed_total": "ROUND(SUM(w_claimed),2)",
    "lodging_allowed_total": "ROUND(SUM(w_room_ok),2)",
    "lodging_tax_claimed_total": "ROUND(SUM(w_tax_claimed),2)",
    "lodging_tax_allowed_total": "ROUND(SUM(w_tax_ok),2)",
    "mie_claimed_total": "ROUND(SUM(w_mie_claimed),2)",
    "mie_allowed_total": "ROUND(SUM(w_mie_ok),2)",
    "transportation_claimed_total": 'ROUND(SUMIF(x_group,"Transportation",x_claimed),2)',
    "transportation_allowed_total": 'ROUND(SUMIF(x_group,"Transportation",x_allowed)-over_comparison,2)',
    "other_claimed_total": 'ROUND(SUMIF(x_group,"Other",x_claimed),2)',
    "other_allowed_total": 'ROUND(SUMIF(x_group,"Other",x_allowed),2)',
    "credits_allowed_total": "ROUND(-credits_off,2)",
    "claimed_total": "ROUND("
    + "+".join(f"{group}_claimed_total" for group, _ in GROUPS if group != "credits")
    + ",2)",
    "allowable_total": "ROUND(" + "+".join(f"{group}_allowed_total" for group, _ in GROUPS) + ",2)",
    "cap_limit": "officer_limit",
    "previously_reimbursed": "ROUND(payments_total,2)",
    "cap_left": "MAX(0,ROUND(cap_limit-previously_reimbursed,2))",
    "over_ceiling_total": "ROUND(SUM(w_over),2)",
    "not_allowable_total": "ROUND(agency_share-over_ceiling_total-over_cap_total,2)",
    "over_cap_total": "ROUND(allowable_total-MAX(0,MIN(allowable_total,cap_left)),2)",
    "payable": "IF(claim_blocked,0,MAX(0,MIN(allowable_total,cap_left)))",
    "agency_share": "ROUND(claimed_total-payable,2)",
}
"""The formulas of the computed boxes of the sheet Claim, by defined name."""
TOTAL_LABELS = {
    **{name: label for name, (_, label) in _BESIDE.items()},
    **{
        TOTAL_NAMES.get(f"{group}_{column}_total", f"{group}_{column}_total"): f"{label}, {column}"
        for group, label in (*GROUPS, TOTAL)
        for column in ("claimed", "allowed")
    },
}
START = "Start with the yellow cells: the place, the day the officer left and the day back."
START_CHECK = "Start on the sheet Claim with the dates and the place."
LATER = "The checks are computed when the file is opened for editing."
CHOOSE = "Choose the state, then the rate area. A town that is not in the list has the standard rate."
_SENTENCE = (
    f'=IF(trip_days=0,IF(dep>0,"The dates cannot be used: see the sheet Check.","{START}"),'
    'IF(claim_blocked,"Not payable yet: "&check_fix&" to fix, see the sheet Check. Once fixed: "'
    '&TEXT(payable_if_fixed,"$#,##0.00")&".",IF(check_fix+check_look=0,"All checks are fine.",'
    'IF(check_fix>0,check_fix&" to fix","")&IF(AND(check_fix>0,check_look>0)," and ","")'
    '&IF(check_look>0,check_look&" to look at","")&": see the sheet Check.")))'
)
_CHECK_SENTENCE = (
    f'=IF(touched,IF(check_fix+check_look=0,"All checks are fine.",check_fix&" to fix, "&check_look&" to look at."),'
    f'"{START_CHECK}")'
)
_ROW_1 = "MAX(1,INDEX(s_row,1))"
_PLACE = (
    f'=IF(INDEX(s_used,1)=0,"{CHOOSE}",IF(INDEX(s_row,1)>0,"Rate area: "&INDEX(rate_area,{_ROW_1})&", "'
    f'&LEFT(INDEX(rate_key,{_ROW_1}),2)&IF(OR(INDEX(rate_counties,{_ROW_1})="",LEN(INDEX('
    f'rate_counties,{_ROW_1}))>50),""," (covers "&INDEX(rate_counties,{_ROW_1})&")")'
    '&IF(trip_days>0,". Room limit "&TEXT(INDEX(w_ceiling,1)/100,"$0")&", M&IE "&TEXT(INDEX(w_mie_own,1),"$0")&'
    '" a day on the '
    'first day.","."),IF(INDEX(s_row,1)=-2,"This ZIP is not in the state beside it.",IF(INDEX(s_row,1)=0,"This '
    "ZIP lies in "
    'more than one rate area: choose the rate area by the county of the course.","This rate area or ZIP is not '
    "known: choose "
    'the state, then the rate area."))))'
)
_NEEDED = {
    "itemized_expenses": "TRUE",
    "certificate": f"OR({formulas.code('course_outcome', 'outcomes')}="
    f'"",{formulas.code("course_outcome", "outcomes")}="completed")',
    "folio": "SUMPRODUCT((w_entry=1)*(w_free=FALSE))>0",
    "carrier_receipt": "n_carriers>0",
    "rental_agreement": 'SUMPRODUCT((x_code="rental_car")*1)>0',
    "mileage_log": 'SUMPRODUCT((x_code="pov_mileage")*1)>0',
    "receipts_over_75": "SUM(x_over_75)>0",
    "meals_statement": "SUM(w_less)>0",
    "appr"
    "ovals": 'OR(SUMPRODUCT((TRIM(room_by)<>"")*1)>0,SUMPRODUCT((TRIM(exp_approval)<>"")*1)>0,TRIM(approval_by)<>"")',
    "proof_of_payment": "TRUE",
    "vendor_form": "FALSE",
}

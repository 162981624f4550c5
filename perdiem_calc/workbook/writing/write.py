"""Writes the form: blank, or with the cells of a claim filled in. Its formulas are of `formulas` and `checks`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from perdiem_calc.claims.model import Claim
from perdiem_calc.dated import Law
from perdiem_calc.errors import OutputError
from perdiem_calc.rates.model import RateSource
from perdiem_calc.rules.itemize import ItemizedClaim, itemize
from perdiem_calc.workbook.form import checks, formulas, table
from perdiem_calc.workbook.form.computed import (
    BESIDE,
    BOXES,
    CHECK_COLUMNS,
    CHOOSE,
    GROUPS,
    LATER,
    NEEDED,
    OF_DAYS,
    START,
    START_CHECK,
    TOP,
    TOTAL,
    TOTAL_NAMES,
    WITHOUT_DATES,
    check_formulas,
    figures,
    needed,
)
from perdiem_calc.workbook.form.edition import Edition, edition_for, years_for
from perdiem_calc.workbook.form.layout import LETTERS, Area, Kind
from perdiem_calc.workbook.form.lists import lists
from perdiem_calc.workbook.writing.book import Book, refuse_to_replace, save
from perdiem_calc.workbook.writing.fill import cells_of, kept_values
from perdiem_calc.workbook.writing.page import GRAY, HEADER_YELLOW, LINE, NAVY, PALE, YELLOW, Cells, Pages
from perdiem_calc.workbook.writing.review import write_review
from perdiem_calc.workbook.writing.sheet import Sheet, Value

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


def write_form(path: Path, cells: Cells, edition: Edition, law: Law, *, force: bool = False) -> None:
    """Write a form with cells filled in; raises as `write_claim` does."""
    _save(path, lambda: form_bytes(edition, law, {**BLANK, **cells}), force=force)


def write_claim(
    path: str | os.PathLike[str], itemized: ItemizedClaim, rates: RateSource, law: Law, *, force: bool = False
) -> None:
    """Write the workbook of an itemized claim, with the engine's values in its computed cells.

    Raises OutputError where its name does not end in .xlsx, it cannot be written, or it is there already and `force`
    does not say to replace it; InputError for a claim that needs more than the form has. Nothing half-written is
    left behind.
    """
    _save(Path(path), lambda: claim_bytes(itemized.claim, rates, law), force=force)


def _save(path: Path, content: Callable[[], bytes], *, force: bool) -> None:
    refuse_to_replace(path, force=force)
    if path.suffix.lower() != ".xlsx":
        raise OutputError(
            "output.workbook.ending",
            "the workbook needs a name ending in .xlsx",
            where=str(path),
            fix="name it like claim.xlsx",
        )
    save(content(), path, force=force)


def claim_bytes(claim: Claim, rates: RateSource, law: Law) -> bytes:
    """The workbook of a claim as a file's content; the same claim gives the same bytes.

    Raises InputError for a claim that needs more than the form has.
    """
    edition = edition_for(years_for(claim.trip.departed_on))
    # A workbook knows no day of today and no other claims, so that its values are those without them.
    return form_bytes(edition, law, cells_of(claim, edition, rates), kept_values(itemize(claim, rates, law)))


BLANK: Cells = {"course_title": COURSE, "course_hours": HOURS}


def form_bytes(edition: Edition, law: Law, cells: Cells, kept: Mapping[str, Value] | None = None) -> bytes:
    """The form as a file's content, with cells filled in; `kept` are the values of computed cells that are known."""
    return _Writer(edition, law, cells, kept or {}).bytes()


class _Writer(Pages):
    def __init__(self, edition: Edition, law: Law, cells: Cells, kept: Mapping[str, Value]) -> None:
        super().__init__(Book(TITLE, TITLE, edition.first, table.SHEETS), cells, kept)
        self.edition, self.law = edition, law

    def bytes(self) -> bytes:
        for name, sheet in self.book.sheets.items():
            sheet.set_default_row(15)
            if name in (table.WORKINGS, table.RATES, table.LISTS, table.ZIPS):
                sheet.set_tab_color("#BFBFBF")
                sheet.print_area(0, 0, 2, 9)
                sheet.fit_to_pages(1, 1)
        # First what no claim changes, so that it is the same in every form of an edition, to the byte.
        constant = _constant(self.edition, self.law)
        for look in constant.styles:
            self.style(**dict(look))
        self.book.take_over(constant.book, CONSTANT)
        self._claim()
        self._days()
        self._expenses()
        self._special()
        self._documents()
        self._check()
        self._review()
        self.book.sheets[table.CLAIM].activate()
        return self.book.bytes()

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
        for place, (name, label) in enumerate(TOP):
            first = 3 * place
            self.merged(Area(table.CLAIM, 2, first, 2, first + 2), label, small)
            self.computed(f"top_{name}", Area(table.CLAIM, 3, first, 3, first + 2), big, "")
        sheet.height(3, 23)
        self.computed(
            "sentence",
            Area(table.CLAIM, 4, 0, 4, 11),
            self.style(bold=True, font_color="#9C2A00"),
            LATER if self.is_filled else START,
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
        self.computed(
            "place_line",
            Area(table.CLAIM, 30, 0, 30, 11),
            self.style(italic=True, font_size=8, font_color=GRAY, shrink=True),
            "" if self.is_filled else CHOOSE,
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
        for place, (name, label, kind) in enumerate(table.FOR_NASRO):
            self.merged(Area(table.CLAIM, 51, 3 * place, 51, 3 * place + 2), label, faint)
            area = Area(table.CLAIM, 52, 3 * place, 52, 3 * place + 2)
            self.merged(area, None, self.look_of(kind, is_input=True, bg_color="#FFFFFF"))
            self.book.name(name, area.first)
        sheet.height(52, 18)
        sheet.print_area(0, 0, 52, 11)
        sheet.fit_to_pages(1, 1)

    def _hide_amounts(self, sheet: Sheet) -> None:
        """Show no amounts while there are no dates."""
        hidden = self.book.look({"num_format": ";;;"})
        for first, last, left, right in ((33, 39, 3, 4), (33, 43, 10, 11)):
            sheet.conditional_format(
                first, left, last, right, {"type": "formula", "criteria": WITHOUT_DATES, "format": hidden}
            )

    @property
    def is_filled(self) -> bool:
        """Whether a claim's dates are there."""
        return "trip_departed_on" in self.values

    def _payment(self, sheet: Sheet) -> None:
        self.section(table.CLAIM, 31, 11, "How the payment comes about")
        head = self.style(font_size=8, font_color=GRAY, align="right")
        for column, text in ((3, "Claimed"), (4, "Allowed")):
            sheet.value(32, column, text, head)
        line = {"bottom": 4, "bottom_color": LINE}
        total = {"bold": True, "bg_color": PALE}
        money = {"num_format": "$#,##0.00", "align": "right"}
        for row, (group, label) in enumerate((*GROUPS, TOTAL), start=33):
            look = total if group == TOTAL[0] else line
            self.merged(Area(table.CLAIM, row, 0, row, 2), label, self.style(**look))
            for column, told in ((3, f"{group}_claimed_total"), (4, f"{group}_allowed_total")):
                name = TOTAL_NAMES.get(told, told)
                style = self.style(**look, **money)
                if name in BOXES:
                    self.computed(name, Area.cell(table.CLAIM, row, column), style, 0)
                else:
                    sheet.blank(row, column, style)
        for name, (row, label) in BESIDE.items():
            look = total if row > 40 else line
            self.merged(Area(table.CLAIM, row, 6, row, 9), label, self.style(**look))
            keep = 1000 if name in ("cap_limit", "cap_left") else 0
            self.computed(name, Area(table.CLAIM, row, 10, row, 11), self.style(**look, **money), keep)
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
        sheet.value(3, 9, "Total", self.style(**total, align="right"))
        amount = self.style(**total, num_format="$#,##0.00", align="right", indent=1)
        for name in OF_DAYS:
            place = told.places[name.removeprefix("days_")][0]
            self.computed(name, Area.cell(table.DAYS, 3, place), amount, "")
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
            sheet.value(area.row, area.column, self.values.get(f"every_{key}"), style)
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
        sheet.value(3, 10, "Total", self.style(**total, align="right"))
        amount = self.style(**total, num_format="$#,##0.00", align="right", indent=1)
        for key in ("claimed", "allowed"):
            self.computed(f"exp_total_{key}", Area.cell(table.EXPENSES, 3, told.places[key][0]), amount, "")
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
        state = table.BOXES["course_state"].area
        at = f"MATCH(${LETTERS[state.column]}${state.row + 1},list_states,0)"
        self.validate(
            sheet,
            Kind.CHOICE,
            [table.BOXES["course_area"].area.first],
            "",
            table.BOXES["course_area"].hint,
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
        for index, item in enumerate(NEEDED):
            row = told.first_row + index
            sheet.formula(row, 1, needed(item), style, self.kept.get(f"doc_needed[{index}]", ""))
            sheet.height(row, 18)
        row = told.first_row + told.rows + 1
        self.computed("keep_line", Area(table.DOCUMENTS, row, 0, row, 3), self.style(font_color=GRAY), "")
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
        self.computed(
            "check_sentence",
            Area(table.CHECK, 2, 0, 2, 4),
            self.style(bold=True),
            LATER if self.is_filled else START_CHECK,
        )
        head = self.style(bold=True, font_color=NAVY, align="center", bg_color=PALE, border=1, border_color=LINE)
        for column, text in enumerate(("Result", "What is checked", "What to do", "Go to", "Your answer")):
            yellow = self.style(
                bold=True, font_color=NAVY, align="center", bg_color=HEADER_YELLOW, border=1, border_color=LINE
            )
            sheet.value(3, column, text, yellow if column == 4 else head)
        cell = {"border": 1, "border_color": LINE}
        row, group = 4, ""
        first = row
        for check in checks.rows():
            if check.group != group:
                group = check.group
                self.merged(
                    Area(table.CHECK, row, 0, row, 4),
                    group,
                    self.style(bold=True, font_color=NAVY, bg_color=PALE, **cell),
                )
                row += 1
            formulas_of_row = check_formulas(row, check)
            looks = (
                self.style(bold=True, align="center", **cell),
                self.style(text_wrap=True, font_size=8.5, indent=1, **cell),
                self.style(font_color="#0B5FB0", underline=1, font_size=8.5, **cell),
            )
            for column, formula, look in zip((0, 2, 3), formulas_of_row, looks, strict=True):
                sheet.formula(row, column, formula, look, "")
            sheet.value(row, 1, check.title, self.style(indent=1, text_wrap=True, **cell))
            if check.answers:
                name = "answer_" + check.answers.replace("-", "_")
                sheet.value(
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
        for column, name in zip((0, 2, 3), CHECK_COLUMNS, strict=True):
            self.book.name(name, Area(table.CHECK, first, column, row - 1, column))
        self.merged(
            Area(table.CHECK, row, 0, row, 4),
            "NASRO checks once more, and what only it can know: other claims for the same trip, the county of "
            "the station, what was paid before.",
            self.style(font_color=GRAY, font_size=8.5, text_wrap=True),
        )
        for word, fill in (("Fix", {"bg_color": ORANGE}), ("Look", {"bg_color": AMBER})):
            sheet.conditional_format(
                first,
                0,
                row - 1,
                2,
                {"type": "formula", "criteria": f'$A{first + 1}="{word}"', "format": self.book.look(fill)},
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
        write_review(self)

    # ---- the gray sheets

    def constant(self) -> None:
        """Write the sheets that no claim changes."""
        self._rates()
        self._lists()
        self._zips()
        self._workings()

    def _workings(self) -> None:
        sheet = self.book.sheets[table.WORKINGS]
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 95, 11)
        self.title(
            table.WORKINGS, 9, "Workings: how each amount comes about", "Nothing to type here. Money is in cents."
        )
        label, plain = self.style(), self.style(num_format="General")
        on = self.edition.first
        row = 3
        for name, said, formula in figures(self.law, on):
            sheet.value(row, 0, said, label)
            sheet.formula(row, 1, formula, plain, 0)
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
            sheet.value(head, 0, block.title, bold)
            for k in range(1, block.rows + 1):
                sheet.number(head + k, 1, k, plain)
            for column, (key, _) in enumerate(part, start=2):
                places[key] = (LETTERS[column], head + 1)
                sheet.value(head, column, key.replace("_", " "), bold)
                area = Area(table.WORKINGS, head + 1, column, head + block.rows, column)
                self.book.name(f"{block.prefix}_{key}", area)
        for head, part in zip(heads, parts, strict=True):
            for column, (_, template) in enumerate(part, start=2):
                places["k"] = ("B", head + 1)
                formula = formulas.cell_formula(template, places)
                sheet.shared_formula(head + 1, column, formula.removeprefix("="), plain, [0] * block.rows)
        return heads[-1] + block.rows + 2

    def _rates(self) -> None:
        sheet = self.book.sheets[table.RATES]
        edition = self.edition
        first, last = edition.years
        self.title(
            table.RATES,
            9,
            f"GSA per diem rates, fiscal years {first} and {last}",
            "Room limit a night by month, and M&IE a day. Nothing to type here. Sources: "
            + "; ".join(edition.sources),
        )
        sheet.height(1, 36)
        bold = self.style(bold=True, bg_color=PALE)
        month = self.style(bold=True, bg_color=PALE, num_format="mmm yyyy")
        plain = self.style()
        heads: list[object] = ["State", "Rate area", "Counties", "Key"]
        heads += [date(first - 1 + (9 + index) // 12, (9 + index) % 12 + 1, 1) for index in range(24)]
        heads += [f"M&IE FY{first}", f"M&IE FY{last}"]
        for column, head in enumerate(heads):
            sheet.value(3, column, head, month if isinstance(head, date) else bold)
        for row, rate in enumerate(edition.rows, start=4):
            for column, value in enumerate((rate.state, rate.name, rate.counties, rate.key, *rate.limits, *rate.mie)):
                sheet.value(row, column, value, plain)
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
        number = self.style()
        for column, (name, values) in enumerate(lists(self.edition, self.law)):
            sheet.value(3, column, name.replace("_", " "), bold)
            for row, value in enumerate(values, start=4):
                style = plain if isinstance(value, str) else dated if isinstance(value, date) else number
                sheet.value(row, column, value, style)
            self.book.name(name, Area(table.LISTS, 4, column, 3 + len(values), column))
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
        sheet.value(3, 0, "From ZIP", bold)
        sheet.value(3, 1, "Row", bold)
        for row, (zip5, place) in enumerate(self.edition.zips, start=4):
            sheet.ready_row(row, f'<c r="A{row + 1}"><v>{zip5}</v></c><c r="B{row + 1}"><v>{place}</v></c>')
        end = 3 + len(self.edition.zips)
        self.book.name("zip_from", Area(table.ZIPS, 4, 0, end, 0))
        self.book.name("zip_row", Area(table.ZIPS, 4, 1, end, 1))


CONSTANT = (table.RATES, table.LISTS, table.ZIPS, table.WORKINGS)
_CONSTANTS: dict[tuple[tuple[int, int], int], _Writer] = {}
MOST_CONSTANTS = 4


def _constant(edition: Edition, law: Law) -> _Writer:
    """The sheets of an edition that no claim changes, written once."""
    key = edition.years, id(law)
    if key not in _CONSTANTS or _CONSTANTS[key].law is not law or _CONSTANTS[key].edition is not edition:
        if len(_CONSTANTS) == MOST_CONSTANTS:
            _CONSTANTS.clear()
        writer = _Writer(edition, law, {}, {})
        writer.constant()
        _CONSTANTS[key] = writer
    return _CONSTANTS[key]

"""Reads a claim back from its workbook, form or claim: the cells that a person fills in, and nothing else.

Computed cells are not believed; whoever wants the amounts computes them again. Every refusal names sheet and cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

from perdiem_calc.checks.submission import StatedCell
from perdiem_calc.claims.fields import is_no
from perdiem_calc.claims.model import MEALS, SCHEMA, Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.claims.trip import NOT_CONTINUOUS
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.claim_page import (
    ATTACHMENTS,
    FOR_NASRO,
    REVIEW,
    Field,
    Placed,
    explanation_names,
)
from perdiem_calc.workbook.form.columns import DAYS, EXPENSES, FINDINGS, MEAL_KEYS, NIGHT_COLUMNS, Column, Table
from perdiem_calc.workbook.form.layout import FIRST_ROW, HEADER_ROW, LAYOUT_VERSION, Area, CellMap, Kind, Role
from perdiem_calc.workbook.form.where import map_groups
from perdiem_calc.workbook.reading.named import NamedCells
from perdiem_calc.workbook.reading.opening import LAST_ROW, OpenBook, ReadCell, open_book
from perdiem_calc.workbook.reading.page_lists import rows_with
from perdiem_calc.workbook.reading.stating import of_input
from perdiem_calc.workbook.reading.values import READERS, TYPE_DATE, Reader, Unfit, amount, moment, typed_in

MOMENTS = ("trip.departed_at", "trip.returned_at")
LABELS = {
    "trip.departed_at_time": "Time of departure",
    "trip.returned_at_time": "Time of return",
    "trip.stops": "List of stops",
}
"""What is called otherwise than its caption, which says little by itself."""
EARLIER_PAYMENTS = 'the sum of the amounts under "Earlier payments"'
FIXED_OF_DAYS = tuple(DAYS.column(key) for key in ("date", "night_line", "day_line"))
_LINE = re.compile(r"[NTDE][1-9][0-9]{0,5}")
READ_SHEETS = (layout.CLAIM, layout.DAYS, layout.EXPENSES, layout.CHECKLIST)


def cells_of_nasro(path: Path) -> tuple[str, ...]:
    """The cells that NASRO fills in (its box on Claim, the decisions on Findings) and in which something stands.

    They are no part of the claim: building it again leaves them behind. Raises as `open_book` does.
    """
    book = open_book(path, (layout.CLAIM, layout.FINDINGS))
    named = [book.named(field.name) for field in REVIEW]
    cells = [cell for cell in named if cell is not None and not cell.is_blank]
    columns = {FINDINGS.places[column.key] for column in FINDINGS.columns if column.role is Role.INPUT}
    for (row, column), cell in book.cells.get(layout.FINDINGS, {}).items():
        if row >= FIRST_ROW and column in columns and not cell.is_blank:
            cells.append(cell)
    return tuple(cell.area.address for cell in cells)


class Reading:
    """One workbook being read: what it states so far, where each field stands, and what was refused.

    With `submitted` an amount typed over the formula for mileage is passed over, since the audit looks at it as it
    looks at all computed cells. A row of Days that is of no day of the trip is not read. `columns` says where
    each column is, by sheet and key; `calendar` which row of Days is which day, and `unread_days` whether there are
    rows that are not read; `expense_rows` which rows state an expense. `formulas` are those of cells that a person
    fills in, by address.
    """

    def __init__(self, book: OpenBook, *, submitted: bool = False) -> None:
        self.book = book
        self.named = NamedCells(book)
        self.columns: dict[str, dict[str, int]] = {}
        self.calendar: list[tuple[int, date | None]] = []
        self.unread_days = False
        self.expense_rows: set[int] = set()
        self._submitted = submitted
        self.stated: dict[str, Any] = {"schema": SCHEMA}
        self.cells = CellMap()
        self.refused: list[InputError] = []
        self.formulas: dict[str, StatedCell] = {}
        self._refused_at: set[str] = set()
        self._lines: dict[str, str] = {}

    def read(self) -> None:
        """Read every sheet. Raises InputError for another program's workbook."""
        self._check_layout()
        self._read_page()
        self._read_checklist()
        self.columns = {table.sheet: self._columns(table) for table in (DAYS, EXPENSES)}
        if columns := self.columns[DAYS.sheet]:
            self._read_days(columns)
        if columns := self.columns[EXPENSES.sheet]:
            self._read_expenses(columns)
        self._rename_lines()

    def claim(self) -> Claim:
        """The claim. Raises InputErrors, each with its cell."""
        claim = None
        try:
            claim = parse_claim(self.stated)
        except InputErrors as errors:
            self.refuse_paths(errors.errors)
        if claim is None or self.refused:
            raise InputErrors(self.refused)
        return claim

    # --- cells -----------------------------------------------------------------------------------------------------

    def _check_layout(self) -> None:
        version = self.book.named("layout_version")
        missing = [sheet for sheet in READ_SHEETS if sheet not in self.book.cells]
        if version is None or missing:
            raise InputError(
                "workbook.not-a-claim",
                "is not a claim workbook of this program" + (f": no sheet {missing[0]}" if missing else ""),
                fix="start from `perdiem claim new`, or from a workbook that perdiem built",
            )
        if version.value != LAYOUT_VERSION:
            raise InputError(
                "workbook.layout.other",
                f"has layout {str(version.value)[:20]}, and this program reads layout {LAYOUT_VERSION}",
                where=version.area.address,
                fix="use the version of the program that wrote it, or start from a new form",
            )

    def _value(self, cell: ReadCell, reader: Reader, label: str) -> Any:
        """What a cell states; None where it is blank, or was refused."""
        if cell.is_blank:
            return None
        try:
            typed = typed_in(cell, reader, self.book.epoch)
            found = reader(typed)
        except Unfit as unfit:
            self.refuse(cell.area, label, unfit.what, unfit.fix)
            return None
        if cell.formula is not None and not isinstance(typed, bool):
            self.formulas[cell.area.address] = of_input(cell, typed, label, in_dollars=reader is amount)
        return found

    def refuse(
        self, area: Area, label: str, what: str, fix: str, check: str = "", code: str = "workbook.cell.invalid"
    ) -> None:
        """Say what is wrong with a cell; one that was refused before is not named again."""
        where = area.first.address
        if where not in self._refused_at:
            self._refused_at.add(where)
            between = " " if what.startswith(("is ", "holds ", "must ")) else ": "
            refused = InputError(code, f"{label}{between}{what}" if label else what, where=where, fix=fix)
            refused.check = check
            self.refused.append(refused)

    def refuse_paths(self, errors: Iterable[InputError]) -> None:
        """Refusals of the claim's fields, each said of its cell; one refused before is not named again."""
        for error in errors:
            self._refuse_path(error)

    def _refuse_path(self, error: InputError) -> None:
        area = self.cells.area(error.where) or Area.cell(layout.CLAIM, 0, 0)
        fix = {"add it": "fill it in"}.get(error.fix, error.fix)
        what = error.what.replace("the sum of previous_claims", EARLIER_PAYMENTS)
        self.refuse(area, self.cells.label(error.where), what, fix, error.check, error.code)

    # --- Claim and Checklist ---------------------------------------------------------------------------------------

    def _read_page(self) -> None:
        for group in ("agency", "award", "officer", "course", "trip"):
            self.stated[group] = {}
        self.stated["agency"]["contact"], self.stated["course"]["place"] = {}, {}
        self.stated["trip"]["official_station"] = {}
        self._refuse_gone()
        if not self._submitted:
            self._refuse_moved_names()
        for placed in self.named.page.placed:
            field = placed.field
            if field.role is Role.INPUT and "[" not in field.path and not field.path.startswith(FOR_NASRO):
                self._read_field(field)
        self._join_time("departed_at")
        self._join_time("returned_at")
        self._refuse_unlisted()
        self.stated["previous_claims"] = self._entries("previous_claims")
        self.stated["credits"] = self._entries("credits")
        self.stated["trip"]["stops"] = self._entries("trip.stops")

    def _refuse_gone(self) -> None:
        """Refuse fields whose cells were deleted, once for a row."""
        rows: dict[int, list[Placed]] = {}
        for placed in self.named.gone():
            rows.setdefault(placed.area.row, []).append(placed)
        for first, *others in rows.values():
            area = first.area.first
            labels = {p.field.path: LABELS.get(p.field.path, p.field.label) for p in (first, *others)}
            for path, label in labels.items():
                self.cells.add(path, area, label)
            lacking = ", ".join(f'"{label}"' for label in labels.values())
            self.refuse(area, "", f"there is no cell for {lacking} any more", "undo the deleted row")

    def _refuse_moved_names(self) -> None:
        for moved in self.named.moved_fields():
            what = "is gone" if moved.found is None else f"points to {moved.found.address}"
            self.refuse(moved.due, moved.label, f"the name {moved.name} {what}", "start from a new form")

    def _read_field(self, field: Field) -> None:
        cell = self.named.cell(field)
        if cell is None:
            return
        label = LABELS.get(field.path, field.label)
        self.cells.add(field.path, cell.area, label)
        reader = moment if field.path in MOMENTS else READERS[field.kind]
        value = self._value(cell, reader, label)
        if value is None and field.needed and field.choices:
            # A blank choice is no answer, whatever a claim in JSON means by leaving the field out.
            self.refuse(cell.area, label, "is missing", f"choose {', '.join(field.choices)}")
        put(self.stated, field.path, value)

    def _join_time(self, name: str) -> None:
        """The day of departure or return with its time, which has a cell of its own."""
        trip = self.stated["trip"]
        at, day = _typed(trip.pop(f"{name}_time", None), time), _typed(trip.get(name), date)
        where = f"trip.{name}_time"
        if at is not None and not isinstance(at, time):
            self._refuse_path(
                InputError("workbook.time.invalid", is_no(at, "a time of day"), where=where, fix="type it like 07:30")
            )
        elif at is not None and at != time(at.hour, at.minute):
            what = "must be hours and minutes, and nothing else"
            self._refuse_path(InputError("workbook.time.invalid", what, where=where, fix="type it like 07:30"))
        elif isinstance(day, date) and at is not None:
            trip[name] = datetime.combine(day, at)

    def _refuse_unlisted(self) -> None:
        """Refuse what could be an entry of a list and is not read, since the list is not what it was."""
        for area, what in self.named.unbounded():
            self.refuse(area, "", f"{what} is missing", "put it back, or undo what moved it")
        for cell, rows in self.named.outside():
            what = f"row {cell.area.row + 1} stands outside its list, rows {rows.start + 1} to {rows.stop}"
            self.refuse(cell.area, "", what, "move it back into a row of the list")

    def _entries(self, prefix: str) -> list[dict[str, Any]]:
        """The entries of a list on the page; blank rows are passed over."""
        entries: list[dict[str, Any]] = []
        for row, (fields, beside) in enumerate(self.named.entries(prefix)):
            first = fields[0][1]
            if row == 0 and first is not None:
                self.cells.add(prefix, first.area, LABELS.get(prefix, ""))
            for field, cell in beside:
                due = self.named.area(field.path).address.partition("!")[2]
                self.refuse(cell.area, field.label, "is typed beside its cell", f"move it to {due}")
            if not beside and any(cell is not None and not cell.is_blank for _, cell in fields):
                entries.append(self._entry(f"{prefix}[{row}].", f"{prefix}[{len(entries)}].", fields))
        return entries

    def _entry(self, old: str, new: str, fields: Iterable[tuple[Field, ReadCell | None]]) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        for field, cell in fields:
            if cell is not None:
                path = field.path.removeprefix(old)
                self.cells.add(new + path, cell.area, field.label)
                put(entry, path, self._value(cell, READERS[field.kind], field.label))
        return entry

    def _read_checklist(self) -> None:
        self.stated["attachments"] = attachments = {}
        for item, label, _ in ATTACHMENTS:
            cell = self.named.status(item)
            self.cells.add(f"attachments.{item}", cell.area, label)
            status = self._value(cell, READERS[Kind.CHOICE], label)
            if status is not None:
                attachments[item] = status
        self._read_explanations()

    def _read_explanations(self) -> None:
        explanations: dict[str, Any] = {}
        self.stated["explanations"] = explanations
        for index in count():
            check, text = (self.book.named(name) for name in explanation_names(index))
            if check is None or text is None:
                break
            if check.is_blank and text.is_blank:
                continue
            for cell, label, fix in (
                (check, "Check", "copy its id from the finding"),
                (text, "Explanation", "type it"),
            ):
                if cell.is_blank:
                    self.refuse(cell.area, label, "is missing", fix)
            answered = self._value(check, READERS[Kind.TEXT], "Check")
            if answered in explanations:
                self.refuse(check.area, "Check", f"{answered} is explained twice", "put the explanations in one cell")
            elif answered is not None:
                self.cells.add(f"explanations.{answered}", text.area, "Explanation")
                put(explanations, answered, self._value(text, READERS[Kind.TEXT], "Explanation"))

    # --- Days and Expenses -----------------------------------------------------------------------------------------

    def _columns(self, table: Table) -> dict[str, int]:
        """Where the columns of a table are, by their headers."""
        headers = self.book.headers(table.sheet)
        for column in table.columns:
            needed = column.role is Role.INPUT or column.key in ("date", "line", "night_line", "day_line")
            if needed and column.header not in headers:
                self._refuse_headers(table, column)
                return {}
        return {column.key: headers[column.header] for column in table.columns if column.header in headers}

    def _refuse_headers(self, table: Table, lacking: Column) -> None:
        """Refuse a table that lacks a column, or whose headers all stand in another row."""
        row, what = HEADER_ROW, f'the column "{lacking.header}" is missing'
        fix = "undo the deleted or renamed column"
        headers = tuple((place, column.header) for place, column in enumerate(table.columns))
        found = rows_with(self.book, table.sheet, headers)
        if found and HEADER_ROW not in found:
            row, fix = found[0], "undo the inserted or deleted row above it"
            what = f"the table stands in row {row + 1}, and belongs in row {HEADER_ROW + 1}"
        self.refuse(Area.cell(table.sheet, row, 0), "", what, fix)

    def _rows(self, table: Table) -> Iterator[int]:
        """The rows of a table in which something stands."""
        rows = {row for row, _ in self.book.cells[table.sheet] if row >= FIRST_ROW}
        return iter(sorted(rows))

    def _row(self, table: Table, columns: dict[str, int], row: int, keys: Iterable[Column]) -> dict[str, ReadCell]:
        """The cells of a row in which something stands, by column."""
        cells = {column.key: self.book.cell(table.sheet, row, columns[column.key]) for column in keys}
        return {key: cell for key, cell in cells.items() if not cell.is_blank}

    def _read_days(self, columns: dict[str, int]) -> None:
        nights: list[tuple[int, str, int, dict[str, ReadCell]]] = []
        calendar: list[tuple[int, date | None, dict[str, ReadCell]]] = []
        for row in self._rows(DAYS):
            cells = self._row(DAYS, columns, row, (*DAYS.inputs, *FIXED_OF_DAYS))
            if "date" not in cells:
                if cells:
                    self.refuse(DAYS.cell("date", row), "Date", "is missing", "type the date of the night or day")
                    self.unread_days = True
                continue
            on = self._date(cells["date"])
            if on is None or self._is_strange(on, cells):
                self.unread_days = True
                continue
            line = str(cells["night_line"].value) if "night_line" in cells else ""
            lodging = {column.key: cells[column.key] for column in NIGHT_COLUMNS if column.key in cells}
            if lodging:
                number = int(line[1:]) if _LINE.fullmatch(line) else LAST_ROW
                nights.append((number, line, row, {"date": cells["date"], **lodging}))
            if "day_line" in cells:
                self._lines.setdefault(str(cells["day_line"].value), f"D{len(calendar) + 1}")
                calendar.append((row, on, cells))
                self.calendar.append((row, on))
        self.stated["lodging"] = []
        for _, line, row, lodging in sorted(nights, key=lambda night: (night[0], night[2])):
            self._read_night(line, row, columns, lodging)
        self._read_calendar(calendar, columns)

    def _date(self, cell: ReadCell) -> date | None:
        """The date of a row of Days; None where it is none, which is refused."""
        on = _typed(self._value(cell, READERS[Kind.DATE], "Date"), date)
        if isinstance(on, date):
            return on
        self.refuse(cell.area, "Date", is_no(on, "a date"), TYPE_DATE)
        return None

    def _is_strange(self, on: date, cells: dict[str, ReadCell]) -> bool:
        """Whether a row of the calendar is of a day that stands there already, or that is no day of the trip."""
        if "day_line" not in cells:
            return False
        cell = cells["date"].area
        same = [Area.cell(DAYS.sheet, row, cell.column) for row, other in self.calendar if other == on]
        for area in (*same, cell) if same else ():
            what = f"{on} stands there twice"
            self.refuse(area, "Date", what, "leave one of the two rows out", NOT_CONTINUOUS)
        first, last = (_day_of(self.stated["trip"].get(name)) for name in ("departed_at", "returned_at"))
        is_outside = first is not None and last is not None and not first <= on <= last and first <= last
        if is_outside:
            what = f"{on} is no day of the trip, which lasts from {first} to {last}"
            fix = "correct the date, or the dates of the trip, and build the workbook again"
            self.refuse(cell, "Date", what, fix, NOT_CONTINUOUS)
        return bool(same) or is_outside

    def _read_night(self, line: str, row: int, columns: dict[str, int], cells: dict[str, ReadCell]) -> None:
        index = len(self.stated["lodging"])
        path = f"lodging[{index}]"
        for suffix, number in (("N", line[1:]), ("T", line[1:])):
            self._lines.setdefault(f"{suffix}{number}", f"{suffix}{index + 1}")
        entry: dict[str, Any] = {}
        self.cells.add(f"{path}.night", cells["date"].area, "Date")
        put(entry, "night", self._value(cells["date"], READERS[Kind.DATE], "Date"))
        for column in NIGHT_COLUMNS:
            self.cells.add(f"{path}.{column.field}", Area.cell(DAYS.sheet, row, columns[column.key]), column.header)
            if column.key in cells:
                put(entry, column.field, self._value(cells[column.key], READERS[column.kind], column.header))
        self.stated["lodging"].append(entry)

    def _read_calendar(
        self, calendar: list[tuple[int, date | None, dict[str, ReadCell]]], columns: dict[str, int]
    ) -> None:
        trip = self.stated["trip"]
        trip["personal_days"], trip["day_trips"], self.stated["mie_paid"] = [], [], {}
        answered = any(key in cells for _, _, cells in calendar for key in MEAL_KEYS)
        if answered:
            self.stated["furnished_meals"] = []
        if calendar:
            map_groups(self.cells, calendar[0][0], calendar[-1][0])
        for row, on, cells in calendar:
            if on is None:
                continue
            self._read_day(row, on, cells, columns)
            if answered:
                self._read_meals(row, on, cells, columns)

    def _read_day(self, row: int, on: date, cells: dict[str, ReadCell], columns: dict[str, int]) -> None:
        trip = self.stated["trip"]
        personal = "personal" in cells and self._value(cells["personal"], READERS[Kind.YES_NO], "Personal day")
        if personal:
            self.cells.add(
                f"trip.personal_days[{len(trip['personal_days'])}]", cells["personal"].area, "Personal day"
            )
            trip["personal_days"].append(on)
        if "mie_paid" in cells:
            self.cells.add(f"mie_paid.{on}", cells["mie_paid"].area, "M&IE paid")
            self.stated["mie_paid"][str(on)] = self._value(cells["mie_paid"], READERS[Kind.AMOUNT], "M&IE paid")
        if "left_at" in cells or "returned_at" in cells:
            path = f"trip.day_trips[{len(trip['day_trips'])}]"
            entry: dict[str, Any] = {"date": on}
            for key in ("left_at", "returned_at"):
                column = DAYS.column(key)
                self.cells.add(f"{path}.{key}", Area.cell(DAYS.sheet, row, columns[key]), column.header)
                if key in cells:
                    put(entry, key, self._value(cells[key], READERS[column.kind], column.header))
            self.cells.add(f"{path}.date", cells["date"].area, "Date")
            trip["day_trips"].append(entry)

    def _read_meals(self, row: int, on: date, cells: dict[str, ReadCell], columns: dict[str, int]) -> None:
        """One day's furnished meals; a blank meal was not answered, a day of `none` alone says nothing."""
        path = f"furnished_meals[{len(self.stated['furnished_meals'])}]"
        entry: dict[str, Any] = {"date": on, **dict.fromkeys(MEALS)}
        for key in MEAL_KEYS:
            if key in cells:
                entry[key] = self._value(cells[key], READERS[Kind.CHOICE], DAYS.column(key).header)
        if entry.get("meal_statement") is None and all(entry[meal] == "none" for meal in MEALS):
            return
        self.cells.add(f"{path}.date", Area.cell(DAYS.sheet, row, columns["date"]), "Date")
        for key in MEAL_KEYS:
            self.cells.add(f"{path}.{key}", Area.cell(DAYS.sheet, row, columns[key]), DAYS.column(key).header)
        self.stated["furnished_meals"].append(entry)

    def _read_expenses(self, columns: dict[str, int]) -> None:
        self.stated["expenses"] = []
        for row in self._rows(EXPENSES):
            cells = self._row(EXPENSES, columns, row, (*EXPENSES.inputs, EXPENSES.column("line")))
            line = str(cells.pop("line").value) if "line" in cells else ""
            if "amount" in cells and self._is_computed(cells):
                del cells["amount"]
            if cells:
                self._read_expense(line, row, columns, cells)

    def _is_computed(self, cells: dict[str, ReadCell]) -> bool:
        """Whether the amount of a row is the formula for mileage, and not what a person typed."""
        amount = cells["amount"]
        mileage = "category" in cells and str(cells["category"].value).strip().casefold() == "pov_mileage"
        if amount.formula is None:
            return mileage and self._submitted
        return mileage or "pov_mileage" in amount.formula

    def _read_expense(self, line: str, row: int, columns: dict[str, int], cells: dict[str, ReadCell]) -> None:
        index = len(self.stated["expenses"])
        self.expense_rows.add(row)
        self._lines.setdefault(line, f"E{index + 1}")
        entry: dict[str, Any] = {}
        for column in EXPENSES.inputs:
            area = Area.cell(EXPENSES.sheet, row, columns[column.key])
            self.cells.add(f"expenses[{index}].{column.field}", area, column.header)
            if column.key in cells:
                put(entry, column.field, self._value(cells[column.key], READERS[column.kind], column.header))
        self.stated["expenses"].append(entry)

    def _rename_lines(self) -> None:
        """Credits name lines as the sheets number them; rows left blank or deleted move the claim's own numbers."""
        for index, credit in enumerate(self.stated.get("credits", ())):
            line = credit.get("line")
            if line in self._lines:
                credit["line"] = self._lines[line]
            elif line is not None and _LINE.fullmatch(line):
                what = f"{line} is not a line of this workbook"
                self._refuse_path(
                    InputError(
                        "workbook.credit.line-unknown",
                        what,
                        where=f"credits[{index}].line",
                        fix="name a line as Days or Expenses number it",
                    )
                )


def _typed(value: object, kind: type[date] | type[time]) -> object:
    """A date or time that was typed as text, like 2026-10-04 or 07:30; anything else as it is."""
    if isinstance(value, str):
        with suppress(ValueError):
            return kind.fromisoformat(value)
    return value


def _day_of(moment: object) -> date | None:
    if isinstance(moment, datetime):
        return moment.date()
    return moment if isinstance(moment, date) else None


def put(entry: dict[str, Any], path: str, value: object) -> None:
    """State a field of an entry by its path, below the groups that it needs; nothing for None."""
    if value is None:
        return
    *groups, last = path.split(".")
    for group in groups:
        entry = entry.setdefault(group, {})
    entry[last] = value

"""Reads a claim workbook: the claim it states, where each field stands, and what of it cannot be read or seen.

In a workbook that was submitted a cell that cannot be read does not stop the reading. The entry that it belongs to (a
night, an expense, a credit) is left out of the claim, or the field where it belongs to none, and is named, so that
the rest can be audited; a claim with such a cell is never paid. Where a claim is built, they are an error.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from perdiem_calc.checks.submission import Refused
from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.claims.trip import NOT_CONTINUOUS
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.money import CENT
from perdiem_calc.text import describe_days
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.claim_page import ATTACHMENTS
from perdiem_calc.workbook.form.columns import DAYS, EXPENSES
from perdiem_calc.workbook.form.layout import FIRST_ROW, Area, CellMap, Role
from perdiem_calc.workbook.form2 import read as form2_read
from perdiem_calc.workbook.form2.read import ReadForm, form_in
from perdiem_calc.workbook.reading.extents import of_days, of_expenses
from perdiem_calc.workbook.reading.opening import OpenBook, ReadCell, book_of
from perdiem_calc.workbook.reading.package import Package, open_package
from perdiem_calc.workbook.reading.read import READ_SHEETS, Reading
from perdiem_calc.workbook.reading.stating import value_of
from perdiem_calc.workbook.writing.claim_sheet import TOTALS

SHEETS = (*READ_SHEETS, layout.RATES)
MOST_LEFT_OUT = 50
"""With more unreadable entries than this a claim is not worth computing."""
ENTRIES = frozenset({"lodging", "expenses", "credits", "furnished_meals"})
"""Lists whose entries stand for themselves."""
WITH_FOLLOWING: Mapping[str, tuple[str, ...]] = {
    "kind": ("replaces",),
    "replaces": ("kind",),
    "previous_claims": (),
    "previously_reimbursed": ("previous_claims",),
}
"""Fields that are left out as a whole, and what cannot be judged without them."""

_PARTS = re.compile(r"[^.\[\]]+")
_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class Submitted:
    """A submitted workbook that was read. `claim` is None where too much of it cannot be read.

    `hidden` is what is hidden in it although it counts.
    """

    book: OpenBook
    reading: Reading
    claim: Claim | None
    hidden: tuple[Refused, ...] = ()

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Everything in it that bars the claim until it is fixed."""
        return (*self.hidden, *map(_refused, self.reading.refused))

    @property
    def hidden_rows(self) -> frozenset[tuple[str, int]]:
        """The rows, by sheet and from 0, that are refused since they are hidden."""
        areas = filter(None, (Area.at(one.where) for one in self.hidden))
        return frozenset((area.sheet, area.row) for area in areas)

    @property
    def unread(self) -> tuple[str, ...]:
        """The cells that cannot be read, so that the claim lacks what they state."""
        return tuple(error.where for error in self.reading.refused)

    @property
    def stated(self) -> dict[str, Decimal | None]:
        """The totals as the workbook states them, by the names that those of an itemized claim have.

        Dollars; None where nothing is stated.
        """
        names = {**TOTALS, "previously_reimbursed": "previously_reimbursed"}
        return {total: self._amount(name) for name, total in names.items()}

    @property
    def stated_payable(self) -> Decimal | None:
        """What the workbook says is payable; None where it says nothing."""
        return self._amount("payable")

    def _amount(self, name: str) -> Decimal | None:
        cell = self.book.named(name)
        value = value_of(cell.value) if cell is not None else None
        return value.quantize(CENT) if isinstance(value, Decimal) else None


def read_claim(path: Path) -> Claim:
    """The claim that a workbook states; raises as `read_with_cells` does."""
    return read_with_cells(path)[0]


def read_with_cells(path: Path) -> tuple[Claim, CellMap]:
    """The claim that a workbook states, and where its fields are.

    Raises InputError for another program's workbook; InputErrors, each with its cell, where anything of it cannot be
    read, is hidden or outside its table, or where a day of the trip has no row.
    """
    package = open_package(path)
    form = form_in(package)
    if form is not None:
        return form2_read.read_with_cells(form)
    reading = Reading(book_of(package, SHEETS))
    reading.read()
    _refuse_outside(reading)
    refused = [
        InputError("workbook.sheet.hidden", one.what, where=one.where, fix=one.fix) for one in _hidden(reading)
    ]
    try:
        claim = reading.claim()
    except InputErrors as errors:
        raise InputErrors([*refused, *errors.errors]) from None
    refused += [
        InputError("workbook.day.missing", one.what, where=one.where, fix=one.fix)
        for one in missing_days(reading, claim.trip.days())
    ]
    if refused:
        raise InputErrors(refused)
    return claim, reading.cells


def read_submitted(path: Path) -> Submitted:
    """The workbook in a file, as submitted.

    Raises InputError where the file is not a claim workbook of this program, or not safe to read.
    """
    return _submitted(open_package(path))


def read_form_or_submitted(path: Path) -> ReadForm | Submitted:
    """The form or the workbook in a file, as submitted; raises as `read_submitted` does."""
    package = open_package(path)
    form = form_in(package)
    return form2_read.read_form(form) if form is not None else _submitted(package)


def _submitted(package: Package) -> Submitted:
    book = book_of(package, SHEETS)
    if book.named("layout_version") is None and layout.CLAIM not in book.cells:
        raise InputError(
            "workbook.not-a-claim",
            "is not our claim form",
            fix="send the agency the blank claim form, and ask for it filled in",
        )
    reading = Reading(book, submitted=True)
    missing = tuple(_missing(book))
    if missing:
        return Submitted(book, reading, None, missing)
    reading.read()
    _refuse_outside(reading)
    hidden = tuple(_hidden(reading))
    if not all(reading.columns.values()):
        return Submitted(book, reading, None, hidden)
    return _salvaged(reading, hidden)


def _missing(book: OpenBook) -> Iterator[Refused]:
    for sheet in SHEETS:
        if sheet not in book.cells:
            what = f"the sheet {sheet} is missing or has another name"
            yield Refused("malformed", f"{sheet}!A1", what, "give it that name again, or build the workbook again")


def _refuse_outside(reading: Reading) -> None:
    """Refuse the nights and expenses that stand below or above their table."""
    for prefix, field_name, extent in (
        ("lodging", "night", of_days(reading.book)),
        ("expenses", "date", of_expenses(reading.book)),
    ):
        for index in range(len(reading.stated.get(prefix, ()))):
            area = reading.cells.area(f"{prefix}[{index}].{field_name}")
            if area is not None and area.row not in extent:
                rows = f"rows {extent.first + 1} to {extent.last + 1}"
                what = f"row {area.row + 1} stands outside the table, {rows}, so that no total has it"
                reading.refuse(area, "Date", what, "move it into a row of the table")


def _hidden(reading: Reading) -> Iterator[Refused]:
    """Hidden rows and columns with stated cells."""
    book = reading.book
    for sheet in SHEETS:
        if sheet in book.hidden_sheets:
            yield Refused("malformed", f"{sheet}!A1", f"the sheet {sheet} is hidden", "show it, and send it again")
    if not any(book.hidden_rows.values()):
        return
    inputs: dict[tuple[str, int], ReadCell] = {}
    for cell in _inputs(reading):
        if cell.area.row in book.hidden_rows.get(cell.area.sheet, ()) and not cell.is_blank:
            inputs.setdefault((cell.area.sheet, cell.area.row), cell)
    for (_, row), cell in inputs.items():
        what = f"row {row + 1} of the sheet {cell.area.sheet} is hidden"
        yield Refused("malformed", cell.area.address, what, "show the row, and send it again")


def missing_days(reading: Reading, days: Iterable[date]) -> Iterator[Refused]:
    """The days of the trip that have no row."""
    seen = {on for _, on in reading.calendar}
    missing = [on for on in days if on not in seen]
    if missing and not reading.unread_days:
        first = next((row for row, _ in reading.calendar), FIRST_ROW)
        what = f"there is no row for {describe_days(missing)}"
        cell = DAYS.cell("date", first).address
        yield Refused(NOT_CONTINUOUS, cell, what, "build the workbook again with all days of the trip")


def _inputs(reading: Reading) -> Iterator[ReadCell]:
    """The cells in hidden rows that a person fills in, and the dates of the days."""
    book = reading.book
    for placed in reading.named.page.placed:
        cell = reading.named.cell(placed.field) if placed.field.role is Role.INPUT else None
        if cell is not None:
            yield cell
    for item, *_ in ATTACHMENTS:
        yield reading.named.status(item)
    for table in (DAYS, EXPENSES):
        keys = [
            column for column in table.columns if column.role is Role.INPUT or (table, column.key) == (DAYS, "date")
        ]
        for row in book.hidden_rows.get(table.sheet, ()):
            for column in keys if row >= FIRST_ROW else ():
                cell = book.cell(table.sheet, row, table.places[column.key])
                if cell.formula is None:
                    yield cell


def _salvaged(reading: Reading, hidden: tuple[Refused, ...]) -> Submitted:
    """The claim without what cannot be read of it."""
    if len(reading.refused) > MOST_LEFT_OUT:
        return Submitted(reading.book, reading, None, hidden)
    rest = _Rest(copy.deepcopy(reading.stated), reading)
    for refused in reading.refused:
        rest.leave_out(reading.cells.path(refused.where))
    claim = None
    for _ in range(MOST_LEFT_OUT):
        try:
            claim = parse_claim(rest.stated)
        except InputErrors as errors:
            first = errors.errors[0]
            reading.refuse_paths([error for error in errors.errors if not rest.explains(error)])
            if first.check or not rest.leave_out(first.where):
                break
        else:
            break
    return Submitted(reading.book, reading, claim, hidden)


def _refused(error: InputError) -> Refused:
    check = NOT_CONTINUOUS if error.check == NOT_CONTINUOUS else "malformed"
    return Refused(check, error.where, error.what, error.fix)


@dataclass
class _Rest:
    """What is left of a claim as stated when what cannot be read is left out of it."""

    stated: dict[str, Any]
    reading: Reading
    fields: set[str] = field(default_factory=set)

    def explains(self, error: InputError) -> bool:
        """Whether an error only follows from what was left out: of the trip nothing stands for itself."""
        return error.where.startswith("trip") and any(left.startswith("trip") for left in self.fields)

    def leave_out(self, path: str) -> bool:
        """Leave out what a path names: the entry it belongs to, else the field; False where there is neither."""
        name, *parts = _PARTS.findall(path) or [""]
        entries = self.stated.get(name)
        if name in WITH_FOLLOWING:
            for follows in (name, *WITH_FOLLOWING[name]):
                self.stated.pop(follows, None)
        elif name in ENTRIES and isinstance(entries, list) and parts and int(parts[0]) < len(entries):
            self._leave_out_entry(name, int(parts[0]), entries)
        elif not self._leave_out_field([name, *parts]) and not self._leave_out_innermost([name, *parts]):
            return False
        self.fields.add(path if name not in WITH_FOLLOWING else name)
        return True

    def _leave_out_entry(self, name: str, index: int, entries: list[Any]) -> None:
        del entries[index]
        self.reading.cells.drop(name, index)
        kinds = {"lodging": "NT", "expenses": "E"}.get(name, "")
        credits = self.stated.get("credits", [])
        for at, credit in reversed(list(enumerate(credits))):
            line = str(credit.get("line") or " ")
            if line[0] not in kinds or not _NUMBER.fullmatch(line, 1):
                continue
            if int(line[1:]) == index + 1:
                self._leave_out_entry("credits", at, credits)
            elif int(line[1:]) > index + 1:
                credit["line"] = f"{line[0]}{int(line[1:]) - 1}"

    def _leave_out_field(self, parts: list[str]) -> bool:
        group: Any = self.stated
        *groups, last = parts
        for part in groups:
            if isinstance(group, list) and part.isdecimal() and int(part) < len(group):
                group = group[int(part)]
            elif isinstance(group, dict) and part in group:
                group = group[part]
            else:
                return False
        if not isinstance(group, dict) or last not in group:
            return False
        del group[last]
        return True

    def _leave_out_innermost(self, parts: list[str]) -> bool:
        """Leave out the innermost entry of a list that a field belongs to."""
        group: Any = self.stated
        found: tuple[list[Any], int] | None = None
        for part in parts:
            if isinstance(group, list) and part.isdecimal() and int(part) < len(group):
                found = group, int(part)
                group = group[int(part)]
            elif isinstance(group, dict) and part in group:
                group = group[part]
        if found is not None:
            del found[0][found[1]]
        return found is not None

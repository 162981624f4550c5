"""Reads a workbook as it was submitted: the claim it states, where each field stands, and what cannot be read.

A cell that cannot be read does not stop the reading. What depends on it (an amount, or the whole line without it) is
left out of the claim and is named, so that the rest can be audited; a claim with such a cell is never paid.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from perdiem_calc.claim import Claim
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.refusals import parse_claim
from perdiem_calc.submission import Refused
from perdiem_calc.trip import NOT_CONTINUOUS
from perdiem_calc.workbook import layout
from perdiem_calc.workbook.claim_sheet import TOTALS
from perdiem_calc.workbook.columns import DAYS, EXPENSES, Table
from perdiem_calc.workbook.layout import FIRST_ROW, Area, Role
from perdiem_calc.workbook.opening import OpenBook, open_book
from perdiem_calc.workbook.read import READ_SHEETS, Reading
from perdiem_calc.workbook.values import FAR

SHEETS = (*READ_SHEETS, layout.RATES)
MOST_LEFT_OUT = 50
"""With more unreadable entries than this a claim is not worth computing."""

_PARTS = re.compile(r"[^.\[\]]+")


@dataclass(frozen=True)
class Submitted:
    """A submitted workbook that was read. `claim` is None where too much of it cannot be read."""

    book: OpenBook
    reading: Reading
    claim: Claim | None
    refused: tuple[Refused, ...]

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
        value = cell.value if cell is not None else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < FAR:
            return None
        return Decimal(repr(value)).quantize(Decimal("0.01"))


def read_submitted(path: Path) -> Submitted:
    """The workbook in a file, as submitted.

    Raises InputError where the file is not a claim workbook of this program, or not safe to read.
    """
    book = open_book(path, SHEETS)
    if book.named("layout_version") is None and layout.CLAIM not in book.cells:
        raise InputError("is not a claim workbook of this program", mend="ask for the workbook that was built")
    missing = [sheet for sheet in SHEETS if sheet not in book.cells]
    reading = Reading(book, submitted=True)
    if missing:
        refused = tuple(
            Refused(
                "malformed", f"{sheet}!A1", f"the sheet {sheet} is missing or has another name", "name it so again"
            )
            for sheet in missing
        )
        return Submitted(book, reading, None, refused)
    reading.read()
    return _salvaged(reading, tuple(_hidden(book)))


def _hidden(book: OpenBook) -> Iterator[Refused]:
    """What is hidden although somebody states something there."""
    for sheet in SHEETS:
        if sheet in book.hidden_sheets:
            yield Refused("malformed", f"{sheet}!A1", f"the sheet {sheet} is hidden", "show it, and send it again")
    for table in (DAYS, EXPENSES):
        for row in sorted(book.hidden_rows.get(table.sheet, ())):
            cell = _first_input(book, table, row)
            if cell is not None:
                yield Refused(
                    "malformed", cell.address, f"row {row + 1} is hidden", "show the row, and send it again"
                )


def _first_input(book: OpenBook, table: Table, row: int) -> Area | None:
    if row < FIRST_ROW:
        return None
    for column in table.columns:
        cell = book.cell(table.sheet, row, table.places[column.key])
        if column.role is Role.INPUT and not cell.is_blank and cell.formula is None:
            return cell.area
    return None


def _salvaged(reading: Reading, hidden: tuple[Refused, ...]) -> Submitted:
    """The claim without what cannot be read of it."""
    stated = copy.deepcopy(reading.stated)
    claim = None
    for _ in range(MOST_LEFT_OUT):
        try:
            claim = parse_claim(stated)
        except InputErrors as errors:
            reading.refuse_paths(errors)
            if not _leave_out(stated, reading, errors.errors[0]):
                break
        else:
            break
    return Submitted(reading.book, reading, claim, (*hidden, *map(_refused, reading.refused)))


def _refused(error: InputError) -> Refused:
    check = NOT_CONTINUOUS if error.check == NOT_CONTINUOUS else "malformed"
    return Refused(check, error.where, error.what, error.mend)


def _leave_out(stated: dict[str, Any], reading: Reading, error: InputError) -> bool:
    """Leave out what an error is about: the field where it is there, else its entry; False where neither goes."""
    if error.check:
        return False
    group: Any = stated
    entry: tuple[str, int, list[Any]] | None = None
    path = ""
    *parts, last = _PARTS.findall(error.where)
    for part in parts:
        if isinstance(group, list) and part.isdecimal() and int(part) < len(group):
            entry = (path, int(part), group)
            group, path = group[int(part)], f"{path}[{part}]"
        elif isinstance(group, dict) and part in group:
            group, path = group[part], f"{path}.{part}".removeprefix(".")
        else:
            break
    else:
        if isinstance(group, dict) and last in group:
            del group[last]
            return True
        if isinstance(group, list) and last.isdecimal() and int(last) < len(group):
            entry = (path, int(last), group)
    if entry is None:
        return False
    path, index, entries = entry
    del entries[index]
    reading.cells.drop(path, index)
    return True

"""Cells of a workbook that openpyxl opened, by their names and headers; and the form, filled in."""

from __future__ import annotations

from datetime import date, time
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from perdiem_calc.checks.finding import Finding
from perdiem_calc.rates.places import parse_place
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.form.columns import Table
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.form.layout import FIRST_ROW, HEADER_ROW
from perdiem_calc.workbook.writing.blank_form import write_form
from perdiem_calc.workbook.writing.write import workbook_bytes
from tests.golden import itemized_of
from tests.support.claim_data import sample
from tests.support.claims import Record

NAMES = {
    "claimed": "claimed_total",
    "allowable": "allowable_total",
    "cap": "cap_limit",
    "payable": "payable",
    "payable_if_mended": "payable_if_mended",
    "agency_share": "agency_share",
    "over_ceiling": "over_ceiling_total",
    "not_allowable": "not_allowable_total",
    "over_cap": "over_cap_total",
    "lodging": "lodging_allowed_total",
    "lodging_tax": "lodging_tax_allowed_total",
    "mie": "mie_allowed_total",
    "transportation": "transportation_allowed_total",
    "other": "other_allowed_total",
}


def book_of(record: Any, *, values: bool = False, findings: tuple[Finding, ...] = ()) -> Any:
    """The workbook of a claim, opened."""
    content = workbook_bytes(Contents(itemized_of(record), findings, load_law()))
    return openpyxl.load_workbook(BytesIO(content), data_only=values)


def named(book: Any, name: str) -> Any:
    """The value of a defined name's first cell."""
    sheet, _, cells = book.defined_names[name].attr_text.partition("!")
    return book[sheet][cells.replace("$", "").partition(":")[0]].value


def column(book: Any, table: Table, header: str) -> list[Any]:
    """The values of a table's column, by its header, down to the last row of the sheet."""
    sheet = book[table.sheet]
    (found,) = [cell.column for cell in sheet[HEADER_ROW + 1] if cell.value == header]
    return [sheet.cell(row, found).value for row in range(FIRST_ROW + 1, sheet.max_row + 1)]


def form(path: Path, place: str = "Orlando, FL", returns: str = "2026-10-09") -> Any:
    """A form for a trip from October 4 on, written and opened."""
    write_form(path, parse_place(place), date(2026, 10, 4), date.fromisoformat(returns), Ratebook.open(), load_law())
    return openpyxl.load_workbook(path)


def put(book: Any, name: str, value: object) -> None:
    """Fill in the cell of a defined name."""
    sheet, _, cell = book.defined_names[name].attr_text.replace("$", "").partition("!")
    book[sheet][cell] = value


def fill_in(path: Path) -> dict[str, Any]:
    """A form filled in with the claim to Orlando; the claim as JSON states it."""
    book = form(path)
    record = sample("2026-ORL-0001")
    record["course"]["outcome"] = "completed"
    for part in (
        "claim_id",
        "kind",
        "prepared_on",
        "agency",
        "award",
        "officer",
        "course",
        "signatures",
        "attachments",
    ):
        _fill(book, part, record[part])
    put(book, "trip_official_station_city", "Jacksonville")
    put(book, "trip_official_station_state", "IL")
    put(book, "trip_departed_at_time", time(12, 30))
    put(book, "trip_returned_at_time", time(18, 45))
    days, expenses = book["Days"], book["Expenses"]
    for row in range(5, 10):
        days[f"K{row}"], days[f"O{row}"], days[f"S{row}"] = 159, 19.88, "R1"
    for row in range(5, 11):
        for letter in "WXY":
            days[f"{letter}{row}"] = "none"
    days["X8"], days["W9"] = "registration", "hotel"
    for row, expense in enumerate(record["expenses"], start=5):
        expenses[f"B{row}"] = date.fromisoformat(expense["date"])
        texts = {"C": "category", "D": "description", "E": "vendor", "F": "from", "G": "to", "K": "receipt"}
        for letter, field in texts.items():
            expenses[f"{letter}{row}"] = expense.get(field)
        if "miles" in expense:
            expenses[f"H{row}"] = float(expense["miles"])
        else:
            expenses[f"J{row}"] = float(expense["amount"])
    book.save(path)
    return record


def _fill(book: Any, name: str, value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _fill(book, f"{name}_{key}", inner)
    elif name in book.defined_names:
        is_date = isinstance(value, str) and len(value) == 10 and value[4] == "-"
        put(book, name, date.fromisoformat(value) if is_date else value)


def content_of(record: Record) -> bytes:
    """The workbook of a claim."""
    return workbook_bytes(Contents(itemized_of(record, None), (), load_law()))

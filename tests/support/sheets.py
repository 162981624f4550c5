"""Cells of a workbook that openpyxl opened, by their defined names; and the form, filled in."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import openpyxl

from perdiem_calc.rates.places import parse_place
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.form.edition import edition_for
from perdiem_calc.workbook.form.table import DOCUMENT_NAMES
from perdiem_calc.workbook.writing.fill import cells_of_trip
from perdiem_calc.workbook.writing.write import write_form
from tests.golden import YEARS
from tests.support.claim_data import sample

NAMES = {
    "claimed": "claimed_total",
    "allowable": "allowable_total",
    "cap": "cap_limit",
    "payable": "payable",
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
"""The totals of a claim, and the defined names of their cells."""


def named(book: Any, name: str) -> Any:
    """The value of a defined name's cell; of `day_room[2]` that of the third."""
    return cell_of(book, name).value


def put(book: Any, name: str, value: object) -> None:
    """Fill in the cell of a defined name."""
    cell_of(book, name).value = value


def cell_of(book: Any, name: str) -> Any:
    """The cell of a defined name; of `day_room[2]` the third."""
    name, _, index = name.partition("[")
    sheet, _, cells = book.defined_names[name].attr_text.partition("!")
    first = book[sheet.strip("'")][cells.replace("$", "").partition(":")[0]]
    return first.offset(row=int(index.rstrip("]") or 0)) if index else first


def form(path: Path, place: str = "Orlando, FL", returns: str = "2026-10-09") -> Any:
    """A form for a trip from October 4 on, written and opened."""
    first, last = date(2026, 10, 4), date.fromisoformat(returns)
    edition = edition_for(YEARS)
    cells = cells_of_trip(parse_place(place), first, last, edition, Ratebook.open())
    write_form(path, cells, edition, load_law())
    return openpyxl.load_workbook(path)


def fill_in(path: Path) -> dict[str, Any]:
    """A form filled in with the claim to Orlando; the claim as JSON states it."""
    book = form(path)
    record = sample("2026-ORL-0001")
    record["course"]["outcome"] = "completed"
    for part in ("claim_id", "prepared_on", "agency", "award", "officer", "signatures"):
        _fill(book, part, record[part])
    for key in ("starts_on", "ends_on", "completed_on", "class_id", "coordinated_on", "coordinated_with"):
        _fill(book, f"course_{key}", record["course"].get(key))
    typed: dict[str, object] = {
        "station_city": "Jacksonville",
        "station_state": "IL",
        "trip_departed_time": time(12, 30),
        "trip_returned_time": time(18, 45),
        "every_room": 159,
        "every_tax": 19.88,
        "every_receipt": "R1",
        "every_breakfast": "Not furnished",
        "every_lunch": "Not furnished",
        "every_dinner": "Not furnished",
        "day_lunch[3]": "In the course fee",
        "day_breakfast[4]": "Free at the hotel",
    }
    fields = {"category": "category", "description": "description", "vendor": "vendor", "from": "from", "to": "to"}
    words = {"airfare": "Airfare", "baggage": "Checked bag", "taxi": "Taxi, ride or shuttle"}
    words |= {"pov_mileage": "Own car mileage", "parking": "Parking"}
    for index, expense in enumerate(record["expenses"]):
        typed[f"exp_date[{index}]"] = date.fromisoformat(expense["date"])
        for column, field in {**fields, "receipt": "receipt"}.items():
            typed[f"exp_{column}[{index}]"] = words.get(expense.get(field), expense.get(field))
        for column in ("miles", "amount"):
            if column in expense:
                typed[f"exp_{column}[{index}]"] = float(expense[column])
    for name, value in typed.items():
        put(book, name, value)
    statuses = {"attached": "Attached", "missing": "Missing", "not_needed": "Not needed"}
    items = list(DOCUMENT_NAMES)
    for item, status in record["attachments"].items():
        put(book, f"doc_status[{items.index(item)}]", statuses[status])
    book.save(path)
    return record


def _fill(book: Any, name: str, value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _fill(book, f"{name}_{key}", inner)
    elif name in book.defined_names and value is not None:
        is_date = isinstance(value, str) and len(value) == 10 and value[4] == "-"
        put(book, name, date.fromisoformat(value) if is_date else value)

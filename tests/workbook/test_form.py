"""The prefilled form: what is known is there, what is needed is named, and filling it in gives the claim."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.errors import InputErrors, OutputError, RateUnavailable
from perdiem_calc.rates.places import parse_place
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.workbook.reading.submitted import read_claim
from perdiem_calc.workbook.writing.blank_form import UNKNOWN, write_form
from tests.support.claim_data import sample
from tests.workbook.test_write import column, named


def form(path: Path, place: str = "Orlando, FL", returns: str = "2026-10-09") -> Any:
    """A form for a trip from October 4 on, written and opened."""
    from perdiem_calc.rules.law import load_law

    write_form(path, parse_place(place), date(2026, 10, 4), date.fromisoformat(returns), Ratebook.open(), load_law())
    return openpyxl.load_workbook(path)


def put(book: Any, name: str, value: object) -> None:
    """Fill in the cell of a defined name."""
    sheet, _, cell = book.defined_names[name].attr_text.replace("$", "").partition("!")
    book[sheet][cell] = value


def test_place_dates_and_rates_are_filled_in_and_payable_needs_a_completed_course(tmp_path: Path) -> None:
    form(tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx", data_only=True)
    from perdiem_calc.workbook.form.columns import DAYS

    assert named(book, "trip_stops_0_place_city") == "Orlando"
    assert [f"{day:%m-%d}" for day in column(book, DAYS, "Date")] == [f"10-{n:02}" for n in range(4, 10)]
    assert column(book, DAYS, "Lodging ceiling") == [145] * 5 + [None]
    assert column(book, DAYS, "M&IE allowed") == [60, 80, 80, 80, 80, 60]
    assert column(book, DAYS, "Room rate") == [None] * 6
    assert (named(book, "mie_allowed_total"), named(book, "payable"), named(book, "payable_if_mended")) == (
        440,
        0,
        440,
    )
    assert named(book, "claim_blocked") is True
    assert named(book, "claim_blocked_by") == "course-not-completed certificate-missing signature-missing"


def test_the_reader_names_every_needed_cell_that_is_blank(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    book = form(path)
    with pytest.raises(InputErrors) as refused:
        read_claim(path)
    where = {error.where for error in refused.value.errors}
    needed = {
        "claim_id",
        "prepared_on",
        "agency_name",
        "agency_remit_to",
        "agency_contact_name",
        "award_number",
        "award_letter_date",
        "officer_name",
        "officer_sro_hired_on",
        "course_starts_on",
        "course_ends_on",
        "course_outcome",
        "trip_official_station_city",
    }
    cells = {book.defined_names[name].attr_text.replace("$", "") for name in needed}
    assert where == cells
    fixes = ("fill it in", "are needed", "choose completed, ")
    assert all(any(fix in str(error) for fix in fixes) for error in refused.value.errors)


def test_no_stand_in_is_left_in_a_form(tmp_path: Path) -> None:
    book = form(tmp_path / "form.xlsx")
    for name in (path.replace(".", "_") for path in UNKNOWN):
        assert named(book, name) is None, name


def test_a_form_says_that_it_is_to_be_filled_in_and_prints_all_its_rows(tmp_path: Path) -> None:
    book = form(tmp_path / "form.xlsx")
    for cell in (book["Claim"]["A3"], book["Days"]["C2"], book["Expenses"]["A2"]):
        assert cell.value.startswith("Fill in the shaded cells")
    assert book["Expenses"].print_area.endswith("$44")  # forty rows, from row 5 on


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


def test_a_form_that_is_filled_in_gives_the_claim(tmp_path: Path) -> None:
    record = fill_in(tmp_path / "form.xlsx")
    assert read_claim(tmp_path / "form.xlsx") == parse_claim(record)


def test_a_place_without_a_rate_impossible_dates_and_an_existing_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with pytest.raises(RateUnavailable):
        form(path, place="Honolulu, HI")
    with pytest.raises(InputErrors, match="is not after the departure"):
        form(path, returns="2026-10-01")
    assert not path.exists()
    form(path)
    with pytest.raises(OutputError, match="exists already"):
        form(path)


def test_a_form_for_one_day_asks_for_the_times(tmp_path: Path) -> None:
    form(tmp_path / "form.xlsx", returns="2026-10-04")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx", data_only=True)
    from perdiem_calc.workbook.form.columns import DAYS

    assert column(book, DAYS, "Day type") == ["no times given"]
    assert column(book, DAYS, "M&IE allowed") == [0]

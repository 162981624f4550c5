"""The prefilled form: what is known is there, what is needed is named, and filling it in gives the claim."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.errors import InputErrors, OutputError, RateUnavailable
from perdiem_calc.workbook.reading.submitted import read_claim
from perdiem_calc.workbook.writing.blank_form import UNKNOWN
from tests.support.sheets import column, fill_in, form, named


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
    with pytest.raises(OutputError, match="already exists"):
        form(path)


def test_a_form_for_one_day_asks_for_the_times(tmp_path: Path) -> None:
    form(tmp_path / "form.xlsx", returns="2026-10-04")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx", data_only=True)
    from perdiem_calc.workbook.form.columns import DAYS

    assert column(book, DAYS, "Day type") == ["no times given"]
    assert column(book, DAYS, "M&IE allowed") == [0]

"""The workbook as it is written: the figures of the contract, names, tables, protection, and nothing half-written."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import stat
import zipfile
from copy import deepcopy
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.cell import coordinate_to_tuple

from perdiem_calc.auditing.claim_file import read_claim_file
from perdiem_calc.checks.finding import Finding, Outcome, Severity, Where
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.rules.law import load_law
from perdiem_calc.text import with_blanks
from perdiem_calc.workbook.form import layout
from perdiem_calc.workbook.form.claim_page import GROUPS, claim_page
from perdiem_calc.workbook.form.columns import DAYS, EXPENSES, FINDINGS
from perdiem_calc.workbook.form.contents import Contents
from perdiem_calc.workbook.form.layout import FIRST_ROW, HEADER_ROW, Area, CellMap, Role, joined
from perdiem_calc.workbook.form.where import cells_of
from perdiem_calc.workbook.reading.opening import open_book
from perdiem_calc.workbook.reading.read import READ_SHEETS, Reading
from perdiem_calc.workbook.writing.tables import TOTALS_ROW
from perdiem_calc.workbook.writing.write import workbook_bytes, write_claim
from tests.golden import SAMPLES, dump, findings_of, golden_path, itemized_of, sample_bytes
from tests.support.claim_data import CONTRACT, sample
from tests.support.claims import TEXTS, random_claim
from tests.support.house_rules import ROOT, seeds
from tests.support.sheets import NAMES, book_of, column, named

DAYS_HEADERS = (
    "Date, Weekday, Place, County, ZIP, Locality, Day type, Personal day, Lodging ceiling, Approved ceiling, "
    "Room rate, Sharers, Lodging type, Lodging allowed, Tax paid, Flat tax, Tax allowed, Hotel, Lodging receipt, "
    "Receipt statement, M&IE rate, M&IE percent, Breakfast, Lunch, Dinner, Meal statement, M&IE paid, M&IE allowed, "
    "Day total, Disallowed, Rule, Reason, Citation"
)
EXPENSES_HEADERS = (
    "Line, Date, Category, Description, Vendor, From, To, Miles, Mileage rate, Amount claimed, Receipt, "
    "Receipt total, Receipt statement, Ticket, Class, Plate, Comparable cost, Taxi equivalent, Justification, "
    "Approval, Credit, Paid by, Amount allowed, Disallowed, Rule, Reason, Citation"
)
FINDINGS_HEADERS = (
    "Check, Severity, Where, Claimed, Allowed, Line effect, Payment effect, How to fix, Decision, Decision reason"
)


def test_the_totals_above_the_columns_are_the_sums_below_them() -> None:
    """As a spreadsheet computes them; a credit beyond what its line cost is in the totals of Claim alone."""
    formulas: Any
    book: Any
    for seed in seeds(0, 40):
        contents = workbook_bytes(Contents(itemized_of(random_claim(random.Random(seed))), (), load_law()))
        formulas, book = (openpyxl.load_workbook(BytesIO(contents), data_only=kept) for kept in (False, True))
        for sheet in ("Days", "Expenses"):
            for cell in formulas[sheet][TOTALS_ROW + 1]:
                if summed := re.fullmatch(r"=ROUND\(SUM\((\w+:\w+)\),2\)", str(cell.value)):
                    amounts = [Decimal(str(one.value or 0)) for (one,) in book[sheet][summed[1]]]
                    below = sum(amounts, Decimal(0))
                    kept = Decimal(str(book[sheet][cell.coordinate].value))
                    assert kept == below, f"{sheet}!{cell.coordinate} of random_claim(random.Random({seed}))"


@pytest.mark.parametrize("name", CONTRACT)
def test_the_amounts_of_the_contract_stand_in_their_named_cells(name: str) -> None:
    expected = json.loads((ROOT / "tests" / "contract" / f"itemized.{CONTRACT[name]}.json").read_text())
    book = book_of(sample(name), values=True)
    assert {total: f"{named(book, NAMES[total]):.2f}" for total in expected["totals"]} == expected["totals"]
    allowed = dict(zip(column(book, DAYS, "Date"), column(book, DAYS, "M&IE allowed"), strict=True))
    assert {f"{on:%Y-%m-%d}": f"{amount:.2f}" for on, amount in allowed.items()} == expected["mie_allowed_by_day"]


def test_there_are_seven_sheets_in_order_and_stable_headers() -> None:
    book = book_of(sample("2026-ORL-0001"))
    assert book.sheetnames == ["Claim", "Days", "Expenses", "Checklist", "Findings", "Rates", "About"]
    for table, headers in ((DAYS, DAYS_HEADERS), (EXPENSES, EXPENSES_HEADERS), (FINDINGS, FINDINGS_HEADERS)):
        expected = headers.split(", ")
        sheet = book[table.sheet]
        assert [cell.value for cell in sheet[HEADER_ROW + 1]][: len(expected)] == expected
        assert list(sheet.tables) == [table.sheet]
        columns = [cell.name for cell in sheet.tables[table.sheet].tableColumns]
        assert columns == [cell.value for cell in sheet[HEADER_ROW + 1]]


def test_every_amount_of_the_claim_has_its_name_and_is_a_formula() -> None:
    book = book_of(sample("2026-ORL-0001"))
    amounts = (*NAMES.values(), "claim_blocked")
    assert all(str(named(book, name)).startswith("=") for name in amounts)
    assert named(book, "layout_version") == layout.LAYOUT_VERSION
    assert named(book, "previously_reimbursed") == 0
    assert named(book, "officer_name") == "Jordan Reyes"
    assert named(book, "trip_departed_at").date() == date(2026, 10, 4)
    assert named(book, "trip_departed_at_time").strftime("%H:%M") == "12:30"


def test_only_what_a_person_fills_in_is_unlocked() -> None:
    book = book_of(sample("2026-ORL-0001"))
    for table in (DAYS, EXPENSES):
        sheet = book[table.sheet]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        for place, col in enumerate(table.columns, start=1):
            assert sheet.cell(FIRST_ROW + 1, place).protection.locked is (col.role is not Role.INPUT), col.header
    for placed in claim_page(1, 0, 0).placed:
        cell = book["Claim"].cell(placed.area.row + 1, placed.area.column + 1)
        assert cell.protection.locked is (placed.field.role is not Role.INPUT), placed.field.path


def test_inputs_are_validated_in_place_with_a_message() -> None:
    book = book_of(sample("2026-ORL-0001"))
    for table in (DAYS, EXPENSES):
        rules = book[table.sheet].data_validations.dataValidation
        for col in table.inputs:
            cell = f"{table.letter(col.key)}{FIRST_ROW + 1}"
            (rule,) = [rule for rule in rules if cell in rule.sqref]
            assert rule.prompt, col.header
    kinds = {rule.type for rule in book["Claim"].data_validations.dataValidation}
    assert kinds == {"date", "list", "decimal", "whole", "time", None}
    (status,) = book["Checklist"].data_validations.dataValidation
    assert status.formula1 == '"attached,not_needed,missing"'


def test_every_cell_of_claim_that_a_person_fills_in_has_one_note() -> None:
    rules = book_of(sample("2026-ORL-0001"))["Claim"].data_validations.dataValidation
    notes: dict[str, list[str]] = {}
    for placed in claim_page(1, 0, 0).placed:
        if placed.field.role is Role.INPUT:
            cell = Area.cell("", placed.area.row, placed.area.column).address.removeprefix("!")
            notes[placed.field.path] = [rule.prompt for rule in rules if cell in rule.sqref]
    assert [path for path, said in notes.items() if len(said) != 1 or not said[0]] == []
    assert notes["officer.position"][0].endswith("Blank means original.")
    assert "failed, withdrawn: nothing is paid" in notes["course.outcome"][0]
    assert notes["trip.stops[2].place.zip"] == ["Five digits, like 32801; enough without the city."]
    assert notes["award.letter_date"] == ["A date: year-month-day, like 2026-10-04."]


def test_every_note_is_of_a_cell_and_whole() -> None:
    from perdiem_calc.workbook.form.notes import NOTES

    known = {re.sub(r"\[\d+\]", "", placed.field.path) for placed in claim_page(1, 0, 0).placed}
    assert NOTES.keys() <= known
    # Excel shows 255 characters of a note, and no more
    assert max(map(len, NOTES.values())) <= 255


def test_the_claim_prints_on_one_letter_page_and_the_tables_repeat_their_headers() -> None:
    book = book_of(sample("2026-ORL-0001"))
    claim = book["Claim"]
    assert (claim.page_setup.fitToWidth, claim.page_setup.fitToHeight or 1) in ((None, 1), (1, 1))
    for sheet in book:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert str(sheet.page_setup.paperSize) == "1"
        assert "2026-ORL-0001" in sheet.oddFooter.left.text
    assert book["Days"].print_title_rows == "$4:$4"
    assert book["Expenses"].page_setup.orientation == "landscape"


def test_the_rates_of_a_usual_trip_print_on_one_page_and_of_a_long_one_on_as_many_as_they_need() -> None:
    """Orlando in October takes one rate; Washington takes two, of September and of October, in two fiscal years. The
    lists below the rates are always there, and alone would leave a second page with three words. With Moody on the
    way, in the September before, a trip has three rates.
    """
    away = sample("2026-DCA-0003")
    place, before = {"city": "Moody", "state": "AL"}, "2026-09-26"
    away["trip"]["departed_at"] = f"{before}T08:00"
    away["trip"]["stops"].insert(0, {"place": place, "arrived_on": before, "departed_on": "2026-09-27"})
    away["trip"]["stops"][0]["reason"] = "en_route"
    for record, rates, pages in ((sample("2026-ORL-0001"), 1, 1), (sample("2026-DCA-0003"), 2, 1), (away, 3, 0)):
        sheet = book_of(record)["Rates"]
        numbers = [row[0].value for row in sheet["B4:B7"] if isinstance(row[0].value, int)]
        assert numbers == list(range(1, rates + 1))
        # a page high is what is not said otherwise
        assert (1 if sheet.page_setup.fitToHeight is None else sheet.page_setup.fitToHeight) == pages


def test_a_claim_prints_all_its_expense_rows_so_that_none_is_left_off() -> None:
    # Seven expenses stand in rows 5 to 11; forty blank rows follow them, to row 51.
    sheet = book_of(sample("2026-ORL-0001"))["Expenses"]
    assert sheet.tables["Expenses"].ref.endswith("51")
    assert sheet.print_area.endswith("$51")


def test_a_claim_does_not_say_that_it_is_to_be_filled_in() -> None:
    book = book_of(sample("2026-ORL-0001"))
    said = [book["Claim"]["A3"].value, book["Days"]["C2"].value, book["Expenses"]["A2"].value]
    assert not any("Fill in" in text for text in said)
    assert "Build the claim again after a change" in said[0]
    assert all(text.startswith("Rarely used columns are folded away") for text in said[1:])


def test_a_text_is_never_a_formula_a_number_or_a_link() -> None:
    record = sample("2026-ORL-0001")
    for index, text in enumerate(TEXTS):
        expense = {"date": "2026-10-05", "category": "other", "amount": "1.00", "description": text, "vendor": text}
        record["expenses"].append({**expense, "receipt": f"X{index}", "justification": text})
    record["agency"]["name"] = "=1+1"
    record["credits"] = [{"source": "@A1", "amount": "1.00", "note": "+2"}]
    book = book_of(record)
    assert (named(book, "agency_name"), book["Claim"]["A8"].data_type) == ("=1+1", "s")
    assert named(book, "credits_0_source") == "@A1"
    for header in ("Description", "Vendor", "Justification"):
        assert set(map(with_blanks, TEXTS)) <= set(column(book, EXPENSES, header))
    place = EXPENSES.places["description"] + 1
    types = {book["Expenses"].cell(row, place).data_type for row in range(FIRST_ROW + 1, FIRST_ROW + 30)}
    assert types == {"s"}
    assert not any(cell.hyperlink for row in book["Expenses"].iter_rows() for cell in row)


def test_no_stated_value_is_folded_away() -> None:
    record = sample("2026-ORL-0001")
    book = book_of(record)
    assert book["Days"].column_dimensions["L"].hidden
    record["lodging"][0]["sharers"] = 2
    record["expenses"][0]["plate"] = "M 1"
    book = book_of(record)
    hidden = {key for key, dim in book["Days"].column_dimensions.items() if dim.hidden}
    assert "L" not in hidden
    assert not book["Expenses"].column_dimensions["P"].hidden
    for table in (DAYS, EXPENSES):
        for col in table.inputs:
            stated = [v for v in column(book, table, col.header) if v is not None and not str(v).startswith("=")]
            dims = book[table.sheet].column_dimensions
            group = next((d for d in dims.values() if d.min <= table.places[col.key] + 1 <= d.max), None)
            assert not (stated and group is not None and group.hidden), col.header


def test_findings_point_at_cells_and_what_was_not_judged_comes_last() -> None:
    record = sample("2026-ORL-0001")
    found = findings_of(itemized_of(record))
    book = book_of(record, findings=tuple(reversed(found)))
    where = dict(zip(column(book, FINDINGS, "Check"), column(book, FINDINGS, "Where"), strict=True))
    assert where["lodging-over-ceiling"] == "Days!K5:K9"
    assert where["lodging-tax-over-share"] == "Days!O5:O9"
    assert where["furnished-meal-deduction"] == "Days!X8"
    outcomes = column(book, FINDINGS, "Outcome")
    assert outcomes == sorted(outcomes, reverse=True)
    assert "not_evaluated" in outcomes


def test_a_place_in_the_claim_is_found_also_where_it_is_a_group_or_has_no_cell() -> None:
    cells = CellMap()
    cells.add("course.place.city", Area.cell("Claim", 30, 0), "City")
    cells.add("credits[0].line", Area.cell("Claim", 40, 6))
    assert cells.area("course.place") == Area.cell("Claim", 30, 0)
    assert cells.area("credits") == Area.cell("Claim", 40, 6)
    assert cells.area("credits[0].nothing") == Area.cell("Claim", 40, 6)
    assert cells.area("nowhere") is None
    assert (cells.label("course.place.city"), cells.label("course.place")) == ("City", "")
    assert joined([]) == ""


def test_a_finding_about_no_field_points_at_the_claim(law: Law) -> None:
    finding = Finding(
        "x", "chp-cap", Severity.INFO, "claim", Where(("nothing",)), "c", "m", outcome=Outcome.NOT_EVALUATED
    )
    book = book_of(sample("2026-MDY-0007"), findings=(finding,))
    assert column(book, FINDINGS, "Where") == ["Claim"]


def test_lodging_that_fits_no_day_has_a_row_of_its_own_and_says_why() -> None:
    record = sample("2026-ORL-0001")
    record["lodging"].append({**record["lodging"][0]})
    record["lodging"].append({**record["lodging"][0], "night": "2026-10-20"})
    book = book_of(record, values=True)
    assert column(book, DAYS, "Disallowed")[5:] == [None, "lodging-night-not-in-trip", "lodging-night-not-in-trip"]
    assert column(book, DAYS, "Lodging allowed")[6:] == [0, 0]
    assert column(book, DAYS, "M&IE allowed")[6:] == [None, None]


def test_an_expense_that_another_line_bars_says_so() -> None:
    record = sample("2026-ORL-0001")
    record["expenses"].append(deepcopy(record["expenses"][0]))
    book = book_of(record, values=True)
    assert column(book, EXPENSES, "Disallowed")[7] == "duplicate-document"
    assert column(book, EXPENSES, "Amount allowed")[7] == 0


@pytest.mark.unmeasured
def test_cells_stand_in_order_and_merged_ones_do_not_overlap() -> None:
    """What Excel takes for damage, other programs read without a word."""
    for seed in seeds(0, 20):
        content = workbook_bytes(Contents(itemized_of(random_claim(random.Random(seed)), None), (), load_law()))
        with zipfile.ZipFile(BytesIO(content)) as package:
            sheets = [package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name]
        for xml in sheets:
            cells = [coordinate_to_tuple(cell) for cell in re.findall(r'<c r="([A-Z]+[0-9]+)"', xml)]
            assert cells == sorted(set(cells)), seed
        book = openpyxl.load_workbook(BytesIO(content))
        merged = [cell for area in book["Claim"].merged_cells.ranges for cell in area.cells]
        assert len(merged) == len(set(merged)), seed


@pytest.mark.unmeasured
def test_a_field_stands_where_the_reader_finds_it(tmp_path: Path) -> None:
    for seed in seeds(20, 40):
        contents = Contents(itemized_of(random_claim(random.Random(seed)), None), (), load_law())
        path = tmp_path / "claim.xlsx"
        path.write_bytes(workbook_bytes(contents))
        reading = Reading(open_book(path, READ_SHEETS))
        reading.read()
        written = cells_of(contents)
        for known, area in reading.cells.items():
            if not known.startswith(("furnished_meals", "trip.personal_days")):  # which need not be in order
                assert written.area(known) == area, (seed, known)
        for index, meals in enumerate(contents.claim.furnished_meals or ()):
            row = [day.on for day in contents.day_rows].index(meals.date)
            assert written.area(f"furnished_meals[{index}].lunch") == DAYS.cell("lunch", FIRST_ROW + row)
        for index, day in enumerate(contents.claim.trip.personal_days):
            row = [day_row.on for day_row in contents.day_rows].index(day)
            assert written.area(f"trip.personal_days[{index}]") == DAYS.cell("personal", FIRST_ROW + row)


def test_pandas_reads_the_tables() -> None:
    content = workbook_bytes(Contents(itemized_of(sample("2026-ORL-0001")), (), load_law()))
    days = pd.read_excel(BytesIO(content), sheet_name="Days", header=HEADER_ROW)
    assert days["Day total"].sum() == pytest.approx(1233.65)
    expenses = pd.read_excel(BytesIO(content), sheet_name="Expenses", header=HEADER_ROW)
    assert expenses["Amount claimed"].sum() == pytest.approx(508.16)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_golden_text_is_the_workbook(path: Path) -> None:
    assert dump(sample_bytes(path)) == golden_path(path).read_text(encoding="utf-8"), "python -m tests.golden"


def test_the_same_claim_gives_the_same_bytes() -> None:
    assert sample_bytes(SAMPLES[0]) == sample_bytes(SAMPLES[0])


def test_a_longer_claim_has_more_rows_for_stops_earlier_claims_and_credits() -> None:
    record = sample("2026-ORL-0001")
    record["credits"] = [{"source": f"S{n}", "amount": "1.00"} for n in range(5)]
    book = book_of(record)
    assert named(book, "credits_4_source") == "S4"
    assert named(book, "credits_5_source") is None
    assert len(GROUPS) == 7


# --- nothing half-written ----------------------------------------------------------------------------------------


def write(path: Path, *, force: bool = False) -> None:
    """Write the workbook of a sample."""
    write_claim(path, itemized_of(sample("2026-MDY-0007")), (), load_law(), force=force)


def test_the_path_of_a_workbook_may_be_text(tmp_path: Path) -> None:
    write_claim(f"{tmp_path}/claim.xlsx", itemized_of(sample("2026-MDY-0007")), (), load_law())
    assert read_claim_file(f"{tmp_path}/claim.xlsx").claim_id == "2026-MDY-0007"


def test_a_workbook_ends_in_xlsx(tmp_path: Path) -> None:
    """Excel warns of a workbook under another name, and `read_claim_file` reads none."""
    for name in ("claim.xls", "claim"):
        with pytest.raises(OutputError, match="the workbook needs a name ending in"):
            write(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_workbook_that_exists_is_kept_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "claim.xlsx"
    path.write_text("precious")
    with pytest.raises(OutputError, match="already exists"):
        write(path)
    assert path.read_text() == "precious"
    write(path, force=True)
    assert zipfile.is_zipfile(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="make the folder"):
        write(tmp_path / "none" / "claim.xlsx")
    with pytest.raises(OutputError, match="is a folder"):
        write(tmp_path)


def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.access(folder, os.W_OK):  # root may write anywhere

        def denied(*_: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(os, "fsync", denied)
    with pytest.raises(OutputError, match="may write to"):
        write(folder / "claim.xlsx")
    assert list(folder.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write(tmp_path / "claim.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_text_that_no_cell_can_hold_is_refused(tmp_path: Path) -> None:
    record = sample("2026-MDY-0007")
    record["lodging"][0] |= {"sharers": 2, "shared_with": ["x" * 999 for _ in range(40)]}
    with pytest.raises(InputError, match="longer than a cell can hold"):
        book_of(record)

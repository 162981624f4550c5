"""Reading a workbook: the same claim comes back, every refusal names its cell, and nothing in it can do harm."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from openpyxl.utils.datetime import MAC_EPOCH

from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.parsing import parse_claim
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.workbook.form.claim_page import SPARE_ROWS
from perdiem_calc.workbook.form.layout import Area
from perdiem_calc.workbook.reading import values
from perdiem_calc.workbook.reading.opening import ReadCell
from perdiem_calc.workbook.reading.submitted import read_claim
from tests.support.claim_data import sample
from tests.support.claims import Record, claims, random_claim
from tests.support.edits import Package, after, split, typed
from tests.support.edits import formula as put_formula
from tests.support.house_rules import COSTLY
from tests.support.moved_rows import row_deleted, row_inserted
from tests.support.sheets import content_of

Edit = Callable[[Any], None]

FIRST_CELLS = ("trip_stops_0_place_city", "credits_0_source")


@cache
def sample_workbook(name: str) -> bytes:
    """The workbook of a sample."""
    return content_of(sample(name))


def read_back(content: bytes, folder: Path) -> Claim:
    """The claim in a workbook."""
    path = folder / "claim.xlsx"
    path.write_bytes(content)
    return read_claim(path)


def edited(edit: Edit, folder: Path, name: str = "2026-ORL-0001") -> Path:
    """The workbook of a sample, edited with openpyxl."""
    book = openpyxl.load_workbook(BytesIO(sample_workbook(name)))
    edit(book)
    path = folder / "edited.xlsx"
    book.save(path)
    return path


def put(address: str, value: object) -> Edit:
    """The edit of one cell, like `Days!K5`."""
    sheet, _, cell = address.partition("!")

    def edit(book: Any) -> None:
        book[sheet][cell] = value

    return edit


def refusals(edit: Edit, folder: Path) -> list[str]:
    """What is refused in an edited sample."""
    with pytest.raises(InputErrors) as refused:
        read_claim(edited(edit, folder))
    return [str(error) for error in refused.value.errors]


def refused_in(content: bytes, folder: Path) -> list[str]:
    """What is refused in a workbook."""
    with pytest.raises(InputErrors) as refused:
        read_back(content, folder)
    return [str(error) for error in refused.value.errors]


# --- the same claim ----------------------------------------------------------------------------------------------


@COSTLY
@given(record=claims())
def test_read_after_write_is_the_same_claim(record: Record, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("round")
    assert read_back(content_of(record), folder) == parse_claim(record)


@pytest.mark.parametrize("seed", range(8))
def test_a_blank_row_in_a_list_changes_no_claim_and_a_deleted_row_takes_its_entry_away(
    seed: int, tmp_path: Path
) -> None:
    rng = random.Random(seed)
    record = random_claim(rng) | {"previous_claims": [], "previously_reimbursed": "0.00"}
    credits = record["credits"] = [{"source": "payer", "amount": f"{n}.00"} for n in range(1, rng.randint(2, 6))]
    content = content_of(record)
    package = Package(content)
    stop, first = (split(package.address(name).partition("!")[2])[1] for name in FIRST_CELLS)
    below = first + max(SPARE_ROWS, len(credits) + 1)
    for row in (stop, stop + 1, first, rng.randint(first, below), below):
        assert read_back(after(content, row_inserted("Claim", row)), tmp_path) == parse_claim(record)
    number = rng.randrange(len(credits))
    del credits[number]
    assert read_back(after(content, row_deleted("Claim", first + number)), tmp_path) == parse_claim(record)


def test_what_cannot_be_read_of_a_list_is_refused(tmp_path: Path) -> None:
    content = sample_workbook("2026-ORL-0001")
    (refused,) = refused_in(after(content, row_deleted("Claim", 44)), tmp_path)
    assert refused.startswith(
        'Claim!A43: the row of captions that begins with "Earlier claim" is missing; put it back'
    )
    inserted = after(content, row_inserted("Claim", 46), typed({"Claim!F46": "insurer", "Claim!H46": 5}))
    assert refused_in(inserted, tmp_path) == [
        "Claim!F46: Credit or refund from is typed beside its cell; move it to E46"
    ]
    assert refused_in(after(content, row_deleted("Claim", 50)), tmp_path)[0] == (
        'Claim!K50: there is no cell for "Paid by NASRO before" any more; undo the deleted row'
    )


def test_headers_in_another_row_are_refused_with_what_to_undo(tmp_path: Path) -> None:
    content = sample_workbook("2026-ORL-0001")
    assert refused_in(after(content, row_inserted("Days", 2)), tmp_path) == [
        "Days!A5: the table stands in row 5, and belongs in row 4; undo the inserted or deleted row above it"
    ]


@pytest.mark.parametrize("name", ["2026-ORL-0001", "2026-MDY-0007", "2026-DCA-0003"])
def test_a_sample_comes_back(name: str, tmp_path: Path) -> None:
    assert read_back(sample_workbook(name), tmp_path) == parse_claim(sample(name))


def test_the_random_claims_hold_every_field_of_a_claim() -> None:
    rng = random.Random(7)
    named: set[str] = set()

    def collect(value: object, path: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                collect(inner, f"{path}.{key}" if not re.match(r"\d", key) else path)
        elif isinstance(value, list):
            for inner in value:
                collect(inner, path)
        else:
            named.add(path.removeprefix("."))

    for _ in range(300):
        collect(random_claim(rng), "")
    schema = Claim.model_json_schema(by_alias=True)
    lacking = [path for path in _paths(schema, schema, "") if path not in named]
    assert lacking == []


def _paths(schema: Any, part: Any, path: str) -> list[str]:
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].rpartition("/")[2]]
    found: list[str] = []
    for key, inner in part.get("properties", {}).items():
        found += _paths(schema, inner, f"{path}.{key}")
    for inner in part.get("anyOf", []):
        found += _paths(schema, inner, path)
    if "items" in part:
        found += _paths(schema, part["items"], path)
    if not found and part.get("type") not in ("null", "array", "object"):
        found.append(path.removeprefix("."))
    return list(dict.fromkeys(found))


def test_claims_that_differ_are_not_equal() -> None:
    claim = parse_claim(sample("2026-ORL-0001"))
    other = sample("2026-ORL-0001")
    other["furnished_meals"][0]["lunch"] = "host"
    assert claim != parse_claim(other)
    assert claim != "a claim"
    del other["furnished_meals"]
    assert claim != parse_claim(other)


# --- what people type ----------------------------------------------------------------------------------------------


def test_what_excel_makes_of_typing_is_understood(tmp_path: Path) -> None:
    def type_in(book: Any) -> None:
        claim, days, expenses = book["Claim"], book["Days"], book["Expenses"]
        claim["G22"] = 4417  # the employee id as a number
        claim["H34"], claim["J34"] = datetime(2026, 10, 4, 12, 30), None  # the time beside the date
        days["K5"], days["K6"] = "158.50", "=100+50.25"
        days["W5"], days["H10"] = "Host", "No"
        expenses["B12"], expenses["C12"], expenses["J12"] = date(2026, 10, 5), "TAXI", 0.1 + 0.2
        expenses["D12"] = True

    claim = read_claim(edited(type_in, tmp_path))
    assert claim.officer.employee_id == "4417"
    assert claim.trip.departed_at == datetime(2026, 10, 4, 12, 30)
    assert [f"{night.room_rate}" for night in claim.lodging[:2]] == ["158.50", "150.25"]
    arrival = claim.meals_on(date(2026, 10, 4))
    assert arrival is not None
    assert arrival.breakfast == "host"
    taxi = claim.expenses[7]
    assert (taxi.category, f"{taxi.amount}", taxi.description) == ("taxi", "0.30", "yes")


@pytest.mark.parametrize(
    ("cell", "formula", "kept", "read"),
    [
        ("Days!K6", "100+50.25", 999, "150.25"),
        ("Days!K6", "100+50.25", None, "150.25"),
        ("Days!K6", "100/3", 33, "33.33"),
        ("Days!K6", "2*50.0025", None, "100.01"),  # 100.005, half up
        ("Days!K6", "-(9-159)", "free", "150.00"),
    ],
)
def test_plain_arithmetic_counts_with_what_it_gives_and_never_with_the_value_kept_with_it(
    cell: str, formula: str, kept: float | str | None, read: str, tmp_path: Path
) -> None:
    path = tmp_path / "claim.xlsx"
    path.write_bytes(after(content_of(sample("2026-ORL-0001")), put_formula(cell, formula, kept)))
    assert f"{read_claim(path).lodging[1].room_rate}" == read


@pytest.mark.parametrize(
    ("cell", "formula", "refused"),
    [
        ("Days!K6", "K5", 'Days!K6: Room rate holds a formula, "=K5"; type the value itself'),
        ("Days!K6", "SUM(100,50)", 'Days!K6: Room rate holds a formula, "=SUM(100,50)"; type the value itself'),
        ("Claim!I10", "TODAY()", 'Claim!I10: Prepared on holds a formula, "=TODAY()"; type the value itself'),
        ("Days!H6", '"yes"', 'Days!H6: Personal day holds a formula, "="yes""; type the value itself'),
        (
            "Expenses!J5",
            "ROUND(Days!K5*1.0000000000000000001,2)",
            'Expenses!J5: Amount claimed holds a formula, "=ROUND(Days!K5*1.0000000000000000001,2)"; '
            "type the value itself",
        ),
    ],
)
def test_any_other_formula_in_an_input_is_refused_whatever_value_is_kept_with_it(
    cell: str, formula: str, refused: str, tmp_path: Path
) -> None:
    path = tmp_path / "claim.xlsx"
    path.write_bytes(after(content_of(sample("2026-ORL-0001")), put_formula(cell, formula, 150)))
    with pytest.raises(InputErrors) as raised:
        read_claim(path)
    assert refused in [str(error) for error in raised.value.errors]


def test_a_date_by_its_number_counts_from_the_day_that_the_workbook_counts_from(tmp_path: Path) -> None:
    """October 20, 2026 is day 46315 from 1900, and day 44853 from 1904."""
    path = tmp_path / "claim.xlsx"
    content = content_of(sample("2026-ORL-0001"))
    path.write_bytes(after(content, put_formula("prepared_on", "46314+1", 46315)))
    assert read_claim(path).prepared_on == date(2026, 10, 20)
    from_1904 = ReadCell(Area.cell("Claim", 9, 8), 1, "=44852+1")
    assert values.typed_in(from_1904, values.day, MAC_EPOCH) == datetime(2026, 10, 20)
    path.write_bytes(after(content, put_formula("prepared_on", "99999999+1", 1)))
    with pytest.raises(InputErrors, match="Prepared on must be a date"):
        read_claim(path)


def test_a_blank_meal_was_not_answered_and_blank_meals_altogether_are_no_answer(tmp_path: Path) -> None:
    claim = read_claim(edited(put("Days!X8", None), tmp_path))
    fourth = claim.meals_on(date(2026, 10, 7))
    assert fourth is not None
    assert fourth.lunch is None

    def clear(book: Any) -> None:
        for row in book["Days"]["W5:Y10"]:
            for cell in row:
                cell.value = None

    assert read_claim(edited(clear, tmp_path)).furnished_meals is None


def test_rows_left_blank_move_the_lines_and_the_credits_that_name_them(tmp_path: Path) -> None:
    def leave_out(book: Any) -> None:
        for letter in "KOS":
            book["Days"][f"{letter}6"] = None
        for letter in "BCDEJK":
            book["Expenses"][f"{letter}6"] = None
        for number, line in enumerate(("N3", "T3", "E5")):
            for field, value in (("source", "refund"), ("amount", 1.5), ("line", line)):
                put(book.defined_names[f"credits_{number}_{field}"].attr_text.replace("$", ""), value)(book)

    claim = read_claim(edited(leave_out, tmp_path))
    assert [night.night.day for night in claim.lodging] == [4, 6, 7, 8]
    assert [credit.line for credit in claim.credits] == ["N2", "T2", "E4"]


TYPED = "type it as year-month-day, like 2026-10-04"
DOLLARS = "write dollars and cents like 159.00, without $ or comma"


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("Claim!A8", None, "Claim!A8: Agency is missing; fill it in"),
        ("Claim!I10", "soon", f"Claim!I10: Prepared on: 'soon' is not a date; {TYPED}"),
        ("Claim!I10", datetime(2026, 10, 20, 9), "Claim!I10: Prepared on holds a time as well; type the date alone"),
        ("Claim!I10", True, f"Claim!I10: Prepared on must be a date; {TYPED}"),
        ("Claim!F27", 39.5, "Claim!F27: Hours must be a whole number; type digits only, like 2"),
        ("Claim!J34", timedelta(hours=30), "Claim!J34: Time of departure must be a time of day"),
        (
            "Claim!J34",
            time(5, 30, 15),
            "Claim!J34: Time of departure must be hours and minutes, and nothing else; type it like 07:30",
        ),
        (
            "Claim!J36",
            "half past five",
            "Claim!J36: Time of return: 'half past five' is not a time of day; type it like",
        ),
        ("Claim!L29", "3 pm", "Claim!L29: Ends at: '3 pm' is not a time; write hours and minutes, like 07:30"),
        ("Claim!H34", "Oct 4", f"Claim!H34: Departed on: 'Oct 4' is not a date; {TYPED}"),
        ("Claim!H34", "10/04/2026", f"Claim!H34: Departed on: '10/04/2026' is not a date; {TYPED}"),
        (
            "Claim!H34",
            "2026-10-40",
            "Claim!H34: Departed on: 2026-10-40 does not exist; check the day, month and hour",
        ),
        ("Expenses!B6", "078-05-1120", f"Expenses!B6: Date: '(nine digits)' is not a date; {TYPED}"),
        ("Claim!J36", "18:00+01:00", "Claim!J36: Time of return must be hours and minutes, and nothing else"),
        ("Claim!D10", "copied", "Claim!D10: Kind: 'copied' is none of the possible values"),
        ("Days!K5", -1, "Days!K5: Room rate: '-1.00' is not an amount; write dollars and cents like 159.00"),
        ("Days!K5", 12.345, "Days!K5: Room rate: '12.345' is not an amount"),
        ("Days!K5", "1e3", "Days!K5: Room rate: '1e3' is not an amount"),
        ("Days!K5", "$98", f"Days!K5: Room rate: '$98' is not an amount; {DOLLARS}"),
        ("Days!K5", "1,018.00", f"Days!K5: Room rate: '1,018.00' is not an amount; {DOLLARS}"),
        ("Days!K5", True, "Days!K5: Room rate must be an amount; type dollars and cents, like 159.00"),
        ("Days!K5", None, "Days!K5: Room rate is missing; fill it in"),
        ("Days!K5", "#REF!", "Days!K5: Room rate holds the error #REF!; type the value itself"),
        ("Days!W5", "waiter", "Days!W5: Breakfast: 'waiter' is none of the possible values"),
        ("Days!H5", "maybe", "Days!H5: Personal day must be yes or no; choose one of the two"),
        ("Days!A5", None, "Days!A5: Date is missing; type the date of the night or day"),
        ("Days!A5", "Sunday", f"Days!A5: Date: 'Sunday' is not a date; {TYPED}"),
        ("Days!A5", "2026-10-40", f"Days!A5: Date: '2026-10-40' is not a date; {TYPED}"),
        ("Days!L5", "two", "Days!L5: Sharers must be a whole number"),
        ("Expenses!J7", 0, "Expenses!J7: Amount claimed: an amount of zero claims nothing"),
        (
            "Expenses!J10",
            20,
            "Expenses!J10: Amount claimed: mileage is paid by the mile; leave the amount out ($20.00 is stated); "
            "it is computed from the 38 miles",
        ),
        ("Expenses!H10", 38.125, "Expenses!H10: Miles must be a number of miles"),
        (
            "Expenses!H10",
            "192 miles",
            "Expenses!H10: Miles: '192 miles' is not a number of miles; type only the number, like 192",
        ),
        ("Expenses!D12", "lone", "Expenses!C12: Category is missing; fill it in"),
        ("Expenses!K5", "078-05-1120", "Expenses!K5: Receipt: looks like a Social Security number"),
        ("Checklist!C6", "lost", "Checklist!C6: Course certificate"),
        ("Days!AR5", time(9), "Days!AS5: Returned at is missing; fill it in"),
    ],
)
def test_a_refusal_names_its_cell_and_the_mend(cell: str, value: Any, said: str, tmp_path: Path) -> None:
    if isinstance(value, time | timedelta) or value == "#REF!":  # openpyxl alone writes seconds, spans and errors
        found = refusals(put(cell, value), tmp_path)
    else:
        found = refused_in(after(sample_workbook("2026-ORL-0001"), typed({cell: value})), tmp_path)
    assert [line for line in found if line.startswith(said)], found


def test_earlier_payments_that_do_not_add_up_are_named_as_the_form_names_them(tmp_path: Path) -> None:
    """400.00 is stated, and one earlier payment of 150.00."""

    def pay(book: Any) -> None:
        entry = {"claim_id": "A-1", "paid_on": date(2026, 9, 1), "amount": 150}
        typed = {"previously_reimbursed": 400} | {f"previous_claims_0_{key}": value for key, value in entry.items()}
        for name, value in typed.items():
            put(book.defined_names[name].attr_text.replace("$", ""), value)(book)

    (said,) = refusals(pay, tmp_path)
    assert said.partition(": ")[2] == (
        'Paid by NASRO before: $400.00 is not the sum of the amounts under "Earlier payments", $150.00; '
        "make the two agree"
    )


def test_all_refusals_come_at_once_and_each_cell_once(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        put("Claim!A8", None)(book)
        put("Days!K5", -1)(book)
        put("Days!K6", True)(book)
        put("Expenses!J7", 0)(book)

    where = [line.partition(":")[0] for line in refusals(spoil, tmp_path)]
    assert sorted(where) == ["Claim!A8", "Days!K5", "Days!K6", "Expenses!J7"]


def test_a_workbook_without_a_name_a_column_or_a_sheet_says_so(tmp_path: Path) -> None:
    def no_name(book: Any) -> None:
        del book.defined_names["agency_name"]

    assert "Claim!A8: Agency: the name agency_name is gone; start from a new form" in refusals(no_name, tmp_path)
    lacking = refusals(put("Days!K4", "Price"), tmp_path)
    assert 'Days!A4: the column "Room rate" is missing; undo the deleted or renamed column' in lacking
    lacking = refusals(put("Expenses!C4", "Kind"), tmp_path)
    assert 'Expenses!A4: the column "Category" is missing; undo the deleted or renamed column' in lacking

    def no_sheet(book: Any) -> None:
        del book["Checklist"]

    with pytest.raises(InputError, match="not a claim workbook of this program: no sheet Checklist"):
        read_claim(edited(no_sheet, tmp_path))


def test_a_status_is_found_also_when_its_name_is_gone(tmp_path: Path) -> None:
    def no_name(book: Any) -> None:
        del book.defined_names["attachments_certificate"]

    assert read_claim(edited(no_name, tmp_path)).attachment("certificate") == "attached"


def test_another_layout_is_refused(tmp_path: Path) -> None:
    def newer(book: Any) -> None:
        put(book.defined_names["layout_version"].attr_text.replace("$", ""), 2)(book)

    with pytest.raises(InputError, match="has layout 2, and this program reads layout 1"):
        read_claim(edited(newer, tmp_path))


def test_values_of_cells() -> None:
    assert values.clock(0.5) == time(12)
    assert values.clock(datetime(2026, 10, 5, 0, 30)) == datetime(2026, 10, 5, 0, 30)
    assert values.clock(datetime(2026, 10, 6)) == datetime(2026, 10, 6)  # midnight, where the day counts too
    assert values.clock(datetime(2026, 10, 5, 23, 59, 59, 999000)) == datetime(2026, 10, 6)
    assert values.clock(" 07:30 ") == "07:30"
    assert values.moment(date(2026, 10, 4)) == date(2026, 10, 4)
    assert values.moment(46299.5) == datetime(2026, 10, 4, 12)
    assert values.moment(datetime(2026, 10, 4, 12, 29, 59, 999000)) == datetime(2026, 10, 4, 12, 30)
    assert values.text(datetime(2026, 10, 4)) == "2026-10-04"
    assert values.text(datetime(2026, 10, 4, 7, 30)) == "2026-10-04 07:30"
    assert values.count(" 3 ") == 3
    with pytest.raises(values.Unfit, match="must be a time of day"):
        values.clock(True)
    with pytest.raises(values.Unfit, match="must be a date"):
        values.moment(1e20)


def test_cells_far_away_cost_nothing(tmp_path: Path) -> None:
    def far(book: Any) -> None:
        book["Days"]["XFD1048576"] = 1

    assert read_claim(edited(far, tmp_path)).claim_id == "2026-ORL-0001"

"""Tables as people and programs leave them: empty lines, blank rows, formulas, and columns that are no cells."""

from __future__ import annotations

import csv
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.planning.tables import open_trips
from perdiem_calc.planning.tables.write import check_output
from tests.planning.conftest import engine
from tests.support.command import Perdiem
from tests.support.trip_tables import rows_of, saved, without_pyarrow, workbook

__all__ = ["engine"]

HEADER = "place,depart_on,return_on,officers"
ROW = '"Orlando, FL",2026-10-04,2026-10-09,3'


# ---- rows


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("between", "row"),
    [
        ("\n\n", 5),
        ("\r\n\r\n", 5),
        ("\n  \n", 5),
        (",,,\n , ,,\n", 5),
        ('"","","",""\n', 4),
        ("\n,,,\n\n", 6),
    ],
)
def test_blank_rows_plan_nothing_and_are_counted(tmp_path: Path, between: str, row: int) -> None:
    rows = rows_of(saved(tmp_path, f"{HEADER}\n{ROW}\n{between}{ROW}\n"))
    assert [one["row"] for one in rows if one["place"] == "Orlando, FL"] == [2, row]
    assert len(rows) == 2


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("end", ["", "\n\n", "\r\n\r\n\r\n", "  \n", ",,,\n,,,\n", ",,,"])
def test_blank_rows_at_the_end_are_nothing(tmp_path: Path, end: str) -> None:
    assert len(rows_of(saved(tmp_path, f"{HEADER}\n{ROW}\n{end}"))) == 1


@pytest.mark.usefixtures("engine")
def test_blank_rows_of_long_files_are_counted_in_every_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perdiem_calc.planning.tables.csv_tables.BLOCK_BYTES", 1000)
    monkeypatch.setattr("perdiem_calc.planning.tables.csv_tables.BLOCK_ROWS", 10)
    lines = [f"T{number // 8},{number:08}\n" if number % 4 else ",\n" for number in range(200)]
    rows = rows_of(saved(tmp_path, "trip_id,note\n" + "".join(lines)))
    assert [row["row"] for row in rows] == [number + 2 for number in range(200) if number % 4]
    assert [int(row["note"]) for row in rows] == [row["row"] - 2 for row in rows]
    with pytest.raises(InputError, match=r"row 202: trip_id 'T7' appears further up too"):
        rows_of(saved(tmp_path, "trip_id,note\n" + "".join([*lines, "T7,again\n"])))


def test_blank_rows_of_parquet_are_counted_too(tmp_path: Path) -> None:
    path = tmp_path / "trips.parquet"
    pd.DataFrame({"place": ["Orlando, FL", " ", "Moab, UT"], "officers": [1.0, None, 2.0]}).to_parquet(path)
    assert [(row["row"], row["place"]) for row in rows_of(path)] == [(2, "Orlando, FL"), (4, "Moab, UT")]


def test_trips_of_parquet_may_be_categories(tmp_path: Path) -> None:
    path = tmp_path / "trips.parquet"
    pd.DataFrame({"trip_id": pd.Categorical(["A", "A", None]), "miles": [1, 2, 3]}).to_parquet(path)
    assert [row["miles"] for row in rows_of(path)] == [1, 2, 3]


def test_a_file_of_blank_rows_has_no_rows(perdiem: Perdiem, tmp_path: Path) -> None:
    run = perdiem("estimate", str(saved(tmp_path, f"{HEADER}\n,,,\n,,,\n")), "-o", str(tmp_path / "out.csv"))
    assert run.code == 2
    assert "has no rows; write a row for each planned trip" in run.err


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", "\ufeffsep=;\n"])
def test_the_line_that_states_the_separator_is_no_row(tmp_path: Path, line: str) -> None:
    text = f"{line}place;depart_on;note\nOrlando, FL;2026-10-04;a, b, c, d\n"
    (row,) = rows_of(saved(tmp_path, text))
    assert (row["row"], row["place"], row["note"]) == (2, "Orlando, FL", "a, b, c, d")


def test_another_stop_is_named_by_the_row_of_the_file(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perdiem_calc.planning.tables.csv_tables.BLOCK_BYTES", 1000)
    first, last = 'A{0},"Orlando, FL",2026-10-04,2026-10-06,0\n', 'A{0},"Moab, UT",2026-10-06,2026-10-09,{1}\n'
    lines = [part.format(number, "far" if number == 150 else 0) for number in range(151) for part in (first, last)]
    source = saved(tmp_path, "trip_id,place,depart_on,return_on,miles\n" + "".join(lines))
    run = perdiem("estimate", str(source), "-o", str(tmp_path / "out.csv"))
    # After the header come 150 trips of two rows: the last trip is in rows 302 and 303.
    assert run.err.splitlines() == [
        f"{source}, row 302: trip_id: another stop of this trip (row 303) cannot be priced",
        f"{source}, row 303: miles: 'far' is not a number; write miles with at most two decimals like 98.5",
    ]
    assert "(row 303)" in (tmp_path / "out.csv").read_text(encoding="utf-8")


# ---- formulas


def test_a_formula_whose_value_the_file_does_not_hold_is_refused(perdiem: Perdiem, tmp_path: Path) -> None:
    days = (date(2026, 10, 4), date(2026, 10, 9))
    path = workbook(
        tmp_path,
        ("place", "depart_on", "return_on", "airfare"),
        ("Orlando, FL", *days, "=300+12.40"),
        ("Orlando, FL", *days, 100),
        ('=A2&""', *days, None),
    )
    run = perdiem("estimate", str(path), "-o", str(tmp_path / "out.csv"), "--json")
    assert run.code == 2
    assert run.record["priced"] == 1
    assert f"{path}, row 2: airfare: =300+12.40 is a formula without a value; open and save the file in" in run.err
    assert f'{path}, row 4: place: =A2&"" is a formula without a value' in run.err


def test_a_formula_with_a_value_is_its_value_and_one_that_comes_to_nothing_is_blank(tmp_path: Path) -> None:
    made, path = tmp_path / "made.xlsx", tmp_path / "trips.xlsx"
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["place", "airfare", "room_rate"])
        sheet.write_row(1, 0, ["Orlando, FL"])
        sheet.write_formula(1, 1, "=300+12.40", None, 312.4)
        sheet.write_formula(1, 2, '=IF(A2="","",100)', None, "nothing")
        sheet.write_array_formula("B3:B3", "{=SUM(B2:B2)}", None, 312.4)
    # As Excel and LibreOffice write an empty text: by its type, with nothing in it.
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"<v>nothing</v>", b"<v></v>"))
    first, second = rows_of(path)
    assert (first["airfare"], first["room_rate"]) == (312.4, None)
    assert second["airfare"] == 312.4


# ---- what is written


DAYS = {"place": ["Orlando, FL"] * 2, "depart_on": ["2026-10-04"] * 2, "return_on": ["2026-10-09"] * 2}
ODD: dict[str, list[Any]] = {
    "booked": [datetime(2026, 9, 1, 12, 30, tzinfo=UTC)] * 2,
    "hired": [datetime(1899, 5, 1), datetime(2020, 5, 1)],
    "names": [["Reyes", "=1+1"], ["Shaw"]],
    "score": [float("inf"), 1.5],
    "seats": [1e300, 2.0],
    "fee": [Decimal("12.50"), None],
}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("name", ODD)
def test_a_column_that_is_only_passed_on_never_stops_an_estimate(
    perdiem: Perdiem, tmp_path: Path, name: str, kind: str
) -> None:
    source, output = tmp_path / "trips.parquet", tmp_path / f"out.{kind}"
    pd.DataFrame(DAYS | {name: ODD[name]}).to_parquet(source)
    run = perdiem("estimate", str(source), "-o", str(output))
    assert (run.code, run.err) == (0, f"{source}: Not read: {name}.\n")
    if kind == "csv":
        table = pd.read_csv(output)
    else:
        table = pd.read_parquet(output) if kind == "parquet" else pd.read_excel(output, "Trips")
    assert table["total"].to_list() == [1165.0, 1165.0]
    if name in ("score", "seats"):
        assert table[name].astype(float).to_list() == ODD[name]
    elif kind != "parquet":
        said = {
            "booked": ["2026-09-01T12:30+00:00"] * 2,
            "hired": ["1899-05-01", "2020-05-01"],
            "names": ["['Reyes' '=1+1']", "['Shaw']"],
            "fee": ["12.5", "nan"],
        }
        assert [str(cell).removesuffix(" 00:00:00") for cell in table[name]] == said[name]


@pytest.mark.parametrize("fare", [-5.0, float("inf"), 1e20, 312.405])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_amount_that_is_refused_is_written_as_it_was(
    perdiem: Perdiem, tmp_path: Path, fare: float, kind: str
) -> None:
    source, output = tmp_path / "trips.parquet", tmp_path / f"out.{kind}"
    pd.DataFrame(DAYS | {"airfare": [fare, 312.4]}).to_parquet(source)
    run = perdiem("estimate", str(source), "-o", str(output))
    assert run.code == 2
    assert f"{source}, row 2: airfare: " in run.err
    back = pd.read_csv(output) if kind == "csv" else pd.read_excel(output, "Trips")
    assert back["airfare"].astype(float).to_list() == [fare, 312.4]


@pytest.mark.usefixtures("engine")
def test_days_of_excel_are_days_in_csv(perdiem: Perdiem, tmp_path: Path) -> None:
    days = (datetime(2026, 10, 4), datetime(2026, 10, 9))
    head = ("place", "depart_on", "return_on", "asked")
    path = workbook(tmp_path, head, ("Orlando, FL", *days, datetime(2026, 9, 1, 8, 15)))
    assert perdiem("estimate", str(path), "-o", str(tmp_path / "out.csv")).code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["depart_on"], row["return_on"], row["asked"]) == ("2026-10-04", "2026-10-09", "2026-09-01T08:15")


def test_without_pyarrow_parquet_is_refused_by_its_name_before_anything_is_read(
    perdiem: Perdiem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_pyarrow(monkeypatch)
    run = perdiem("estimate", str(tmp_path / "none.csv"), "-o", str(tmp_path / "budget.parquet"))
    assert run.code == 2
    assert f"{tmp_path / 'budget.parquet'}: Parquet needs pyarrow; run: " in run.err


def test_the_name_says_what_is_written() -> None:
    kinds = [check_output(Path(name)) for name in ("a.csv", "a.XLSX", "a.parquet")]
    assert kinds == ["csv", "xlsx", "parquet"]
    for name in ("a.txt", "a.tsv", "a.xlsm", "a"):
        with pytest.raises(
            OutputError, match=r"is not a kind of table that is written; give a name ending in \.xlsx"
        ):
            check_output(Path(name))


def test_a_workbook_with_formulas_is_closed_and_its_sheet_of_trips_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=1+1"
    trips = book.create_sheet("Trips")
    trips.append(("place", "miles"))
    trips.append(("Orlando, FL", 12))
    book.save(tmp_path / "trips.xlsx")
    assert rows_of(tmp_path / "trips.xlsx") == [{"row": 2, "place": "Orlando, FL", "miles": 12}]
    assert open_trips(tmp_path / "trips.xlsx").columns == ("place", "miles")


def test_blank_rows_of_sites_are_counted(perdiem: Perdiem, tmp_path: Path) -> None:
    source = saved(tmp_path, 'place,miles\n"Orlando, FL",5\n\n,\nSpringfield,5\n')
    run = perdiem("sites", "--sites", str(source), "--weeks", "2026-10-05")
    assert "row 5, Springfield: place: Springfield is in 28 states" in run.out


def test_a_row_that_the_sheet_leaves_out_is_counted(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, place, miles in ((1, "place", "miles"), (2, "Orlando, FL", 5), (9, "Moab, UT", 7)):
        sheet[f"A{row}"], sheet[f"B{row}"] = place, miles
    book.save(tmp_path / "trips.xlsx")
    assert [(row["row"], row["miles"]) for row in rows_of(tmp_path / "trips.xlsx")] == [(2, 5), (9, 7)]

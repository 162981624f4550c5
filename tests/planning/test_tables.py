"""Trips from CSV, Parquet and Excel, as people save them, and the tables that are written."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.planning.estimator import AMOUNTS, Estimator
from perdiem_calc.planning.tables import open_trips, open_writer, replacing
from perdiem_calc.planning.tables.text import harmless_column
from perdiem_calc.planning.tables.write import check_columns
from perdiem_calc.rates.ratebook import Ratebook
from tests.support.trip_tables import HEADER, ROW, rows_of, saved, without_pyarrow, workbook


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\n{ROW}\n",
        f"\ufeff{HEADER}\r\n{ROW}\r\n",
        f"{HEADER}\n{ROW}",
        "place;depart_on;return_on;officers\nOrlando, FL;2026-10-04;2026-10-09;3\n",
        "place\tdepart_on\treturn_on\tofficers\nOrlando, FL\t2026-10-04\t2026-10-09\t3\n",
    ],
)
def test_csv_is_read_as_people_save_it(tmp_path: Path, text: str) -> None:
    (row,) = rows_of(saved(tmp_path, text))
    assert (row["row"], row["place"], row["depart_on"]) == (2, "Orlando, FL", "2026-10-04")
    assert float(row["officers"]) == 3


@pytest.mark.usefixtures("engine")
def test_a_cell_with_a_line_break_is_refused(tmp_path: Path) -> None:
    """A quote that is not closed hides the rows after it, and looks the same."""
    path = saved(tmp_path, f'{HEADER},note\n{ROW},one\n{ROW},"two\ntwo"\n{ROW},three\n')
    with pytest.raises(InputError, match=r"trips\.csv: line 3: a cell in quotes does not end on its line; close the"):
        rows_of(path)


@pytest.mark.usefixtures("engine")
def test_a_column_of_numbers_with_a_text_in_it_keeps_its_cells(tmp_path: Path) -> None:
    path = saved(tmp_path, f"{HEADER}\n{ROW}\n{ROW[:-1]}many\n")
    assert [row["officers"] for row in rows_of(path)] == ["3", "many"]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEADER},place\n", "the column place appears twice"),
        ("\n\n", "has no header"),
        ("", "the file is empty"),
        (f"{HEADER}\n{ROW},5,6\n", "line 2: more cells than columns; put a cell with a comma in quotes"),
        (f"{HEADER}\nM\u00e9rida,x,y,1\n".encode("latin-1"), 'is not text in UTF-8; save it as "CSV UTF-8"'),
    ],
)
def test_csv_that_cannot_be_read_is_refused(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        rows_of(saved(tmp_path, text))
    assert str(tmp_path / "trips.csv") in str(refused.value)


def test_files_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.docx is not a kind of table; give a \.csv, \.xlsx or \.parquet file"):
        open_trips(tmp_path / "trips.docx")
    with pytest.raises(InputError, match=r"none\.csv: the file does not exist"):
        open_trips(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is not an Excel workbook"):
        open_trips(saved(tmp_path, "place,depart_on", "trips.xlsx"))


def test_excel_keeps_dates_and_numbers_and_counts_rows_as_it_shows_them(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        ("place", "depart_on", "officers", None),
        ("Orlando, FL", date(2026, 10, 4), 3),
        (None, None, None),
        ("Boston, MA", 46299, "two"),
        (None, " ", None),
    )
    rows = rows_of(path)
    assert [row["row"] for row in rows] == [2, 4]
    assert rows[0]["depart_on"] == datetime(2026, 10, 4)
    assert (rows[1]["depart_on"], rows[1]["officers"]) == (46299, "two")


def test_a_cell_beside_the_table_is_not_dropped_in_silence(tmp_path: Path) -> None:
    path = workbook(tmp_path, ("place", "depart_on"), ("Orlando, FL", date(2026, 10, 4)), ("A", None, "lost"))
    with pytest.raises(InputError, match="row 3 has a cell outside the table"):
        rows_of(path)


def test_parquet_needs_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "trips.parquet"
    pd.DataFrame({"place": ["Orlando, FL"]}).to_parquet(path)
    assert rows_of(path) == [{"row": 2, "place": "Orlando, FL"}]
    without_pyarrow(monkeypatch)
    with pytest.raises(InputError, match=r"Parquet needs pyarrow; run: .* -m pip install .*\[analysis\]"):
        open_trips(path)
    with pytest.raises(OutputError, match="Parquet needs pyarrow"):
        open_writer(path, ("place",), texts=True)


# ---- blocks


def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perdiem_calc.planning.tables.csv_tables.BLOCK_BYTES", 1000)
    monkeypatch.setattr("perdiem_calc.planning.tables.csv_tables.BLOCK_ROWS", 10)


@pytest.mark.usefixtures("engine")
def test_a_long_file_comes_in_blocks_and_every_row_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    path = saved(tmp_path, "place,note\n" + "".join(f"Orlando,{number:010}\n" for number in range(200)))
    table = open_trips(path)
    blocks = list(table.blocks())
    assert len(blocks) > 3
    assert [int(note) for block in blocks for note in block["note"]] == list(range(200))
    assert [row for block in blocks for row in block.index] == list(range(2, 202))
    assert table.done == pytest.approx(1.0)


@pytest.mark.usefixtures("engine")
def test_blocks_do_not_cut_a_trip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    lines = [f"T{number // 3},{number:08}\n" for number in range(200)]
    blocks = list(open_trips(saved(tmp_path, "trip_id,note\n" + "".join(lines))).blocks())
    assert len(blocks) > 3
    assert [int(note) for block in blocks for note in block["note"]] == list(range(200))
    homes = [(trip, number) for number, block in enumerate(blocks) for trip in block["trip_id"].unique()]
    assert len({trip for trip, _ in homes}) == len(homes)


@pytest.mark.usefixtures("engine")
def test_a_trip_in_two_places_of_a_long_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    lines = [f"T{number},{number:08}\n" for number in range(200)] + ["T7,again\n"]
    with pytest.raises(InputError, match=r"row 202: trip_id 'T7' appears further up too; sort the file"):
        rows_of(saved(tmp_path, "trip_id,note\n" + "".join(lines)))


@pytest.mark.usefixtures("engine")
def test_rows_without_a_trip_id_may_stand_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    lines = [f"{f'T{number}' if number % 2 else ''},{number:08}\n" for number in range(200)]
    assert len(rows_of(saved(tmp_path, "trip_id,note\n" + "".join(lines)))) == 200


# ---- writing


def written(path: Path, trips: pd.DataFrame, law: Law) -> pd.DataFrame:
    costs = Estimator(Ratebook.open(), law).estimate(trips)
    writer = open_writer(path, tuple(trips.columns), texts=False)
    for half in (slice(0, 1), slice(1, None)):
        writer.write(trips.iloc[half], costs.iloc[half])
    writer.close()
    return costs


TRIPS = pd.DataFrame(
    {
        "place": ["Orlando, FL", "Nowhere, FL", "Orlando, FL"],
        "depart_on": [datetime(2026, 10, 4)] * 3,
        "return_on": [date(2026, 10, 9)] * 3,
        "airfare": [312.4, None, 0.05],
        "=note": ['=HYPERLINK("http://evil")', "@x", "-2"],
    }
)


@pytest.mark.usefixtures("engine")
def test_csv_has_two_decimals_iso_days_and_no_formula(tmp_path: Path, law: Law) -> None:
    written(tmp_path / "out.csv", TRIPS, law)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        first, second, third = csv.DictReader(file)
    assert (first["depart_on"], first["return_on"]) == ("2026-10-04", "2026-10-09")
    assert (first["airfare"], first["total"], first["agency_share"]) == ("312.40", "1477.40", "477.40")
    assert first["'=note"] == '\'=HYPERLINK("http://evil")'
    assert (second["'=note"], second["total"], second["nights"], second["locality"]) == ("'@x", "", "", "")
    assert second["reason"].startswith("place: Nowhere is not known in Florida")
    assert (third["'=note"], third["total"], third["nights"]) == ("-2", "1165.05", "5")


def test_amounts_of_a_long_table_are_written_as_those_of_a_short_one(
    tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "short.csv", TRIPS, law)
    monkeypatch.setattr("perdiem_calc.planning.tables.write._LOOKED_UP_FROM", 0)
    written(tmp_path / "long.csv", TRIPS, law)
    dear = TRIPS.assign(airfare=[9_999_999.0, 10_485.76, 10_485.75])
    written(tmp_path / "dear.csv", dear, law)
    assert (tmp_path / "long.csv").read_bytes() == (tmp_path / "short.csv").read_bytes()
    assert pd.read_csv(tmp_path / "dear.csv")["airfare"].to_list() == [9_999_999.0, 10_485.76, 10_485.75]


def test_parquet_has_every_column_and_the_same_amounts(tmp_path: Path, law: Law) -> None:
    costs = written(tmp_path / "out.parquet", TRIPS, law)
    back = pd.read_parquet(tmp_path / "out.parquet")
    assert list(back.columns) == [*TRIPS.columns, *costs.columns]
    pd.testing.assert_frame_equal(back[list(AMOUNTS)], costs[list(AMOUNTS)])
    assert back["depart_on"].to_list() == [datetime(2026, 10, 4)] * 3


def test_parquet_of_a_csv_keeps_the_trips_own_columns_as_text(tmp_path: Path, law: Law) -> None:
    texts = pd.DataFrame(
        {"place": ["Orlando, FL"] * 2, "depart_on": ["2026-10-04"] * 2, "return_on": ["2026-10-09"] * 2}
    )
    texts["officers"] = [2.0, None]
    texts["room_rate"] = [159.0, 98.5]
    writer = open_writer(tmp_path / "out.parquet", tuple(texts.columns), texts=True)
    writer.write(texts, Estimator(Ratebook.open(), law).estimate(texts))
    writer.close()
    back = pd.read_parquet(tmp_path / "out.parquet")
    assert back["officers"].to_list() == ["2", ""]
    assert back["room_rate"].to_list() == ["159.00", "98.50"]


def test_a_column_named_like_a_result_is_refused() -> None:
    with pytest.raises(InputError, match="the column total is one that an estimate writes; rename the column"):
        check_columns(("place", "total"), ("locality", "total"), Path("trips.csv"))


def half_write(target: Path) -> None:
    with replacing(target, force=False) as made:
        made.write_text("half")
        raise InputError("file.unreadable", "wrong")


def test_an_output_is_whole_or_absent(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with pytest.raises(InputError):
        half_write(target)
    assert list(tmp_path.iterdir()) == []
    with replacing(target, force=False) as made:
        made.write_text("whole")
    assert target.read_text() == "whole"
    with pytest.raises(OutputError, match=r"already exists; choose another name, or add --force"):
        replacing(target, force=False).__enter__()
    with replacing(target, force=True) as made:
        made.write_text("new")
    assert (target.read_text(), len(list(tmp_path.iterdir()))) == ("new", 1)


def test_an_output_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder; name a file in it"):
        replacing(tmp_path, force=True).__enter__()
    with pytest.raises(OutputError, match=r"cannot be written \(No such file or directory\); choose a folder"):
        replacing(tmp_path / "none" / "out.csv", force=True).__enter__()
    with (
        pytest.raises(OutputError, match=r"cannot be written \(No space left"),
        replacing(tmp_path / "o", force=True),
    ):
        raise OSError(28, "No space left on device")


def test_beside_lists_a_blank_cell_stays_blank() -> None:
    column = harmless_column(pd.Series([[1], None, ["=x"], "=x"], dtype=object))
    assert column[[0, 2, 3]].to_list() == ["[1]", "['=x']", "'=x"]
    assert column.isna().to_list() == [False, True, False, False]

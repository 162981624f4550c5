"""The names of columns as people write them: matched to those that are known, or said not to be read."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator.names import matched, unread
from perdiem_calc.planning.estimator.planned import TRIP_COLUMNS
from perdiem_calc.planning.tables import open_trips
from tests.support.command import Perdiem
from tests.support.estimates import one

# Three officers with a fare of 312.40 each: 3 x (725 + 440 + 312.40).
OF_THREE = 4432.2
CSV = 'Agency,PLACE,Depart on,return-on,Officers,AirFare\nPeoria PD,"Orlando, FL",2026-10-04,2026-10-09,3,312.40\n'


def saved(folder: Path, text: str = CSV) -> Path:
    path = folder / "trips.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_capitals_spaces_and_hyphens_make_no_other_column() -> None:
    names = [" Officers", "ROOM  RATE", "lodging-tax rate", "Trip ID", "Notes", 7]
    assert matched(names, TRIP_COLUMNS) == ["officers", "room_rate", "lodging_tax_rate", "trip_id", "Notes", "7"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["miles", "Miles"], r"^columns: the column miles appears twice \(as miles and Miles\); leave one out$"),
        (["miles", "miles"], r"^columns: the column miles appears twice; leave one out$"),
    ],
)
def test_two_columns_of_one_name_are_refused(columns: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        matched(columns, TRIP_COLUMNS)
    assert matched(["Notes", "notes"], TRIP_COLUMNS) == ["Notes", "notes"]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("taxrate", "lodging_tax_rate"),
        ("Tax", "lodging_tax_rate"),
        ("tax rate", "lodging_tax_rate"),
        ("air_fare", "airfare"),
        ("mileage", "miles"),
        ("breakfast", "breakfasts"),
        ("zip code", "zip"),
        ("room", "room_rate"),
    ],
)
def test_a_column_near_a_known_one_is_told(name: str, near: str) -> None:
    assert unread([name, "notes"], TRIP_COLUMNS) == [(name, near)]


def test_a_column_of_ones_own_and_a_near_one_that_is_there_are_not_told() -> None:
    own = ["notes", "stay", "hotel", "course", "comment", "email", "no", "capacity"]
    assert unread([*own, "Depart on", "agency"], TRIP_COLUMNS) == []
    assert unread(["air_fare", "Airfare"], TRIP_COLUMNS) == []


def test_estimate_takes_the_names_as_they_are_written(law: Law) -> None:
    assert one(law, Officers=3, AIRFARE=312.4)["group_total"] == OF_THREE
    with pytest.raises(InputError, match=r"^columns: the column officers appears twice \(as officers and Officers\)"):
        one(law, officers=1, Officers=3)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_the_command_takes_them_and_gives_them_back(perdiem: Perdiem, tmp_path: Path, kind: str) -> None:
    source = saved(tmp_path)
    if kind != "csv":
        table = pd.read_csv(source)
        source = tmp_path / f"trips.{kind}"
        table.to_excel(source, index=False) if kind == "xlsx" else table.to_parquet(source)
    own = ["Agency", "PLACE", "Depart on", "return-on", "Officers"]
    for ending in ("csv", "xlsx", "parquet"):
        output = tmp_path / f"out.{ending}"
        # AirFare is airfare; nothing is noted.
        run = perdiem("estimate", str(source), "-o", str(output))
        assert (run.code, run.err) == (0, "")
        assert f"${OF_THREE:,.2f}" in run.out
        if ending == "xlsx":
            book = openpyxl.load_workbook(output)
            assert [cell.value for cell in book["Trips"][1]][:5] == own
            assert book["By agency"]["A2"].value == "Peoria PD"
        else:
            back = pd.read_csv(output) if ending == "csv" else pd.read_parquet(output)
            assert list(back.columns)[:7] == [*own, "AirFare", "locality"]


def test_the_command_notes_a_column_that_may_have_been_meant(perdiem: Perdiem, tmp_path: Path) -> None:
    source = saved(tmp_path, "place,depart_on,return_on,Air fare,notes\n32801,2026-10-04,2026-10-09,312.40,x\n")
    run = perdiem("estimate", str(source), "-o", str(tmp_path / "out.csv"))
    assert (run.code, run.err) == (0, f"{source}: the column Air fare is not read; did you mean airfare?\n")
    assert "$1,165.00" in run.out


def test_a_file_with_two_columns_of_one_name_is_refused(tmp_path: Path) -> None:
    source = saved(tmp_path, "place,Miles,miles\nx,1,2\n")
    with pytest.raises(InputError, match=r"trips\.csv: line 1: the column miles appears twice; leave one out"):
        open_trips(source)


@pytest.mark.parametrize("above", ["Trips of 2026\n", "Trips of 2026,,\nfor,the,board\n"])
def test_a_title_above_the_header_is_said_to_be_none(perdiem: Perdiem, tmp_path: Path, above: str) -> None:
    source = saved(tmp_path, above + "place,depart_on,return_on\n32801,2026-10-04,2026-10-09\n")
    run = perdiem("estimate", str(source), "-o", str(tmp_path / "out.csv"))
    assert run.code == 2
    assert "trips.csv: the first row names no column of a table of trips; the header must be the first row" in run.err


def test_the_columns_of_a_table_of_sites_are_read_alike(perdiem: Perdiem, tmp_path: Path) -> None:
    source = saved(tmp_path, 'Name,PLACE,Miles,Room-Rate,Weight,taxrate\nDisney,"Orlando, FL",100,100.00,1,0.125\n')
    run = perdiem("sites", "--sites", str(source), "--weeks", "2026-10-05", "--json")
    assert run.err == f"{source}: the column taxrate is not read; did you mean lodging_tax_rate?\n"
    # Five nights at 100.00, and 2 x 60 + 4 x 80 of M&IE.
    assert (run.record["site"], run.record["lodging"], run.record["mie"]) == ("Disney", "500.00", "440.00")
    assert run.record["mode"] == "drive"

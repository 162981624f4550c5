"""The names of columns as people write them: matched to those that are known, or said not to be read."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator import ColumnsNotAsNamed, estimate
from perdiem_calc.planning.estimator.names import SYNONYMS, matched, read_names
from perdiem_calc.planning.estimator.planned import TRIP_COLUMNS
from perdiem_calc.planning.tables import open_trips
from tests.support.command import Perdiem
from tests.support.estimates import BOOK, one

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
    ("name", "meant"),
    [
        ("Hotel rate", "room_rate"),
        ("Lodging per night", "room_rate"),
        ("Flight", "airfare"),
        ("air_fare", "airfare"),
        ("SROs", "officers"),
        ("Tax %", "lodging_tax_percent"),
        ("tax rate", "lodging_tax_rate"),
        ("taxrate", "lodging_tax_rate"),
        ("breakfast", "breakfasts"),
        ("zip code", "zip"),
        ("Destination", "place"),
        ("Departure date", "depart_on"),
    ],
)
def test_a_common_name_is_understood_and_shown_as_understood(name: str, meant: str) -> None:
    read = read_names([name, "notes"], TRIP_COLUMNS)
    assert read.names == [meant, "notes"]
    assert (read.understood, read.unread) == ({name: meant}, {"notes": ""})
    assert read.sentences() == [f"Read as: {name} = {meant}.", "Not read: notes."]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Tax", "lodging_tax_rate"),
        ("mileage", "miles"),
        ("room", "room_rate"),
        ("departs_onn", "depart_on"),
    ],
)
def test_a_column_near_a_known_one_is_not_read_and_says_which(name: str, near: str) -> None:
    read = read_names([name], TRIP_COLUMNS)
    assert (read.names, read.unread) == ([name], {name: near})
    assert read.sentences() == [f"Not read: {name}; did you mean {near}?"]


def test_columns_of_ones_own_are_named_without_a_meaning() -> None:
    own = ["notes", "hotel", "course", "comment", "email", "no", "capacity"]
    read = read_names([*own, "Depart on", "agency"], TRIP_COLUMNS)
    assert (read.understood, read.unread) == ({}, dict.fromkeys(own, ""))


def test_a_meaning_that_has_a_column_of_its_own_name_is_not_taken_twice() -> None:
    read = read_names(["SROs", "Officers"], TRIP_COLUMNS)
    assert (read.names, read.understood, read.unread) == (["SROs", "officers"], {}, {"SROs": "officers"})


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(InputError, match=r"the column airfare appears twice \(as Flight and Air ticket\)"):
        read_names(["Flight", "Air ticket"], TRIP_COLUMNS)


def test_every_meaning_is_a_column_and_none_is_a_name_of_its_own() -> None:
    known = {*TRIP_COLUMNS, "name"}
    assert set(SYNONYMS.values()) <= known
    assert not set(SYNONYMS) & known


def test_in_python_a_warning_names_the_columns(law: Law) -> None:
    trips = pd.DataFrame([{"place": "Orlando, FL", "departs": "2026-10-04", "returns": "2026-10-09", "Room": 2}])
    said = r"^Read as: departs = depart_on, returns = return_on. Not read: Room; did you mean room_rate\?$"
    with pytest.warns(ColumnsNotAsNamed, match=said):
        costs = estimate(trips, BOOK, law)
    assert costs["total"].to_list() == [1165.0]
    assert costs.attrs["columns"]["not_read"] == [{"column": "Room", "perhaps": "room_rate"}]


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


def test_the_command_shows_what_it_understood(perdiem: Perdiem, tmp_path: Path) -> None:
    source = saved(tmp_path, "place,depart_on,return_on,Air fare,notes\n32801,2026-10-04,2026-10-09,312.40,x\n")
    run = perdiem("estimate", str(source), "-o", str(tmp_path / "out.csv"))
    assert (run.code, run.err) == (0, f"{source}: Read as: Air fare = airfare.\n{source}: Not read: notes.\n")
    assert "$1,477.40" in run.out


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
    assert run.err == f"{source}: Read as: taxrate = lodging_tax_rate.\n"
    assert run.record["lodging_tax"] == "62.50"
    # Five nights at 100.00, and 2 x 60 + 4 x 80 of M&IE.
    assert (run.record["site"], run.record["lodging"], run.record["mie"]) == ("Disney", "500.00", "440.00")
    assert run.record["mode"] == "drive"

"""The tables an estimate is given: the ways in which they are written, and what is said of what is wrong."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perdiem_calc import estimate
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator import COLUMNS_OUT
from perdiem_calc.rates.model import PerDiemRate
from perdiem_calc.rates.places import Locality, Place
from tests.support.estimates import BOOK, ORLANDO, of, one

# ---- the ways in which tables are written


@pytest.mark.parametrize(
    "dates",
    [
        [date(2026, 10, 4), date(2026, 10, 9)],
        [datetime(2026, 10, 4, 12, 30), datetime(2026, 10, 9, 18, 45)],
        ["2026-10-04", "2026-10-09"],
        ["2026-10-04T12:30:00", "2026-10-09 00:00"],
        [pd.Timestamp("2026-10-04T23:30", tz="America/Chicago"), pd.Timestamp("2026-10-09", tz="America/Chicago")],
        [np.datetime64("2026-10-04"), np.datetime64("2026-10-09")],
    ],
)
def test_dates_are_read_however_a_library_holds_them(law: Law, dates: list[object]) -> None:
    as_columns = pd.DataFrame({"place": ["Orlando, FL"], "depart_on": [dates[0]], "return_on": [dates[1]]})
    assert estimate(as_columns, BOOK, law)["total"].to_list() == [1165.0]
    as_objects = as_columns.astype(object)
    assert estimate(as_objects, BOOK, law)["total"].to_list() == [1165.0]


@pytest.mark.parametrize(
    "room", [159, 159.0, "159", "159.0", "159.00", " 159.00 ", Decimal("159"), Decimal("1.59E+2")]
)
def test_amounts_are_read_however_they_are_written(law: Law, room: object) -> None:
    assert one(law, room_rate=room)["lodging"] == 795.0
    beside_text = of(law, ORLANDO | {"room_rate": room}, ORLANDO | {"room_rate": "100"})
    assert beside_text["lodging"].to_list() == [795.0, 500.0]


@pytest.mark.parametrize(
    "place",
    [
        {"place": "32801"},
        {"place": 32801},
        {"city": "Orlando", "state": "Florida"},
        {"zip": 32801.0},
        {"zip": "32801-1234"},
        {"county": "Orange", "state": "FL"},
        {"place": "Orlando", "state": "FL"},
        {"place": "Orlando, FL", "city": "", "county": None, "zip": "32801"},
    ],
)
def test_a_place_is_one_column_or_several(law: Law, place: dict[str, object]) -> None:
    row = {"depart_on": "2026-10-04", "return_on": "2026-10-09", **place}
    assert of(law, row)["locality"].to_list() == ["Orlando, FL"]


def test_places_in_several_columns_differ_by_any_of_them(law: Law) -> None:
    dates = {"depart_on": "2026-10-04", "return_on": "2026-10-09"}
    rows = [{"city": "Portland", "state": state, **dates} for state in ("ME", "OR", "ME", None)]
    costs = of(law, *rows)
    assert costs["locality"].to_list() == ["Portland, ME", "Portland, OR", "Portland, ME", ""]
    assert costs["status"].to_list() == ["resolved"] * 3 + ["ambiguous"]


@pytest.mark.parametrize("zip_code", [8608, 8608.0, "8608", "08608", "8608-1234"])
def test_a_zip_that_lost_its_leading_zero_gets_it_back(law: Law, zip_code: object) -> None:
    dates = {"depart_on": "2026-10-04", "return_on": "2026-10-09"}
    for column in ("zip", "place"):
        assert of(law, {column: zip_code, **dates})["locality"].to_list() == ["Princeton / Trenton, NJ"]


def test_digits_too_few_for_a_zip_are_refused(law: Law) -> None:
    (reason,) = of(law, {"zip": "86", "depart_on": "2026-10-04", "return_on": "2026-10-09"})["reason"]
    assert reason == "zip: '86' is not a ZIP; write its five digits, with any leading zero"


def test_the_columns_of_arrow_are_read_as_those_of_pandas(law: Law) -> None:
    kinds = {
        "place": "string[pyarrow]",
        "depart_on": "date32[pyarrow]",
        "return_on": "timestamp[us][pyarrow]",
        "officers": "int64[pyarrow]",
        "airfare": "double[pyarrow]",
    }
    trips = pd.DataFrame([ORLANDO | {"officers": 3, "airfare": 312.4}, ORLANDO | {"officers": None}])
    costs = estimate(trips.astype(dict(list(kinds.items())[:1])).astype(kinds), BOOK, law)
    # 3 x (725 + 440 + 312.40), and one officer without a fare.
    assert costs["group_total"].to_list() == [4432.2, 1165.0]


# ---- what is wrong


@pytest.mark.parametrize("beside", [True, np.True_, 1 + 0j, [1]])
def test_a_cell_that_equals_a_number_changes_no_other_in_any_order(law: Law, beside: object) -> None:
    good, bad = ORLANDO | {"officers": 1}, ORLANDO | {"officers": beside}
    for rows in ([good, bad, good], [bad, good, good], [good, good, bad]):
        costs = estimate(pd.DataFrame(rows, dtype=object), BOOK, law)
        assert [total == 1165.0 for total in costs["total"]] == [row is good for row in rows]
        (reason,) = costs["reason"][costs["reason"] != ""]
        assert reason == f"officers: '{beside}' is not a number; write a whole number like 3"


def test_complex_numbers_are_no_numbers_here(law: Law) -> None:
    trips = pd.DataFrame([ORLANDO]).assign(airfare=[1 + 0j])
    assert estimate(trips, BOOK, law)["reason"][0].startswith("airfare: '(1+0j)' is not a number")


def test_another_stop_is_named_by_its_label_in_the_index(law: Law) -> None:
    stop = ORLANDO | {"trip_id": "A", "return_on": "2026-10-06"}
    last = ORLANDO | {"trip_id": "A", "depart_on": "2026-10-06", "miles": "far"}
    trips = pd.DataFrame([stop, last], index=[40_001, 40_003])
    assert estimate(trips, BOOK, law)["reason"][40_001] == (
        "trip_id: another stop of this trip (row 40003) cannot be priced"
    )


def test_what_is_no_table_is_refused(law: Law) -> None:
    trips: Any = [ORLANDO]
    with pytest.raises(InputError, match=r"^trips: a list is not a table of trips; give a pandas\.DataFrame$"):
        estimate(trips, BOOK, law)


@pytest.mark.parametrize(
    ("changed", "status", "reason"),
    [
        ({"place": "Nowhere At All, FL"}, "unresolved", "place: Nowhere At All is not known in Florida"),
        ({"place": "Orlanda, FL"}, "unresolved", "Orlanda is not known in Florida; perhaps Orlando, FL or"),
        ({"place": "Springfield"}, "ambiguous", "place: Springfield is in "),
        ({"place": "Honolulu, HI"}, "oconus", "the Department of Defense (DTMO) sets its rates"),
        ({"place": "Orlando, FL 90210"}, "error", "place: "),
        ({"place": ""}, "error", "place: the place is empty"),
        ({"place": "Orlando, FL", "state": "GA"}, "error", "place, state: 'Orlando, FL' is not in state GA"),
        ({"depart_on": None}, "error", "depart_on: blank; write year-month-day, like 2026-10-04"),
        ({"depart_on": pd.NaT}, "error", "depart_on: blank"),
        ({"depart_on": "13/04/2026"}, "error", "depart_on: 13/04/2026 does not exist; the month comes first"),
        ({"depart_on": "10/4/26"}, "error", "depart_on: 10/4/26: a year has four digits; write year-month-day"),
        ({"depart_on": "2026-02-30"}, "error", "depart_on: 2026-02-30 does not exist"),
        ({"depart_on": 46299}, "error", "depart_on: 46299 is a spreadsheet's number for 2026-10-04"),
        ({"depart_on": "46299"}, "error", "depart_on: 46299 is a spreadsheet's number for 2026-10-04"),
        ({"return_on": "2026-10-03"}, "error", "return_on: the return is before the departure"),
        ({"return_on": "2027-10-06"}, "error", "return_on: the trip lasts more than a year"),
        ({"depart_on": "2031-10-04", "return_on": "2031-10-09"}, "unavailable", "no rates of fiscal year 2032"),
        ({"depart_on": "2018-10-04", "return_on": "2018-10-09"}, "unavailable", "no rates of fiscal year 2019"),
        (
            {"room_rate": "159 dollars"},
            "error",
            "room_rate: '159 dollars' is not a number; write dollars and cents like 159.00",
        ),
        ({"room_rate": 159.005}, "error", "room_rate: 159.005 has too many decimals"),
        ({"room_rate": "159.005"}, "error", "room_rate: 159.005 has too many decimals"),
        ({"room_rate": "1e3"}, "error", "room_rate: '1e3' is not a number"),
        ({"room_rate": float("inf")}, "error", "room_rate: 'inf' is not a number"),
        ({"room_rate": True}, "error", "room_rate: 'True' is not a number"),
        ({"room_rate": -1}, "error", "room_rate: -1 is negative"),
        ({"airfare": 10_000_000}, "error", "airfare: 10000000 is too much"),
        ({"lodging_tax_rate": 12.5}, "error", "lodging_tax_rate: 12.5 is too much"),
        ({"officers": -2}, "error", "officers: -2 is negative; write a whole number like 3"),
        ({"officers": 0}, "error", "officers: 0 is too few; write a whole number like 3, at least 1"),
        ({"airfare": [312.4]}, "error", "airfare: '[312.4]' is not a number"),
        ({"airfare": "=300+12.40"}, "error", "airfare: =300+12.40 is a formula without a value; open and save the"),
        ({"depart_on": "=TODAY()"}, "error", "depart_on: =TODAY() is a formula without a value"),
        ({"place": '=A1&", FL"'}, "error", 'place: =A1&", FL" is a formula without a value'),
        ({"place": ["Nowhere"]}, "unresolved", "no place named"),
        ({"trip_id": "=A2"}, "error", "trip_id: is a formula without a value; open and save the file in Excel"),
        ({"officers": 1.5}, "error", "officers: 1.5 has too many decimals"),
        ({"lunches": 7}, "error", "lunches: more than the days of this row"),
        ({"hours": 90}, "error", "hours: do not fit the dates"),
        ({"hours": 144}, "error", "hours: do not fit the dates"),
        ({"hours": 0, "return_on": "2026-10-04"}, "error", "hours: do not fit the dates"),
    ],
)
def test_a_row_that_cannot_be_priced_stays_and_says_why(
    law: Law, changed: dict[str, object], status: str, reason: str
) -> None:
    bad = of(law, ORLANDO | changed).iloc[0]
    assert bad["status"] == status
    assert reason in bad["reason"]
    assert bad[list(COLUMNS_OUT[3:])].isna().all()
    among_good = of(law, ORLANDO, ORLANDO | changed, ORLANDO)
    assert among_good["status"].to_list() == ["resolved", status, "resolved"]
    assert among_good["total"].dropna().to_list() == [1165.0, 1165.0]


def test_a_row_says_everything_that_is_wrong_with_it(law: Law) -> None:
    (row,) = of(law, ORLANDO | {"depart_on": "soon", "miles": "far", "officers": -1}).to_dict("records")
    assert [part.split(":")[0] for part in row["reason"].split("; ")][::2] == ["depart_on", "officers", "miles"]


def test_hours_that_fit_are_not_questioned(law: Law) -> None:
    assert one(law, hours=143.75)["status"] == "resolved"
    assert one(law, hours=96.25)["status"] == "resolved"
    assert one(law, hours=96)["status"] == "error"


def test_a_date_before_the_rules_is_reported(law: Law) -> None:
    class AnyDay:
        """The rates of 2026 on any day."""

        def locality(self, place: Place, on: date) -> Locality:
            return BOOK.locality(place, date(2026, 10, 4))

        def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
            return BOOK.rate(where, date(2026, 10, 4))

    early = pd.DataFrame([ORLANDO | {"depart_on": "2018-12-31", "return_on": "2019-01-02", "miles": 5}])
    (row,) = estimate(early, AnyDay(), law).to_dict("records")
    assert row["status"] == "unavailable"
    assert row["reason"].startswith("depart_on: the rules in force on these days are not known")
    assert "miles: no mileage rate" not in row["reason"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["place", "depart_on"], "columns: the column return_on is missing"),
        (["depart_on", "return_on"], "columns: the column place is missing"),
        (["city", "depart_on", "return_on"], "columns: the column place is missing"),
        (["place", "departed_on", "return_on"], "columns: the column depart_on is missing; rename departed_on"),
        (["place", "depart_on", "return_on", "place"], "columns: the column place appears twice; leave one out"),
        (["agency"], "columns: the columns place, depart_on, return_on are missing"),
    ],
)
def test_a_table_without_its_columns_is_refused(law: Law, columns: list[str], message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}"):
        estimate(pd.DataFrame([["x"] * len(columns)], columns=columns), BOOK, law)


def test_an_empty_table_gives_an_empty_table(law: Law) -> None:
    costs = estimate(pd.DataFrame({"place": [], "depart_on": [], "return_on": []}), BOOK, law)
    assert (len(costs), tuple(costs.columns)) == (0, COLUMNS_OUT)
    with_trips = estimate(pd.DataFrame({"place": [], "depart_on": [], "return_on": [], "trip_id": []}), BOOK, law)
    assert len(with_trips) == 0

"""The rows of an estimate: cells at the edge of what can be read, faults of groups, and meals across rates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from perdiem_calc import estimate
from perdiem_calc.claims.limits import LONGEST_TRIP
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, RateUnavailable
from perdiem_calc.planning.estimator import Estimator
from perdiem_calc.planning.estimator.columns import (
    EPOCH,
    QUANTITIES,
    group_codes,
    is_blank,
    place_codes,
    read_days,
    read_quantity,
)
from perdiem_calc.planning.estimator.faults import Faults
from perdiem_calc.planning.estimator.in_force import calendar, day_of
from perdiem_calc.planning.estimator.planned import place_columns, read_planned
from perdiem_calc.planning.estimator.ratetable import named_place
from perdiem_calc.rates.model import PerDiemRate, Provenance
from perdiem_calc.rates.places import Locality, Place
from tests.support.estimates import BOOK, ORLANDO, of, one, with_setting

DOLLARS = "write dollars and cents like 159.00"
FRACTION = "write a fraction of one like 0.125"


def read(name: str, *cells: object, dtype: Any = None) -> tuple[list[int], list[str]]:
    """What a column of cells is read as, in steps, and what is said of each cell."""
    faults = Faults(len(cells))
    steps = read_quantity(pd.Series(list(cells), dtype=dtype), QUANTITIES[name], faults)
    return steps.tolist(), [faults.reason_of(row) for row in range(len(cells))]


# ---- cells


@pytest.mark.parametrize("cells", [("3", "1000000", "1.0", "3.000", "01"), (3, 1_000_000, 1, 3, 1)])
def test_a_whole_number_is_itself_up_to_the_most_however_it_is_held(cells: tuple[object, ...]) -> None:
    assert read("officers", *cells) == ([3, 1_000_000, 1, 3, 1], [""] * 5)


@pytest.mark.parametrize("cells", [("0", "-0", "0.0"), (0, 0.0, 0), (Decimal(0), 0, False)])
def test_no_officers_are_too_few(cells: tuple[object, ...]) -> None:
    reasons = read("officers", *cells, dtype=object)[1]
    assert reasons[0] == "officers: 0 is too few; write a whole number like 3, at least 1"
    assert all(reasons)


@pytest.mark.parametrize("cells", [("1", "0.125", "1.000"), (1.0, 0.125, 1.0), (Decimal(1), Decimal("0.125"), "1")])
def test_all_of_the_rate_may_be_tax_and_no_more(cells: tuple[object, ...]) -> None:
    assert read("lodging_tax_rate", *cells) == ([1_000_000, 125_000, 1_000_000], [""] * 3)
    assert read("lodging_tax_rate", 1.01)[1] == [f"lodging_tax_rate: 1.01 is too much; {FRACTION}, at most 1"]


def test_what_sums_of_doubles_leave_over_changes_no_number() -> None:
    # Tenths are not exact as doubles: these are a free room, the whole of one, and one officer.
    assert read("room_rate", 0.3 - 0.1 - 0.2, 100.1 + 0.2) == ([0, 10030], ["", ""])
    assert read("lodging_tax_rate", 0.9 + 0.1 + 2.3e-16, 0.1 + 0.2) == ([1_000_000, 300_000], ["", ""])
    assert read("officers", 0.9999999999999999, 2.0000000000000004) == ([1, 2], ["", ""])


@pytest.mark.parametrize("dtype", [None, "int8", "Int64", "float32", object, "string"])
def test_a_column_of_any_kind_of_number_is_read_alike(dtype: Any) -> None:
    assert read("hours", 13, 100, dtype=dtype) == ([130_000, 1_000_000], ["", ""])


def test_a_blank_is_blank_in_a_column_of_any_kind_of_number() -> None:
    for dtype, blank in ((None, None), ("Int64", pd.NA), ("Float64", pd.NA), (object, None), (object, "")):
        assert read("room_rate", 5, blank, dtype=dtype) == ([500, -1], ["", ""]), dtype
        assert read("officers", 5, blank, "x", dtype=object)[0][:2] == [5, 1]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (0.00001, f"0.00001 has too many decimals; {DOLLARS}"),
        (3.3000000000000003 + 0.005, f"3.305 has too many decimals; {DOLLARS}"),
        (-0.01, f"-0.01 is negative; {DOLLARS}"),
        (10_000_000, f"10000000 is too much; {DOLLARS}, at most 9,999,999"),
        (2**62, f"4611686018427387904 is too much; {DOLLARS}, at most 9,999,999"),
    ],
)
def test_a_number_that_is_no_amount_is_said_as_it_stands(cell: object, reason: str) -> None:
    assert read("airfare", cell)[1] == [f"airfare: {reason}"]


def test_a_number_too_large_for_any_amount_is_too_much_and_not_called_no_number() -> None:
    for cell in (10.0**12, 10**12, "1000000000000", 10.0**15):
        number = f"{Decimal(cell):f}"
        assert read("airfare", cell)[1] == [f"airfare: {number} is too much; {DOLLARS}, at most 9,999,999"]
    (reason,) = read("airfare", 1e308)[1]
    assert reason.split(";")[0] == "airfare: 1000000000000000010979063629440455417404 is too much"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 60, repr("x" * 40) + " is not a number"),
        ("1" * 60, "1" * 40 + " is too much"),
        ("1." + "1" * 60, "1." + "1" * 38 + " has too many decimals"),
        ("-" + "1" * 60, "-" + "1" * 39 + " is negative"),
        ("0" * 60, "0" * 40 + " is too few"),
        ("=" + "1" * 60, "=" + "1" * 39 + " is a formula without a value"),
    ],
)
def test_at_most_forty_characters_of_a_cell_are_repeated(text: str, said: str) -> None:
    assert read("officers", text)[1][0].split(";")[0] == f"officers: {said}"


def test_an_exact_decimal_is_read_however_its_power_of_ten_is_held() -> None:
    assert read("airfare", Decimal("1E+3"), Decimal("1.5E+1")) == ([100_000, 1500], ["", ""])
    said = f"airfare: 0.0000001 has too many decimals; {DOLLARS}"
    assert read("airfare", Decimal("1E-7"))[1] == [said]


def test_rows_without_a_trip_id_are_each_a_trip_of_their_own() -> None:
    codes = group_codes(pd.Series([None, "A", " ", float("nan"), "B", "A", None], dtype=object), Faults(7))
    assert len(set(codes.tolist())) == 6
    assert codes[1] == codes[5]


def test_places_of_a_city_and_a_state_are_as_many_as_their_pairs() -> None:
    cells = [("Portland", "ME"), ("Portland", "OR"), ("Bangor", "ME"), ("Bar Harbor", "ME"), ("Portland", "OR")]
    codes, places = place_codes(pd.DataFrame(cells, columns=["city", "state"]), ["city", "state"])
    assert codes.tolist() == [0, 1, 2, 3, 1]
    assert places == cells[:4]


def test_a_date_that_cannot_be_read_is_day_0() -> None:
    faults = Faults(3)
    assert read_days(pd.Series(["soon", None, "1970-01-02"]), "depart_on", faults).tolist() == [0, 0, 1]
    assert faults.good.tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2026-02-30", "2026-02-30 does not exist; check the month and the day"),
        (46299, "46299 is a spreadsheet's number for 2026-10-04; format the column as dates, or write 2026-10-04"),
        ("x" * 60, f"'{'x' * 40}' is not a date; write year-month-day, like 2026-10-04"),
    ],
)
def test_a_date_that_cannot_be_read_says_what_to_write(cell: object, reason: str) -> None:
    faults = Faults(1)
    read_days(pd.Series([cell]), "depart_on", faults)
    assert faults.reason_of(0) == f"depart_on: {reason}"


def test_a_blank_among_dates_of_a_library_is_day_0_and_a_fault() -> None:
    faults = Faults(2)
    assert read_days(pd.Series(pd.to_datetime(["1970-01-03", ""])), "depart_on", faults).tolist() == [2, 0]
    assert faults.good.tolist() == [True, False]


def test_a_year_that_no_date_can_have_is_a_fault() -> None:
    column = pd.Series(np.array(["1970-01-03", "20000-01-01", "-0001-01-01", "9999-12-31"], dtype="datetime64[s]"))
    for days in (column, column.astype(object)):
        faults = Faults(4)
        assert read_days(days, "depart_on", faults).tolist() == [2, 0, 0, (date.max - date(1970, 1, 1)).days]
        said = "depart_on: a year has four digits; write year-month-day, like 2026-10-04"
        assert [faults.reason_of(row) for row in range(4)] == ["", said, said, ""]


@pytest.mark.parametrize("dtype", ["object", "datetime64[s]"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(dtype: Any) -> None:
    faults = Faults(2)
    days = [datetime(1, 1, 1), datetime(9999, 12, 31)]
    found = read_days(pd.Series(days, dtype=dtype), "depart_on", faults)
    assert found.tolist() == [(day.date() - EPOCH).days for day in days]
    assert faults.good.all()


def test_a_trip_of_the_longest_kind_is_priced_and_none_beyond_or_backwards(law: Law) -> None:
    first = date(2025, 10, 4)
    lasts = (LONGEST_TRIP, LONGEST_TRIP + timedelta(days=1), timedelta(days=-1))
    costs = of(law, *(ORLANDO | {"depart_on": first, "return_on": first + lasting} for lasting in lasts))
    assert costs["reason"].to_list() == [
        "",
        "return_on: the trip lasts more than a year; check the year of both dates",
        "return_on: the return is before the departure; swap or correct the two dates",
    ]


def test_of_missing_columns_the_nearest_name_of_each_is_said_and_else_all_names() -> None:
    for columns, fix in (
        (["place", "depart_out", "depart_onn", "return_on"], "rename depart_onn$"),
        (["place", "departed_on", "returned_on"], "rename departed_on and returned_on$"),
        (["agency"], "the columns are place, city, state, county, zip, depart_on, return_on, officers, room_rate, "),
    ):
        with pytest.raises(InputError, match=f"; {fix}"):
            place_columns(columns)


def test_two_missing_columns_are_missing_and_a_state_alone_is_no_place() -> None:
    for columns, said in (
        (["depart_on"], "the columns place, return_on are missing"),
        (["state", "depart_on", "return_on"], "the column place is missing"),
    ):
        with pytest.raises(InputError, match=f"^columns: {said}"):
            place_columns(columns)


def test_what_a_library_holds_for_nothing_is_blank() -> None:
    assert is_blank(pd.NA)
    assert is_blank(pd.NaT)


def test_a_place_that_no_cell_names_is_refused_and_an_unknown_state_kept_for_the_look_up() -> None:
    with pytest.raises(InputError, match="the place is empty"):
        named_place({"zip": ""})
    assert named_place({"city": "Orlando", "state": "Floridah"}) == Place(city="Orlando", state="Floridah")
    with pytest.raises(InputError, match=r"^'Orlando, FL' is not in state GA; give the state once$"):
        named_place({"place": "Orlando, FL", "state": "Georgia"})


# ---- trips


def test_many_stops_stay_in_their_order_and_blocks_cut_no_trip(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    days = [date(2026, 10, 4) + timedelta(days=day) for day in range(42)]
    stops = [
        ORLANDO | {"trip_id": trip, "depart_on": out, "return_on": back}
        for out, back in pairwise(days)
        for trip in "AB"
    ]
    monkeypatch.setattr("perdiem_calc.planning.estimator._BLOCK", 7)
    costs = of(law, *stops)
    # M&IE in full but on the first and the last day, which is the end of the last stop.
    assert costs["mie"].to_list() == 2 * [60.0] + 2 * 39 * [80.0] + 2 * [80.0 + 60.0]


def test_the_hours_of_a_trip_are_those_of_its_first_row(law: Law) -> None:
    stops = (("2026-10-04", "2026-10-06", 100), ("2026-10-06", "2026-10-09", 101))
    first, second = (
        {"trip_id": "A", "depart_on": out, "return_on": back, "hours": hours} for out, back, hours in stops
    )
    costs = of(law, ORLANDO | first, ORLANDO | second)
    assert costs["reason"].to_list() == [
        "trip_id: another stop of this trip (row 1) cannot be priced",
        "hours: differs from the trip's first row; state it once",
    ]


def test_the_least_of_hours_fits_a_day_and_none_does_not(law: Law) -> None:
    day = ORLANDO | {"return_on": "2026-10-04"}
    costs = of(law, day | {"hours": 0.0001}, day | {"hours": 0})
    assert costs["reason"].to_list() == [
        "",
        "hours: do not fit the dates of departure and return; correct them, or leave the cell empty",
    ]


# ---- faults


def test_the_first_faulty_row_of_a_group_is_named_in_its_other_rows() -> None:
    faults = Faults(8)
    faults.blame(np.array([1, 0, 0, 2, 1, 0, 0, 1]), ["", "miles: far", "officers: few"])
    faults.blame_rows(np.array([False] * 4 + [True] + [False] * 3), "other: much", "unavailable")
    faults.spread(np.array([0, 0, 2, 3, 3, 3, 2, 7]))
    said = "trip_id: another stop of this trip (row {}) cannot be priced"
    of_rows = ["miles: far", said.format(0), "", "officers: few", "miles: far; other: much", said.format(3), ""]
    assert [faults.reason_of(row) for row in range(8)] == [*of_rows, "miles: far"]
    assert faults.good.tolist() == [False, False, True, False, False, False, True, False]
    late = Faults(3)
    late.blame_rows(np.array([False, True, True]), "miles: far", "unavailable")
    late.spread(np.array([0, 0, 0]))
    assert late.reason_of(0) == said.format(1)
    assert late.status.tolist() == [late.status[1]] * 3


def test_a_remark_is_of_its_rows_alone_and_leaves_them_good() -> None:
    faults = Faults(3)
    faults.note(np.array([False, True, False]), "miles: planned")
    assert [faults.reason_of(row) for row in range(3)] == ["", "miles: planned", ""]
    assert faults.good.all()


# ---- meals


ACROSS = {"place": "Orlando, FL", "depart_on": "2026-09-29", "return_on": "2026-10-02"}
"""Three nights over the turn of the fiscal year; M&IE is 80 in both, with lunch at 22: 60 + 80 + 80 + 60 = 280."""


def test_meals_come_off_once_where_the_nights_are_at_two_rates(law: Law) -> None:
    meals: list[dict[str, int]] = [{"lunches": 0}, {"lunches": 1}, {"lunches": 3}, {"lunches": 4}]
    meals.append({"breakfasts": 4, "lunches": 4, "dinners": 4})
    costs = of(law, ORLANDO | {"lunches": 6}, *(ACROSS | row for row in meals), ORLANDO)
    # Two full days, then the last, then the first; of a day with all its meals the 5.00 of incidentals stay.
    assert costs["mie"].to_list() == [440.0 - 6 * 22, 280.0, 258.0, 280.0 - 3 * 22, 280.0 - 4 * 22, 4 * 5.0, 440.0]


def test_meals_take_nothing_off_a_day_that_earns_less_than_its_incidentals(law: Law) -> None:
    # The first and last day earn 4.00 each, less than 5.00: only the four full days lose their lunch.
    twentieth = with_setting(law, "mie-first-last-day", "share", (date(2019, 1, 1), Decimal("0.05")))
    assert one(twentieth, lunches=6)["mie"] == 4 * (80.0 - 22.0) + 2 * 4.0


def test_of_stops_within_a_day_at_one_mie_the_one_with_the_dearer_room_has_the_day(law: Law) -> None:
    def stop(place: str, **more: object) -> dict[str, object]:
        return {"trip_id": "A", "place": place, "depart_on": "2026-10-05", "return_on": "2026-10-05", **more}

    # M&IE of both is 92 with lunch at 26, the rooms are at 205 and 365.
    costs = of(law, ORLANDO | {"trip_id": "B"}, stop("Vail, CO", lunches=1), stop("Boston, MA"))
    assert costs["mie"].to_list() == [440.0, 0.0, 69.0 - 26.0]


def test_a_trip_of_just_the_hours_from_which_it_is_full_earns_its_mie(law: Law) -> None:
    full_from_12 = with_setting(law, "entitlement-12-hours", "full_from_hours", (date(2019, 1, 1), 12))
    assert one(law, return_on="2026-10-04", hours=12)["mie"] == 0.0
    assert one(full_from_12, return_on="2026-10-04", hours=12)["mie"] == 60.0
    assert one(full_from_12, return_on="2026-10-04", hours=11.9999)["mie"] == 0.0


@pytest.mark.parametrize("meal", ["breakfasts", "lunches", "dinners"])
def test_a_meal_on_more_days_than_the_row_has_is_said_of_that_meal(law: Law, meal: str) -> None:
    said = f"{meal}: more than the days of this row; count each day's once"
    assert of(law, ORLANDO | {meal: 7}, ORLANDO | {meal: 6})["reason"].to_list() == [said, ""]


def test_rows_that_are_set_aside_plan_nothing_on_the_day_of_a_good_row() -> None:
    stops = [ORLANDO, ORLANDO | {"depart_on": "2026-10-09", "return_on": "2026-10-12"}]
    more = {"trip_id": "A", "breakfasts": 1, "lunches": 2, "dinners": 3, "miles": 4}
    trips = pd.DataFrame([*(stop | more for stop in stops), ACROSS | more | {"trip_id": "B"}])
    planned = read_planned(trips, Faults(3))
    aside = planned.without(np.array([False, True, False]), 2)
    october, september = ((date(2026, *day) - EPOCH).days for day in ((10, 4), (9, 29)))
    assert aside.depart.tolist() == aside.departed.tolist() == [october, september, september]
    assert aside.returned.tolist() == [october + 8, september, september + 3]
    assert (aside.nights.tolist(), aside.before.tolist(), aside.of_trip.tolist()) == ([5, 0, 3], [0, 0, 0], [8, 0, 3])
    assert aside.miles.tolist() == [400, 0, 400]
    assert [meal.tolist() for meal in aside.meals] == [[1, 0, 1], [2, 0, 2], [3, 0, 3]]
    assert planned.without(np.zeros(3, dtype=bool), 0) is planned


def test_a_row_that_cannot_be_priced_takes_no_rate_and_no_day_of_the_others(law: Law) -> None:
    # The dates of the first and last row are beyond the known rules and rates, and the second's return is not known.
    bad = ({"depart_on": "1901-01-01", "miles": 5, "officers": "x"}, {"return_on": "soon", "lunches": 9})
    late = {"depart_on": "2090-01-01", "return_on": "2090-12-31", "airfare": -1, "miles": 5}
    costs = of(law, *(ORLANDO | row for row in (*bad, {"miles": 100}, late)))
    assert costs["status"].to_list() == ["error", "error", "resolved", "error"]
    said = ["officers: 'x' is not a number", "return_on: 'soon' is not a date", "", "airfare: -1 is negative"]
    assert [reason.split(";")[0] for reason in costs["reason"]] == said
    assert all(reason.count(";") == bool(reason) for reason in costs["reason"])
    assert costs["total"].to_list()[2] == 1165.0 + 76.0


# ---- mileage, and where the rates came from


def test_miles_before_the_first_known_mileage_rate_are_not_priced_and_say_so(law: Law) -> None:
    later = with_setting(law, "pov-mileage", "car_no_gov_vehicle", (date(2026, 10, 5), Decimal("0.76")))
    next_day = ORLANDO | {"depart_on": "2026-10-05"}
    costs = of(later, ORLANDO | {"miles": 0.01}, ORLANDO | {"miles": 0}, next_day | {"miles": 100})
    assert costs["status"].to_list() == ["unavailable", "resolved", "resolved"]
    said = "miles: no mileage rate is known for the day of departure; check the dates"
    assert costs["reason"].to_list() == [said, "", ""]
    assert costs["transportation"].to_list()[1:] == [0.0, 76.0]


def test_a_planning_rate_is_said_of_the_rows_with_miles_however_few(law: Law) -> None:
    day = {"place": "Orlando, FL", "depart_on": "2027-01-04", "return_on": "2027-01-04"}
    said = "miles: planning rate of $0.76 a mile, the latest known"
    # A hundredth of a mile is 0.0076, rounded up.
    assert of(law, day | {"miles": 0.01})[["transportation", "reason"]].to_numpy().tolist() == [[0.01, said]]
    summer = {"depart_on": "2026-06-28", "return_on": "2026-06-30", "miles": 100}
    costs = of(law, day | summer, day | {"miles": 0}, day | {"miles": 100})
    assert costs["transportation"].to_list() == [72.5, 0.0, 76.0]
    assert costs["reason"].to_list() == ["", "", said]


def test_the_limit_is_not_planned_beyond_the_day_until_which_it_is_known(law: Law) -> None:
    ended = with_setting(law, "chp-cap", "limit", (date(2019, 1, 1), Decimal(1000)), until=date(2026, 10, 8))
    costs = of(ended, ORLANDO, ORLANDO | {"return_on": "2026-10-08"})
    assert costs["status"].to_list() == ["unavailable", "resolved"]
    said = "depart_on: the rules in force on these days are not known; check the dates"
    assert costs["reason"].to_list() == [said, ""]


class Fetched:
    """The embedded rates, as if a service had sent them at a quarter past eight."""

    def locality(self, place: Place, on: date) -> Locality:
        """As the ratebook."""
        return BOOK.locality(place, on)

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """As the ratebook, from a file of the fiscal year."""
        source = Provenance("api", f"rates of {on:%Y}", "", "2026-11-23T08:15:00Z")
        return replace(BOOK.rate(where, on), source=source)


def test_the_sources_of_an_estimator_are_those_of_all_its_tables_once_each_with_the_day(law: Law) -> None:
    estimator = Estimator(Fetched(), law)
    assert estimator.sources() == []
    for row in (ORLANDO, ORLANDO | {"place": "Vail, CO"}, {"zip": "32801"} | ORLANDO):
        estimator.estimate(pd.DataFrame([row, row | {"depart_on": "2027-01-04", "return_on": "2027-01-05"}]))
    sources = [f"api rates of {year}, retrieved 2026-11-23" for year in (2026, 2027)]
    assert estimator.sources() == sources


def test_a_locality_without_a_state_is_called_by_its_name_alone(law: Law) -> None:
    class Stateless(Fetched):
        """The embedded rates, of localities whose state nobody says."""

        def locality(self, place: Place, on: date) -> Locality:
            """As the ratebook, without the state."""
            return replace(BOOK.locality(place, on), state="")

        def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
            """That of Orlando."""
            return BOOK.rate("Orlando, FL", on)

    assert estimate(pd.DataFrame([ORLANDO]), Stateless(), law)["locality"].to_list() == ["Orlando"]


# ---- periods


def test_a_trip_over_three_months_takes_each_nights_rate_beside_shorter_trips(law: Law) -> None:
    winter = {"place": "Vail, CO", "depart_on": "2026-10-30", "return_on": "2026-12-02"}
    nights = [date(2026, 10, 30) + timedelta(days=night) for night in range(33)]
    rates = [BOOK.rate("Vail, CO", night).lodging for night in nights]
    assert len(set(rates)) > 1
    costs = of(law, ORLANDO, winter, ORLANDO, ORLANDO)
    assert costs["lodging"].to_list() == [725.0, float(sum(rates)), 725.0, 725.0]


def test_a_second_month_without_a_rate_is_said_though_the_months_around_it_have_one(law: Law) -> None:
    class NoNovember(Fetched):
        """The embedded rates, but for one month."""

        def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
            """As the ratebook, or not available."""
            if on.month == 11:
                raise RateUnavailable("file.unreadable", "November is not known", fix="try again later")
            return BOOK.rate(where, on)

    days = (("2026-09-28", "2026-10-02"), ("2026-10-28", "2026-11-02"), ("2026-12-01", "2026-12-02"))
    trips = [ORLANDO | {"depart_on": depart, "return_on": back} for depart, back in days]
    costs = estimate(pd.DataFrame(trips), NoNovember(), law)
    assert costs["status"].to_list() == ["resolved", "unavailable", "resolved"]


def test_a_rate_that_changes_on_the_second_of_a_month_begins_a_period_that_day(law: Law) -> None:
    first, last = ((date(2026, *day) - EPOCH).days for day in ((9, 29), (10, 4)))
    found = calendar(first, last, law, [date(2026, 10, 2)])
    assert found.period.tolist() == [0, 0, 1, 2, 2, 2]
    assert [str(day_of(int(day))) for day in found.starts] == ["2026-09-29", "2026-10-01", "2026-10-02"]
    assert [str(day_of(int(day))) for day in found.ends] == ["2026-10-01", "2026-10-02", "2026-10-05"]
    assert [str(day_of(int(day))) for day in found.asked] == ["2026-09-01", "2026-10-01", "2026-10-02"]

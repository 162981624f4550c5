"""What a plan supposes: another limit, dearer rooms, another fiscal year; and cells as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.planning.estimator import WhatIf, estimate
from perdiem_calc.planning.estimator.what_if import in_fiscal_year
from perdiem_calc.planning.tables import open_trips
from tests.support.estimates import BOOK, ORLANDO, of


def supposed(law: Law, what_if: dict[str, Any], **columns: object) -> dict[str, Any]:
    """The estimate of the Orlando trip under a supposition."""
    (row,) = estimate(pd.DataFrame([ORLANDO | columns]), BOOK, law, **what_if).to_dict("records")
    return {str(name): value for name, value in row.items()}


@pytest.mark.parametrize(("limit", "paid"), [(1500, 1165.0), (1165, 1165.0), (Decimal("1164.99"), 1164.99), (0, 0.0)])
def test_another_limit(law: Law, limit: Decimal | int, paid: float) -> None:
    row = supposed(law, {"limit": limit})
    # 725.00 of lodging and 440.00 of M&IE.
    assert (row["total"], row["reimbursable"]) == (1165.0, paid)
    assert row["agency_share"] == pytest.approx(1165 - paid)


def test_another_limit_less_what_was_paid_before(law: Law) -> None:
    assert supposed(law, {"limit": 1500}, paid_before=600)["reimbursable"] == 900.0


@pytest.mark.parametrize(
    ("rooms", "columns", "lodging", "allowable"),
    [
        (20, {}, 870.0, 1165.0),  # 174.00 a night, of which 145.00 are allowed
        (-10, {}, 652.5, 1092.5),  # 130.50 a night
        (20, {"room_rate": 100}, 600.0, 1040.0),  # 120.00 a night
        (Decimal("12.5"), {"room_rate": "99.99"}, 562.45, 1002.45),  # 112.48875, rounded up
        (0, {"room_rate": 100}, 500.0, 940.0),
    ],
)
def test_dearer_and_cheaper_rooms(
    law: Law, rooms: Decimal | int, columns: dict[str, object], lodging: float, allowable: float
) -> None:
    row = supposed(law, {"rooms": rooms}, **columns)
    assert (row["lodging"], row["allowable"]) == (lodging, allowable)


def test_the_tax_of_a_dearer_room_is_shared(law: Law) -> None:
    row = supposed(law, {"rooms": 20}, lodging_tax_rate=0.125)
    # 12.5 % of 174.00 is 21.75; of it 145 / 174, 18.125, is allowed: 18.13 a night.
    assert row["lodging_tax"] == 5 * 21.75
    assert row["allowable"] == pytest.approx(1165 + 5 * 18.13)


@pytest.mark.parametrize(
    "what_if", [{"limit": -1}, {"limit": "x"}, {"limit": "1.005"}, {"rooms": -100}, {"rooms": 1001}, {"limit": True}]
)
def test_what_cannot_be_supposed(what_if: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="cannot be supposed"):
        WhatIf.of(**what_if)


# ---- another fiscal year


def moved(year: int, **columns: list[object]) -> list[tuple[object, object]]:
    """The dates of trips in a fiscal year."""
    table = in_fiscal_year(pd.DataFrame(columns), year)
    return list(zip(table["depart_on"], table["return_on"], strict=True))


@pytest.mark.parametrize(
    ("departs", "returns", "year", "dates"),
    [
        ("2026-10-04", "2026-10-09", 2025, (date(2024, 10, 4), date(2024, 10, 9))),
        ("2027-09-28", "2027-10-03", 2025, (date(2025, 9, 28), date(2025, 10, 3))),
        ("10/4/2026", "2026-10-09", 2027, (date(2026, 10, 4), date(2026, 10, 9))),
        ("2028-02-29", "2028-03-03", 2027, (date(2027, 2, 28), date(2027, 3, 3))),
        ("2028-02-27", "2028-03-03", 2027, (date(2027, 2, 27), date(2027, 3, 4))),  # as many nights
    ],
)
def test_the_same_month_and_day_of_another_fiscal_year(
    departs: str, returns: str, year: int, dates: tuple[date, date]
) -> None:
    assert moved(year, depart_on=[departs], return_on=[returns]) == [dates]


def test_the_stops_of_a_trip_move_together() -> None:
    # The second stop begins in the next fiscal year, and stays a day after the first.
    found = moved(
        2025,
        trip_id=["A", "B", "A"],
        depart_on=["2026-09-29", "2026-10-04", "2026-10-01"],
        return_on=["2026-10-01", "2026-10-09", "2026-10-03"],
    )
    assert found == [
        (date(2025, 9, 29), date(2025, 10, 1)),
        (date(2024, 10, 4), date(2024, 10, 9)),
        (date(2025, 10, 1), date(2025, 10, 3)),
    ]


def test_dates_that_cannot_be_read_stay_as_they_are() -> None:
    assert moved(2025, depart_on=["soon", "2026-10-04"], return_on=["2026-10-09"] * 2) == [
        ("soon", "2026-10-09"),
        (date(2024, 10, 4), date(2024, 10, 9)),
    ]
    assert moved(2025, trip_id=[], depart_on=[], return_on=[]) == []
    assert moved(2027, depart_on=["0001-10-04"], return_on=["9999-10-09"]) == [(date(2026, 10, 4), "9999-10-09")]


def test_a_year_in_python(law: Law) -> None:
    trips = pd.DataFrame([ORLANDO])
    costs = estimate(in_fiscal_year(trips, 2026), BOOK, law)
    pd.testing.assert_frame_equal(costs, of(law, ORLANDO | {"depart_on": "2025-10-04", "return_on": "2025-10-09"}))


# ---- cells as people write them

WRITTEN = pd.DataFrame(
    {
        "zip": ["8608", "08608", "32801"],
        "depart_on": ["10/4/2026", "Oct 4, 2026", "10/04/2026 0:00"],
        "return_on": ["10/9/2026", "9-Oct-2026", "October 9, 2026"],
        "airfare": ["$1,312.40", "1,312.40", "$ 312.40"],
        "room_rate": ["$159.00", "159", ""],
        "tax %": ["12.5", "12.5%", "0.125"],
        "officers": ["1,200", "3", "1"],
    }
)
PLAIN = pd.DataFrame(
    {
        "zip": ["08608", "08608", "32801"],
        "depart_on": ["2026-10-04"] * 3,
        "return_on": ["2026-10-09"] * 3,
        "airfare": [1312.40, 1312.40, 312.40],
        "room_rate": [159.0, 159.0, None],
        "lodging_tax_rate": [0.125] * 3,
        "officers": [1200, 3, 1],
    }
)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xlsx-typed", "parquet", "pandas"])
@pytest.mark.filterwarnings("ignore::perdiem_calc.planning.estimator.ColumnsNotAsNamed")
def test_cells_are_read_alike_however_they_come(law: Law, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"trips.{kind.partition('-')[0]}"
    trips = WRITTEN
    if kind == "csv":
        WRITTEN.to_csv(path, index=False)
    elif kind == "parquet":
        WRITTEN.to_parquet(path)
    elif kind == "xlsx":
        WRITTEN.to_excel(path, index=False)
    elif kind == "xlsx-typed":
        dates = {name: pd.to_datetime(PLAIN[name]) for name in ("depart_on", "return_on")}
        PLAIN.assign(zip=[8608, 8608, 32801], **dates).to_excel(path, index=False)
    if kind != "pandas":
        (trips,) = open_trips(path).blocks()
    costs = estimate(trips, BOOK, law)
    pd.testing.assert_frame_equal(costs.reset_index(drop=True), estimate(PLAIN, BOOK, law))
    assert costs["status"].to_list() == ["resolved"] * 3


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"airfare": "1,31"}, "airfare: '1,31' is not a number"),
        ({"miles": "$100"}, "miles: '$100' is not a number"),
        ({"airfare": "12%"}, "airfare: '12%' is not a number"),
        ({"lodging_tax_rate": "12.5"}, "lodging_tax_rate: 12.5 is too much"),
        ({"lodging_tax_percent": 0.5}, "lodging_tax_percent: 0.5 may be a percent or a part of one; write 12.5"),
        ({"lodging_tax_percent": "0.5"}, "lodging_tax_percent: 0.5 may be a percent or a part of one"),
        ({"lodging_tax_percent": 101}, "lodging_tax_percent: 101 is too much"),
        ({"depart_on": "Foo 4, 2026"}, "depart_on: Foo 4, 2026 does not exist"),
    ],
)
def test_cells_that_are_not_guessed(law: Law, columns: dict[str, object], reason: str) -> None:
    assert of(law, ORLANDO | columns)["reason"][0].startswith(reason)


def test_a_percent_and_a_fraction_of_tax_are_one_thing(law: Law) -> None:
    with pytest.raises(InputError, match="lodging_tax_rate and lodging_tax_percent state the same"):
        of(law, ORLANDO | {"lodging_tax_percent": 12.5, "lodging_tax_rate": 0.125})

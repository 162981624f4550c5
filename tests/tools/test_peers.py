"""The works that this program is measured by beside others: that it still does them, and rightly."""

from __future__ import annotations

from tools.benchmarks.peers import NIGHTS, OTHERS, TRIPS, YEAR, Material, material
from tools.benchmarks.peers.programs import PerdiemCalc
from tools.benchmarks.peers.published import Published


def test_this_program_does_the_work_it_is_measured_by() -> None:
    """FY2024. Orlando: 170 in January, M&IE 69; Vail: 485 in March, 208 in April, M&IE 79.

    January 7 to 12 in Orlando: 5 x 170 + 5.5 x 69 = 1,229.50. March 29 to April 3 in Vail: 3 x 485 + 2 x 208
    + 5.5 x 79 = 2,305.50. September 28 to October 3, 2026, in Washington: 1,905.00 (test_tricky_trips.py).
    """
    trips = [(0, "2024-01-07", "2024-01-12"), (1, "2024-03-29", "2024-04-03")]
    of = Material(["32801"], [("Orlando", "FL"), ("Vail", "CO")], trips)
    ours, published = PerdiemCalc(), Published()
    assert list(ours.price(of)) == published.of_trips(of) == [1229.5, 2305.5]
    assert ours.by_zip("32801") == ours.by_city("Orlando", "FL") == (170.0, 69.0)
    assert published.of_zips(of) == [[170.0, 69.0]]
    assert published.of_cities(of) == [[170.0, 69.0], [485.0, 79.0]]
    assert ours.prepare_trip()() == 1229.5
    assert ours.said() == {"years": "2021 to 2027", "money": "Decimal", "across": "$1,905.00"}
    ours.forget()
    assert ours.by_city("Vail", "CO") == (485.0, 79.0)


def test_the_material_is_the_same_for_all_and_lies_in_the_year() -> None:
    of = material()
    assert of == material()
    assert (len(of.zips), len(of.cities), len(of.trips), NIGHTS) == (OTHERS, OTHERS, TRIPS, 5)
    assert min(trip[1] for trip in of.trips) >= f"{YEAR - 1}-10-01"
    assert max(trip[2] for trip in of.trips) <= f"{YEAR}-09-30"

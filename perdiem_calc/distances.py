"""Planning distances between places, from the coordinates of ZIPs in the package `zipcodes` (the extra `analysis`).

The coordinates are GeoNames' (CC BY 4.0), as that package carries them; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

from perdiem_calc.errors import InputError
from perdiem_calc.extras import how_to_install
from perdiem_calc.places import Place, place_key
from perdiem_calc.sites import Coordinates, planning_miles

CREDIT = "ZIP coordinates by GeoNames, CC BY 4.0"


def coordinates(place: Place) -> Coordinates:
    """Where a place lies, in degrees: its ZIP's point, or the middle of its city's ZIPs.

    Raises InputError where the package is missing, or knows neither the ZIP nor the city.
    """
    rows = _rows(place)
    if not rows:
        county = place.county and f"{place.county} County"
        said = ", ".join(part for part in (place.city, county, place.state, place.zip) if part)
        raise InputError(
            f"no coordinates are known of {said}",
            mend="give a ZIP, or state the miles there and back in the column miles",
        )
    return fmean(float(row["lat"]) for row in rows), fmean(float(row["long"]) for row in rows)


def distances(here: Place, there: Sequence[tuple[str, Place]]) -> dict[str, int | str]:
    """Planning miles one way from a place to each of the named ones, or why they are not known.

    Raises as `coordinates` for the place from which they are counted.
    """
    start = coordinates(here)
    found: dict[str, int | str] = {}
    for name, place in there:
        try:
            found[name] = planning_miles(start, coordinates(place))
        except InputError as error:
            found[name] = str(error)
    return found


def _rows(place: Place) -> list[dict[str, Any]]:
    try:
        import zipcodes
    except ImportError:
        raise InputError(
            "distances need the coordinates of ZIPs",
            mend=f"state miles in the column miles, or run: {how_to_install('analysis')}",
        ) from None
    if place.zip:
        found: list[dict[str, Any]] = zipcodes.matching(place.zip[:5])
    elif place.city and place.state:
        of_state = zipcodes.filter_by(state=place.state, active=True)
        key = place_key(place.city)
        found = [row for row in of_state if place_key(row["city"]) == key]
    else:
        found = []
    return [row for row in found if row.get("lat") and row.get("long")]

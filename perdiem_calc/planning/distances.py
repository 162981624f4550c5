"""Planning distances between places, from the coordinates of ZIPs in the package `zipcodes` (the extra `analysis`).

The coordinates are GeoNames' (CC BY 4.0), as that package carries them; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

from perdiem_calc.errors import InputError
from perdiem_calc.files import how_to_install
from perdiem_calc.planning.sites import Coordinates, planning_miles
from perdiem_calc.rates.places import Place, place_key, zip_code

CREDIT = "ZIP coordinates by GeoNames, CC BY 4.0"


def coordinates(place: Place) -> Coordinates:
    """Where a place lies, in degrees: its ZIP's point, or the middle of its city's ZIPs.

    Raises InputError where the package is missing, or knows neither the ZIP nor the city.
    """
    rows = _rows(place)
    if not rows:
        county = place.county and f"{place.county} County"
        said = ", ".join(part for part in (place.city, county, place.state, place.zip) if part)
        fix = "give a ZIP, or state the miles there and back in the column miles"
        if place.city and place.state and not place.zip:
            said = f"{said}, since no town of that name has a ZIP there"
            near = _close_towns(place.city, place.state)
            fix = f"perhaps {' or '.join(near)}; {fix}" if near else fix
        raise InputError("distance.coordinates.unknown", f"no coordinates are known of {said}", fix=fix)
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
            "python.zipcodes.missing",
            "distances need the coordinates of ZIPs",
            fix=f"state miles in the column miles, or run: {how_to_install('analysis')}",
        ) from None
    if place.zip:
        found: list[dict[str, Any]] = zipcodes.matching(zip_code(place.zip))
    elif place.city and place.state:
        key = place_key(place.city)
        found = [row for row in _of_state(place.state) if place_key(row["city"]) == key]
    else:
        found = []
    return [row for row in found if row.get("lat") and row.get("long")]


def _of_state(state: str) -> list[dict[str, Any]]:
    import zipcodes

    found: list[dict[str, Any]] = zipcodes.filter_by(state=state, active=True)
    return found


def _close_towns(city: str, state: str) -> list[str]:
    """The towns of a state whose names come near one that is not there; an offer, never an answer."""
    from difflib import get_close_matches  # only who mistyped waits for it

    towns = {place_key(row["city"]): row["city"] for row in _of_state(state)}
    return [f"{towns[key]}, {state}" for key in get_close_matches(place_key(city), towns, n=3, cutoff=0.75)]

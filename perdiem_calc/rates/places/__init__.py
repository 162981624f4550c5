"""From the place a person typed to a per diem locality; never a guess.

>>> parse_place("St. Augustine, Florida 32084")
Place(city='St. Augustine', state='FL', county=None, zip='32084')
>>> parse_place("Orange County, FL")
Place(city=None, state='FL', county='Orange', zip=None)
>>> place_key("Saint  Louis") == place_key("St. Louis")
True

`resolve` asks a `Gazetteer` (the embedded ratebook is one) what it knows of a name, and answers with a
`Resolution`: `resolved` to one locality, `ambiguous` with the candidates by county, `unresolved` with close
names, or `oconus` where another department sets the rates. Two rules matter most. A city that is a whole part
of a destination's name takes that locality throughout its limits; every other city is looked up by the
counties it lies in, and a county's own rows are matched only by "X County".
"""

from __future__ import annotations

from perdiem_calc.rates.places.model import (
    AMBIGUOUS,
    OCONUS,
    RESOLVED,
    STANDARD_ID,
    STANDARD_NAME,
    UNNUMBERED,
    UNRESOLVED,
    Candidate,
    Fact,
    Gazetteer,
    Listed,
    Locality,
    Place,
    Resolution,
)
from perdiem_calc.rates.places.names import (
    COUNTY,
    bare_county,
    county_title,
    is_outside_conus,
    place_key,
    squash,
    state_code,
)
from perdiem_calc.rates.places.parsing import parse_place, parse_place_in, place_of, zip_code
from perdiem_calc.rates.places.resolving import demand, resolve

__all__ = [
    "AMBIGUOUS",
    "COUNTY",
    "OCONUS",
    "RESOLVED",
    "STANDARD_ID",
    "STANDARD_NAME",
    "UNNUMBERED",
    "UNRESOLVED",
    "Candidate",
    "Fact",
    "Gazetteer",
    "Listed",
    "Locality",
    "Place",
    "Resolution",
    "bare_county",
    "county_title",
    "demand",
    "is_outside_conus",
    "parse_place",
    "parse_place_in",
    "place_key",
    "place_of",
    "resolve",
    "squash",
    "state_code",
    "zip_code",
]

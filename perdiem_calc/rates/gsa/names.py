"""How a city is written in the service's address, and how its answer names a locality."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from perdiem_calc.rates.places import place_key

_SAINT = re.compile(r"^(?:st\.?|saint)\s+(?=\S)", re.IGNORECASE)
_TO_SPACE = str.maketrans(dict.fromkeys("'`-/\u2018\u2019\u2013\u2014", " "))


def spellings(city: str) -> tuple[str, ...]:
    """The ways to write a city in an address, percent-encoded, the documented one first.

    Periods are dropped; apostrophes, hyphens and slashes become spaces; accents are folded. For "St." the
    documentation and practice disagree, so the other ways follow.

    >>> spellings("Coeur d'Alene"), spellings("Winston-Salem"), spellings("Española")
    (('Coeur%20d%20Alene',), ('Winston%20Salem',), ('Espanola',))
    >>> spellings("St. Louis")
    ('St%20Louis', 'Saint%20Louis', 'St.%20Louis')
    """
    folded = unicodedata.normalize("NFKD", city.translate(_TO_SPACE)).encode("ascii", "ignore").decode()
    plain = " ".join(folded.replace(".", "").split())
    if not _SAINT.match(plain):
        return (quote(plain, safe=""),) if plain else ()
    rest = _SAINT.sub("", plain)
    return tuple(quote(f"{saint} {rest}", safe="") for saint in ("St", "Saint", "St."))


def parts(name: str) -> tuple[str, ...]:
    """The names that a composite one is made of, as names are compared; never a piece of a word.

    >>> parts("Big Sky / West Yellowstone/Gardiner")
    ('big sky', 'west yellowstone', 'gardiner')
    """
    return tuple(key for part in name.split("/") if (key := place_key(part)))


def same_name(one: str, other: str) -> bool:
    """Whether two names of a locality are the same but for spaces, slashes and capitals."""
    return parts(one) == parts(other)

"""The names of an edition's localities, and the other names of places: what finds a locality in a list.

>>> listed = Listed(["KENAI-SOLDOTNA", "ISLE OF HAWAII: LOCATIONS OTHER THAN HILO", "[OTHER]"])
>>> listed.names[listed.find("soldotna")], listed.names[listed.area("hawaii")]
('KENAI-SOLDOTNA', 'ISLE OF HAWAII: LOCATIONS OTHER THAN HILO')

`data/oconus_names.csv` has former names, names in full and neighborhoods, each with its reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from perdiem_calc.files import content_of, decoded, exact_rows
from perdiem_calc.rates.places import Place, bare_county, place_key
from perdiem_calc.rates.places.names import STATE_NAMES

FILE = "oconus_names.csv"
HEADER = ("state", "name", "relation", "place", "reason")
OTHER = "other"
ISLANDS = {"hawaii": "hawaii", "honolulu": "oahu", "kalawao": "molokai", "kauai": "kauai", "maui": "maui"}
"""The islands of Hawaii by their county; towns of Maui County on other islands are in the file of names."""
MAUI_COUNTY = "maui"
"""The county of several islands."""
_NOTE = re.compile(r"\[(?!other\]).*?\]|\(.*?\)", re.IGNORECASE)
_AREA = re.compile(r" (?:island|municipality|municipio|borough|city and borough|district)$")
_REST = re.compile(r"other|locations other than .*")
_ISLE = "isle of "


def key_of(name: str) -> str:
    """A locality's name as names are compared; the rest of an area has one key however a list words it.

    >>> key_of("ISLE OF HAWAII: OTHER"), key_of("ISLE OF HAWAII: LOCATIONS OTHER THAN HILO"), key_of("[OTHER]")
    ('isle of hawaii other', 'isle of hawaii other', 'other')
    """
    area, _, last = name.rpartition(":")
    return f"{place_key(area)} {OTHER}" if area and _REST.fullmatch(place_key(last)) else place_key(name)


def bare_area(county: str) -> str:
    """The key of a county or island without what it is called.

    >>> bare_area("st croix island"), bare_area("san juan municipio")
    ('st croix', 'san juan')
    """
    return _AREA.sub("", county)


def _parts(name: str) -> set[str]:
    """The keys a locality is found by: without notes in brackets, and each whole part.

    >>> sorted(_parts("SAN JUAN & NAV RES STA")), sorted(_parts("ISLE OF HAWAII: HILO"))
    (['nav res sta', 'san juan', 'san juan and nav res sta'], ['hilo', 'isle of hawaii hilo'])
    """
    plain = _NOTE.sub("", name)
    found = {key_of(plain), *(place_key(part) for part in re.split(r"[/&-]", plain.rpartition(":")[2]))}
    return {key for key in found if key and (key != OTHER or key_of(plain) == OTHER)}


def in_full(place: Place, state: str) -> list[str]:
    """The keys under which a list may have a city: its name, or with the state's name or code that ends it.

    A state alone is a territory that may be one locality. A county is looked for by its name, but in Hawaii, where
    Honolulu is a county and a city.

    >>> in_full(Place("MCB", "HI"), "HI"), in_full(Place(state="GU"), "GU")
    (['mcb', 'mcb hawaii', 'mcb hi'], ['guam'])
    """
    name = STATE_NAMES[state]
    if place.city:
        return [key_of(city) for city in (place.city, f"{place.city} {name}", f"{place.city} {state}")]
    if not place.county:
        return [place_key(name)]
    return [] if state == "HI" else [place_key(bare_county(place.county))]


class Listed:
    """The localities that an edition lists in a state: `names` as written, by their keys."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = {key_of(name): name for name in names}
        self._parts: dict[str, list[str]] = defaultdict(list)
        for key, name in self.names.items():
            for part in _parts(name):
                self._parts[part].append(key)

    def find(self, wanted: str) -> str | None:
        """The key of the one locality that has a name as a whole or as a whole part of its own."""
        if wanted in self.names:
            return wanted
        same = self._parts.get(wanted, [])
        return same[0] if len(same) == 1 else None

    def area(self, area: str) -> str | None:
        """The key of the locality that an island or county is, or that the rest of it is."""
        ways = (f"{_ISLE}{area}", area, f"{area} island", f"{_ISLE}{area} {OTHER}", f"{area} {OTHER}")
        return next((key for way in ways if (key := self.find(way)) is not None), None)

    def place(self, wanted: str) -> str | None:
        """The key of the locality of a name, which may be an island's."""
        found = self.find(wanted)
        return self.area(wanted.removeprefix(_ISLE)) if found is None and wanted.startswith(_ISLE) else found

    def close(self, wanted: str) -> list[str]:
        """Names close to one that is not listed; never an answer, only an offer."""
        inside = [key for key in self.names if wanted and wanted in key.split()]
        keys = inside or get_close_matches(wanted, self.names, n=5, cutoff=0.6) or sorted(self.names)[:5]
        return [self.names[key] for key in keys]


@dataclass(frozen=True)
class OtherNames:
    """Other names of places by state and key: those of the same place, and of the place it lies in."""

    same: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    within: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, state: str, key: str) -> Sequence[str]:
        """Every other name to look for, the nearest first."""
        around = self.within.get((state, key))
        return (*self.same.get((state, key), ()), *([around] if around else []))


def read_names(data_folder: Path) -> OtherNames:
    """The names in the data folder. Raises InputError for a table that is not one."""
    same: dict[tuple[str, str], set[str]] = defaultdict(set)
    within = {}
    for _, (state, name, relation, place, _) in exact_rows(decoded(content_of(data_folder / FILE)), HEADER):
        if relation == "in":
            within[state, place_key(name)] = place_key(place)
        else:
            same[state, place_key(place)].add(place_key(name))
    found = {}
    for (state, key), names in same.items():
        for one in (key, *names):
            found[state, one] = tuple(sorted({key, *names} - {one}))
    return OtherNames(found, within)

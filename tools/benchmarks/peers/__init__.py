"""This program beside the two on the package index that know GSA's per diem rates too: the same work, in one run.

``make bench`` prints the table; by itself it is

    make .venv-bench/installed
    .venv-bench/bin/python -m tools.benchmarks.peers

The others are the extra ``bench``, pinned exactly, in an environment of their own. They are called through their
public functions, on the rates they carry, without a network. `programs` says how each does the work, `worker` is
the process in which it does, `running` starts and times the workers in turns, `__main__` prints; `places` compares
how each Census place name is resolved.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from random import Random

OURS, SERVER, LIBRARY = "perdiem_calc", "gsa-perdiem-mcp", "perdiem"
"""The programs by the names under which they are installed; the first is this one."""

NIGHTS = 5
TRIPS = 100_000
OTHERS = 200
YEAR = 2024
"""The fiscal year of all the work: the only one that all three know."""


@dataclass(frozen=True)
class Material:
    """What the work is done on: ZIPs, cities with their states, and trips as city, departure and return."""

    zips: Sequence[str]
    cities: Sequence[tuple[str, str]]
    trips: Sequence[tuple[int, str, str]]

    def as_json(self) -> str:
        """The material as one line."""
        return json.dumps(asdict(self))


def material() -> Material:
    """Two hundred ZIPs and cities with one locality each, and trips of five nights to those cities in the year."""
    from perdiem_calc.rates.ratebook import Ratebook

    book, draw = Ratebook.open(), Random(1)
    rows: dict[str, list[int]] = {}
    for zip5, locality, _ in book.zips(YEAR):
        rows.setdefault(zip5, []).append(locality)
    single = sorted(zip5 for zip5, localities in rows.items() if len(localities) == 1)
    plain = [place for place in book.localities(YEAR) if place.id and "/" not in place.name and "(" not in place.name]
    cities = [
        (place.name, place.state) for place in plain if book.resolve(f"{place.name}, {place.state}", YEAR).locality
    ]
    first, last = date(YEAR - 1, 10, 1), date(YEAR, 9, 30) - timedelta(days=NIGHTS)
    chosen = sorted(draw.sample(cities, min(OTHERS, len(cities))))
    trips = []
    for _ in range(TRIPS):
        depart = first + timedelta(days=draw.randrange((last - first).days + 1))
        trips.append((draw.randrange(len(chosen)), f"{depart}", f"{depart + timedelta(days=NIGHTS)}"))
    return Material(sorted(draw.sample(single, OTHERS)), chosen, trips)

"""What the answers should be, worked out from the text of GSA's files with nothing of the programs."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tools.benchmarks.peers import YEAR, Material
from tools.benchmarks.peers.programs import ON

_FOLDER = Path(__file__).parents[3] / "data" / "rates" / str(YEAR)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Published:
    """GSA's figures of the year."""

    def __init__(self) -> None:
        with (_FOLDER / "lodging.csv").open(encoding="utf-8", newline="") as file:
            self._rows = {row["did"]: row for row in csv.DictReader(file)}
        with gzip.open(_FOLDER / "zipcodes.csv.gz", "rt", encoding="utf-8", newline="") as zips:
            self._zips = {row["zip"]: row["did"] for row in csv.DictReader(zips)}
        self._cities = {(row["city"], row["state"]): row for row in self._rows.values()}

    def of_zips(self, material: Material) -> list[list[float]]:
        """Lodging and M&IE of each ZIP."""
        return [self._rate(self._rows[self._zips[zip5]]) for zip5 in material.zips]

    def of_cities(self, material: Material) -> list[list[float]]:
        """Lodging and M&IE of each city."""
        return [self._rate(self._cities[city, state]) for city, state in material.cities]

    def of_trips(self, material: Material) -> list[float]:
        """The total of each trip: each night at its own month's ceiling, 75 % of M&IE on the first and last day."""
        rows = [self._cities[city, state] for city, state in material.cities]
        known: dict[tuple[int, str, str], float] = {}
        for trip in material.trips:
            if trip not in known:
                known[trip] = self._total(rows[trip[0]], *map(date.fromisoformat, trip[1:]))
        return [known[trip] for trip in material.trips]

    @staticmethod
    def _total(row: dict[str, str], depart: date, back: date) -> float:
        nights = [depart + timedelta(days=number) for number in range((back - depart).days)]
        lodging = sum(Decimal(row[_MONTHS[night.month - 1]]) for night in nights)
        return float(lodging + Decimal(row["meals"]) * (len(nights) - 1 + 2 * Decimal("0.75")))

    @staticmethod
    def _rate(row: dict[str, str]) -> list[float]:
        return [float(row[_MONTHS[ON.month - 1]]), float(row["meals"])]


def right(answers: Sequence[object], expected: Sequence[object]) -> str:
    """How many answers are what they should be.

    >>> right([1.0, None, 3.0], [1.0, 2.0, 3.5])
    '1 of 3'
    """
    return f"{sum(one == other for one, other in zip(answers, expected, strict=True)):,} of {len(expected):,}"

"""A small country: two counties of Texas with localities, one without, and odd facts that the real tables lack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from perdiem_calc.rates.places import (
    Fact,
    Listed,
)


class SmallCountry:
    """A gazetteer of a few names in one state."""

    FACTS: ClassVar = {
        "twin": [Fact("place", "twin", "low", 1), Fact("place", "twin", "high", 2)],
        "even": [Fact("place", "even", "low", 1), Fact("place", "even", "same", 3)],
        "carved": [Fact("carve_in", "carved", "", 2), Fact("place", "carved", "low", 1)],
        "carvednowhere": [Fact("carve_in", "carved nowhere", "", 2)],
        "leftout": [Fact("excluded", "left out", "", 1), Fact("place", "left out", "low", 1)],
        "outville": [Fact("place", "outville", "empty", 0)],
        "maryville": [Fact("destination", "maryville", "", 2), Fact("town", "maryville", "low", 1)],
        "low": [Fact("county", "low", "low", 1)],
        "high": [Fact("county", "high", "high", 2)],
        "emptycity": [Fact("county", "empty city", "empty city", 0)],
    }
    LISTED: ClassVar = {
        0: Listed("Standard Rate", "", "elsewhere", (100,) * 12 + (68,)),
        1: Listed("Low", "TX", "Low", (110,) * 12 + (68,)),
        2: Listed("High", "TX", "High", (150,) * 12 + (80,)),
        3: Listed("Same", "TX", "Same", (110,) * 12 + (68,)),
    }
    ZIPS: ClassVar = {"75001": [(1, "TX"), (2, "TX")], "75002": [(0, "")], "75003": [(1, "TX"), (2, "OK")]}

    def facts(self, squashed: str, state: str, fiscal_year: int) -> Sequence[Fact]:
        return self.FACTS.get(squashed, []) if state == "TX" else []

    def states(self, squashed: str) -> Sequence[str]:
        known = ["TX"] if squashed in self.FACTS else []
        return ["AK", *known] if squashed == "twin" else known

    def zip_rows(self, zip5: str, fiscal_year: int) -> Sequence[tuple[int, str]]:
        return self.ZIPS.get(zip5, [])

    def listed(self, locality: int, fiscal_year: int) -> Listed:
        return self.LISTED[locality]

    def names(self, state: str) -> Sequence[str]:
        return sorted({fact.key for facts in self.FACTS.values() for fact in facts})

"""Endpoints 4 to 6 as the service would give them for a fiscal year of the ratebook: its quirks included."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

from perdiem_calc.rates.gsa.bodies import MONTHS
from perdiem_calc.rates.ratebook import text
from tests.support.house_rules import ROOT

Rows = list[dict[str, Any]]


@cache
def year_text(year: int) -> text.RateYear:
    """The ratebook's own text of a fiscal year."""
    return text.read_year(ROOT / "data" / "rates" / str(year))


def shortened(year: text.RateYear, zips: int) -> text.RateYear:
    """A fiscal year with its first ZIPs only, for tests of anything else."""
    return replace(year, zips=year.zips[:zips])


class Bulk:
    """The three bodies as lists to change. Values are text, the district is listed three times, and the standard
    rate once for each state and once for none; ZIPs have lost their leading zeros, and one appears twice."""

    def __init__(self, year: int = 2027, zips: int = 100_000) -> None:
        source = shortened(year_text(year), zips)
        by_did = {row.did: row for row in source.lodging}
        self.year = year
        self.lodging: Rows = []
        states = sorted({listing.state for listing in source.listings} | {""})
        for did, state in [(0, state) for state in states] + [(one.did, one.state) for one in source.listings]:
            row = by_did[did]
            values = dict(zip(MONTHS, map(str, row.months), strict=True))
            named = {"City": row.city, "State": state, "County": row.county if row.did else ""}
            self.lodging.append(values | named | {"Meals": str(row.meals), "DID": str(row.did)})
        self.mie: Rows = [
            {
                "total": tier.total,
                "breakfast": tier.breakfast,
                "lunch": tier.lunch,
                "dinner": tier.dinner,
                "incidental": tier.incidental,
                "FirstLastDay": float(tier.first_last_day),
            }
            for tier in source.tiers
        ]
        self.zips: Rows = [{"Zip": str(int(z.zip)), "DID": str(z.did), "ST": z.state} for z in source.zips]
        self.zips.append(dict(self.zips[0]))

    def of(self, city: str) -> dict[str, Any]:
        """The first row of a locality."""
        return next(row for row in self.lodging if row["City"] == city)

    def bodies(self, year: int | None = None) -> dict[str, bytes]:
        """Path to body."""
        return {
            f"/rates/conus/lodging/{year or self.year}": json.dumps(self.lodging).encode(),
            f"/rates/conus/mie/{year or self.year}": json.dumps(self.mie).encode(),
            f"/rates/conus/zipcodes/{year or self.year}": json.dumps(self.zips).encode(),
        }

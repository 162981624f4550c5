"""What a form knows: the rates of two fiscal years by month, the ZIPs, the mileage rates, the figures of the rules.

An area that only one of the years lists has the standard rate in the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache

from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError
from perdiem_calc.rates.model import fiscal_year
from perdiem_calc.rates.places import STANDARD_ID, Locality
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.rules.law import load_law
from perdiem_calc.workbook.form.table import STANDARD

YEARS, YEAR_DIGITS = 2, 4
TIER = ("key", "breakfast", "lunch", "dinner", "incidental")
"""What a row of GSA's table of M&IE has, the key by fiscal year and amount."""
MARGIN = timedelta(days=62)
"""So long before its first day a form still knows the mileage rates."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """One area of one state: 24 monthly room limits and the M&IE of two fiscal years, in whole dollars."""

    state: str
    name: str
    counties: str
    limits: tuple[int, ...]
    mie: tuple[int, ...]

    @property
    def key(self) -> str:
        """What it is looked up by."""
        return f"{self.state}|{self.name}"


@dataclass(frozen=True, slots=True)
class MileageRate:
    """Dollars a mile from a day on, for an own car and where an agency car was declined."""

    first: date
    rate: float
    declined: float


@dataclass(frozen=True)
class Edition:
    """The rates of two consecutive fiscal years.

    `row_of` finds the row (from 1) of a locality by fiscal year, id and state; `zips` are the first ZIP of each run
    and its row, 0 where a ZIP lies in several areas. `sources` say of each year what the publisher put out.
    """

    years: tuple[int, int]
    rows: tuple[RateRow, ...]
    row_of: dict[tuple[int, int, str], int]
    zips: tuple[tuple[int, int], ...]
    tiers: tuple[tuple[int, ...], ...]
    mileage: tuple[MileageRate, ...]
    mileage_until: date
    sources: tuple[str, ...]

    @property
    def first(self) -> date:
        """The first day that it knows."""
        return date(self.years[0] - 1, 10, 1)

    @property
    def last(self) -> date:
        """The last day that it knows."""
        return date(self.years[1], 9, 30)

    @cached_property
    def states(self) -> tuple[tuple[str, int, int], ...]:
        """Each state, with its first row and how many it has."""
        found: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows, start=1):
            found.setdefault(row.state, []).append(number)
        return tuple((state, rows[0], len(rows)) for state, rows in found.items())

    @cached_property
    def _by_key(self) -> dict[str, RateRow]:
        return {row.key: row for row in self.rows}

    def figures(self, key: str, on: date) -> tuple[Decimal, Decimal]:
        """The room limit and the M&IE of an area on a day, dollars; `key` is its state and name."""
        row, year = self._by_key[key], fiscal_year(on) - self.years[0]
        return Decimal(row.limits[12 * year + (on.month - 10) % 12]), Decimal(row.mie[year])

    def tier(self, mie: Decimal, on: date) -> dict[str, Decimal]:
        """The M&IE of a day with its meals and incidental amount, by the names of a MieTier."""
        key = fiscal_year(on) * 1000 + int(mie)
        parts = next(parts for first, *parts in self.tiers if first == key)
        return {"total": mie, **dict(zip(TIER[1:], map(Decimal, parts), strict=True))}

    def row(self, locality: Locality, on: date) -> int | None:
        """The row of a locality on a day; None where it has none."""
        return self.row_of.get((fiscal_year(on), locality.id, locality.state))


@lru_cache(maxsize=4)
def edition_for(years: tuple[int, int]) -> Edition:
    """The edition of the embedded rates, made once; raises as `edition_of`."""
    return edition_of(years, Ratebook.open(), load_law())


def latest_years() -> tuple[int, int]:
    """The latest two fiscal years that are known."""
    return years_asked(None, Ratebook.open())


def years_for(on: date) -> tuple[int, int]:
    """The two fiscal years of the form for a trip that begins on a day: its own and the next, or those known."""
    known = Ratebook.open().years
    first = min(fiscal_year(on), known[-2])
    return max(first, known[0]), max(first, known[0]) + 1


def years_asked(text: str | None, book: Ratebook) -> tuple[int, int]:
    """The two fiscal years that a text names, like 2026,2027; the latest two that are known where there is none."""
    if text is None:
        return book.years[-2], book.years[-1]
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != YEARS or not all(
        part.isascii() and part.isdigit() and len(part) == YEAR_DIGITS for part in parts
    ):
        raise InputError(
            "form.years.invalid",
            f"{text!r:.40} is not two fiscal years",
            where="--fiscal-years",
            fix="write two in a row, like 2026,2027",
        )
    return int(parts[0]), int(parts[1])


def edition_of(years: tuple[int, int], book: Ratebook, law: Law) -> Edition:
    """The edition for two fiscal years. Raises RateUnavailable for a year not known, InputError for two apart."""
    if years[1] != years[0] + 1:
        raise InputError(
            "form.years.invalid",
            f"{years[0]} and {years[1]} are not two fiscal years in a row",
            where="--fiscal-years",
            fix="write two in a row, like 2026,2027",
        )
    ids: dict[tuple[str, str], dict[int, int]] = {}
    counties: dict[tuple[str, str], str] = {}
    for year in years:
        names = {locality.id: (locality.name, locality.state) for locality in book.localities(year)}
        where = {(state, number) for _, number, state in book.zips(year) if state}
        where |= {(state, number) for number, (_, state) in names.items() if state}
        for state, number in where:
            name = STANDARD if number == STANDARD_ID else names[number][0]
            ids.setdefault((state, name), {})[year] = number
            counties[state, name] = "" if number == STANDARD_ID else book.listed(number, year).covers
    for state in {state for state, _ in ids}:
        ids.setdefault((state, STANDARD), {})
        counties[state, STANDARD] = ""
    keys = sorted(ids, key=lambda key: (key[0], key[1] != STANDARD, key[1]))
    rows, row_of = [], {}
    for place, key in enumerate(keys, start=1):
        figures = [_figures(book, ids[key].get(year, STANDARD_ID), year) for year in years]
        limits = tuple(limit for year in figures for limit in year[0])
        rows.append(RateRow(*key, counties[key], limits, tuple(year[1] for year in figures)))
        for year in years:
            if year in ids[key] or key[1] == STANDARD:
                row_of[year, ids[key].get(year, STANDARD_ID), key[0]] = place
    return Edition(
        years,
        tuple(rows),
        row_of,
        _zip_runs(years, book, row_of),
        tuple(
            (year * 1000 + int(tier.total), *map(int, (tier.breakfast, tier.lunch, tier.dinner, tier.incidental)))
            for year in years
            for tier in book.tiers(year)
        ),
        *_mileage(law, date(years[0] - 1, 10, 1) - MARGIN, date(years[1], 9, 30)),
        tuple(f"FY{year}: {book.source(year).published_as}" for year in years),
    )


def _figures(book: Ratebook, number: int, year: int) -> tuple[tuple[int, ...], int]:
    """A locality's room limits from October to September, and its M&IE."""
    rates = book.listed(number, year).rates
    return (*rates[9:12], *rates[:9]), rates[12]


def _zip_runs(
    years: tuple[int, int], book: Ratebook, row_of: dict[tuple[int, int, str], int]
) -> tuple[tuple[int, int], ...]:
    found: dict[str, set[int]] = {}
    for year in years:
        for zip5, number, state in book.zips(year):
            found.setdefault(zip5, set()).add(row_of.get((year, number, state), 0))
    runs: list[tuple[int, int]] = []
    for zip5 in sorted(found):
        row = found[zip5].pop() if len(found[zip5]) == 1 else 0
        if not runs or runs[-1][1] != row:
            runs.append((int(zip5), row))
    return tuple(runs)


def _mileage(law: Law, first: date, last: date) -> tuple[tuple[MileageRate, ...], date]:
    own, declined = (
        law.rules["pov-mileage"].values[name].entries for name in ("car_no_gov_vehicle", "car_gov_vehicle_available")
    )
    starts = sorted({entry.effective_from for entry in (*own, *declined)})
    until = own[-1].effective_to or last
    told = [start for start, after in zip(starts, [*starts[1:], date.max], strict=True) if after > first]
    rates = tuple(
        MileageRate(
            start,
            float(law.number("pov-mileage", "car_no_gov_vehicle", start)),
            float(law.number("pov-mileage", "car_gov_vehicle_available", start)),
        )
        for start in told
    )
    return rates, until

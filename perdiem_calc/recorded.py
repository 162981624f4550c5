"""The rates recorded in a claim workbook, so that a claim can be built again later exactly as it was.

What stands in the sheet Rates is taken as it stands, for the places and days of the sheet Days, and says so: its
source is `recorded`. Where the ratebook has another figure, that is noted, because anybody can edit a workbook.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from perdiem_calc.errors import InputError, RateUnavailable
from perdiem_calc.money import CENT
from perdiem_calc.places import (
    STANDARD_ID,
    STANDARD_NAME,
    UNNUMBERED,
    Locality,
    Place,
    parse_place,
    place_key,
    state_code,
)
from perdiem_calc.places.names import bare_county
from perdiem_calc.plain_text import harmless
from perdiem_calc.ratebook import Ratebook
from perdiem_calc.rates import MieTier, PerDiemRate, Provenance, fiscal_year
from perdiem_calc.sources import compared
from perdiem_calc.workbook.layout import DAYS, RATES
from perdiem_calc.workbook.opening import OpenBook, ReadCell, open_book

KIND = "recorded"
AMOUNTS = ("Lodging", "M&IE", "Breakfast", "Lunch", "Dinner", "Incidental", "First and last day")
ROW = ("Locality", "No.", "Fiscal year", "Month", *AMOUNTS, "Source", "File", "Retrieved", "SHA-256")
DAY = ("Date", "Place", "County", "ZIP", "Rate number")

_Place = tuple[str, str, str, str]


@dataclass(frozen=True)
class RecordedRates:
    """The rates of one workbook by their number, and which of them each place had on each day."""

    rates: Mapping[int, PerDiemRate]
    days: Mapping[tuple[_Place, date], int]
    book: Ratebook

    def locality(self, place: Place, on: date) -> Locality:
        """The locality that the workbook has for a place on a day; raises as `rate` does."""
        return self.rate(place, on).locality

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """The rate recorded for a place or locality on a day. Raises RateUnavailable where none is."""
        place = parse_place(where) if isinstance(where, str) else where
        found = self._on_the_day(place, on) if isinstance(place, Place) else None
        if found is None:
            same = [rate for rate in self.rates.values() if _is_of(rate, self._named(place, on), on)]
            if len(same) != 1:
                said = ", ".join(part for part in _said(place) if part)
                raise RateUnavailable(
                    f"the workbook records no rate of {said} for {on}",
                    mend="leave out --rates-from, or build from the workbook of this very claim",
                )
            found = same[0]
        return compared(found, place, on, self.book)

    def _on_the_day(self, place: Place, on: date) -> PerDiemRate | None:
        number = self.days.get((_key(place), on))
        rate = self.rates.get(number) if number is not None else None
        return rate if rate is not None and (rate.fiscal_year, rate.month) == (fiscal_year(on), on.month) else None

    def _named(self, where: Place | Locality, on: date) -> tuple[str, str] | None:
        """The name and state of a place's locality: as on another of its days, else by the ratebook."""
        if isinstance(where, Locality):
            return where.name, where.state
        for (place, _), number in self.days.items():
            if place == _key(where) and number in self.rates:
                return _name(self.rates[number])
        locality = self.book.resolve(where, min(fiscal_year(on), self.book.years[-1])).locality
        return (locality.name, locality.state) if locality else None


def read_rates(path: Path, book: Ratebook) -> RecordedRates:
    """The rates that a claim workbook records.

    Raises InputError, with sheet and cell, for a file that is no claim workbook and for a figure that is no rate.
    """
    try:
        opened = open_book(path, (RATES, DAYS))
        rates = dict(_rates(opened, book, harmless(path.name)))
        return RecordedRates(rates, dict(_days(opened)), book)
    except InputError as error:
        raise error.in_file(path) from None


def _rates(opened: OpenBook, book: Ratebook, file: str) -> Iterator[tuple[int, PerDiemRate]]:
    for cells in _table(opened, RATES, ROW):
        amounts = [_amount(cells[name]) for name in AMOUNTS]
        lodging, tier = amounts[0], _tier(cells["M&IE"], amounts[1:])
        if not lodging:
            raise _wrong(cells["Lodging"], "is not a rate above zero")
        year, month = _count(cells["Fiscal year"]), _count(cells["Month"])
        name, _, state = _text(cells["Locality"]).rpartition(", ")
        source = Provenance(
            KIND,
            f"{file} ({_text(cells['Source'])} {_text(cells['File'])})",
            _text(cells["SHA-256"]),
            _text(cells["Retrieved"]),
        )
        locality = Locality(_number(name, state, year, book), name, state)
        yield _count(cells["No."]), PerDiemRate(locality, year, month, lodging, tier, source)


def _days(opened: OpenBook) -> Iterator[tuple[tuple[_Place, date], int]]:
    for cells in _table(opened, DAYS, DAY):
        on, text = cells["Date"].value, _text(cells["Place"])
        if not isinstance(on, datetime) or cells["Rate number"].is_blank:
            continue
        place = parse_place(text) if text else Place()
        county, zip5 = _text(cells["County"]), _text(cells["ZIP"])
        place = replace(place, county=county or place.county, zip=zip5 or place.zip)
        yield (_key(place), on.date()), _count(cells["Rate number"])


def _table(opened: OpenBook, sheet: str, headers: tuple[str, ...]) -> Iterator[dict[str, ReadCell]]:
    """The rows under a row that has all the headers, down to one whose first two cells are blank."""
    cells = opened.cells.get(sheet, {})
    by_row: dict[int, dict[str, int]] = {}
    for (row, column), cell in cells.items():
        by_row.setdefault(row, {})[str(cell.value)] = column
    top = next((row for row, named in sorted(by_row.items()) if set(headers) <= set(named)), None)
    if top is None:
        raise InputError("is not a claim workbook that records its rates", mend="give one that perdiem built")
    columns = {name: by_row[top][name] for name in headers}
    row = top + 1
    while any(not opened.cell(sheet, row, columns[name]).is_blank for name in headers[:2]):
        yield {name: opened.cell(sheet, row, column) for name, column in columns.items()}
        row += 1


def _tier(cell: ReadCell, amounts: list[Decimal]) -> MieTier:
    total, breakfast, lunch, dinner, incidental, first_last_day = amounts
    known = bool(breakfast or lunch or dinner)
    if not total or first_last_day * 4 != total * 3:
        raise _wrong(cell, "is not an M&IE rate with 75 % of it for the first and last day")
    if known and breakfast + lunch + dinner + incidental != total:
        raise _wrong(cell, "is not the sum of its meals")
    return MieTier(total, breakfast, lunch, dinner, incidental, first_last_day, meals_known=known)


def _amount(cell: ReadCell) -> Decimal:
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool) and 0 <= cell.value < 10_000:
        amount = Decimal(str(cell.value))
        if amount == amount.quantize(CENT):
            return amount.quantize(CENT)
    raise _wrong(cell, "is not an amount")


def _count(cell: ReadCell) -> int:
    text = str(int(cell.value)) if isinstance(cell.value, int | float) else _text(cell)
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise _wrong(cell, "is not a whole number")
    return int(text)


def _text(cell: ReadCell) -> str:
    return str(cell.value).strip() if cell.value is not None else ""


def _wrong(cell: ReadCell, what: str) -> InputError:
    where, mend = cell.area.first.address, "restore the workbook as it was built"
    return InputError(f"{str(cell.value)[:40]!r} {what}", where=where, mend=mend)


def _number(name: str, state: str, year: int, book: Ratebook) -> int:
    if name == STANDARD_NAME:
        return STANDARD_ID
    same = [one for one in book.localities(year) if one.name == name] if year in book.years else []
    own = [one for one in same if one.state == state] or same
    return own[0].id if len(own) == 1 else UNNUMBERED


def _is_of(rate: PerDiemRate, named: tuple[str, str] | None, on: date) -> bool:
    return _name(rate) == named and (rate.fiscal_year, rate.month) == (fiscal_year(on), on.month)


def _name(rate: PerDiemRate) -> tuple[str, str]:
    return rate.locality.name, rate.locality.state


def _key(place: Place) -> _Place:
    county = place_key(bare_county(place.county)) if place.county else ""
    return place_key(place.city or ""), state_code(place.state or "") or "", county, place.zip or ""


def _said(where: Place | Locality) -> tuple[str | None, ...]:
    if isinstance(where, Locality):
        return where.name, where.state
    return where.city, where.county, where.state, where.zip

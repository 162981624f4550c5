"""Which source a rate is taken from: the live service, the embedded ratebook, and what each says of the other.

`auto` asks GSA's service when an API key is set, and the ratebook otherwise or when the service fails; `api` and
`ratebook` use only the one. `latest` is `auto`, but a day for which no list of Alaska, Hawaii and the territories is
imported yet has the latest one's rate, marked as stale. A rate never changes its source in silence:
`Provenance.kind` names the source, `stale_since` and `instead_of` say that it is not the one wished for, `differs`
that the other one states something else.

>>> str(open_rates("ratebook").resolve("Orlando, FL", 2027).locality)
"Locality(id=98, name='Orlando', state='FL')"
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from perdiem_calc.dated import day_of
from perdiem_calc.errors import InputError, PlaceNotResolved, RateUnavailable
from perdiem_calc.files import user_folder
from perdiem_calc.money import in_dollars
from perdiem_calc.rates.model import PerDiemRate, fiscal_year
from perdiem_calc.rates.places import OCONUS, Locality, Place, Resolution, demand, is_outside_conus, place_of
from perdiem_calc.rates.places.names import OCONUS_STATES
from perdiem_calc.rates.ratebook import Ratebook, data_folder

if TYPE_CHECKING:
    from perdiem_calc.rates.dtmo import OconusBook
    from perdiem_calc.rates.gsa import GsaClient

AUTO, API, RATEBOOK, LATEST = "auto", "api", "ratebook", "latest"
SOURCES = (AUTO, API, RATEBOOK, LATEST)


class Rates(Protocol):
    """A source of rates that can also say why a place has none, and what went wrong without harm."""

    @property
    def problems(self) -> tuple[str, ...]:
        """What the person should know though every rate is right: a cache that could not be written."""

    def resolve(self, place: Place | str, fiscal_year: int) -> Resolution:
        """What a place comes to in a fiscal year."""

    def resolve_on(self, place: Place | str, on: date) -> Resolution:
        """What a place comes to on a day; names outside the contiguous states change by month."""

    def locality(self, place: Place, on: date) -> Locality:
        """The one per diem locality of a place on a day; raises as `RateSource` says."""

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """The rate in force on a day; raises as `RateSource` says."""

    def counties(self, place: Place, on: date) -> frozenset[str]:
        """The keys of the counties in which a place may lie, as `CountySource` says."""


def open_rates(source: str = AUTO) -> Rates:
    """The rates of a source: `auto`, `api`, `ratebook` or `latest`.

    Raises InputError for another name, and for `api` without a key.
    """
    if source not in SOURCES:
        raise InputError(
            "command.source.unknown",
            f"{source!r} is not a source of rates",
            where="--source",
            fix=f"choose {', '.join(SOURCES)}",
        )
    book = Ratebook.open()
    rates = _inside(source, book)
    own = user_folder()
    if not (own / "oconus").is_dir():
        return rates
    from perdiem_calc.rates.dtmo import OconusBook, read_imports, read_meals, read_names

    others = read_names(Path(data_folder()))
    outside = OconusBook(read_imports(own), read_meals(own), book, others, latest=source == LATEST)
    return OconusRates(rates, outside)


def _inside(source: str, book: Ratebook) -> Rates:
    """The rates of the contiguous states."""
    if source == RATEBOOK or (source != API and not os.environ.get("GSA_API_KEY", "").strip()):
        return BookRates(book)
    from perdiem_calc.rates.gsa import GsaClient

    client = GsaClient()
    client.book = book
    return ServiceRates(client, book, falls_back=source != API)


class BookRates:
    """The ratebook alone."""

    problems: tuple[str, ...] = ()

    def __init__(self, book: Ratebook) -> None:
        self._book = book
        self.resolve, self.locality, self.rate = book.resolve, book.locality, book.rate
        self.counties = book.counties

    def resolve_on(self, place: Place | str, on: date) -> Resolution:
        """What a place comes to on a day: the same for a whole fiscal year."""
        return self._book.resolve(place, fiscal_year(on))


class ServiceRates:
    """The service first, compared with the ratebook; where it `falls_back`, the ratebook when the service fails."""

    def __init__(self, service: GsaClient, book: Ratebook, *, falls_back: bool) -> None:
        self._service, self._book, self._falls_back = service, book, falls_back
        self.counties = book.counties

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong with the cache."""
        return tuple(self._service.cache.problems) if self._service.cache is not None else ()

    def resolve(self, place: Place | str, fiscal_year: int) -> Resolution:
        """What a place comes to in a fiscal year, by the service or else by the ratebook."""
        try:
            return self._service.resolve(place, fiscal_year)
        except RateUnavailable as error:
            return self._otherwise(error).resolve(place, fiscal_year)

    def resolve_on(self, place: Place | str, on: date) -> Resolution:
        """What a place comes to on a day: the same for a whole fiscal year."""
        return self.resolve(place, fiscal_year(on))

    def locality(self, place: Place | str, on: date) -> Locality:
        """The one per diem locality of a place on a day."""
        return demand(self.resolve(place, fiscal_year(on)))

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """The service's rate, or else the ratebook's; a difference between them is noted in its source."""
        try:
            found = self._service.rate(where, on)
        except RateUnavailable as error:
            book, reason = self._otherwise(error), f"the GSA Per Diem API: {error.what}"
        else:
            return compared(found, where, on, self._book)
        try:
            found = book.rate(where, on)
        except PlaceNotResolved:
            raise
        except RateUnavailable as none:
            raise RateUnavailable(none.code, f"{none.what}; and {reason}", fix=none.fix) from None
        return replace(found, source=replace(found.source, instead_of=reason))

    def _otherwise(self, error: RateUnavailable) -> Ratebook:
        """The ratebook, where the service's failure may be made up for; raises the failure otherwise."""
        if self._falls_back and not isinstance(error, PlaceNotResolved):
            return self._book
        raise error


class OconusRates:
    """The rates of the contiguous states, and those imported for Alaska, Hawaii and the territories."""

    def __init__(self, inside: Rates, outside: OconusBook) -> None:
        self._inside, self._outside = inside, outside
        self.counties = inside.counties

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong inside."""
        return self._inside.problems

    def resolve(self, place: Place | str, fiscal_year: int) -> Resolution:
        """What a place comes to, wherever it lies; outside the contiguous states, on the fiscal year's last day."""
        return self._resolve(place, fiscal_year, date(fiscal_year, 9, 30))

    def resolve_on(self, place: Place | str, on: date) -> Resolution:
        """What a place comes to on a day, wherever it lies."""
        return self._resolve(place, fiscal_year(on), on)

    def _resolve(self, place: Place | str, year: int, on: date) -> Resolution:
        resolution = self._inside.resolve(place, year)
        if resolution.status == OCONUS and is_outside_conus(resolution.place.state, resolution.place.zip):
            return self._outside.resolve(resolution.place, on)
        return resolution

    def locality(self, place: Place | str, on: date) -> Locality:
        """The one per diem locality of a place on a day."""
        return demand(self.resolve_on(place, on))

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """The rate in force on a day, by whoever sets it."""
        on = day_of(on)
        if isinstance(where, Locality):
            inside = where.state not in OCONUS_STATES
            return self._inside.rate(where, on) if inside else self._outside.rate(where, on)
        place = place_of(where)
        if is_outside_conus(place.state, place.zip):
            place = self._inside.resolve(place, fiscal_year(on)).place  # which says what contradicts itself
            return self._outside.rate(place, on)
        return self._inside.rate(place, on)

    def changes(self, first: date, last: date) -> list[date]:
        """The days on which a rate outside may change within a month."""
        return self._outside.changes(first, last)


def compared(found: PerDiemRate, where: str | Place | Locality, on: date, book: Ratebook) -> PerDiemRate:
    """A rate from elsewhere, with what the ratebook states where that is another locality or another amount."""
    if found.fiscal_year not in book.years:
        return found
    locality = found.locality
    if not isinstance(where, Locality):
        locality = book.resolve(where, found.fiscal_year).locality or locality
    try:
        known = book.rate(locality, on)
    except RateUnavailable:
        return found
    if _figures(known) == _figures(found):
        return found
    name, lodging, mie = known.locality.said, in_dollars(known.lodging), in_dollars(known.mie.total)
    differs = f"the ratebook has {name}: lodging {lodging}, M&IE {mie}"
    return replace(found, source=replace(found.source, differs=differs))


def _figures(rate: PerDiemRate) -> tuple[int, Decimal, Decimal]:
    """What two sources must agree on: the locality, lodging and M&IE."""
    return rate.locality.id, rate.lodging, rate.mie.total

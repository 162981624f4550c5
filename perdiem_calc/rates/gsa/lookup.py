"""From a place to a rate of the service: which row of its answer is the place's, and when there is none.

The service and the county map of the ratebook are both asked. The map says which locality a place belongs to where
the service only lists candidates; the service says what the rate is, and knows years and places that the map does
not. A row is taken because its name is the place's locality, or because it is the only one; never because it comes
first.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol, cast

from perdiem_calc.errors import RateUnavailable
from perdiem_calc.rates.gsa.bodies import RateRow
from perdiem_calc.rates.gsa.client import Answer, Endpoints, is_state_list
from perdiem_calc.rates.gsa.names import parts, same_name
from perdiem_calc.rates.gsa.transport import SERVICE, GsaUnavailable
from perdiem_calc.rates.model import MieTier, PerDiemRate, Provenance, fiscal_year
from perdiem_calc.rates.places import (
    AMBIGUOUS,
    OCONUS,
    RESOLVED,
    STANDARD_ID,
    STANDARD_NAME,
    UNNUMBERED,
    UNRESOLVED,
    Candidate,
    Locality,
    Place,
    Resolution,
    demand,
    place_key,
    place_of,
    squash,
)

_REMEMBERED = 8192


class PlaceBook(Protocol):
    """What the client asks of the ratebook: where a place lies, and which localities and tiers a year has."""

    @property
    def years(self) -> tuple[int, ...]:
        """The fiscal years known, oldest first."""

    def resolve(self, place: Place | str, fiscal_year: int) -> Resolution:
        """What a place comes to in a fiscal year."""

    def localities(self, fiscal_year: int) -> tuple[Locality, ...]:
        """Every locality of a fiscal year."""

    def tiers(self, fiscal_year: int) -> tuple[MieTier, ...]:
        """The M&IE tiers of a fiscal year."""


class _Found(NamedTuple):
    """The row of a place and the answer that has it; neither if the place does not have exactly one locality."""

    resolution: Resolution
    row: RateRow | None = None
    source: Provenance | None = None


class GsaClient(Endpoints):
    """The live service as a source of rates, like the ratebook: `resolve`, `locality` and `rate`.

    Raises GsaUnavailable where the service gives no usable answer; otherwise as `RateSource` says.
    """

    _book: PlaceBook | None = None

    @property
    def book(self) -> PlaceBook:
        """The county map that is consulted: the embedded ratebook, unless another was set."""
        if self._book is None:
            from perdiem_calc.rates.ratebook import Ratebook

            self._book = Ratebook.open()
        return self._book

    @book.setter
    def book(self, book: PlaceBook) -> None:
        self._book = book

    def resolve(self, place: Place | str, fiscal_year: int) -> Resolution:
        """What a place comes to in a fiscal year, by the service and the county map."""
        resolution = self._find(place, fiscal_year).resolution
        if resolution.locality is not None:
            if len(self._placed) >= _REMEMBERED:
                self._placed.clear()
            self._placed[resolution.locality, fiscal_year] = resolution.place
        return resolution

    def locality(self, place: Place | str, on: date) -> Locality:
        """The one per diem locality of a place on a day."""
        return demand(self.resolve(place, fiscal_year(on)))

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """The rate in force at a place or locality on a day."""
        year = fiscal_year(on)
        if isinstance(where, Locality):
            where = self._placed.get((where, year), where)
        found = self._of_locality(where, year) if isinstance(where, Locality) else self._find(where, year)
        locality = demand(found.resolution)
        row, source = cast("RateRow", found.row), cast("Provenance", found.source)
        lodging, mie = row.months[on.month - 1], row.mie
        if lodging is None or mie is None:
            fault = "; ".join(row.faults)
            raise _no_rate(f"the service states for {locality.in_words}: {fault}")
        tier = self._tier(year, mie)
        return PerDiemRate(locality, year, on.month, lodging, tier, source)

    # ---- which row

    def _find(self, where: Place | str, year: int) -> _Found:
        place = place_of(where)
        known = self.book.resolve(place, self._book_year(year))
        known = replace(known, fiscal_year=year)
        state = known.locality.state if known.locality else place.state
        asked_by_county = not (place.zip or place.city)
        if known.status == OCONUS or not (state or place.zip) or (asked_by_county and not known.locality):
            return _Found(known)
        answer = self._ask(place, state or "", year)
        rows = _for_year(answer, year, "" if place.zip else state or "")
        return self._choose(place, known, rows, answer.source)

    def _ask(self, place: Place, state: str, year: int) -> Answer[RateRow]:
        if place.zip:
            return self.zip(place.zip, year)
        return self.city(place.city, state, year) if place.city else self.state(state, year)

    def _choose(self, place: Place, known: Resolution, rows: tuple[RateRow, ...], source: Provenance) -> _Found:
        unknown = is_state_list(rows)
        if known.status == AMBIGUOUS and (unknown or len(rows) == 1):
            return _Found(known)
        if unknown:
            chosen = _by_name(rows, known)
        elif len(rows) == 1:
            chosen = rows[0]
        else:
            narrowed = known if place.county or place.zip else None
            chosen = _by_part(rows, place) or _by_county(rows, place) or _by_name(rows, narrowed)
        if chosen is not None and not (chosen.is_standard and self._is_no_news(known)):
            return _Found(self._resolved(known, chosen), chosen, source)
        if unknown or chosen is not None:
            reason = f"the service does not know {place.city or place.zip} in {rows[0].state}"
            fix = known.fix or "check the spelling, or give the ZIP or the county"
            return _Found(replace(known, status=UNRESOLVED, locality=None, reason=reason, fix=fix))
        return self._several(known, rows, source)

    def _is_no_news(self, known: Resolution) -> bool:
        """Whether the standard rate alone is what an unknown place gets, too: in a state without localities."""
        if known.status != UNRESOLVED:
            return False
        listed = self.book.localities(self._book_year(known.fiscal_year))
        return not any(locality.state == known.place.state for locality in listed)

    def _resolved(self, known: Resolution, row: RateRow) -> Resolution:
        if known.locality is not None and same_name(known.locality.name, row.city):
            return replace(known, locality=Locality(known.locality.id, row.city, row.state))
        locality = self._numbered(row, known)
        return replace(
            known,
            status=RESOLVED,
            locality=locality,
            reason=f"the service places it in {row.city}, {row.state}",
            candidates=(),
            suggestions=(),
            fix="",
        )

    def _several(self, known: Resolution, rows: Sequence[RateRow], source: Provenance) -> _Found:
        """Several localities: one at equal rates, else the candidates."""
        candidates = tuple(Candidate(self._numbered(row, known), row.county) for row in rows)
        if len({(row.months, row.mie) for row in rows}) == 1:
            reason = "the service names several localities, at equal rates in every month"
            resolution = replace(
                known, status=RESOLVED, locality=candidates[0].locality, reason=reason, candidates=candidates
            )
            return _Found(resolution, rows[0], source)
        names = " and ".join(f"{row.city}, {row.state}" for row in rows)
        reason = f"the service places it in more than one locality at different rates: {names}"
        fix = known.fix or "add the county"
        return _Found(replace(known, status=AMBIGUOUS, locality=None, reason=reason, candidates=candidates, fix=fix))

    def _of_locality(self, locality: Locality, year: int) -> _Found:
        """A locality by its name among those of its state."""
        answer = self.state(locality.state, year)
        rows = _for_year(answer, year, locality.state)
        known = Resolution(RESOLVED, Place(state=locality.state), year, "", locality=locality)
        row = _by_name(rows, known)
        if row is None:
            raise RateUnavailable(
                "rate.locality.unknown",
                f"{locality.in_words} is not a locality of fiscal year {year}",
                fix="name the place instead: it may have the standard rate, or another locality's",
            )
        return _Found(known, row, answer.source)

    # ---- what the service does not say

    def _numbered(self, row: RateRow, known: Resolution) -> Locality:
        """A row's locality with the id that the ratebook, else endpoint 4, has for its name."""
        if row.is_standard:
            return Locality(STANDARD_ID, STANDARD_NAME, row.state)
        key = (row.city, row.state, known.fiscal_year)
        if key not in self._numbers:
            self._numbers[key] = self._number(row, known)
        return Locality(self._numbers[key], row.city, row.state)

    def _number(self, row: RateRow, known: Resolution) -> int:
        named = [
            one for one in self.book.localities(self._book_year(known.fiscal_year)) if same_name(one.name, row.city)
        ]
        number = next((one.id for one in named if one.state == row.state), None)
        if number is None and len(named) == 1:
            number = named[0].id
        return self._number_by_service(row, known.fiscal_year) if number is None else number

    def _number_by_service(self, row: RateRow, year: int) -> int:
        try:
            listed = self.conus_lodging(year)
        except GsaUnavailable:
            return UNNUMBERED
        same = [one.did for one in listed if one.state == row.state and same_name(one.city, row.city)]
        return same[0] if same and same[0] is not None else UNNUMBERED

    def _tier(self, year: int, total: Decimal) -> MieTier:
        """The tier of an M&IE total: the service's, else the ratebook's of the same year."""
        of_book = next((tier for tier in self._book_tiers(year) if tier.total == total), None)
        tiers: Sequence[MieTier] = ()
        with suppress(GsaUnavailable):
            tiers = self.conus_mie(year).rows
        tier = next((tier for tier in tiers if tier.total == total), of_book)
        if tier is None:
            raise _no_rate(f"no M&IE tier of ${total} is known in fiscal year {year}")
        return tier

    def _book_tiers(self, year: int) -> Sequence[MieTier]:
        return self.book.tiers(year) if year in self.book.years else ()

    def _book_year(self, year: int) -> int:
        """The fiscal year whose county map is nearest: the year itself, else the last one before it."""
        years = self.book.years
        return year if year in years else max((one for one in years if one < year), default=min(years))


def _for_year(answer: Answer[RateRow], year: int, state: str) -> tuple[RateRow, ...]:
    """The rows, once it is sure that they answer what was asked. Raises GsaUnavailable where they do not."""
    if not answer.rows:
        raise RateUnavailable(
            "gsa.place.no-rate",
            f"the service has no rates for this place in fiscal year {year}",
            fix="a new fiscal year's rates appear in August or September; check the year and the place",
        )
    for row in answer.rows:
        if row.fiscal_year != year:
            raise _no_rate(f"the service was asked for fiscal year {year} and answered for {row.fiscal_year}")
        if state and row.state != state:
            raise _no_rate(f"the service was asked for {state} and answered for another state")
    return answer.rows


def _by_name(rows: Sequence[RateRow], known: Resolution | None) -> RateRow | None:
    """The row of the locality that the county map gives."""
    if known is None or known.locality is None:
        return None
    same = [row for row in rows if same_name(row.city, known.locality.name)]
    if len(same) > 1:
        same = [row for row in same if row.state == known.locality.state]
    return same[0] if len(same) == 1 else None


def _by_county(rows: Sequence[RateRow], place: Place) -> RateRow | None:
    """The one row whose counties include the place's, as a whole name."""
    key = place_key(place.county or "")
    same = [row for row in rows if key and key in parts(row.county)]
    return same[0] if len(same) == 1 else None


def _by_part(rows: Sequence[RateRow], place: Place) -> RateRow | None:
    """The one row in whose name the city is a whole part."""
    key = squash(place_key(place.city or ""))
    same = [row for row in rows if key and key in (squash(part) for part in parts(row.city))]
    return same[0] if len(same) == 1 else None


def _no_rate(reason: str) -> GsaUnavailable:
    return GsaUnavailable(
        "gsa.answer.unusable", reason, where=SERVICE, fix="compare gsa.gov, or use --source ratebook"
    )

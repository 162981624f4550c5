"""The rates that a table of trips needs, asked once each: a place once a fiscal year, a locality once a period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np

from perdiem_calc.errors import InputError, PerdiemError, PlaceNotResolved, RateUnavailable
from perdiem_calc.money import CENT
from perdiem_calc.planning.estimator.columns import refuse_formula, text_of
from perdiem_calc.planning.estimator.faults import ERROR, UNAVAILABLE, Ints
from perdiem_calc.planning.estimator.in_force import CENTS, MICRO, exact
from perdiem_calc.rates.model import MieTier, PerDiemRate, Provenance, RateSource, fiscal_year
from perdiem_calc.rates.places import Locality, Place, is_outside_conus, parse_place_in, place_key, state_code
from perdiem_calc.rules import ftr

_REMEMBERED = 200_000
_SHORT_ZIP = re.compile(r"(\d{3,4})(-\d{4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a place has no rate: the row's status, and the sentence."""

    status: str
    text: str


@dataclass(frozen=True, slots=True)
class RateArrays:
    """Rates by their number, in cents: the lodging ceiling, M&IE, meals and incidentals. Number 0 is no rate."""

    lodging: Ints
    mie: Ints
    breakfast: Ints
    lunch: Ints
    dinner: Ints
    incidental: Ints


@dataclass
class RateTable:
    """The rates met so far. Cells of a place are given in the order of `columns`.

    Localities and rates are numbered as they are met, so that arrays can hold them; a failure has a number below 0.
    """

    rates: RateSource
    columns: Sequence[str]
    sources: set[Provenance] = field(default_factory=set)
    localities: list[Locality] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=lambda: [Failure("", "")])
    _places: dict[tuple[object, ...], Place] = field(default_factory=dict)
    _monthly: set[tuple[object, ...]] = field(default_factory=set)
    _place_numbers: dict[tuple[tuple[object, ...], object], int] = field(default_factory=dict)
    _locality_numbers: dict[Locality, int] = field(default_factory=dict)
    _rate_numbers: dict[tuple[int, date], int] = field(default_factory=dict)
    _amounts: list[tuple[int, ...]] = field(default_factory=lambda: [(0,) * 6])
    _tiers: list[MieTier | None] = field(default_factory=lambda: [None])

    def changes_by_month(self, cells: tuple[object, ...]) -> bool:
        """Whether a place's locality may change within a fiscal year, as outside the contiguous states."""
        return cells in self._monthly

    def locality_number(self, cells: tuple[object, ...], on: date) -> int:
        """The number of a place's locality on a day; asked once a fiscal year, or a month where it may change."""
        key = (cells, (on.year, on.month) if self.changes_by_month(cells) else fiscal_year(on))
        found = self._place_numbers.get(key)
        if found is None:
            if len(self._place_numbers) >= _REMEMBERED:
                self._place_numbers.clear()
                self._places.clear()
                self._monthly.clear()
            found = self._place_numbers[key] = self._ask(cells, on)
        return found

    def rate_number(self, locality: int, on: date) -> int:
        """The number of a locality's rate in the month, or part of one, that begins on a day; asked once."""
        key = (locality, on)
        found = self._rate_numbers.get(key)
        if found is None:
            try:
                found = self._add(self.rates.rate(self.localities[locality], on))
            except PerdiemError as error:
                found = self._fail(error)
            self._rate_numbers[key] = found
        return found

    def labels(self) -> list[str]:
        """The names of the localities met so far, by number."""
        return [f"{locality.name}, {locality.state}".removesuffix(", ") for locality in self.localities]

    def arrays(self) -> RateArrays:
        """All rates met so far, by number."""
        return RateArrays(*np.array(self._amounts, dtype=np.int64).T.copy())

    def first_last_day(self, share: int) -> Ints:
        """Each rate's M&IE of a first or last day, cents; `share` in millionths of one."""
        part = Decimal(share) / MICRO
        of_tier = {tier: exact(ftr.mie_base(tier.total, part), CENTS) for tier in set(self._tiers) if tier}
        return np.array([of_tier[tier] if tier else 0 for tier in self._tiers], dtype=np.int64)

    def _add(self, rate: PerDiemRate) -> int:
        tier = rate.mie
        amounts = (rate.lodging, tier.total, tier.breakfast, tier.lunch, tier.dinner, tier.incidental)
        self._amounts.append(tuple(exact(amount.quantize(CENT), CENTS) for amount in amounts))
        self._tiers.append(tier)
        self.sources.add(rate.source)
        return len(self._tiers) - 1

    def _ask(self, cells: tuple[object, ...], on: date) -> int:
        try:
            if cells not in self._places:
                texts = [cell_text(cell) for cell in cells]
                for text in texts:
                    refuse_formula(text)
                place = self._places[cells] = named_place(dict(zip(self.columns, texts, strict=True)))
                if is_outside_conus(place.state, place.zip):
                    self._monthly.add(cells)
            locality = self.rates.locality(self._places[cells], on)
        except PerdiemError as error:
            return self._fail(error)
        if locality not in self._locality_numbers:
            self._locality_numbers[locality] = len(self.localities)
            self.localities.append(locality)
        return self._locality_numbers[locality]

    def _fail(self, error: PerdiemError) -> int:
        text = f"{', '.join(self.columns)}: {error}"
        status = UNAVAILABLE if error.exit_code == RateUnavailable.exit_code else ERROR
        if isinstance(error, PlaceNotResolved):
            status = error.status
        self.failures.append(Failure(status, text))
        return -(len(self.failures) - 1)


def named_place(cells: dict[str, str]) -> Place:
    """The place that the cells of a row name together: `place`, or `city`, `state`, `county`, `zip`, or a mix.

    Raises InputError where they name none, or two of them differ.

    >>> named_place({"place": "Orlando, FL", "county": ""})
    Place(city='Orlando', state='FL', county=None, zip=None)
    >>> named_place({"city": "Orlando", "state": "Florida", "zip": "32801"})
    Place(city='Orlando', state='FL', county=None, zip='32801')
    """
    said = {name: cells.get(name) or None for name in ("city", "state", "county", "zip")}
    if said["state"]:
        said["state"] = state_code(said["state"]) or said["state"]
    written = cells.get("place", "")
    if not written and any(said.values()):
        return Place(**said)
    place = parse_place_in(written, said["state"] or "")
    for name, text in said.items():
        other = getattr(place, name)
        if text and other and place_key(text) != place_key(other):
            raise InputError(
                "place.state.contradictory", f"{written!r} is not in {name} {text}", fix=f"give the {name} once"
            )
        said[name] = other or text
    return Place(**said)


def cell_text(value: object) -> str:
    """A cell that names a place, as text; digits too few for a ZIP are one without its leading zeros.

    A spreadsheet makes a ZIP a number, and a CSV file saved by one has what is left of it.

    >>> cell_text(8544), cell_text(8544.0), cell_text("8544"), cell_text("501-0012"), cell_text(" Orlando, FL")
    ('08544', '08544', '08544', '00501-0012', 'Orlando, FL')
    """
    text = text_of(value)
    match = _SHORT_ZIP.fullmatch(text)
    return f"{match[1]:0>5}{match[2] or ''}" if match else text

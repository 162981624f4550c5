"""OCONUS rates by place and day: which locality a place belongs to, and which season is in force.

A place takes the locality of its name; a place that the list does not name takes that of its county or island where
the list names that, else that of the whole territory, else (in Alaska and Puerto Rico) "[OTHER]". A place nobody
knows takes none.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Protocol
from zlib import crc32

from perdiem_calc.errors import RateUnavailable
from perdiem_calc.money import CENT
from perdiem_calc.rates.dtmo.files import MonthDay, Season
from perdiem_calc.rates.dtmo.store import MEALS_TO, Imported, Meals
from perdiem_calc.rates.model import MieTier, PerDiemRate, Provenance, fiscal_year
from perdiem_calc.rates.places import (
    RESOLVED,
    UNRESOLVED,
    Fact,
    Locality,
    Place,
    Resolution,
    demand,
    place_key,
    squash,
    state_code,
)
from perdiem_calc.rates.places.names import OCONUS_STATES, STATE_NAMES

KIND = "dtmo"
OTHER = "other"
# Where a place that is not listed has the rate of "[OTHER]"; the islands elsewhere have rates of their own.
OTHER_APPLIES = frozenset({"AK", "PR"})
# Honolulu is a county and a city on the same island; a county of that name is not the city.
_BY_COUNTY = OCONUS_STATES - {"HI"}
_FIRST_ID = 1_000_000
_NOTE = re.compile(r"\[(?!other\]).*?\]|\(.*?\)", re.IGNORECASE)
_AREA = re.compile(r" (?:island|municipality|municipio|borough|city and borough|district)$")
_KINDS_OF_PLACE = ("", " zona urbana", " comunidad", " municipio", " municipality", " island")
_SHARES = (Decimal("0.15"), Decimal("0.25"), Decimal("0.40"))


class Names(Protocol):
    """The ratebook's answer about a name in a state."""

    def facts(self, squashed: str, state: str, fiscal_year: int) -> Sequence[Fact]:
        """Everything known of a name in a state."""


class OconusBook:
    """The imported rates, the latest file first, and the breakdown by meal as far as one was imported."""

    def __init__(self, imports: Sequence[Imported], meals: Mapping[int, Meals], names: Names) -> None:
        self._imports, self._meals, self._names = imports, meals, names
        self._listed: dict[str, dict[str, str]] = {}
        for imported in reversed(imports):
            for season in imported.seasons:
                self._listed.setdefault(season.state, {})[place_key(season.locality)] = season.locality

    def resolve(self, place: Place, year: int) -> Resolution:
        """What a place outside the contiguous states comes to, by the names of the list."""
        state = state_code(place.state or "") or ""
        listed = self._listed.get(state)
        resolution = Resolution(UNRESOLVED, place, year, "")
        if not state:
            fix = 'write "City, ST", like "Anchorage, AK"'
            return replace(resolution, reason="a ZIP alone does not say which OCONUS locality it is", fix=fix)
        if listed is None:
            reason = f"no imported file has rates of {STATE_NAMES[state]}"
            return replace(resolution, reason=reason, fix="import DTMO's OCONUS file: perdiem ratebook import-dtmo")
        wanted = place_key(place.city or place.county or "")
        chosen = _named(wanted, listed)
        why = f"{place.city or place.county} is named in DTMO's list"
        if chosen is None and (known := self._known(wanted, state)):
            chosen, why = self._unlisted(known, state, listed)
        if chosen is None:
            return replace(
                resolution,
                reason=f"{place.city or place.county or 'the place'} is not in DTMO's list of {STATE_NAMES[state]}",
                suggestions=tuple(f"{listed[key]}, {state}" for key in _close(wanted, listed)),
                fix='write the locality as the list does, like "Isle of Maui, HI" or "[OTHER], AK"',
            )
        locality = Locality(_number(state, chosen), listed[chosen], state)
        return replace(resolution, status=RESOLVED, locality=locality, reason=why)

    def locality(self, place: Place, on: date) -> Locality:
        """The locality of a place; raises PlaceNotResolved where it has none."""
        return demand(self.resolve(place, fiscal_year(on)))

    def rate(self, where: Place | Locality, on: date) -> PerDiemRate:
        """The rate in force on a day. Raises PlaceNotResolved, or RateUnavailable where no season or two have it."""
        locality = where if isinstance(where, Locality) else self.locality(where, on)
        season, imported = self._season(locality, on)
        return PerDiemRate(
            locality=locality,
            fiscal_year=fiscal_year(on),
            month=on.month,
            lodging=Decimal(season.lodging).quantize(CENT),
            mie=self._tier(season),
            source=Provenance(
                KIND,
                f"DTMO {imported.name}, effective {season.effective_from}",
                imported.sha256,
                imported.imported_on.isoformat(),
            ),
            season=season.said,
        )

    def changes(self, first: date, last: date) -> list[date]:
        """The days from `first` to `last` on which a season begins, one has ended, or a file takes effect."""
        seasons = [season for imported in self._imports for season in imported.seasons]
        found = {season.effective_from for season in seasons}
        for year in range(first.year, last.year + 1):
            found |= {_day_of(year, season.begins) for season in seasons}
            found |= {_day_of(year, season.ends) + timedelta(days=1) for season in seasons}
        return sorted(day for day in found if first <= day <= last)

    # ---- which locality

    def _known(self, wanted: str, state: str) -> list[str]:
        """The counties in which the Census has a place of that name; empty where it has none."""
        for kind in _KINDS_OF_PLACE if wanted else ():
            facts = self._names.facts(squash(wanted + kind), state, 0)
            if counties := sorted({fact.county for fact in facts if fact.county}):
                return counties
        return []

    def _unlisted(self, counties: Sequence[str], state: str, listed: Mapping[str, str]) -> tuple[str | None, str]:
        """The locality of a place that the list does not name: its county's, its territory's, or the other one."""
        areas = {_AREA.sub("", county) for county in counties} if state in _BY_COUNTY else set()
        by_area = {key for area in areas if (key := _named(area, listed)) is not None}
        if len(by_area) == 1 and len(areas) == 1:
            return by_area.pop(), f"it lies in {_AREA.sub('', counties[0]).title()}, which DTMO's list names"
        whole = _named(place_key(STATE_NAMES[state]), listed)
        if whole is not None:
            return whole, f"DTMO's list has one rate for the rest of {STATE_NAMES[state]}"
        if state in OTHER_APPLIES and OTHER in listed and not by_area:
            return OTHER, "DTMO's list does not name it, so the rate of [OTHER] applies"
        return None, ""

    # ---- which season

    def _season(self, locality: Locality, on: date) -> tuple[Season, Imported]:
        key, first = place_key(locality.name), None
        for imported in self._imports:
            rows = [s for s in imported.seasons if s.state == locality.state and place_key(s.locality) == key]
            first = min([s.effective_from for s in rows] + ([first] if first else []), default=first)
            here = [season for season in rows if season.effective_from <= on and _covers(season, on)]
            if len({season.amounts for season in here}) > 1:
                said = " and ".join(season.said for season in here)
                raise RateUnavailable(
                    "dtmo.rate.contradictory",
                    f"{imported.name} states two rates of {locality.in_words} for {on}: {said}",
                    fix="ask DTMO which is in force; import the corrected file",
                )
            if here:
                return max(here, key=lambda season: season.effective_from), imported
        since = f"the imported files have it from {first} on" if first else "no imported file has it"
        raise RateUnavailable(
            "dtmo.rate.missing",
            f"no rate of {locality.in_words} is known for {on}: {since}",
            fix="import DTMO's file of that time: perdiem ratebook import-dtmo",
        )

    def _tier(self, season: Season) -> MieTier:
        """The M&IE and its parts: 15, 25 and 40 % above $265, else the published breakdown, else unknown."""
        total = Decimal(season.mie).quantize(CENT)
        first_last_day = (total * 3 / 4).quantize(CENT)
        known = self._meals.get(season.mie)
        if season.mie > MEALS_TO:
            breakfast, lunch, dinner = ((total * share).quantize(CENT) for share in _SHARES)
            incidental = total - breakfast - lunch - dinner
            return MieTier(total, breakfast, lunch, dinner, incidental, first_last_day)
        if known is not None:
            breakfast, lunch, dinner, incidental = (Decimal(part).quantize(CENT) for part in known)
            return MieTier(total, breakfast, lunch, dinner, incidental, first_last_day)
        nothing, incidental = Decimal(0).quantize(CENT), Decimal(season.incidental).quantize(CENT)
        return MieTier(total, nothing, nothing, nothing, incidental, first_last_day, meals_known=False)


def _day_of(year: int, day: MonthDay) -> date:
    """A month and day in a year; February 29 of other years is March 1, which begins a month in any case."""
    return date(year, 3, 1) if day == (2, 29) and not isleap(year) else date(year, *day)


def _covers(season: Season, on: date) -> bool:
    """Whether a season has a day; February 29 also where the season ends on the 28th."""
    day: MonthDay = (on.month, on.day)
    return season.has(day) or (day == (2, 29) and season.has((2, 28)) and season.ends == (2, 28))


def _named(wanted: str, listed: Mapping[str, str]) -> str | None:
    """The one locality that has a name as a whole or as a whole part of its own."""
    if wanted in listed:
        return wanted
    same = [key for key, name in listed.items() if wanted and wanted in _parts(name)]
    return same[0] if len(same) == 1 else None


def _parts(name: str) -> set[str]:
    """The keys a locality is found by: without notes in brackets, and each whole part.

    >>> sorted(_parts("SAN JUAN & NAV RES STA")), sorted(_parts("ISLE OF HAWAII: HILO"))
    (['nav res sta', 'san juan', 'san juan and nav res sta'], ['hilo', 'isle of hawaii hilo'])
    """
    plain = _NOTE.sub("", name)
    last = plain.rpartition(":")[2]
    found = {place_key(plain), *(place_key(part) for part in re.split(r"[/&]", last))}
    return {key for key in found if key and (key != OTHER or place_key(plain) == OTHER)}


def _close(wanted: str, listed: Mapping[str, str]) -> list[str]:
    inside = [key for key in listed if wanted and wanted in key.split()]
    return inside or get_close_matches(wanted, listed, n=5, cutoff=0.6) or sorted(listed)[:5]


def _number(state: str, key: str) -> int:
    """An id that stays the same from file to file; DTMO's files have none."""
    return _FIRST_ID + crc32(f"{state};{key}".encode())

"""OCONUS rates by place and day: which edition of the list, which locality of it, and which season is in force.

An edition prices the days from its month on, until a later one takes over, and 12 months at most. A place takes the
locality of its name, or of its other names; a place that the edition does not name takes that of its island or
county where the edition names that, else that of the whole territory, else "[OTHER]". An unknown place takes none.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol
from zlib import crc32

from perdiem_calc.errors import RateUnavailable
from perdiem_calc.money import CENT
from perdiem_calc.rates.dtmo.files import ADDRESS, PUBLISHER, MonthDay, Season
from perdiem_calc.rates.dtmo.names import ISLANDS, MAUI_COUNTY, OTHER, Listed, OtherNames, bare_area, in_full, key_of
from perdiem_calc.rates.dtmo.store import MEALS_TO, Imported, Meals
from perdiem_calc.rates.model import Document, MieTier, PerDiemRate, Provenance, fiscal_year
from perdiem_calc.rates.places import (
    AMBIGUOUS,
    RESOLVED,
    UNRESOLVED,
    Candidate,
    Fact,
    Locality,
    Place,
    Resolution,
    bare_county,
    demand,
    place_key,
    squash,
    state_code,
)
from perdiem_calc.rates.places.names import STATE_NAMES

KIND = "dtmo"
MONTHS = 12
"""How many months an edition prices at most."""
_FIRST_ID = 1_000_000
_KINDS_OF_PLACE = ("", " zona urbana", " comunidad", " municipio", " municipality", " island")
_SHARES = (Decimal("0.15"), Decimal("0.25"), Decimal("0.40"))
_IMPORT = "import DTMO's list of that month: perdiem ratebook import-dtmo"


_Why = tuple[str, str, str]
"""A county in words, the key of the locality in it, and why, where {0} is the place and {1} the list."""


class Names(Protocol):
    """The ratebook's answer about a name in a state."""

    def facts(self, squashed: str, state: str, fiscal_year: int) -> Sequence[Fact]:
        """Everything known of a name in a state."""


class _Edition:
    """An imported edition, its seasons by state and locality."""

    def __init__(self, imported: Imported) -> None:
        self.file, self.month = imported, imported.month
        self.ends = date(self.month.year + 1, self.month.month, 1)
        self.seasons: dict[str, dict[str, list[Season]]] = {}
        for season in imported.seasons:
            self.seasons.setdefault(season.state, {}).setdefault(key_of(season.locality), []).append(season)
        self.listed = {state: Listed(rows[0].locality for rows in of.values()) for state, of in self.seasons.items()}

    @property
    def said(self) -> str:
        """Its month, as 2026-04."""
        return f"{self.month:%Y-%m}"

    def is_begun(self, state: str, key: str, on: date) -> bool:
        """Whether a rate of a locality is in force already: an edition may announce one of a later day."""
        return any(season.effective_from <= on for season in self.seasons[state][key])


class _Found(NamedTuple):
    """The edition that prices a day, the locality's key in it and why it is that one."""

    edition: _Edition
    key: str
    why: str


class OconusBook:
    """The imported editions, the latest first, and the breakdown by meal as far as one was imported.

    With `latest`, a day that no edition prices yet has the latest rate, marked as stale.
    """

    def __init__(
        self,
        imports: Sequence[Imported],
        meals: Mapping[int, Meals],
        names: Names,
        others: OtherNames,
        *,
        latest: bool = False,
    ) -> None:
        self._editions = [_Edition(imported) for imported in imports]
        self._meals, self._names, self._others, self._latest = meals, names, others, latest

    def resolve(self, place: Place, on: date) -> Resolution:
        """What a place outside the contiguous states comes to on a day, by the names of the edition in force.

        Raises RateUnavailable where no edition prices the day.
        """
        state = state_code(place.state or "") or ""
        resolution = Resolution(UNRESOLVED, place, fiscal_year(on), "")
        if not state:
            fix = 'write "City, ST", like "Anchorage, AK"'
            return replace(resolution, reason="a ZIP alone does not say which OCONUS locality it is", fix=fix)
        if not any(state in edition.listed for edition in self._editions):
            reason = f"no imported list has rates of {STATE_NAMES[state]}"
            return replace(resolution, reason=reason, fix="import DTMO's OCONUS list: perdiem ratebook import-dtmo")
        return self._resolved_on(place, state, on)[0]

    def locality(self, place: Place, on: date) -> Locality:
        """The locality of a place; raises PlaceNotResolved where it has none."""
        return demand(self.resolve(place, on))

    def rate(self, where: Place | Locality, on: date) -> PerDiemRate:
        """The rate in force on a day. Raises PlaceNotResolved, or RateUnavailable where no season or two have it."""
        if isinstance(where, Locality):
            state, edition, key = where.state, *self._listed_on(where, on)
        else:
            locality = self.locality(where, on)
            state, key = locality.state, key_of(locality.name)
            edition = self._resolved_on(where, state, on)[1]
        if not edition.is_begun(state, key, on):
            raise _missing(_locality(edition, state, key).in_words, on, "it begins later")
        season = _season(edition, state, key, on)
        stale = str(edition.ends) if on >= edition.ends else None
        name = f"DTMO {edition.file.name}, list of {edition.said}, effective {season.effective_from}"
        return PerDiemRate(
            locality=_locality(edition, state, key),
            fiscal_year=fiscal_year(on),
            month=on.month,
            lodging=Decimal(season.lodging).quantize(CENT),
            mie=self._tier(season),
            source=Provenance(
                KIND,
                name,
                edition.file.sha256,
                edition.file.imported_on.isoformat(),
                stale,
                document=Document(PUBLISHER, edition.file.name, ADDRESS, sha256=edition.file.sha256),
            ),
            season=season.said,
        )

    def changes(self, first: date, last: date) -> list[date]:
        """The days from `first` to `last` on which a season begins, one has ended, or a rate takes effect."""
        seasons = [season for edition in self._editions for season in edition.file.seasons]
        found = {season.effective_from for season in seasons}
        for year in range(first.year, last.year + 1):
            found |= {_day_of(year, season.begins) for season in seasons}
            found |= {_day_of(year, season.ends) + timedelta(days=1) for season in seasons}
        return sorted(day for day in found if first <= day <= last)

    # ---- which edition

    def _in_force(self, state: str, on: date) -> Iterator[_Edition]:
        """The edition that prices a day, then those before it: where a rate of its own begins later, they have it."""
        listing = [edition for edition in self._editions if state in edition.listed]
        begun = [edition for edition in listing if edition.month <= on]
        if not begun:
            raise _missing(STATE_NAMES[state], on, f"the imported lists begin in {listing[-1].said}")
        latest = begun[0]
        if on >= latest.ends and not self._latest:
            which = "latest imported list" if latest is listing[0] else "last list before it"
            raise RateUnavailable(
                "dtmo.rate.not-known-yet",
                f"no rate of {STATE_NAMES[state]} is known yet for {on}: the {which} is of {latest.said}, and a list "
                f"prices {MONTHS} months",
                fix=f"{_IMPORT}; or plan with the latest rate: --source latest",
            )
        yield latest
        yield from (edition for edition in begun[1:] if on < edition.ends)

    def _resolved_on(self, place: Place, state: str, on: date) -> tuple[Resolution, _Edition]:
        """A place on a day, and the edition that says so."""
        resolution = Resolution(UNRESOLVED, place, fiscal_year(on), "")
        for edition in self._in_force(state, on):
            resolution = self._resolved(edition, place, state, resolution)
            if resolution.locality is None or edition.is_begun(state, key_of(resolution.locality.name), on):
                break
        return resolution, edition

    def _listed_on(self, locality: Locality, on: date) -> tuple[_Edition, str]:
        """The edition that has a locality's rate on a day, and the locality's key in it."""
        for edition in self._in_force(locality.state, on):
            key = self._renamed(edition, locality, on)
            if edition.is_begun(locality.state, key, on):
                break
        return edition, key

    def _renamed(self, edition: _Edition, locality: Locality, on: date) -> str:
        """The key of a locality in an edition, which may have another name for it."""
        listed, key = edition.listed[locality.state], key_of(locality.name)
        for name in (key, *self._others.same.get((locality.state, key), ())):
            if (found := listed.find(name)) is not None:
                return found
        raise _missing(locality.in_words, on, f"DTMO's list of {edition.said} does not name it")

    # ---- which locality

    def _resolved(self, edition: _Edition, place: Place, state: str, resolution: Resolution) -> Resolution:
        """A place in an edition."""
        listed = edition.listed[state]
        said = place.city or place.county or "the place"
        found = self._named(place, state, listed) or self._unlisted(place, state, listed)
        which = f"DTMO's list of {edition.said}"
        keys = {key for _, key, _ in found}
        if len(keys) == 1:
            (_, key, why), *_ = found
            locality = _locality(edition, state, key)
            return replace(resolution, status=RESOLVED, locality=locality, reason=why.format(said, which))
        if keys:
            candidates = tuple(Candidate(_locality(edition, state, key), area) for area, key, _ in found)
            areas = " and in ".join(f"{area} County" for area, _, _ in found)
            reason = f"{said} lies in {areas}, whose rates differ"
            return replace(resolution, status=AMBIGUOUS, candidates=candidates, reason=reason, fix="add the county")
        return replace(
            resolution,
            reason=f"{said} is not in DTMO's list of {STATE_NAMES[state]} ({edition.said}), nor known otherwise",
            suggestions=tuple(f"{name}, {state}" for name in listed.close(key_of(place.city or place.county or ""))),
            fix='write the locality as the list does, like "Isle of Maui, HI" or "[OTHER], AK"',
        )

    def _named(self, place: Place, state: str, listed: Listed) -> list[_Why]:
        """The locality that the list names: by the place's name, by another name of it, or as an island."""
        wanted = in_full(place, state)
        for key in wanted:
            if (found := listed.find(key)) is not None:
                return [("", found, "{0} is named in {1}")]
        others = [other for key in wanted for other in self._others.of(state, key)]
        islands = [f"isle of {key}" for key in wanted if state == "HI" and key in ISLANDS.values()]
        for name in (*others, *islands):
            if (found := listed.place(name)) is not None:
                return [("", found, "{0} is, or lies in, " + listed.names[found] + ", which {1} names")]
        return []

    def _unlisted(self, place: Place, state: str, listed: Listed) -> list[_Why]:
        """The locality of a known place that the list does not name: its area's, the territory's, or [OTHER]."""
        found = []
        whole = listed.find(place_key(STATE_NAMES[state]))
        for county in self._counties(place, state):
            if state == "HI" and county == MAUI_COUNTY and not place.city:
                return []
            area = ISLANDS.get(county, county) if state == "HI" else bare_area(county)
            title = bare_area(county).title()
            if (key := listed.area(area)) is not None:
                found.append((title, key, f"{{0}} lies in {title}, which {{1}} names"))
            elif whole is not None:
                found.append((title, whole, f"{{1}} has one rate for the rest of {STATE_NAMES[state]}"))
            elif OTHER in listed.names:
                found.append((title, OTHER, "{1} names neither {0} nor its county or island: [OTHER] applies"))
        return found

    def _counties(self, place: Place, state: str) -> list[str]:
        """The counties in which the Census has a place of that name, less those that are not the one given.

        A place that only the file of other names knows has one without a name.
        """
        county = place_key(bare_county(place.county)) if place.county else ""
        wanted = place_key(place.city or county)
        if (state, wanted) in self._others.within:
            return [""]
        for kind in _KINDS_OF_PLACE if wanted else ():
            facts = self._names.facts(squash(wanted + kind), state, 0)
            counties = {fact.county for fact in facts if fact.county and (place.city or fact.kind == "county")}
            if counties:
                return sorted(key for key in counties if county in ("", key, bare_area(key)))
        return [""] if self._others.of(state, wanted) else []

    # ---- how much

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


def _season(edition: _Edition, state: str, key: str, on: date) -> Season:
    """The season of a locality that has a day. Raises RateUnavailable where none or two have."""
    rows = edition.seasons[state][key]
    here = [season for season in rows if season.effective_from <= on and _covers(season, on)]
    where = _locality(edition, state, key).in_words
    if not here:
        raise _missing(where, on, f"DTMO's list of {edition.said} has no season for it")
    if len({season.amounts for season in here}) > 1:
        said = " and ".join(season.said for season in here)
        raise RateUnavailable(
            "dtmo.rate.contradictory",
            f"{edition.file.name} states two rates of {where} for {on}: {said}",
            fix="ask DTMO which is in force; import the corrected file",
        )
    return max(here, key=lambda season: season.effective_from)


def _missing(name: str, on: date, why: str) -> RateUnavailable:
    return RateUnavailable("dtmo.rate.missing", f"no rate of {name} is known for {on}: {why}", fix=_IMPORT)


def _locality(edition: _Edition, state: str, key: str) -> Locality:
    """A locality, with an id that stays the same from list to list; DTMO's have none."""
    return Locality(_FIRST_ID + crc32(f"{state};{key}".encode()), edition.listed[state].names[key], state)


def _day_of(year: int, day: MonthDay) -> date:
    """A month and day in a year; February 29 of other years is March 1, which begins a month in any case."""
    return date(year, 3, 1) if day == (2, 29) and not isleap(year) else date(year, *day)


def _covers(season: Season, on: date) -> bool:
    """Whether a season has a day; February 29 also where the season ends on the 28th."""
    day: MonthDay = (on.month, on.day)
    return season.has(day) or (day == (2, 29) and season.has((2, 28)) and season.ends == (2, 28))

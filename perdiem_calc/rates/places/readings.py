"""What each of the things given (city, county, ZIP) says about a place, by what the gazetteer knows.

A reading lists the localities a place may belong to, and why. `resolving` brings the readings together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from perdiem_calc.errors import InputError
from perdiem_calc.rates.places.model import (
    STANDARD_ID,
    STANDARD_NAME,
    Candidate,
    Fact,
    Gazetteer,
    Locality,
    Place,
    Resolution,
)
from perdiem_calc.rates.places.names import bare_county, county_name, county_title, squash

WHICH = "correct the ZIP or the place, or give only one of them"

_BEFORE = re.compile(r"^(city|town|township|village|borough) of |^the ")
_AFTER = re.compile(r" (town|township|village|borough|cdp)$")
_CITY = " city"


class Question(NamedTuple):
    """A place being resolved: the place as given, and its city and county as keys, its state as a code."""

    place: Place
    fiscal_year: int
    gazetteer: Gazetteer
    city: str
    state: str
    county: str
    zip: str

    def locality(self, locality: int) -> Locality:
        """A locality by its id, with the state asked for."""
        if locality == STANDARD_ID:
            return Locality(STANDARD_ID, STANDARD_NAME, self.state)
        return Locality(locality, self.gazetteer.listed(locality, self.fiscal_year).name, self.state)

    def covers(self, locality: int) -> str:
        """What a locality covers, in the publisher's words."""
        return self.gazetteer.listed(locality, self.fiscal_year).covers

    def facts(self, key: str, *, county: bool = False) -> list[Fact]:
        """What is known of a city or a county in the state: as spelled, or else but for its spaces."""
        known = self.gazetteer.facts(squash(key), self.state, self.fiscal_year)
        facts = [fact for fact in known if (fact.kind == "county") == county]
        return [fact for fact in facts if fact.key == key] or facts

    def county_title(self, key: str) -> str:
        """A county as people write it, with what it is called in its state."""
        return county_title(county_name(key, self.state), self.state)

    def said(self) -> str:
        """The place in words."""
        place = self.place
        county = place.county and county_title(bare_county(place.county), self.state)
        zip_code = self.zip and f"ZIP {self.zip}"
        return ", ".join(part for part in (place.city, county, self.state, zip_code) if part)

    def answer(self, status: str, reason: str, **more: Any) -> Resolution:
        """A resolution of this question; `more` are the fields of `Resolution`."""
        return Resolution(status, self.place, self.fiscal_year, reason, **more)


class Reading(NamedTuple):
    """The localities a place may belong to, and why, in words.

    `beside` are localities under which the ZIP list has the place's ZIPs, though they are not its own: it
    goes by counties, and does not know the two military bases that have a rule of their own.
    """

    candidates: tuple[Candidate, ...]
    why: str
    beside: frozenset[int] = frozenset()


def by_zip(question: Question) -> Reading | None:
    """What the ZIP says; None where it is not known. Raises InputError where it lies in another state."""
    rows = question.gazetteer.zip_rows(question.zip, question.fiscal_year)
    here = [row for row in rows if not question.state or row[1] in (question.state, "")]
    if not rows:
        return None
    if not here:
        states = " and ".join(sorted({state for _, state in rows}))
        raise InputError(
            "place.zip.contradictory", f"ZIP {question.zip} lies in {states}, not in {question.state}", fix=WHICH
        )
    candidates: tuple[Candidate, ...] = ()
    for did, state in here:
        candidates += _whole(question._replace(state=question.state or state), [did])
    standard = all(did == STANDARD_ID for did, _ in here)
    under = "outside every listed locality" if standard else f"listed under {localities_in_words(candidates)}"
    return Reading(candidates, f"ZIP {question.zip} is {under}")


def localities_in_words(candidates: Iterable[Candidate]) -> str:
    """The candidates' localities in words, each once."""
    return " and ".join(dict.fromkeys(candidate.locality.in_words for candidate in candidates))


def county_fact(question: Question) -> Fact | None:
    """The county named; an independent city also without its "city". None where it is not known."""
    for key in (question.county, f"{question.county} city"):
        if facts := question.facts(key, county=True):
            return facts[0]
    return None


def by_county(question: Question, county: Fact) -> Reading:
    """What the county says, where no city is known."""
    title = f"{question.county_title(county.key)}, {question.state}"
    locality = question.locality(county.locality)
    why = f"{title} is outside every listed locality"
    if county.locality != STANDARD_ID:
        why = f"{title} belongs to {locality.name} ({question.covers(county.locality)})"
    return Reading(_whole(question, [county.locality]), why)


def by_city(question: Question, county: Fact | None) -> Reading | None:
    """What the city says, in its county if one is given; None where the city is not known.

    Raises InputError where the city does not lie in that county.
    """
    facts = _city_facts(question)
    if not facts or _means_the_county(question, facts):
        return None
    city, rows = question.place.city, _rows(facts)
    in_county = [row for row in rows if county and row.county == county.key]
    own = sorted({fact.locality for fact in facts if fact.kind == "carve_in"})
    if own and (county is None or in_county or not rows):
        beside = frozenset(row.locality for row in rows if row.kind == "alias")
        return Reading(_whole(question, own), f"{city} has a rule of its own within its limits", beside)
    parts = sorted({fact.locality for fact in facts if fact.kind == "destination"})
    if parts and (county is None or _same_city(parts, rows, county.key, county.locality)):
        whole = _whole(question, parts)
        why = f"{city} is named in the destination {localities_in_words(whole)}{_namesakes(question, parts, rows)}"
        return Reading(whole, why)
    if county is None:
        return _by_rows(question, rows)
    if not in_county:
        title = f"{question.county_title(county.key)}, {question.state}"
        raise InputError(
            "place.county.contradictory", f"{city} does not lie in {title}", fix=_where_it_lies(question, rows)
        )
    return _by_rows(question, in_county)


def _city_facts(question: Question) -> list[Fact]:
    """What is known of the city: by its name, or else without "City of", "Township" and the like.

    "X City" is never X, which may lie elsewhere in the state, but where it is an independent city's full name.
    """
    facts = question.facts(question.city)
    shorter = _AFTER.sub("", _BEFORE.sub("", question.city)) if not facts else question.city
    if not facts and shorter.endswith(_CITY) and question.facts(shorter, county=True):
        shorter = shorter.removesuffix(_CITY)
    if shorter != question.city:
        facts = _city_facts(question._replace(city=shorter))
    return facts


def _means_the_county(question: Question, facts: Sequence[Fact]) -> bool:
    """Whether a name is a county's as it is spelled, and a place's only but for its spaces, at another locality.

    "DuPage, IL" is more likely DuPage County than the township of Du Page in Will County; neither is guessed.
    """
    if question.county or facts[0].key == question.city:
        return False
    counties = [fact for fact in question.facts(question.city, county=True) if fact.key == question.city]
    return any({fact.locality for fact in facts} != {county.locality} for county in counties)


def _rows(facts: Sequence[Fact]) -> list[Fact]:
    """The facts that say in which county a city lies; without the localities that leave the city out."""
    excluded = {fact.locality for fact in facts if fact.kind == "excluded"}
    rows = [fact for fact in facts if fact.kind in ("place", "town", "alias")]
    return [row._replace(locality=STANDARD_ID) if row.locality in excluded else row for row in rows]


def _same_city(parts: Sequence[int], rows: Sequence[Fact], county: str, locality: int) -> bool:
    """Whether the name in a county, or in its part at that locality, is a destination's own city, and no namesake.

    Dallas lies in Collin County too; but the Springfield in Burlington County is another one than the
    Springfield that Springfield / Cranford / New Providence names.
    """
    if locality in parts:
        return True
    places = [row for row in rows if row.kind == "place"]
    return any(row.locality in parts for row in places) and any(row.county == county for row in places)


def _namesakes(question: Question, parts: Sequence[int], rows: Sequence[Fact]) -> str:
    """A warning about other municipalities of the name, outside the destination."""
    others = {row.county for row in rows if not _same_city(parts, rows, row.county, row.locality)}
    if not others:
        return ""
    titles = " or ".join(question.county_title(key) for key in sorted(others))
    return f" (for the {question.place.city} in {titles}, add the county)"


def _whole(question: Question, localities: Iterable[int]) -> tuple[Candidate, ...]:
    """Localities as candidates, with what they cover in the place of a county."""
    return tuple(Candidate(question.locality(did), question.covers(did)) for did in localities)


def _counties(question: Question, rows: Sequence[Fact]) -> str:
    return ", ".join(question.county_title(key) for key in sorted({row.county for row in rows}))


def _where_it_lies(question: Question, rows: Sequence[Fact]) -> str:
    if not rows:
        return "leave out the county"
    return f"it lies in {_counties(question, rows)}; correct the county, or leave it out"


def _by_rows(question: Question, rows: Sequence[Fact]) -> Reading:
    """A city by the counties it lies in."""
    localities = {row.county: row.locality for row in sorted(rows, key=lambda row: row.county)}
    candidates = tuple(
        Candidate(question.locality(did), county_name(key, question.state)) for key, did in localities.items()
    )
    outside = "" if any(localities.values()) else ", outside every listed locality"
    where = f"{_counties(question, rows)}, {question.state}".removesuffix(", DC")
    return Reading(candidates, f"{question.place.city} lies in {where}{outside}")

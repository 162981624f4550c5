"""Every place name of the Census, and every post office, resolved here and elsewhere: each difference has its kind.

    make .venv-bench/installed
    .venv-bench/bin/python -m tools.benchmarks.peers.places --fiscal-year 2027

The names of `data/places.csv.gz` are held against gsa-perdiem-mcp, which settles them by tables of its own or would
ask GSA's service. Both tables come from the same Census files, so agreement proves the rules, not the tables; hence
post offices (package `zipcodes`) are held against GSA's own list of ZIPs. What is of no kind that data/README.md
explains is printed in full, and ends the program with 1.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from perdiem_calc.rates.places import (
    AMBIGUOUS,
    OCONUS,
    RESOLVED,
    UNRESOLVED,
    Place,
    Resolution,
    place_key,
    squash,
    state_code,
)
from perdiem_calc.rates.ratebook import Ratebook, text
from tools.benchmarks.peers.__main__ import WIDTH
from tools.benchmarks.peers.programs import MONTHS, GsaPerdiemMcp

DATA = Path(__file__).parents[3] / "data"
TERRITORIES = frozenset({"PR", "GU", "VI", "AS", "MP", "UM"})
EXAMPLES = 2

SAME = "the same locality"
OUTSIDE = "outside the contiguous states: another department's rates, both say"
BOTH_ASK = "in several localities: asked here, left to GSA's service there"
NAMED = "a part of a destination's name: settled here, left to GSA's service there"
EQUAL = "in several localities at equal rates: settled here, left to GSA's service there"
POST_OFFICE = "a post office of the name lies elsewhere: asked here, answered for the Census place there"
VILLAGE = "a village within a city's limits: the city's locality here, the county's there"
TWO_PLACES = "two places of the name: asked here, the better known one taken there"
CLIPPED = "a city's name without its last 'City', and a county's name: asked or the county's here, the city's there"
COUNTY_ONLY = "the name of a county alone: asked for 'X County' here, answered for the county there"
UNEXPLAINED = "of no known kind"

LISTED = "the post office's name resolves to a locality that GSA lists for the ZIP"
NARROWED = "the name is in several localities, among them one that GSA lists for the ZIP"
BEYOND = "GSA lists another locality for this ZIP, but the name's own for others: mail goes beyond the city"
NOT_CENSUS = "the Census has no such place: the ZIP alone decides"
NO_ZIP = "GSA's list does not have the ZIP"
EXPLAINED = "no ZIP of the name is listed under its locality, for a known reason"
REASONS = {
    ("CA", "Commerce"): "its one ZIP, 90140, is a company's; the list has it at the standard rate",
    ("MI", "Leroy"): "the Census writes this village Le Roy; Leroy are two townships in other counties",
    ("MS", "Toccopola"): "lies in Pontotoc County; the list has its ZIP under Lafayette County's Oxford",
    ("PA", "Montgomery"): "named in the destination Montgomery, the county; the borough needs its county, Lycoming",
}


class Name(NamedTuple):
    """A name of the Census in a state, and whether it is only a county's."""

    state: str
    name: str
    county_only: bool


@dataclass
class Kinds:
    """What was found, by kind: how often, and in which cases, each in a line."""

    found: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, case: str) -> None:
        """Count a case."""
        self.found[kind].append(case)

    def table(self, title: str) -> Table:
        """Kinds with their counts and first cases, the most frequent first."""
        table = Table("kind", "count", "for example", title=title)
        for kind, cases in sorted(self.found.items(), key=lambda item: -len(item[1])):
            shown = cases if kind == UNEXPLAINED else cases[:: max(1, len(cases) // EXAMPLES)][:EXAMPLES]
            table.add_row(kind, f"{len(cases):,}", "\n".join(shown))
        return table


@dataclass(frozen=True)
class Census:
    """The Census names, and what is known of how they were made."""

    names: tuple[Name, ...]
    cities: frozenset[tuple[str, str]]
    counties: frozenset[tuple[str, str]]
    aliases: dict[tuple[str, str], str]

    @classmethod
    def read(cls) -> Census:
        """The names of the 50 states and the District of Columbia."""
        rows = [row for row in text.read_places(DATA / text.PLACES) if row.state not in TERRITORIES]
        cities = frozenset((row.state, row.place) for row in rows if row.kind != "county")
        counties = frozenset((row.state, row.county) for row in rows)
        only = {(row.state, row.place) for row in rows} - cities
        names = [Name(*name, county_only=False) for name in cities] + [Name(*name, county_only=True) for name in only]
        aliases = text.read_aliases(DATA / text.ALIASES)
        known = {(alias.state, squash(place_key(alias.name))): alias.same_as for alias in aliases}
        return cls(tuple(sorted(names)), cities, counties, known)


def kind_of(name: Name, ours: Resolution, theirs: dict[str, Any], census: Census, book: Ratebook) -> str:
    """The kind of an answer here beside the answer there."""
    if ours.status == OCONUS and theirs.get("oconus"):
        return OUTSIDE
    there = theirs.get("matched_city")
    if ours.locality is not None and there is not None and _is(ours, theirs, book):
        return SAME
    if name.county_only:
        return _of_county(ours, there)
    if there is None:
        return _left_open(name, ours, census, book)
    if _is_clipped(name, census):
        return CLIPPED
    alias = census.aliases.get((name.state, squash(name.name)))
    if alias is not None:
        return VILLAGE if alias and ours.status == RESOLVED else POST_OFFICE
    return TWO_PLACES if ours.status == AMBIGUOUS else UNEXPLAINED


def _is(ours: Resolution, theirs: dict[str, Any], book: Ratebook) -> bool:
    """Whether both answers are one locality with the same figures."""
    assert ours.locality is not None
    rates = (*(theirs["lodging_by_month"][month] for month in MONTHS), theirs["mie_daily"])
    listed = book.listed(ours.locality.id, ours.fiscal_year)
    return ours.locality.name == theirs["matched_city"] and listed.rates == rates


def _of_county(ours: Resolution, there: str | None) -> str:
    offered = ours.status == UNRESOLVED and ours.suggestions[:1]
    asked = offered and offered[0].endswith((f" County, {ours.place.state}", f" Parish, {ours.place.state}"))
    return COUNTY_ONLY if asked and there is not None else UNEXPLAINED


def _left_open(name: Name, ours: Resolution, census: Census, book: Ratebook) -> str:
    """The kind where the other would ask GSA's service."""
    if ours.status == AMBIGUOUS:
        return BOTH_ASK
    if ours.status != RESOLVED:
        return UNEXPLAINED
    if ours.candidates:
        return EQUAL
    facts = book.facts(squash(place_key(name.name)), name.state, ours.fiscal_year)
    if any(fact.kind == "destination" for fact in facts):
        return NAMED
    return CLIPPED if _is_clipped(name, census) else UNEXPLAINED


def _is_clipped(name: Name, census: Census) -> bool:
    whole = (name.state, f"{name.name} city")
    return whole in census.cities and (name.state, name.name) in census.counties


def compare_names(book: Ratebook, year: int) -> Kinds:
    """Every Census name, here and there."""
    census, server, kinds = Census.read(), GsaPerdiemMcp(), Kinds()
    for name in census.names:
        ours = book.resolve(Place(city=name.name, state=name.state), year)
        theirs = server.city(name.name, name.state, year)
        here = ours.locality.name if ours.locality else ours.status
        there = theirs.get("matched_city") or theirs.get("status")
        kind = kind_of(name, ours, theirs, census, book)
        kinds.add(kind, f"{name.name}, {name.state}: {here} | {there}")
    return kinds


def compare_post_offices(book: Ratebook, year: int) -> Kinds:
    """Every post office outside Alaska, Hawaii and the territories, by name, and GSA's own list of its ZIP."""
    zips: dict[tuple[str, str], list[tuple[str, set[int]]]] = defaultdict(list)
    for office in import_module("zipcodes").list_all():
        if state_code(office["state"]):  # not the military's post offices abroad
            listed = {locality for locality, _ in book.zip_rows(office["zip_code"], year)}
            zips[office["state"], office["city"]].append((office["zip_code"], listed))
    kinds = Kinds()
    for (state, city), offices in sorted(zips.items()):
        ours = book.resolve(Place(city=city, state=state), year)
        if ours.status == OCONUS:
            continue
        ids = {candidate.locality.id for candidate in ours.candidates} | {ours.locality.id if ours.locality else -1}
        agrees = any(ids & listed for _, listed in offices)
        for zip5, listed in offices:
            kind = _of_office(ours, ids, listed, agrees=agrees, explained=(state, city) in REASONS)
            names = " and ".join(sorted(book.listed(locality, year).name for locality in listed))
            here = ours.locality.name if ours.locality else ours.status
            kinds.add(kind, f"{city}, {state} {zip5}: {here} | {names or 'not listed'}")
    return kinds


def _of_office(ours: Resolution, ids: set[int], listed: set[int], *, agrees: bool, explained: bool) -> str:
    if not listed:
        return NO_ZIP
    if ids & listed:
        return LISTED if ours.locality else NARROWED
    if ours.status == UNRESOLVED:
        return NOT_CENSUS
    if agrees:
        return BEYOND
    return EXPLAINED if explained else UNEXPLAINED


def main() -> None:
    """Prints both comparisons of a fiscal year; ends with 1 where something is of no known kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fiscal-year", type=int, default=2027, metavar="YYYY", help="2021 to 2027 (default: 2027)")
    year = parser.parse_args().fiscal_year
    book, console = Ratebook.open(), Console(markup=False, width=WIDTH)
    names, offices = compare_names(book, year), compare_post_offices(book, year)
    console.print(names.table(f"Census names, FY{year}: perdiem_calc | gsa-perdiem-mcp"))
    console.print(offices.table(f"Post offices, FY{year}: perdiem_calc | GSA's list of ZIPs"))
    sys.exit(UNEXPLAINED in names.found or UNEXPLAINED in offices.found)


if __name__ == "__main__":
    main()

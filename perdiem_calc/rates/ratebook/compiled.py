"""The ratebook's text compiled into one indexed, read-only SQLite file.

Look-ups need a few indexed rows, never a whole table, so the first one in a fresh process costs milliseconds.
What holds for several fiscal years in a row (a ZIP's locality, a county's) is stored once, with the years it
holds for. The same text always gives the same tables. Standard library only: the package's build calls this.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.rates.places import place_key, squash
from perdiem_calc.rates.ratebook import text
from perdiem_calc.rates.ratebook.schema import COMPILED, KINDS, SCHEMA_VERSION

ALWAYS = (0, 9999)
T = TypeVar("T")

_SCHEMA = """
CREATE TABLE text_file (name TEXT PRIMARY KEY, bytes INTEGER, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE source (fy INTEGER, file TEXT, sha256 TEXT, retrieved_at TEXT, publisher TEXT, document TEXT,
  url TEXT, published TEXT, document_sha256 TEXT, PRIMARY KEY (fy, file)) WITHOUT ROWID;
CREATE TABLE year (fy INTEGER PRIMARY KEY, localities INTEGER, tiers INTEGER, zips INTEGER, counties INTEGER,
  standard_lodging INTEGER, standard_mie INTEGER);
CREATE TABLE locality (fy INTEGER, id INTEGER, name TEXT, state TEXT, covers TEXT, jan INTEGER, feb INTEGER,
  mar INTEGER, apr INTEGER, may INTEGER, jun INTEGER, jul INTEGER, aug INTEGER, sep INTEGER, oct INTEGER,
  nov INTEGER, dec INTEGER, meals INTEGER, PRIMARY KEY (fy, id)) WITHOUT ROWID;
CREATE TABLE tier (fy INTEGER, total INTEGER, breakfast INTEGER, lunch INTEGER, dinner INTEGER,
  incidental INTEGER, first_last_day TEXT, PRIMARY KEY (fy, total)) WITHOUT ROWID;
CREATE TABLE listing (state TEXT, fy INTEGER, id INTEGER, PRIMARY KEY (state, fy, id)) WITHOUT ROWID;
CREATE TABLE zip (zip INTEGER, fy_from INTEGER, id INTEGER, state TEXT, fy_to INTEGER,
  PRIMARY KEY (zip, fy_from, id, state)) WITHOUT ROWID;
CREATE TABLE county (id INTEGER PRIMARY KEY, state TEXT, key TEXT);
CREATE TABLE county_locality (county INTEGER, fy_from INTEGER, fy_to INTEGER, id INTEGER,
  PRIMARY KEY (county, fy_from)) WITHOUT ROWID;
CREATE TABLE name (squashed TEXT, state TEXT, kind INTEGER, ref INTEGER, key TEXT, fy_from INTEGER,
  fy_to INTEGER, PRIMARY KEY (squashed, state, kind, ref, key, fy_from)) WITHOUT ROWID;
"""


def compile_ratebook(data_folder: Path, target: Path, user_folder: Path | None = None) -> None:
    """Compile the text under `data_folder` into the SQLite file `target`, which is then complete or untouched.

    `user_folder` has a user's own years, which replace the same years of the data.
    Raises InputError for a fault in the text, naming it, and OutputError where `target` cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{COMPILED}.", dir=target.parent)
    except OSError as error:
        raise OutputError(
            "output.unwritable", f"{error.strerror}", where=str(target), fix="choose a folder you may write to"
        ) from error
    os.close(handle)
    try:
        with closing(sqlite3.connect(name)) as book:
            fill(book, data_folder, user_folder)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except (OSError, sqlite3.OperationalError) as error:
        raise OutputError(
            "output.unwritable", str(error), where=str(target), fix="check the space and rights of its folder"
        ) from error
    finally:
        if os.path.exists(name):
            os.unlink(name)


def compiled_in_memory(data_folder: Path, user_folder: Path | None = None) -> sqlite3.Connection:
    """The same tables in memory, for a folder that cannot be written to."""
    book = sqlite3.connect(":memory:", check_same_thread=False)
    fill(book, data_folder, user_folder)
    return book


def fill(book: sqlite3.Connection, data_folder: Path, user_folder: Path | None = None) -> None:
    """Create the tables and fill them from the text. Raises InputError for a fault in it, naming it."""
    folders = text.year_folders(data_folder, user_folder)
    years = [text.read_year(folder) for folder in folders]
    for year in years:
        for fault in text.lint_year(year):
            raise InputError(
                "ratebook.text.invalid", fault, where=f"rates/{year.fiscal_year}", fix="correct the text"
            )
    book.executescript(f"PRAGMA page_size=4096; PRAGMA user_version={SCHEMA_VERSION}; {_SCHEMA}")
    with book:
        _files(book, data_folder, text.text_files(data_folder, user_folder))
        for year, folder in zip(years, folders, strict=True):
            _year(book, year, folder)
        _zips(book, years)
        places = text.read_places(data_folder / text.PLACES)
        counties = _counties(book, years, places)
        _names(book, years, places, text.read_aliases(data_folder / text.ALIASES), counties)
    book.execute("VACUUM")


def _files(book: sqlite3.Connection, data_folder: Path, names: Iterable[str]) -> None:
    for name in names:
        path = data_folder / name
        book.execute("INSERT INTO text_file VALUES (?,?,?)", (name, path.stat().st_size, text.sha256_of(path)))


def _year(book: sqlite3.Connection, year: text.RateYear, folder: Path) -> None:
    fy = year.fiscal_year
    for file in (text.LODGING, text.MIE, text.ZIPCODES, text.STATES, text.COUNTIES, text.EXCEPTIONS):
        row = (
            fy,
            f"{folder.parent.parent.name}/rates/{fy}/{file}",
            text.sha256_of(folder / file),
            text.stated(year, file, "retrieved_at"),
            *text.document_of(year, file),
        )
        book.execute("INSERT INTO source VALUES (?,?,?,?,?,?,?,?,?)", row)
    rows = [(fy, r.did, r.city, r.state, r.county, *r.months, r.meals) for r in year.lodging]
    book.executemany("INSERT INTO locality VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
    book.executemany("INSERT INTO tier VALUES (?,?,?,?,?,?,?)", [(fy, *tier) for tier in year.tiers])
    book.executemany("INSERT INTO listing VALUES (?,?,?)", [(r.state, fy, r.did) for r in year.listings])
    standard = next(r for r in year.lodging if r.did == 0)
    counts = (len(year.lodging) - 1, len(year.tiers), len({r.zip for r in year.zips}), len(year.counties))
    book.execute("INSERT INTO year VALUES (?,?,?,?,?,?,?)", (fy, *counts, standard.months[9], standard.meals))


def _zips(book: sqlite3.Connection, years: Iterable[text.RateYear]) -> None:
    runs = _runs((year.fiscal_year, row) for year in years for row in year.zips)
    rows = sorted((int(row.zip), first, row.did, row.state, last) for row, first, last in runs)
    book.executemany("INSERT INTO zip VALUES (?,?,?,?,?)", rows)


def _counties(
    book: sqlite3.Connection, years: Iterable[text.RateYear], places: Iterable[text.PlaceRow]
) -> dict[tuple[str, str], int]:
    """Number the counties and store their localities; returns the numbers."""
    keys = sorted({(row.state, place_key(row.county)) for row in places})
    numbers = {key: number for number, key in enumerate(keys, start=1)}
    book.executemany("INSERT INTO county VALUES (?,?,?)", [(n, *key) for key, n in numbers.items()])
    runs = _runs((year.fiscal_year, row) for year in years for row in year.counties)
    rows = []
    for row, first, last in runs:
        number = numbers.get((row.state, place_key(row.county)))
        if number is None:
            raise InputError(
                "ratebook.county.unknown",
                f"{row.county}, {row.state} is not a county of the Census",
                where=f"rates/{first}/{text.COUNTIES}",
                fix="write it as places.csv.gz does",
            )
        rows.append((number, first, last, row.did))
    book.executemany("INSERT INTO county_locality VALUES (?,?,?,?)", sorted(rows))
    return numbers


def _runs(dated: Iterable[tuple[int, T]]) -> Iterator[tuple[T, int, int]]:
    """Each thing with the first and last of consecutive years it is there."""
    years: dict[T, list[int]] = defaultdict(list)
    for year, thing in dated:
        years[thing].append(year)
    for thing, there in years.items():
        first = last = there[0]
        for year in there[1:]:
            if year != last + 1:
                yield thing, first, last
                first = year
            last = year
        yield thing, first, last


def name_parts(name: str) -> tuple[str, ...]:
    """The keys under which a destination's name is found: each whole part, and the whole of it.

    >>> name_parts("Big Sky / West Yellowstone/Gardiner")
    ('big sky', 'west yellowstone', 'gardiner', 'big sky west yellowstone gardiner')
    """
    plain = name.split("(")[0]
    keys = [place_key(part) for part in plain.split("/")]
    return tuple(dict.fromkeys([*keys, place_key(plain), place_key(name)]))


def census_keys(place: str) -> tuple[str, ...]:
    """The keys of a Census name: "san buenaventura (ventura)" is known under both names, and as written.

    >>> census_keys("san buenaventura (ventura)")
    ('san buenaventura', 'ventura', 'san buenaventura ventura')
    """
    return tuple(dict.fromkeys(place_key(part) for part in (*place.rstrip(")").split("("), place)))


_Name = tuple[str, str, int, int, int, int]  # state, key, kind, ref, first and last fiscal year


def _names(
    book: sqlite3.Connection,
    years: list[text.RateYear],
    places: Iterable[text.PlaceRow],
    aliases: Iterable[text.AliasRow],
    counties: dict[tuple[str, str], int],
) -> None:
    census = _without_clipped(places, {(row.state, row.county, row.did) for y in years for row in y.counties})
    names = {*_destination_names(years), *_exception_names(years), *_census_names(census, counties)}
    known: dict[tuple[str, str], list[_Name]] = defaultdict(list)
    for name in names:
        known[name[0], name[1]].append(name)
    for alias in aliases:
        names |= set(_alias_names(alias, known, counties))
    rows = sorted((squash(key), state, kind, ref, key, *years) for state, key, kind, ref, *years in names)
    stored = [
        (s, state, kind, ref, "" if key == s else key, first, last) for s, state, kind, ref, key, first, last in rows
    ]
    book.executemany("INSERT INTO name VALUES (?,?,?,?,?,?,?)", stored)


def _destination_names(years: list[text.RateYear]) -> Iterator[_Name]:
    listed = []
    for year in years:
        states = defaultdict(set)
        for listing in year.listings:
            states[listing.did].add(listing.state)
        for row in year.lodging:
            for state in (states[row.did] | {row.state}) - {""}:
                listed += [(year.fiscal_year, (state, key, row.did)) for key in name_parts(row.city)]
    for (state, key, did), first, last in _runs(listed):
        yield state, key, KINDS.index("destination"), did, first, last


def _exception_names(years: list[text.RateYear]) -> Iterator[_Name]:
    kinds = {"carve_in": KINDS.index("carve_in"), "excluded_from": KINDS.index("excluded")}
    for row, first, last in _runs((year.fiscal_year, row) for year in years for row in year.exceptions):
        yield row.state, place_key(row.city), kinds[row.kind], row.did, first, last


def _without_clipped(
    places: Iterable[text.PlaceRow], localities: set[tuple[str, str, int]]
) -> Iterator[text.PlaceRow]:
    """The places, less a "city" left off where that makes the name of a county with another locality.

    The Census table has "Orange City" in Volusia County, Florida, also as "orange"; a person who types
    "Orange, FL" more likely means Orange County, so it must not quietly become Volusia's.
    """
    rows = set(places)
    of_county = defaultdict(set)
    for state, county, did in localities:
        of_county[state, county].add(did)
    counties = {(row.state, row.county) for row in rows}
    for row in rows:
        there, named = of_county[row.state, row.county], of_county[row.state, row.place]
        clipped = row.kind == "place" and row._replace(place=f"{row.place} city") in rows
        if not (clipped and (row.state, row.place) in counties and there != named):
            yield row


def _census_names(places: Iterable[text.PlaceRow], counties: dict[tuple[str, str], int]) -> Iterator[_Name]:
    for row in places:
        for key in census_keys(row.place):
            yield row.state, key, KINDS.index(row.kind), counties[row.state, place_key(row.county)], *ALWAYS


def _alias_names(
    alias: text.AliasRow, known: dict[tuple[str, str], list[_Name]], counties: dict[tuple[str, str], int]
) -> Iterator[_Name]:
    key = place_key(alias.name)
    fault = InputError(
        "ratebook.alias.unknown",
        f"{alias.name}, {alias.state}: no such {'place' if alias.same_as else 'county'}",
        where=text.ALIASES,
        fix="name a place (same_as) or a county that places.csv.gz or a destination has",
    )
    if alias.same_as:
        same = known.get((alias.state, place_key(alias.same_as)))
        if not same:
            raise fault
        yield from ((alias.state, key, *name[2:]) for name in same)
    else:
        county = counties.get((alias.state, place_key(alias.county)))
        if county is None:
            raise fault
        yield alias.state, key, KINDS.index("alias"), county, *ALWAYS

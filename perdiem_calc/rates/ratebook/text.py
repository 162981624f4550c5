"""The ratebook's reviewed text: one folder a fiscal year, read, written and linted.

A year's folder mirrors what GSA's API endpoints 4 to 6 give, so that a refresh writes the same files:

    lodging.csv       one row a locality: id, state, name, what it covers, January to December, M&IE
    mie.csv           one row an M&IE tier: total, meals, incidental amount, 75 %
    zipcodes.csv.gz   one row a ZIP and locality
    states.csv        which localities a state lists (Washington, D.C. is listed by three)
    counties.csv      county to locality
    exceptions.csv    cities that belong to another locality than their county
    provenance.toml   where each file came from and how it was checked

`places.csv.gz` (Census places and towns by county) and `aliases.csv` (names the Census does not list) hold
for all years. Only the standard library is used here: the build of the package reads these files too.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import struct
import tomllib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from perdiem_calc.errors import InputError
from perdiem_calc.files import content_of, decoded, exact_rows, unpacked
from perdiem_calc.rates.model import Document

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

LODGING, MIE, ZIPCODES = "lodging.csv", "mie.csv", "zipcodes.csv.gz"
STATES, COUNTIES, EXCEPTIONS = "states.csv", "counties.csv", "exceptions.csv"
PROVENANCE = "provenance.toml"
PLACES, ALIASES = "places.csv.gz", "aliases.csv"
LARGEST_TEXT = 64 << 20
"""Bytes of one file, unpacked; the largest has a few."""
_GZIP_HEADER = bytes.fromhex("1f8b0800000000000203")


class LodgingRow(NamedTuple):
    """A locality's rates for one fiscal year: whole dollars, `months` from January to December, `meals` = M&IE.

    `did` 0 is the standard rate, which has no state.
    """

    did: int
    state: str
    city: str
    county: str
    months: tuple[int, ...]
    meals: int


class TierRow(NamedTuple):
    """One M&IE tier: whole dollars but for `first_last_day`, which is written with cents."""

    total: int
    breakfast: int
    lunch: int
    dinner: int
    incidental: int
    first_last_day: str


class ZipRow(NamedTuple):
    """One ZIP (five digits) and a locality it lies in; `state` may be blank, as published."""

    zip: str
    did: int
    state: str


class ListingRow(NamedTuple):
    """A state that lists a locality; `state` may be blank, as published."""

    state: str
    did: int


class CountyRow(NamedTuple):
    """A county (lower case, no punctuation) and its locality."""

    state: str
    county: str
    did: int


class ExceptionRow(NamedTuple):
    """A city with its own rule: `carve_in` belongs to locality `did`, `excluded_from` is left out of it."""

    kind: str
    state: str
    city: str
    did: int


class PlaceRow(NamedTuple):
    """A Census place, town or county (`kind`) and a county it lies in; names lower case, no punctuation."""

    state: str
    place: str
    county: str
    kind: str


class AliasRow(NamedTuple):
    """A name the Census does not list: the same as another name, or a part of a county; and why."""

    state: str
    name: str
    same_as: str
    county: str
    reason: str


@dataclass(frozen=True, slots=True)
class RateYear:
    """One fiscal year's text, complete."""

    fiscal_year: int
    lodging: tuple[LodgingRow, ...]
    tiers: tuple[TierRow, ...]
    zips: tuple[ZipRow, ...]
    listings: tuple[ListingRow, ...]
    counties: tuple[CountyRow, ...]
    exceptions: tuple[ExceptionRow, ...]
    provenance: str


Row = TypeVar("Row")


def read_year(folder: Path) -> RateYear:
    """The fiscal year in `folder` (named for the year).

    Raises InputError naming file and line for a missing file, a wrong header or a cell of the wrong type.
    """
    return RateYear(
        fiscal_year=year_of(folder),
        lodging=tuple(_lodging(folder / LODGING)),
        tiers=_rows(folder / MIE, TierRow._make, TierRow._fields, (1, 1, 1, 1, 1, 0)),
        zips=_rows(folder / ZIPCODES, ZipRow._make, ZipRow._fields, (0, 1, 0)),
        listings=_rows(folder / STATES, ListingRow._make, ListingRow._fields, (0, 1)),
        counties=_rows(folder / COUNTIES, CountyRow._make, CountyRow._fields, (0, 0, 1)),
        exceptions=_rows(folder / EXCEPTIONS, ExceptionRow._make, ExceptionRow._fields, (0, 0, 0, 1)),
        provenance=_read(folder / PROVENANCE),
    )


def year_of(folder: Path) -> int:
    """The fiscal year that a folder is named for. Raises InputError for another name."""
    if not re.fullmatch(r"20[0-9]{2}", folder.name):
        raise InputError(
            "ratebook.year.invalid",
            f"{folder.name!r} is not a fiscal year",
            where=str(folder),
            fix="name it like 2027",
        )
    return int(folder.name)


def write_year(folder: Path, year: RateYear) -> None:
    """Write a fiscal year's files into `folder`; the same rows always give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    lodging = ((row.did, row.state, row.city, row.county, *row.months, row.meals) for row in year.lodging)
    _write_csv(folder / LODGING, _LODGING_HEADER, lodging)
    _write_csv(folder / MIE, TierRow._fields, year.tiers)
    _write_csv(folder / ZIPCODES, ZipRow._fields, year.zips)
    _write_csv(folder / STATES, ListingRow._fields, year.listings)
    _write_csv(folder / COUNTIES, CountyRow._fields, year.counties)
    _write_csv(folder / EXCEPTIONS, ExceptionRow._fields, year.exceptions)
    (folder / PROVENANCE).write_text(year.provenance, encoding="utf-8", newline="\n")


def read_places(path: Path) -> tuple[PlaceRow, ...]:
    """The Census places, towns and counties. Raises InputError as `read_year` does."""
    return _rows(path, PlaceRow._make, PlaceRow._fields, (0, 0, 0, 0))


def write_places(path: Path, rows: Iterable[PlaceRow]) -> None:
    """Write the Census places; the same rows always give the same bytes."""
    _write_csv(path, PlaceRow._fields, rows)


def read_aliases(path: Path) -> tuple[AliasRow, ...]:
    """The names the Census does not list. Raises InputError as `read_year` does."""
    return _rows(path, AliasRow._make, AliasRow._fields, (0, 0, 0, 0, 0))


def year_folders(data_folder: Path, user_folder: Path | None = None) -> tuple[Path, ...]:
    """The folders of the fiscal years, oldest first; a user's own year replaces the same year of the data."""
    years: dict[str, Path] = {}
    for folder in (data_folder, user_folder):
        if folder is not None:
            years |= {path.name: path for path in (folder / "rates").iterdir() if _is_year(path)}
    return tuple(years[name] for name in sorted(years))


def _is_year(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def text_files(data_folder: Path, user_folder: Path | None = None) -> tuple[str, ...]:
    """Every text file the ratebook is compiled from, in order: relative to `data_folder`, or a user's own in full."""
    names = (LODGING, MIE, ZIPCODES, STATES, COUNTIES, EXCEPTIONS, PROVENANCE)
    years = []
    for folder in year_folders(data_folder, user_folder):
        own = folder.parent.parent != data_folder
        years += [str(folder / name) if own else f"rates/{folder.name}/{name}" for name in names]
    return (PLACES, ALIASES, *years)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as sixty-four hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stated(year: RateYear, file_name: str, what: str) -> str:
    """What a year's provenance states of one of its files, by the names that `documented` writes.

    Raises InputError where it states nothing.
    """
    try:
        return str(tomllib.loads(year.provenance)["file"][file_name][what])
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise InputError(
            "ratebook.provenance.missing",
            f"no {what} of {file_name}",
            where=f"rates/{year.fiscal_year}/{PROVENANCE}",
            fix=f'write it under [file."{file_name}"]',
        ) from error


def document_of(year: RateYear, file_name: str) -> Document:
    """The document from which a file of a year was made; raises as `stated` does."""
    return Document(*(stated(year, file_name, what) for what in Document._fields))


def documented(document: Document, retrieved_at: str, checked: str) -> dict[str, str]:
    """What a provenance.toml states of a file: its document, when it was retrieved, and how it was checked."""
    return {**document._asdict(), "retrieved_at": retrieved_at, "checked": checked}


def lint_year(year: RateYear) -> list[str]:
    """What is wrong with a fiscal year's figures, one sentence a fault; an empty list when nothing is."""
    known = {row.did for row in year.lodging}
    return [
        *_lint_lodging(year),
        *_lint_tiers(year.tiers),
        *_lint_ids("states.csv", ((row.state, row.did) for row in year.listings), known),
        *_lint_ids("counties.csv", ((f"{row.county}, {row.state}", row.did) for row in year.counties), known),
        *_lint_ids("exceptions.csv", ((f"{row.city}, {row.state}", row.did) for row in year.exceptions), known),
        *_lint_ids("zipcodes.csv", ((row.zip, row.did) for row in year.zips), known),
        *_lint_repeats("counties.csv", [(row.state, row.county) for row in year.counties]),
        *_lint_repeats("zipcodes.csv", year.zips),
        *(f"zipcodes.csv: {r.zip!r} is not five digits" for r in year.zips if not _ZIP.fullmatch(r.zip)),
        *(f"exceptions.csv: unknown kind {r.kind!r}" for r in year.exceptions if r.kind not in EXCEPTION_KINDS),
    ]


EXCEPTION_KINDS = ("carve_in", "excluded_from")
_ZIP = re.compile(r"[0-9]{5}")
_LODGING_HEADER = ("did", "state", "city", "county", *MONTHS, "meals")


def _lint_lodging(year: RateYear) -> Iterator[str]:
    totals = {tier.total for tier in year.tiers}
    for row in year.lodging:
        if len(row.months) != len(MONTHS) or min(row.months) <= 0:
            yield f"lodging.csv: {row.city} ({row.did}) has not twelve positive months"
        if row.meals not in totals:
            yield f"lodging.csv: {row.city} ({row.did}) has M&IE {row.meals}, which is no tier"
        if bool(row.did) != bool(row.state):
            yield f"lodging.csv: {row.city} ({row.did}): a locality has a state, the standard rate has none"
    yield from _lint_repeats("lodging.csv", [row.did for row in year.lodging])
    if not any(row.did == 0 for row in year.lodging):
        yield "lodging.csv: the standard rate (did 0) is missing"


def _lint_tiers(tiers: Sequence[TierRow]) -> Iterator[str]:
    for tier in tiers:
        if tier.breakfast + tier.lunch + tier.dinner + tier.incidental != tier.total:
            yield f"mie.csv: the meals of tier {tier.total} do not add up to it"
        quarters = 3 * tier.total
        if tier.first_last_day != f"{quarters // 4}.{quarters % 4 * 25:02d}":
            yield f"mie.csv: {tier.first_last_day} is not 75 % of {tier.total}"
    yield from _lint_repeats("mie.csv", [tier.total for tier in tiers])


def _lint_ids(file: str, named: Iterable[tuple[str, int]], known: set[int]) -> Iterator[str]:
    for name, did in named:
        if did not in known:
            yield f"{file}: {name} names locality {did}, which lodging.csv does not have"


def _lint_repeats(file: str, keys: Sequence[object]) -> Iterator[str]:
    seen: set[object] = set()
    for key in keys:
        if key in seen:
            yield f"{file}: {key} appears twice"
        seen.add(key)


def _lodging(path: Path) -> Iterator[LodgingRow]:
    for line, cells in _cells(path, _LODGING_HEADER):
        numbers = [_whole(path, line, cell) for cell in (cells[0], *cells[4:])]
        did, months, meals = numbers[0], tuple(numbers[1:13]), numbers[13]
        yield LodgingRow(did, cells[1], cells[2], cells[3], months, meals)


def _rows(
    path: Path, make: Callable[[Iterable[Any]], Row], header: Sequence[str], whole: Sequence[int]
) -> tuple[Row, ...]:
    """The rows of a CSV file; `whole` marks with 1 the columns that are whole numbers."""
    return tuple(
        make(_whole(path, line, cell) if number else cell for cell, number in zip(cells, whole, strict=True))
        for line, cells in _cells(path, header)
    )


def _cells(path: Path, header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from exact_rows(_read(path), header)
    except InputError as error:
        if error.where == str(path):
            raise
        raise InputError(error.code, error.what, where=f"{path}, {error.where}", fix=error.fix) from None


def _whole(path: Path, line: int, cell: str) -> int:
    if not (cell.isascii() and cell.isdigit()):
        raise InputError(
            "ratebook.number.invalid",
            f"{cell!r} is not a whole number",
            where=f"{path}, line {line}",
            fix="write digits only, like 113",
        )
    return int(cell)


def _read(path: Path) -> str:
    try:
        content = content_of(path, LARGEST_TEXT)
        return decoded(unpacked(content, LARGEST_TEXT) if path.suffix == ".gz" else content)
    except InputError as error:
        raise InputError(error.code, error.what, where=str(path), fix="restore it from the repository") from error


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue().encode("utf-8")
    path.write_bytes(_packed(content) if path.suffix == ".gz" else content)


def _packed(content: bytes) -> bytes:
    """The gzip file of some bytes, without time or name: the same on every system and Python.

    Python itself writes another byte for the system since 3.13.
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    tail = struct.pack("<2L", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return _GZIP_HEADER + deflate.compress(content) + deflate.flush() + tail


def describe(files: Mapping[str, Mapping[str, str]], comment: str) -> str:
    """A provenance.toml: `comment`, then a table a file with its statements, in the order given."""
    lines = [f"# {line}" if line else "#" for line in comment.splitlines()]
    for name, statements in files.items():
        lines += ["", f'[file."{name}"]']
        lines += [f"{key} = {_toml(value)}" for key, value in statements.items()]
    return "\n".join(lines) + "\n"


def _toml(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

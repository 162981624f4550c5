"""The embedded rates: every per diem locality, month, M&IE tier and ZIP of the fiscal years known, offline.

>>> from datetime import date
>>> book = Ratebook.open()
>>> orlando = book.rate("Orlando, FL", date(2026, 10, 4))
>>> orlando.locality.name, str(orlando.lodging), str(orlando.mie.total)
('Orlando', '145.00', '80.00')
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar

from perdiem_calc.errors import InputError, RateUnavailable
from perdiem_calc.files import user_folder
from perdiem_calc.money import CENT
from perdiem_calc.rates.model import Document, MieTier, PerDiemRate, Provenance, fiscal_year
from perdiem_calc.rates.places import (
    STANDARD_ID,
    Fact,
    Listed,
    Locality,
    Place,
    Resolution,
    demand,
    parse_place,
    place_key,
    place_of,
    resolve,
    squash,
    state_code,
)
from perdiem_calc.rates.ratebook.schema import COMPILED, KINDS, SCHEMA_VERSION

K = TypeVar("K")
V = TypeVar("V")

_REMEMBERED = 8192
_HERE = os.path.dirname(os.path.abspath(__file__))
_RATES = os.path.dirname(_HERE)
_PACKAGE = os.path.dirname(_RATES)
# What decides the compiled file's content beside the text: a checkout compiles again when one of them changed.
_CODE = [
    os.path.join(_HERE, "compiled.py"),
    os.path.join(_HERE, "schema.py"),
    os.path.join(_HERE, "text.py"),
    os.path.join(_RATES, "places", "names.py"),
]
_FACTS = """SELECT n.kind, n.key, c.key, CASE WHEN n.kind < 3 THEN n.ref ELSE coalesce(l.id, 0) END
FROM name n LEFT JOIN county c ON n.kind > 2 AND c.id = n.ref
LEFT JOIN county_locality l ON n.kind > 2 AND l.county = n.ref AND l.fy_from <= :fy AND l.fy_to >= :fy
WHERE n.squashed = :squashed AND n.state = :state AND n.fy_from <= :fy AND n.fy_to >= :fy"""


class SourceFile(NamedTuple):
    """One text file of a fiscal year: its name, SHA-256, when its figures were retrieved, and from what document."""

    file: str
    sha256: str
    retrieved_at: str
    document: Document


class YearStatus(NamedTuple):
    """What the ratebook holds of one fiscal year; the standard rate is in dollars a night and a day."""

    fiscal_year: int
    localities: int
    tiers: int
    zips: int
    counties: int
    standard_lodging: Decimal
    standard_mie: Decimal
    sources: tuple[SourceFile, ...]


class Ratebook:
    """A source of rates that needs no network; open one with `Ratebook.open()`, share it among threads."""

    def __init__(self, book: sqlite3.Connection, path: str | None = None) -> None:
        self._book: sqlite3.Connection | _Closed = book
        self._path = path
        # Also where it is garbage in a circle, in which `__del__` may come after the connection's own end.
        self._end = weakref.finalize(self, book.close)
        self._years: tuple[int, ...] = tuple(fy for (fy,) in book.execute("SELECT fy FROM year"))
        self._parsed: dict[str, Place] = {}
        self._resolved: dict[tuple[Place, int], Resolution] = {}
        self._rates: dict[tuple[Locality, int, int], PerDiemRate] = {}
        self._listed: dict[tuple[int, int], Listed] = {}
        self._tiers: dict[tuple[int, int], MieTier] = {}
        self._sources: dict[int, Provenance] = {}

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None = None) -> Ratebook:
        """The ratebook in a compiled file, or the embedded one.

        In a checkout the compiled file is made on first use, and again when its text changed. Raises
        InputError where `path` is no ratebook, or the embedded one is damaged.
        """
        try:
            if path is None:
                return cls(_embedded())
            return cls(_connect(os.fspath(path)), os.path.abspath(path))
        except sqlite3.Error as error:
            if path is None:
                what, where, fix = "the embedded rates are damaged", data_folder(), "install the program again"
            else:
                what, where, fix = "not a ratebook", str(path), "leave out the path"
            raise InputError("ratebook.file.invalid", f"{what} ({error})", where=where, fix=fix) from error

    def close(self) -> None:
        """Close the file; from then on the ratebook refuses to answer, with an InputError.

        A ratebook closes itself when nothing refers to it any more.
        """
        self._end()
        self._book = _Closed()
        for known in (self._resolved, self._rates, self._listed):
            known.clear()

    def __reduce__(self) -> tuple[Any, ...]:
        """In another process, and as a copy, the same file opened again."""
        return Ratebook.open, (self._path,)

    @property
    def years(self) -> tuple[int, ...]:
        """The fiscal years known, oldest first."""
        return self._years

    def rate(self, where: str | Place | Locality, on: date) -> PerDiemRate:
        """The rate in force at a place or locality on a day.

        Raises PlaceNotResolved for a place that leads to no one locality, InputError for one that contradicts
        itself, RateUnavailable for a fiscal year or locality the ratebook does not have.
        """
        locality = where if isinstance(where, Locality) else self.locality(where, on)
        key = (locality, fiscal_year(on), on.month)
        found = self._rates.get(key)
        if found is None:
            found = self._read_rate(*key)
            _remember(self._rates, key, found)
        return found

    def locality(self, place: Place | str, on: date) -> Locality:
        """The one per diem locality of a place on a day; raises as `rate` does."""
        resolution = self.resolve(place, fiscal_year(on))
        return resolution.locality or demand(resolution)

    def counties(self, place: Place, on: date) -> frozenset[str]:
        """The keys of the counties in which a city may lie on a day; none of a place without city and state."""
        state = state_code(place.state or "")
        if not place.city or state is None:
            return frozenset()
        return frozenset(
            fact.county for fact in self.facts(squash(place_key(place.city)), state, fiscal_year(on)) if fact.county
        )

    def resolve(self, place: Place | str, fiscal_year: int) -> Resolution:
        """What a place comes to in a fiscal year: a locality, candidates, or close names.

        Raises InputError for a place that contradicts itself, RateUnavailable for a year not known.
        """
        if isinstance(place, str):
            parsed = self._parsed.get(place)
            if parsed is None:
                parsed = parse_place(place)
                _remember(self._parsed, place, parsed)
            place = parsed
        elif type(place) is not Place:
            place = place_of(place)
        found = self._resolved.get((place, fiscal_year))
        if found is None:
            self._must_know(fiscal_year)
            found = resolve(place, fiscal_year, self)
            _remember(self._resolved, (place, fiscal_year), found)
        return found

    def status(self) -> tuple[YearStatus, ...]:
        """What is in the ratebook, a fiscal year at a time."""
        return tuple(
            YearStatus(fy, localities, tiers, zips, counties, _dollars(lodging), _dollars(mie), self._files(fy))
            for fy, localities, tiers, zips, counties, lodging, mie in self._book.execute("SELECT * FROM year")
        )

    def localities(self, fiscal_year: int) -> tuple[Locality, ...]:
        """A fiscal year's localities, the standard rate first. Raises RateUnavailable for a year not known."""
        self._must_know(fiscal_year)
        query = "SELECT id, name, state FROM locality WHERE fy = ? ORDER BY id"
        return tuple(Locality(*row) for row in self._book.execute(query, (fiscal_year,)))

    def tiers(self, fiscal_year: int) -> tuple[MieTier, ...]:
        """The M&IE tiers of a fiscal year, lowest first. Raises RateUnavailable for a year not known."""
        self._must_know(fiscal_year)
        rows = self._book.execute("SELECT total FROM tier WHERE fy = ? ORDER BY total", (fiscal_year,)).fetchall()
        return tuple(self._tier(fiscal_year, total) for (total,) in rows)

    def zips(self, fiscal_year: int) -> tuple[tuple[str, int, str], ...]:
        """Every ZIP of a fiscal year with a locality and its state. Raises RateUnavailable for a year not known."""
        self._must_know(fiscal_year)
        query = "SELECT printf('%05d', zip), id, state FROM zip WHERE fy_from <= :fy AND fy_to >= :fy"
        return tuple(self._book.execute(query, {"fy": fiscal_year}))

    def damage(self) -> str:
        """What is wrong with the compiled file; blank if it is intact. Reads the whole file."""
        try:
            said = str(self._book.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.Error as error:
            return str(error)
        return "" if said == "ok" else said

    # ---- what the places module asks

    def facts(self, squashed: str, state: str, fiscal_year: int) -> Sequence[Fact]:
        """Everything known of a name in a state (see `places.Gazetteer`)."""
        asked = {"squashed": squashed, "state": state, "fy": fiscal_year}
        return [
            Fact(KINDS[kind], key or squashed, county or "", locality)
            for kind, key, county, locality in self._book.execute(_FACTS, asked)
        ]

    def states(self, squashed: str) -> Sequence[str]:
        """The states that know a name."""
        query = "SELECT DISTINCT state FROM name WHERE squashed = ? ORDER BY state"
        return [state for (state,) in self._book.execute(query, (squashed,))]

    def zip_rows(self, zip5: str, fiscal_year: int) -> Sequence[tuple[int, str]]:
        """The localities of a ZIP, each with its state."""
        query = "SELECT id, state FROM zip WHERE zip = ? AND fy_from <= ? AND fy_to >= ?"
        return self._book.execute(query, (int(zip5), fiscal_year, fiscal_year)).fetchall()

    def listed(self, locality: int, fiscal_year: int) -> Listed:
        """A locality as a fiscal year lists it. Raises RateUnavailable if it does not."""
        key = (locality, fiscal_year)
        found = self._listed.get(key)
        if found is None:
            row = self._book.execute("SELECT * FROM locality WHERE id = ? AND fy = ?", key).fetchone()
            if row is None:
                raise RateUnavailable(
                    "rate.locality.unknown",
                    f"fiscal year {fiscal_year} lists no locality {locality}",
                    fix="name the place instead: it may have the standard rate, or another locality's",
                )
            found = self._listed[key] = Listed(row[2], row[3], row[4], row[5:])
        return found

    def names(self, state: str) -> Sequence[str]:
        """Every name known in a state; the names of all destinations for an empty state."""
        query = "SELECT DISTINCT CASE key WHEN '' THEN squashed ELSE key END FROM name WHERE "
        if state:
            rows = self._book.execute(query + "state = ? ORDER BY 1", (state,))
        else:
            rows = self._book.execute(query + "kind = 0 ORDER BY 1")
        return [name for (name,) in rows]

    # ---- reading

    def _read_rate(self, locality: Locality, fiscal_year: int, month: int) -> PerDiemRate:
        self._must_know(fiscal_year)
        listed = self.listed(locality.id, fiscal_year)
        state = locality.state if locality.id == STANDARD_ID else locality.state or listed.state
        return PerDiemRate(
            locality=Locality(locality.id, listed.name, state),
            fiscal_year=fiscal_year,
            month=month,
            lodging=_dollars(listed.rates[month - 1]),
            mie=self._tier(fiscal_year, listed.rates[12]),
            source=self.source(fiscal_year),
        )

    def _tier(self, fiscal_year: int, total: int) -> MieTier:
        key = (fiscal_year, total)
        if key not in self._tiers:
            row = self._book.execute("SELECT * FROM tier WHERE fy = ? AND total = ?", key).fetchone()
            self._tiers[key] = MieTier(
                total=_dollars(row[1]),
                breakfast=_dollars(row[2]),
                lunch=_dollars(row[3]),
                dinner=_dollars(row[4]),
                incidental=_dollars(row[5]),
                first_last_day=Decimal(row[6]),
            )
        return self._tiers[key]

    def source(self, fiscal_year: int) -> Provenance:
        """Where the lodging ceilings and M&IE of a known fiscal year came from."""
        if fiscal_year not in self._sources:
            lodging = next(one for one in self._files(fiscal_year) if one.file.endswith("/lodging.csv"))
            self._sources[fiscal_year] = Provenance(
                "ratebook", lodging.file, lodging.sha256, lodging.retrieved_at, document=lodging.document
            )
        return self._sources[fiscal_year]

    def _files(self, fiscal_year: int) -> tuple[SourceFile, ...]:
        query = (
            "SELECT file, sha256, retrieved_at, publisher, document, url, published, document_sha256 "
            "FROM source WHERE fy = ? ORDER BY file"
        )
        rows = self._book.execute(query, (fiscal_year,))
        return tuple(SourceFile(file, digest, at, Document(*document)) for file, digest, at, *document in rows)

    def _must_know(self, fiscal_year: int) -> None:
        if not isinstance(fiscal_year, int):
            raise InputError(
                "python.fiscal-year.invalid",
                f"{fiscal_year!r:.60} is not a fiscal year",
                fix="give its number, like 2027",
            )
        if fiscal_year not in self._years:
            first, last = self._years[0], self._years[-1]
            known = f"check the date: known are fiscal years {first} to {last} ({first - 1}-10-01 to {last}-09-30)"
            later = f"; a later year is fetched by: perdiem ratebook refresh --fiscal-year {fiscal_year}"
            raise RateUnavailable(
                "ratebook.year.missing",
                f"the ratebook has no rates of fiscal year {fiscal_year}",
                fix=known + (later if fiscal_year > last else ""),
            )


class _Closed:
    """The replacement of a file that was closed."""

    def execute(self, *asked: object) -> NoReturn:
        """Refuse, whatever is asked."""
        raise InputError("ratebook.closed", "the ratebook is closed", fix="open another: Ratebook.open()")


def _dollars(whole: int) -> Decimal:
    return Decimal(whole).quantize(CENT)


def _remember(known: dict[K, V], key: K, value: V) -> None:
    """Keep an answer; forget all of them first when there are many, so that memory stays flat."""
    if len(known) >= _REMEMBERED:
        known.clear()
    known[key] = value


def data_folder() -> str:
    """The folder of the embedded text: inside the installed package, or next to it in a checkout."""
    installed = os.path.join(_PACKAGE, "data")
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(_PACKAGE), "data")


def _embedded() -> sqlite3.Connection:
    """The compiled file of an installation; of a checkout, or with a user's own years, once it is fresh."""
    data, own = data_folder(), str(user_folder())
    if os.path.isdir(os.path.join(own, "rates")):
        compiled = os.path.join(own, COMPILED)
    else:
        own, compiled = "", os.path.join(data, COMPILED)
        if data.startswith(_PACKAGE) and os.path.exists(compiled):
            return _connect(compiled)
    return _connect(compiled) if _is_fresh(data, compiled, own) else _compile(data, compiled, own)


def _is_fresh(data: str, compiled: str, own: str = "") -> bool:
    """Whether the compiled file holds what the text says: nothing newer, no other size, the same years."""
    try:
        made = os.stat(compiled).st_mtime_ns
        book = _connect(compiled)
        try:
            if book.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                return False
            files = book.execute("SELECT name, bytes FROM text_file").fetchall()
            years = {str(fy) for (fy,) in book.execute("SELECT fy FROM year")}
        finally:
            book.close()
        folders = [os.path.join(folder, "rates") for folder in (data, own) if folder]
        there = {name for folder in folders for name in os.listdir(folder) if name.isdigit()}
        stats = [(os.stat(os.path.join(data, name)), size) for name, size in files]
        newest = max(os.stat(code).st_mtime_ns for code in _CODE)
    except (OSError, sqlite3.Error):
        return False
    same = all(stat.st_mtime_ns <= made and stat.st_size == size for stat, size in stats)
    return same and years == there and newest <= made


def _compile(data: str, compiled: str, own: str = "") -> sqlite3.Connection:
    """Compile the text, into the folder it lies in where that may be written, else into memory."""
    from perdiem_calc.errors import OutputError
    from perdiem_calc.rates.ratebook import compiled as compiler

    if not os.path.isdir(data):
        raise InputError(
            "ratebook.data.missing", "the embedded rates are missing", where=data, fix="install the package again"
        )
    users = [Path(own)] if own else []
    try:
        compiler.compile_ratebook(Path(data), Path(compiled), *users)
    except OutputError:
        return compiler.compiled_in_memory(Path(data), *users)
    return _connect(compiled)


def _connect(path: str) -> sqlite3.Connection:
    """A read-only connection to a file that does not change while it is open."""
    address = Path(path).absolute().as_uri()
    return sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True, check_same_thread=False)

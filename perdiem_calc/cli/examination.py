"""What a person has before them: the program, its libraries, rates, cache, ledger and law; what is missing or broken.

Looking changes nothing: no cache and no ledger is begun, no ledger brought to a newer version. A value that is
secret is never told, only whether it is there.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from perdiem_calc import __version__
from perdiem_calc.errors import PerdiemError, RateUnavailable
from perdiem_calc.files import EXTRAS, NEEDED, Extra, extra, how_to_install, user_folder
from perdiem_calc.money import in_dollars
from perdiem_calc.rates.gsa.cache import AnswerCache, default_path
from perdiem_calc.rates.gsa.transport import BASE_URL, KEY_VARIABLE, SIGN_UP, URL_VARIABLE, Secret, checked_url
from perdiem_calc.rates.model import fiscal_year
from perdiem_calc.rates.ratebook import Ratebook, YearStatus, data_folder
from perdiem_calc.rules.law import load_law

_AGAIN = "install the program again"


class State(StrEnum):
    """How something is: as it should be; worth a note, though nothing basic needs it; or in need of fixing."""

    OK = "ok"
    NOTE = "note"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing seen: which part of the program it belongs to, its name, how it is, what to do about it.

    `record` has the same in values, for programs.
    """

    part: str
    name: str
    state: State
    said: str
    fix: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)

    def as_record(self) -> dict[str, Any]:
        """The fact as JSON."""
        head = {"part": self.part, "name": self.name, "state": self.state.value, "said": self.said}
        return {**head, "fix": self.fix, **self.record}


def examine(on: date, ledger_place: str) -> Iterator[Fact]:
    """Everything there is to know of this installation on a day, with the ledger at a place."""
    yield from _installed()
    for part, name, facts in (
        ("rates", "ratebook", lambda: _ratebook(on)),
        ("rates", "OCONUS", _oconus),
        ("service", "cache", _cache),
        ("service", "API key", _key),
        ("ledger", "ledger", lambda: _ledger(ledger_place)),
        ("browser", "claims", _browser),
        ("law", "law", lambda: _law(on)),
    ):
        yield from _guarded(part, name, facts)


def _guarded(part: str, name: str, facts: Callable[[], Iterator[Fact]]) -> Iterator[Fact]:
    """The facts of a part; what keeps it from being looked at is a fact too."""
    try:
        yield from facts()
    except PerdiemError as error:
        where = f"{error.where}: " if error.where else ""
        yield Fact(part, name, State.BROKEN, f"{where}{error.what}", error.fix)
    except OSError as error:
        yield Fact(part, name, State.BROKEN, f"{error.filename}: {error.strerror}", "check the rights of that file")


# ---- what is installed


def _installed() -> Iterator[Fact]:
    where = str(Path(__file__).resolve().parent.parent)
    yield Fact("program", "perdiem", State.OK, f"{__version__}, in {where}", record={"version": __version__})
    python = platform.python_version()
    said = f"{python} on {platform.system()}, {sys.executable}; SQLite {sqlite3.sqlite_version}"
    yield Fact("program", "Python", State.OK, said, record={"version": python, "sqlite": sqlite3.sqlite_version})
    yield _libraries(NEEDED)
    yield from map(_libraries, EXTRAS)


def _libraries(extra: Extra) -> Fact:
    there = {module: _version_of(module) for module in extra.modules if module not in extra.missing}
    record = {"libraries": there, "missing": list(extra.missing)}
    part, name = ("extras", extra.name) if extra.name else ("program", "libraries")
    if extra.missing:
        state = State.NOTE if extra.name else State.BROKEN
        said = f"for {extra.use}: {' and '.join(extra.missing)} not installed"
        return Fact(part, name, state, said, f"run: {how_to_install(extra.name)}", record)
    return Fact(part, name, State.OK, ", ".join(f"{module} {number}" for module, number in there.items()), "", record)


def _version_of(module: str) -> str:
    try:
        return version(module)
    except PackageNotFoundError:
        return "(no version)"


# ---- which rates


def _ratebook(on: date) -> Iterator[Fact]:
    book = Ratebook.open()
    damage = book.damage()
    if damage:
        yield Fact("rates", "ratebook", State.BROKEN, f"the embedded rates are damaged ({damage})", _AGAIN)
        return
    own = {year: user_folder() / "rates" / str(year) for year in book.years}
    for year in book.status():
        yield _year(year, own[year.fiscal_year])
    yield _today(on, book)


def _year(year: YearStatus, own: Path) -> Fact:
    source = next(one for one in year.sources if one.file.endswith("lodging.csv"))
    where = str(own) if own.is_dir() else str(Path(data_folder()) / "rates" / str(year.fiscal_year))
    said = f"retrieved {source.retrieved_at}, sha256 {source.sha256[:12]}..., {year.localities} localities"
    if own.is_dir():
        said += f"; your own, in {own}"
    record = {"folder": where, "own": own.is_dir(), "retrieved_at": source.retrieved_at, "sha256": source.sha256}
    return Fact("rates", f"FY{year.fiscal_year}", State.OK, said, "", record)


def _today(on: date, book: Ratebook) -> Fact:
    year = fiscal_year(on)
    record = {"on": str(on), "fiscal_year": year, "known": year in book.years}
    if year in book.years:
        return Fact("rates", "today", State.OK, f"{on} is in fiscal year {year}, which is known", "", record)
    fix = f"set {KEY_VARIABLE} and run: perdiem ratebook refresh --fiscal-year {year}; or update the program"
    return Fact("rates", "today", State.BROKEN, f"{on} is in fiscal year {year}, which is not known", fix, record)


def _oconus() -> Iterator[Fact]:
    from perdiem_calc.rates.dtmo.store import read_imports

    imports = read_imports(user_folder())
    for one in imports:
        said = f"list of {one.month:%Y-%m} ({one.name}), imported {one.imported_on}, sha256 {one.sha256[:12]}..."
        record = {"file": one.name, "sha256": one.sha256, "month": f"{one.month:%Y-%m}"}
        yield Fact("rates", "OCONUS", State.OK, said, "", record)
    if not imports:
        said = "no rates of Alaska, Hawaii and the territories are imported"
        yield Fact("rates", "OCONUS", State.NOTE, said, "to have them: perdiem ratebook import-dtmo FILE")


# ---- GSA's service


def _cache() -> Iterator[Fact]:
    found = AnswerCache(default_path()).status()
    writable = _is_writable(found.path)
    record = {"path": str(found.path), "bytes": found.size, "answers": found.answers, "writable": writable}
    said = f"{found.answers} answers kept ({found.size:,} bytes) in {found.path}"
    if not found.readable:
        said = f"{found.path} cannot be read as a cache"
        yield Fact("service", "cache", State.BROKEN, said, "run: perdiem cache clear", record)
    elif not writable:
        said += ", which may not be written: what the service answers is asked for again each time"
        yield Fact("service", "cache", State.NOTE, said, "give yourself the right to write there", record)
    else:
        yield Fact("service", "cache", State.OK, said, "", record)


def _is_writable(path: Path) -> bool:
    """Whether a file may be written, or made where it is not there yet."""
    if path.exists() and not os.access(path, os.W_OK):
        return False
    folder = next(one for one in path.parents if one.exists())
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _key() -> Iterator[Fact]:
    """Whether the service can be asked; the key itself is never shown. Raises InputError for an invalid key."""
    is_set = bool(os.environ.get(KEY_VARIABLE, "").strip())
    record = {"set": is_set, "other_address": bool(os.environ.get(URL_VARIABLE))}
    if is_set:
        Secret(os.environ[KEY_VARIABLE].strip())
        checked_url(os.environ.get(URL_VARIABLE) or BASE_URL)
        asked = f"the address in {URL_VARIABLE}" if record["other_address"] else "GSA's service"
        yield Fact("service", "API key", State.OK, f"{KEY_VARIABLE} is set: rates come from {asked}", "", record)
        return
    said = f"{KEY_VARIABLE} is not set: rates come from the ratebook, and nothing is sent"
    yield Fact("service", "API key", State.NOTE, said, f"for live rates get a free key at {SIGN_UP}", record)


# ---- the ledger


def _ledger(place: str) -> Iterator[Fact]:
    if "://" not in place and not os.path.exists(os.path.expanduser(place)):
        fix = "begin one where it is first needed, with --create; or name yours with --ledger or PERDIEM_LEDGER"
        yield Fact("ledger", "ledger", State.NOTE, f"there is none at {place}", fix, {"address": place})
        return
    if extra("ledger").missing:
        fix = f"run: {how_to_install('ledger')}"
        yield Fact("ledger", "ledger", State.BROKEN, "is there, and the library to open it is not", fix)
        return
    from perdiem_calc.ledger.looking import look

    seen = look(place)
    said = f"{seen.shown}, version {seen.version}: {seen.content}"
    record = {"address": seen.shown, "version": seen.version, "writable": seen.writable}
    record |= seen.counts
    state, fix = State.OK, ""
    if seen.writable is False:
        state, fix = State.NOTE, "it may not be written; to record claims, ask who keeps it for the right"
    yield Fact("ledger", "ledger", state, said, fix, record)


# ---- the browser application


def _browser() -> Iterator[Fact]:
    """Where `perdiem serve` keeps the claims in preparation, and whether they are the owner's alone."""
    folder = user_folder() / "web"
    file = folder / "web.sqlite"
    record: dict[str, Any] = {"path": str(folder)}
    if not file.is_file():
        yield Fact("browser", "claims", State.OK, f"none yet; `perdiem serve` keeps them in {folder}", "", record)
        return
    book = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    try:
        (count,) = book.execute("SELECT count(*) FROM web_preparation WHERE deleted_at IS NULL").fetchone()
    finally:
        book.close()
    said, record = f"{count} in preparation, in {folder}", record | {"claims": count}
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        yield Fact(
            "browser", "claims", State.NOTE, f"{said}, which others may read", f"run: chmod 700 {folder}", record
        )
        return
    yield Fact("browser", "claims", State.OK, said, "", record)


# ---- the law


def _law(on: date) -> Iterator[Fact]:
    law = load_law()
    limit = in_dollars(law.number("chp-cap", "limit", on))
    cited = [law.citation(rule, on) for rule in law.rules]
    yield Fact("law", "rules", State.OK, f"{len(cited)} rules, each with its citation in force on {on}")
    yield Fact("law", "limit", State.OK, f"{limit} for each officer", "", {"value": limit})
    yield _mileage(on)
    for name, dated in law.rules["chp-settings"].values.items():
        record = {"setting": name, "value": str(dated.on(on))}
        said = f"{name}: {record['value']} (the fact sheet leaves it open)"
        yield Fact("law", "setting", State.OK, said, "", record)


def _mileage(on: date) -> Fact:
    rate = load_law().rules["pov-mileage"].values["car_no_gov_vehicle"]
    try:
        entry = rate.entry(on)
    except RateUnavailable as error:
        fix = f"{error.fix}; until then no claim with miles of that day can be computed"
        return Fact("law", "mileage", State.NOTE, f"no mileage rate is in force on {on}", fix, {"value": None})
    until = f" until {entry.effective_to}" if entry.effective_to else ""
    return Fact("law", "mileage", State.OK, f"${entry.value} a mile{until}", "", {"value": str(entry.value)})

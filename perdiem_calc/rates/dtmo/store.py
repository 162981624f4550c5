"""Imported OCONUS rates as text in the user's data folder: one folder an edition, with its provenance.

oconus/2026-01_5cb494900e05/seasons.csv       what an edition states of Alaska, Hawaii and the territories
oconus/2026-01_5cb494900e05/provenance.toml   its file's name and SHA-256, its month, and the day it was imported
oconus/meals.csv                              the published breakdown of OCONUS M&IE by meal, if imported
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from perdiem_calc.errors import InputError
from perdiem_calc.files import content_of, decoded, exact_rows, unwritable
from perdiem_calc.rates.dtmo.files import (
    MEALS_HEADER,
    MonthDay,
    RateFile,
    Season,
    kind_of,
    month_of,
    read_file,
    written,
)
from perdiem_calc.text import harmless

FOLDER, SEASONS, PROVENANCE, MEALS = "oconus", "seasons.csv", "provenance.toml", "meals.csv"
HEADER = ("state", "locality", "begins", "ends", "lodging", "meals", "incidental", "effective_from", "footnote")
MEALS_TO = 265
LARGEST_SEASONS = 40 << 20
_WHOLE = re.compile(r"[0-9]{1,5}")
Meals = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Imported:
    """One imported edition: its file's name and SHA-256, its month, when it was imported, the seasons it states.

    `number` is greater for what was imported later: of two files of one month the later counts.
    """

    name: str
    sha256: str
    month: date
    imported_on: date
    number: int
    seasons: tuple[Season, ...]


def import_file(path: Path, user_folder: Path, today: date) -> list[tuple[Imported, RateFile, Path]]:
    """Read a DTMO file and store its editions, each in its folder; importing the same file again changes nothing.

    Raises InputError as `read_file` does, OutputError where the folder cannot be written.
    """
    stored = []
    number = max((one.number for one in read_imports(user_folder)), default=0)
    for found in read_file(path):
        number += 1
        imported = Imported(harmless(found.name), found.sha256, found.month, today, number, found.seasons)
        folder = user_folder / FOLDER / f"{found.month:%Y-%m}_{found.sha256[:12]}"
        if not folder.exists():
            _put(folder, partial(_write, imported=imported))
        stored.append((imported, found, folder))
    return stored


def import_meals(path: Path, user_folder: Path) -> tuple[dict[int, Meals], Path]:
    """Store a breakdown of OCONUS M&IE by meal; returns it, and where. Raises as `import_file` does."""
    table = _read_meals(path)
    target = user_folder / FOLDER / MEALS
    rows = [(total, *meals) for total, meals in sorted(table.items())]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_name(f".{MEALS}")
        _write_csv(scratch, MEALS_HEADER, rows)
        scratch.replace(target)
    except OSError as error:
        raise unwritable(target, error) from None
    return table, target


def read_imports(user_folder: Path) -> tuple[Imported, ...]:
    """Every imported edition, the latest first. Raises InputError for stored text that does not read back."""
    folder = user_folder / FOLDER
    if not folder.is_dir():
        return ()
    found = [_read(path) for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return tuple(sorted(found, key=lambda one: (one.month, one.number), reverse=True))


def read_meals(user_folder: Path) -> dict[int, Meals]:
    """The imported breakdown by M&IE total; empty where none was imported."""
    path = user_folder / FOLDER / MEALS
    return _read_meals(path) if path.exists() else {}


def _write(folder: Path, imported: Imported) -> None:
    rows = [
        (s.state, s.locality, written(s.begins), written(s.ends), *s.amounts, s.effective_from, s.footnote)
        for s in imported.seasons
    ]
    _write_csv(folder / SEASONS, HEADER, rows)
    name = imported.name.replace("\\", "/").replace('"', "'")
    stated = (
        f'file = "{name}"\nsha256 = "{imported.sha256}"\nmonth = {imported.month}\n'
        f"imported_on = {imported.imported_on}\nnumber = {imported.number}\n"
    )
    (folder / PROVENANCE).write_text(stated, encoding="utf-8", newline="\n")


def _read(folder: Path) -> Imported:
    try:
        stated = tomllib.loads(decoded(content_of(folder / PROVENANCE)))
        rows = exact_rows(decoded(content_of(folder / SEASONS, LARGEST_SEASONS)), HEADER)
        seasons = tuple(_season(cells) for _, cells in rows)
        name, sha256, imported_on = str(stated["file"]), str(stated["sha256"]), stated["imported_on"]
        # What earlier versions stored has no month and no number.
        newest = max(season.effective_from for season in seasons).replace(day=1)
        month, number = stated.get("month") or month_of(name) or newest, stated.get("number", 0)
        if type(imported_on) is not date or type(month) is not date or type(number) is not int:
            raise ValueError("a day or a number is none")
        imported = Imported(name, sha256, month, imported_on, number, seasons)
    except (InputError, ValueError, KeyError, RecursionError) as error:
        raise InputError(
            "dtmo.store.damaged",
            f"stored OCONUS rates do not read back ({type(error).__name__})",
            where=str(folder),
            fix="remove the folder and import the file again",
        ) from None
    return imported


def _season(cells: Sequence[str]) -> Season:
    state, locality, begins, ends, lodging, meals, incidental, effective, footnote = cells
    if not all(_WHOLE.fullmatch(cell) for cell in (lodging, meals, incidental)):
        raise ValueError("an amount is not whole dollars")
    amounts = (int(lodging), int(meals), int(incidental))
    if min(amounts) <= 0:
        raise ValueError("an amount is not above zero")
    days = (_month_day(begins), _month_day(ends))
    return Season(state, locality, *days, *amounts, date.fromisoformat(effective), footnote)


def _month_day(text: str) -> MonthDay:
    month, day = text.split("/")
    return int(month), int(day)


def _read_meals(path: Path) -> dict[int, Meals]:
    """A breakdown: every total once, and its meals and incidental amount add up to it."""
    table: dict[int, Meals] = {}
    try:
        content = content_of(path)
        if kind := kind_of(content):
            fix = f"save it as CSV, with the columns {','.join(MEALS_HEADER)}"
            raise InputError("dtmo.meals.kind", f"is {kind}, not a table in CSV", fix=fix)
        for line, cells in exact_rows(decoded(content), MEALS_HEADER):
            if not all(_WHOLE.fullmatch(cell) for cell in cells):
                raise _wrong(line, "an amount is not whole dollars")
            total, breakfast, lunch, dinner, incidental = (int(cell) for cell in cells)
            if breakfast + lunch + dinner + incidental != total or total > MEALS_TO or total in table:
                raise _wrong(line, f"{total} appears twice, above {MEALS_TO}, or not the sum of its parts")
            table[total] = (breakfast, lunch, dinner, incidental)
        if not table:
            raise InputError("table.rows.missing", "no rows", fix=f"write the columns {','.join(MEALS_HEADER)}")
    except InputError as error:
        raise error.in_file(path) from None
    return table


def _wrong(line: int, what: str) -> InputError:
    return InputError("dtmo.meals.invalid", what, where=f"line {line}", fix="correct it by the published table")


def _write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def _put(folder: Path, write: Callable[[Path], None]) -> None:
    """Write a folder under another name, and rename it when it is complete."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".import.", dir=folder.parent))
    except OSError as error:
        raise unwritable(folder, error) from None
    try:
        (scratch / folder.name).mkdir()
        write(scratch / folder.name)
        (scratch / folder.name).rename(folder)
    except OSError as error:
        raise unwritable(folder, error) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)

"""The roster: which officers are funded under which award, read from a CSV file.

Columns `award` and `officer`; `agency` and `paid_before` (dollars paid before the ledger was begun) may follow.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from perdiem_calc.errors import InputError, InputErrors, PerdiemError
from perdiem_calc.fields import Name, OfficerName, Text
from perdiem_calc.identity import SroKey
from perdiem_calc.known import Listed
from perdiem_calc.limits import LARGEST_FILE
from perdiem_calc.money import dollars
from perdiem_calc.plain_text import harmless
from perdiem_calc.separators import separator_of, stated_separator

REQUIRED = ("award", "officer")
OPTIONAL = ("agency", "paid_before")
_AS_AWARDED = "write it as on the award documents"

_TEXT: TypeAdapter[str] = TypeAdapter(Text)
_OFFICER: TypeAdapter[str] = TypeAdapter(OfficerName)
_AGENCY: TypeAdapter[str] = TypeAdapter(Name)


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One officer of the roster. `paid_before` in dollars; None where nothing is said."""

    award_number: str
    officer: str
    agency: str
    paid_before: Decimal | None
    line: int

    @property
    def key(self) -> SroKey:
        """What tells the officer from others."""
        return SroKey.of(self.award_number, self.officer)


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as a file has it. `passed_over` are columns that say nothing to this program."""

    name: str
    content_sha256: str
    entries: tuple[RosterEntry, ...]
    passed_over: tuple[str, ...] = ()

    def listed(self) -> dict[SroKey, Listed]:
        """Its officers by key, as people read them, and their agencies; known.with_roster takes these."""
        return {one.key: Listed(f"{one.officer}, award {one.award_number}", one.agency) for one in self.entries}


def read_roster(path: Path) -> Roster:
    """The roster in a file. Raises InputErrors with the line of each refusal."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b""
        if not data:
            raise InputError("is empty, or larger than 10 MB", mend="check that it is the roster")
        text = data.decode("utf-8-sig")
        columns, rows = _table(text)
        entries = _entries(rows)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", mend="check the name").in_file(path) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", mend="save it as CSV UTF-8").in_file(path) from None
    except PerdiemError as error:
        raise error.in_file(path) from None
    passed_over = tuple(name for name in columns if name not in REQUIRED + OPTIONAL)
    return Roster(harmless(path.name), hashlib.sha256(data).hexdigest(), entries, passed_over)


def _table(text: str) -> tuple[list[str], Iterator[tuple[int, Mapping[str, str]]]]:
    reader = _numbered(text)
    try:
        columns = [name.strip().casefold().replace(" ", "_") for name in next(reader)[1]]
    except csv.Error as error:
        raise InputError(f"is no CSV table ({error})", mend="save it as CSV UTF-8") from None
    missing = [name for name in REQUIRED if name not in columns]
    if missing or len(set(columns)) < len(columns):
        what = f"has no column {missing[0]!r}" if missing else "has a column twice"
        raise InputError(what, where="line 1", mend=f"name the columns {', '.join(REQUIRED + OPTIONAL)}")
    return columns, _rows(reader, columns)


def _numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text, each with the number of its last line."""
    first = text.partition("\n")[0]
    stated = stated_separator(first)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=stated or separator_of(first))
    if stated:
        next(reader)
    for row in reader:
        yield reader.line_num, row


def _rows(reader: Iterator[tuple[int, list[str]]], columns: list[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        for number, row in reader:
            if any(cell.strip() for cell in row):
                if len(row) > len(columns):
                    raise InputError("has more cells than columns", where=f"line {number}", mend="check the commas")
                yield number, dict(zip(columns, [*row, *[""] * (len(columns) - len(row))], strict=True))
    except csv.Error as error:
        raise InputError(f"is no CSV table ({error})", mend="save it as CSV UTF-8") from None


def _entries(rows: Iterator[tuple[int, Mapping[str, str]]]) -> tuple[RosterEntry, ...]:
    entries: dict[SroKey, RosterEntry] = {}
    refused: list[InputError] = []
    for number, row in rows:
        try:
            entry = _entry(number, row)
        except InputError as error:
            refused.append(error)
            continue
        first = entries.setdefault(entry.key, entry)
        if first is not entry:
            refused.append(
                InputError(
                    f"{entry.officer} is on line {first.line} too", where=f"line {number}", mend="leave one out"
                )
            )
    if refused:
        raise InputErrors(refused)
    if not entries:
        raise InputError("lists nobody", mend="add a line for each officer")
    return tuple(entries.values())


def _entry(number: int, row: Mapping[str, str]) -> RosterEntry:
    texts = {}
    for name, kind in (("award", _TEXT), ("officer", _OFFICER), ("agency", _AGENCY)):
        value = row.get(name, "").strip()
        if not value and name in REQUIRED:
            raise InputError("is empty", where=f"line {number}: {name}", mend=_AS_AWARDED)
        try:
            texts[name] = kind.validate_python(value) if value else ""
        except ValidationError as error:
            what = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise InputError(what, where=f"line {number}: {name}") from None
    paid = row.get("paid_before", "").strip()
    try:
        entry = RosterEntry(
            texts["award"], texts["officer"], texts["agency"], dollars(paid) if paid else None, number
        )
    except InputError as error:
        error.at(f"line {number}: paid_before")
        raise
    if not entry.key.award or not entry.key.name:
        raise InputError("award or officer has no letter or digit", where=f"line {number}", mend=_AS_AWARDED)
    return entry

"""The roster: which officers are funded under which award, read from a CSV file.

Columns `award` and `officer`; `agency` and `paid_before` (dollars paid before the ledger was begun) may follow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice

from pydantic import TypeAdapter, ValidationError

from perdiem_calc.claims.fields import Name, OfficerName, Text
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.files import CsvTable, decoded
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.records import Listed
from perdiem_calc.money import ZERO, dollars, in_dollars
from perdiem_calc.text import counted, harmless

REQUIRED = ("award", "officer")
OPTIONAL = ("agency", "paid_before")
MOST_OFFICERS = 5_000
"""So many are read, compared and imported within seconds; a year's claims are some hundred."""
_AS_AWARDED = "write it as on the award documents"

_TEXT: TypeAdapter[str] = TypeAdapter(Text)
_OFFICER: TypeAdapter[str] = TypeAdapter(OfficerName)
_AGENCY: TypeAdapter[str] = TypeAdapter(Name)


@dataclass(frozen=True)
class RosterEntry:
    """One officer of the roster. `paid_before` in dollars; None if the roster states nothing."""

    award_number: str
    officer: str
    agency: str
    paid_before: Decimal | None
    line: int

    @cached_property
    def key(self) -> OfficerKey:
        """The officer's key."""
        return OfficerKey.of(self.award_number, self.officer)


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as a file has it. `passed_over` are columns that say nothing to this program."""

    name: str
    content_sha256: str
    entries: tuple[RosterEntry, ...]
    passed_over: tuple[str, ...] = ()

    @property
    def paid_before(self) -> Decimal:
        """The sum of what it states as paid before, dollars."""
        return sum((entry.paid_before for entry in self.entries if entry.paid_before is not None), ZERO)

    @property
    def summary(self) -> str:
        """What was read, for a person to compare with the file."""
        rows = counted(len(self.entries), "row")
        officers = counted(len({entry.key for entry in self.entries}), "officer")
        return f"{rows}, {officers}, {in_dollars(self.paid_before)} paid before"

    def listed(self) -> dict[OfficerKey, Listed]:
        """Its officers by key, as people read them, and their agencies; known.with_roster takes these."""
        return {one.key: Listed(f"{one.officer}, award {one.award_number}", one.agency) for one in self.entries}


def parse_roster(content: bytes, name: str) -> Roster:
    """The roster in the content of a CSV file of that name. Raises InputErrors with the line of each refusal."""
    columns, rows = _table(decoded(content))
    entries = _entries(rows)
    passed_over = tuple(column for column in columns if column and column not in REQUIRED + OPTIONAL)
    return Roster(harmless(name), hashlib.sha256(content).hexdigest(), entries, passed_over)


def _table(text: str) -> tuple[list[str], Iterator[tuple[int, Mapping[str, str]]]]:
    table = CsvTable.of_text(text)
    columns = table.plain_names
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise InputError(
            "roster.column.missing",
            f"has no column {missing[0]!r}",
            where=f"line {table.header_line}",
            fix=f"name the columns {', '.join(REQUIRED + OPTIONAL)}",
        )
    return columns, ((line, dict(zip(columns, cells, strict=True))) for line, cells in table.rows())


def _entries(rows: Iterator[tuple[int, Mapping[str, str]]]) -> tuple[RosterEntry, ...]:
    entries: dict[OfficerKey, RosterEntry] = {}
    refused: list[InputError] = []
    for number, row in islice(rows, MOST_OFFICERS):
        try:
            entry = _entry(number, row)
        except InputError as error:
            refused.append(error)
            continue
        first = entries.setdefault(entry.key, entry)
        if first is not entry:
            refused.append(
                InputError(
                    "roster.officer.repeated",
                    f"{entry.officer} is on line {first.line} too",
                    where=f"line {number}",
                    fix="leave one out",
                )
            )
    for number, _ in islice(rows, 1):
        refused.append(
            InputError(
                "roster.too-long",
                f"is the first line beyond {MOST_OFFICERS:,} officers",
                where=f"line {number}",
                fix="list the officers who are funded now",
            )
        )
    if refused:
        raise InputErrors(refused)
    if not entries:
        raise InputError("roster.empty", "lists no officer", fix="add a line for each officer")
    return tuple(entries.values())


def _entry(number: int, row: Mapping[str, str]) -> RosterEntry:
    texts = {}
    for name, kind in (("award", _TEXT), ("officer", _OFFICER), ("agency", _AGENCY)):
        value = row.get(name, "").strip()
        if not value and name in REQUIRED:
            raise InputError("roster.cell.empty", "is empty", where=f"line {number}: {name}", fix=_AS_AWARDED)
        try:
            texts[name] = kind.validate_python(value) if value else ""
        except ValidationError as error:
            what = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise InputError("roster.cell.invalid", what, where=f"line {number}: {name}") from None
    paid = row.get("paid_before", "").strip()
    try:
        entry = RosterEntry(
            texts["award"], texts["officer"], texts["agency"], dollars(paid) if paid else None, number
        )
    except InputError as error:
        error.at(f"line {number}: paid_before")
        raise
    if not entry.key.award or not entry.key.name:
        raise InputError(
            "roster.name.unreadable",
            "award or officer has no letter or digit",
            where=f"line {number}",
            fix=_AS_AWARDED,
        )
    return entry

"""Attendance lists: who completed which class, when, and in how many hours, as the host recorded it.

A list is a CSV file with the columns `class_id`, `officer`, `agency`, `completed_on` and `hours`; it may hold several
classes. With one, nobody need trust a certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from perdiem_calc.claims.fields import Name, OfficerName, Text
from perdiem_calc.claims.model import Claim, claim_key
from perdiem_calc.claims.names import name_key
from perdiem_calc.errors import InputError, InputErrors
from perdiem_calc.files import CsvTable, day_in, decoded
from perdiem_calc.history.identity import OfficerKey, likeness
from perdiem_calc.history.payees import PaidTo, is_of_agency, words_of_home
from perdiem_calc.history.people import agency_name_key
from perdiem_calc.history.records import Attendance, Attendee, History
from perdiem_calc.text import counted, harmless

COLUMNS = ("class_id", "officer", "agency", "completed_on", "hours")
MOST_HOURS = 400
"""As many as a claim can state."""
_KINDS: Mapping[str, TypeAdapter[str]] = {
    "class_id": TypeAdapter(Text),
    "officer": TypeAdapter(OfficerName),
    "agency": TypeAdapter(Name),
}
_AS_HOSTED = "write it as on the host's list"


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """The attendance lists that a file has. `passed_over` are columns that say nothing to this program."""

    name: str
    content_sha256: str
    entries: tuple[Attendee, ...]
    passed_over: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """What was read, for a person to compare with the file."""
        classes = counted(len({claim_key(one.class_id) for one in self.entries}), "class", "classes")
        return f"{counted(len(self.entries), 'officer')} who attended {classes}"


def parse_attendance(content: bytes, name: str) -> AttendanceList:
    """The lists in the content of a CSV file of that name. Raises InputErrors with the line of each refusal."""
    table = CsvTable.of_text(decoded(content))
    missing = [column for column in COLUMNS if column not in table.plain_names]
    if missing:
        raise InputError(
            "attendance.column.missing",
            f"has no column {missing[0]!r}",
            where=f"line {table.header_line}",
            fix=f"name the columns {', '.join(COLUMNS)}",
        )
    rows = ((line, dict(zip(table.plain_names, cells, strict=True))) for line, cells in table.rows())
    passed_over = tuple(column for column in table.plain_names if column and column not in COLUMNS)
    return AttendanceList(harmless(name), hashlib.sha256(content).hexdigest(), _entries(rows), passed_over)


def _entries(rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[Attendee, ...]:
    entries: dict[tuple[str, str, str], Attendee] = {}
    lines: dict[tuple[str, str, str], int] = {}
    refused: list[InputError] = []
    for line, row in rows:
        try:
            entry = _entry(line, row)
        except InputError as error:
            refused.append(error)
            continue
        key = claim_key(entry.class_id), name_key(entry.officer), agency_name_key(entry.agency)
        if key in entries:
            what = f"{entry.officer} is on line {lines[key]} too"
            refused.append(InputError("attendance.officer.repeated", what, where=f"line {line}", fix="leave one out"))
        entries.setdefault(key, entry)
        lines.setdefault(key, line)
    if refused:
        raise InputErrors(refused)
    if not entries:
        raise InputError("attendance.empty", "lists no officer", fix="add a line for each officer")
    return tuple(entries.values())


def _entry(line: int, row: Mapping[str, str]) -> Attendee:
    texts = {column: row[column].strip() for column in COLUMNS}
    for column, text in texts.items():
        if not text:
            where = f"line {line}: {column}"
            raise InputError("attendance.cell.empty", "is empty", where=where, fix=_AS_HOSTED)
    for column, kind in _KINDS.items():
        try:
            texts[column] = kind.validate_python(texts[column])
        except ValidationError as error:
            what = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise InputError("attendance.cell.invalid", what, where=f"line {line}: {column}") from None
    if not (claim_key(texts["class_id"]) and name_key(texts["officer"]) and agency_name_key(texts["agency"])):
        raise InputError(
            "attendance.name.unreadable",
            "class, officer or agency has no letter or digit",
            where=f"line {line}",
            fix=_AS_HOSTED,
        )
    completed_on, hours = day_in(texts["completed_on"]), texts["hours"]
    if completed_on is None:
        raise InputError(
            "attendance.day.invalid",
            f"{texts['completed_on']!r} is not a date",
            where=f"line {line}: completed_on",
            fix="write year-month-day, like 2026-10-09",
        )
    if not (hours.isascii() and hours.isdecimal()) or not 1 <= int(hours) <= MOST_HOURS:
        raise InputError(
            "attendance.hours.invalid",
            f"{hours!r} is no number of course hours",
            where=f"line {line}: hours",
            fix="write a whole number, like 40",
        )
    return Attendee(texts["class_id"], texts["officer"], texts["agency"], completed_on, int(hours))


def with_attendance(known: History, claim: Claim, entries: Iterable[Attendee]) -> History:
    """What is known, with attendance lists."""
    return replace(known, attendance=attendance_of(claim, known.spellings, entries))


def attendance_of(claim: Claim, spellings: Iterable[OfficerKey], entries: Iterable[Attendee]) -> Attendance:
    """What attendance lists have about the officer of a claim, and about its class.

    The officer is listed under their name, or any confirmed spelling of it, with their agency, its city or county.
    Who comes near in the class of the claim is named for a person to decide; without a class, in one that was
    completed on the day that the claim states.
    """
    names = {name_key(claim.officer.name), *(one.name for one in spellings)}
    course, home, agency = claim.course, words_of_home(claim), [PaidTo.of(claim)]
    class_key = claim_key(course.class_id or "")
    found: list[Attendee] = []
    near: list[Attendee] = []
    has_class = False
    for entry in entries:
        is_in_class = (
            claim_key(entry.class_id) == class_key if class_key else entry.completed_on == course.completed_on
        )
        has_class = has_class or is_in_class
        name = name_key(entry.officer)
        is_named, is_of = name in names, is_of_agency(entry.agency, agency, home)
        if is_named and is_of:
            found.append(entry)
        elif is_in_class and (is_named or (is_of and _is_like(name, names))):
            near.append(entry)
    return Attendance(has_class, tuple(_in_order(found)), tuple(_in_order(near)))


def _is_like(name: str, names: Iterable[str]) -> bool:
    return any(likeness(OfficerKey("", name), OfficerKey("", one)) for one in names)


def _in_order(entries: Iterable[Attendee]) -> Iterator[Attendee]:
    yield from sorted(entries, key=lambda one: (one.completed_on, one.class_id, one.officer, one.agency))

"""The attendance lists in force: of each class the one imported last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.claims.model import Claim, claim_key
from perdiem_calc.claims.names import name_key
from perdiem_calc.history.attendance import AttendanceList, attendance_of
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.people import agency_name_key
from perdiem_calc.history.records import Attendance, Attendee
from perdiem_calc.ledger.identities import inserted
from perdiem_calc.ledger.schema import attendance, attendee
from perdiem_calc.ledger.store import Stamp

_IN_FORCE = (
    sa.select(attendee.c.class_key, sa.func.max(attendee.c.attendance_id).label("last"))
    .group_by(attendee.c.class_key)
    .subquery()
)
_LISTED = sa.select(attendee).join(
    _IN_FORCE,
    sa.and_(attendee.c.class_key == _IN_FORCE.c.class_key, attendee.c.attendance_id == _IN_FORCE.c.last),
)


@dataclass(frozen=True, slots=True)
class AttendanceImport:
    """What an import did. `added` and `removed` compare it with the lists of the same classes before.

    `imported` is False where its lists were in force already; then nothing was written.
    """

    imported: bool
    officers: int
    classes: int
    added: int
    removed: int


def import_attendance(connection: Connection, stated: AttendanceList, stamp: Stamp) -> AttendanceImport:
    """Put the lists of a file in force, within the connection's transaction; those of other classes stay."""
    classes = {claim_key(one.class_id) for one in stated.entries}
    held = _LISTED.where(attendee.c.class_key.in_(classes))
    before = {as_listed(row) for row in connection.execute(held).mappings()}
    now = set(stated.entries)
    done = AttendanceImport(now != before, len(now), len(classes), len(now - before), len(before - now))
    if not done.imported:
        return done
    entry = {"content_sha256": stated.content_sha256, "name": stated.name, **stamp.columns}
    number = inserted(connection, attendance, entry)
    rows = [{"attendance_id": number, **columns_of(one), **stamp.columns} for one in stated.entries]
    connection.execute(attendee.insert(), rows)
    return done


def columns_of(entry: Attendee) -> dict[str, str | int]:
    """What is kept of an entry, with the keys by which it is found."""
    return {
        "class_id": entry.class_id,
        "class_key": claim_key(entry.class_id),
        "officer": entry.officer,
        "name_key": name_key(entry.officer),
        "agency": entry.agency,
        "agency_key": agency_name_key(entry.agency),
        "completed_on": entry.completed_on.isoformat(),
        "hours": entry.hours,
    }


def attendance_known(connection: Connection, stated: Claim, spellings: tuple[OfficerKey, ...]) -> Attendance | None:
    """What the lists in force have about a claim; None where none was imported."""
    if connection.execute(sa.select(attendance.c.id).limit(1)).first() is None:
        return None
    course, names = stated.course, {name_key(stated.officer.name), *(one.name for one in spellings)}
    wanted = [attendee.c.name_key.in_(names), attendee.c.class_key == claim_key(course.class_id or "")]
    if not course.class_id and course.completed_on is not None:
        wanted.append(attendee.c.completed_on == course.completed_on.isoformat())
    rows = connection.execute(_LISTED.where(sa.or_(*wanted)))
    return attendance_of(stated, spellings, [as_listed(row) for row in rows.mappings()])


def as_listed(row: Mapping[Any, Any]) -> Attendee:
    """An entry as it was imported."""
    on = date.fromisoformat(row["completed_on"])
    return Attendee(row["class_id"], row["officer"], row["agency"], on, row["hours"])

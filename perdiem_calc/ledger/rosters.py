"""The roster in force: the one imported last. What it says was paid before the ledger was begun counts as paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.people import People, Person, agency_name_key
from perdiem_calc.history.roster import Roster, RosterEntry
from perdiem_calc.ledger import identities
from perdiem_calc.ledger.identities import NEW, Officer, identified, inserted
from perdiem_calc.ledger.limits import keep_limits
from perdiem_calc.ledger.paying import Movement, enter_movement
from perdiem_calc.ledger.reading import limit_on, opening_of, paid_for
from perdiem_calc.ledger.schema import roster, roster_entry
from perdiem_calc.ledger.store import Stamp
from perdiem_calc.money import ZERO, in_dollars


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What an import did. `added` and `removed` compare it with the roster in force before.

    `imported` is False where the same roster was in force already; then nothing was written. `openings` counts the
    amounts paid before the ledger was begun that were entered or corrected. `near` names the officers on it who may
    be one with another on it, or with one on record, in words.
    """

    imported: bool
    officers: int
    added: int
    removed: int
    openings: int
    near: tuple[str, ...] = ()


def import_roster(connection: Connection, law: Law, stated: Roster, stamp: Stamp) -> RosterImport:
    """Put a roster in force, within the connection's transaction.

    Raises LedgerError where an officer with an amount paid before may be one on record under another spelling, and
    where that amount does not fit the limit.
    """
    keep_limits(connection, law, stamp)
    current = connection.execute(
        sa.select(roster.c.id, roster.c.content_sha256).order_by(roster.c.id.desc()).limit(1)
    ).first()
    before = _keys_of(connection, current.id) if current else set()
    now = {entry.key for entry in stated.entries}
    if current is not None and current.content_sha256 == stated.content_sha256:
        return RosterImport(False, len(now), 0, 0, 0, _near(connection, stated))
    entry = {"content_sha256": stated.content_sha256, "name": stated.name, **stamp.columns}
    number = inserted(connection, roster, entry)
    rows = [
        {
            "roster_id": number,
            "award_number": one.award_number,
            "award_key": one.key.award,
            "officer": one.officer,
            "name_key": one.key.name,
            "agency": one.agency,
            **stamp.columns,
        }
        for one in stated.entries
    ]
    connection.execute(roster_entry.insert(), rows)
    near = _near(connection, stated)
    openings = sum(_opened(connection, one, now, stamp) for one in stated.entries if one.paid_before is not None)
    return RosterImport(True, len(now), len(now - before), len(before - now), openings, near)


def _keys_of(connection: Connection, number: int) -> set[OfficerKey]:
    query = sa.select(roster_entry.c.award_key, roster_entry.c.name_key).where(roster_entry.c.roster_id == number)
    return {OfficerKey(*row) for row in connection.execute(query)}


def _near(connection: Connection, stated: Roster) -> tuple[str, ...]:
    """The officers of a roster who may be one with another on it, or with one on record; each with whom, and why."""
    people, found = People[RosterEntry](), []
    for entry in stated.entries:
        person = _person(entry)
        said = f"line {entry.line}: {entry.officer}, award {entry.award_number}"
        for other, why in people.near(person):
            found.append(
                f"{said}, may be {other.officer} of line {other.line}, award {other.award_number} ({why.same})"
            )
        officer = Officer(entry.award_number, entry.officer)
        if identities.find(connection, officer.key) is None:
            found += [f"{said}, may be SRO {match}" for match in identities.near(connection, officer)]
        people.enter(person, entry)
    return tuple(found)


def _person(entry: RosterEntry) -> Person:
    """An officer of a roster; without an agency nobody knows whether another award is the same agency's."""
    agencies = {f"award {entry.key.award}", f"agency {agency_name_key(entry.agency)}"} if entry.agency else ()
    return Person(entry.award_number, entry.officer, frozenset(agencies))


def _opened(connection: Connection, entry: RosterEntry, listed: set[OfficerKey], stamp: Stamp) -> bool:
    """Whether the amount paid before had to be entered, or corrected."""
    where = f"line {entry.line}: {entry.officer}"
    officer = Officer(entry.award_number, entry.officer)
    number = identities.find(connection, officer.key)
    if number is None:
        if not entry.paid_before:
            return False
        _check_near(connection, officer, listed, where)
        number = identified(connection, officer, NEW, stamp.columns, ())
    stated = entry.paid_before or ZERO
    change = stated - opening_of(connection, number)
    on = stamp.at.date()
    left = limit_on(connection, on) - paid_for(connection, number)
    if change > left:
        raise LedgerError(
            "ledger.roster.beyond-limit",
            f"{in_dollars(stated)} paid before does not fit the limit: {in_dollars(left)} is left of it",
            where=where,
            fix="check the amount; nothing was imported",
        )
    kind: Literal["opening", "opening_lowered"] = "opening" if change > 0 else "opening_lowered"
    enter_movement(connection, Movement(number, None, kind, abs(change), on, reason="from the roster"), stamp)
    return bool(change)


def _check_near(connection: Connection, officer: Officer, listed: set[OfficerKey], where: str) -> None:
    """Officers whom the roster lists apart are apart; another on record may be this one."""
    near = [
        match
        for match in identities.near(connection, officer)
        if OfficerKey.of(match.award_number, match.officer) not in listed
    ]
    if near:
        said = "\n".join(f"  {match}" for match in near)
        raise LedgerError(
            "ledger.roster.officer-undecided",
            f"may be an officer on record under another spelling:\n{said}\n",
            where=where,
            fix="write the name as on record; nothing was imported",
        )

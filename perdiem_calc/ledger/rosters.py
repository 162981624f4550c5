"""The roster in force: the one imported last. What it says was paid before the ledger was begun counts as paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.dated import Law
from perdiem_calc.errors import LedgerError
from perdiem_calc.history.identity import OfficerKey
from perdiem_calc.history.people import People, Person, agency_name_key
from perdiem_calc.history.records import NearMatch
from perdiem_calc.history.roster import Roster, RosterEntry
from perdiem_calc.ledger import identities
from perdiem_calc.ledger.identities import Officer, inserted
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
        _, on_record = _on_record(connection, stated)
        return RosterImport(False, len(now), 0, 0, 0, _near(stated, on_record))
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
    known, on_record = _on_record(connection, stated)
    near = _near(stated, on_record)
    limit = limit_on(connection, stamp.at.date())
    openings = 0
    for one in stated.entries:
        if one.paid_before is not None:
            _check_near(one, on_record.get(one.key, ()), now)
            openings += _opened(connection, one, known.get(one.key), limit, stamp)
    return RosterImport(True, len(now), len(now - before), len(before - now), openings, near)


def _keys_of(connection: Connection, number: int) -> set[OfficerKey]:
    query = sa.select(roster_entry.c.award_key, roster_entry.c.name_key).where(roster_entry.c.roster_id == number)
    return {OfficerKey(*row) for row in connection.execute(query)}


def _on_record(
    connection: Connection, stated: Roster
) -> tuple[dict[OfficerKey, int], dict[OfficerKey, tuple[NearMatch, ...]]]:
    """The numbers of the SROs on record, and for each officer of a roster who is none of them, who it may be."""
    known = identities.numbers(connection)
    strangers = (entry for entry in stated.entries if known and entry.key not in known)
    return known, {one.key: identities.near(connection, Officer(one.award_number, one.officer)) for one in strangers}


def _near(stated: Roster, on_record: Mapping[OfficerKey, Sequence[NearMatch]]) -> tuple[str, ...]:
    """The officers of a roster who may be one with another on it, or with one on record; each with whom, and why."""
    people, found = People[RosterEntry](), []
    for entry in stated.entries:
        person = _person(entry)
        said = f"line {entry.line}: {entry.officer}, award {entry.award_number}"
        for other, why in people.near(person):
            found.append(
                f"{said}, may be {other.officer} of line {other.line}, award {other.award_number} ({why.same})"
            )
        found += [f"{said}, may be SRO {match}" for match in on_record.get(entry.key, ())]
        people.enter(person, entry)
    return tuple(found)


def _person(entry: RosterEntry) -> Person:
    """An officer of a roster; without an agency nobody knows whether another award is the same agency's."""
    agencies = {f"award {entry.key.award}", f"agency {agency_name_key(entry.agency)}"} if entry.agency else ()
    return Person(entry.award_number, entry.officer, frozenset(agencies))


def _opened(connection: Connection, entry: RosterEntry, number: int | None, limit: Decimal, stamp: Stamp) -> bool:
    """Whether the amount paid before had to be entered, or corrected. `number` is the SRO's, None for a new one."""
    stated = entry.paid_before or ZERO
    before = counted = ZERO
    if number is not None:
        before, counted = opening_of(connection, number), paid_for(connection, number)
    change, left = stated - before, limit - counted
    if change > left:
        raise LedgerError(
            "ledger.roster.beyond-limit",
            f"{in_dollars(stated)} paid before does not fit the limit: {in_dollars(left)} is left of it",
            where=_where(entry),
            fix="check the amount; nothing was imported",
        )
    if not change:
        return False
    if number is None:
        officer = Officer(entry.award_number, entry.officer)
        number = identities.entered(connection, officer, entry.key, stamp.columns)
    kind: Literal["opening", "opening_lowered"] = "opening" if change > 0 else "opening_lowered"
    on = stamp.at.date()
    enter_movement(connection, Movement(number, None, kind, abs(change), on, reason="from the roster"), stamp)
    return True


def _where(entry: RosterEntry) -> str:
    return f"line {entry.line}: {entry.officer}"


def _check_near(entry: RosterEntry, matches: Sequence[NearMatch], listed: set[OfficerKey]) -> None:
    """Officers whom the roster lists apart are apart; another on record may be this one."""
    near = [match for match in matches if OfficerKey.of(match.award_number, match.officer) not in listed]
    if near and entry.paid_before:
        said = "\n".join(f"  {match}" for match in near)
        raise LedgerError(
            "ledger.roster.officer-undecided",
            f"may be an officer on record under another spelling:\n{said}\n",
            where=_where(entry),
            fix="write the name as on record; nothing was imported",
        )

"""Who is who in the ledger: an SRO by award number and name, other spellings a person confirmed, near matches.

The program never takes one officer for another: where a new name is close to one on record, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.claims.model import Claim
from perdiem_calc.claims.names import surname
from perdiem_calc.errors import InputError, LedgerError
from perdiem_calc.history.identity import OfficerKey, may_be
from perdiem_calc.history.people import Person, resemblance
from perdiem_calc.history.records import Chosen, NearMatch
from perdiem_calc.ledger.schema import award, sro, sro_agency, sro_alias, sro_apart

MOST_SHOWN = 20
NEW: Literal["new"] = "new"


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer as a person wrote them: award number and name, and what else is known of them."""

    award_number: str
    name: str
    agencies: frozenset[str] = field(default=frozenset(), compare=False)
    employee_ids: frozenset[str] = field(default=frozenset(), compare=False)

    @classmethod
    def of(cls, claim: Claim) -> Officer:
        """The officer of a claim."""
        person = Person.of(claim)
        return cls(person.award_number, person.officer, person.agencies, person.employee_ids)

    @property
    def person(self) -> Person:
        """The same as officers are compared."""
        return Person(self.award_number, self.name, self.agencies, self.employee_ids)

    @property
    def key(self) -> OfficerKey:
        """Their key. Raises InputError where award number or name has no letter or digit."""
        key = OfficerKey.of(self.award_number, self.name)
        if not key.award or not key.name:
            what = "award number" if not key.award else "officer's name"
            raise InputError(
                "ledger.name.unreadable",
                f"the {what} has no letter or digit",
                fix="write it as on the award documents",
            )
        return key


_FIND = sa.union_all(
    sa.select(sro.c.id)
    .join(award, award.c.id == sro.c.award_id)
    .where(award.c.award_key == sa.bindparam("award_key"), sro.c.name_key == sa.bindparam("name_key")),
    sa.select(sro_alias.c.sro_id).where(
        sro_alias.c.award_key == sa.bindparam("award_key"), sro_alias.c.name_key == sa.bindparam("name_key")
    ),
)


def find(connection: Connection, key: OfficerKey) -> int | None:
    """The number of the SRO with that key, under its first or another confirmed spelling."""
    return connection.execute(_FIND, {"award_key": key.award, "name_key": key.name}).scalar()


def numbers(connection: Connection) -> dict[OfficerKey, int]:
    """The numbers of all SROs, by the keys of their first and their confirmed spellings."""
    first = sa.select(award.c.award_key, sro.c.name_key, sro.c.id).join(award, award.c.id == sro.c.award_id)
    others = sa.select(sro_alias.c.award_key, sro_alias.c.name_key, sro_alias.c.sro_id)
    rows = connection.execute(sa.union_all(first, others))
    return {OfficerKey(award_key, name_key): int(number) for award_key, name_key, number in rows}


def spellings(connection: Connection, number: int) -> list[Officer]:
    """Every spelling of an SRO, the first recorded one first. Raises LedgerError for a number nobody has."""
    first = (
        sa.select(award.c.number, sro.c.officer).join(award, award.c.id == sro.c.award_id).where(sro.c.id == number)
    )
    others = (
        sa.select(sro_alias.c.award_number, sro_alias.c.officer)
        .where(sro_alias.c.sro_id == number)
        .order_by(sro_alias.c.id)
    )
    found = [Officer(*row) for query in (first, others) for row in connection.execute(query)]
    if not found:
        raise LedgerError(
            "ledger.officer.number-unknown",
            f"there is no SRO {number}",
            where="--sro",
            fix="take a number that `show` prints",
        )
    return found


def near(connection: Connection, officer: Officer, number: int | None = None) -> tuple[NearMatch, ...]:
    """The SROs who may be an officer; each once, the likeliest first.

    `number` is that of an officer on record. Names count only for one who is not, since they were compared when the
    officer was entered; and nobody is named of whom a person decided that they are another.
    """
    person = officer.person
    if not person.key.award or not person.key.name:
        return ()
    others = _candidates(connection, person)
    known_apart = apart(connection, number) | {number} if number is not None else set()
    found: list[NearMatch] = []
    for other, spelled in others.items():
        alike = [like for one in spelled if (like := resemblance(person, one, by_name=number is None))]
        if alike and other not in known_apart:
            first, why = spelled[0], alike[0]
            found.append(NearMatch(other, first.award_number, first.officer, why.same, differs=why.differs))
    return tuple(sorted(found, key=_likeliest)[:MOST_SHOWN])


def _likeliest(match: NearMatch) -> tuple[bool, bool, int]:
    return "employee id" not in match.why, not match.why.startswith("same award"), match.sro


@cache
def _candidates_query() -> sa.CompoundSelect[Any]:
    """Who shares the award, the name, the surname or the agency with an officer."""
    recorded = sa.select(sro.c.id, award.c.number, sro.c.officer).join(award, award.c.id == sro.c.award_id)
    also = sa.select(sro_alias.c.sro_id, sro_alias.c.award_number, sro_alias.c.officer)
    by_award: sa.BindParameter[str] = sa.bindparam("award_key")
    by_name: sa.BindParameter[str] = sa.bindparam("name_key")
    same_agency = sa.select(sro_agency.c.sro_id).where(
        sro_agency.c.agency_key.in_(sa.bindparam("agencies", expanding=True))
    )
    # One query each: with OR every SRO would be looked at.
    return sa.union(
        recorded.where(award.c.award_key == by_award),
        recorded.where(sro.c.name_key == by_name),
        recorded.where(sro.c.surname == sa.bindparam("surname")),
        recorded.where(sro.c.id.in_(same_agency)),
        also.where(sro_alias.c.award_key == by_award),
        also.where(sro_alias.c.name_key == by_name),
        also.where(sro_alias.c.sro_id.in_(same_agency)),
    )


def _candidates(connection: Connection, person: Person) -> dict[int, list[Person]]:
    """The SROs with whom an officer is compared, each under every spelling that comes into question."""
    key = person.key
    wanted = {"award_key": key.award, "name_key": key.name, "surname": surname(key.name)}
    rows = list(connection.execute(_candidates_query(), {**wanted, "agencies": sorted(person.agencies)}))
    facts = _facts(connection, sorted({int(row[0]) for row in rows}))
    found: dict[int, list[Person]] = {}
    for number, award_number, officer in sorted(rows):
        agencies, ids = facts.get(number, (frozenset(), frozenset()))
        found.setdefault(number, []).append(Person(award_number, officer, agencies, ids))
    return found


_FACTS = sa.select(sro_agency.c.sro_id, sro_agency.c.agency_key, sro_agency.c.employee_key).where(
    sro_agency.c.sro_id.in_(sa.bindparam("numbers", expanding=True))
)


def _facts(connection: Connection, numbers: list[int]) -> dict[int, tuple[frozenset[str], frozenset[str]]]:
    """The agencies and the employee ids of SROs."""
    agencies: dict[int, set[str]] = {}
    ids: dict[int, set[str]] = {}
    for number, agency, employee in connection.execute(_FACTS, {"numbers": numbers}) if numbers else ():
        agencies.setdefault(number, set()).add(agency)
        ids.setdefault(number, set()).update({employee} - {""})
    return {number: (frozenset(agencies[number]), frozenset(ids[number])) for number in agencies}


def remember(connection: Connection, number: int, person: Person, columns: Mapping[str, Any]) -> None:
    """Enter the agencies of an SRO, and the employee id there, that are not entered yet."""
    there = {(row.agency_key, row.employee_key) for row in connection.execute(_FACTS, {"numbers": [number]})}
    stated = {(agency, one) for agency in person.agencies for one in (person.employee_ids or {""})}
    rows = [
        {"sro_id": number, "agency_key": agency, "employee_key": one, **columns}
        for agency, one in sorted(stated - there)
    ]
    if rows:
        connection.execute(sro_agency.insert(), rows)


def apart(connection: Connection, number: int) -> set[int]:
    """The SROs of whom a person decided that they are others than one."""
    query = sa.select(sro_apart.c.sro_id, sro_apart.c.other_id).where(
        sa.or_(sro_apart.c.sro_id == number, sro_apart.c.other_id == number)
    )
    return {int(one) for row in connection.execute(query) for one in row} - {number}


def _set_apart(connection: Connection, number: int, others: Iterable[int], columns: Mapping[str, Any]) -> None:
    for other in sorted(set(others) - apart(connection, number) - {number, 0}):
        pair = {"sro_id": min(number, other), "other_id": max(number, other)}
        connection.execute(sro_apart.insert(), {**pair, **columns})


def decided(connection: Connection, officer: Officer, chosen: Chosen, matches: Iterable[NearMatch]) -> int | None:
    """The number of the SRO whom a person chose; None for one who is not on record.

    `matches` are those whom the officer may be. Raises LedgerError where what the person said contradicts the ledger.
    """
    number = find(connection, officer.key)
    if not isinstance(chosen, int):
        return number
    if number is None:
        _check_may_be(connection, officer, chosen, matches)
    elif chosen != number:
        raise LedgerError(
            "ledger.officer.known-by-another-number",
            f"{officer.name} of award {officer.award_number} is SRO {number}, not {chosen}",
            where="--sro",
            fix=f"leave --sro out, or give {number}; where both are one person, return the claim",
        )
    return chosen


def identified(
    connection: Connection, officer: Officer, chosen: Chosen, columns: Mapping[str, Any], matches: Iterable[NearMatch]
) -> int:
    """The SRO's number: one on record, a confirmed spelling of one, or a new one, which is entered.

    `matches` are those whom the officer may be, where more is known than the officer says. Whom a person decided the
    officer is not is remembered. Raises LedgerError, listing the near matches, where a person must decide and has
    not; and where what the person said contradicts the ledger.
    """
    key = officer.key
    near_ones = tuple(matches)
    if near_ones and chosen is None:
        raise undecided(officer, near_ones)
    number = decided(connection, officer, chosen, near_ones)
    if number is None:
        number = entered(connection, officer, key, columns)
    elif find(connection, key) is None:
        alias = {"award_key": key.award, "name_key": key.name, "officer": officer.name}
        entry = {"sro_id": number, "award_number": officer.award_number, **alias, **columns}
        connection.execute(sro_alias.insert(), entry)
    _set_apart(connection, number, (match.sro for match in near_ones), columns)
    return number


def undecided(officer: Officer, matches: Iterable[NearMatch]) -> LedgerError:
    """That a person must decide who an officer is before anything is recorded."""
    listed = "\n".join(f"  {match}" for match in matches)
    return LedgerError(
        "ledger.officer.undecided",
        f"{officer.name} of award {officer.award_number} may be one known already; a person decides:\n{listed}",
        where="officer.name",
        fix="say --sro NUMBER for the same officer, --new-sro for another",
    )


def _check_may_be(connection: Connection, officer: Officer, chosen: int, matches: Iterable[NearMatch]) -> None:
    """Whether an officer may be the SRO that a person chose: a slip of the number would join two people for good."""
    known = spellings(connection, chosen)
    is_near = any(match.sro == chosen for match in matches)
    if not is_near and not any(may_be(officer.key, one.key) for one in known):
        raise LedgerError(
            "ledger.officer.not-alike",
            f"{officer.name} of award {officer.award_number} is not like SRO {chosen}, {known[0].name} of award "
            f"{known[0].award_number}",
            where="--sro",
            fix="check the number; --new-sro where the officer is none on record",
        )


def entered(connection: Connection, officer: Officer, key: OfficerKey, columns: Mapping[str, Any]) -> int:
    """The number of a new SRO, who is entered; and the award with them where it is new."""
    award_id = connection.execute(sa.select(award.c.id).where(award.c.award_key == key.award)).scalar()
    if award_id is None:
        entry = {"number": officer.award_number, "award_key": key.award, **columns}
        award_id = inserted(connection, award, entry)
    entry = {"award_id": award_id, "officer": officer.name, "name_key": key.name, "surname": surname(key.name)}
    return inserted(connection, sro, {**entry, **columns})


def inserted(connection: Connection, table: sa.Table, entry: Mapping[str, Any]) -> int:
    """The id of a new entry."""
    return int(connection.execute(table.insert().returning(table.c.id), dict(entry)).scalar_one())

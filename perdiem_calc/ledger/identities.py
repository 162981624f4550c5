"""Who is who in the ledger: an SRO by award number and name, other spellings a person confirmed, near matches.

The program never takes one officer for another: where a new name is close to one on record, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from perdiem_calc.errors import InputError, LedgerError
from perdiem_calc.identity import SroKey, likeness, may_be, surname
from perdiem_calc.known import Chosen, NearMatch
from perdiem_calc.ledger.schema import award, sro, sro_alias

MOST_SHOWN = 20
NEW: Literal["new"] = "new"


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer as somebody wrote them: award number and name."""

    award_number: str
    name: str

    @property
    def key(self) -> SroKey:
        """Their key. Raises InputError where award number or name has no letter or digit."""
        key = SroKey.of(self.award_number, self.name)
        if not key.award or not key.name:
            what = "award number" if not key.award else "officer's name"
            raise InputError(f"the {what} has no letter or digit", mend="write it as on the award documents")
        return key


_FIND = sa.union_all(
    sa.select(sro.c.id)
    .join(award, award.c.id == sro.c.award_id)
    .where(award.c.award_key == sa.bindparam("award_key"), sro.c.name_key == sa.bindparam("name_key")),
    sa.select(sro_alias.c.sro_id).where(
        sro_alias.c.award_key == sa.bindparam("award_key"), sro_alias.c.name_key == sa.bindparam("name_key")
    ),
)


def find(connection: Connection, key: SroKey) -> int | None:
    """The number of the SRO with that key, under its first or another confirmed spelling."""
    return connection.execute(_FIND, {"award_key": key.award, "name_key": key.name}).scalar()


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
        raise LedgerError(f"there is no SRO {number}", where="--sro", mend="take a number that `show` prints")
    return found


def near(connection: Connection, key: SroKey) -> tuple[NearMatch, ...]:
    """The SROs who may be the one with that key; each once, the likeliest first."""
    recorded = sa.select(
        sro.c.id, award.c.number, sro.c.officer, award.c.award_key, sro.c.name_key
    ).join(award, award.c.id == sro.c.award_id)  # fmt: skip
    also = sa.select(
        sro_alias.c.sro_id, sro_alias.c.award_number, sro_alias.c.officer, sro_alias.c.award_key, sro_alias.c.name_key
    )
    candidates = sa.union_all(
        recorded.where(award.c.award_key == key.award),
        recorded.where(sro.c.name_key == key.name),
        recorded.where(sro.c.surname == surname(key.name)),
        also.where(sa.or_(sro_alias.c.award_key == key.award, sro_alias.c.name_key == key.name)),
    )
    found: dict[int, NearMatch] = {}
    for number, award_number, officer, award_key, name_key in connection.execute(candidates):
        why = likeness(key, SroKey(award_key, name_key))
        if why and number not in found:
            found[number] = NearMatch(number, award_number, officer, why)
    return tuple(sorted(found.values(), key=lambda match: (match.why[:10], match.sro))[:MOST_SHOWN])


def decided(connection: Connection, officer: Officer, chosen: Chosen) -> int | None:
    """The number of the SRO whom a person chose; None for one who is not on record.

    Raises LedgerError where what the person said contradicts the ledger.
    """
    found = find(connection, officer.key)
    if not isinstance(chosen, int):
        return found
    if found is None:
        _check_may_be(connection, officer, chosen)
    elif chosen != found:
        raise LedgerError(
            f"{officer.name} of award {officer.award_number} is SRO {found}, not {chosen}",
            where="--sro",
            mend=f"leave --sro out, or give {found}",
        )
    return chosen


def identified(connection: Connection, officer: Officer, chosen: Chosen, columns: Mapping[str, Any]) -> int:
    """The SRO's number: one on record, a confirmed spelling of one, or a new one, which is entered.

    Raises LedgerError, listing the near matches, where a person must decide and has not; and where what the person
    said contradicts the ledger.
    """
    key = officer.key
    number = decided(connection, officer, chosen)
    if number is not None:
        if find(connection, key) is None:
            alias = {"award_key": key.award, "name_key": key.name, "officer": officer.name}
            entry = {"sro_id": number, "award_number": officer.award_number, **alias, **columns}
            connection.execute(sro_alias.insert(), entry)
        return number
    matches = near(connection, key) if chosen is None else ()
    if matches:
        raise undecided(officer, matches)
    return _entered(connection, officer, key, columns)


def undecided(officer: Officer, matches: Iterable[NearMatch]) -> LedgerError:
    """That a person must decide who an officer is before anything is recorded."""
    listed = "\n".join(f"  {match}" for match in matches)
    return LedgerError(
        f"{officer.name} of award {officer.award_number} may be an officer on record; a person decides:\n{listed}",
        where="officer.name",
        mend="say --sro NUMBER for the same officer, --new-sro for another",
    )


def _check_may_be(connection: Connection, officer: Officer, chosen: int) -> None:
    """Whether an officer may be the SRO that a person chose: a slip of the number would join two people for good."""
    known = spellings(connection, chosen)
    if not any(may_be(officer.key, one.key) for one in known):
        raise LedgerError(
            f"{officer.name} of award {officer.award_number} is not like SRO {chosen}, {known[0].name} of award "
            f"{known[0].award_number}",
            where="--sro",
            mend="check the number; --new-sro where the officer is none on record",
        )


def _entered(connection: Connection, officer: Officer, key: SroKey, columns: Mapping[str, Any]) -> int:
    award_id = connection.execute(sa.select(award.c.id).where(award.c.award_key == key.award)).scalar()
    if award_id is None:
        entry = {"number": officer.award_number, "award_key": key.award, **columns}
        award_id = inserted(connection, award, entry)
    entry = {"award_id": award_id, "officer": officer.name, "name_key": key.name, "surname": surname(key.name)}
    return inserted(connection, sro, {**entry, **columns})


def inserted(connection: Connection, table: sa.Table, entry: Mapping[str, Any]) -> int:
    """The id of a new entry."""
    return int(connection.execute(table.insert().returning(table.c.id), dict(entry)).scalar_one())
